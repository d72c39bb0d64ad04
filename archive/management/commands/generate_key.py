"""``manage.py generate_key FILE``: a key pair to sign bundles with."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.export.bundle import BundleError
from archive.export.bundle.export import generate_key
from archive.management.base import ArchiveCommand


class Command(ArchiveCommand):
    help = "把一把新的Ed25519私钥写入FILE（权限0600，从不覆盖），并印出公钥。"
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="放在程序文件夹以外")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            public = generate_key(options["file"])
        except BundleError as error:
            raise CommandError(str(error)) from error
        self.stderr.write(
            _("私钥已写入%(path)s，请妥为保管；下面是公钥，请另行公布。") % {"path": options["file"]}
        )
        self.stdout.write(public)
