"""Styles of a Word file: what a paragraph or a run has from its style and from those it is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from .word_names import below, is_on, number_of, value_of

_HEADING = re.compile(r"(?:heading|标题|標題|titre|заголовок)\s*([1-9])", re.I)
_TITLE = re.compile(r"title|标题|標題|subtitle|副标题", re.I)
_CONTENTS = re.compile(r"(?:toc|目录)\s*\d", re.I)
_LONGEST_CHAIN = 20


class Styles:
    """The styles by id. Chains that go round end where they would begin again."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default: str | None = None
        for style in root.findall("w:style") if root is not None else ():
            name = style.get("w:styleId", "")
            self._styles.setdefault(name, style)
            if style.get("w:type") == "paragraph" and style.get("w:default") in ("1", "true", "on"):
                self._default = self._default or name

    def chain(self, style: str | None) -> Iterator[tuple[str, Element]]:
        """The style with its id, then those it is based on; the default one where ``style`` is None."""
        style = style if style in self._styles else self._default
        seen: set[str] = set()
        while style in self._styles and style not in seen and len(seen) < _LONGEST_CHAIN:
            seen.add(style)
            yield style, self._styles[style]
            style = value_of(self._styles[style], "w:basedOn")

    def name(self, style: str | None) -> str:
        """The name that people see."""
        return next((value_of(found, "w:name") or "" for _, found in self.chain(style)), "")

    def outline(self, style: str | None) -> int | None:
        """The depth of a heading from 1; None for body text."""
        for _, found in self.chain(style):
            level = value_of(found.find("w:pPr"), "w:outlineLvl")
            if level is not None:
                depth = number_of(level, 0, 9)
                return depth + 1 if depth is not None and depth < 9 else None
            name = value_of(found, "w:name") or ""
            if heading := _HEADING.fullmatch(name):
                return int(heading[1])
            if _TITLE.fullmatch(name):
                return 1
        return None

    def numbering(self, style: str | None) -> tuple[str | None, str | None, list[str]]:
        """The list, the level, and the styles from this one to that which states the list."""
        level: str | None = None
        names: list[str] = []
        for name, found in self.chain(style):
            names.append(name)
            stated = below(found, "w:pPr", "w:numPr")
            level = level if level is not None else value_of(stated, "w:ilvl")
            if (listed := value_of(stated, "w:numId")) is not None:
                return listed, level, names
        return None, None, []

    def toggle(self, style: str | None, name: str) -> bool:
        """Whether the style switches a property of its runs on (``w:vanish``, ``w:b``)."""
        if style is None:
            return False
        stated = (is_on(found.find("w:rPr"), name) for _, found in self.chain(style))
        return next((value for value in stated if value is not None), False)

    def raised(self, style: str | None) -> bool:
        """Whether the style sets its runs above the line."""
        if style not in self._styles:
            return False
        stated = (value_of(found.find("w:rPr"), "w:vertAlign") for _, found in self.chain(style))
        return next((value for value in stated if value is not None), "") == "superscript"

    def is_contents(self, style: str | None) -> bool:
        """Whether this is a style of the entries of a table of contents."""
        return _CONTENTS.fullmatch(self.name(style)) is not None
