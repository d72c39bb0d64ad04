"""Pinpoints: the place of a paragraph in its document, as UN documents cite it, in Chinese and English.

Paragraphs, not pages, are cited, and numbers are the same in all languages (instructions to authors of UN
documents). Annexes bear roman numerals in English. Preambular paragraphs are counted: ``eleventh preambular
paragraph``. Where no number is printed, the section, the reply or the heading is named, the blocks below it
are counted, and the words say that the number is not the document's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from archive.models import Paragraph
from archive.site.presenters.english import (
    ENGLISH,
    ending_of_range,
    english_part,
    inside,
    ordinal_in_words,
    plural,
)
from archive.site.presenters.wording import (
    chinese_number,
    in_chinese,
    name_in_words,
    paragraph_name,
    part_name,
    range_name,
    reads_english,
    shortened,
)
from archive.store.addresses.locations import ITEMS, TITLE_ROLES, Ancestry, part_labels, row_and_table
from archive.text.numerals import LATIN_OF_INSERTED, number_of, number_of_roman, roman_of
from archive.text.pinpoints.anchors import occurrence_told_by

from .facts import country, one_line
from .record import Pinpoint

English = Callable[[str], str]
DIVISIONS: dict[str, str] = ENGLISH["divisions"]
_NAMED = re.compile(rf"第(?P<number>.{{1,5}}?)(?P<unit>{'|'.join(DIVISIONS)})")


def pinpoint_of(
    paragraphs: Sequence[Paragraph], parent_of: Ancestry, english_body: English = str
) -> Pinpoint | None:
    """Returns the pinpoint of a paragraph, or of the range from first to last; None for none.

    ``parent_of`` gives the block above a block; ``english_body`` the English name of a replying body.
    """
    if not paragraphs:
        return None
    first, last = paragraphs[0], paragraphs[-1]
    anchors = (first.anchor,) if first is last else (first.anchor, last.anchor)
    with in_chinese():
        chinese = _chinese(first, last, parent_of)
    return Pinpoint(anchors, chinese, _english(first, last, parent_of, english_body))


def place_of(paragraphs: Sequence[Paragraph], parent_of: Ancestry) -> str:
    """Returns the displayed pinpoint of some paragraphs, as cited in the language of the page: 第三节第1段.

    Next to the document alone 第1段 would do; where numbering restarts in each section it does not.
    """
    pinpoint = pinpoint_of(paragraphs, parent_of)
    if pinpoint is None:
        return ""
    return ", ".join(pinpoint.english) if reads_english() else name_in_words(pinpoint.place)


# --- Chinese ---


def _chinese(first: Paragraph, last: Paragraph, parent_of: Ancestry) -> tuple[str, ...]:
    labels = part_labels(first, parent_of) or [part_name(first.part)]
    name, part = paragraph_name(first, parent_of), "".join(labels)
    if name == part and first is not last:
        part, labels = "", []  # 附件至附件标题
    if first is not last:
        name = range_name(name, paragraph_name(last, parent_of), part if first.part == last.part else "")
    pieces = [*labels, *(_chinese_section(heading) for heading in _sections(first, parent_of))]
    pieces += name.removeprefix(part).split("，", 1) if first is last else [name.removeprefix(part)]
    return tuple(piece for piece in map(one_line, pieces) if piece)


def _chinese_section(heading: Paragraph) -> str:
    """Names a section: 第二节; lettered ones keep the letter: A节, named ones the name: 第三条."""
    if _NAMED.fullmatch(heading.number):
        return heading.number
    value = _value(heading)
    return f"第{chinese_number(value)}节" if value else f"{heading.number}节"


# --- English ---


def _english(
    first: Paragraph, last: Paragraph, parent_of: Ancestry, english_body: English
) -> tuple[str, ...]:
    start = _english_place(first, parent_of, english_body)
    if first is last:
        if count := first.occurrence or occurrence_told_by(first.anchor):
            *outer, (unit, number) = start
            start = (*outer, (unit, f"{number} ({ordinal_in_words(count)} so numbered)"))
        return _written(start)
    end = _english_place(last, parent_of, english_body)
    if start[:-1] == end[:-1] and start[-1][0] == end[-1][0] and start[-1][1]:
        (unit, number), (_unit, until) = start[-1], end[-1]
        return (*start[:-1], f"{plural(unit)} {number}–{ending_of_range(number, until)}")
    common = 0
    while common < min(len(start), len(end)) - 1 and start[common] == end[common]:
        common += 1
    return (*start[:common], f"{', '.join(_written(start[common:]))} to {', '.join(_written(end[common:]))}")


def _written(pieces: tuple) -> tuple[str, ...]:
    *outer, (unit, number) = pieces
    return tuple(piece for piece in (*outer, f"{unit} {number}".strip()) if piece)


def _english_place(paragraph: Paragraph, parent_of: Ancestry, english_body: English) -> tuple:
    """Returns the enclosing places, then unit and number: ``("annex", ("para.", "14"))``."""
    labels = part_labels(paragraph, parent_of) or [part_name(paragraph.part)]
    outer = [english_part(label) for label in labels if label]
    outer += [" ".join(_division(heading)) for heading in _sections(paragraph, parent_of)]
    if paragraph.kind == Paragraph.Kind.FOOTNOTE and paragraph.number:
        return (*outer, ("footnote", paragraph.number))
    if paragraph.kind == Paragraph.Kind.HEADING:
        return _english_heading(paragraph, outer)
    if match := re.search(r"(?:^|\.)pp(\d+)$", paragraph.anchor):
        return (*outer, (f"{ordinal_in_words(int(match[1]))} preambular paragraph", ""))
    numbers = _numbers(paragraph, parent_of)
    if numbers and not numbers.startswith("("):
        return (*outer, ("para.", numbers))
    if paragraph.kind == Paragraph.Kind.ROW and (row := row_and_table(paragraph, parent_of)):
        number, caption, table = row
        outer.append(f"“{inside(shortened(one_line(caption)))}”" if caption else f"unnumbered table {table}")
        return (*outer, ("row", number))
    outer += _around(paragraph, parent_of, english_body)
    if numbers:
        return (*outer, ("item", numbers))
    if paragraph.kind == Paragraph.Kind.SIGNATURE:
        return (*outer, ("signature", ""))
    match = re.search(r"u(\d+)(?:_\d+)?$", paragraph.anchor)
    return (*outer, ("unnumbered para.", match[1] if match else paragraph.anchor))


def _english_heading(paragraph: Paragraph, outer: list[str]) -> tuple:
    if paragraph.anchor == paragraph.part:
        return (*outer[:-1], (outer[-1] if outer else "title", ""))
    if paragraph.number:
        unit, numeral = _division(paragraph)
        return (*outer, (f"heading of {unit}", numeral))
    if paragraph.role in ("title", "annex_title"):
        return (*outer, ("title", ""))
    return (*outer, (f"heading “{inside(shortened(one_line(paragraph.text)))}”", ""))


def _numbers(paragraph: Paragraph, parent_of: Ancestry) -> str:
    """Formats numbers as English UN texts do: ``3 (a) (ii)``; ``(a)`` without a numbered paragraph above."""
    labels: list[str] = []
    above: Paragraph | None = paragraph
    while above is not None and above.number and above.kind != Paragraph.Kind.HEADING:
        whole = above.kind not in ITEMS or "." in above.number  # 2.1 says by itself where it stands
        labels.append(above.number if whole else f"({above.number})")
        if whole:
            break
        above = parent_of(above)
    numbers = " ".join(reversed(labels))
    return re.sub("之[二三四五六]", lambda sub: f" {LATIN_OF_INSERTED[sub[0]]}", numbers)


def _around(paragraph: Paragraph, parent_of: Ancestry, english_body: English) -> list[str]:
    """Returns the context that identifies an unnumbered block: its reply, or unnumbered heading."""
    above = parent_of(paragraph)
    while above is not None and (above.kind != Paragraph.Kind.HEADING or above.role in TITLE_ROLES):
        above = parent_of(above)
    if above is None or above.anchor == above.part or above.number:
        return []
    if paragraph.submitter_name and above.role == "submitter":
        return [f"reply of {_replying(paragraph, english_body)}"]
    return [f"under “{inside(shortened(one_line(above.text).rstrip('：:')))}”"]


def _replying(paragraph: Paragraph, english_body: English) -> str:
    if paragraph.state:
        return country(paragraph.state.english)
    name = one_line(english_body(paragraph.submitter_name))
    return f"the {name}" if name.isascii() else name


# --- sections ---


def _sections(paragraph: Paragraph, parent_of: Ancestry) -> list[Paragraph]:
    """Returns the numbered headings above, outermost first; none where the paragraph's own number suffices.

    It does not where numbering starts again in each section: then the anchor begins with the section's.
    """
    if paragraph.kind == Paragraph.Kind.HEADING or paragraph.kind == Paragraph.Kind.FOOTNOTE:
        return []
    own = paragraph.anchor.removeprefix(f"{paragraph.part}.")
    if re.match(r"\d|pp\d", own):
        return []
    above, found = parent_of(paragraph), []
    while above is not None:
        if above.kind == Paragraph.Kind.HEADING and above.number and above.anchor != above.part:
            found.append(above)
        above = parent_of(above)
    return found[::-1]


def _value(heading: Paragraph) -> int | None:
    return number_of(heading.number) or number_of_roman(heading.number)


def _division(heading: Paragraph) -> tuple[str, str]:
    """Names a section in English: sect. II for 二, art. 3 for 第三条; a letter stays a letter."""
    if named := _NAMED.fullmatch(heading.number):
        value = number_of(named["number"])
        unit = DIVISIONS[named["unit"]]
        return unit, str(value) if unit == "art." or not value else roman_of(value).upper()
    value = number_of(heading.number)
    return "sect.", roman_of(value).upper() if value and value < 400 else heading.number
