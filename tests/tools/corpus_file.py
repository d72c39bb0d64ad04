"""Writes files in the shape of the corpus CR-UNSC, traps included: ten invented resolutions with the
structure of the 1540 family (symbols, dates, numbers of operative paragraphs and items), in words of our own.

``python -m tests.tools.corpus_file FOLDER [MEGABYTES]`` writes the table and the archive of texts into a
folder; with a size, the table has that much in other rows before them.
"""

from __future__ import annotations

import calendar
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.tables import rows_from

VERSION = "2024-05-19"
TABLE, TEXTS = f"CR-UNSC_{VERSION}_ALL_CSV_FULL.csv", f"CR-UNSC_{VERSION}_ALL_TXT.zip"

COLUMNS = re.findall(
    r"\w+",
    """
    body call_number committee_report date doc_id doctype draft meeting_no meeting_record related_resource
    res_no symbol year nchars npages nsentences ntokens ntypes text text_ar text_draft text_es text_fr
    text_meeting text_ru text_zh agenda_information aggression chapter6 chapter7 chapter8 contains
    human_rights notes other_titles peace_breach peace_threat self_defence series subjects summary title
    topic vote_abstention vote_date vote_detail vote_no vote_nonvote vote_summary vote_total vote_yes
    iso_alpha3 iso_name m49_countrycode m49_region m49_region_intermediate m49_region_sub
    url_record url_record_draft url_record_meeting url_res_ar url_res_en url_res_es url_res_fr url_res_ru
    url_res_zh url_draft_ar url_draft_en url_draft_es url_draft_fr url_draft_ru url_draft_zh url_meeting_ar
    url_meeting_en url_meeting_es url_meeting_fr url_meeting_ru url_meeting_zh
    doi_concept doi_version license version
    """,
)

# number: adopted on, meeting, catalogue record, how many operative paragraphs, items of some of them, the one
# that extends the mandate and until when, headings before some.
FAMILY = rows_from(__name__, "FAMILY")
_CALLS = ("促请各国", "吁请各国", "鼓励各国", "请1540委员会", "敦促各国", "又促请各国", "再次吁请各国")
_DEEDS = tuple(rows_from(__name__, "_DEEDS"))


def symbol_of(number: int) -> str:
    """``S/RES/1540(2004)`` of a member of the family."""
    return f"S/RES/{number}({FAMILY[number][0][:4]})"


def operative(number: int) -> dict[str, str]:
    """Anchor → words of the operative paragraphs and their items, as they must come out."""
    count, items, (extending, until) = FAMILY[number][3:6]
    if count == 1:
        return {"u3": f"请秘书长将第1977(2011)号决议第5(a)段所述专家组增至{number - 2046}人，并说明其分工。"}
    blocks = {}
    for at in range(1, count + 1):
        words = f"{_CALLS[(at + number) % 7]}{_DEEDS[(at * 3 + number) % 8]}"
        if at == 1 and number > 1540:
            words = "重申第1540(2004)号决议第3(a)段和第8段所作的决定，强调各国都须逐条执行"
        elif at == extending and number == 1540:
            words = f"决定设立一个由安理会全体成员组成的委员会，任期至{until}为止，并请它在期满前提出报告"
        elif at == extending:
            words = f"决定将1540委员会的任期延长至{until}为止，并请它在期满前提出报告"
        elif at == count:
            words = "决定继续处理此案"
        elif number == 2663 and at == 5:
            words = "注意到根据第2325(2016)号决议第12段进行的审查（mid-2024 review），并请委员会据以拟订计划"
        blocks[f"{at}"] = f"{words}{'：' if at in items else '。' if at == count else '；'}"
        for item in range(items.get(at, 0)):
            words = _DEEDS[(at + item + number) % 8]
            blocks[f"{at}.{'abcdef'[item]}"] = f"其中第{'一二三四五六'[item]}项，{words}；"
    return blocks


def layer(number: int) -> str:
    """The Chinese text layer: masthead in columns, indents, wrapped lines, a foot with bar code."""
    date, meeting, _record, _count, _items, _extends, headings = FAMILY[number]
    symbol, (year, month, day) = symbol_of(number).replace("(", " ("), (int(part) for part in date.split("-"))
    job = f"{year % 100:02}-{number}9 (C)"
    at = f"第 {meeting} 次会议" if meeting else ""
    blocks = ["安全理事会，", "回顾其 2004 年 4 月 28 日第 1540(2004)号决议，", "认识到门窗不牢则库房不安，"]
    for anchor, words in operative(number).items():
        if anchor.isdecimal() and int(anchor) in headings:
            blocks.append(f"\n      {headings[int(anchor)]}")
        mark = f"({anchor[-1]}) " if "." in anchor else f"{anchor}. " if anchor.isdecimal() else ""
        blocks.append(mark + _spaced(words))
    lines = [
        f"联合国                                              {symbol}",
        "",
        "安全理事会                                          Distr.: General",
        f"                                                    {day} {calendar.month_name[month]} {year}",
        "",
        f"           第 {number}({year})号决议",
        "",
        f"           {year} 年 {month} 月 {day} 日安全理事会{at}通过",
        "",
    ]
    for block in "\n\n".join(blocks).split("\n\n"):
        lines += [*_wrapped(block), ""]
    pages = [lines[:30], *(lines[first : first + 40] for first in range(30, len(lines), 40))]
    told = []
    for page, body in enumerate(pages, start=1):
        head = [] if page == 1 else ["" if page % 2 else symbol, symbol.rjust(60) if page % 2 else "", ""]
        foot = [job, f"*{job[:2]}{job[3:8]}*"] if page == 1 else [f"{page}/{len(pages)}{job[:8]:>50}"]
        told.append("\n".join([*head, *body, "", *foot]))
    return "\n\f".join(told) + "\n"


