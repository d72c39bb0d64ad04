"""Paragraphs in lists: their address, name, circumstances, and the sentence a reader came for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive.http.addresses import paragraph_path
from archive.locations import printed_number
from archive.models import Document, Paragraph
from archive.presenters.recognition import recognized_in_words
from archive.schemas import citing
from archive.schemas.base import UNSET

from .excerpts import Excerpt, excerpt
from .wording import paragraph_name, who_speaks


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is said of a paragraph in a list, and the places of the words that say so."""

    words: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()


NOTHING = Remarks()


@dataclass(frozen=True, slots=True)
class Hit:
    """One paragraph in a list."""

    paragraph: Paragraph
    name: str
    number: str
    address: str
    excerpt: Excerpt
    who: str
    remarks: tuple[str, ...] = ()

    @property
    def document(self) -> Document:
        return self.paragraph.document

    def as_json(self) -> citing.ListedParagraph:
        """The twin of a line of a list; offsets of ``highlights`` are those of the whole paragraph."""
        return citing.ListedParagraph(
            url=self.address,
            symbol=self.document.symbol,
            anchor=self.paragraph.anchor,
            name=self.name,
            title=self.document.title,
            year=self.document.year,
            speaker=self.who or None,
            text=self.paragraph.text,
            excerpt=self.excerpt.words,
            highlights=list(self.excerpt.marks),
            remarks=list(self.remarks) or UNSET,
        )


def hits(
    paragraphs: Sequence[Paragraph],
    above: Iterable[Paragraph],
    places: Mapping[int, Sequence] | None = None,
    remarks: Mapping[int, Remarks] | None = None,
) -> list[Hit]:
    """A hit for each paragraph, its document loaded; ``above`` are the blocks that name sections.

    ``places`` tell where in each stands what it is listed for, ``remarks`` what is said of it.
    """
    by_id = {paragraph.pk: paragraph for paragraph in [*above, *paragraphs]}
    places, said = places or {}, remarks or {}
    return [
        Hit(
            paragraph,
            paragraph_name(paragraph, lambda block: by_id.get(block.parent_id or 0)),
            printed_number(paragraph),
            paragraph_path(paragraph.document.symbol, paragraph.anchor),
            excerpt(paragraph.text, places.get(paragraph.pk, ()), said.get(paragraph.pk, NOTHING).places),
            who_speaks(paragraph),
            (*said.get(paragraph.pk, NOTHING).words, *_passed_on(paragraph), *_recognized(paragraph)),
        )
        for paragraph in paragraphs
    ]


def _passed_on(paragraph: Paragraph) -> tuple[str, ...]:
    """Of a text that its sender only passes on, that it is so."""
    return (_("转递的文字"),) if paragraph.transmitted else ()


def _recognized(paragraph: Paragraph) -> tuple[str, ...]:
    mark = recognized_in_words(paragraph.ocr_confidence)
    return (mark,) if mark else ()
