"""``manage.py import_catalogue FILE…``: a thin shell over ``archive.intake.catalogue``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.intake.catalogue import Problem, read_records, store_records
from archive.intake.catalogue.reading import LARGEST
from archive.intake.importing import printable
from archive.management.base import ArchiveCommand
from archive.text.errors import UnreadableSourceError
from archive.text.reader import read_bytes

NAMED = 50  # problems of a file that are told one by one


class Command(ArchiveCommand):
    help = (
        "读取人工导出的目录记录（MARCXML、CSV）：题名、日期、作者、主题、链接，"
        "用来说明被引用而未藏的文件。读不出的记录逐条说明，其余照常。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="读取并检查一切，什么也不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = sum(self._import(Path(file), options) for file in options["files"])
        if options["dry_run"]:
            self.stdout.write(_("试运行：什么也没有写入。"))
        if problems:
            raise CommandError(_("有%(count)d处没有读入，见上。") % {"count": problems})

    def _import(self, path: Path, options: dict) -> int:
        """Returns how many records could not be read."""
        name = printable(path.name)
        try:
            found = list(read_records(read_bytes(path, LARGEST)))
        except UnreadableSourceError as error:
            self.stderr.write(f"{name}：{error}")
            return 1
        problems = [one for one in found if isinstance(one, Problem)]
        records = [one for one in found if not isinstance(one, Problem)]
        stored = store_records(records, name, dry_run=options["dry_run"])
        self._tell_problems(name, problems)
        if options["verbosity"] >= 1:
            counts = {"name": name, "records": len(records), "cited": stored.cited, "held": stored.held}
            counts |= {"created": stored.created, "updated": stored.updated, "unchanged": stored.unchanged}
            self.stdout.write(
                _(
                    "%(name)s：%(records)d条记录；新增%(created)d，更新%(updated)d，不变%(unchanged)d；"
                    "其中%(cited)d份被引用而未藏，%(held)d份在库。"
                )
                % counts
            )
        return len(problems)

    def _tell_problems(self, name: str, problems: list[Problem]) -> None:
        shown = [one for one in problems if one.fatal] + [one for one in problems if not one.fatal][:NAMED]
        for one in sorted(shown, key=lambda one: one.number):
            told = {"name": name, "number": one.number, "reason": one.reason}
            self.stderr.write(_("%(name)s第%(number)d条：%(reason)s") % told)
        if len(shown) < len(problems):
            self.stderr.write(
                _("%(name)s：另有%(count)d条。") % {"name": name, "count": len(problems) - len(shown)}
            )
