"""One run of the importer: file by file, each whole or not at all, a bad one never stopping the rest."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path, PurePath
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from archive import text
from archive.models import Document, ImportOutcome, ImportRun, Mention, SourceFile
from archive.models.fetching import LONGEST_FILE_NAME
from archive.readers import NotReadableError, format_of
from archive.readers import Source as Read
from archive.readers.core import as_core
from archive.readers.pool import parse_read, read_file
from archive.store.database.bulk import batched, gather_statistics
from archive.store.infrastructure_errors import trouble_of
from archive.store.ingest.checks import without_symbol
from archive.store.ingest.facts import corrections_of_document
from archive.store.ingest.store import outcome_of, store_document, stored_source
from archive.store.ingest.values import Outcome, RefusedError, Result, Source
from archive.store.page_images import make_images
from archive.store.page_images.places import has_pages
from archive.store.revision import one_act
from archive.text.document import named_rightly
from archive.text.errors import (
    MissingSymbolError,
    OtherDocumentError,
    UnreadableTextError,
    WrongLanguageError,
)
from archive.text.parsed import Correction, Facts, ParsedDocument
from archive.text.reference import load_reference
from archive.text.sidecar import TomlError, sidecar_of, stated_in

from .files import SIDECAR, printable, read_source
from .same_document import (
    Counterpart,
    facts_shown,
    find_counterpart,
    keep_second_original,
    reason_of,
    refuse_returning,
    words_of,
)
from .words import no_text, refusal_of, wrong_language

logger = logging.getLogger(__name__)


MANY = 100  # documents: a database is told after so many that there is more in it


class Status(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    SET_ASIDE = "set_aside"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Status.CREATED: gettext_lazy("新建"),
    Status.UPDATED: pgettext_lazy("入库结果", "更新"),
    Status.UNCHANGED: gettext_lazy("不变"),
    Status.REFUSED: gettext_lazy("拒收"),
    Status.DUPLICATE: gettext_lazy("重复"),
    Status.SET_ASIDE: gettext_lazy("另一格式"),
}


NOT_STORED = (Status.DUPLICATE, Status.SET_ASIDE)
"""What is not stored because another file of the same document is."""


class _Given(NamedTuple):
    """The file that gave a document in this run; ``words`` is the digest of its words, in a dry run."""

    path: str
    format: str
    words: bytes


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. ``reason`` says why it was refused, what it is a duplicate of, or beside which
    file it was set aside; ``remarks`` what its reader remarked. Of a file that was set aside, whether it is
    ``kept`` beside since, and whether it ``differs`` in words."""

    file: str
    status: Status
    symbol: str = ""
    reason: str = ""
    outcome: Outcome | None = None
    remarks: tuple[str, ...] = ()
    kept: bool = False
    differs: bool = False


@dataclass(slots=True)
class Totals:
    """Counts of a run: files by status, and of those set aside how many are kept since, and how many differ;
    paragraphs and certain mentions of the documents read.
    """

    files: Counter[Status] = field(default_factory=Counter)
    kept: int = 0
    differing: int = 0
    paragraphs: int = 0
    mentions: int = 0
    resolved: int = 0

    @property
    def unresolved(self) -> int:
        return self.mentions - self.resolved

    @property
    def shown(self) -> list[Status]:
        """The statuses to be told: some only where there are any."""
        return [status for status in Status if status not in NOT_STORED or self.files[status]]

    def add(self, report: FileReport) -> None:
        self.files[report.status] += 1
        self.kept += report.kept
        self.differing += report.differs
        if report.outcome:
            self.paragraphs += report.outcome.paragraphs
            self.mentions += report.outcome.mentions
            self.resolved += report.outcome.resolved


