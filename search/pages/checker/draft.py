"""Reading a draft: what was pasted or uploaded becomes text, or is refused with a reason. In memory only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.readers.package import Package, opened
from archive.readers.word_runs import TextElsewhereError
from archive.readers.word_styles import renamed
from archive.readers.xml_stream import (
    Budget,
    DamagedFileError,
    TooLargeInsideError,
    TooManyCharactersError,
    read_xml,
)
from archive.text.errors import UnreadableSourceError
from archive.text.folding import folded_length
from archive.text.reader import decode_source

LONGEST = 200_000  # code points
LARGEST_FILE = 10_000_000  # bytes
MOST_MARKS = 30  # on one letter, as in the Stream-Safe Text Format (UAX #15): to sort more takes their square
WIDEST = 4  # bytes of a code point, in any encoding that is read
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIPPED = b"PK"  # what a Word file begins with
_OTHERS = {b"%PDF": "PDF", b"\xd0\xcf\x11\xe0": "Word 97–2003(.doc)", b"{\\rtf": "RTF"}


class RefusedError(Exception):
    """A draft cannot be taken. ``str()`` is a message for the reader, without a word of the draft."""

    def __init__(self, message: str | Promise, status: int = 400) -> None:
        super().__init__(str(message))
        self.status = status


def pasted(text: str) -> str:
    """Returns the text of a form, in which browsers write a line end as two characters."""
    return given(text.replace("\r\n", "\n").replace("\r", "\n"))


def given(text: str) -> str:
    """Returns the text as given, with the giver's offsets; invalid characters become U+FFFD."""
    if len(text) > LONGEST:
        raise too_long(len(text))
    if (folded := folded_length(text)) > 2 * LONGEST:
        told = {"count": f"{folded:,}", "most": f"{2 * LONGEST:,}"}
        raise RefusedError(
            _("草稿里有一个代表好几个字的字符，折合%(count)s字，最多%(most)s字；没有核对任何一部分。") % told,
            413,
        )
    marks = groupby(map(unicodedata.combining, text), key=bool)
    if any(is_mark and sum(1 for _each in run) > MOST_MARKS for is_mark, run in marks):
        raise RefusedError(
            _("草稿里有一个字母带着%(most)s个以上的附加符号；没有核对任何一部分。") % {"most": MOST_MARKS}
        )
    return _NO_TEXT.sub("\ufffd", text)


def uploaded(name: str, content: bytes) -> str:
    """Returns the text of a .docx or .txt file; told apart by what is in it, not by its name."""
    for beginning, kind in _OTHERS.items():
        if content.startswith(beginning):
            if ENCRYPTED in content:  # in the container of a .doc
                raise RefusedError(_DAMAGED, 415)
            raise RefusedError(
                _("这是%(kind)s文件，本库读不了。请另存为.docx或.txt，或者直接粘贴文字。") % {"kind": kind},
                415,
            )
    if not content.strip():
        raise RefusedError(_("文件是空的。"))
    if not content.startswith(ZIPPED):
        return given(_from_text(name, content))
    with refused_in_words():
        return given(text_of(content, LONGEST))


def too_long(characters: int, counted: bool = True) -> RefusedError:
    """Says how many characters there are: exactly, or as far as can be told without reading them."""
    words = (
        _("草稿有%(count)s字，一次最多核对%(most)s字。请分几次核对；没有核对任何一部分。")
        if counted
        else _("草稿约有%(count)s字，一次最多核对%(most)s字。请分几次核对；没有核对任何一部分。")
    )
    return RefusedError(words % {"count": f"{characters:,}", "most": f"{LONGEST:,}"}, 413)


def too_large() -> RefusedError:
    most = LARGEST_FILE // 1_000_000
    return RefusedError(_("文件太大，最大%(most)sMB。请删去图片，或者直接粘贴文字。") % {"most": most}, 413)


@contextmanager
def refused_in_words() -> Iterator[None]:
    """Raises RefusedError, in words for readers, for what makes a Word file unreadable."""
    try:
        yield
    except tuple(_UNREAD) as error:
        words, status = _UNREAD[type(error)]
        raise RefusedError(words % {"most": f"{LONGEST:,}"}, status) from error


