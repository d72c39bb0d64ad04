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
        "撤下一份文件；写--paragraph的，只撤下一段。它的地址答410，说明谁、何时、为何撤下，"
        "并附原文（--withheld的除外）；它退出列表、计数和检索，入库不会使它回来。--undo取消。"
    )
    undoing = "取消撤下"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("symbol", help="文件的文号")
        parser.add_argument(
            "--paragraph",
            default="",
            metavar="ANCHOR",
            help="只是这一段：annex.14，或以指纹的开头指明的annex.14/3f9a0c12",
        )
        parser.add_argument("--withheld", action="store_true", help="依法不得公开这些文字")
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
