"""Answers for a withdrawn paragraph, a soft-deleted one: 410, with its words and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from archive.http.addresses import document_path, paragraph_path
from archive.links.permalinks import Current, Fate, Permalink, Withdrawn, follow
from archive.models import Cause, Document, IssuedText, Paragraph
from archive.presenters import history
from archive.presenters.diff import Form
from archive.presenters.history import steps_in_words, why_withdrawn
from archive.presenters.reading import Reader
from archive.presenters.wording import cited_paragraph_name
from archive.reading import queries as reads
from archive.values import as_values

from .respond import respond


def withdrawn(
    request: HttpRequest,
    symbol: str,
    held: Document | None,
    issued: IssuedText,
    twin: bool | str,
    candidates: Sequence[Paragraph] = (),
    link: Permalink | None = None,
) -> HttpResponseBase:
    """Answers 410. ``link`` is the result of ``follow`` where it is known; ``twin`` may also be ".txt"."""
    link = link or _followed(symbol, held, issued)
    candidates, home = candidates or link.candidates, link.document or held
    if twin == ".txt" or request.path.endswith(".txt"):
        return gone_text(_in_words(symbol, issued))
    decided = issued.cause == Cause.WITHDRAWN
    context = {
        "symbol": symbol,
        "held": held,
        "home": home,
        "issued": issued,
        "decided": decided,
        "why": why_withdrawn(issued),
        "name": cited_paragraph_name(issued.anchor),
        "address": document_path(symbol),
        "candidates": named(home, candidates) if home else [],
        "within": named(home, link.within) if home else [],
        "steps": steps_in_words(symbol, link.steps),
        "now_address": _now(held, issued),
        "forms": [] if issued.withheld else Form.all_of(link.forms, issued.text),
    }
    facts = as_values(history.IssuedText.of(issued)) | {
        "fate": Fate.WITHDRAWN,
        "steps": history.Step.all_of(link.steps),
        "same_words_at": _addresses(home, candidates),
        "contained_in": _addresses(home, link.within),
        "forms": [] if issued.withheld else Form.all_of(link.forms, issued.text),
    }
    return respond(request, "archive/withdrawn.html", context, facts, bool(twin), 410)


def _addresses(home: Document | None, paragraphs: Iterable[Paragraph]) -> list[str]:
    return [paragraph_path(home.symbol, each.anchor) for each in paragraphs] if home else []


def gone_text(words: str) -> HttpResponse:
    return HttpResponse(words + "\n", content_type="text/plain; charset=utf-8", status=410)


def _followed(symbol: str, held: Document | None, issued: IssuedText) -> Permalink:
    """Returns the fate of the last text under an address that was asked for without fingerprint."""
    link = follow(symbol, held, issued.anchor, issued.fingerprint)
    if not isinstance(link, Current) or link.fate is Fate.IDENTICAL:
        return link
    # The words stand elsewhere, but the bare address does not lead there: say so rather than redirect.
    return Withdrawn(
        fate=Fate.WITHDRAWN,
        issued=issued,
        candidates=[link.paragraph],
        document=link.document,
        steps=link.steps,
    )


def _now(held: Document | None, issued: IssuedText) -> str:
    """Returns the address of the current text under the anchor; empty where there is none."""
    here = IssuedText.objects.under(issued.symbol, issued.anchor, issued.language).standing()
    standing = held and here.exists()
    return paragraph_path(issued.symbol, issued.anchor) if standing else ""


def _in_words(symbol: str, issued: IssuedText) -> str:
    why = why_withdrawn(issued)
    lines = [f"410 {symbol} {cited_paragraph_name(issued.anchor)}", why, issued.shown_text]
    return "\n".join(line for line in lines if line)


def named(held: Document, paragraphs: Sequence[Paragraph]) -> list[tuple[str, str]]:
    """Returns (address, name) of each paragraph."""
    if not paragraphs:
        return []
    reader = Reader(held, [], [*paragraphs, *reads.ancestors(paragraphs)], on_page=False)
    return [(paragraph_path(held.symbol, other.anchor), reader.name_of(other)) for other in paragraphs]
