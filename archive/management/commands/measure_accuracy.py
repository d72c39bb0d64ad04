"""``manage.py measure_accuracy``: measure the parser on the marked documents, for the page of accuracy."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from archive.export.accuracy import measure_all
from archive.export.accuracy.report import REPORT, committed_report, differences, write_report
from archive.management.base import ArchiveCommand


class Command(ArchiveCommand):
    help = "用标注过的文件测量解析、提及、段次、机构和关系的准确程度。"

    def handle(self, *args: Any, **options: Any) -> None:
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
        write_report(report)
        self.stdout.write(_("已写入%(path)s。") % {"path": REPORT})

    def _write_measure(self, name: str, right: int, *figures: float | None) -> None:
        written = "  ".join("—" if figure is None else f"{figure:.4f}" for figure in figures)
        self.stdout.write(f"{name:14}{right:6}  {written}")
