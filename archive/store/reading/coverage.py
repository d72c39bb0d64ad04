"""Coverage of each series of symbols: documents in the archive, and those known to be missing.

Known to be missing are documents that are cited and not held; and, in the series of the committee that the
archive is about, numbered without gaps from 1, every number below the highest known. In other series a gap
says nothing: most of S/2010/… has nothing to do with resolution 1540 (2004).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import Max, Min, Q, QuerySet

from archive.models import Document, DocumentSeries, Mention, OwnReference, Paragraph, Resolution
from archive.models.querysets.mentions import CITES, counted
from archive.store.summaries import Subject, figures_of
from archive.text.symbols.symbol import symbols_within

# The committee of the resolution; the series of this body are meant to be held whole.
SUBJECT = "安全理事会第1540(2004)号决议所设委员会"
NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)(?:/(?:Add|Corr|Rev)\.\d+)*")


@dataclass(slots=True)
class SeriesRow:
    """One series: ``held`` documents, ``cited`` symbols that are not held, ``missing`` numbers by stem."""

    prefix: str
    name: str
    held: list[Document] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    missing: dict[str, list[int]] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, int] | None:
        years = [document.year for document in self.held if document.year]
        return (min(years), max(years)) if years else None

    @property
    def gaps(self) -> list[str]:
        """``S/AC.44/SR.1–73``: the numbers that are missing, as ranges."""
        return [f"{stem}{span}" for stem, numbers in sorted(self.missing.items()) for span in ranges(numbers)]

    @property
    def missing_count(self) -> int:
        """The number of documents known to be missing, each once."""
        by_number = {f"{stem}{number}" for stem, numbers in self.missing.items() for number in numbers}
        return len(by_number | set(self.cited))


def series_rows() -> list[SeriesRow]:
    """Returns every series with a document stored or known to be missing, in order; five queries."""
    series = list(DocumentSeries.objects.select_related("body"))
    cited = figures_of(Subject.SYMBOL)
    family = Resolution.objects.filter(family=True).values_list("symbol", flat=True)
    return rows_of_series(
        series, list(Document.objects.registry().order_by("symbol").only("symbol", "year")), [*cited, *family]
    )


def rows_of_series(
    series: Sequence[DocumentSeries], documents: Sequence[Document], known: Iterable[str]
) -> list[SeriesRow]:
    """Groups ``documents`` by series; ``known`` are symbols that documents cite or tables list."""
    by_prefix = {row.prefix: row for row in series}
    rows: dict[str, SeriesRow] = {}

    def row_of(symbol: str) -> SeriesRow:
        prefix = _longest(symbol, by_prefix)
        name = by_prefix[prefix].name if prefix in by_prefix else ""
        return rows.setdefault(prefix, SeriesRow(prefix, name))

    held = {document.symbol for document in documents}
    for document in documents:
        row_of(document.symbol).held.append(document)
    known = sorted(set(known))
    for symbol in known:
        if symbol not in held:
            row_of(symbol).cited.append(symbol)
    for prefix, row in rows.items():
        body = by_prefix[prefix].body if prefix in by_prefix else None
        if body and body.name == SUBJECT:
            row.missing = _gaps([d.symbol for d in row.held], row.cited)
    return sorted(rows.values(), key=lambda row: (not row.held, row.prefix))


def count_blocks(documents: Sequence[Document]) -> Sequence[Document]:
    """Returns ``documents`` with ``blocks`` and ``uncertain`` references counted; three queries."""
    keys = [document.pk for document in documents]
    blocks = counted(Paragraph.objects.filter(document__in=keys).order_by(), "document", "pk")
    uncertain: Counter[int] = Counter()
    for references in doubtful_references():
        found = references.filter(paragraph__document__in=keys)
        uncertain.update(counted(found, "paragraph__document", "pk"))
    for document in documents:
        document.blocks, document.uncertain = blocks.get(document.pk, 0), uncertain[document.pk]
    return documents


def doubtful_references() -> tuple[QuerySet, QuerySet]:
    """Returns mentions of documents, and of own paragraphs, that may mean something else."""
    own = OwnReference.objects.exclude(doubt="").filter(paragraph__document__counted=True)
    return Mention.objects.registry().filter(certain=False).order_by(), own.order_by()


def ranges(numbers: Iterable[int]) -> list[str]:
    """Joins consecutive numbers: ``[1, 2, 3, 5]`` → ``["1–3", "5"]``."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [f"{first}–{last}" if last > first else str(first) for first, last in spans]


def _longest(symbol: str, prefixes: Container[str]) -> str:
    """Returns the longest prefix that begins ``symbol``; for one of no known series, its first component."""
    fitting = (symbol[:end] for end in range(len(symbol), 0, -1) if symbol[:end] in prefixes)
    return next(fitting, symbol.partition("/")[0])


def _gaps(held: Sequence[str], cited: Sequence[str]) -> dict[str, list[int]]:
    """Returns the numbers from 1 to the highest known that are not held, by the symbol's stem."""
    numbers: dict[str, dict[int, bool]] = defaultdict(dict)
    for symbols, is_held in ((cited, False), (held, True)):
        for symbol in symbols:
            if match := NUMBERED.fullmatch(symbol):
                numbers[match["stem"]][int(match["number"])] = is_held
    found = {
        stem: [n for n in range(1, max(of_stem) + 1) if not of_stem.get(n)]
        for stem, of_stem in numbers.items()
    }
    return {stem: missing for stem, missing in found.items() if missing}


# What is cited and not held: each document once, whatever symbols texts name it by.

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
    held, citing = _symbols_with_text(named), _citing(named)
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


def _symbols_with_text(symbols: list[str]) -> set[str]:
    """Returns those of ``symbols`` under which a document is stored."""
    rows = Document.objects.filter(Q(symbol__in=symbols) | Q(aliases__symbol__in=symbols))
    return set(chain.from_iterable(rows.order_by().values_list("symbol", "aliases__symbol")))


def _citing(symbols: list[str]) -> dict[str, list[tuple[int, int, int | None]]]:
    """Returns by symbol the paragraphs that cite it as not held: key, key and year of the document."""
    found: dict[str, list[tuple[int, int, int | None]]] = {}
    rows = Mention.objects.not_held().citing().filter(symbol__in=symbols).order_by()
    for symbol, *place in rows.values_list("symbol", "paragraph", "paragraph__document", YEAR):
        found.setdefault(symbol, []).append(tuple(place))
    return found
