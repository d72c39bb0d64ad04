"""``manage.py export_bundle DIR``: the whole archive as plain files with a signed manifest."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.export.bundle import BundleError
from archive.export.bundle.export import check_free, export_bundle, public_key, read_key
from archive.management.base import ArchiveCommand
from archive.store.infrastructure_errors import trouble_of


class Command(ArchiveCommand):
    help = (
        "把整个库写成DIR中的普通文件：JSONL、来源文件、单独可用的核对程序，以及签名的SHA-256清单。"
        "同样的库写成同样的字节。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path, help="新的或空的文件夹")
        parser.add_argument("--key", type=Path, help="私钥，由generate_key写成；不写时用SIGNING_KEY")
        parser.add_argument("--unsigned", action="store_true", help="写一个不能证明来源的档案包")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["key"] or settings.SIGNING_KEY
        if options["unsigned"] and options["key"]:
            raise CommandError(_("--key与--unsigned不能同时给出。"))
        if not path and not options["unsigned"]:
            raise CommandError(_("没有私钥：给出--key，或设置SIGNING_KEY；确实不签名，请写--unsigned。"))
        try:
            check_free(options["directory"])
            key = None if options["unsigned"] else read_key(Path(path))
            manifest = export_bundle(options["directory"], key)
        except BundleError as error:
            trouble = trouble_of(error.__cause__) if error.__cause__ else None
            raise CommandError(str(error), returncode=trouble.status if trouble else 1) from error
        figures = {
            "files": len(manifest["files"]),
            "bytes": sum(row["size"] for row in manifest["files"]),
            "documents": manifest["figures"]["documents"],
            "paragraphs": manifest["figures"]["paragraphs"],
            "issued": manifest["figures"]["issued_texts"],
        }
        self.stdout.write(
            _("%(documents)d份文件，%(paragraphs)d段，历次文字%(issued)d条；%(files)d个文件，%(bytes)d字节。")
            % figures
        )
        if key:
            self.stdout.write(_("已签名，公钥%(key)s。") % {"key": public_key(key)})
        else:
            self.stdout.write(_("没有签名：这个包不能证明出自何处。"))