_ELSEWHERE = gettext_lazy(
    "这个.docx文件嵌有别的文件，其中的文字本库读不到，所以没有核对任何一部分。"
    "请在Word里打开，重新另存为.docx，或者直接粘贴文字。"
)
_LARGE = gettext_lazy("这个.docx文件解开后过大，没有打开。请删去图片，或者直接粘贴文字。")
_DAMAGED = gettext_lazy("这个文件打不开：不是.docx，或已损坏、加了密。请重新另存为.docx，或者直接粘贴文字。")
_LONG = gettext_lazy("草稿超过%(most)s字，一次最多核对这么多。请分几次核对；没有核对任何一部分。")
_UNREAD: dict[type[Exception], tuple[Promise, int]] = {
    TooManyCharactersError: (_LONG, 413),
    TextElsewhereError: (_ELSEWHERE, 415),
    TooLargeInsideError: (_LARGE, 413),
    DamagedFileError: (_DAMAGED, 415),
}


def _from_text(name: str, content: bytes) -> str:
    characters = (len(content) - content.count(b"\r") * WIDEST) // WIDEST - 1  # at least, its mark aside
    if characters > LONGEST:
        raise too_long(characters, counted=False)
    try:
        return decode_source("", content).text
    except UnreadableSourceError as error:
        raise RefusedError(
            _("读不出文件里的文字。.txt文件请存为UTF-8(或UTF-16、GB18030)；也可以直接粘贴文字。"), 415
        ) from error


# The text of a Word file (.docx, .docm, .dotx): its document, then its footnotes and endnotes.

MOST_NOTES = 8  # parts of notes
NOTES = ("footnotes", "endnotes")  # the ends of the types of relations

ROOTS = frozenset({"w:document", "w:footnotes", "w:endnotes"})
WRITTEN = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
# w:rt is the reading (拼音) above a word; Fallback says once more what its neighbour says.
SKIPPED = frozenset({"w:del", "w:moveFrom", "w:instrText", "w:pPr", "w:rPr", "w:rt", "mc:Fallback"})


def text_of(content: bytes, most: int) -> str:
    """Returns the text, a paragraph a line: all of it, or TextElsewhereError or one of the three errors of
    ``xml_stream``. ``most`` characters are read.
    """
    budget = Budget(most)
    with opened(content, budget) as package:
        lines = [line for part in parts_of(package) for line in lines_of(package.chunks(part), budget)]
    return "\n".join(lines)


def parts_of(package: Package) -> list[str]:
    """Returns the names of the parts with text: the document and its notes."""
    document = package.document
    notes = [relation.target for relation in package.relations(document, NOTES)]
    if len(notes) > MOST_NOTES or len(set(notes)) < len(notes):
        raise DamagedFileError
    return [document, *notes]


def lines_of(chunks: Iterable[bytes], budget: Budget) -> list[str]:
    """Returns the paragraphs of a part in order; one inside another (a text box) after that one."""
    part = PartText(budget)
    read_xml(chunks, budget, part.start, part.end, part.text)
    return ["".join(pieces) for pieces in part.lines]


class PartText:
    """The handlers of ``read_xml`` that gather the text of a part, by paragraphs."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.lines: list[list] = []
        self.open: list[list] = []  # the paragraphs that hold the present place
        self.root = True
        self.skipping = 0  # how deep inside something skipped
        self.in_text = False

    def start(self, name: str, _attributes: list[str]) -> None:
        name = renamed(name)
        if self.root and name not in ROOTS:
            raise DamagedFileError
        self.root = False
        if name in ("w:altChunk", "w:subDoc"):
            raise TextElsewhereError
        if self.skipping or name in SKIPPED:
            self.skipping += 1
            return
        self.in_text = name in ("w:t", "m:t")
        if name == "w:p":
            self.budget.spend(characters=bool(self.lines))  # its line end
            self.open.append([])
            self.lines.append(self.open[-1])
        elif name in WRITTEN:
            self._write(WRITTEN[name])

    def end(self, name: str) -> None:
        self.in_text = False
        if self.skipping:
            self.skipping -= 1
        elif renamed(name) == "w:p":
            self.open.pop()

    def text(self, characters: str) -> None:
        if self.in_text and not self.skipping:
            self._write(characters)

    def _write(self, characters: str) -> None:
        if self.open:
            self.budget.spend(characters=len(characters))
            self.open[-1].append(characters)


# Uploads that never touch a disk.


class InMemoryUpload(MemoryFileUploadHandler):
    """Keeps a file in memory up to ``most`` bytes, whatever the settings; what is more is read past."""

    def __init__(self, request, most: int) -> None:
        super().__init__(request)
        self.most, self.too_large = most, False

    def handle_raw_input(self, *args, **kwargs) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.too_large = self.too_large or start + len(raw_data) > self.most
        if not self.too_large:
            super().receive_data_chunk(raw_data, start)
