"""Writes small PDF files: strings at places, in the order given."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.text.typography import is_wide

from .font import box_font

REGULAR, BOLD, UNMAPPED, ABSENT = "F1", "F2", "F3", "F4"


@dataclass(frozen=True, slots=True)
class Put:
    """A string whose first character stands at ``x``, ``y`` (baseline, from the upper left corner).

    ``spread`` is drawn between its characters, ``turn`` are degrees counter-clockwise; ``mode`` 3 has no ink.
    """

    x: float
    y: float
    text: str
    size: float = 10.5
    font: str = REGULAR
    spread: float = 0.0
    turn: int = 0
    mode: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line."""

    left: float
    y: float
    right: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawn rectangle, as a stroke around it."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A grey picture over a part of the page."""

    left: float
    top: float
    right: float
    bottom: float


Mark = Put | Rule | Frame | Picture


def width_of(text: str, size: float) -> float:
    """The width of ``text`` in these fonts: ideographs are as wide as high, other characters half."""
    return sum(1.0 if is_wide(char) or char in "“”‘’—…" else 0.5 for char in text) * size


def write_pdf(
    pages: Sequence[Iterable[Mark]], *, width: float = 595.0, height: float = 842.0, rotate: int = 0
) -> bytes:
    """A PDF of ``pages``."""
    objects: list[bytes] = [b"", b""]
    fonts = b" ".join(
        f"/{name} {_add_font(objects, name)} 0 R".encode() for name in (REGULAR, BOLD, UNMAPPED, ABSENT)
    )
    picture = _add(
        objects,
        _stream(
            b"\x80",
            "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
        ),
    )
    kids = []
    for marks in pages:
        content = _add(objects, _stream("\n".join(_drawn(mark, height) for mark in marks).encode("latin-1")))
        kids.append(
            _add(
                objects,
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {rotate} /Contents "
                f"{content} 0 R /Resources << /Font << {fonts.decode()} >> /XObject << /P {picture} 0 R >> "
                f">> >>".encode(),
            )
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = (
        f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>".encode()
    )
    return _file(objects)


def _drawn(mark: Mark, height: float) -> str:
    if isinstance(mark, Rule):
        return f"{mark.left:.2f} {height - mark.y:.2f} {mark.right - mark.left:.2f} 0.5 re f"
    if isinstance(mark, Frame):
        size = f"{mark.right - mark.left:.2f} {mark.bottom - mark.top:.2f}"
        return f"{mark.left:.2f} {height - mark.bottom:.2f} {size} re S"
    if isinstance(mark, Picture):
        size = f"{mark.right - mark.left:.2f} 0 0 {mark.bottom - mark.top:.2f}"
        return f"q {size} {mark.left:.2f} {height - mark.bottom:.2f} cm /P Do Q"
    codes = mark.text.encode("utf-16-be").hex()
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}.get(mark.turn, (0.7071, 0.7071))
    matrix = f"{cos} {sin} {-sin} {cos} {mark.x:.2f} {height - mark.y:.2f}"
    return (
        f"BT /{mark.font} {mark.size:.2f} Tf {mark.spread:.3f} Tc {mark.mode} Tr {matrix} Tm <{codes}> Tj ET"
    )


def _add(objects: list[bytes], body: bytes) -> int:
    objects.append(body)
    return len(objects)


def _stream(content: bytes, entries: str = "") -> bytes:
    return f"<< {entries} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def
1 begincodespacerange <0000> <FFFF> endcodespacerange
256 beginbfrange
%s
endbfrange endcmap end end"""


def _add_font(objects: list[bytes], name: str) -> int:
    if name == ABSENT:  # not in the file: the reader's program brings it
        of = "/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        order = "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 0 >>"
        told = f"/Type /Font /Subtype /Type0 /BaseFont /STSong-Light /DescendantFonts [<< {of} {order} >>]"
        return _add(objects, f"<< {told} /Encoding /UniGB-UCS2-H >>".encode())
    base = {REGULAR: "Song", BOLD: "Song-Bold", UNMAPPED: "Hidden"}[name]
    shape = _add(objects, _stream(box_font()))
    glyphs = _add(objects, _stream(zlib.compress(b"\x00\x01" * 65536), "/Filter /FlateDecode"))
    descriptor = _add(
        objects,
        f"<< /Type /FontDescriptor /FontName /{base} /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 "
        f"/FontFile2 {shape} 0 R /Ascent 880 /Descent -120 /CapHeight 700 "
        f"/StemV {160 if name == BOLD else 80} >>".encode(),
    )
    narrow = "0 [500] 1 8211 500 8213 8215 500 8226 8229 500 8231 11903 500 65377 65439 500"
    below = _add(
        objects,
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{base} /FontDescriptor {descriptor} 0 R "
        f"/DW 1000 /CIDToGIDMap {glyphs} 0 R /W [{narrow}] "
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>".encode(),
    )
    told = b""
    if name != UNMAPPED:
        rows = b"\n".join(f"<{page:02X}00> <{page:02X}FF> <{page:02X}00>".encode() for page in range(256))
        told = b" /ToUnicode %d 0 R" % _add(objects, _stream(_TO_UNICODE % rows))
    return _add(
        objects,
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{base} /Encoding /Identity-H ".encode()
        + b"/DescendantFonts [%d 0 R]%s >>" % (below, told),
    )


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)
