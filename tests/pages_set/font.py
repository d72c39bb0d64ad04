"""A TrueType font of one glyph, a box: all that a reader of text needs of the fonts in a test's PDF."""

from __future__ import annotations

import struct

UNITS = 1000
_BOX = (60, -80, 440, 780)


def box_font() -> bytes:
    """The font: glyph 0 is empty, glyph 1 the box, as wide as a Latin letter (it fits in an ideograph)."""
    left, bottom, right, top = _BOX
    # One contour of four points on the curve, the coordinates as differences of words.
    glyph = struct.pack(">hhhhh", 1, left, bottom, right, top) + struct.pack(">HH", 3, 0) + bytes([1] * 4)
    glyph += struct.pack(">hhhh", left, right - left, 0, left - right)
    glyph += struct.pack(">hhhh", bottom, 0, top - bottom, 0)
    tables = {
        b"glyf": glyph,
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, UNITS, 0, 0, *_BOX, 0, 8, 2, 1, 0
        ),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, 880, -120, 0, UNITS, *[0] * 11, 2),
        b"hmtx": struct.pack(">HhHh", UNITS, 0, UNITS, left),
        b"loca": struct.pack(">III", 0, 0, len(glyph)),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, 4, 1, 0, 0, 1, *[0] * 8),
    }
    return _file(tables)


def _file(tables: dict[bytes, bytes]) -> bytes:
    head = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 32)
    place = len(head) + 16 * len(tables)
    entries, bodies = b"", b""
    for tag, body in sorted(tables.items()):
        padded = body + bytes(-len(body) % 4)
        entries += tag + struct.pack(">III", 0, place + len(bodies), len(body))
        bodies += padded
    return head + entries + bodies
