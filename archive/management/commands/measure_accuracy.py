"""``manage.py measure_accuracy``: measure the parser on the marked documents, for the page of accuracy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from archive.export.accuracy import measure_all, measure_folder
from archive.export.accuracy.report import REPORT, committed_report, differences, write_report
from archive.management.base import ArchiveCommand


class Command(ArchiveCommand):
    help = "用标注过的文件测量解析、提及、段次、机构和关系的准确程度。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--documents",
            type=Path,
            metavar="FOLDER",
            help="另外测量他人标注的文件：docs/NAME.txt和gold/NAME.json",
        )

    def handle(self, *args: Any, documents: Path | None, **options: Any) -> None:
        found = None
        if documents is not None:
            try:
                found = measure_folder(documents)
            except (OSError, ValueError) as problem:
                raise CommandError(str(problem)) from problem
        report, before = measure_all(), committed_report()
        for measure in report["measures"]:
            self._write_measure(measure["name"], measure["right"], measure["precision"], measure["recall"])
            if options["verbosity"] > 1:
                for words in (*measure["missed"], *measure["wrong"]):
                    self.stdout.write(f"    {words}")
        self.stdout.write(
            _(
                "测量范围：由规则作者以外的人标注的文件%(documents)s份、段落%(blocks)s个；这些文件在写规则时已可见。"
            )
            % report["marked"]
        )
        for told in differences(before, report) if before else [_("没有上一次提交的报告可比。")]:
            self.stdout.write(told)
        if found is None:
            self.stdout.write(_("只测了随程序附带的文件。要测别的文件，请用--documents给出标注过的文件夹。"))
        else:
            self._write_independent(found, options["verbosity"])
        write_report(report)
        self.stdout.write(_("已写入%(path)s。") % {"path": REPORT})

    def _write_independent(self, found: dict[str, Any], verbosity: int) -> None:
        unnamed = _("未注明的人")
        by = "、".join(f"{name or unnamed}（{count}）" for name, count in found["by"])
        self.stdout.write(_("另测文件%(documents)s份，标注人及份数：%(by)s。") % {**found, "by": by})
        for problem in found["refused"]:
            self.stdout.write(_("未能解析：%(problem)s") % {"problem": problem})
        for measure in found["measures"]:
            self._write_measure(measure.name, measure.right, measure.precision, measure.recall)
            if verbosity > 1:
                for words in (*measure.missed, *measure.wrong):
                    self.stdout.write(f"    {words}")

    def _write_measure(self, name: str, right: int, *figures: float | None) -> None:
        written = "  ".join("—" if figure is None else f"{figure:.4f}" for figure in figures)
        self.stdout.write(f"{name:14}{right:6}  {written}")
