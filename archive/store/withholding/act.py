"""Redacts every copy after words were withheld, and tells which copies still contain them.

The database is changed first, in one transaction, and every page answers from it; what is killed after that
shows nothing, and the next run completes it.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive.models import Document, IssuedText, Paragraph
from archive.models.querysets.languages import text_language
from archive.store.addresses.paths import document_path, paragraph_path
from archive.text.fingerprint import normal_form

from .register import Producer, producers
from .words import AT_ONCE, PIECE, Forbidden, anything_withheld, forbidden_words, runs_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unclean:
    """A copy with withheld words: which, and where in it, or why nobody can tell."""

    producer: str
    label: str
    places: tuple[str, ...]


def unclean_copies(deep: bool = False) -> list[Unclean]:
    """Lists every copy with withheld words, by its marks; with ``deep``, also by reading each through.

    Empty where withholding is finished.
    """
    if not anything_withheld():
        return []
    words = forbidden_words() if deep else None
    found = ((producer, _places(producer, words)) for producer in producers())
    return [Unclean(one.name, str(one.label), tuple(places)) for one, places in found if places]


def clean_copies(tell: Callable[[str], object] = lambda _said: None) -> list[Unclean]:
    """Makes every copy clean; returns those that are not. Run again, it goes on where it was stopped.

    ``tell`` is given, in sentences, what people find changed: a bundle that is gone.
    """
    words, failed = forbidden_words(), {}
    for producer in producers():
        if _places(producer, words):
            try:
                for said in producer.remove() or ():
                    tell(said)
            except Exception as error:  # one copy that cannot be cleaned must not keep the others from it
                log.exception("%s could not be made clean", producer.name)
                failed[producer.name] = str(error) or type(error).__name__
    found = ((producer, _places(producer, words)) for producer in producers())
    return [
        Unclean(one.name, str(one.label), (*places, *filter(None, [failed.get(one.name)])))
        for one, places in found
        if places
    ]


def _places(producer: Producer, words: Forbidden | None) -> Sequence[str]:
    try:
        return producer.holds(words)
    except Exception as error:  # what cannot be read cannot be cleared
        log.exception("%s could not be looked through", producer.name)
        return (str(error) or type(error).__name__,)


# Where words that were withheld in one document still stand in another, which nobody decided to withhold.

SHOWN = 20


def beyond_reach(withheld: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Generates warnings, for whoever decided it, of copies that a withholding (symbol, anchor, language)
    could not reach.
    """
    yield _("已经交给别人的存证包和下载收不回；下一个存证包会列出依法不予显示的文字，供持有者核对。")
    for symbol, anchor, language in withheld:
        if places := public_places(symbol, anchor, language):
            shown = "、".join(places[:SHOWN])
            more = _("等%(total)d处") % {"total": len(places)} if len(places) > SHOWN else ""
            yield _(
                "与%(place)s相同或大半相同的文字在别处仍然公开：%(shown)s%(more)s。那里没有随之撤下，请逐处决定。"
            ) % {"place": f"{symbol}/p/{anchor}" if anchor else symbol, "shown": shown, "more": more}


def public_places(symbol: str, anchor: str = "", language: str = "") -> list[str]:
    """Returns the addresses of public texts with at least half of a withheld text of ``symbol``, or of its
    paragraph ``anchor``; in the order of symbols. Reads the whole archive.
    """
    rows = IssuedText.objects.filter(symbol=symbol, language=language or text_language(), withheld=True)
    if anchor:
        rows = rows.filter(anchor=anchor)
    withheld = {normal_form(text) for text in rows.values_list("text", flat=True)}
    texts = sorted(text for text in withheld if len(text) >= PIECE)
    if not texts:
        return []
    owners: dict[str, list[int]] = defaultdict(list)
    sizes = []
    for number, text in enumerate(texts):
        own = set(runs_of(text, PIECE))
        sizes.append(len(own))
        for run in own:
            owners[run].append(number)
    found = {place for place, text in _public_elsewhere() if _holds(normal_form(text), owners, sizes)}
    return sorted(found)


def _holds(text: str, owners: dict[str, list[int]], sizes: list[int]) -> bool:
    held = Counter(number for run in set(runs_of(text, PIECE)) if run in owners for number in owners[run])
    return any(2 * count >= sizes[number] for number, count in held.items())


def _public_elsewhere() -> Iterator[tuple[str, str]]:
    """Generates every text that readers may see, with its address."""
    titles = Document.objects.values_list("symbol", "language", "title")
    for symbol, language, title in titles.iterator(AT_ONCE):
        yield document_path(symbol, language), title or ""
    standing = Paragraph.objects.values_list("document__symbol", "anchor", "document__language", "text")
    for symbol, anchor, language, text in standing.iterator(AT_ONCE):
        yield paragraph_path(symbol, anchor, language=language), text
    past: Iterable[tuple[str, ...]] = (
        IssuedText.objects.filter(withheld=False)
        .exclude(until=None)
        .values_list("symbol", "anchor", "fingerprint", "language", "text")
        .iterator(AT_ONCE)
    )
    for *place, text in past:
        yield paragraph_path(*place), text
