"""Text of documents in traditional letters, for reading: one letter for one, so that marks and links hold.

The official text is in simplified letters. What is copied, cited, found and fingerprinted is that text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import opencc

# What OpenCC (s2tw) takes for other words. Each as long as what it is of.
READ_WRONG = {
    "克制": "克制", "发挥": "發揮", "采取": "採取", "并产生": "並產生", "并发布": "並發布", "征聘": "徵聘",
    "合作伙伴": "合作夥伴", "团伙": "團夥", "面临": "面臨", "发生": "發生", "销毁": "銷毀", "马里": "馬里",
    "只说明": "只說明", "历年": "歷年", "折合": "折合",
}  # fmt: skip
_WRONG = re.compile("|".join(READ_WRONG))
_TAG = re.compile(r"(<[^>]*>)")


def traditional(text: str) -> str:
    """Returns ``text`` in traditional letters, of the same length; unchanged where that cannot be had.

    >>> traditional("鼓励克制，并发布准则")
    '鼓勵克制，並發布準則'
    """
    whole = _converter().convert(text)
    if len(whole) != len(text):
        return text
    letters = list(whole)
    for found in _WRONG.finditer(text):
        letters[found.start() : found.end()] = READ_WRONG[found[0]]
    return "".join(letters)


def traditional_html(html: str) -> str:
    """Returns HTML with its text so, converted as a whole: a mark inside a word changes no letter."""
    pieces = _TAG.split(html)
    letters = traditional("".join(pieces[::2]))
    at = 0
    for number in range(0, len(pieces), 2):
        pieces[number], at = letters[at : at + len(pieces[number])], at + len(pieces[number])
    return "".join(pieces)


@cache
def _converter() -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC("s2tw")
