"""``manage.py withdraw_document SYMBOL``: a document, or one paragraph of it, is public no more; or again."""

from __future__ import annotations

from argparse import ArgumentParser

from django.utils.translation import gettext as _

from archive.editing import retirement
from archive.ingest import canonical_symbol
from archive.models import Mention, RetiredDocument

from ._retiring import RetiringCommand


class Command(RetiringCommand):
    help = (
        "Withdraw a document, or with --paragraph one paragraph. Its addresses answer 410 with who, when "
        "and why, and with its words unless --withheld; it leaves lists, counts and search, and no import "
        "brings it back. --undo takes it back."
    )
    undoing = "take the withdrawal back"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("symbol", help="the symbol of the document")
        parser.add_argument(
            "--paragraph",
            default="",
            metavar="ANCHOR",
            help="only this paragraph: annex.14, or annex.14/3f9a0c12 by the beginning of its fingerprint",
        )
        parser.add_argument("--withheld", action="store_true", help="law forbids showing the words")
        super().add_arguments(parser)

    def retire(self, options: dict) -> str:
        symbol = canonical_symbol(options["symbol"])
        standing = retirement.standing_retirement(symbol)
        if standing and options["withheld"] and not options["paragraph"]:
            return self._withhold(standing, options)
        document = retirement.held(symbol)
        why = (options["by"], options["reason"], options["withheld"])
        names = {"symbol": document.symbol, "paragraphs": document.paragraphs.count(), "has": self.has}
        if options["paragraph"]:
            retirement.withdraw_paragraph(document, options["paragraph"], *why)
            return _("%(has)s撤下%(symbol)s的%(anchor)s。") % {**names, "anchor": options["paragraph"]}
        incoming = Mention.objects.citing().filter(target=document)
        names["cited"] = incoming.exclude(paragraph__document=document).count()
        retirement.withdraw_document(document, *why)
        return (
            _(
                "%(has)s撤下%(symbol)s：%(paragraphs)d段，各段地址改答“已撤下”；他处引用它的%(cited)d处不受影响。"
            )
            % names
        )

    def _withhold(self, standing: RetiredDocument, options: dict) -> str:
        """A document that is gone already, whose words are to go too; or did, and its copies follow."""
        if standing.withheld:
            return _("%(symbol)s早已撤下，依法不予显示。") % {"symbol": standing.symbol}
        retirement.withhold_retired(standing, options["by"], options["reason"])
        names = {"symbol": standing.symbol, "has": self.has}
        return _("%(symbol)s早已撤下；它的文字%(has)s依法不予显示。") % names

    def take_back(self, options: dict) -> str:
        if not options["paragraph"]:
            ending = RetiredDocument.Ending.WITHDRAWN
            return self.take_back_document(options, ending, _("%(symbol)s没有被撤下。"))
        document = retirement.held(canonical_symbol(options["symbol"]))
        why = (options["by"], options["reason"])
        names = {"symbol": document.symbol, "anchor": options["paragraph"], "has": self.has}
        if retirement.take_back_paragraph(document, options["paragraph"], *why):
            return _("%(has)s恢复%(symbol)s的%(anchor)s。") % names
        return (
            _(
                "%(symbol)s的%(anchor)s%(has)s不再算撤下；现有的来源文件里没有这段文字，入库有它的来源后才会显示。"
            )
            % names
        )
