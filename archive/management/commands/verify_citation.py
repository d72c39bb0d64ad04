"""``manage.py verify_citation CITATION --bundle DIR``: what became of cited words, proved from a bundle."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from archive.export.bundle import verify
from archive.export.bundle.answers import read_data
from archive.export.bundle.citations import (
    STANDING,
    UnreadableCitationError,
    answer_citation,
    lines_of,
    read_citation,
)
from archive.management.base import ArchiveCommand, add_bundle_options, given_key


class Command(ArchiveCommand):
    help = (
        "凭档案包离线证明一处引用：相同、已移动、有改动、已撤下，或从未发出。"
        "CITATION可以是任何主机上的链接、/c/短码或联合国式的出处，有引文的连同引文："
        "'S/2010/52, annex, para. 14'、'第1540(2004)号决议第3段“…”'。"
        "没有文字得到证明时，退出码为1。"
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("citation", metavar="CITATION")
        parser.add_argument("--bundle", required=True, type=Path, metavar="DIR")
        parser.add_argument("--quote", default="", metavar="WORDS", help="所引的文字")
        add_bundle_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        bundle = options["bundle"]
        lines, sound = verify.report(bundle, given_key(options), options["allow_unsigned"], texts=False)
        if not sound:
            raise CommandError("\n".join(lines))
        try:
            citation = read_citation(options["citation"])
            data = read_data(bundle)
            answers = answer_citation(data, citation, options["quote"])
        except verify.NotALinkError as error:
            raise CommandError(_("这不是段落链接：%(link)s") % {"link": error}) from error
        except UnreadableCitationError as error:
            raise CommandError(
                _("没有读懂：%(text)s。请给出文号和段次，或段落链接。") % {"text": error}
            ) from error
        quoted = options["quote"] or citation.quotation
        self.stdout.write(
            "\n".join(line for answer in answers for line in lines_of(answer, data.as_of, quoted))
        )
        fates = {answer.fate for answer in answers}
        if fates <= verify.PROVED:
            return
        if fates <= {*verify.PROVED, STANDING}:
            raise CommandError(_("段落在库，但没有给出引语或指纹，没有证明任何字句；请用--quote给出引语。"))
        raise CommandError(_("引文未能证明与现有文字相同。"))
