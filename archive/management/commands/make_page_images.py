"""``manage.py make_page_images [SYMBOL …]``: images of the pages of PDF files that are held already."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from archive.intake.importing import read_and_parse, stored_sources
from archive.management.base import ArchiveCommand
from archive.readers import format_of
from archive.store.page_images import make_images
from archive.store.page_images.making import remove_unused


class Command(ArchiveCommand):
    help = (
        "为库中PDF文件制作缺少的页面图（全部文件，或SYMBOL所写的），并记下每段在哪一页哪一处；"
        "文件已不在库的，页面图一并删去。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("symbols", nargs="*", metavar="SYMBOL")
        parser.add_argument("--anew", action="store_true", help="已有的也重新绘制")

    def handle(self, *args: Any, symbols: list[str], anew: bool, **options: Any) -> None:
        documents = pages = 0
        failed = []
        for item in stored_sources(symbols, seconds="pdf"):
            if isinstance(item, tuple):
                failed.append(item[0])
                self.stderr.write(f"{item[0]}：{item[1]}")
                continue
            if format_of(item.content) != "pdf":
                continue
            try:
                drawn = make_images(item.content, *read_and_parse(item), anew=anew)
            except ValueError as error:  # what is stored can be read no more
                failed.append(item.name)
                self.stderr.write(f"{item.name}：{error}")
                continue
            documents += bool(drawn)
            pages += drawn
        remove_unused()
        self.stdout.write(
            _("制作了%(documents)d份文件的%(pages)d页图像。") % {"documents": documents, "pages": pages}
        )
        if failed:
            raise CommandError(_("%(count)d份文件的页面图像未能制作，原因见上。") % {"count": len(failed)})
