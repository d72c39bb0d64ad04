"""One run: asks for one document after another, takes in what is what it should be, and records everything.

Every document of a run has its row before the first request goes out; a row says ``asked``
while its request is under way. So a run that was killed tells how far it came.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from archive.intake.importing import ImportBatch, Status
from archive.models import Document, FetchAttempt
from archive.store.ingest.values import Source

from .client import Answer, Client
from .examine import Asked, NotAskedForError, source_of
from .judge import What, sentence_of
from .kept import keep
from .ods import KINDS, BudgetSpentError

log = logging.getLogger(__name__)
Outcome = FetchAttempt.Outcome
OUTCOMES = {
    What.NOT_PUBLISHED: Outcome.NOT_PUBLISHED,
    What.NOT_A_DOCUMENT: Outcome.NOT_A_DOCUMENT,
    What.BLOCKED: Outcome.BLOCKED,
    What.LATER: Outcome.BLOCKED,
    What.FAILED: Outcome.BROKEN,
}
IN_A_ROW = 3  # answers that are no answers, after which the service is not as it should be


@dataclass(frozen=True, slots=True)
class Stop:
    """The reason for ending a run early; ``refused``: the service must not be asked any more."""

    reason: str
    refused: bool = False


class FetchRun:
    """The documents of one run. ``batch`` imports what comes."""

    def __init__(
        self,
        client: Client,
        batch: ImportBatch,
        kinds: Sequence[str] = KINDS,
    ) -> None:
        self._client, self._batch, self._kinds = client, batch, kinds
        self.stopped: Stop | None = None

    def go(self, asked: Sequence[Asked]) -> Iterator[FetchAttempt]:
        """Requests all documents; yields each row when its outcome is known. ``stopped`` is an early end."""
        if self._refused_at_the_door():
            return
        run = f"{timezone.now():%Y-%m-%dT%H:%M:%S}-{secrets.token_hex(3)}"
        rows = [FetchAttempt(run=run, symbol=one.symbol, language=one.language) for one in asked]
        FetchAttempt.objects.bulk_create(rows, batch_size=200)
        in_vain = 0
        for row, one in zip(rows, asked, strict=True):
            try:
                self._attempt(row, one)
            except BudgetSpentError:
                self.stopped = Stop(_("这一批的请求数已用完；其余再运行同一条命令接着问。"))
                return
            yield row
            in_vain = in_vain + 1 if row.outcome in (Outcome.BROKEN, Outcome.NOT_A_DOCUMENT) else 0
            if row.outcome == Outcome.BLOCKED:
                self.stopped = Stop(
                    _("文件系统不让再问，这一批到此为止；其余可在以后再运行同一条命令接着问。"), True
                )
                return
            if in_vain == IN_A_ROW:
                self.stopped = Stop(
                    _("连续%(count)d次没有得到像样的答复，不再问下去。") % {"count": in_vain}, True
                )
                return

    def _refused_at_the_door(self) -> bool:
        refusal = self._client.robots()
        if refusal is not None:
            self.stopped = Stop(sentence_of(refusal.judged), refused=True)
        return refusal is not None

    def _attempt(self, row: FetchAttempt, asked: Asked) -> None:
        row.outcome, row.asked = Outcome.ASKED, timezone.now()
        row.save(update_fields=["outcome", "asked"])
        read: dict[str, Source | NotAskedForError] = {}

        def fits(answer: Answer) -> bool:
            read[answer.address] = found = self._read(answer, asked)
            return isinstance(found, Source) or found.final

        try:
            answer = self._client.ask(asked.symbol, asked.language, self._kinds, fits=fits)
        except BudgetSpentError:
            row.outcome, row.asked = Outcome.PLANNED, None
            row.save(update_fields=["outcome", "asked"])
            raise
        row.answered = timezone.now()
        _describe(row, answer)
        if answer.judged.what is What.DOCUMENT:
            row.save()  # what came is known before it is taken in
            self._take(row, answer, asked, read[answer.address])
        else:
            row.outcome, row.reason = OUTCOMES[answer.judged.what], sentence_of(answer.judged)
            if answer.wait is not None:
                row.not_before = row.answered + timedelta(seconds=min(answer.wait, 31 * 86400))
                row.reason += _("不早于%(time)s。") % {"time": f"{row.not_before:%Y-%m-%d %H:%M:%S %Z}"}
            if answer.content and row.outcome in (Outcome.NOT_A_DOCUMENT, Outcome.BLOCKED):
                row.kept = keep(asked.symbol, answer.content, answer.format)
        row.save()

    def _read(self, answer: Answer, asked: Asked) -> Source | NotAskedForError:
        try:
            return source_of(answer, asked, timezone.now(), hashlib.sha256(answer.content).hexdigest())
        except NotAskedForError as error:
            return error

    def _take(
        self, row: FetchAttempt, answer: Answer, asked: Asked, source: Source | NotAskedForError
    ) -> None:
        """Imports the fetched file, or stores it with the reason for refusing it."""
        if isinstance(source, NotAskedForError):
            row.outcome, row.reason = source.outcome, source.reason
        else:
            report = self._batch.import_source(source, answer.address)
            row.outcome = Outcome.ANSWERED if report.status is Status.REFUSED else Outcome.HELD
            row.reason = report.reason
        if row.outcome == Outcome.ANSWERED:
            row.kept = keep(asked.symbol, answer.content, answer.format)


def _describe(row: FetchAttempt, answer: Answer) -> None:
    row.address, row.status = answer.address[:1000], answer.status
    row.steps = [step.as_plain() for step in answer.steps]
    if answer.content:
        row.format, row.size = answer.format, len(answer.content)
        row.sha256 = hashlib.sha256(answer.content).hexdigest()


def close_killed_attempts() -> None:
    """Completes the rows of killed runs, whose files were imported before, or never came.

    To be called where no other run is under way.
    """
    for row in FetchAttempt.objects.filter(outcome=Outcome.ASKED):
        came = Document.objects.filter(source__sha256=row.sha256).exists() if row.sha256 else False
        row.outcome = Outcome.HELD if came else Outcome.BROKEN
        row.reason = "" if came else _("程序在等候答复时被中断。")
        row.save(update_fields=["outcome", "reason"])


def wait_until(service: str, now: datetime) -> datetime | None:
    """Returns the time until which the service wants no requests, by its last answer that had one.

    An answer dated later than now comes from before the clock was put back, and is ignored.
    """
    theirs = FetchAttempt.objects.filter(address__startswith=f"{service}/", answered__lte=now)
    theirs = theirs.exclude(not_before=None)
    last = theirs.order_by("-pk").values_list("not_before", flat=True).first()
    return last if last and last > now else None
