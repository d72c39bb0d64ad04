"""Queries of pages that need more than one queryset: each function issues a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.db.models import QuerySet

from archive.models import (
    Body,
    BodyMention,
    Document,
    IssuedText,
    Mention,
    Paragraph,
    Resolution,
    State,
    StateMention,
    Theme,
    ThemeMention,
    Treaty,
    TreatyMention,
)
from archive.summaries import Subject, figures_of, totals
from archive.text.reference import load_reference
from archive.text.symbols import Symbol, SymbolError, may_be_of_pair, symbols_within
from archive.values import Instant, Schema


class Figures(Schema, frozen=True, kw_only=True):
    """The totals of the archive; ``changed``: the time of its last change."""

    documents: int
    first: int | None
    last: int | None
    changed: Instant | None
    paragraphs: int
    numbered: int
    mentions: int
    uncertain: int
    unresolved: int
    symbols: int
    not_held: int
    body_mentions: int
    bodies: int


DEEPEST_NESTING = 8


def canonical(spelled: str) -> str | None:
    """Returns a symbol's canonical form in any spelling, completed by the family's table; or None."""
    try:
        return str(Symbol.parse(spelled).completed(_resolutions()))
    except SymbolError:
        return None


def is_known(symbol: str) -> bool:
    """Returns True if this canonical symbol was ever stored, or is cited or listed as a resolution."""
    return (
        Document.objects.find(symbol) is not None
        or is_cited(symbol)
        or IssuedText.objects.filter(symbol=symbol).exists()
    )


def is_cited(symbol: str) -> bool:
    """Returns True if a mention, certain or not, names the symbol, or the table of resolutions lists it."""
    return Resolution.objects.filter(symbol=symbol).exists() or Mention.objects.of(symbol).exists()


def paired_symbols(symbol: str) -> list[str]:
    """Returns the other symbols of a document: those of a pair, or of pairs that texts name."""
    if not may_be_of_pair(symbol):
        return list(symbols_within(symbol)[1:])
    return sorted(set(Mention.objects.pairs_with(symbol).others(symbol)))


@cache
def _resolutions() -> dict[int, str]:
    return dict(load_reference().resolutions)


def ancestors(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Returns the blocks above ``paragraphs``, from which their names are built. One query for each level."""
    known = {paragraph.pk for paragraph in paragraphs}
    wanted = {paragraph.parent_id for paragraph in paragraphs if paragraph.parent_id} - known
    found: list[Paragraph] = []
    for _level in range(DEEPEST_NESTING):
        if not wanted:
            break
        above = list(Paragraph.objects.filter(pk__in=wanted).order_by())
        found += above
        known |= wanted
        wanted = {paragraph.parent_id for paragraph in above if paragraph.parent_id} - known
    return found


def mention_places(paragraphs: Sequence[Paragraph], symbol: str, anchor: str | None = None) -> dict:
    """Returns the spans where ``paragraphs`` cite ``symbol`` (``anchor``): key → [(start, end), …]."""
    mentions = Mention.objects.citing().of(symbol)
    if anchor is not None:
        mentions = mentions.at_paragraph(anchor)
    return _places(mentions, paragraphs)


def citing_places(paragraphs: Sequence[Paragraph], mentions: QuerySet) -> dict:
    """Returns the spans of ``mentions`` in ``paragraphs``: key → [(start, end), …]."""
    return _places(mentions, paragraphs)


def naming_counts(symbol: str) -> dict[str, int]:
    """Counts the paragraphs that name a document without citing it: in names of bodies, and in headings."""
    return {
        "body_names": Paragraph.objects.only_naming(symbol).count(),
        "headings": Paragraph.objects.only_naming(symbol, headings=True).count(),
        "uncertain": Paragraph.objects.doubtfully_naming(symbol).count(),
    }


def body_places(paragraphs: Sequence[Paragraph], body: Body) -> dict:
    """Returns the spans where ``paragraphs`` name ``body``: key → [(start, end), …]."""
    return _places(BodyMention.objects.filter(body=body), paragraphs)


def state_places(paragraphs: Sequence[Paragraph], state: State) -> dict:
    """Returns the spans where ``paragraphs`` name ``state``: key → [(start, end), …]."""
    return _places(StateMention.objects.filter(state=state), paragraphs)


def theme_places(paragraphs: Sequence[Paragraph], theme: Theme) -> dict:
    """Returns the spans of words of ``theme`` in ``paragraphs``: key → [(start, end), …]."""
    return _places(ThemeMention.objects.filter(theme=theme), paragraphs)


def treaty_places(paragraphs: Sequence[Paragraph], treaty: Treaty, article: str | None = None) -> dict:
    """Returns the spans where ``paragraphs`` name ``treaty`` or its ``article``: key → [(start, end), …]."""
    rows = TreatyMention.objects.filter(treaty=treaty)
    return _places(rows if article is None else rows.filter(article=article), paragraphs)


def _places(rows: QuerySet, paragraphs: Sequence[Paragraph]) -> dict:
    keys = [paragraph.pk for paragraph in paragraphs]
    places: dict[int, list[tuple[int, int]]] = {}
    found = rows.filter(paragraph__in=keys).order_by("start").values_list("paragraph", "start", "end")
    for key, start, end in found:
        places.setdefault(key, []).append((start, end))
    return places


def coverage() -> Figures:
    """Returns the totals of the archive; six queries."""
    found, years = totals(), [int(year) for year in figures_of(Subject.YEAR) if year]
    bodies = figures_of(Subject.BODY, Body.objects.confirmed().values_list("pk", flat=True))
    symbols = found[Subject.SYMBOL]
    return Figures(
        documents=found[Subject.YEAR].documents,
        first=min(years, default=None),
        last=max(years, default=None),
        changed=Document.objects.order_by("-changed").values_list("changed", flat=True).first(),
        paragraphs=found[Subject.YEAR].paragraphs,
        numbered=found[Subject.NUMBERED].paragraphs,
        mentions=symbols.mentions,
        uncertain=found[Subject.UNCERTAIN].mentions,
        unresolved=found[Subject.NOT_HELD].mentions,
        symbols=symbols.keys,
        not_held=found[Subject.NOT_HELD].keys,
        body_mentions=sum(counts.mentions for counts in bodies.values()),
        bodies=len(bodies),
    )


def known_symbols() -> list[str]:
    """Returns every symbol that has a page: held, cited, or of the family; each once."""
    held = Document.objects.order_by().values_list("symbol", flat=True)
    cited = figures_of(Subject.SYMBOL)
    family = Resolution.objects.order_by().values_list("symbol", flat=True)
    return sorted({*held, *cited, *family})
