"""What is cited and not held: each document once, whatever symbols texts name it by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from django.db.models import Max, Min, Q

from archive.models import Document, Mention
from archive.models.querysets.mentions import CITES
from archive.text.symbols import symbols_within

YEAR = "paragraph__document__year"


def wanted_documents() -> list[dict]:
    """Rows ``{"symbol", "others", "paragraphs", "documents", "first", "last"}``, most cited first.

    A pair of symbols (A/77/895-S/2023/363) and its members are one row under the pair, ``others`` its further
    symbols; a paragraph that cites several of them counts once. Where one of them is held, none is wanted.
    What stands only in headings and in names of bodies is cited by nothing. Four queries.
    """
    cited = (
        Mention.objects.not_held()
        .cited_symbols()
        .filter(paragraphs__gt=0)
        .annotate(first=Min(YEAR, filter=CITES), last=Max(YEAR, filter=CITES))
    )
    found = {row["symbol"]: row | {"others": []} for row in cited}
    groups = list(_groups(Mention.objects.pairs()))
    named = sorted(set(chain.from_iterable(symbols for _symbol, symbols in groups)))
    held, citing = _held(named), _citing(named)
    alone = {symbol: row for symbol, row in found.items() if symbol not in set(named)}
    for symbol, symbols in groups:
        if any(one in found for one in symbols) and not held & symbols:
            alone[symbol] = _together(
                symbol, symbols, [row for one in symbols for row in citing.get(one, ())]
            )
    return sorted(alone.values(), key=lambda row: (-row["paragraphs"], row["symbol"]))


def _together(symbol: str, symbols: set[str], citing: list[tuple[int, int, int | None]]) -> dict:
    years = [year for _paragraph, _document, year in citing if year is not None]
    return {
        "symbol": symbol,
        "others": sorted(symbols - {symbol}),
        "paragraphs": len({paragraph for paragraph, *_rest in citing}),
        "documents": len({document for _paragraph, document, _year in citing}),
        "first": min(years, default=None),
        "last": max(years, default=None),
    }


def _groups(pairs: Iterable[str]) -> Iterator[tuple[str, set[str]]]:
    """The symbols that mean one document, each group with the one that is cited for all of them, as
    ``MentionQuerySet.of`` has it: the pair, or the symbol that stands in several pairs."""
    of_member: dict[str, set[str]] = {}
    for pair in pairs:
        _whole, *parts = symbols_within(pair)
        for part in parts:
            of_member.setdefault(part, set()).add(pair)
    done: set[str] = set()
    for member, pairs_of_it in sorted(of_member.items(), key=lambda row: (-len(row[1]), row[0])):
        if pairs_of_it <= done:
            continue
        done |= pairs_of_it
        symbol = member if len(pairs_of_it) > 1 else next(iter(pairs_of_it))
        yield symbol, set(chain.from_iterable(map(symbols_within, pairs_of_it)))


def _held(symbols: list[str]) -> set[str]:
    """Those of ``symbols`` under which a document is held."""
    rows = Document.objects.filter(Q(symbol__in=symbols) | Q(aliases__symbol__in=symbols))
    return set(chain.from_iterable(rows.order_by().values_list("symbol", "aliases__symbol")))


def _citing(symbols: list[str]) -> dict[str, list[tuple[int, int, int | None]]]:
    """By symbol, the paragraphs that cite it as not held: key, key and year of the document."""
    found: dict[str, list[tuple[int, int, int | None]]] = {}
    rows = Mention.objects.not_held().citing().filter(symbol__in=symbols).order_by()
    for symbol, *place in rows.values_list("symbol", "paragraph", "paragraph__document", YEAR):
        found.setdefault(symbol, []).append(tuple(place))
    return found
