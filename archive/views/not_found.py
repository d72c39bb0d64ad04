"""404: what an address says when read as a symbol, what is nearest to it, and a search box."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from archive.http.addresses import paragraph_path
from archive.http.machine_addresses import is_machine_address
from archive.models import Document, Resolution
from archive.presenters.symbols import nearest, read_aloud, un_url
from archive.presenters.wording import part_name, spoken_symbol
from archive.reading import queries as reads
from archive.text.pinpoints import PART
from archive.text.shapes import read_part_label

from .respond import json_response

# What may follow a symbol in an address of ours.
TAIL = re.compile(
    r"/(?:(?:p|op)/[^/]+(?:/[^/]+(?:/cite)?)?|cited-by|cite|history|range|source|dropped)$", re.IGNORECASE
)
FORMAT = re.compile(r"\.(?:csl\.json|akn\.xml|json|txt|csv|xlsx|atom|ris|bib)$", re.IGNORECASE)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers 404 with an explanation of the address read as a symbol, similar symbols, and a search box."""
    wanted = _wanted(request.path_info)
    message = str(exception.args[0]) if exception.args and isinstance(exception.args[0], str) else ""
    held = _document_of(request)
    numbers = numbering(held) if held else []
    if is_machine_address(request.path_info):
        facts = {"error": message or _("没有这个地址。"), "asked": request.path}
        return json_response(facts | _numbers_as_json(held, numbers), 404)
    looks_like_symbol = bool(wanted) and not wanted.startswith(("static/", "admin"))
    parts = read_aloud(wanted) if looks_like_symbol else []
    known = reads.canonical(wanted) if looks_like_symbol else None
    suggestions = _suggestions(wanted) if looks_like_symbol else []
    has_page = any(near["symbol"] == known for near in suggestions)
    context = {
        "asked": request.path,
        "no_twins": True,
        "wanted": wanted if known else "",
        "message": message.rstrip("。"),
        "parts": parts if known and not has_page else [],
        "reason": parts[0].meaning if parts and not known and re.match(r"[A-Za-z-]+/", wanted) else "",
        "suggestions": suggestions[:1] if has_page else suggestions,
        "un_url": un_url(known) if known else None,
        "symbol": known,
        "document": held,
        "numbering": numbers,
    }
    return render(request, "404.html", context, status=404)


def _numbers_as_json(held: Document | None, numbers: Sequence) -> dict:
    if held is None:
        return {}
    return {"ocr_confidence": held.ocr_confidence, "paragraphs": numbering_as_json(numbers)}


def _document_of(request: HttpRequest) -> Document | None:
    """Returns the document of which a paragraph was requested that it does not have; else None."""
    match = request.resolver_match
    given = match.kwargs if match else {}
    return Document.objects.find(given["symbol"]) if "symbol" in given and "anchor" in given else None


def _wanted(path: str) -> str:
    """Returns the part of an address that may have been meant as a symbol; at most 200 characters."""
    bare = FORMAT.sub("", path.strip("/")[:200])
    return TAIL.sub("", bare).replace("\x00", "")


def _suggestions(wanted: str) -> list[dict]:
    near = nearest(wanted, reads.known_symbols())
    held = {document.symbol: document for document in Document.objects.filter(symbol__in=near)}
    family = {resolution.symbol: resolution for resolution in Resolution.objects.filter(symbol__in=near)}
    return [
        {
            "symbol": symbol,
            "name": spoken_symbol(symbol),
            "document": held.get(symbol),
            "resolution": family.get(symbol),
        }
        for symbol in near
    ]


# The numbers that the paragraphs of a document bear, by part: 附件第1至33段.

NUMBERED = re.compile(rf"(?:(?P<part>{PART.pattern})\.)?(?P<preambular>pp)?(?P<number>\d+)")


@dataclass(frozen=True, slots=True)
class Run:
    """Paragraphs numbered without a gap: first and last number with the addresses of their paragraphs."""

    first: int
    last: int
    first_address: str
    last_address: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbered runs of one part, and its name (empty for the main part)."""

    name: str
    runs: tuple[Run, ...]


def numbering(held: Document) -> list[Numbering]:
    """Lists the numbered paragraphs in each part of a document, in its order. Two queries."""
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    labels = held.paragraphs.filter(role="annex_label").values_list("anchor", "text")
    names = {anchor: label.words for anchor, text in labels if (label := read_part_label(text))}
    for anchor in held.paragraphs.order_by("position").values_list("anchor", flat=True):
        if found := NUMBERED.fullmatch(anchor):
            numbers[found["part"] or "", found["preambular"] or ""].append(int(found["number"]))
    return [
        Numbering(
            names.get(part, part_name(part)) + (_("序言部分") if mark else ""),
            tuple(_run(held.symbol, f"{part}." if part else "", mark, *ends) for ends in _runs(given)),
        )
        for (part, mark), given in numbers.items()
    ]


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Joins consecutive numbers: ``[1, 2, 3, 5]`` → ``[(1, 3), (5, 5)]``."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _run(symbol: str, above: str, mark: str, first: int, last: int) -> Run:
    ends = [paragraph_path(symbol, f"{above}{mark}{number}") for number in (first, last)]
    return Run(first, last, *ends)


def numbering_as_json(found: Sequence[Numbering]) -> list[dict]:
    return [
        {"part": part.name, "first": run.first, "last": run.last, "url": run.first_address}
        for part in found
        for run in part.runs
    ]
