"""``manage.py verify_archive``: are sources, texts, links, offsets and references as they were promised?"""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.bundle.restore import rehearse
from archive.links.integrity import failures
from archive.management.base import ArchiveCommand, stream_of
from archive.summaries import keep_anew
from archive.withholding.act import unclean_copies


class Command(ArchiveCommand):
    help = (
        "检查库中的一切：来源和文字的校验和、每个发出过的链接、提及的位置、对在库文件的引用、外键、短码；"
        "现在做的档案包能否核对、恢复；有没有副本留着不得公开的文字。印出所有问题；有问题时退出码为1。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=100, help="最多印出几个问题")
        parser.add_argument("--count-anew", action="store_true", help="先重新计数各页相加的数字")
        parser.add_argument("--quick", action="store_true", help="不制作也不恢复档案包，不查副本")

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[str] = Counter()
        failed, shown = 0, list[str]()
        if options["count_anew"]:
            keep_anew()
        try:
            with self._display(options["verbosity"]) as told:
                checks = failures(counts, told)
                if not options["quick"]:
                    checks = chain(checks, _told(rehearse(counts), told, _("试做的存证包")))
                    checks = chain(checks, _told(_withheld_words(), told, _("不予显示的文字")))
                for failure in checks:
                    failed += 1
                    if failed <= options["most"]:
                        shown.append(failure)
        finally:
            for failure in shown:
                self.stderr.write(failure)
        if options["verbosity"]:
            self.stdout.write("  ".join(f"{name} {count}" for name, count in counts.items()))
        if failed:
            raise CommandError(_("有%(count)d处不符，见上。") % {"count": failed})
        if options["verbosity"]:
            self.stdout.write(_("全部相符。"))

    @contextmanager
    def _display(self, verbosity: int) -> Iterator[Callable[[str], None]]:
        """Shows on a terminal the check in progress and its duration, until the end."""
        if not verbosity or not self.stdout.isatty():
            yield lambda _what: None
            return
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Progress(*columns, console=Console(file=stream_of(self.stdout)), transient=True) as progress:
            task = progress.add_task("")

            def told(what: str) -> None:
                progress.update(task, description=_("正在核对%(what)s…") % {"what": what}, refresh=True)

            yield told


def _told(found: Iterator[str], told: Callable[[str], None], what: str) -> Iterator[str]:
    told(what)
    yield from found


def _withheld_words() -> Iterator[str]:
    """Generates the copies that contain withheld words."""
    for copy in unclean_copies(deep=True):
        names = {"copy": copy.label, "places": "；".join(copy.places)}
        yield _("%(copy)s里还有不予显示的文字：%(places)s。请再执行一次withdraw_document。") % names
