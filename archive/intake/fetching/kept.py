"""Answers that could not be imported, kept whole in the data folder for the operator.

No page serves them. They are registered with withholding all the same: what answers for a document of which
something is withheld, or holds withheld words, is removed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models import Document, FetchAttempt, IssuedText, RetiredDocument
from archive.store.ingest.facts import canonical_symbol
from archive.store.ingest.values import RefusedError
from archive.store.reading.coverage import wanted_documents
from archive.store.withholding.register import Producer
from archive.store.withholding.words import Forbidden, forbidden_words
from archive.text.errors import UnreadableSourceError
from archive.text.reader import decode_source
from archive.text.symbols.symbol import symbols_within, un_url

from .examine import FIRST, Asked
from .family import families

FOLDER, ANSWERS = "fetched", "answers"


def folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def keep(symbol: str, content: bytes, kind: str) -> str:
    """Writes an answer; returns its path relative to the data folder. Equal answers are one file."""
    mark = hashlib.sha256(content).hexdigest()[:16]
    name = re.sub(r"[^A-Za-z0-9().-]", "_", symbol)[:80]
    path = folder() / ANSWERS / f"{name}.{mark}.{re.sub(r'[^a-z]', '', kind) or 'bin'}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        new = path.with_suffix(".new")
        new.write_bytes(content)
        new.replace(path)
    return str(path.relative_to(settings.DATA_DIR))


def holds(words: Forbidden | None) -> Sequence[str]:
    """Lists answers for documents with withheld words; with ``words`` also any that contain some."""
    return [str(path.relative_to(settings.DATA_DIR)) for path in _unclean(words)]


def remove() -> None:
    """Removes these answers, and the beginnings of downloads that earlier versions kept."""
    for path in list(_unclean(forbidden_words())):
        path.unlink(missing_ok=True)
    if _withheld_symbols():
        shutil.rmtree(folder() / "partial", ignore_errors=True)


def _unclean(words: Forbidden | None) -> Iterator[Path]:
    withheld = _withheld_symbols()
    if not withheld:
        return
    answers = folder() / ANSWERS
    theirs = FetchAttempt.objects.filter(symbol__in=withheld).exclude(kept="").values_list("kept", flat=True)
    named = {Path(settings.DATA_DIR) / path for path in theirs}
    for path in sorted(answers.iterdir()) if answers.is_dir() else ():
        if path in named or (words and words.found_in(_text(path))):
            yield path


def _withheld_symbols() -> set[str]:
    return {
        *IssuedText.objects.filter(withheld=True).values_list("symbol", flat=True),
        *RetiredDocument.objects.filter(withheld=True, lifted=None).values_list("symbol", flat=True),
    }


def _text(path: Path) -> str:
    try:
        return decode_source(path.name, path.read_bytes()).text
    except UnreadableSourceError:
        return ""


# Which documents a run asks for, and why it leaves others out.

Outcome = FetchAttempt.Outcome
LONGEST: int = FetchAttempt._meta.get_field("symbol").max_length or 0
SETTLED = (Outcome.NOT_PUBLISHED, Outcome.NOT_IN_LANGUAGE)
"""Outcomes after which a list of documents does not ask again by itself."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document that is skipped, and why. ``wrong`` where the person who named it should know."""

    symbol: str
    why: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A document that somebody wants. ``named`` in person, not by a list; ``says`` as in ``Asked``."""

    symbol: str
    named: bool = False
    says: str = ""


def wishes_of(
    symbols: Iterable[str], family: str | None, most_wanted: int, language: str = FIRST
) -> Iterator[Wish]:
    """Generates the documents named by a command: single ones, a family, the most cited of those not held."""
    for symbol in symbols:
        yield Wish(symbol, named=True)
    if family:
        yield from (
            Wish(member.symbol, says=families()[family].says) for member in families()[family].documents
        )
    if most_wanted:
        asked = settled_symbols(language)
        found = filter(None, (_symbol_to_ask(row, asked) for row in wanted_documents()))
        yield from (Wish(symbol) for _number, symbol in zip(range(most_wanted), found, strict=False))


def _symbol_to_ask(row: dict, settled: set[str]) -> str | None:
    """Returns the first symbol of a wanted document that the UN has an address for and has not refused."""
    symbols = [symbol for symbol in [*row["others"], row["symbol"]] if len(symbols_within(symbol)) == 1]
    return next((symbol for symbol in symbols if un_url(symbol) and symbol not in settled), None)


def settled_symbols(language: str) -> set[str]:
    """Returns the symbols for which the last answer was that there is no such text in ``language``."""
    latest = FetchAttempt.objects.latest_by_symbol(language=language)
    return {symbol for symbol, row in latest.items() if row.outcome in SETTLED}


def plan(wishes: Iterable[Wish], language: str, *, again: bool = False) -> Iterator[Asked | LeftOut]:
    """Generates each wish once: as a request, or as left out with the reason."""
    held = set(Document.objects.filter(language=language).values_list("symbol", flat=True))
    aliases = dict(Document.objects.filter(language=language).values_list("aliases__symbol", "symbol"))
    gone = RetiredDocument.objects.filter(language=language, lifted=None)
    retired = set(gone.values_list("symbol", flat=True))
    settled = settled_symbols(language)
    seen: set[str] = set()
    for wish in wishes:
        try:
            symbol = canonical_symbol(wish.symbol)
        except RefusedError as error:
            yield LeftOut(wish.symbol, str(error), wrong=True)
            continue
        if len(symbol) > LONGEST:
            yield LeftOut(symbol[:LONGEST] + "…", _("文号过长"), wrong=True)
            continue
        if symbol in seen:
            continue
        seen.add(symbol)
        if symbol in held:
            yield LeftOut(symbol, _("已在库中"))
        elif aliases.get(symbol):
            yield LeftOut(symbol, _("已在库中，即%(symbol)s") % {"symbol": aliases[symbol]})
        elif symbol in retired:
            yield LeftOut(symbol, _("已由编者撤下或并入另一份文件，不再索取"), wrong=wish.named)
        elif un_url(symbol) is None:
            yield LeftOut(symbol, _("不是联合国单独编号印发的文件，联合国没有它的地址"), wrong=wish.named)
        elif symbol in settled and not wish.named and not again:
            yield LeftOut(symbol, _("上次答复是没有这份文本；要再问，请用--again"))
        else:
            yield Asked(symbol, language, wish.says)


PRODUCER = Producer("fetched", gettext_lazy("联合国的答复"), holds, remove)
