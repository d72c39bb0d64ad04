"""Withdrawn texts: 410, with the reason and where what was cited stands now."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from archive.models import Cause, Document, IssuedText, Paragraph, RetiredDocument
from archive.site.presenters import history
from archive.site.presenters.diff import Form
from archive.site.presenters.history import steps_in_words, why_withdrawn
from archive.site.presenters.wording import cited_paragraph_name
from archive.site.views.fallback import named
from archive.store.addresses.paths import document_path, paragraph_path
from archive.store.links.permalinks import Current, Fate, Permalink, Withdrawn, follow
from archive.store.values import as_values

from .respond import plain_text, respond


def withdrawn(
    request: HttpRequest,
    symbol: str,
    held: Document | None,
    issued: IssuedText,
    twin: bool | str,
    link: Permalink | None = None,
) -> HttpResponseBase:
    """Answers 410. ``link`` is the result of ``follow`` where it is known; ``twin`` may also be ".txt"."""
    link = link or _followed(symbol, held, issued)
    candidates, home = link.candidates, link.document or held
    if twin == ".txt" or request.path.endswith(".txt"):
        return plain_text(_in_words(symbol, issued), 410)
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
        "ocr_confidence": _confidence(held, issued),
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
    return "\n".join(line for line in lines if line) + "\n"


def _confidence(held: Document | None, issued: IssuedText) -> int | None:
    """Returns the OCR confidence of the document whose text it was, also of one that was withdrawn since."""
    if held:
        return held.ocr_confidence
    of_document = {"symbol": issued.symbol, "language": issued.language}
    last = RetiredDocument.objects.filter(**of_document).order_by("pk").last()
    return last.facts.get("ocr_confidence") if last else None
