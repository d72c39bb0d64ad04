"""Location of a paragraph in its document, as values: form, part, number.

Pages word them (``presenters.wording.location_in_words``), the index stores them. Words of the document (a
heading, who replies) stay as the document has them; nothing here is in a language of our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

from archive.models import Paragraph
from archive.text.pinpoints.anchors import PART, numbered_as, occurrence_told_by, split_part, split_place
from archive.text.shapes import read_part_label

TITLE_ROLES = {"title", "organ", "annex_title", "annex_label"}
SECTIONS = re.compile(r"s(?:\d+|[a-z])(?:\.s(?:\d+|[a-z]))*")
ITEMS = (Paragraph.Kind.SUBPARAGRAPH, Paragraph.Kind.LIST_ITEM)

Ancestry = Callable[[Paragraph], Paragraph | None]


class Form(StrEnum):
    """The forms of a location in a document."""

    PARAGRAPH = "paragraph"  # by the number of a paragraph
    ITEM = "item"  # (a) below no numbered paragraph
    PREAMBULAR = "preambular"
    FOOTNOTE = "footnote"
    ROW = "row"  # of a table
    SIGNATURE = "signature"
    UNNUMBERED = "unnumbered"  # by counting the blocks of its section
    PART = "part"  # a whole annex
    TITLE = "title"
    HEADING = "heading"  # by its number, else by its words
    UNCOUNTED = "uncounted"  # by its anchor alone
    UNKNOWN = "unknown"  # an anchor that does not tell


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a document. ``part`` as anchors begin (``annex2``; ``main`` or empty: the main part), with
    the words of its ``label`` where it has one; ``sections`` as in anchors (``s2.sa``);
    ``number`` as printed (``14``, ``3(a)``, ``**``), else the count or the anchor; ``table`` the number of
    the table in its part; ``heading`` the words of the heading or caption that the place is known by;
    ``count`` which heading of its level it is, or stands under, level by level, where words are not known;
    ``submitter`` whose reply it stands in; ``again`` counts it among several of its number.
    """

    form: Form
    part: str = ""
    number: str = ""
    table: str = ""
    heading: str = ""
    submitter: str = ""
    again: str = ""
    label: str = ""
    sections: str = ""
    count: str = ""

    def as_values(self) -> dict[str, str]:
        """Returns the fields that are not empty, as text."""
        named = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in named.items() if value}

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Self:
        """Returns the location that ``as_values`` gave."""
        given: dict[str, Any] = {**values, "form": Form(values["form"])}
        return cls(**given)


def printed_number(paragraph: Paragraph) -> str:
    """Returns the printed number: 14, (a), 2.1, 一; empty where none is printed."""
    if not paragraph.number:
        return ""
    return f"({paragraph.number})" if _is_item(paragraph) else paragraph.number


def _is_item(paragraph: Paragraph) -> bool:
    """Returns True for (a) and the like; a decimal number (2.1) shows its parent itself."""
    return paragraph.kind in ITEMS and "." not in (paragraph.number or "")


def note_number(anchor: str) -> str:
    """Returns the printed mark of a footnote: ``fn1`` → 1, ``annex.fn2`` → 2, ``fnstar2`` → **."""
    code = anchor.rpartition("fn")[2]
    if match := re.fullmatch(r"star(\d*)", code):
        return "*" * int(match[1] or 1)
    return code


def location_of(paragraph: Paragraph, parent_of: Ancestry) -> Location:
    """Returns the location of ``paragraph``.

    ``parent_of`` returns the parent of a block, or None. Where no number is printed, the blocks of the
    section are counted.
    """
    location = replace(_location(paragraph, parent_of), label="".join(part_labels(paragraph, parent_of)))
    return _again(location, paragraph.occurrence or occurrence_told_by(paragraph.anchor))


def part_labels(paragraph: Paragraph, parent_of: Ancestry) -> list[str]:
    """Returns the printed label of the part that contains ``paragraph`` (附件二, 附件B), preceded by that of
    the enclosing part where the label alone is ambiguous (附件二, 附文). Empty where none is printed.
    """
    part, found = paragraph.part, []
    above: Paragraph | None = paragraph
    while above is not None and PART.fullmatch(part):
        if above.anchor == part and above.role == "annex_label":
            label = read_part_label(above.text)
            found += [label.words] if label else []
            outer, _dot, own = part.rpartition(".")
            part = "" if outer.rpartition(".")[2].startswith(own.rstrip("0123456789_")) else outer
        above = parent_of(above)
    return found[::-1]


def _again(location: Location, count: int) -> Location:
    return replace(location, again=str(count)) if count else location


def tell_occurrences(paragraphs: Iterable[Paragraph]) -> dict[int, list[str]]:
    """Sets ``occurrence`` of paragraphs whose number their part of the document has several times; returns
    the anchors with it, by the key of the paragraph, also those in other sections. One query.
    """
    rows = []
    for row in paragraphs:
        row.occurrence = 0
        rows += [row] if row.number else []
    alike = Paragraph.objects.filter(
        document__in={row.document_id for row in rows}, number__in={row.number for row in rows}
    )
    beside: dict[tuple, list[str]] = {}
    values = alike.order_by("position").values_list("document", "part", "number", "kind", "anchor")
    for document, part, number, kind, anchor in values if rows else ():
        beside.setdefault((document, part, number, kind), []).append(anchor)
    found = {}
    for row in rows:
        same = beside.get((row.document_id, row.part, row.number, row.kind), [])
        own = [one for one in same if numbered_as(one) == numbered_as(row.anchor)]
        if len(own) > 1 and row.anchor in own:
            row.occurrence = own.index(row.anchor) + 1
        plain = numbered_as(row.anchor, sections=False)
        of_part = [one for one in same if numbered_as(one, sections=False) == plain]
        found[row.pk] = of_part if len(of_part) > 1 and row.anchor in of_part else []
    return found


