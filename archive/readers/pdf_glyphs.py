"""The characters of a PDF page as they are set: each with its place and size, in the order of the file.

PDFium orders the characters of a line by their place, which tears lines apart that a producer has set over
each other and takes trimmed punctuation out of its place; the order of the page's own objects does not.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .pdf_drawings import Place, read_drawings

_MOST_OBJECTS = 60_000
_DEEPEST = 4
_INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
_BOLD = 600
_BOLD_NAMES = ("bold", "black", "heavy", "simhei", "heiti")
_SKEW = math.radians(4)
_SYMBOL_FONT = range(0xF020, 0xF100)


class Glyph(NamedTuple):
    """A character: its origin and advance in points from the upper left corner, ``y`` being the baseline.

    ``confidence``, from 0 to 100, is told of what was recognized in a picture.
    """

    char: str
    x: float
    y: float
    right: float
    size: float
    bold: bool
    confidence: float | None = None


@dataclass(slots=True)
class Leaf:
    """What stands on a page. ``rules`` are drawn lines that lie flat, ``posts`` those that stand upright (see
    ``Stretch``); ``unmapped`` counts the characters whose font does not say what they are, ``hidden`` those
    that are printed without ink; ``askew`` are texts that do not run as the page's does. ``turn`` is by how
    many degrees the page must be turned clockwise for its text to stand upright."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[tuple[float, float, float]] = field(default_factory=list)
    posts: list[tuple[float, float, float]] = field(default_factory=list)
    characters: int = 0
    unmapped: int = 0
    hidden: int = 0
    images: float = 0.0
    askew: list[str] = field(default_factory=list)
    turn: int = 0
    recognized: bool = False


class _Font(NamedTuple):
    """What a text object tells of its characters: ``order`` is its place in the page's stream."""

    order: int
    size: float
    bold: bool
    angle: float
    hidden: bool


def read_leaf(page: pdfium.PdfPage, number: int) -> Leaf:
    """What stands on ``page``, which is page ``number`` from 1. Raises PdfiumError where it is broken."""
    objects = list(_objects(page.raw, 0))
    orders = {_address(one): at for at, one in enumerate(objects)}
    found = _characters_of(page, orders)
    lost = _lost(objects, found)
    while lost and (more := _passed_over(page, orders, found)):
        found += more
        lost = _lost(lost, found)
    turn = _turn_of(found)
    place, width, height = _upright(page, turn)
    leaf = Leaf(number, width, height, turn=(turn - page.get_rotation()) % 360)
    _take_characters(leaf, found, turn, place)
    # Blanks leave no trace either; a font that is not in the file may leave none of its ideographs.
    absent = [one for one in lost if not raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(one))]
    leaf.unmapped += len(_without_shadows(absent, objects))
    leaf.images, leaf.rules, leaf.posts = read_drawings(objects, place, leaf.width * leaf.height)
    return leaf


def _objects(holder: object, depth: int) -> Iterator[object]:
    """The objects of a page or form in the order in which they are drawn, forms opened."""
    count = raw.FPDFFormObj_CountObjects(holder) if depth else raw.FPDFPage_CountObjects(holder)
    for at in range(min(count, _MOST_OBJECTS)):
        one = raw.FPDFFormObj_GetObject(holder, at) if depth else raw.FPDFPage_GetObject(holder, at)
        if not one:
            continue
        yield one
        if raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _objects(one, depth + 1)


def _address(one: Any) -> int:
    return ctypes.addressof(one.contents)


class _Found(NamedTuple):
    font: _Font
    at: int
    char: str
    x: float
    y: float
    box: tuple[float, float, float, float]
    unmapped: bool
    address: int
    object: object


def _characters_of(page: pdfium.PdfPage, orders: dict[int, int]) -> list[_Found]:
    text = page.get_textpage()
    try:
        return list(_characters(text.raw, orders))
    finally:
        text.close()


def _lost(objects: list[object], found: list[_Found]) -> list[object]:
    """The text objects of which no character was found."""
    seen = {one.address for one in found}
    texts = (one for one in objects if raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_TEXT)
    return [one for one in texts if _address(one) not in seen]


def _without_shadows(lost: list[object], objects: list[object]) -> list[object]:
    """The lost objects but for those that are drawn once more over one that was found (a bold print)."""
    apart = set(map(_address, lost))
    seen = [_bounds(one) for one in objects if _address(one) not in apart] if lost else []
    return [one for one in lost if not any(_is_over(_bounds(one), other) for other in seen)]


def _bounds(one: object) -> tuple[float, ...]:
    edges = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(one, *edges)
    return tuple(edge.value for edge in edges)


