"""What the core refuses, and how it says so: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath


class DocumentError(ValueError):
    """A source that cannot become a document. The message names the file, the reason and the remedy."""


class UnreadableSourceError(DocumentError):
    """The file is missing, empty, or its bytes are no text in a known encoding."""


class UnreadableTextError(UnreadableSourceError):
    """Much of the text is no text: ``count`` characters, the first of them in ``line``."""

    def __init__(self, name: str, count: int, line: int) -> None:
        super().__init__(
            f"{name}: {count} characters cannot be read, the first in line {line}: the text was saved or "
            "read in a wrong encoding, or recognized badly (OCR). Save the original anew as UTF-8, or take "
            "the Word or PDF file."
        )
        self.count, self.line = count, line


class MissingSymbolError(DocumentError):
    """No sidecar states the document's symbol; the text states none, or text and file's name ``several``."""

    def __init__(self, name: str, several: Sequence[str] = ()) -> None:
        told = f"it is {' or '.join(several)}" if several else "no symbol in masthead or running header"
        stated = f'{PurePath(name).stem}.toml: symbol = "{(*several, "S/2016/1013")[0]}"'
        super().__init__(f"{name}: {told}. State it in a sidecar {stated}.")
        self.several = [*several]


class OtherDocumentError(DocumentError):
    """The text names itself ``found``; the record beside it is that of ``told``."""

    def __init__(self, name: str, found: str, told: str) -> None:
        super().__init__(f"{name}: the text names itself {found}, the record beside it is that of {told}.")
        self.found, self.told = found, told


class WrongLanguageError(DocumentError):
    """The text is in a language that the archive does not read; ``language`` is its code."""

    def __init__(self, message: str, language: str) -> None:
        super().__init__(message)
        self.language = language


class SidecarError(DocumentError):
    """The sidecar is no TOML, has an unknown key, or a value of the wrong form."""
