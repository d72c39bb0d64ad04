"""The original of a text: the image of a page, and a paragraph with its lines marked on its pages."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.models import Document, Paragraph
from archive.site.presenters.reading import Reader
from archive.store import derived
from archive.store.addresses.paths import (
    document_path,
    original_file_path,
    original_path,
    page_image_path,
    paragraph_path,
)
from archive.store.links.permalinks import find_paragraph
from archive.store.page_images.places import (
    CHANGED,
    ENDING,
    Places,
    blocked_pages,
    folder_of,
    image_of,
    paged_original,
    read_places,
)
from archive.store.reading import queries as reads
from archive.store.values import Schema, answers

from .fallback import find_text, held_or_404
from .page import page_with_state
from .paragraph import in_focus
from .respond import ending, led_on, moved, plain_text, respond


class OriginalPage(Schema, frozen=True, kw_only=True):
    """A page of the original; sizes and ``marks`` (left, top, width, height) in points."""

    page: int
    width: float
    height: float
    image: str | None
    withheld: bool
    marks: list[tuple[float, float, float, float]]


class Original(Schema, frozen=True, kw_only=True):
    """The pages of the original that show a paragraph."""

    symbol: str
    anchor: str
    url: str
    source: str
    pages_in_all: int
    pages: list[OriginalPage]
    remark: str | None


WIDER = 2.0  # points by which a mark is wider than its line


def _images() -> object:
    """Changes as soon as the images of some source are made or removed, which raises no revision."""
    return derived.stamp(CHANGED)


@page_with_state(_images)
def page_image(request: HttpRequest, symbol: str, number: int) -> HttpResponseBase:
    """Shows the image of a page of the original, from 1; 404 where there is none, 410 where a paragraph
    stands on it that the law forbids to show.
    """
    held = held_or_404(symbol)
    if held.symbol != symbol:
        return moved(request, page_image_path(held.symbol, number))
    sha256 = paged_original(held) or ""
    places = read_places(sha256) if sha256 else None
    if places and number in blocked_pages(sha256, places):
        return plain_text(_("这一页上有依法不予显示的文字，不提供图像。"), 410)
    try:
        image = derived.derived().open(image_of(sha256, number)) if places else None
    except FileNotFoundError:
        image = None
    if image is None:
        return plain_text(_("没有这一页的图像：原件没有这一页，或图像尚未制作。"), 404)
    response = FileResponse(image, content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@answers(Original)
@page_with_state(_images)
def original(request: HttpRequest, symbol: str, anchor: str, twin: bool = False) -> HttpResponseBase:
    """Shows a paragraph with its pages in the original, its lines marked; redirects to its own page where it
    moved or was withdrawn.
    """
    held = find_text(symbol)
    if held is not None and held.symbol != symbol:
        return moved(request, original_path(held.symbol, anchor) + ending(twin))
    found = find_paragraph(held, anchor) if held else None
    if held is None or found is None:
        return led_on(request, paragraph_path(symbol, anchor) + ending(twin))
    sha256 = paged_original(held)
    leaves, remark, total = _leaves(held, found, sha256)
    source = f"{document_path(held.symbol)}/source"
    if sha256 and sha256 != held.source.sha256:
        source = original_file_path(held.symbol, sha256)
    return respond(
        request,
        "archive/original.html",
        {
            "document": held,
            "focus": in_focus(Reader(held, [found], reads.ancestors([found]), on_page=False), found),
            "leaves": leaves,
            "total": total,
            "remark": remark,
            "source": source,
            "source_shown": not any(leaf.withheld for leaf in leaves),
        },
        lambda: Original(
            symbol=held.symbol,
            anchor=anchor,
            url=request.build_absolute_uri(paragraph_path(held.symbol, anchor)),
            source=request.build_absolute_uri(source),
            pages_in_all=total,
            pages=leaves,
            remark=remark or None,
        ),
        twin,
    )


def _leaves(held: Document, found: Paragraph, sha256: str | None) -> tuple[list[OriginalPage], str, int]:
    """Returns the pages of a paragraph, a remark on them, and the original's number of pages."""
    if sha256 is None:
        return [], _("这份文件入库时不是PDF，没有可以对照的页面。"), 0
    places = read_places(sha256)
    if places is None:
        return [], _("这份文件的页面图像尚未制作；可以取原件核对。"), 0
    total = len(places.sheets)
    place = places.of(found.anchor, found.fingerprint)
    if place is None:
        return [], _("没有查到这一段在原件的哪一页；可以取原件核对。"), total
    blocked = blocked_pages(sha256, places)
    there = derived.names_in(folder_of(sha256))
    leaves = [
        _leaf(held, places, number, place.boxes, number in blocked, f"{number}{ENDING}" in there)
        for number in place.pages
    ]
    return leaves, "" if place.boxes else _("没有查到这一段在页面上的位置，所以没有标出。"), total


def _leaf(
    held: Document, places: Places, number: int, boxes: tuple, withheld: bool, is_there: bool
) -> OriginalPage:
    width, height, _turn = places.sheets[number - 1]
    marks = [
        (
            round(left - WIDER, 1),
            round(top - WIDER / 2, 1),
            round(right - left + 2 * WIDER, 1),
            round(bottom - top + WIDER, 1),
        )
        for page, left, top, right, bottom in boxes
        if page == number
    ]
    image = page_image_path(held.symbol, number) if is_there and not withheld else None
    return OriginalPage(
        page=number,
        width=width,
        height=height,
        image=image,
        withheld=withheld,
        marks=[] if withheld else marks,
    )
