"""``manage.py parse_document FILE [--metadata FILE.toml]``: print a document as the core reads it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext_lazy as _

from archive.management.base import ArchiveCommand
from archive.text import DocumentError, parse_document
from archive.text.serialize import as_json


class Command(ArchiveCommand):
    """Parses one file and prints one JSON object. Touches no database."""

    help = _("解析一份联合国文件并输出一个JSON对象，不使用数据库。")
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help=_("来源文件"))
        parser.add_argument(
            "--metadata", metavar="FILE.toml", help=_("附带的元数据文件；不写时取来源文件旁的同名.toml")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            parsed = parse_document(options["file"], options["metadata"])
        except DocumentError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(as_json(parsed), ensure_ascii=False, indent=1))
