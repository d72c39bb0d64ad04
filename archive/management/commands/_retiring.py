"""Functions shared by the commands that withdraw documents from the archive or restore them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from archive.editing import retirement
from archive.ingest import RefusedError, canonical_symbol
from archive.management.base import ArchiveCommand, stream_of
from archive.models import Document, RetiredDocument
from archive.search_index import add_index_option, bring_along
from archive.withholding.act import beyond_reach, clean_copies


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
                [(_symbol_of(options["symbol"]), options["paragraph"].partition("/")[0])]
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
        retired = retirement.standing_retirement(symbol)
        if retired is None or retired.ending != RetiredDocument.Ending(ending):
            raise RefusedError(refusal % {"symbol": symbol})
        document = retirement.take_back(retired, options["by"], options["reason"])
        names = {"symbol": document.symbol, "paragraphs": document.paragraphs.count(), "has": self.has}
        return _("%(has)s恢复%(symbol)s：%(paragraphs)d段。") % names


def _symbol_of(typed: str) -> str:
    """Returns the symbol of the present or former document that a typed symbol or alias names."""
    symbol = canonical_symbol(typed)
    if document := Document.objects.find(symbol):
        return document.symbol
    retired = retirement.standing_retirement(symbol)
    return retired.successor if retired and retired.facts.get("alias") else symbol
