"""``manage.py export_dump``: the whole archive as files to take away."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from archive.management.base import ArchiveCommand
from archive.opendata.dump import offered, write_dump


class Command(ArchiveCommand):
    help = (
        "Write the whole archive into a folder: documents.jsonl.gz, archive.sqlite3 and dump.json with their "
        "checksums. Without a folder, where the page /data offers it. The same archive gives the same bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path)

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        manifest = write_dump(
            folder or offered(), lambda name: self.stdout.write(_("写入%(name)s") % {"name": name})
        )
        for file in manifest.files:
            self.stdout.write(f"{file.sha256}  {file.name}  {file.bytes}")
        self.stdout.write(
            self.style.SUCCESS(_("整库已写入%(folder)s。") % {"folder": folder or _("网站提供下载之处")})
        )
