"""``manage.py merge_document SYMBOL INTO``: two that were one; or one that was two after all."""

from __future__ import annotations

from argparse import ArgumentParser

from django.utils.translation import gettext as _

from archive.intake import retirement
from archive.models import MovedAnchor, RetiredDocument
from archive.store.ingest.facts import canonical_symbol
from archive.store.ingest.values import RefusedError

from .withdraw_document import RetiringCommand


class Command(RetiringCommand):
    help = (
        "把一份文件并入另一份。它的地址转到那里；其中一段的文字若在那里恰有一处，链接转到那一段，"
        "否则答410并附原文。--undo取消。"
    )
    undoing = "取消并入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("symbol", help="并掉的文件")
        parser.add_argument("into", nargs="?", default="", help="留下的文件")
        super().add_arguments(parser)

    def retire(self, options: dict) -> str:
        if not options["into"]:
            raise RefusedError(_("请给出并入哪一份文件。"))
        symbols = map(canonical_symbol, (options["symbol"], options["into"]))
        document, into = (retirement.held_document(symbol, options["language"]) for symbol in symbols)
        total = document.paragraphs.count()
        retired = retirement.merge_document(document, into, options["by"], options["reason"])
        found = MovedAnchor.objects.filter(symbol=retired.symbol, revision=retired.at_revision).count()
        names = {"symbol": retired.symbol, "into": into.symbol, "found": found, "rest": total - found}
        names["has"] = self.has
        return (
            _(
                "%(has)s把%(symbol)s并入%(into)s：%(found)d段转到相同的文字，%(rest)d段在那里没有或不止一处，地址改作说明。"
            )
            % names
        )

    def take_back(self, options: dict) -> str:
        ending = RetiredDocument.Ending.MERGED
        return self.take_back_document(options, ending, _("%(symbol)s没有并入别的文件。"))
