"""``manage.py withdraw_document SYMBOL``: a document, or one paragraph of it, is public no more; or again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from archive.ingest import RefusedError, canonical_symbol
from archive.links import retirement
from archive.models import Mention, RetiredDocument


class Command(BaseCommand):
    help = (
        "Withdraw a document, or with --paragraph one paragraph. Its addresses answer 410 with who, when "
        "and why, and with its words unless --withheld; it leaves lists, counts and search, and no import "
        "brings it back. --undo takes it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("symbol", help="the symbol of the document")
        parser.add_argument("--paragraph", default="", metavar="ANCHOR", help="only this paragraph: annex.14")
        parser.add_argument("--by", default="", help="who decided; shown to readers")
        parser.add_argument("--reason", default="", help="why; shown to readers")
        parser.add_argument("--withheld", action="store_true", help="law forbids showing the words")
        parser.add_argument("--undo", action="store_true", help="take the withdrawal back")
        parser.add_argument("--dry-run", action="store_true", help="try everything, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                done = self._undo(options) if options["undo"] else self._withdraw(options)
                transaction.set_rollback(options["dry_run"])
        except RefusedError as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            self.stdout.write(_("试运行：什么也没有写入。"))
        self.stdout.write(done)
        if not options["dry_run"]:
            retirement.refresh_search(stdout=self.stdout._out, verbosity=options["verbosity"])

    def _withdraw(self, options: dict) -> str:
        document = retirement.held(canonical_symbol(options["symbol"]))
        why = (options["by"], options["reason"], options["withheld"])
        names = {"symbol": document.symbol, "paragraphs": document.paragraphs.count()}
        if options["paragraph"]:
            retirement.withdraw_paragraph(document, options["paragraph"], *why)
            return _("已撤下%(symbol)s的%(anchor)s。") % {**names, "anchor": options["paragraph"]}
        incoming = Mention.objects.citing().filter(target=document)
        names["cited"] = incoming.exclude(paragraph__document=document).count()
        retirement.withdraw_document(document, *why)
        return (
            _("已撤下%(symbol)s：%(paragraphs)d段，各段地址改答“已撤下”；他处引用它的%(cited)d处不受影响。")
            % names
        )

    def _undo(self, options: dict) -> str:
        symbol, by = canonical_symbol(options["symbol"]), options["by"]
        if options["paragraph"]:
            document = retirement.held(symbol)
            retirement.take_back_paragraph(document, options["paragraph"], by, options["reason"])
            return _("已恢复%(symbol)s的%(anchor)s。") % {"symbol": symbol, "anchor": options["paragraph"]}
        retired = retirement.standing_retirement(symbol)
        if retired is None or retired.ending != RetiredDocument.Ending.WITHDRAWN:
            raise RefusedError(_("%(symbol)s没有被撤下。") % {"symbol": symbol})
        document = retirement.take_back(retired, by, options["reason"])
        names = {"symbol": document.symbol, "paragraphs": document.paragraphs.count()}
        return _("已恢复%(symbol)s：%(paragraphs)d段。") % names
