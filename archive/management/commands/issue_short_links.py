"""``manage.py issue_short_links``: a short code for every issued text that has none."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from archive.shortlinks import give_codes


class Command(BaseCommand):
    help = "Give a short code (/c/…) to every issued text that has none. Codes once given stay."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            given = give_codes()
        if options["verbosity"] >= 1:
            self.stdout.write(_("新发短链接%(count)d个。") % {"count": given})
