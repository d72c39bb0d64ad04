"""``manage.py restore_bundle DIR``: make an empty archive what a bundle says."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.export.bundle import BundleError
from archive.export.bundle.restore import restore_bundle
from archive.management.base import ArchiveCommand, add_bundle_options, given_key, stream_of
from archive.store.search_index import add_index_option, bring_along


class Command(ArchiveCommand):
    help = (
        "用档案包填满一个空库（只须先migrate）：同样的地址、文字和经过。先核对档案包；或全部恢复，"
        "或什么也不恢复。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path)
        add_bundle_options(parser)
        add_index_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore_bundle(options["directory"], given_key(options), options["allow_unsigned"])
        except BundleError as error:
            raise CommandError(str(error)) from error
        figures = manifest["figures"]
        self.stdout.write(
            _("已恢复%(documents)d份文件、%(paragraphs)d段、历次文字%(issued_texts)d条。") % figures
        )
        if not options["no_index"]:
            bring_along(stream_of(self.stdout), options["verbosity"])
