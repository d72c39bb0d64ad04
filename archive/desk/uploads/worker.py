"""What was sent is read, published and taken out again here, outside of requests, one file at a time.

A worker takes a file for some minutes. What it makes of it is written in one transaction with the state of
the file; a worker that is killed leaves the file as it was, and when its time is over another takes it up.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.intake.importing import FileReport, ImportBatch, Status, facts_shown, refuse_returning
from archive.intake.importing.packed import is_archive
from archive.intake.importing.words import LANGUAGES, wrong_language
from archive.intake.retirement import read_again, take_back, withdraw_document
from archive.models import Cause, Document, IntakeItem, SourceFile
from archive.readers import Source as Read
from archive.readers.pool import read_file
from archive.store.derived import building
from archive.store.ingest.checks import asks_for_symbol
from archive.store.ingest.facts import content_hash, let_go
from archive.store.ingest.values import RefusedError, Source, Why
from archive.store.reading.queries import standing_retirement
from archive.store.revision import one_act
from archive.text.language import FIRST
from archive.text.parsed import ParsedDocument
from archive.text.sidecar import corrections_as_toml, corrections_of

from .preview import doubts_in, preview_of
from .receiving import MOST_ASIDE, check_size, keep, sent, sort_out

LEASE = timedelta(minutes=10)
"""More than a child is given to read a file and to parse it."""
TRIES = 3
KEPT = timedelta(days=90)
"""How long what nobody decides on, or was put away, is kept."""
BEGINNING = 8000
"""Characters of a file without symbol, that are shown beside the field for it."""
State = IntakeItem.State
_AT_A_TERMINAL = re.compile(r"在同名的\.toml文件中写明[^。]*")
"""What a reason advises, for which the desk has a form."""
UNDECIDED = (State.TO_CHECK, State.SET_ASIDE, State.REFUSED, State.FAILED)


class TakenError(RefusedError):
    """Somebody else works on a file by now, because this worker took too long."""


def take(owner: str) -> IntakeItem | None:
    """Returns the next file to be worked on, held for ``owner``; None where there is none.

    What was taken up too often is told as failed, and not taken.
    """
    turns = Case(*(When(state=state, then=turn) for turn, state in enumerate(IntakeItem.TO_DO)))
    # What came last is taken out first: of two files of one document the second stands on the first.
    recalled = Case(When(state=State.RECALLED, then=-1), default=1)
    order = turns, recalled * F("pk")
    while (item := _free().order_by(*order).defer("content", "preview").first()) is not None:
        mine = _free().filter(pk=item.pk, tries=item.tries)
        if item.tries >= TRIES:
            mine.update(**_failed(item))
        elif mine.update(lease_owner=owner, lease_until=timezone.now() + LEASE, tries=F("tries") + 1):
            return IntakeItem.objects.get(pk=item.pk)
    return None


def work(owner: str) -> State | None:
    """Does what is to be done with one file; returns the state it was in, or None where nothing waits."""
    item = take(owner)
    if item is None:
        return None
    state = State(item.state)
    with suppress(TakenError):
        _STEPS[state](item)
    return state


def expire() -> None:
    """Takes away what nobody decided on for long: the file and all that was read of it."""
    old = IntakeItem.objects.filter(state__in=UNDECIDED, changed__lt=timezone.now() - KEPT)
    keys = list(old.exclude(content=None).values_list("pk", flat=True)[:500])
    if not keys:
        return
    told = _("%(days)d天没有处理，原件已经删去；要收入，请重新上传。") % {"days": KEPT.days}
    gone = IntakeItem.objects.filter(pk__in=keys)
    with transaction.atomic():
        gone.filter(state__in=(State.TO_CHECK, State.FAILED)).update(reason=told)
        gone.filter(state=State.TO_CHECK).update(state=State.SET_ASIDE)
        gone.update(content=None, preview={})


def settle(item: IntakeItem, state: State, reason: str = "", **values: Any) -> None:
    """Ends the work on ``item``. Raises TakenError where somebody else has it by now."""
    mine = IntakeItem.objects.filter(
        pk=item.pk, state=item.state, lease_owner=item.lease_owner, tries=item.tries
    )
    free = {"lease_owner": "", "lease_until": None, "tries": 0}
    if not mine.update(**{**free, "state": state, "reason": reason, "changed": timezone.now(), **values}):
        raise TakenError(_("另一个程序已经接手这份文件。"))


def _free() -> QuerySet[IntakeItem]:
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return IntakeItem.objects.filter(free, state__in=IntakeItem.TO_DO)


def _failed(item: IntakeItem) -> dict[str, Any]:
    state, told = {
        State.RECALLED: (State.PUBLISHED, _("试了三次都没有撤下，没有再试。")),
        State.RETURNING: (State.WITHDRAWN, _("试了三次都没有恢复，没有再试。")),
    }.get(State(item.state), (State.FAILED, _("试了三次都中途停止，没有再试；原件保留着。")))
    return {"state": state, "reason": told, "tries": 0, "lease_until": None, "changed": timezone.now()}


def _read(item: IntakeItem) -> None:
    """Parses a file and stores it for trial, as an import would; an archive is unpacked."""
    with building(Path(tempfile.gettempdir()) / "archive-intake") as scratch:
        path = scratch / f"sent{PurePosixPath(item.name).suffix[:10]}"
        path.write_bytes(bytes(item.content or b""))
        if is_archive(path):
            _unpack(item, path, scratch)
            return
    found: list[dict[str, Any]] = []

    def seen(read: Read, parsed: ParsedDocument) -> None:
        found.append({"preview": preview_of(read, parsed, item.name), "digest": content_hash(parsed)})
        found[0]["title"] = parsed.facts.title or ""
        named = str(parsed.facts.symbol), parsed.facts.language
        found[0]["before"] = {"held": _hash_in_archive(*named), "language": named[1]}

    report = ImportBatch(dry_run=True, again=True, bounded=True, seen=seen).import_source(_source(item))
    read: dict[str, Any] = {"symbol": report.symbol}
    state, reason = State.TO_CHECK, _AT_A_TERMINAL.sub(_("在本页的“文件信息”中说明"), report.reason)
    if report.status is Status.REFUSED:
        state = State.REFUSED
        read["preview"] = _asked_for(item, report.reason)
    else:
        read |= {**found[0], "outcome": report.status.value, "doubts": doubts_in(found[0]["preview"])}
    same = report.status is Status.UPDATED and read["before"]["held"] == read["digest"]
    if same or report.status is Status.UNCHANGED:
        state = State.SET_ASIDE
        reason = _("库中已有%(symbol)s，内容相同。") % {"symbol": report.symbol}
    settle(item, state, reason or item.reason, **read)


def _asked_for(item: IntakeItem, reason: str) -> dict[str, Any]:
    """What a person can state of a file that was refused for want of it, and its first words."""
    asks = "symbol" if asks_for_symbol(reason) else "language"
    if asks == "language" and reason not in map(wrong_language, LANGUAGES):
        return {}
    text = read_file(bytes(item.content or b""), item.name).text.strip()
    return {"asks": asks, "beginning": text[:BEGINNING]}


def _hash_in_archive(symbol: str, language: str) -> str:
    """The hash of what the archive holds under ``symbol`` in a language; empty for nothing."""
    held = Document.objects.filter(language=language).find(symbol) if symbol else None
    return held.content_hash if held else ""


def _unpack(item: IntakeItem, path: Path, scratch: Path) -> None:
    """Puts what is in an archive beside it, as files of the same batch."""
    try:
        found, aside, whole = sort_out(path, item.name, scratch)
        check_size(len(found) + len(aside), sum(one.path.stat().st_size for one in found))
    except RefusedError as error:
        found, aside, whole = [], [], str(error)
    with transaction.atomic():
        if found:
            keep(item.batch, map(sent, found))
            told = _("压缩包：解开为%(count)d份，列在后面。") % {"count": len(found)}
            settle(item, State.UNPACKED, f"{told}{whole}", content=None)
        else:
            settle(item, State.REFUSED, whole or _("压缩包中没有文字、PDF、Word文件或网页。"))
            aside = aside[:MOST_ASIDE]
        keep(item.batch, aside)


def _publish(item: IntakeItem) -> None:
    """Stores the document by an import of its own, in whose transaction ``item`` becomes published."""

    def seen(_read: Read, parsed: ParsedDocument) -> None:
        symbol = str(parsed.facts.symbol)
        language = parsed.facts.language
        other = item.before.get("held", now := _hash_in_archive(symbol, language)) != now
        if other or content_hash(parsed) != item.digest:
            outcomes.append(Status.REFUSED)
            told = _("库中这一文号的文件有了变动") if other else _("程序有更新，读出的内容不同了")
            raise RefusedError(_("核对以后，%(told)s；请再核对一次。") % {"told": told})
        if held := Document.objects.filter(language=language).find(symbol):
            before.update(source=held.source_id, corrections=held.corrections)

    def closed(report: FileReport) -> None:
        made = report.outcome.document if report.outcome else None
        before["language"] = Document.objects.filter(pk__in=[made]).values_list("language", flat=True).first()
        done = {"outcome": report.status.value, "document": made, "symbol": report.symbol, "before": before}
        settle(item, State.PUBLISHED, report.reason, content=None, preview={}, **done)
        outcomes.append(report.status)

    outcomes, before = list[Status](), dict[str, Any]()
    batch = ImportBatch(bounded=True, seen=seen, closed=closed)
    report = batch.import_source(_source(item))
    if report.status is Status.REFUSED:
        settle(item, State.WAITING if outcomes else State.REFUSED, report.reason)
    elif not outcomes:  # it is held just so, and was not parsed
        closed(report)
    batch.finish()


def _withdraw(item: IntakeItem) -> None:
    """Takes out again the document that ``item`` brought, or gives it back the text that it had before; if it
    is still as it came.
    """
    with transaction.atomic():
        document = Document.objects.filter(pk__in=[item.document]).select_related("source").first()
        if document is None:
            settle(item, State.WITHDRAWN, _("已经不在库中。"))
        elif (document.source.sha256, document.source.sidecar) != (item.sha256, _source(item).sidecar):
            settle(item, State.PUBLISHED, _("库中的文字后来由别的文件改过，没有撤下。"))
        elif item.outcome == Status.UPDATED:
            try:
                _give_back(document, item)
            except RefusedError as error:
                settle(item, State.PUBLISHED, str(error))
                return
            settle(item, State.WITHDRAWN, _("库中恢复为先前的文字；%(reason)s") % {"reason": item.reason})
        else:
            withdraw_document(document, item.by, item.reason)
            settle(item, State.WITHDRAWN, item.reason)


def _give_back(document: Document, item: IntakeItem) -> None:
    """Gives ``document`` the text that it had before ``item``, whole or not at all. Raises RefusedError where
    that would show withheld words again.
    """
    with one_act() as revision:
        before = facts_shown(document.symbol, document.language)
        let_go(document, item.corrections, item.before["corrections"])
        read_again(item.before["source"], Why(Cause.CORRECTION, item.reason, item.by), revision)
        document.refresh_from_db()
        refuse_returning(document, revision, before)


def _restore(item: IntakeItem) -> None:
    """Brings back the document that ``item`` brought and undoing its batch took out, as it was."""
    with transaction.atomic():
        retired = standing_retirement(item.symbol, item.before.get("language") or FIRST)
        source = SourceFile.objects.filter(pk=retired.facts.get("source")).first() if retired else None
        if retired is None or source is None or source.sha256 != item.sha256:
            settle(item, State.WITHDRAWN, _("没有可以恢复的：撤下的文字已不是这一份的。请重新上传。"))
            return
        if retired.withheld or retired.successor:  # somebody decided more than this batch's undoing
            settle(item, State.WITHDRAWN, _("这份文件后来依法不予显示，或已并入别的文件，不能在这里恢复。"))
            return
        try:
            document = take_back(retired, item.by)
        except RefusedError as error:
            settle(item, State.WITHDRAWN, str(error))
            return
        settle(item, State.PUBLISHED, document=document.pk)


def _source(item: IntakeItem) -> Source:
    sidecar = item.sidecar + corrections_as_toml(corrections_of(item.corrections))
    return Source(PurePosixPath(item.name).name, bytes(item.content or b""), sidecar)


_STEPS: dict[State, Callable[[IntakeItem], None]] = {
    State.WAITING: _read,
    State.ACCEPTED: _publish,
    State.RECALLED: _withdraw,
    State.RETURNING: _restore,
}
