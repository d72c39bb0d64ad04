"""``manage.py import_documents PATH…``: a thin shell over ``archive.intake.importing``."""

from __future__ import annotations

import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.db import reset_queries
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from archive.intake.importing import (
    NOT_STORED,
    FileReport,
    Found,
    ImportBatch,
    NotRead,
    Report,
    Row,
    Status,
    Totals,
    find_files,
    printable,
    stored_sources,
)
from archive.management.base import ArchiveCommand, stream_of
from archive.models import Document
from archive.site.presenters.relations import doubt_in_words
from archive.store.derived import building
from archive.store.ingest.values import RefusedError, Source
from archive.store.search_index import Following, add_index_option, following

NOT_READ = "not_read"
Item = Found | Source | tuple[str, RefusedError]


class Command(ArchiveCommand):
    help = (
        "把文件、文件夹、压缩包（.zip、.tar.gz）和通配式所指的文件入库：文本、PDF、Word和网页，"
        "旁边可有NAME.toml。每份文件或整份入库，或不入库；有问题的逐份说明，其余照常。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="文件、文件夹或通配式")
        parser.add_argument("--dry-run", action="store_true", help="解析并检查一切，什么也不写入")
        parser.add_argument(
            "--reparse", action="store_true", help="改为重新解析库中的来源：全部，或PATH所写文号的"
        )

        parser.add_argument(
            "--report", metavar="FILE", help="把每份文件的路径、结果、文号、原因和用时写入FILE，.csv或.json"
        )
        parser.add_argument(
            "--no-page-images", action="store_true", help="不制作PDF的页面图；以后可用make_page_images制作"
        )
        add_index_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        paths, reparse = options["paths"], options["reparse"]
        if not paths and not reparse:
            raise CommandError(_("请给出要入库的文件或文件夹。"))
        self.verbosity = options["verbosity"]
        self.not_read: list[NotRead] = []
        self.begun = time.monotonic()
        batch = ImportBatch(dry_run=options["dry_run"], again=reparse, images=not options["no_page_images"])
        with ExitStack() as stack:
            self.report = self._open_report(options["report"], stack)
            if reparse:
                items: Iterable[Item] = stored_sources(paths)
                total = len(paths) or Document.objects.count()
            else:
                # That of a run that was killed is removed by the next one.
                scratch = stack.enter_context(building(Path(tempfile.gettempdir()) / "archive-import"))
                found = list(find_files(paths, scratch))
                self.not_read = [item for item in found if isinstance(item, NotRead)]
                items = to_read = [item for item in found if not isinstance(item, NotRead)]
                total = len(to_read)
                for item in self.not_read:
                    self._tell_report(Row(printable(item.shown), NOT_READ, "", item.reason, 0.0))
            wanted = not options["dry_run"] and not options["no_index"]
            index = stack.enter_context(following(wanted, stream_of(self.stdout), self.verbosity))
            totals = self._import_all(batch, items, total, index)
        self._close(totals, dry_run=options["dry_run"])

    def _open_report(self, path: str | None, stack: ExitStack) -> Report | None:
        try:
            return stack.enter_context(Report(Path(path))) if path else None
        except (RefusedError, OSError) as error:
            raise CommandError(_("报告写不了：%(reason)s") % {"reason": error}) from error

    def _tell_report(self, row: Row) -> None:
        if self.report:
            self.report.add(row)

    def _import_all(self, batch: ImportBatch, items: Iterable[Item], total: int, index: Following) -> Totals:
        with _Display(self, total) as display:
            for item in items:
                begun = time.monotonic()
                path, report = _take(batch, item)
                seconds = round(time.monotonic() - begun, 3)
                display.show(report)
                self._tell_report(
                    Row(printable(path), report.status.value, report.symbol, _why(report), seconds)
                )
                index.step()
                reset_queries()  # a site under development keeps them all
            return batch.finish()

    def _close(self, totals: Totals, *, dry_run: bool) -> None:
        # At every verbosity, like refusals: nobody may take them for imported.
        for item in self.not_read:
            self.stderr.write(
                _("未读取 %(file)s：%(reason)s。") % {"file": printable(item.shown), "reason": item.reason}
            )
        if self.verbosity >= 1:
            rows = _closing_rows(totals)
            if self.not_read:
                rows.insert(len(totals.shown), (_("未读取"), len(self.not_read)))
            if dry_run:
                self.stdout.write(_("试运行：什么也没有写入。"))
            if self.stdout.isatty():
                table = Table(show_header=False)
                for label, count in rows:
                    table.add_row(label, f"{count:,}")
                Console(file=stream_of(self.stdout)).print(table)
            else:
                self.stdout.write("  ".join(f"{label} {count}" for label, count in rows))
            if not totals.files[Status.CREATED] + totals.files[Status.UPDATED] + totals.files[Status.REFUSED]:
                self.stdout.write(_nothing_changed(totals, len(self.not_read)))
            self.stdout.write(_pace(sum(totals.files.values()), time.monotonic() - self.begun))
        refused = totals.files[Status.REFUSED]
        if refused:
            raise CommandError(_("%(count)d份文件未能入库，原因见上。") % {"count": refused})


class _Display:
    """A progress bar on a terminal; elsewhere one plain line for each file that was not unchanged."""

    def __init__(self, command: Command, total: int) -> None:
        self._command, self._total, self._done = command, total, 0
        self._begun, self._refused = time.monotonic(), 0
        self._bar: Progress | None = None
        if command.verbosity >= 1 and command.stdout.isatty():
            columns = (
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[pace]}"),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.description}"),
            )
            self._bar = Progress(*columns, console=Console(file=stream_of(command.stdout)), transient=True)

    def __enter__(self) -> _Display:
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total, pace="")
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, report: FileReport) -> None:
        self._done += 1
        self._refused += report.status is Status.REFUSED
        line = _line(report)
        if self._bar:
            pace = self._done / max(time.monotonic() - self._begun, 0.001)
            told = _("每秒%(pace).1f份，拒收%(refused)d份") % {"pace": pace, "refused": self._refused}
            self._bar.update(self._task, advance=1, description=report.symbol or report.file, pace=told)
            self._bar.refresh()
        # A refusal is told at every verbosity, and never on standard output alone.
        if report.status is Status.REFUSED:
            self._write(line, self._command.stderr, style="bold")
        elif self._command.verbosity >= 1 + (report.status is Status.UNCHANGED):
            self._write(f"{self._done:,}/{self._total:,} {line}", self._command.stdout)

    def _write(self, line: str, stream: OutputWrapper, style: str = "") -> None:
        if self._bar:
            self._bar.console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
        else:
            stream.write(line)
            stream.flush()


