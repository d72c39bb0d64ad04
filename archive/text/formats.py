"""Formats of the files that are read, each one row: whatever else is known of a format is told from here.

A new reader is its row, its module in ``archive/readers``, and a branch of ``sniff`` there. The table names
readers and is pure: the core does not know them.
"""

from __future__ import annotations

from typing import NamedTuple

_ = str  # marks a label that is translated where it is shown


class Format(NamedTuple):
    """A format, as ``name`` called by ``sniff`` and by ``format =`` of a sidecar.

    ``suffixes``: the endings by which folders are searched. ``label``: what follows 原件. ``media_type``: how
    an original is handed over. ``reader``: module and function in ``archive.readers``; empty for plain text.
    ``infilter``: LibreOffice's name of a format of which it makes a Word file first, which is then read.
    ``runs``: a browser would run it, so that it goes as bytes without a type, and without its ending.
    """

    name: str
    suffixes: tuple[str, ...]
    label: str
    media_type: str
    reader: str = ""
    infilter: str = ""
    runs: bool = False


WORD = "word:read_word"
# In the order of trust: of two files of one document the text of the former is taken.
FORMATS = (
    Format(
        "docx",
        (".docx", ".docm"),
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        WORD,
    ),
    Format("odt", (".odt",), "OpenDocument", "application/vnd.oasis.opendocument.text", WORD, "writer8"),
    Format("doc", (".doc",), "Word", "application/msword", WORD, "MS Word 97"),
    Format("rtf", (".rtf",), "RTF", "application/rtf", WORD, "Rich Text Format"),
    Format("html", (".html", ".htm", ".xhtml"), _("网页"), "text/html", "web:read_web", runs=True),
    Format("mhtml", (".mht", ".mhtml"), _("网页"), "multipart/related", "web:read_saved"),
    Format("text", (".txt", ".md"), _("纯文本"), "text/plain; charset=utf-8"),
    Format("pdf", (".pdf",), "PDF", "application/pdf", "pdf:read_pdf"),
)
BY_NAME = {one.name: one for one in FORMATS}
BY_SUFFIX = {suffix: one for one in FORMATS for suffix in one.suffixes}
NAMES = tuple(BY_NAME)
SUFFIXES = tuple(BY_SUFFIX)
