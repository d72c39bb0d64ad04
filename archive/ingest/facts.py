"""The facts of a document: as parsed, as corrected by an editor, and as columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, cast

from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.models import Document
from archive.summaries import one_act
from archive.text.parsed import DocumentType, Facts, ParsedDocument
from archive.text.symbols import Symbol, SymbolError

from .checks import check_date, check_visible, check_words, check_year_of_symbol, is_possible_year
from .names import Names
from .resolve import link_document, resolve_mentions_around
from .suppressed import keep_out, kept_out
from .symbols import rename_document
from .values import STORE_VERSION, RefusedError

DATES = ("date", "communication_date", "meeting_date")
# The 1st session opened in January 1946, the nth in September of this year plus n.
FIRST_ASSEMBLY = 1945
# Facts that are columns of their own; an editor may overrule each of them.
CORRECTABLE = tuple(field.name for field in fields(Facts) if field.name not in ("other_symbols", "language"))


def as_plain(facts: Facts) -> dict[str, Any]:
    """Facts as JSON values: what ``Document.parsed_facts`` keeps, so that a correction can be taken back."""
    return json.loads(json.dumps(facts, default=_columns_of))


def content_hash(parsed: ParsedDocument) -> str:
    """SHA-256 over all that is stored of a parse. Equal hashes: readers of the document see no difference.

    Corrections are no part of it: they are in force from the moment they are made.
    """
    whole = [parsed, STORE_VERSION]
    canonical = json.dumps(
        whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_columns_of
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _columns_of(row: Any) -> dict[str, Any]:
    """A dataclass as JSON takes it: without the copies that ``asdict`` makes of everything below."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    if values.get("ocr_confidence", 0) is None:  # the hash of what was never a picture stays as it was
        del values["ocr_confidence"]
    return values


def apply_facts(document: Document, names: Names, replies: list[date]) -> None:
    """Set the columns of ``document`` from its ``parsed_facts``, corrections first. Does not save.

    ``replies`` are the dates of replies in the document: it is not older than the last of them.
    Raises RefusedError where a fact does not fit its column.
    """
    facts = {**document.parsed_facts, **document.corrections}
    for name in CORRECTABLE:
        if name != "symbol":
            setattr(document, name, _column(name, facts.get(name)))
    link_document(document, names)
    document.sort_date, document.year = _chronology(document, replies)


def as_date(value: str | date | None) -> date | None:
    """An ISO 8601 date, or None for an empty value; raises RefusedError for anything else."""
    if not value or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise RefusedError(_("“%(value)s”不是日期（应如2016-06-22）。") % {"value": value}) from None


def _column(name: str, value: Any) -> Any:
    if name in DATES:
        return check_date(label_of(name), as_date(value))
    if name == "document_type":
        return DocumentType(value or DocumentType.DOCUMENT).value
    return check_words(name, label_of(name), value or "")


def label_of(name: str) -> str:
    """What readers call a fact: 标题 for ``title``."""
    return str(cast(Field, Document._meta.get_field(name)).verbose_name)


def _chronology(document: Document, replies: list[date]) -> tuple[date | None, int | None]:
    """The date that sorts a document, and its year.

    Printed issue date, else that of the letter or note, of the meeting, of the last reply; else the first day
    of the year that the symbol tells. A reply's date with an impossible year sorts nothing.
    """
    last = max((day for day in replies if is_possible_year(day.year)), default=None)
    told = document.date or document.communication_date or document.meeting_date or last
    if told:
        return told, told.year
    year = check_year_of_symbol(document.symbol, year_of_symbol(document.symbol))
    return (date(year, 1, 1), year) if year else (None, None)


def year_of_symbol(symbol: str) -> int | None:
    """The year in a symbol, or in which the Assembly's session of the symbol began: A/74/140 → 2019."""
    try:
        parsed = Symbol.parse(symbol)
    except SymbolError:
        return None
    if parsed.year is None and parsed.session and parsed.session.isdecimal():
        return FIRST_ASSEMBLY + int(parsed.session)
    return parsed.year


# Corrections: an editor's word on the facts of a document stands above the parser's.


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
