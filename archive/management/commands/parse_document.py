"""``manage.py parse_document FILE [--metadata FILE.toml]``: print a document as the core reads it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.intake.importing.words import refusal_of
from archive.management.base import ArchiveCommand
from archive.readers import NotReadableError
from archive.readers.core import as_core
from archive.readers.pool import LARGEST_FILE, read_file
from archive.text import DocumentError, parse_source
from archive.text.document import named_rightly
from archive.text.parsed import ParsedDocument
from archive.text.reader import read_bytes
from archive.text.reference import load_reference
from archive.text.serialize import as_json
from archive.text.sidecar import Sidecar, read_sidecar, sidecar_beside


class Command(ArchiveCommand):
    """Parses one file and prints one JSON object. Touches no database."""

    help = "解析一份联合国文件并输出一个JSON对象，不使用数据库。"
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help=_("来源文件"))
        parser.add_argument(
            "--metadata", metavar="FILE.toml", help=_("附带的元数据文件；不写时取来源文件旁的同名.toml")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            parsed = _parsed(path, options["metadata"])
        except DocumentError as error:
            raise CommandError(str(error)) from error
        except NotReadableError as error:
            raise CommandError(f"{path}: {refusal_of(error)}") from error
        self.stdout.write(json.dumps(as_json(parsed), ensure_ascii=False, indent=1))


def _parsed(path: Path, metadata: str | None) -> ParsedDocument:
    """Returns the document in the file at ``path``, whatever its format is."""
    source = as_core(read_file(read_bytes(path, LARGEST_FILE), path.name), path.name)
    beside = Path(metadata) if metadata is not None else sidecar_beside(path)
    stated = read_sidecar(beside) if beside else Sidecar()
    parsed = parse_source(source, stated, load_reference())
    return named_rightly(parsed, path.name, stated)
