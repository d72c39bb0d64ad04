"""What is drawn on a PDF page beside its characters: lines, the frames of cells, pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence

import pypdfium2.raw as raw

Place = Callable[[float, float], tuple[float, float]]
"""The way from the page's own coordinates to points from the upper left corner of the upright page."""

Stretch = tuple[float, float, float]
"""A line: left, y, right of one that lies flat; x, top, bottom of one that stands upright."""

_THIN = 2.5
_LEAST = 4.0
_MOST_SEGMENTS = 4000  # of one drawing: a map or a chart has more
_MOST_LINES = 20_000  # of a page


def read_drawings(
    objects: Sequence[object], place: Place, area: float
) -> tuple[float, list[Stretch], list[Stretch]]:
    """How much of the page (``area``, in square points) pictures cover, the flat lines, the upright lines."""
    pictures = 0.0
    flat: list[Stretch] = []
    upright: list[Stretch] = []
    for one in objects:
        kind = raw.FPDFPageObj_GetType(one)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            left, top, right, bottom = _bounds(one, place)
            pictures += (right - left) * (bottom - top) / max(1.0, area)
        elif kind == raw.FPDF_PAGEOBJ_PATH and len(flat) + len(upright) < _MOST_LINES:
            for left, top, right, bottom in _edges(one, place):
                if bottom - top <= _THIN and right - left >= _LEAST:
                    flat.append((left, (top + bottom) / 2, right))
                elif right - left <= _THIN and bottom - top >= _LEAST:
                    upright.append(((left + right) / 2, top, bottom))
    return pictures, flat, upright


def _bounds(one: object, place: Place) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(one, left, bottom, right, top):
        return 0.0, 0.0, 0.0, 0.0
    return _box(place(left.value, bottom.value), place(right.value, top.value))


def _box(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float, float, float]:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _edges(one: object, place: Place) -> Iterator[tuple[float, float, float, float]]:
    """The drawing as a whole where it is thin, else the pieces of its outline where that is inked."""
    whole = _bounds(one, place)
    if whole[2] - whole[0] <= _THIN or whole[3] - whole[1] <= _THIN:
        yield whole
        return
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    count = raw.FPDFPath_CountSegments(one)
    if not 0 < count <= _MOST_SEGMENTS or not raw.FPDFPath_GetDrawMode(one, filled, stroked):
        return
    subpaths = list(_subpaths(one, count, place))
    if stroked.value:
        for points in subpaths:
            yield from (_box(a, b) for a, b in zip(points, points[1:], strict=False))
    elif len(subpaths) > 1:  # thin bars filled in one go
        for points in subpaths:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            yield min(xs), min(ys), max(xs), max(ys)


def _subpaths(one: object, count: int, place: Place) -> Iterator[list[tuple[float, float]]]:
    """The corners of each outline; one with a curve in it is none of ours."""
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(one, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    curved = False
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(one, at)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1 and not curved:
                yield points
            points, curved = [], False
        curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(
            place(
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            )
        )
        if raw.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if len(points) > 1 and not curved:
        yield points
