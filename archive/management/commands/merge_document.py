"""``manage.py merge_document SYMBOL INTO``: two that were one; or one that was two after all."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from archive.ingest import RefusedError, canonical_symbol
from archive.links import retirement
from archive.models import MovedAnchor, RetiredDocument


class Command(BaseCommand):
    help = (
        "Merge a document into another. Its address leads there; a paragraph leads to its words there, where "
        "they stand exactly once, else it answers 410 with its words. --undo takes it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("symbol", help="the document that goes")
        parser.add_argument("into", nargs="?", default="", help="the document that stays")
        parser.add_argument("--by", default="", help="who decided; shown to readers")
        parser.add_argument("--reason", default="", help="why; shown to readers")
        parser.add_argument("--undo", action="store_true", help="take the merge back")
        parser.add_argument("--dry-run", action="store_true", help="try everything, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                done = self._undo(options) if options["undo"] else self._merge(options)
                transaction.set_rollback(options["dry_run"])
        except RefusedError as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            self.stdout.write(_("试运行：什么也没有写入。"))
        self.stdout.write(done)
        if not options["dry_run"]:
            retirement.refresh_search(stdout=self.stdout._out, verbosity=options["verbosity"])

    def _merge(self, options: dict) -> str:
        if not options["into"]:
            raise RefusedError(_("请给出并入哪一份文件。"))
        document = retirement.held(canonical_symbol(options["symbol"]))
        into = retirement.held(canonical_symbol(options["into"]))
        total = document.paragraphs.count()
        retired = retirement.merge_document(document, into, options["by"], options["reason"])
        found = MovedAnchor.objects.filter(symbol=retired.symbol, moved=retired.at).count()
        names = {"symbol": retired.symbol, "into": into.symbol, "found": found, "rest": total - found}
        return (
            _(
                "已把%(symbol)s并入%(into)s：%(found)d段转到相同的文字，%(rest)d段在那里没有或不止一处，地址改作说明。"
            )
            % names
        )

    def _undo(self, options: dict) -> str:
        symbol = canonical_symbol(options["symbol"])
        retired = retirement.standing_retirement(symbol)
        if retired is None or retired.ending != RetiredDocument.Ending.MERGED:
            raise RefusedError(_("%(symbol)s没有并入别的文件。") % {"symbol": symbol})
        document = retirement.take_back(retired, options["by"], options["reason"])
        names = {"symbol": document.symbol, "paragraphs": document.paragraphs.count()}
        return _("已恢复%(symbol)s：%(paragraphs)d段。") % names
