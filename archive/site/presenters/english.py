"""English as United Nations documents write it: places in a document, dates, ordinals, names of resolutions.

For citations in English, whatever the language of the page, and for pages that are read in English.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from archive.store.addresses.locations import Form, Location
from archive.text.numerals import LATIN_OF_INSERTED, roman_of
from archive.text.pinpoints.anchors import PART, numbered_as
from archive.text.reference import FIXTURES
from archive.text.shapes import read_part_label

ENGLISH: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
MONTHS: list[str] = ENGLISH["months"]
ORDINALS: list[str] = ENGLISH["ordinals"]


def english_date(date: dt.date) -> str:
    """Formats a date as ``29 January 2010``, whatever the machine's language."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def ordinal(number: int) -> str:
    """Formats an ordinal: ``74th``, ``3rd``, ``112th``."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def ordinal_in_words(number: int) -> str:
    """Writes an ordinal: ``eleventh``; above twenty in figures, ``21st``."""
    return ORDINALS[number - 1] if number <= len(ORDINALS) else ordinal(number)


# States, resolutions and decisions in a sentence.

WITH_ARTICLE = re.compile(
    r"(Republic|Federation|Kingdom|States|Islands|Emirates)\b"
    r"|^(State of|United|Netherlands|Philippines|Sudan|Gambia|Bahamas|Comoros)\b"
    r"|^(Maldives|Niger|Congo|Holy See)\b"
)
NUMBERED = re.compile(r"(?P<owner>S/|A/HRC/|A/|E/)(?P<kind>RES|DEC)/(?P<number>.+)")


def country(english: str) -> str:
    """Names a State in a sentence: ``the Islamic Republic of Iran`` for ``Iran (Islamic Republic of)``."""
    if match := re.fullmatch(r"(.+) \((.+) of\)", english):
        return f"the {match[2]} of {match[1]}"
    return f"the {english}" if WITH_ARTICLE.search(english) else english


@cache
def _names() -> dict[str, str]:
    """English names of bodies and States by each of their Chinese ones, as the reference data came."""
    files = ((FIXTURES / file).read_text("utf-8") for file in ("bodies.json", "states.json"))
    rows = [record["fields"] for file in files for record in json.loads(file) if record["fields"]["english"]]
    named = (((*row["aliases"], row.get("official_name"), row["name"]), row["english"]) for row in rows)
    return {chinese: english for names, english in named for chinese in names if chinese}


def named_in_english(chinese: str) -> str:
    """Returns the English name of a State or body; the Chinese one where no other is known.

    >>> named_in_english("古巴"), named_in_english("安理会"), named_in_english("某机构")
    ('Cuba', 'Security Council', '某机构')
    """
    return _names().get(chinese, chinese)


def person_in_english(name: str, honorific: str) -> str:
    """Returns a person as English meeting records print them, ``Mr. Borreda``; empty for a Chinese name."""
    title = ENGLISH["honorifics"].get(honorific)
    return f"{title} {name}" if title and max(name) < "⺀" else ""


def spoken_english(symbol: str) -> str:
    """Returns ``Security Council resolution 1540 (2004)``; the symbol itself where it has no such name."""
    match = NUMBERED.fullmatch(symbol)
    if not match:
        return symbol
    kind = "resolution" if match["kind"] == "RES" else "decision"
    return f"{ENGLISH['organs'][match['owner']]} {kind} {spaced(match['number'])}"


def spaced(number: str) -> str:
    """Puts a space before brackets, as English texts do: ``1540 (2004)``, ``3 (a) (i)``."""
    return re.sub(r"(?<=[\d)])\(", " (", number)


# Places in a document.

PLURALS: dict[str, str] = ENGLISH["plurals"]
RANGED = re.compile(r"(?P<where>.*?)(?P<unit>unnumbered para\.|para\.) (?P<number>[^,“”]+)")


def place_in_english(location: Location) -> str:
    """Words a location as UN documents do: ``annex II, para. 3 (a)``, ``second preambular paragraph``.

    Headings stay as the document has them.
    """
    labels = re.split(r"(?<=.)(?=附件|附文|附录|增补)", location.label) if location.label else []
    outer = [english_part(label) for label in labels] or parts_in_english(location.part)
    outer += [f"sect. {_section(label)}" for label in filter(None, location.sections.split("."))]
    if location.submitter:
        outer.append(f"reply of {country(named_in_english(location.submitter))}")
    elif location.form is Form.ROW:
        outer.append(f"“{location.heading}”" if location.heading else f"unnumbered table {location.table}")
    elif location.heading and location.form is not Form.HEADING:
        outer.append(f"under “{location.heading}”")
    outer += [f"{ordinal_in_words(int(count))} heading" for count in filter(None, location.count.split("."))]
    again = f" ({ordinal_in_words(int(location.again))} so numbered)" if location.again else ""
    return ", ".join(filter(None, (*outer, _own(location)))) + again


def _own(location: Location) -> str:
    """Names the block itself, without what stands around it."""
    number = spaced(re.sub("之[二三四五六]", lambda sub: f" {LATIN_OF_INSERTED[sub[0]]}", location.number))
    match location.form:
        case Form.PREAMBULAR:
            return f"{ordinal_in_words(int(number))} preambular paragraph"
        case Form.HEADING if number:
            return f"heading {number}"
        case Form.HEADING:
            return f"heading “{location.heading}”" if location.heading else ""
        case Form.UNKNOWN:
            return f"paragraph “{location.number}”"
        case Form.PART:
            return ""
    return f"{UNITS[location.form]} {number}".strip()


UNITS = {
    Form.PARAGRAPH: "para.",
    Form.ITEM: "item",
    Form.FOOTNOTE: "footnote",
    Form.ROW: "row",
    Form.SIGNATURE: "signature",
    Form.UNNUMBERED: "unnumbered para.",
    Form.UNCOUNTED: "unnumbered para.",
    Form.TITLE: "title",
}


def english_part(label: str) -> str:
    """Names a part by its printed label: ``annex II`` for 附件二, ``annex B`` for 附件B."""
    read = read_part_label(label)
    if not read:
        return label
    letter = re.search("[A-HJ-UWYZ]$", label)
    number = letter[0] if letter else roman_of(read.number).upper() if read.number else ""
    return f"{read.kind} {number}".rstrip()


def parts_in_english(part: str) -> list[str]:
    """Names the parts that an anchor begins with, outermost first: ``annex2.enclosure``."""
    found: list[str] = []
    for label in numbered_as(part).split(".") if PART.fullmatch(part) else ():
        kind = label.rstrip("0123456789")
        number = label.removeprefix(kind)
        if found and found[-1].partition(" ")[0] == kind:
            found.pop()
        found.append(f"{kind} {roman_of(int(number)).upper()}" if number else kind)
    return found


def _section(label: str) -> str:
    own = label.removeprefix("s")
    return roman_of(int(own)).upper() if own.isdecimal() else own.upper()


def plural(unit: str) -> str:
    """Returns the unit of several: ``paras.``."""
    return PLURALS.get(unit, f"{unit}s")


def ending_of_range(number: str, until: str) -> str:
    """Returns the end of a range without the number shared with its beginning: ``(c)`` after ``3 (a)``."""
    head, space, _rest = number.rpartition(" ")
    return until.removeprefix(head + space) if head else until


def range_in_english(first: str, last: str) -> str:
    """Names the range between two places.

    >>> range_in_english("annex, para. 14", "annex, para. 16"), range_in_english("para. 3 (a)", "para. 3 (c)")
    ('annex, paras. 14–16', 'paras. 3 (a)–(c)')
    >>> range_in_english("title", "annex, footnote 2")
    'title to annex, footnote 2'
    """
    start, end = RANGED.fullmatch(first), RANGED.fullmatch(last)
    if start and end and start.group("where", "unit") == end.group("where", "unit"):
        numbers = f"{start['number']}–{ending_of_range(start['number'], end['number'])}"
        return f"{start['where']}{plural(start['unit'])} {numbers}"
    return f"{first} to {last}"


# Quotation marks inside quotation marks: they take turns, “…‘…’…”, in English styles as in Chinese.

OPENING, CLOSING = "“‘", "”’"


def inside(text: str, outer: str = "“") -> str:
    """Converts the quotation marks in ``text`` for use between marks of the kind ``outer``.

    A closing mark that closes nothing is an apostrophe, or belongs to words that were cut off, and stays.

    >>> inside("关于“执行‘决议’”的信"), inside("‘甲’", outer="‘")
    ('关于‘执行“决议”’的信', '“甲”')
    """
    first = OPENING.index(outer) + 1
    open_marks: list[str] = []
    written: list[str] = []
    for sign in text:
        if sign in OPENING:
            written.append(OPENING[(first + len(open_marks)) % 2])
            open_marks.append(sign)
        elif open_marks and sign in CLOSING and CLOSING.index(sign) == OPENING.index(open_marks[-1]):
            open_marks.pop()
            written.append(CLOSING[(first + len(open_marks)) % 2])
        else:
            written.append(sign)
    return "".join(written)