class ImportBatch:
    """The files of one run. Call it for each, then ``finish``.

    A run that changes nothing leaves no trace in the database. With ``dry_run`` nothing is written, but all
    is parsed, checked and stored for trial. With ``again`` also files that are stored as they are are parsed.
    Without ``images`` no pictures of pages are made. Each document that was parsed is ``seen`` before it is
    stored, and its report is what the act is ``closed`` with, inside of its transaction: either may raise
    RefusedError, and the archive is as before. With ``bounded`` the core parses in a child process, too.
    """

    def __init__(
        self,
        *,
        dry_run: bool = False,
        again: bool = False,
        images: bool = True,
        bounded: bool = False,
        seen: Callable[[Read, ParsedDocument], object] | None = None,
        closed: Callable[[FileReport], None] | None = None,
    ) -> None:
        self.dry_run = dry_run
        self.again = again
        self.images = images
        self.bounded = bounded
        self._seen, self._closed = seen, closed
        self.totals = Totals()
        self._run: ImportRun | None = None
        self._given_by: dict[object, _Given] = {}
        self._read: dict[str, tuple[str, str]] = {}  # digest of a source → its path, the symbol
        self._documents: list[int] = []

    def import_path(self, path: Path, shown: str = "") -> FileReport:
        """Read, parse and store one file; ``shown`` is what a person is told of its place."""
        try:
            source = read_source(path)
        except RefusedError as error:
            return self.refuse(path.name, str(error))
        return self.import_source(source, shown or str(path), named=True)

    def import_source(self, source: Source, path: str = "", *, named: bool = False) -> FileReport:
        """Parse and store one source; whatever goes wrong with it becomes a report. A source that a person
        ``named`` is refused where its name says another symbol than its text.

        The same bytes with the same sidecar a second time in one run are told beside the first, and not read.
        """
        digest = source.input_hash(text.PARSER_VERSION)
        if not self.again and digest in self._read:
            first, symbol = self._read[digest]
            reason = _("与%(file)s内容相同") % {"file": printable(first)}
            return self._counted(FileReport(source.name, Status.DUPLICATE, symbol, reason))
        try:
            report = self._parse_and_store(source, path or source.name, named=named)
        except ValueError as error:  # RefusedError and the core's own errors say what is wrong
            return self.refuse(source.name, str(error))
        except Exception as error:
            if trouble_of(error):  # it is not the file's fault, and would meet the next one too
                raise
            logger.exception("%s could not be imported", source.name)
            reason = _("程序出错：%(kind)s：%(error)s") % {"kind": type(error).__name__, "error": error}
            return self.refuse(source.name, reason)
        self._read[digest] = (path or source.name, report.symbol)
        return self._counted(report)

    def refuse(self, file: str, reason: str) -> FileReport:
        """Report a file that cannot be stored; recorded unless that is already known of it."""
        file = printable(file)[-LONGEST_FILE_NAME:]
        report = FileReport(file, Status.REFUSED, reason=reason)
        last = ImportOutcome.objects.filter(file_name=file).order_by("-pk").first()
        known = last and last.result == ImportOutcome.Result.REFUSED and last.reason == reason
        if not self.dry_run and not known:
            self._record(report)
        return self._counted(report)

    def finish(self) -> Totals:
        """Close the run, and count again what is resolved: later documents resolve earlier mentions."""
        if self._run:
            self._run.finished = timezone.now()
            self._run.save(update_fields=["finished"])
            if len(self._documents) >= MANY:
                gather_statistics()
        if not self.dry_run:
            resolved = Mention.objects.certain().exclude(target=None)
            self.totals.resolved = sum(
                resolved.filter(paragraph__document__in=batch).count() for batch in batched(self._documents)
            )
        return self.totals

    def _parse_and_store(self, source: Source, path: str, *, named: bool) -> FileReport:
        known = None if self.again else _stored_as_it_is(source)
        if known:
            self._claim(known, _Given(path, format_of(source.content), b""))
            return _report(source, outcome_of(known, Result.UNCHANGED))
        read, parsed = read_and_parse(source, bounded=self.bounded, named=named)
        if self._seen:
            self._seen(read, parsed)
        given = _Given(path, read.format, _digest(parsed) if self.dry_run else b"")
        with one_act() as revision:
            first = self._given_by.get((parsed.facts.symbol, parsed.facts.language))
            other = find_counterpart(parsed, source)
            if set_aside := self._reason_to_set_aside(given, first, other):
                report = FileReport(source.name, Status.SET_ASIDE, parsed.facts.symbol or "", set_aside)
                report, with_pages = self._keep_second_original(report, source, other)
            else:
                report = self._store(parsed, source, given, other, revision)
                with_pages = True
            if self._closed:
                self._closed(report)
        if with_pages and self.images and not self.dry_run:
            make_images(source.content, read, parsed)
        return report

    def _store(
        self, parsed: ParsedDocument, source: Source, given: _Given, other: Counterpart | None, revision: int
    ) -> FileReport:
        before = facts_shown(parsed.facts.symbol or "", parsed.facts.language)
        outcome = store_document(parsed, source, text.PARSER_VERSION, revision=revision)
        report = replace(_report(source, outcome), remarks=_remarks(parsed))
        document = Document.objects.only("symbol", "language", "source").get(pk=outcome.document)
        if other and other.trust > 0:
            keep_second_original(document, SourceFile.objects.get(pk=other.source))
        replaced = self._claim(document, given, over=other is not None and other.trust > 0)
        if replaced:
            report = replace(report, reason=_("取代%(file)s：同一文件的另一格式") % {"file": replaced})
        refuse_returning(document, revision, before)
        if self.dry_run:
            transaction.set_rollback(True)
        elif report.status is not Status.UNCHANGED:
            self._record(report)
        return report

    def _keep_second_original(
        self, report: FileReport, source: Source, other: Counterpart | None
    ) -> tuple[FileReport, bool]:
        """Keep a file of a format that is trusted less as a second original; tells whether its pages are to
        stand beside the text, because those of the first original cannot.
        """
        report = replace(report, differs=other is not None and other.difference != "")
        if self.dry_run or other is None or other.trust >= 0:
            return report, False
        document = Document.objects.select_related("source").get(pk=other.document)
        kept = keep_second_original(document, stored_source(source))
        return replace(report, kept=kept), not has_pages(document.source.content)

    def _reason_to_set_aside(self, given: _Given, first: _Given | None, other: Counterpart | None) -> str:
        """Why another file of a document that is held is not stored; empty where it is.

        A format that is trusted less never takes the place of another. Of two files of one format in one run
        the second is set aside where its words are the same, and is else a clash.
        """
        twin = first is not None and first.path != given.path and other and not other.difference
        if other and (other.trust < 0 or (twin and other.trust == 0)):
            name = first.path if first else other.file
            return reason_of(printable(name), other.difference, given.format)
        if self.dry_run and not other and first and first.format != given.format:
            different = "" if first.words == given.words else _("试运行不逐字对照")
            return reason_of(printable(first.path), different, given.format)
        return ""

    def _claim(self, document: Document, given: _Given, *, over: bool = False) -> str:
        """Two files of one run cannot both be the same document: the second is refused, or where it is taken
        ``over`` the first, that is named."""
        # A key counts only where it stays: a dry run gives the same one to every new document.
        marks = [(document.symbol, document.language), *([] if self.dry_run else [document.pk])]
        first = next((self._given_by[mark] for mark in marks if mark in self._given_by), given)
        self._given_by.update(dict.fromkeys(marks, given if over else first))
        if first.path == given.path:
            return ""
        if not over:
            names = {"symbol": document.symbol, "file": first.path}
            raise RefusedError(_("文号%(symbol)s在本批中已由%(file)s给出。") % names)
        return printable(first.path)

    def _record(self, report: FileReport) -> None:
        if self._run is None:
            self._run = ImportRun.objects.create(parser_version=text.PARSER_VERSION)
        ImportOutcome.objects.create(
            run=self._run,
            file_name=report.file,
            result=report.status.value,
            symbol=report.symbol,
            reason=report.reason,
        )

    def _counted(self, report: FileReport) -> FileReport:
        self.totals.add(report)
        if report.outcome:
            self._documents.append(report.outcome.document)
        return report


