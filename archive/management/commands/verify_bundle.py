"""``manage.py verify_bundle DIR``: check a bundle, as the ``verify.py`` inside it does."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from archive.bundle import verify
from archive.management.base import ArchiveCommand

from ._bundle import add_bundle_options, given_key


class Command(ArchiveCommand):
    help = (
        "Check a bundle: signature, missing, extra and changed files, fingerprints, issued links. "
        "Prints what fails; exit status 1 where anything does."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path)
        parser.add_argument(
            "--newer",
            metavar="DIR",
            type=Path,
            help="a later bundle: does it answer every link, is anything shown that it revokes?",
        )
        add_bundle_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        given = (options["directory"], given_key(options), options["allow_unsigned"])
        lines, sound = verify.report(*given, newer=options["newer"])
        if not sound:
            raise CommandError("\n".join(lines))
        self.stdout.write("\n".join(lines))
