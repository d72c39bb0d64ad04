"""What a reader names to compare: a document, or a paragraph of it as it stands or as it once stood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from archive.http.addresses import document_path, paragraph_path
from archive.http.paging import BadRequestError
from archive.links.numbers import places_meant, words_meant
from archive.links.permalinks import find_paragraph, issued_as, place_now
from archive.models import Document, IssuedText, Paragraph
from archive.presenters.reading import Reader
from archive.presenters.recognition import recognized_in_words
from archive.presenters.wording import cited_paragraph_name, until_in_words
from archive.reading import queries as reads
from archive.text.fingerprint import digest

from .document import find_document

PLACE = re.compile(
    r"^(?P<symbol>.+?)(?:(?:/p/|#p-)(?P<anchor>[A-Za-z0-9_.]+)(?:/(?:sha256:)?(?P<fingerprint>[0-9a-f]{8,64}))?)?/?$"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One side of a comparison. ``paragraph`` is empty for a whole document, ``issued`` for present words."""

    document: Document
    paragraph: Paragraph | None = None
    issued: IssuedText | None = None

    @property
    def address(self) -> str:
        if self.issued:
            return paragraph_path(self.issued.symbol, self.issued.anchor, self.issued.fingerprint)
        if self.paragraph:
            return paragraph_path(self.document.symbol, self.paragraph.anchor)
        return document_path(self.document.symbol)

    @property
    def text(self) -> str:
        return self.issued.shown_text if self.issued else self.paragraph.text if self.paragraph else ""

    @property
    def name(self) -> str:
        """第14段, or the anchor of what stands no more; empty for a document."""
        if self.paragraph:
            return Reader(self.document, [self.paragraph], reads.ancestors([self.paragraph])).name_of(
                self.paragraph
            )
        return self.issued.anchor if self.issued else ""

    @property
    def ocr_confidence(self) -> int | None:
        """That of the paragraph, or of the whole document."""
        return (self.paragraph or self.document).ocr_confidence

    @property
    def recognized(self) -> str:
        """That the text was recognized in a picture, and how surely; else empty."""
        return recognized_in_words(self.ocr_confidence)

    @property
    def when(self) -> str:
        """Until when the words stood; empty for what stands."""
        return until_in_words(self.issued) if self.issued else ""


def find_passage(typed: str) -> Passage:
    """The passage that an address of ours names, whole or without its host; or a symbol in any spelling.

    Raises BadRequestError with what was not found and what can be given.
    """
    match = PLACE.match(_path(typed))
    held = find_document(reads.canonical(match["symbol"]) or match["symbol"]) if match else None
    if match is None or held is None:
        raise BadRequestError(
            _("“%(typed)s”不是本库所藏的文件或段落。请填文号，或段落的网址，如S/2010/52/p/annex.14。")
            % {"typed": typed[:100]}
        )
    if not match["anchor"]:
        return Passage(held)
    return _at(held, match["anchor"], match["fingerprint"] or "", typed)


def _path(typed: str) -> str:
    """Without scheme, host, query and the stroke before."""
    parts = urlsplit(typed.strip()) if "://" in typed else None
    bare = f"{parts.path}#{parts.fragment}" if parts and parts.fragment else parts.path if parts else typed
    return unquote(bare).strip().lstrip("/").removesuffix(".json")


def _at(held: Document, anchor: str, fingerprint: str, typed: str) -> Passage:
    found = find_paragraph(held, anchor)
    if found is None and not fingerprint:
        place = place_now(held.symbol, anchor)
        places = [place] if place else places_meant(held.symbol, held, anchor)
        if len(places) > 1:
            named = "、".join(cited_paragraph_name(one) for _symbol, one in places)
            raise BadRequestError(
                _("“%(typed)s”可以指%(places)s，请写明哪一处。") % {"typed": typed[:100], "places": named}
            )
        found = next((find_paragraph(held, one) for home, one in places if home == held.symbol), None)
    if found and (not fingerprint or digest(found.text).startswith(fingerprint)):
        return Passage(held, found)
    issued = _issued(held, anchor, fingerprint) if fingerprint else None
    if issued is None or issued.withheld:
        raise BadRequestError(
            _("%(symbol)s没有“%(typed)s”这一段，也没有发布过这样的文字。")
            % {"symbol": held.symbol, "typed": typed[:100]}
        )
    return Passage(held, None, issued)


def _issued(held: Document, anchor: str, fingerprint: str) -> IssuedText | None:
    """The newest text with this fingerprint under the anchor, else under one that ends with it."""
    meant = [(held.symbol, anchor), *words_meant(held.symbol, held, anchor, fingerprint)]
    texts = (text for symbol, one in meant for text in reversed(issued_as(symbol, one, fingerprint)))
    return next(texts, None)
