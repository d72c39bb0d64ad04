"""``manage.py issue_short_links``: a short code for every issued text that has none."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from archive.management.base import ArchiveCommand
from archive.store.addresses.shortlinks import give_codes


class Command(ArchiveCommand):
    help = "给每一段还没有短码的已发布文字一个短码（/c/…）。给过的短码不变。"

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            given = give_codes()
        if options["verbosity"] >= 1:
            self.stdout.write(_("新发短链接%(count)d个。") % {"count": given})