def _spaced(words: str) -> str:
    return re.sub(r"(?<=[一-鿿])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[一-鿿])", " ", words)


def _wrapped(block: str) -> Iterator[str]:
    if block.startswith("\n"):
        yield block.strip("\n")
        return
    line = "    "
    for piece in re.findall(r"[!-~]+ ?|.", block):
        if _width(line) + _width(piece) > 76 and piece not in "，；。：、":
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    yield line


def _width(text: str) -> int:
    return sum(1 + (char > "\u2e7f") for char in text)


def without_hyphens(text: str) -> str:
    """What the corpus's last rule of removing hyphens does: it takes the figures behind them along."""
    return re.sub(r"(?<=[a-z])-\d* ?(?=[a-z])", "", text)


def row(number: int, **changes: str | None) -> dict[str, str | None]:
    """A row of the table; None is missing (``NA``)."""
    date, meeting, record, *_ = FAMILY[number]
    symbol, year = symbol_of(number), date[:4]
    library = f"https://digitallibrary.un.org/record/{record}"
    known: dict[str, str | None] = {
        "body": "S",
        "doctype": "RES",
        "symbol": symbol,
        "res_no": f"{number}",
        "year": year,
        "date": date,
        "doc_id": f"S_RES_{number}_{year}_EN.txt",
        "meeting_no": str(meeting) if meeting else None,
        "meeting_record": f"S/PV.{meeting}" if meeting else None,
        "draft": f"S/{year}/{number}",
        "title": f"Security Council resolution {number} ({year}) [on “doors, keys and stores”]",
        "subjects": "DOORS|STORES > KEYS",
        "iso_alpha3": "",
        "aggression": "FALSE",
        "chapter7": "TRUE",
        "vote_yes": "15",
        "vote_no": "0",
        "vote_abstention": "0",
        "vote_nonvote": "0",
        "vote_total": "15",
        "vote_detail": 'ALGERIA,\nANGOLA,\n"BENIN"',
        "text": "The Security Council,\nRecalling its midreview,\n1. Decides to go on.\n",
        "text_zh": without_hyphens(layer(number)),
        "text_meeting": "The meeting was called to order. " * 4500,
        "url_record": library,
        "url_res_zh": f"{library}/files/S_RES_{number}%28{year}%29-ZH.pdf",
        "url_record_draft": f"{library}1",
        "url_record_meeting": f"{library}2|{library}3",
        "doi_concept": "10.5281/zenodo.7319780",
        "doi_version": "10.5281/zenodo.11212056",
        "license": "Creative Commons Zero 1.0 Universal",
        "version": VERSION,
    }
    return {**dict.fromkeys(COLUMNS), **known, **changes}


def family() -> list[dict[str, str | None]]:
    """The ten rows, with and without a blank before the year."""
    return [row(at, symbol=symbol_of(at).replace("(", " (")) if at % 2 else row(at) for at in FAMILY]


def other_rows(characters: int) -> Iterator[dict[str, str | None]]:
    """Rows of other resolutions with so much text in all."""
    for number in range(901, 901 + max(1, characters // 100_000)):
        words = f"Paragraph {number} of a meeting that went on and on.\n" * 1800
        yield row(1540, symbol=f"S/RES/{number} (1994)", res_no=str(number), text_zh=None, text_meeting=words)


def as_csv(rows: Iterable[dict[str, str | None]], columns: Iterable[str] = COLUMNS) -> Iterator[str]:
    """The lines as ``fwrite(na = "NA")`` writes them."""
    columns = list(columns)
    yield ",".join(columns) + "\n"
    for one in rows:
        yield ",".join(_field(one.get(name)) for name in columns) + "\n"


def _field(value: str | None) -> str:
    if value is None:
        return "NA"
    return '"' + value.replace('"', '""') + '"' if not value or set(value) & set(',"\n\r') else value


def write_table(path: Path, rows: Iterable[dict[str, str | None]], columns: Iterable[str] = COLUMNS) -> Path:
    """The table, in a ZIP where ``path`` is one."""
    if path.suffix != ".zip":
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(as_csv(rows, columns))
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(TABLE, "w") as file:
        for line in as_csv(rows, columns):
            file.write(line.encode())
    return path


def write_texts(path: Path, layers: dict[str, str]) -> Path:
    """The archive of texts: path in it → text."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in layers.items():
            packed.writestr(name, text)
    return path


def member(number: int) -> str:
    """Where the archive of texts has the Chinese layer."""
    return f"files/txt_res_zh/S_RES_{number:04}_{FAMILY[number][0][:4]}_ZH.txt"


if __name__ == "__main__":
    folder, megabytes = Path(sys.argv[1]), int((*sys.argv[2:], "0")[0])
    others = other_rows(megabytes * 1_000_000) if megabytes else iter(())
    write_table(folder / f"{TABLE[:-4]}.zip", (one for rows in (others, family()) for one in rows))
    write_texts(folder / TEXTS, {member(number): layer(number) for number in FAMILY})
