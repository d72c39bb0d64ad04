"""The one function that writes the archive."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, replace
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_noop

from archive.models import Cause, Document, Mention, SourceFile
from archive.store.ingest.facts import find_withdrawn, hold_corrections, leave_out, remember
from archive.store.revision import one_act
from archive.text import PARSER_VERSION
from archive.text.parsed import ParsedDocument
from archive.text.sidecar import CHANGE_CAUSES

from .checks import check_parsed
from .facts import apply_facts, as_plain, content_hash
from .history import record_issue
from .names import Names
from .paragraphs import Written, reply_dates, stands_as_parsed, write_paragraphs
from .resolve import resolve_mentions_around
from .symbols import claim_symbols, count_one_text, find_document
from .values import Outcome, Result, Source, Why


def store_document(
    parsed: ParsedDocument,
    source: Source,
    parser_version: str = PARSER_VERSION,
    why: Why | None = None,
    revision: int | None = None,
) -> Outcome:
    """Write one document into the archive, whole or not at all.

    Created, or updated under the row it has, or unchanged: then nothing is written. ``changed`` moves only
    with what readers see. Addresses that were ever issued are kept (``history``), corrections by an editor
    stay in force (``facts``), what was withdrawn stays out (``symbols``, ``kept_out``), and mentions here and
    elsewhere are resolved to what is now held (``resolve``). ``why`` is told in the history; without it, it
    is derived from what differs (``causes``). ``revision`` is that of the act of which this is a part. Raises
    RefusedError with a message for the person who imports; the archive is then as before.
    """
    check_parsed(parsed)
    with one_act(revision) as revision:
        document = find_document(parsed.facts, source)
        corrections = parsed.corrections
        out = find_withdrawn(document, parsed)
        left = tuple(paragraph.anchor for paragraph in parsed.paragraphs if paragraph.anchor in out)
        parsed = leave_out(parsed, out)
        origin = {"input_hash": source.input_hash(parser_version), "parser_version": parser_version}
        content = content_hash(parsed)
        if document and document.content_hash == content and stands_as_parsed(document, parsed):
            if remember(document, out) | hold_corrections(document, corrections):
                document.save(update_fields=["corrections"])
            return replace(_note_origin(document, source, origin), kept_out=left)
        result = Result.UPDATED if document else Result.CREATED
        why = why or why_it_changes(document, source, parser_version)
        document = document or Document(symbol=str(parsed.facts.symbol), language=parsed.facts.language)
        remember(document, out)
        hold_corrections(document, corrections)
        now = timezone.now()
        names = Names()
        _write_document(document, parsed, source, names, {**origin, "content_hash": content}, now)
        claim_symbols(document, parsed.facts)
        if result is Result.CREATED:
            count_one_text(document.symbol)
        written = write_paragraphs(document, parsed, names, new=result is Result.CREATED)
        record_issue(document, written.paragraphs, revision, now, why)
        resolve_mentions_around(document, new=result is Result.CREATED)
        return replace(_outcome(document, result, written), kept_out=left)


def _outcome(document: Document, result: Result, written: Written) -> Outcome:
    targets = [mention.target_id for mention in written.mentions if mention.certain]
    return Outcome(
        result=result,
        symbol=document.symbol,
        document=document.pk,
        paragraphs=len(written.paragraphs),
        mentions=len(targets),
        resolved=sum(target is not None for target in targets),
    )


def _note_origin(document: Document, source: Source, origin: dict[str, str]) -> Outcome:
    """Same content. Where it was read from other bytes or by another parser, that alone is written; of the
    same bytes the first name stays.
    """
    held = document.source
    if (held.sha256, held.sidecar) == (source.sha256, source.sidecar):
        source = replace(source, name=held.name)
        origin = {**origin, "input_hash": source.input_hash(origin["parser_version"])}
    if document.input_hash == origin["input_hash"]:
        return outcome_of(document, Result.UNCHANGED)
    document.source = stored_source(source)
    for name, value in origin.items():
        setattr(document, name, value)
    document.save(update_fields=["source", *origin])
    return outcome_of(document, Result.UPDATED)


def outcome_of(document: Document, result: Result) -> Outcome:
    """An outcome with the counts of what is stored of ``document``."""
    mentions = Mention.objects.filter(certain=True, paragraph__document=document)
    counts = mentions.aggregate(certain=Count("pk"), resolved=Count("target"))
    return Outcome(
        result=result,
        symbol=document.symbol,
        document=document.pk,
        paragraphs=document.paragraphs.count(),
        mentions=counts["certain"],
        resolved=counts["resolved"],
    )


def _write_document(
    document: Document,
    parsed: ParsedDocument,
    source: Source,
    names: Names,
    provenance: dict[str, str],
    now: datetime,
) -> None:
    document.source = stored_source(source)
    document.parsed_facts = as_plain(parsed.facts)
    document.doubts = [asdict(doubt) for doubt in parsed.doubts]
    document.ocr_confidence = parsed.ocr_confidence
    document.changed = now
    for name, value in provenance.items():
        setattr(document, name, value)
    apply_facts(document, names, reply_dates(parsed))
    document.save()


def stored_source(source: Source) -> SourceFile:
    """The row of this source; a new one where the bytes or the sidecar are new."""
    same = SourceFile.objects.filter(name=source.name, sha256=source.sha256, sidecar=source.sidecar)
    return same.first() or SourceFile.objects.create(
        name=source.name, sha256=source.sha256, sidecar=source.sidecar, content=source.content
    )


# Why texts of a document change when it is imported again. What is stored is the key of the message, in
# Chinese, whoever imports: it is worded when it is shown (``wording.reason_in_words``).

# Keys of a sidecar that speak of the change, not of the document.
CAUSE_KEY, REASON_KEY = "change_cause", "change_reason"
STATED = {name: Cause(name) for name in CHANGE_CAUSES}


def why_it_changes(document: Document | None, source: Source, parser_version: str) -> Why:
    """What a new source means for the texts of ``document``; empty for a document that is new.

    Other bytes or another sidecar: the source was corrected, or what the sidecar states with ``change_cause``
    and ``change_reason``. What the sidecar before it already stated was said of an earlier change. Otherwise
    another program read it. Of the same bytes with other corrections nothing but these is new.
    """
    if document is None:
        return Why()
    before = document.source
    if (before.sha256, before.sidecar) == (source.sha256, source.sidecar):
        new = document.parser_version != parser_version
        return Why(Cause.PARSING, gettext_noop("以新版程序重新解析") if new else gettext_noop("重新入库"))
    stated = stated_why(source.sidecar)
    was, now = (one.sidecar.partition("[[corrections]]") for one in (before, source))
    if before.sha256 == source.sha256 and was[2] != now[2] and was[0].strip() == now[0].strip():
        return Why(Cause.CORRECTION, gettext_noop("编者更正了读错的地方"))
    if stated and stated != stated_why(before.sidecar):
        return stated
    return Why(Cause.SOURCE, gettext_noop("来源文件已更换"))


def stated_why(sidecar: str) -> Why | None:
    """What a sidecar says of the change; None where it says nothing, or cannot be read."""
    try:
        stated = tomllib.loads(sidecar)
    except tomllib.TOMLDecodeError:
        return None
    cause, reason = stated.get(CAUSE_KEY), stated.get(REASON_KEY)
    if not cause and not reason:
        return None
    kind = STATED.get(str(cause), Cause.SOURCE)
    return Why(kind, str(reason or _without_reason(kind)))


def _without_reason(cause: Cause) -> str:
    return {
        Cause.SOURCE: gettext_noop("来源文件已更换"),
        Cause.CORRIGENDUM: gettext_noop("按更正文件修改"),
        Cause.CORRECTION: gettext_noop("编者更正来源文件"),
        Cause.PARSING: gettext_noop("重新提取文字"),
    }[cause]