def _corrections_of(facts: Facts) -> tuple[Correction, ...]:
    """Returns what people put right in the document of these facts, from whatever file it was read then."""
    named = Q(symbol=facts.symbol) | Q(aliases__symbol=facts.symbol)
    return corrections_of_document(Document.objects.filter(named, language=facts.language).first())


Held = Callable[[Facts], Sequence[Correction]]


def parse_source(source: Source, held: Held = _corrections_of) -> ParsedDocument:
    """Parses the very bytes that are stored. ``held`` gives what people put right in the document before: by
    default what the database has. Raises DocumentError or RefusedError with what is wrong.
    """
    return read_and_parse(source, held)[1]


def read_and_parse(
    source: Source, held: Held = _corrections_of, *, bounded: bool = False, named: bool = False
) -> tuple[Read, ParsedDocument]:
    """Returns what the reader makes of the bytes, and the parser of that. Raises as ``parse_source``
    does, and where a source that a person ``named`` says another symbol by its name."""
    name = PurePath(source.name).with_suffix(SIDECAR).name
    try:
        stated = stated_in(source.sidecar)
    except TomlError as error:
        raise RefusedError(
            _("附带的元数据%(file)s不是TOML：%(error)s。") % {"file": name, "error": error}
        ) from error
    try:
        read = read_file(source.content, source.name)
        if not bounded:
            lines, sidecar = as_core(read, source.name), sidecar_of(stated, name)
            parsed = text.parse_source(lines, sidecar, load_reference(), held)
            return read, named_rightly(parsed, source.name, sidecar) if named else parsed
        parsed = parse_read(read, source.name, source.sidecar)
        kept = held(parsed.facts)
        return read, parse_read(read, source.name, source.sidecar, kept) if kept else parsed
    except NotReadableError as error:
        raise RefusedError(refusal_of(error)) from error
    except UnreadableTextError as error:
        raise RefusedError(no_text(error.count, error.line)) from error
    except WrongLanguageError as error:
        raise RefusedError(wrong_language(error.language)) from error
    except MissingSymbolError as error:
        raise RefusedError(without_symbol(error.several)) from error
    except OtherDocumentError as error:
        names = {"found": error.found, "told": error.told}
        raise RefusedError(
            _("文中自称%(found)s，随它的记录说的是%(told)s：不是同一份文件，没有收。") % names
        ) from error


def _digest(parsed: ParsedDocument) -> bytes:
    words = words_of((block.kind, block.text) for block in parsed.paragraphs)
    return hashlib.sha256(words.encode("utf-8", "replace")).digest()


def _remarks(parsed: ParsedDocument) -> tuple[str, ...]:
    """What the reader remarked on the file as a whole."""
    return tuple(doubt.message for doubt in parsed.doubts if doubt.line is None and doubt.anchor is None)


def _stored_as_it_is(source: Source) -> Document | None:
    """The document that parsing this source again could not change, whatever the file is called."""
    same = Document.objects.filter(input_hash=source.input_hash(text.PARSER_VERSION))
    key = same.values_list("pk", flat=True).first()
    return None if key is None else Document.objects.get(pk=key)


def _report(source: Source, outcome: Outcome) -> FileReport:
    return FileReport(source.name, Status(outcome.result.value), outcome.symbol, outcome=outcome)
