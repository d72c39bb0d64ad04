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

# number: adopted on, meeting, catalogue record, how many operative paragraphs, items of some of them, the one
# that extends the mandate and until when, headings before some.
FAMILY = rows_from(__name__, "FAMILY")
COLUMNS = rows_from(__name__, "COLUMNS")
WORDS = rows_from(__name__, "WORDS")
"""The sentences of the ten in each language."""


def symbol_of(number: int) -> str:
    """``S/RES/1540(2004)`` of a member of the family."""
    return f"S/RES/{number}({FAMILY[number][0][:4]})"


def operative(number: int, language: str = "zh") -> dict[str, str]:
    """Anchor → words of the operative paragraphs and their items, as they must come out."""
    count, items, (extending, until) = FAMILY[number][3:6]
    told = WORDS[language]
    calls, deeds, stops = told["calls"], told["deeds"], told["stops"]
    if count == 1:
        return {"u3": told["only"].format(number - 2046)}
    blocks = {}
    for at in range(1, count + 1):
        words = calls[(at + number) % 7] + deeds[(at * 3 + number) % 8]
        if at == 1 and number > 1540:
            words = told["reaffirms"]
        elif at == extending:
            words = told["establishes" if number == 1540 else "extends"].format(_day(until, language))
        elif at == count:
            words = told["seized"]
        elif number == 2663 and at == 5:
            words = told["notes"]
        blocks[f"{at}"] = words + stops[0 if at in items else 2 if at == count else 1]
        for item in range(items.get(at, 0)):
            words = told["item"].format(told["ordinals"][item], deeds[(at + item + number) % 8])
            blocks[f"{at}.{'abcdef'[item]}"] = words + stops[1]
    return blocks


def _day(date: str, language: str) -> str:
    year, month, day = (int(part) for part in date.split("-"))
    named = {"year": year, "month": month, "day": day, "name": calendar.month_name[month]}
    return WORDS[language]["day"].format(**named)


def layer(number: int, language: str = "zh") -> str:
    """The text layer: masthead in columns, indents, wrapped lines, a foot with bar code."""
    date, meeting, _record, _count, _items, _extends, headings = FAMILY[number]
    told, symbol, year = WORDS[language], symbol_of(number).replace("(", " ("), int(date[:4])
    job = f"{year % 100:02}-{number}9 ({told['mark']})"
    at = told["meeting"].format(meeting) if meeting else ""
    blocks = [*told["preamble"]]
    for anchor, words in operative(number, language).items():
        if anchor.isdecimal() and int(anchor) in headings:
            blocks.append(f"\n      {told['headings'][headings[int(anchor)]]}")
        mark = f"({anchor[-1]}) " if "." in anchor else f"{anchor}. " if anchor.isdecimal() else ""
        blocks.append(mark + _spaced(words))
    organization, organ = told["masthead"]
    columns = [(organization, symbol), ("", ""), (organ, "Distr.: General"), ("", _day(date, "en"))]
    lines = [
        *(f"{left}{right:>{len(right) + 52 - _width(left)}}".rstrip() for left, right in columns),
        "",
        f"           {told['title'].format(number, year)}",
        "",
        f"           {told['adopted'].format(_spaced(_day(date, language)), at)}",
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
        if _width(line) + _width(piece.rstrip()) > 76 and piece not in "，；。：、":
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
        "text": without_hyphens(layer(number, "en")),
        "text_zh": without_hyphens(layer(number)),
        "text_meeting": "The meeting was called to order. " * 4500,
        "url_record": library,
        "url_res_zh": f"{library}/files/S_RES_{number}%28{year}%29-ZH.pdf",
        "url_res_en": f"{library}/files/S_RES_{number}%28{year}%29-EN.pdf",
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


def member(number: int, language: str = "zh") -> str:
    """Where the archive of texts has the layer of a language."""
    name = f"S_RES_{number:04}_{FAMILY[number][0][:4]}_{language.upper()}.txt"
    return f"files/txt_res_{language}/{name}"


def layers() -> dict[str, str]:
    """The ten in all languages, as in the archive of texts."""
    return {member(number, one): layer(number, one) for number in FAMILY for one in WORDS}


if __name__ == "__main__":
    folder, megabytes = Path(sys.argv[1]), int((*sys.argv[2:], "0")[0])
    others = other_rows(megabytes * 1_000_000) if megabytes else iter(())
    write_table(folder / f"{TABLE[:-4]}.zip", (one for rows in (others, family()) for one in rows))
    write_texts(folder / TEXTS, layers())
