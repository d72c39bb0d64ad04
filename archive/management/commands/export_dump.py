"""``manage.py export_dump``: the whole archive as files to take away."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from archive.export.dump import offered, write_dump
from archive.management.base import ArchiveCommand


class Command(ArchiveCommand):
    help = (
        "把整个库写入一个文件夹：documents.jsonl.gz、"
        "archive.sqlite3和带校验和的dump.json。不写文件夹时，"
        "写到/data页提供下载的地方。同样的库写成同样的字节。"
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
