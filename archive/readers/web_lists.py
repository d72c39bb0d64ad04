"""The numbers that a browser prints before the items of a list (HTML, 4.4.5; CSS Counter Styles)."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from .web_styles import ListStyles
from .word_names import number_of
from .word_numbering import Printed
from .word_numerals import counted

_TYPES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLES = {
    "decimal": "decimal",
    "decimal-leading-zero": "decimalZero",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-decimal": "ideographDigital",
    "cjk-ideographic": "chineseCountingThousand",
    "simp-chinese-informal": "chineseCountingThousand",
    "trad-chinese-informal": "taiwaneseCountingThousand",
    "simp-chinese-formal": "chineseLegalSimplified",
    "cjk-heavenly-stem": "ideographTraditional",
    "cjk-earthly-branch": "ideographZodiac",
}
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.I)
_TYPED = re.compile(
    r"\s*(?:[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,4})[)）.．、]|"
    r"第[一二三四五六七八九十百\d]{1,6}[条章节款]|[①-⑳㈠-㈩•·●▪■◦–—-]\s?)"
)


def item_numbers(element: HtmlElement, sheet: ListStyles | None = None) -> dict[HtmlElement, Printed]:
    """What stands before each item; none where items bear typed numbers, or the list hides its own.

    ``sheet`` is what the page's style sheet says of its lists.
    """
    items = [child for child in element if child.tag == "li"]
    printed = sheet.of(element) if sheet and _stated(element) is None else None
    form = _form(element) if printed is None else _named(printed.style)
    inked = [text for item in items if (text := item.text_content().strip())]
    stated = element.get("start") is not None or any(item.get("value") for item in items)
    if not inked or form == "none" or (all(map(_TYPED.match, inked)) and not stated):
        return {}
    if element.tag != "ol" and (printed is None or printed.behind is None):
        return {item: Printed("•", bullet=True) for item in items}
    backwards = element.get("reversed") is not None
    start = number_of(element.get("start"), -9999, 99_999)
    value = start if start is not None else len(items) if backwards else 1
    found: dict[HtmlElement, Printed] = {}
    for item in items:
        own = number_of(item.get("value"), -9999, 99_999)
        value = own if own is not None else value
        kind = _STYLES.get(_stated(item) or "", form)
        sign = "、" if kind.startswith(("chinese", "taiwanese", "ideograph")) else "."
        if printed is not None and printed.behind is not None:
            found[item] = Printed(f"{printed.before}{counted(value, kind)}{printed.behind}".strip())
        else:
            found[item] = Printed(counted(value, kind) + sign)
        value += -1 if backwards else 1
    return found


def _named(style: str) -> str:
    """The form that CSS names, in the words of ``list-style`` or one of its own."""
    words = style.replace("!important", "").split()
    return next((_STYLES.get(word, word) for word in words if word in _STYLES or word == "none"), "decimal")


def _stated(element: HtmlElement) -> str | None:
    match = _STYLE.search(element.get("style", ""))
    words = match[1].lower().replace("!important", "").split() if match else []
    return next((word for word in words if word in _STYLES or word == "none"), None)


def _form(element: HtmlElement) -> str:
    stated = _stated(element)
    if stated:
        return _STYLES.get(stated, stated)
    return _TYPES.get(element.get("type", "1"), "decimal")
