"""Withdrawing a document, or one paragraph of it, merging a document into another, and taking it back.

Each function does one thing whole or not at all, keeps every address that was issued, and raises RefusedError
with a message for the editor. The search index follows by ``archive.store.search_index``, as after an import.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import partial
from typing import cast

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.intake.importing import parse_source, refuse_returning
from archive.intake.importing.same_document import bring_back_seconds, seconds_as_facts
from archive.models import (
    CatalogueRecord,
    Cause,
    Document,
    IssuedText,
    MovedAnchor,
    Paragraph,
    RetiredDocument,
    SourceFile,
    SymbolAlias,
)
from archive.store.ingest.facts import CORRECTABLE, Decision, keep_out, kept_out
from archive.store.ingest.resolve import resolve_mentions_around
from archive.store.ingest.store import store_document
from archive.store.ingest.symbols import count_one_text
from archive.store.ingest.values import RefusedError, Source, Why
from archive.store.links.withheld_rows import (
    forget_bodies,
    provisional_bodies,
    show_again,
    show_reach,
    withhold_again,
    withhold_all,
    withhold_reach,
)
from archive.store.page_images.making import remove_images
from archive.store.reading.queries import standing_retirement
from archive.store.revision import lock_revision, one_act
from archive.text import PARSER_VERSION
from archive.text.language import FIRST

ENDING = RetiredDocument.Ending


def held_document(symbol: str, language: str = FIRST) -> Document:
    """The document held in ``language`` under a symbol or an alias. Raises RefusedError."""
    document = Document.objects.filter(language=language).find(symbol)
    if document is None:
        raise RefusedError(_("本库没有%(symbol)s。") % {"symbol": symbol})
    return document


@one_act()
def withdraw_document(document: Document, by: str, reason: str, withheld: bool = False) -> RetiredDocument:
    """Take ``document`` out of the archive. Its addresses answer 410, with its words unless ``withheld``."""
    revision = _lock(document)
    _require(by, reason)
    now = timezone.now()
    retired = _retire(document, ENDING.WITHDRAWN, "", by, reason, withheld, revision, now)
    texts = IssuedText.objects.of(document)
    texts.standing().update(
        until=now,
        until_revision=revision,
        ending=IssuedText.Ending.WITHDRAWN,
        cause=Cause.WITHDRAWN,
        reason=reason,
        by=by,
    )
    named = provisional_bodies(Paragraph.objects.filter(document=document))
    _remove(document)
    if withheld:
        withhold_all(retired)
        forget_bodies(named)
    return retired


@one_act()
def withhold_retired(retired: RetiredDocument, by: str, reason: str) -> None:
    """Withhold the words of a document that was withdrawn or merged before, and shown with them since."""
    _lock(retired)
    _require(by, reason)
    if retired.lifted or retired.withheld or retired.facts.get("alias"):
        raise RefusedError(_("%(symbol)s没有可改为依法不予显示的文字。") % {"symbol": retired.symbol})
    RetiredDocument.objects.filter(pk=retired.pk).update(withheld=True, by=by, reason=reason)
    closed = IssuedText.objects.of(retired).filter(until_revision=retired.at_revision)
    closed.filter(cause=Cause.WITHDRAWN).update(reason=reason, by=by)
    retired.refresh_from_db()
    withhold_all(retired)


@one_act()
def merge_document(document: Document, into: Document, by: str, reason: str) -> RetiredDocument:
    """Merge ``document`` into another. Its paragraphs lead to their words there, where these stand once."""
    revision = _lock(document, into)
    _require(by, reason)
    if into.pk == document.pk:
        raise RefusedError(_("不能把%(symbol)s并入它自己。") % {"symbol": document.symbol})
    if into.language != document.language:
        raise RefusedError(_("两份文件的语文不同，不能合并。"))
    now = timezone.now()
    retired = _retire(document, ENDING.MERGED, into.symbol, by, reason, False, revision, now)
    places = defaultdict(list)
    for anchor, words in into.paragraphs.values_list("anchor", "fingerprint"):
        places[words].append(anchor)
    closed = list(IssuedText.objects.of(document).standing())
    for row in closed:
        found = places.get(row.fingerprint, ())
        row.ending = IssuedText.Ending.MOVED if len(found) == 1 else IssuedText.Ending.WITHDRAWN
        row.until, row.until_revision = now, revision
        row.cause, row.reason, row.by = Cause.MERGED, reason, by
        if len(found) == 1:
            MovedAnchor.objects.update_or_create(
                symbol=row.symbol,
                language=row.language,
                old_anchor=row.anchor,
                defaults={
                    "new_symbol": into.symbol,
                    "new_anchor": found[0],
                    "moved": now,
                    "revision": revision,
                    "cause": Cause.MERGED,
                    "reason": reason,
                },
            )
    IssuedText.objects.bulk_update(
        closed, ["until", "until_revision", "ending", "cause", "reason", "by"], batch_size=200
    )
    _remove(document)
    withhold_again(into)
    Document.objects.filter(pk=into.pk).update(changed=now)
    resolve_mentions_around(into)
    return retired


@one_act()
def take_back(retired: RetiredDocument, by: str, reason: str = "") -> Document:
    """Undo a withdrawal or merge: the document comes back from its stored source, with its corrections."""
    revision = _lock(retired)
    if retired.lifted or retired.facts.get("alias"):
        raise RefusedError(_("%(symbol)s没有被撤下或并入。") % {"symbol": retired.symbol})
    stored = SourceFile.objects.filter(pk=retired.facts.get("source")).first()
    if stored is None or Document.objects.filter(language=retired.language).find(retired.symbol):
        raise RefusedError(_("恢复不了%(symbol)s：来源文件或文号已不可用。") % {"symbol": retired.symbol})
    into = standing_retirement(retired.successor, retired.language) if retired.successor else None
    if into and into.withheld:
        names = {"symbol": retired.symbol, "into": into.symbol}
        raise RefusedError(
            _("%(symbol)s所并入的%(into)s依法不予显示，所以不能恢复%(symbol)s；请先恢复%(into)s。") % names
        )
    now = timezone.now()
    of_document = {"symbol": retired.symbol, "language": retired.language}
    merged = {"cause": Cause.MERGED, "revision": retired.at_revision}
    MovedAnchor.objects.filter(**of_document, **merged).delete()
    if retired.withheld:
        show_again(retired)
    aliases = RetiredDocument.objects.filter(
        successor=retired.symbol, language=retired.language, lifted=None, facts__alias=True
    )
    own = [alias.symbol for alias in aliases]
    lifted = {"lifted": now, "lifted_revision": revision}
    aliases.update(**lifted)
    retired.lifted, retired.lifted_revision = now, revision
    retired.save(update_fields=[*lifted, "facts"])
    document = Document.objects.create(
        **of_document,
        source=stored,
        changed=now,
        parsed_facts={"symbol": retired.facts.get("parsed_symbol", retired.symbol)},
        corrections=retired.facts.get("corrections", {}),
    )
    count_one_text(document.symbol)
    SymbolAlias.objects.bulk_create(SymbolAlias(symbol=symbol, document=document) for symbol in own)
    read_again(stored.pk, Why(Cause.CORRECTION, reason or gettext_noop("恢复"), by), revision)
    bring_back_seconds(document, retired.facts.get("second_originals", ()))
    if retired.ending == ENDING.MERGED:  # to undo a withdrawal is to decide that its words may be shown
        refuse_returning(document, revision)
    return Document.objects.get(pk=document.pk)


@one_act()
def withdraw_paragraph(
    document: Document, anchor: str, by: str, reason: str, withheld: bool = False
) -> IssuedText:
    """Take one paragraph out of a document that stays; no later import brings it back.

    Where it is withdrawn already, its words are ``withheld`` from now on: ``anchor`` is then as for
    ``take_back_paragraph``.
    """
    revision = _lock(document)
    _require(by, reason)
    now = timezone.now()
    found = Paragraph.objects.filter(document=document, anchor=anchor).first()
    if found is None:
        if withheld and _decisions(document, anchor):
            return _withhold_withdrawn(document, _decision(document, anchor), by, reason, now)
        raise RefusedError(_("%(symbol)s没有标记为%(anchor)s的段落。") % _names(document, anchor))
    texts = IssuedText.objects.of(document)
    row = texts.standing().get(anchor=anchor)
    row.until, row.until_revision = now, revision
    row.ending, row.cause = IssuedText.Ending.WITHDRAWN, Cause.WITHDRAWN
    row.reason, row.by = reason, by
    row.save()
    if withheld:
        withhold_reach(row)
    named = provisional_bodies(Paragraph.objects.filter(pk=found.pk))
    found.children.update(parent=found.parent_id)
    found.delete()
    if withheld:
        forget_bodies(named)
    keep_out(document, (*kept_out(document), (anchor, found.fingerprint)))
    document.changed = now
    document.save(update_fields=["corrections", "changed"])
    resolve_mentions_around(document)
    return IssuedText.objects.get(pk=row.pk)


@one_act()
def take_back_paragraph(document: Document, anchor: str, by: str, reason: str = "") -> bool:
    """Undo the withdrawal of a paragraph: the stored source is read again, with it; returns whether its words
    stand again. The source may have come without them since.

    ``anchor`` may end with a stroke and the beginning of the fingerprint, and has to where several paragraphs
    were withdrawn under that anchor.
    """
    revision = _lock(document)
    decision = _decision(document, anchor)
    corrected = {one for one in _decisions(document, decision[0]) if not _was_issued(document, one)}
    keep_out(document, (one for one in kept_out(document) if one not in {decision, *corrected}))
    show_reach(document, decision[1])
    # Whatever the stored parse was, it lacked the paragraph.
    document.content_hash = ""
    document.save(update_fields=["corrections", "content_hash"])
    read_again(document.source_id, Why(Cause.CORRECTION, reason or gettext_noop("恢复"), by), revision)
    words = {decision[1], *(words for _anchor, words in corrected)}
    return Paragraph.objects.filter(document=document, fingerprint__in=words).exists()


def _decisions(document: Document, place: str) -> list[Decision]:
    """What was withdrawn from ``document`` under ``place``: an anchor, or one with the beginning of a
    fingerprint behind a stroke.
    """
    anchor, _stroke, words = place.partition("/")
    return [one for one in kept_out(document) if one[0] == anchor and one[1].startswith(words)]


def _decision(document: Document, place: str) -> Decision:
    """The one decision that ``place`` means. Raises RefusedError where there is none, or more.

    What was withdrawn may be kept out in corrected words, too, which were never issued: these go with it.
    """
    found = _decisions(document, place)
    found = [one for one in found if _was_issued(document, one)] or found[:1]
    if not found:
        raise RefusedError(_("%(symbol)s的%(anchor)s没有被撤下。") % _names(document, place))
    if len(found) > 1:
        names = _names(document, place) | {
            "places": "、".join(f"{anchor}/{words}" for anchor, words in found)
        }
        raise RefusedError(
            _("%(symbol)s的%(anchor)s之下先后撤下过几段文字，请写明是哪一段：%(places)s。") % names
        )
    return found[0]


def _was_issued(document: Document, decision: Decision) -> bool:
    anchor, words = decision
    texts = IssuedText.objects.of(document)
    return texts.filter(anchor=anchor, fingerprint=words).exists()


def _lock(*rows: Document | RetiredDocument) -> int:
    """Be the only writer, see ``rows`` as the last one left them; returns the number of the revision."""
    number = lock_revision()
    for row in rows:
        try:
            row.refresh_from_db()
        except ObjectDoesNotExist as error:
            raise RefusedError(_("%(symbol)s刚刚已被他人撤下或并入。") % {"symbol": row.symbol}) from error
    return number


def _withhold_withdrawn(
    document: Document, decision: Decision, by: str, reason: str, now: datetime
) -> IssuedText:
    """Withhold the words of a paragraph that was withdrawn before, and shown since as withdrawn."""
    anchor, words = decision
    texts = IssuedText.objects.of(document).filter(anchor=anchor)
    row = texts.filter(fingerprint=words).last()
    if row is None or row.withheld:
        return cast(IssuedText, row or texts.last())
    row.reason, row.by = reason, by
    row.save(update_fields=["reason", "by"])
    withhold_reach(row)
    Document.objects.filter(pk=document.pk).update(changed=now)
    return row


def read_again(key: int, why: Why, revision: int | None = None) -> None:
    """Store again what the stored source with this ``key`` says. Raises RefusedError where it is not read."""
    stored = SourceFile.objects.get(pk=key)
    source = Source(stored.name, bytes(stored.content), stored.sidecar)
    try:
        read = parse_source(source)
    except ValueError as error:
        raise RefusedError(_("保存的来源现在读不出，不能恢复：%(reason)s") % {"reason": error}) from error
    store_document(read, source, PARSER_VERSION, why, revision)


def _retire(
    document: Document,
    ending: str,
    successor: str,
    by: str,
    reason: str,
    withheld: bool,
    revision: int,
    now: datetime,
) -> RetiredDocument:
    """Write down what is known of a document that goes, and of each of its other symbols."""
    common = {"language": document.language, "by": by, "reason": reason, "withheld": withheld}
    common |= {"at": now, "at_revision": revision}
    others = list(document.aliases.values_list("symbol", flat=True))
    for alias in others:
        RetiredDocument.objects.create(
            **common, symbol=alias, ending=ENDING.MERGED, successor=document.symbol, facts={"alias": True}
        )
    if withheld:  # its title stands in the catalogue too
        CatalogueRecord.objects.filter(symbol__in=[document.symbol, *others]).delete()
    return RetiredDocument.objects.create(
        **common, symbol=document.symbol, ending=ending, successor=successor, facts=_facts(document)
    )


def _facts(document: Document) -> dict:
    """What was known, as plain values: what its page tells, and what is needed to take it back."""
    facts = {name: getattr(document, name) for name in CORRECTABLE if name != "symbol"}
    plain = {
        name: value if isinstance(value, str) else value.isoformat() for name, value in facts.items() if value
    }
    return {
        **plain,
        "anchors": list(document.paragraphs.order_by("position").values_list("anchor", flat=True)),
        "source": document.source_id,
        "source_sha256": document.source.sha256,
        "second_originals": seconds_as_facts(document),
        "parsed_symbol": document.parsed_facts.get("symbol") or document.symbol,
        "corrections": document.corrections,
        "ocr_confidence": document.ocr_confidence,
    }


def _remove(document: Document) -> None:
    Paragraph.objects.filter(document=document).update(parent=None)
    digests = Document.objects.filter(pk=document.pk).digests_of_originals()
    document.delete()
    count_one_text(document.symbol)
    for sha256 in digests:
        transaction.on_commit(partial(remove_images, sha256))


def _require(by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        raise RefusedError(_("请写明由谁决定、为什么。"))


def _names(document: Document, anchor: str) -> dict[str, str]:
    return {"symbol": document.symbol, "anchor": anchor}
