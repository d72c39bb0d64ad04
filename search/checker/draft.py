"""Reading a draft: what was pasted or uploaded becomes text, or is refused with a reason. In memory only."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from django.utils.translation import gettext as _

from archive.readers.xml_stream import DamagedFileError, TooLargeInsideError, TooManyCharactersError
from archive.text.errors import UnreadableSourceError
from archive.text.folding import folded_length
from archive.text.reader import decode_source
from search.http.posted import RefusedError

from .word_text import TextElsewhereError, is_zip, text_of

LONGEST = 200_000  # code points
LARGEST_FILE = 10_000_000  # bytes
MOST_MARKS = 30  # on one letter, as in the Stream-Safe Text Format (UAX #15): to sort more takes their square
WIDEST = 4  # bytes of a code point, in any encoding that is read
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_OTHERS = {b"%PDF": "PDF", b"\xd0\xcf\x11\xe0": "Word 97–2003(.doc)", b"{\\rtf": "RTF"}


def pasted(text: str) -> str:
    """The text of a form, in which browsers write a line end as two characters."""
    return given(text.replace("\r\n", "\n").replace("\r", "\n"))


def given(text: str) -> str:
    """The text as given, so that offsets are the giver's own; what is no character is replaced by U+FFFD."""
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
    if not text.strip():
        raise RefusedError(_("没有文字可以核对。请粘贴草稿，或选一个文件。"))
    return _NO_TEXT.sub("\ufffd", text)


def uploaded(name: str, content: bytes) -> str:
    """The text of a .docx or .txt file; told apart by what is in it, not by its name."""
    for beginning, kind in _OTHERS.items():
        if content.startswith(beginning):
            raise RefusedError(
                _("这是%(kind)s文件，本库读不了。请另存为.docx或.txt，或者直接粘贴文字。") % {"kind": kind},
                415,
            )
    if not content.strip():
        raise RefusedError(_("文件是空的。"))
    return given(_from_word(content) if is_zip(content) else _from_text(name, content))


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


def _from_word(content: bytes) -> str:
    try:
        return text_of(content, LONGEST)
    except TooManyCharactersError as error:
        raise RefusedError(
            _("草稿超过%(most)s字，一次最多核对这么多。请分几次核对；没有核对任何一部分。")
            % {"most": f"{LONGEST:,}"},
            413,
        ) from error
    except TextElsewhereError as error:
        raise RefusedError(
            _(
                "这个.docx文件嵌有别的文件，其中的文字本库读不到，所以没有核对任何一部分。"
                "请在Word里打开，重新另存为.docx，或者直接粘贴文字。"
            ),
            415,
        ) from error
    except TooLargeInsideError as error:
        raise RefusedError(
            _("这个.docx文件解开后过大，没有打开。请删去图片，或者直接粘贴文字。"), 413
        ) from error
    except DamagedFileError as error:
        raise RefusedError(
            _("这个文件打不开：不是.docx，或已损坏、加了密。请重新另存为.docx，或者直接粘贴文字。"), 415
        ) from error


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