def _line(report: FileReport) -> str:
    if report.status in NOT_STORED:
        return f"{report.status.label} {report.symbol}（{report.file}）：{report.reason}"
    if report.outcome is None:
        return f"{report.status.label} {report.file}：{report.reason}"
    figures = {
        "status": report.status.label,
        "symbol": report.symbol,
        "file": report.file,
        "paragraphs": report.outcome.paragraphs,
        "mentions": report.outcome.mentions,
    }
    told = _("%(status)s %(symbol)s（%(file)s）：%(paragraphs)d段，%(mentions)d处提及") % figures
    return "；".join([told, *filter(None, [_why(report)])])


def _take(batch: ImportBatch, item: Item) -> tuple[str, FileReport]:
    """Imports one file; returns its report with the path to show to a person."""
    if isinstance(item, tuple):
        return item[0], batch.refuse(item[0], str(item[1]))
    if isinstance(item, Found):
        return item.shown, batch.import_path(item.path, item.shown)
    return item.name, batch.import_source(item)


def _why(report: FileReport) -> str:
    out = report.outcome.kept_out if report.outcome else ()
    left = _("来源中有%(count)d段已由编者撤下，没有收入：%(anchors)s")
    names = {"count": len(out), "anchors": "、".join(out)}
    told = [report.reason, *([left % names] if out else []), *map(doubt_in_words, report.remarks)]
    return "；".join(filter(None, told))


def _pace(files: int, seconds: float) -> str:
    figures = {"files": files, "seconds": seconds, "pace": files / max(seconds, 0.001)}
    return _("%(files)d份，用时%(seconds).0f秒，每秒%(pace).1f份。") % figures


def _nothing_changed(totals: Totals, not_read: int) -> str:
    """Words the result of a run in which no document came or changed its text."""
    if not (not_read or totals.kept or totals.differing):
        return _("没有改动：全部文件都已在库中。")
    figures = {"kept": totals.kept, "differing": totals.differing, "not_read": not_read}
    told = [_("没有改动：读取的文件都已在库中")]
    if totals.kept or totals.differing:
        told = [_("没有文件的正文有改动") if totals.kept else _("没有改动")]
    if totals.kept:
        told.append(_("新存了%(kept)d份另一格式的原件") % figures)
    if totals.differing:
        told.append(_("%(differing)d份另一格式的文字与库中的不同，没有采用，见上") % figures)
    if not_read:
        told.append(_("另有%(not_read)d份未读取") % figures)
    return "；".join(told) + "。"


def _closing_rows(totals: Totals) -> list[tuple[str, int]]:
    return [
        *((status.label, totals.files[status]) for status in totals.shown),
        (_("段落"), totals.paragraphs),
        (_("提及"), totals.mentions),
        (_("其中所指文件在库"), totals.resolved),
        (_("不在库"), totals.unresolved),
    ]
