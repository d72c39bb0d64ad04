"""``manage.py import_corpus FILE…``: a thin shell over ``archive.intake.corpus``, which tells as an import
does.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from archive.intake.corpus import LAYERS, Corpus, Item, Survey, opened, what_in_words
from archive.intake.fetching.family import families
from archive.intake.importing import ImportBatch, NotRead, Row, printable
from archive.intake.importing.words import LANGUAGES
from archive.management.base import stream_of
from archive.store.ingest.facts import canonical_symbol
from archive.store.ingest.values import RefusedError, Source
from archive.store.search_index import add_index_option, following

from .import_documents import NOT_READ
from .import_documents import Command as ImportDocuments

MET = "met"


class Command(ImportDocuments):
    help = (
        "从人工下载的CR-UNSC语料库文件（…_ALL_CSV_FULL.zip，或其中的CSV；"
        "加上…_ALL_TXT.zip，文字更可靠）收入安全理事会决议。先清点并说明文件里有什么，然后才入库。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="表；以及文本压缩包")
        parser.add_argument("--family", choices=sorted(families()), help="只要一个系列的决议")
        parser.add_argument("--symbols", nargs="+", metavar="SYMBOL", default=[], help="只要这些决议")
        parser.add_argument(
            "--languages", type=_languages, default=("zh",), metavar="zh,en", help="要哪些语文本；不写时是zh"
        )
        parser.add_argument("--dry-run", action="store_true", help="清点并检查一切，什么也不写入")
        parser.add_argument(
            "--report", metavar="FILE", help="把文件里有什么、每一行怎样处理写入FILE，.csv或.json"
        )
        add_index_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        self.verbosity, dry_run = options["verbosity"], options["dry_run"]
        self.not_read: list[NotRead] = []
        self.begun = time.monotonic()
        named, wrong = _named(options["symbols"])
        family = _resolutions_of(options["family"])
        wanted = named | family if options["symbols"] or family else None
        if options["report"] and Path(options["report"]).resolve() in {
            Path(one).resolve() for one in options["files"]
        }:
            raise CommandError(_("报告不能写进所读的文件。"))
        with ExitStack() as stack:
            self.report = self._open_report(options["report"], stack)
            try:
                corpus, digests = stack.enter_context(opened(options["files"], options["languages"]))
                survey = self._survey(corpus, wanted)
                self._tell_survey(survey, corpus.layers, digests)
                absent = _("表中没有这份决议")
                wrong += [(symbol, RefusedError(absent)) for symbol in sorted(named - survey.places.keys())]
                lacking = [
                    NotRead(symbol, absent) for symbol in sorted(family - named - survey.places.keys())
                ]
                wish = not dry_run and not options["no_index"]
                index = stack.enter_context(following(wish, stream_of(self.stdout), self.verbosity))
                items = self._readable(chain(wrong, lacking, corpus.items(survey, wanted, dry_run=dry_run)))
                batch, total = (
                    ImportBatch(dry_run=dry_run),
                    survey.wanted * len(corpus.languages) + len(wrong),
                )
                totals = self._import_all(batch, items, total, index)
            except RefusedError as error:
                raise CommandError(str(error)) from error
        self._close(totals, dry_run=dry_run)

    def _survey(self, corpus: Corpus, wanted: set[str] | None) -> Survey:
        """Surveys the table, with a progress bar on a terminal."""
        shown = self.verbosity >= 1 and self.stdout.isatty()
        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        console = Console(file=stream_of(self.stdout))
        with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
            task = bar.add_task("", total=corpus.size)
            return corpus.survey(wanted, lambda: bar.update(task, completed=corpus.read))

    def _tell_survey(self, survey: Survey, layers: dict[str, int], digests: dict[str, str]) -> None:
        told = [f"{printable(name)}：SHA-256 {digest}" for name, digest in digests.items()]
        counts = {"rows": survey.rows, "wanted": survey.wanted, "what": what_in_words(survey.languages)}
        told.append(_("表中有%(rows)d行，要取的%(wanted)d行；%(what)s") % counts)
        told += [_("版本：%(version)s") % {"version": version} for version in survey.versions]
        for language, count in layers.items():
            names = {"count": count, "language": LANGUAGES[language]}
            told.append(_("文本包中有%(count)d份%(language)s本") % names)
        if survey.absent:
            told.append(_("没有的列：%(columns)s") % {"columns": "、".join(survey.absent)})
        if survey.new:
            told.append(_("不认识的列：%(columns)s") % {"columns": "、".join(survey.new)})
        for line in told:
            self._tell_report(Row(next(iter(digests)), MET, "", line, 0.0))
            if self.verbosity >= 1:
                self.stdout.write(line)

    def _readable(self, items: Iterable[Item]) -> Iterator[Source | tuple[str, RefusedError]]:
        """Generates the items of which something is to be had; the others are named at the end."""
        for item in items:
            if isinstance(item, NotRead):
                self.not_read.append(item)
                self._tell_report(Row(item.shown, NOT_READ, "", item.reason, 0.0))
            else:
                yield item


def _named(spelled: Iterable[str]) -> tuple[set[str], list[tuple[str, RefusedError]]]:
    """Returns the symbols that were given, and those that are none, with the reason."""
    named, wrong = set(), []
    for one in spelled:
        try:
            named.add(canonical_symbol(one))
        except RefusedError as error:
            wrong.append((one, error))
    return named, wrong


def _resolutions_of(family: str | None) -> set[str]:
    members = families()[family].documents if family else ()
    return {member.symbol for member in members if member.symbol.startswith("S/RES/")}


def _languages(spelled: str) -> tuple[str, ...]:
    languages = tuple(dict.fromkeys(spelled.split(",")))
    if not {*languages} <= LAYERS.keys():
        raise ArgumentTypeError(_("能收的语文：%(languages)s") % {"languages": "、".join(LAYERS)})
    return languages
