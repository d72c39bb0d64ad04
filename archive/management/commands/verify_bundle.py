"""``manage.py verify_bundle DIR``: check a bundle, as the ``verify.py`` inside it does."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from archive.export.bundle import verify
from archive.management.base import ArchiveCommand, add_bundle_options, given_key


class Command(ArchiveCommand):
    help = (
        "核对一个档案包：签名，缺少、多余和改动的文件，指纹，位置，发出过的链接。印出所有问题；"
        "有问题时退出码为1。"
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path)
        parser.add_argument(
            "--newer",
            metavar="DIR",
            type=Path,
            help="较晚的档案包：每一条链接它是否都答得出，有没有它已撤回的文字",
        )
        add_bundle_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        given = (options["directory"], given_key(options), options["allow_unsigned"])
        lines, sound = verify.report(*given, newer=options["newer"])
        if not sound:
            raise CommandError("\n".join(lines))
        self.stdout.write("\n".join(lines))