def _is_over(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    near = 0.2 * (one[3] - one[1])
    return all(abs(edge - beside) < near for edge, beside in zip(one, other, strict=True))


def _passed_over(page: pdfium.PdfPage, orders: dict[int, int], found: list[_Found]) -> list[_Found]:
    """What PDFium takes for the shadow of a text before it: lines with the same words as one above.

    Only what stands elsewhere than its like is text; the rest is a shadow or a bold print indeed.
    """
    places: dict[str, list[_Found]] = {}
    for one in found:
        places.setdefault(one.char, []).append(one)
        raw.FPDFPageObj_SetIsActive(one.object, False)

    def is_shadow(one: _Found) -> bool:
        near = 0.4 * one.font.size
        return any(abs(o.x - one.x) < near and abs(o.y - one.y) < near for o in places.get(one.char, ()))

    return [one for one in _characters_of(page, orders) if not is_shadow(one)]


def _characters(text: object, orders: dict[int, int]) -> Iterator[_Found]:
    """Every character that stands in the file (PDFium adds blanks and line ends of its own)."""
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    fonts: dict[int, _Font] = {}
    weights: dict[int, bool] = {}
    for at in range(raw.FPDFText_CountChars(text)):
        one = raw.FPDFText_GetTextObject(text, at)
        if not one:
            continue
        address = _address(one)
        font = fonts.get(address)
        if font is None:
            order = orders.get(address, len(orders))
            font = fonts[address] = _font_of(text, at, one, order, weights)
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetLooseCharBox(text, at, box)
        edges = (box.left, box.bottom, box.right, box.top)
        code = raw.FPDFText_GetUnicode(text, at)
        if raw.FPDFText_IsHyphen(text, at) == 1:
            code = ord("-")  # PDFium tells a hyphen at the end of a line by a code of its own
        unmapped = raw.FPDFText_HasUnicodeMapError(text, at) == 1 or code in (0, 0xFFFE, 0xFFFF)
        char = "\ufffd" if unmapped else chr(code)
        yield _Found(font, at, char, x.value, y.value, edges, unmapped, address, one)


def _font_of(text: object, at: int, one: object, order: int, weights: dict[int, bool]) -> _Font:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, at, matrix)
    size = raw.FPDFText_GetFontSize(text, at) * (math.hypot(matrix.c, matrix.d) or 1.0)
    hidden = raw.FPDFTextObj_GetTextRenderMode(one) == _INVISIBLE
    font = raw.FPDFTextObj_GetFont(one)
    bold = False
    if font:
        key = _address(font)
        bold = weights[key] if key in weights else weights.setdefault(key, _is_bold(font))
    return _Font(order, size, bold, math.atan2(matrix.b, matrix.a), hidden)


def _is_bold(font: object) -> bool:
    name = ctypes.create_string_buffer(128)
    raw.FPDFFont_GetBaseFontName(font, name, 128)
    plain = name.value.decode("utf-8", "replace").lower()
    return raw.FPDFFont_GetWeight(font) >= _BOLD or any(word in plain for word in _BOLD_NAMES)


def _turn_of(found: list[_Found]) -> int:
    """By how many degrees, 0, 90, 180 or 270, most of the text is turned counter-clockwise."""
    turns = Counter(round(math.degrees(one.font.angle) / 90) % 4 * 90 for one in found)
    return max(turns, key=turns.__getitem__, default=0)


def _upright(page: pdfium.PdfPage, turn: int) -> tuple[Place, float, float]:
    """The way from the page's own coordinates to points from the upper left corner of the upright page,
    and its width and height."""
    left, bottom, right, top = page.get_bbox()
    if turn == 90:
        return lambda x, y: (y - bottom, x - left), top - bottom, right - left
    if turn == 180:
        return lambda x, y: (right - x, y - bottom), right - left, top - bottom
    if turn == 270:
        return lambda x, y: (top - y, right - x), top - bottom, right - left
    return lambda x, y: (x - left, top - y), right - left, top - bottom


def _take_characters(leaf: Leaf, found: list[_Found], turn: int, place: Place) -> None:
    askew: dict[int, str] = {}
    high = ""
    before: _Found | None = None
    for one in sorted(found, key=lambda one: (one.font.order, one.at)):
        if one.unmapped:
            leaf.unmapped += 1
        leaf.hidden += one.font.hidden
        if abs((one.font.angle - math.radians(turn) + math.pi) % (2 * math.pi) - math.pi) > _SKEW:
            askew[one.font.order] = askew.get(one.font.order, "") + one.char
            continue
        if "\ud800" <= one.char <= "\udbff":
            high = one.char
            continue
        char = (high + one.char).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        high = ""
        # A ligature (——, ﬁ) gives all its characters one origin.
        shared = before is not None and before.font is one.font and before.x == one.x and before.y == one.y
        x, y = place(one.x, one.y)
        ends = place(*one.box[:2])[0], place(*one.box[2:])[0]
        x = min(ends) if shared else x
        before = one
        if not (-1 <= x <= leaf.width + 1 and -1 <= y <= leaf.height + 1):
            continue
        leaf.glyphs.append(Glyph(_told(char), x, y, max(*ends, x), one.font.size or 1.0, one.font.bold))
    leaf.characters = len(leaf.glyphs)
    leaf.askew = ["".join(askew.values())] if askew else []


def _told(char: str) -> str:
    """One blank for all, and one bullet for those of symbol fonts."""
    return " " if char.isspace() else "•" if ord(char) in _SYMBOL_FONT else char
