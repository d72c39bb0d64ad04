"""``manage.py measure_accuracy``: measure the parser on the marked documents, for the page of accuracy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from archive.accuracy import measure_all, published
from archive.accuracy.copies import publish_accuracy
from archive.management.base import ArchiveCommand


class Command(ArchiveCommand):
    help = "Measure how right parsing, mentions, pinpoints, bodies and relations are on the marked documents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-needed", action="store_true", help="do nothing where this parser has been measured already"
        )

    def handle(self, *args: Any, if_needed: bool, **options: Any) -> None:
        if if_needed and published(settings.DATA_DIR):
            self.stdout.write(_("准确度已按现在的解析器测过。"))
            return
        report = measure_all()
        for measure in report["total"]:
            figures = (measure["precision"], measure["recall"])
            right = "  ".join("—" if figure is None else f"{figure:.4f}" for figure in figures)
            self.stdout.write(f"{measure['name']:14}{measure['right']:6}  {right}")
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
        self.stdout.write(_("已写入%(path)s。") % {"path": publish_accuracy(report)})
