"""What the archive holds of each series, and what it is known to lack.

Known to lack is what documents cite and the archive does not hold; and, in the series of the committee that
the archive is about, which number without gaps from 1, every number below the highest that is known. In other
series a gap says nothing: most of S/2010/… has nothing to do with resolution 1540 (2004).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from archive.models import Document, DocumentSeries, Mention, OwnReference, Paragraph, Resolution
from archive.models.querysets.counting import counted
from archive.summaries import Subject, figures_of

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
        """How many documents are known to be missing, each once."""
        by_number = {f"{stem}{number}" for stem, numbers in self.missing.items() for number in numbers}
        return len(by_number | set(self.cited))


def series_rows() -> list[SeriesRow]:
    """Every series of which a document is held or known to be missing, in order; five queries."""
    series = list(DocumentSeries.objects.select_related("body"))
    cited = figures_of(Subject.SYMBOL)
    family = Resolution.objects.filter(family=True).values_list("symbol", flat=True)
    return rows_of_series(
        series,
        list(Document.objects.order_by("symbol").only("symbol", "year")),
        [*cited, *family],
    )


def rows_of_series(
    series: Sequence[DocumentSeries], documents: Sequence[Document], known: Iterable[str]
) -> list[SeriesRow]:
    """As ``series_rows``, of what is given: ``known`` are symbols that documents cite or tables list."""
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
    """``documents`` with ``blocks`` and ``uncertain`` references counted; three queries."""
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
    """The mentions of documents, and of paragraphs of the same document, that may mean something else."""
    return Mention.objects.filter(certain=False).order_by(), OwnReference.objects.exclude(doubt="").order_by()


def ranges(numbers: Iterable[int]) -> list[str]:
    """``[1, 2, 3, 5]`` → ``["1–3", "5"]``."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [f"{first}–{last}" if last > first else str(first) for first, last in spans]


def _longest(symbol: str, prefixes: Container[str]) -> str:
    """The longest prefix that begins ``symbol``; for one of no known series, its first component."""
    fitting = (symbol[:end] for end in range(len(symbol), 0, -1) if symbol[:end] in prefixes)
    return next(fitting, symbol.partition("/")[0])


def _gaps(held: Sequence[str], cited: Sequence[str]) -> dict[str, list[int]]:
    """The numbers from 1 to the highest known that are not held, by what stands before the number."""
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
