"""``manage.py withdraw_document SYMBOL``: a document, or one paragraph of it, is public no more; or again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from archive.intake import retirement
from archive.management.base import ArchiveCommand, stream_of
from archive.models import Document, Mention, RetiredDocument
from archive.store.ingest.facts import canonical_symbol
from archive.store.ingest.values import RefusedError
from archive.store.reading.queries import standing_retirement
from archive.store.search_index import add_index_option, bring_along
from archive.store.withholding.act import beyond_reach, clean_copies
from archive.text.language import FIRST, READ

# Functions shared by the commands that withdraw documents from the archive or restore them.


class RetiringCommand(ArchiveCommand):
    """Does ``retire``, or with --undo ``take_back``, whole or not at all, and then brings search up to date.

    Both return what was done, in words, and raise RefusedError where it cannot be done. ``has`` is the word
    that says whether it is done (已) or only would be (将).
    """

    undoing = ""
    has = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", default="", help="谁决定的；读者看得到")
        parser.add_argument("--reason", default="", help="原因；读者看得到")
        parser.add_argument("--language", choices=READ, default=FIRST, help="哪种语文的文本；不写时是zh")
        parser.add_argument("--undo", action="store_true", help=self.undoing)
        parser.add_argument("--dry-run", action="store_true", help="一切照做，但什么也不写入")
        add_index_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        self.has = _("将") if options["dry_run"] else _("已")
        try:
            with transaction.atomic():
                done = self.take_back(options) if options["undo"] else self.retire(options)
                transaction.set_rollback(options["dry_run"])
        except RefusedError as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            self.stdout.write(_("试运行：什么也没有写入。"))
        self.stdout.write(done)
        if not options["dry_run"]:
            self._bring_copies_along(options)

    def _bring_copies_along(self, options: dict) -> None:
        """Cleans every copy and updates the index, each though another fails. Raises CommandError that names
        the copies that still contain withheld words, and an index that lags behind.
        """
        left, wrong = clean_copies(self.stdout.write), []
        if options.get("withheld") and not options["undo"]:
            for told in beyond_reach(
                [(_symbol_of(options), options["paragraph"].partition("/")[0], options["language"])]
            ):
                self.stdout.write(told)
        if left:
            head = _("读者已看不到这些文字，但下列副本还没有清干净；排除原因后再运行一次本命令：")
            wrong += [head, *(f"{one.label}：{'；'.join(one.places)}" for one in left)]
        if not options["no_index"]:
            try:
                bring_along(stream_of(self.stdout), options["verbosity"])
            except CommandError as error:
                wrong.append(str(error))
        if wrong:
            raise CommandError("\n".join(wrong))

    def retire(self, options: dict) -> str:
        raise NotImplementedError

    def take_back(self, options: dict) -> str:
        raise NotImplementedError

    def take_back_document(self, options: dict, ending: str, refusal: str) -> str:
        """Restores a retired document; ``refusal`` is the error if none was retired with this ``ending``."""
        symbol = canonical_symbol(options["symbol"])
        retired = standing_retirement(symbol, options["language"])
        if retired is None or retired.ending != RetiredDocument.Ending(ending):
            raise RefusedError(refusal % {"symbol": symbol})
        document = retirement.take_back(retired, options["by"], options["reason"])
        names = {"symbol": document.symbol, "paragraphs": document.paragraphs.count(), "has": self.has}
        return _("%(has)s恢复%(symbol)s：%(paragraphs)d段。") % names


def _symbol_of(options: dict) -> str:
    """Returns the symbol of the present or former document that a typed symbol or alias names."""
    symbol = canonical_symbol(options["symbol"])
    if document := Document.objects.filter(language=options["language"]).find(symbol):
        return document.symbol
    retired = standing_retirement(symbol, options["language"])
    return retired.successor if retired and retired.facts.get("alias") else symbol


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
        standing = standing_retirement(symbol, options["language"])
        if standing and options["withheld"] and not options["paragraph"]:
            return self._withhold(standing, options)
        document = retirement.held_document(symbol, options["language"])
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
        document = retirement.held_document(canonical_symbol(options["symbol"]), options["language"])
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
