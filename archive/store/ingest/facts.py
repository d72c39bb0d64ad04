"""The facts of a document: as parsed, as corrected by an editor, and as columns."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any, cast

from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from archive.models import Cause, Document, IssuedText
from archive.store.reading.alignment import ALIKE
from archive.store.revision import one_act
from archive.store.withholding.words import repeats
from archive.text.fingerprint import fingerprint, normal_form
from archive.text.parsed import Correction, DocumentType, Facts, ParsedDocument, ParsedParagraph
from archive.text.sidecar import corrections_as_toml, corrections_of, sidecar_of, stated_in
from archive.text.symbols.errors import SymbolError
from archive.text.symbols.symbol import Symbol, parsed_symbol

from .checks import check_date, check_visible, check_words, check_year_of_symbol, is_possible_year
from .names import Names
from .resolve import link_document, resolve_mentions_around
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
    values.pop("corrections", None)  # what they did is in the rest; the hash of all else stays as it was
    if values.get("ocr_confidence", 0) is None:  # and that of what was never a picture
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
    parsed = parsed_symbol(symbol)
    if parsed is None:
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
        wanted = {name: plain_fact(name, value) for name, value in corrections.items()}
        beside = {name: of for name, of in document.corrections.items() if name in (KEPT_OUT, ROWS)}
        document.corrections = beside | {
            name: value for name, value in wanted.items() if value != (document.parsed_facts.get(name) or "")
        }
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


def plain_fact(name: str, value: Any) -> str:
    """A corrected value as JSON: text, or an ISO 8601 date, or "" for nothing. Raises RefusedError."""
    if name == "symbol":
        return canonical_symbol(value)
    day = check_date(label_of(name), as_date(value)) if name.endswith("date") else None
    return (
        day.isoformat()
        if day
        else check_words(name, label_of(name), check_visible(label_of(name), str(value or "").strip()))
    )


def canonical_symbol(spelled: str) -> str:
    """The canonical form of a symbol that an editor typed; raises RefusedError with what is wrong."""
    try:
        return str(Symbol.parse(spelled or ""))
    except SymbolError as error:
        raise RefusedError(error.chinese) from error


# What was put right at the way in, block by block, and facts: done again at every reading.

# Beside the corrected facts in ``Document.corrections``: all of it in its order, with who and when.
ROWS = "rows"


def corrections_of_document(document: Document | None) -> tuple[Correction, ...]:
    """What people put right in ``document`` where it was looked at before it was published."""
    return corrections_of(document.corrections.get(ROWS, [])) if document else ()


def hold_corrections(document: Document, corrections: Iterable[Correction]) -> bool:
    """Remember ``corrections`` for readings of other files; returns whether any is new. Saves nothing."""
    held = corrections_of_document(document)
    new = [one for one in corrections if one not in held]
    if new:
        changes = (one for one in new if one.what in CORRECTABLE and one.before != one.after)
        facts = {one.what: one.after for one in changes}
        rows = [{name: value for name, value in asdict(one).items() if value} for one in (*held, *new)]
        document.corrections = {**document.corrections, **facts, ROWS: rows}
    return bool(new)


def let_go(document: Document, rows: Iterable[Mapping[str, Any]], before: Mapping[str, Any]) -> None:
    """Forget what was put right in the file whose text ``document`` gives up, as it was ``before``. Saves."""
    mine = {row["what"]: row.get("after", "") for row in rows if row["what"] in CORRECTABLE}
    gone = {name for name, of in mine.items() if document.corrections.get(name) == of} | {ROWS}
    kept = {name: value for name, value in document.corrections.items() if name not in gone}
    document.corrections = kept | {name: before[name] for name in gone if name in before}
    document.save(update_fields=["corrections"])


def sidecar_for(document: Document) -> str:
    """The sidecar from which, with the original, ``document`` comes out again as it stands."""
    stored = document.source.sidecar
    known = sidecar_of(stated_in(stored)).corrections
    rows = [one for one in corrections_of_document(document) if one not in known]
    last = {one.what: one.after for one in (*known, *rows)}
    facts = {name: value for name, value in document.corrections.items() if name in CORRECTABLE}
    read = {name: str(document.parsed_facts.get(name) or "") for name in facts}
    rows += [
        Correction(name, before=read[name], after=of) for name, of in facts.items() if last.get(name) != of
    ]
    ending = "" if not stored or stored.endswith("\n") else "\n"
    return stored + ending + corrections_as_toml(rows)


# Paragraphs that were withdrawn from a document that stays: no import brings them back.

# Beside the corrected facts in ``Document.corrections``: anchor → fingerprint of what is kept out, or a list
# of them, of several paragraphs that were withdrawn under that anchor one after the other.
KEPT_OUT = "withdrawn_paragraphs"

Decision = tuple[str, str]
"""The words that an editor withdrew: the anchor under which they stood, and their fingerprint."""


def decisions_of(corrections: Mapping[str, Any]) -> tuple[Decision, ...]:
    """What ``corrections`` of a document say is withdrawn from it."""
    written = corrections.get(KEPT_OUT, {}).items()
    each = ((anchor, [words] if isinstance(words, str) else words) for anchor, words in written)
    return tuple((anchor, one) for anchor, words in each for one in words)


def kept_out(document: Document | None) -> tuple[Decision, ...]:
    """What is withdrawn from ``document`` now."""
    return decisions_of(document.corrections) if document else ()


def keep_out(document: Document, kept: Iterable[Decision]) -> None:
    """Set what is withdrawn from ``document``. Does not save."""
    under: dict[str, list[str]] = defaultdict(list)
    for anchor, words in dict.fromkeys(kept):
        under[anchor].append(words)
    written = {anchor: words[0] if len(words) == 1 else words for anchor, words in under.items()}
    facts = {name: value for name, value in document.corrections.items() if name != KEPT_OUT}
    document.corrections = {**facts, KEPT_OUT: written} if written else facts


def find_withdrawn(document: Document | None, parsed: ParsedDocument) -> dict[str, str]:
    """Where paragraphs withdrawn from ``document`` stand in ``parsed``: anchor → fingerprint.

    The same words, under whatever anchor; but twins that stand are other paragraphs: as many stay. Where the
    words are not found, what stands under their anchor and is like them is theirs, corrected, unless its
    words stood elsewhere: then the paragraphs were renumbered.
    """
    withdrawn = kept_out(document)
    if document is None or not withdrawn:
        return {}
    standing = dict(document.paragraphs.values_list("anchor", "fingerprint"))
    texts = {paragraph.anchor: paragraph.text for paragraph in parsed.paragraphs}
    words = {anchor: fingerprint(text) for anchor, text in texts.items()}
    under, places = defaultdict(list), defaultdict(list)
    for anchor, cited in withdrawn:
        under[cited].append(anchor)
    for anchor, cited in words.items():
        places[cited].append(anchor)
    found: set[str] = set()
    known = {*standing.values(), *under}
    for cited, anchors in under.items():
        if here := places.get(cited):
            found.update(_places(cited, anchors, here, standing))
            continue
        new = (anchor for anchor in anchors if anchor in words and words[anchor] not in known)
        found.update(anchor for anchor in new if _is_like(document, (anchor, cited), texts[anchor]))
    return {anchor: words[anchor] for anchor in found}


def remember(document: Document, found: Mapping[str, str]) -> bool:
    """Keep out what withdrawn paragraphs were corrected to (``find_withdrawn``) wherever it may stand later;
    returns whether that is new. Does not save.
    """
    withdrawn = kept_out(document)
    known = {cited for _anchor, cited in withdrawn}
    new = [one for one in found.items() if one[1] not in known]
    keep_out(document, (*withdrawn, *new))
    return bool(new)


def _places(cited: str, anchors: list[str], here: list[str], standing: Mapping[str, str]) -> list[str]:
    """Which of the places that have the words ``cited`` ``here`` are those withdrawn under ``anchors``."""
    there = [place for place in here if place in anchors]
    if len(there) == len(anchors):
        return there
    others = sorted((place for place in here if place not in there), key=lambda at: standing.get(at) == cited)
    stay = sum(words == cited for words in standing.values())
    return there + others[: max(0, len(others) - stay)]


def _is_like(document: Document, decision: Decision, text: str) -> bool:
    """Whether ``text`` may be a correction of what was withdrawn; so it counts where nobody has the words."""
    anchor, cited = decision
    issued = IssuedText.objects.of(document).exclude(text="")
    was = (
        issued.filter(fingerprint=cited).first() or issued.filter(anchor=anchor, cause=Cause.WITHDRAWN).last()
    )
    if was is None:
        return True
    then, now = normal_form(was.text), normal_form(text)
    return fuzz.ratio(then, now) >= ALIKE or repeats(now, then)


def leave_out(parsed: ParsedDocument, anchors: Collection[str]) -> ParsedDocument:
    """``parsed`` without the paragraphs under ``anchors``, and without what they mention. Blocks below them
    stand under the block above.
    """
    parents = {
        paragraph.anchor: paragraph.parent for paragraph in parsed.paragraphs if paragraph.anchor in anchors
    }
    if not parents:
        return parsed
    without: dict[str, Any] = {
        field.name: tuple(item for item in getattr(parsed, field.name) if _anchor(item) not in parents)
        for field in fields(parsed)
        if field.name != "facts"
    }
    without["paragraphs"] = tuple(_parted(paragraph, parents) for paragraph in without["paragraphs"])
    without["own_references"] = tuple(
        replace(item, target=None, doubt="absent") if item.target in parents else item
        for item in without["own_references"]
    )
    return replace(parsed, **without)


def _anchor(item: Any) -> str | None:
    return getattr(item, "anchor", None)


def _parted(paragraph: ParsedParagraph, parents: dict[str, str | None]) -> ParsedParagraph:
    parent = paragraph.parent
    while parent in parents:
        parent = parents[parent]
    notes = tuple(note for note in paragraph.notes if note.anchor not in parents)
    if parent == paragraph.parent and notes == paragraph.notes:
        return paragraph
    return replace(paragraph, parent=parent, notes=notes)
