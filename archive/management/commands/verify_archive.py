"""``manage.py verify_archive``: are sources, texts, links, offsets and references as they were promised?"""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from archive.export.bundle.restore import rehearse
from archive.management.base import ArchiveCommand, stream_of
from archive.models import (
    Document,
    IssuedText,
    Mention,
    MovedAnchor,
    Paragraph,
    RetiredDocument,
    ShortLink,
    SourceFile,
)
from archive.store.ingest.resolve import unresolved
from archive.store.links.histories import Histories
from archive.store.links.permalinks import Fate
from archive.store.withholding.act import unclean_copies
from archive.store.withholding.words import anything_withheld
from archive.text.fingerprint import fingerprint


class Command(ArchiveCommand):
    help = (
        "检查库中的一切：来源和文字的校验和、每个发出过的链接、提及的位置、对在库文件的引用、外键、短码；"
        "现在做的档案包能否核对、恢复；有没有副本留着不得公开的文字。印出所有问题；有问题时退出码为1。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=100, help="最多印出几个问题")
        parser.add_argument("--quick", action="store_true", help="不制作也不恢复档案包，不查副本")

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[str] = Counter()
        failed, shown = 0, list[str]()
        try:
            with self._display(options["verbosity"]) as announce:
                for failure in failures(counts, announce, quick=options["quick"]):
                    failed += 1
                    if failed <= options["most"]:
                        shown.append(failure)
        finally:
            for failure in shown:
                self.stderr.write(failure)
        if options["verbosity"]:
            self.stdout.write("  ".join(f"{name} {count}" for name, count in counts.items()))
        if failed:
            raise CommandError(_("有%(count)d处不符，见上。") % {"count": failed})
        if options["verbosity"]:
            self.stdout.write(_("全部相符。"))

    @contextmanager
    def _display(self, verbosity: int) -> Iterator[Callable[[str], None]]:
        """Shows on a terminal the check in progress and its duration, until the end."""
        if not verbosity or not self.stdout.isatty():
            yield lambda _what: None
            return
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Progress(*columns, console=Console(file=stream_of(self.stdout)), transient=True) as progress:
            task = progress.add_task("")

            def announce(what: str) -> None:
                progress.update(task, description=_("正在核对%(what)s…") % {"what": what}, refresh=True)

            yield announce


def _withheld_words(_counts: Counter) -> Iterator[str]:
    """Generates the copies that contain withheld words."""
    for copy in unclean_copies(deep=True):
        names = {"copy": copy.label, "places": "；".join(copy.places)}
        yield _("%(copy)s里还有不予显示的文字：%(places)s。请再执行一次withdraw_document。") % names


# Integrity checks of the archive: stored data are compared with the data they must agree with.

AT_ONCE = 500


def failures(
    counts: Counter, announce: Callable[[str], None] = lambda _what: None, *, quick: bool = True
) -> Iterator[str]:
    """Runs all integrity checks, of the archive alone where ``quick``, and generates the failures, in words;
    counts the checked objects in ``counts``, and calls ``announce`` with the name of each check before it.
    """
    beyond = () if quick else ((rehearse, _("试做的存证包")), (_withheld_words, _("不予显示的文字")))
    for check, what in (
        (_sources, _("来源文件")),
        (_texts, _("历次文字")),
        (_standing, _("段落")),
        (_links, _("发出的链接")),
        (_moves, _("移动的段落")),
        (_offsets, _("提及的位置")),
        (_references, _("提及")),
        (_foreign_keys, _("外键")),
        (_retired, _("撤下或并入的文件")),
        (_short_links, _("短链接")),
        *beyond,
    ):
        announce(what)
        yield from check(counts)


def _sources(counts: Counter) -> Iterator[str]:
    """Checks source files against their SHA-256. In a restored archive an empty one may have been withheld:
    these are counted.
    """
    some = anything_withheld()
    for row in SourceFile.objects.order_by("pk").iterator(chunk_size=20):
        counts[_("来源文件")] += 1
        if some and not row.content:
            counts[_("其中有不予显示的文字、未随存证包而来")] += 1
        elif hashlib.sha256(bytes(row.content)).hexdigest() != row.sha256:
            yield _("来源文件%(name)s(编号%(key)s)的内容与SHA-256不符") % {"name": row.name, "key": row.pk}


def _texts(counts: Counter) -> Iterator[str]:
    for row in IssuedText.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        counts[_("历次文字")] += 1
        if row.withheld and not row.text:
            counts[_("其中不予显示、未随存证包而来")] += 1
        elif fingerprint(row.text) != row.fingerprint:
            yield _("%(address)s的文字与指纹不符") % {"address": row}


def _standing(counts: Counter) -> Iterator[str]:
    """Checks that the displayed texts equal the open rows of the history, character for character."""
    rows = IssuedText.objects.standing().order_by("pk")
    standing = {
        (row.symbol, row.language, row.anchor): _sum(row.text)
        for row in rows.only("symbol", "language", "anchor", "text").iterator(chunk_size=AT_ONCE)
    }
    shown = Paragraph.objects.order_by("pk").select_related("document")
    for row in shown.only(
        "anchor", "fingerprint", "text", "document__symbol", "document__language"
    ).iterator():
        counts[_("段落")] += 1
        place = f"{row.document.symbol}/p/{row.anchor}"
        if fingerprint(row.text) != row.fingerprint:
            yield _("%(place)s的文字与指纹不符") % {"place": place}
        if standing.pop((row.document.symbol, row.document.language, row.anchor), None) != _sum(row.text):
            yield _("%(place)s现在的文字没有记入历次文字") % {"place": place}
    for symbol, _language, anchor in standing:
        yield _("历次文字中%(place)s仍算公开，却没有这一段") % {"place": f"{symbol}/p/{anchor}"}


def _sum(text: str) -> bytes:
    """Returns the SHA-256 of a text, which differs for every difference of characters."""
    return hashlib.sha256(text.encode("utf-8")).digest()


def _links(counts: Counter) -> Iterator[str]:
    """Checks that every link with fingerprint that was ever issued has one of the four answers."""
    rows = IssuedText.objects.order_by("symbol", "language").values_list(
        "symbol", "language", "anchor", "fingerprint"
    )
    known, histories = ("", ""), Histories()
    for symbol, language, anchor, words in rows.distinct().iterator(chunk_size=AT_ONCE):
        if known != (symbol, language):
            known, histories = (symbol, language), Histories(language)
        verdict = histories.verdict(symbol, anchor, words)
        fate = histories.fate(symbol, anchor, words)
        counts[_("发出的链接")] += 1
        counts[_FATES[fate]()] += 1
        place = f"{symbol}/p/{anchor}/{words}"
        if fate is Fate.NEVER_ISSUED:
            yield _("链接%(place)s发出过，却答不出") % {"place": place}
        elif fate is Fate.MOVED and not _stands(verdict, words):
            yield _("链接%(place)s应转到的地方没有相同的文字") % {"place": place}


def _stands(verdict, words: str) -> bool:
    return Paragraph.objects.filter(
        document__symbol=verdict.symbol, anchor=verdict.anchor, fingerprint=words
    ).exists()


_FATES = {
    Fate.IDENTICAL: lambda: _("其中文字相同"),
    Fate.MOVED: lambda: _("其中已移动"),
    Fate.EDITED: lambda: _("其中有改动"),
    Fate.WITHDRAWN: lambda: _("其中已不在"),
    Fate.NEVER_ISSUED: lambda: _("其中答不出"),
}


def _moves(counts: Counter) -> Iterator[str]:
    """Checks that each moved anchor leads to an issued text."""
    issued = set(IssuedText.objects.values_list("symbol", "language", "anchor").distinct())
    for move in MovedAnchor.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        counts[_("移动的段落")] += 1
        home = move.new_symbol or move.symbol
        if (home, move.language, move.new_anchor) not in issued:
            yield _("%(move)s：那里从未有过段落") % {"move": move}


def _offsets(counts: Counter) -> Iterator[str]:
    """Checks that each mention's surface is in its paragraph's text at the stored offsets."""
    needed = {"paragraph", "start", "end", "surface"}
    for model in apps.get_app_config("archive").get_models():
        if not needed <= {field.name for field in model._meta.get_fields()}:
            continue
        rows = model._default_manager.order_by("pk").values_list(
            "pk", "start", "end", "surface", "paragraph__text"
        )
        for key, start, end, surface, text in rows.iterator(chunk_size=AT_ONCE):
            counts[_("提及的位置")] += 1
            if text[start:end] != surface:
                names = {"kind": model._meta.verbose_name, "key": key, "surface": surface}
                yield _("%(kind)s%(key)s“%(surface)s”不在原文的那个位置") % names


def _references(counts: Counter) -> Iterator[str]:
    """Checks that mentions of documents and paragraphs in the archive are linked to them."""
    counts[_("提及")] += Mention.objects.count()
    for mention in unresolved():
        names = {
            "place": f"{mention.paragraph.document.symbol}/p/{mention.paragraph.anchor}",
            "surface": mention.surface,
        }
        yield _("%(place)s的“%(surface)s”没有指向库中现有的那份文件或那一段；请重新入库该文件") % names


def _foreign_keys(counts: Counter) -> Iterator[str]:
    counts[_("外键")] += 1
    try:
        connection.check_constraints()
    except DatabaseError as error:
        yield _("外键指向不存在的行：%(error)s") % {"error": error}


def _retired(counts: Counter) -> Iterator[str]:
    standing = RetiredDocument.objects.filter(lifted=None)
    known = {*standing.values_list("symbol", "language"), *Document.objects.values_list("symbol", "language")}
    for row in standing:
        counts[_("撤下或并入的文件")] += 1
        if Document.objects.filter(symbol=row.symbol, language=row.language).exists():
            yield _("%(symbol)s已撤下或并入，却仍在库中") % {"symbol": row.symbol}
        if row.successor and (row.successor, row.language) not in known:
            yield _("%(symbol)s并入的%(into)s不在库中") % {"symbol": row.symbol, "into": row.successor}


def _short_links(counts: Counter) -> Iterator[str]:
    """Checks that each short code refers to an issued text; its symbol may have been corrected since."""
    issued = set(IssuedText.objects.values_list("language", "anchor", "fingerprint").distinct())
    for link in ShortLink.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        counts[_("短链接")] += 1
        if (link.language, link.anchor, link.fingerprint) not in issued:
            yield _("短链接%(code)s所指的文字从未发出") % {"code": link.code}
