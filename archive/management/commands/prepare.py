"""``manage.py prepare``: everything between a clone and a server that answers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.translation import gettext as _

from archive.intake.importing import bundled_files
from archive.management.base import ArchiveCommand
from archive.store.addresses.shortlinks import give_codes
from archive.store.derived import derived
from archive.store.search_index import COMMAND


class Command(ArchiveCommand):
    help = (
        "使网站可以提供服务：数据表、参考资料、随附文件、检索索引，正式运行时还有静态文件。随时可以再做；"
        "没有要做的，也会说明。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]
        self._step(_("数据库结构"), "migrate", interactive=False, verbosity=max(verbosity - 1, 0))
        self._step(_("参考资料"), "load_reference", no_index=True, verbosity=verbosity)
        self._import_bundled(verbosity)
        with transaction.atomic():
            give_codes()  # to texts of releases that gave none
        self._step(_("检索索引"), COMMAND, verbosity=verbosity)
        derived().delete("accuracy.json")  # of earlier releases: it may quote what was withheld since
        if not settings.DEBUG:
            self._step(_("静态文件"), "collectstatic", interactive=False, verbosity=max(verbosity - 1, 0))
        self._say(_("准备就绪。"))

    def _import_bundled(self, verbosity: int) -> None:
        """Imports the bundled documents; one that a person has decided against is only reported."""
        files = bundled_files()
        wanted = [str(file.path) for file in files if not file.told]
        try:
            if wanted:
                self._step(_("随附文件入库"), "import_documents", *wanted, no_index=True, verbosity=verbosity)
        except CommandError as error:
            self.stderr.write(str(error))
        bundled_files()  # what was read is remembered
        for file in files:
            if file.told:
                self._say(f"{file.path.name}：{file.told}")

    def _step(self, title: str, command: str, *args: str, **options: Any) -> None:
        self._say(f"== {title}")
        call_command(command, *args, stdout=self.stdout._out, stderr=self.stderr._out, **options)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
