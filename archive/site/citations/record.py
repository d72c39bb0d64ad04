"""The record of one citation, from which every form is made. Plain values: no model, no request.

What is not known is empty or None, and stays so in every form: no form may fill it with another fact. The
date of a letter or of a meeting is never the date of issue, and the day of access is never the year.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

LANGUAGE = "zh-CN"


@dataclass(frozen=True, slots=True)
class Name:
    """A responsible body in Chinese and in English; ``short`` is its usual English acronym, else empty."""

    chinese: str = ""
    english: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """The place in the document that is cited, in the words of UN documents.

    ``chinese`` and ``english`` hold the place from the outside in: ``("附件", "第14段")``, ``("annex",
    "para. 14")``, ``("第二节", "古巴的答复", "未编号第5段")``. ``anchors`` are the paragraph, or the two
    ends of a range.
    """

    anchors: tuple[str, ...]
    chinese: tuple[str, ...]
    english: tuple[str, ...]

    @property
    def place(self) -> str:
        """附件第14段."""
        whole = ""
        for piece in self.chinese:
            # 古巴的答复，未编号第5段, but 附件第14段: a number follows its part at once.
            whole += piece if not whole or piece.startswith(("第", "脚注", "序言")) else f"，{piece}"
        return whole


@dataclass(frozen=True, slots=True)
class Record:
    """One citation: a document, a paragraph or a range of it, as it was found on one day.

    ``kind`` is a document type of the core (``letter``). ``issued`` is the printed date of issue; where it is
    None, ``year`` is the year that the document itself tells (``facts.inferred_year``), or None. ``link`` is
    the absolute address with the ``fingerprint`` of the words, where there is one. ``words`` are what was
    cited, where other words stand there now, and ``remark`` says so; both empty elsewhere. ``ocr_confidence``
    is the least of the paragraphs' that were recognized in pictures, ``doubts`` are the parser's about them.
    What is not ``held`` has the facts that its symbol and the table of resolutions tell.
    """

    symbol: str
    kind: str
    kind_chinese: str
    title: str = ""
    title_english: str = ""
    author: Name = Name()
    issued: dt.date | None = None
    year: int | None = None
    written: dt.date | None = None
    met: dt.date | None = None
    meeting: str = ""
    session: str = ""
    agenda_item: str = ""
    pinpoint: Pinpoint | None = None
    link: str = ""
    fingerprint: str = ""
    accessed: dt.date | None = None
    words: str = ""
    remark: str = ""
    ocr_confidence: int | None = None
    doubts: tuple[dict, ...] = ()
    held: bool = True
    language: str = LANGUAGE  # of the text that is cited

    @property
    def is_resolution(self) -> bool:
        """True for resolutions and decisions, which are cited by their number."""
        return self.kind in ("resolution", "decision")

    @property
    def shown_title(self) -> str:
        """The printed title; if there is none, our own in [ ]: the kind of document (GB/T 7714, 7.2)."""
        return self.title or f"[{self.kind_chinese}]"

    @property
    def address(self) -> str:
        """The base address of this citation's files: the link without fingerprint; the full link if its text
        is no longer current.
        """
        if self.words:
            return self.link
        return self.link.removesuffix(f"/{self.fingerprint}") if self.fingerprint else self.link

    @property
    def place(self) -> str:
        """附件第14段, in the language of the text; empty for the whole document."""
        if self.language == "en":
            return self.place_english
        return self.pinpoint.place if self.pinpoint else ""

    @property
    def author_name(self) -> str:
        """The responsible body in the language of the text; empty where there is none."""
        return (self.author.english if self.language == "en" else "") or self.author.chinese

    @property
    def place_english(self) -> str:
        """``annex, para. 14``; empty for the whole document."""
        return ", ".join(self.pinpoint.english) if self.pinpoint else ""

    @property
    def key(self) -> str:
        """A name of ASCII letters, digits, ``.`` and ``-`` for files and BibTeX: ``S-2010-52-annex.14``."""
        anchors = self.pinpoint.anchors if self.pinpoint else ()
        return re.sub(r"[^A-Za-z0-9.]+", "-", "-".join([self.symbol, *anchors])).strip("-.") or "document"
