"""``manage.py measure_accuracy``: measure the parser on the marked documents, for the page of accuracy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from archive.accuracy import measure_all, measure_folder, published
from archive.accuracy.report import independent, publish_accuracy
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
        parser.add_argument("--if-needed", action="store_true", help="这一版解析程序已经测过的，什么也不做")

    def handle(self, *args: Any, if_needed: bool, documents: Path | None, **options: Any) -> None:
        if if_needed and documents is None and published():
            self.stdout.write(_("准确度已按现在的解析器测过。"))
            return
        found = None
        if documents is not None:
            try:
                found = measure_folder(documents)
            except (OSError, ValueError) as problem:
                raise CommandError(str(problem)) from problem
        report = measure_all()
        for measure in report["total"]:
            self._write_measure(measure["name"], measure["right"], measure["precision"], measure["recall"])
            if options["verbosity"] > 1:
                for words in (*measure["missed"], *measure["wrong"]):
                    self.stdout.write(f"    {words}")
        marked = report["marked"]
        self.stdout.write(
            _(
                "测量范围：由规则作者以外的人标注的文件%(documents)s份、段落%(blocks)s个；这些文件在写规则时已可见。"
            )
            % marked
        )
        if found is None:
            self.stdout.write(_("只测了随程序附带的文件。要测别的文件，请用--documents给出标注过的文件夹。"))
        else:
            self._write_independent(found, options["verbosity"])
            report["independent"] = independent(found)
        self.stdout.write(_("已写入%(path)s。") % {"path": publish_accuracy(report)})

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
