"""The originals of a document as readers are offered them: that of the text, and others beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive.http.addresses import document_path, original_file_path
from archive.models import Document
from archive.readers import format_of


@dataclass(frozen=True, slots=True)
class Original:
    """A file of a document. ``format`` is a word of ``archive.text.sidecar.FORMATS``."""

    name: str
    sha256: str
    format: str
    address: str

    @property
    def label(self) -> str:
        """原件（Word）, 原件（PDF）."""
        kinds = {
            "docx": "Word",
            "doc": "Word",
            "odt": "OpenDocument",
            "rtf": "RTF",
            "pdf": "PDF",
            "html": _("网页"),
            "mhtml": _("网页"),
            "text": _("纯文本"),
        }
        return _("原件（%(kind)s）") % {"kind": kinds.get(self.format, self.format)}


def second_originals(held: Document) -> list[Original]:
    """Those beside the file that the text is from; one query, which reads no file."""
    rows = held.second_originals.offered().order_by("format", "source__name", "source__sha256")
    return [
        Original(name, sha256, format_, original_file_path(held.symbol, sha256))
        for name, sha256, format_ in rows.values_list("source__name", "source__sha256", "format")
    ]


def originals(held: Document) -> list[Original]:
    """All of them, that of the text first, where there are several; else none."""
    if not (seconds := second_originals(held)):
        return []
    first = held.source
    address = f"{document_path(held.symbol)}/source"
    return [Original(first.name, first.sha256, format_of(bytes(first.content)), address), *seconds]
