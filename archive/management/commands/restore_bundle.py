"""``manage.py restore_bundle DIR``: make an empty archive what a bundle says."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.export.bundle import BundleError
from archive.export.bundle.restore import restore_bundle
from archive.export.bundle.verify import read_key
from archive.management.base import ArchiveCommand, stream_of
from archive.store.search_index import add_index_option, bring_along


class Command(ArchiveCommand):
    help = (
        "用档案包填满一个空库（只须先migrate）：同样的地址、文字和经过。先核对档案包；或全部恢复，"
        "或什么也不恢复。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path)
        parser.add_argument("--key", help="必须由这把公钥签署：64位十六进制数字，或一个文件")
        parser.add_argument("--allow-unsigned", action="store_true", help="也接受没有签名的档案包")
        add_index_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = read_key(options["key"]) if options["key"] else None
        except (OSError, ValueError) as error:
            raise CommandError(_("--key不是64位十六进制数字，也不是载有公钥的文件。")) from error
        try:
            manifest = restore_bundle(options["directory"], key, options["allow_unsigned"])
        except BundleError as error:
            raise CommandError(str(error)) from error
        figures = manifest["figures"]
        self.stdout.write(
            _("已恢复%(documents)d份文件、%(paragraphs)d段、历次文字%(issued_texts)d条。") % figures
        )
        if not options["no_index"]:
            bring_along(stream_of(self.stdout), options["verbosity"])
