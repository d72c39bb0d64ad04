"""Verification of a fetched file: its bytes are parsed, its text must have language and symbol."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from archive.intake.importing import parse_source
from archive.intake.importing.words import LANGUAGES as NAMES
from archive.intake.importing.words import refusal_of
from archive.models import FetchAttempt
from archive.readers import NotReadableError
from archive.readers.pool import read_file
from archive.store.ingest.values import Source
from archive.text.language import FIRST, READ, UNKNOWN, language_of

from .client import Answer

SUFFIXES = {"wordperfect": "wpd"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The expected file of a request. ``says`` is a string that the text must contain; empty: any."""

    symbol: str
    language: str
    says: str = ""


class NotAskedForError(Exception):
    """A fetched file that is not the one asked for, or unreadable. ``outcome`` is the attempt's.

    ``final`` where another file of the same document would be refused, too.
    """

    def __init__(self, outcome: FetchAttempt.Outcome, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.outcome, self.reason, self.final = outcome, reason, final


def source_of(answer: Answer, asked: Asked, came: datetime, sha256: str) -> Source:
    """Returns the file as a source for the importer, with a sidecar that says where it comes from.

    Raises NotAskedForError where its text is in another language, is another document or cannot be read.
    """
    suffix = SUFFIXES.get(answer.format, answer.format)
    of = "" if asked.language == FIRST else f"-{asked.language.upper()}"
    name = f"{asked.symbol.replace('/', '_')}{of}.{suffix}"
    provenance = _("联合国正式文件系统，%(address)s，%(time)s取得，SHA-256 %(sha256)s。") % {
        "address": answer.address,
        "time": f"{came:%Y-%m-%dT%H:%M:%SZ}",
        "sha256": sha256,
    }
    source = Source(name, answer.content, f"provenance = {json.dumps(provenance, ensure_ascii=False)}\n")
    text = _text_of(source)
    _require_language(text, asked.language)
    if asked.language not in READ:
        told = _("本库现在只读中文和英文；这份%(language)s本已原样保存，待能读时再入库。")
        raise _answered(told % {"language": NAMES[asked.language]}, final=True)
    _require_symbol(source, asked.symbol)
    if asked.says and asked.says not in unicodedata.normalize("NFKC", text):
        raise _answered(
            _("文中没有提到%(says)s，看来不属于这一系列；如要收入，请按文号再取一次。")
            % {"says": asked.says},
            final=True,
        )
    return source


def _text_of(source: Source) -> str:
    try:
        return read_file(source.content, source.name).text
    except NotReadableError as error:
        raise _answered(_("文件已到，但读不出：%(reason)s") % {"reason": refusal_of(error)}) from error
    except ValueError as error:
        raise _answered(_("文件已到，但读不出：%(reason)s") % {"reason": error}) from error


def _require_language(text: str, language: str) -> None:
    found = language_of(text)
    if found is None or found == UNKNOWN:
        raise _answered(_("看不出文件是哪一种语文；已原样保存，没有入库。"))
    if found != language:
        names = {"asked": NAMES[language], "found": NAMES[found]}
        raise NotAskedForError(
            FetchAttempt.Outcome.NOT_IN_LANGUAGE,
            _("要的是%(asked)s本，来的是%(found)s本；没有入库。") % names,
        )


def _require_symbol(source: Source, symbol: str) -> None:
    """The text itself must say the symbol; a sidecar of ours that said it would prove nothing."""
    try:
        facts = parse_source(source).facts
    except ValueError as error:
        raise _answered(_("文件已到，但认不出：%(reason)s") % {"reason": error}) from error
    if symbol not in (facts.symbol, *facts.other_symbols):
        names = {"asked": symbol, "found": facts.symbol}
        raise _answered(_("要的是%(asked)s，来的文件自称%(found)s；已原样保存，没有入库。") % names)


def _answered(reason: str, *, final: bool = False) -> NotAskedForError:
    return NotAskedForError(FetchAttempt.Outcome.ANSWERED, reason, final=final)
