"""``manage.py verify_archive``: are sources, texts, links, offsets and references as they were promised?"""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from itertools import chain
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.bundle.rehearsal import rehearse
from archive.links.verification import failures
from archive.management.base import ArchiveCommand


class Command(ArchiveCommand):
    help = (
        "Check everything that is stored: hashes of sources and texts, every link that was ever issued, the "
        "offsets of mentions, references to what is held, foreign keys, short codes; and whether a bundle "
        "made now can be verified and restored. Prints what fails; the exit status is 1 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=100, help="how many failures to print")
        parser.add_argument("--quick", action="store_true", help="do not make and restore a bundle")

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[str] = Counter()
        failed = 0
        rehearsal = () if options["quick"] else rehearse(counts)
        for failure in chain(failures(counts), rehearsal):
            failed += 1
            if failed <= options["most"]:
                self.stderr.write(failure)
        if options["verbosity"]:
            self.stdout.write("  ".join(f"{name} {count}" for name, count in counts.items()))
        if failed:
            raise CommandError(_("有%(count)d处不符，见上。") % {"count": failed})
        if options["verbosity"]:
            self.stdout.write(_("全部相符。"))