def _location(paragraph: Paragraph, parent_of: Ancestry) -> Location:
    part = paragraph.part if PART.fullmatch(paragraph.part) else ""
    if paragraph.kind == Paragraph.Kind.FOOTNOTE and paragraph.number:
        return Location(Form.FOOTNOTE, part, paragraph.number)
    if paragraph.kind == Paragraph.Kind.HEADING:
        return _of_heading(paragraph, part)
    if match := re.search(r"(?:^|\.)pp(\d+)$", paragraph.anchor):
        return Location(Form.PREAMBULAR, part, match[1])
    if paragraph.kind == Paragraph.Kind.ROW and (row := row_and_table(paragraph, parent_of)):
        number, caption, table = row
        return Location(Form.ROW, part, number, table, caption)
    if paragraph.number:
        return _of_number(paragraph, part, parent_of)
    return _of_count(paragraph, part, parent_of)


def row_and_table(paragraph: Paragraph, parent_of: Ancestry) -> tuple[str, str, str] | None:
    """Returns a row's number in its table, the caption or an empty string, the table's number.

    None where the anchor does not tell: a row was edited by hand.
    """
    match = re.search(r"t(\d+)\.r(\d+)(?:_\d+)?$", paragraph.anchor)
    if not match:
        return None
    above = parent_of(paragraph)
    while above is not None and above.role != "table_title":
        above = parent_of(above)
    return match[2], above.text if above is not None else "", match[1]


def _of_heading(paragraph: Paragraph, part: str) -> Location:
    if paragraph.anchor == paragraph.part:
        return Location(Form.PART, part)
    if paragraph.number:
        return Location(Form.HEADING, part, paragraph.number)
    if paragraph.role in ("title", "annex_title"):
        return Location(Form.TITLE, part)
    return Location(Form.HEADING, part, heading=paragraph.text)


def _of_number(paragraph: Paragraph, part: str, parent_of: Ancestry) -> Location:
    """Returns the location of 5 or 3(a); an item below no numbered paragraph is (a), under its heading."""
    numbers = printed_number(paragraph)
    above: Paragraph | None = paragraph
    while above and _is_item(above):
        above = parent_of(above)
        if above is not None and above.kind != Paragraph.Kind.HEADING and above.number:
            numbers = printed_number(above) + numbers
    if not numbers.startswith("("):
        return Location(Form.PARAGRAPH, part, numbers)
    return Location(Form.ITEM, part, numbers, **_section(paragraph, parent_of))


def _of_count(paragraph: Paragraph, part: str, parent_of: Ancestry) -> Location:
    if paragraph.kind == Paragraph.Kind.SIGNATURE:
        return Location(Form.SIGNATURE, part)
    section = _section(paragraph, parent_of)
    if match := re.search(r"u(\d+)(?:_\d+)?$", paragraph.anchor):
        return Location(Form.UNNUMBERED, part, match[1], **section)
    return Location(Form.UNCOUNTED, part, paragraph.anchor, **section)


def _section(paragraph: Paragraph, parent_of: Ancestry) -> dict[str, str]:
    """Returns the section that identifies an unnumbered block: the submitter of the reply, or the heading."""
    above = parent_of(paragraph)
    while above is not None and (above.kind != Paragraph.Kind.HEADING or above.role in TITLE_ROLES):
        above = parent_of(above)
    if above is None or above.anchor == above.part:
        return {}
    if paragraph.submitter_name and above.role == "submitter":
        return {"submitter": paragraph.submitter_name}
    return {"heading": above.text.rstrip("：:")}


def location_of_anchor(anchor: str) -> Location:
    """Returns the location that an anchor alone tells: ``annex.3.a`` is 3(a) of the annex."""
    return _again(_location_of_anchor(numbered_as(anchor)), occurrence_told_by(anchor))


def _location_of_anchor(anchor: str) -> Location:
    part, inside = split_part(anchor)
    around, (number, *letters) = split_place(inside)
    sections = ".".join(around)
    if not number or (SECTIONS.fullmatch(inside) and not letters):
        return Location(Form.PART, part, sections=inside)
    if counted := COUNTED.fullmatch(inside):
        return _counted(part, *counted.groups())
    if sections and not (SECTIONS.fullmatch(sections) and number.isdecimal()):
        return Location(Form.UNKNOWN, number=anchor)
    if match := re.fullmatch(r"pp(\d+)", number):
        return Location(Form.PREAMBULAR, part, match[1])
    if re.fullmatch(r"fn(\d+|star\d*)", number):
        return Location(Form.FOOTNOTE, part, note_number(number))
    if number.isdecimal():
        while letters and letters[0].isdecimal():  # 4.1
            number += f".{letters.pop(0)}"
        numbers = number + "".join(f"({letter})" for letter in letters)
        return Location(Form.PARAGRAPH, part, numbers, sections=sections)
    return Location(Form.UNKNOWN, number=anchor)


# Sections, which heading of its level in each level, what stands below.
COUNTED = re.compile(r"((?:s\w+\.)*)((?:h\d+(?:\.|$))*)(u\d+|[a-z](?:\.[a-z]+)*|)")


def _counted(part: str, sections: str, headings: str, below: str) -> Location:
    """Returns the location of a counted heading, or of an item or unnumbered block directly below it."""
    count = ".".join(re.findall(r"\d+", headings))
    place = {"part": part, "count": count, "sections": sections.rstrip(".")}
    if not below:
        return Location(Form.HEADING, **place)
    if below.startswith("u"):
        return Location(Form.UNNUMBERED, number=below[1:], **place)
    return Location(Form.ITEM, number="".join(f"({one})" for one in below.split(".")), **place)
