"""Corrections: an editor's word on the facts of a document stands above the parser's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from archive.ingest.suppressed import keep_out, kept_out
from archive.models import Document
from archive.summaries import one_act
from archive.text.symbols import Symbol, SymbolError

from .checks import check_visible
from .facts import CORRECTABLE, apply_facts, as_date, label_of
from .names import Names
from .resolve import resolve_mentions_around
from .symbols import rename_document
from .values import RefusedError


def correct_document(document: Document, corrections: Mapping[str, Any]) -> Document:
    """Put exactly ``corrections`` (fact → value, "" for nothing) in force; returns the row as it now is.

    A fact that is not in ``corrections`` is again as parsed; a correction that says what was parsed is none.
    Corrections survive every import. A corrected symbol leaves the old one as an alias. Raises RefusedError
    for a fact that cannot be corrected, a value of the wrong form, or a symbol of another document.
    """
    unknown = [name for name in corrections if name not in CORRECTABLE]
    if unknown:
        raise RefusedError(_("不能更正：%(names)s。") % {"names": "、".join(unknown)})
    with one_act():
        document = Document.objects.select_for_update().get(pk=document.pk)
        wanted = {name: _plain(name, value) for name, value in corrections.items()}
        withdrawn = kept_out(document)
        document.corrections = {
            name: value for name, value in wanted.items() if value != (document.parsed_facts.get(name) or "")
        }
        keep_out(document, withdrawn)
        symbol = document.corrections.get("symbol") or document.parsed_facts["symbol"]
        renamed = symbol != document.symbol
        if renamed:
            rename_document(document, symbol)
        replies = document.paragraphs.exclude(submitter_date=None).values_list("submitter_date", flat=True)
        apply_facts(document, Names(), [day for day in replies if day])
        document.changed = timezone.now()
        document.save()
        if renamed:
            resolve_mentions_around(document)
        return document


def _plain(name: str, value: Any) -> str:
    """A corrected value as JSON: text, or an ISO 8601 date, or "" for nothing."""
    if name == "symbol":
        return canonical_symbol(value)
    day = as_date(value) if name.endswith("date") else None
    return day.isoformat() if day else check_visible(label_of(name), str(value or "").strip())


def canonical_symbol(spelled: str) -> str:
    """The canonical form of a symbol that an editor typed; raises RefusedError with what is wrong."""
    try:
        return str(Symbol.parse(spelled or ""))
    except SymbolError as error:
        raise RefusedError(error.chinese) from error
