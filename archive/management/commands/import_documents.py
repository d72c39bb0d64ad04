"""``manage.py import_documents PATH…``: a thin shell over ``archive.importing``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from archive.importing import (
    FileReport,
    ImportBatch,
    NotRead,
    Status,
    Totals,
    find_files,
    printable,
    stored_sources,
)
from archive.management.base import ArchiveCommand
from archive.models import Document
from archive.presenters.remarks import doubt_in_words
from archive.search_index import Following, add_index_option, following


class Command(ArchiveCommand):
    help = (
        "Import documents from files, folders (text, PDF, Word and web pages, with NAME.toml beside them) "
        "and patterns. "
        "Each is stored whole or not at all; a bad one is reported and the rest goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="file, folder or pattern")
        parser.add_argument(
            "--dry-run", action="store_true", help="parse and check everything, write nothing"
        )
        parser.add_argument(
            "--reparse",
            action="store_true",
            help="parse the stored sources again instead: all of them, or those of the symbols given as PATH",
        )

        add_index_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        paths, reparse = options["paths"], options["reparse"]
        if not paths and not reparse:
            raise CommandError(_("请给出要入库的文件或文件夹。"))
        self.verbosity = options["verbosity"]
        self.not_read: list[Path] = []
        batch = ImportBatch(dry_run=options["dry_run"], again=reparse)
        if reparse:
            items, total = stored_sources(paths), len(paths) or Document.objects.count()
            take = batch.import_source
        else:
            found = list(find_files(paths))
            self.not_read = [item.path for item in found if isinstance(item, NotRead)]
            found = [item for item in found if not isinstance(item, NotRead)]
            items, total, take = found, len(found), batch.import_path
        wanted = not options["dry_run"] and not options["no_index"]
        with following(wanted, self.stdout._out, self.verbosity) as index:
            totals = self._import_all(batch, items, total, take, index)
        self._close(totals, dry_run=options["dry_run"])

    def _import_all(
        self, batch: ImportBatch, items: Any, total: int, take: Callable, index: Following
    ) -> Totals:
        with _Display(self, total) as display:
            for item in items:
                refused = isinstance(item, tuple)
                report = batch.refuse(item[0], str(item[1])) if refused else take(item)
                display.show(report)
                index.step(report.status in (Status.CREATED, Status.UPDATED))
            return batch.finish()

    def _close(self, totals: Totals, *, dry_run: bool) -> None:
        for (
            path
        ) in self.not_read:  # told at every verbosity, like refusals: nobody may take them for imported
            self.stderr.write(
                _("未读取 %(file)s：从名称看不是文字、PDF、Word文件或网页；要读它，请直接给出。")
                % {"file": printable(str(path))}
            )
        if self.verbosity >= 1:
            rows = _closing_rows(totals)
            if self.not_read:
                rows.insert(len(Status), (_("未读取"), len(self.not_read)))
            if dry_run:
                self.stdout.write(_("试运行：什么也没有写入。"))
            if self.stdout.isatty():
                table = Table(show_header=False)
                for label, count in rows:
                    table.add_row(label, f"{count:,}")
                Console(file=self.stdout._out).print(table)
            else:
                self.stdout.write("  ".join(f"{label} {count}" for label, count in rows))
            if not totals.files[Status.CREATED] + totals.files[Status.UPDATED] + totals.files[Status.REFUSED]:
                self.stdout.write(_nothing_changed(len(self.not_read)))
        refused = totals.files[Status.REFUSED]
        if refused:
            raise CommandError(_("%(count)d份文件未能入库，原因见上。") % {"count": refused})


class _Display:
    """A progress bar on a terminal; elsewhere one plain line for each file that was not unchanged."""

    def __init__(self, command: Command, total: int) -> None:
        self._command, self._total, self._done = command, total, 0
        self._bar: Progress | None = None
        if command.verbosity >= 1 and command.stdout.isatty():
            columns = (
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.description}"),
            )
            self._bar = Progress(*columns, console=Console(file=command.stdout._out), transient=True)

    def __enter__(self) -> _Display:
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total)
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, report: FileReport) -> None:
        self._done += 1
        line = _line(report)
        if self._bar:
            self._bar.update(self._task, advance=1, description=report.symbol or report.file)
            self._bar.refresh()
        if report.status is Status.REFUSED:
            self._write_refusal(line)
        elif self._command.verbosity >= 2 or (
            self._command.verbosity == 1 and report.status is not Status.UNCHANGED
        ):
            self._write(f"{self._done:,}/{self._total:,} {line}")

    def _write(self, line: str) -> None:
        if self._bar:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            self._command.stdout.write(line)
            self._command.stdout.flush()

    def _write_refusal(self, line: str) -> None:
        """Refusals are told at every verbosity, and never on standard output alone."""
        if self._bar:
            self._bar.console.print(line, style="bold", markup=False, highlight=False, soft_wrap=True)
        else:
            self._command.stderr.write(line)


def _line(report: FileReport) -> str:
    if report.status is Status.REFUSED:
        return f"{report.status.label} {report.file}：{report.reason}"
    figures = {
        "status": report.status.label,
        "symbol": report.symbol,
        "file": report.file,
        "paragraphs": report.outcome.paragraphs,
        "mentions": report.outcome.mentions,
    }
    told = _("%(status)s %(symbol)s（%(file)s）：%(paragraphs)d段，%(mentions)d处提及") % figures
    return "；".join([told, *map(doubt_in_words, report.remarks)])


def _nothing_changed(not_read: int) -> str:
    if not_read:
        return _("没有改动：读取的文件都已在库中；另有%(count)d份未读取。") % {"count": not_read}
    return _("没有改动：全部文件都已在库中。")


def _closing_rows(totals: Totals) -> list[tuple[str, int]]:
    return [
        *((status.label, totals.files[status]) for status in Status),
        (_("段落"), totals.paragraphs),
        (_("提及"), totals.mentions),
        (_("其中所指文件在库"), totals.resolved),
        (_("不在库"), totals.unresolved),
    ]
