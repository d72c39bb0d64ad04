"""Holdings: stored data on the documents that a draft cites, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.models import (
    Cause,
    Document,
    IssuedText,
    Mention,
    MovedAnchor,
    Paragraph,
    Resolution,
    RetiredDocument,
    SymbolAlias,
)
from archive.site.presenters.symbols import nearest
from archive.text.pinpoints import Anchors, endings, pinpoint_anchors
from search.query.entities.names import NameTable

from .citing import Cited
from .report import CitedTarget

# Paragraphs that documents once had: where they moved to, and when they went.

LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class Gone:
    """A paragraph that was public under ``anchor`` until ``at``; ``decided`` where an editor took it down."""

    anchor: str
    at: datetime
    decided: bool


class Past:
    """Moved and withdrawn paragraphs of ``symbols``, in two queries; looked up by anchor or ending."""

    def __init__(self, symbols: Iterable[str]) -> None:
        of_them = {"symbol__in": sorted(symbols), "language": LANGUAGE}
        moves = MovedAnchor.objects.filter(**of_them).order_by("pk")
        self._moves = {
            (symbol, old): (new_symbol or symbol, new)
            for symbol, old, new_symbol, new in moves.values_list(
                "symbol", "old_anchor", "new_symbol", "new_anchor"
            )
        }
        closed = IssuedText.objects.filter(**of_them).exclude(until=None).order_by("since_revision", "pk")
        self._gone = {
            (symbol, anchor): Gone(
                anchor, until, ending == IssuedText.Ending.WITHDRAWN and cause == Cause.WITHDRAWN
            )
            for symbol, anchor, until, ending, cause in closed.values_list(
                "symbol", "anchor", "until", "ending", "cause"
            )
            if until is not None
        }
        self._by_ending: dict[tuple[str, str], list[str]] = defaultdict(list)
        for symbol, anchor in dict.fromkeys([*self._moves, *self._gone]):
            for ending in endings(anchor):
                self._by_ending[symbol, ending].append(anchor)

    def moved(self, symbol: str, anchor: str) -> tuple[str, str] | None:
        """Returns ``(symbol, anchor)`` at the end of the moves from an address, or None."""
        place, seen = (symbol, anchor), set()
        while place in self._moves and place not in seen:
            seen.add(place)
            place = self._moves[place]
        return place if seen else None

    def gone(self, symbol: str, anchor: str) -> Gone | None:
        """Returns the last paragraph that was public under an address and is closed."""
        return self._gone.get((symbol, anchor))

    def ending_in(self, symbol: str, ending: str) -> str | None:
        """Returns the only anchor with this ending, ``annex.14`` for ``14``; None for several, or none."""
        found = self._by_ending.get((symbol, ending), [])
        return found[0] if len(found) == 1 else None


MOST_CHOICES = 5
MOST_ALIKE = 3
MOST_LOOKED_FOR = 200  # that many symbols are compared with all known ones


@dataclass(frozen=True, slots=True)
class Held:
    """A stored document, and the keys of its paragraphs by anchor."""

    document: Document
    keys: dict[str, int]
    anchors: Anchors

    def named(self, anchor: str) -> list[CitedTarget]:
        """Returns the paragraphs that may be meant."""
        return [self.paragraph(one) for one in self.anchors.meant(anchor)]

    def paragraph(self, anchor: str) -> CitedTarget:
        """Returns the paragraph with this very anchor, which the document has."""
        return CitedTarget.of(self.document, anchor, key=self.keys[anchor])


class Holdings:
    """Stored data on the symbols of some citations; ``table`` has all symbols with a page."""

    def __init__(self, cited: Sequence[Cited], table: NameTable) -> None:
        self.table = table
        self._nearest: dict[str, list[str]] = {}
        self._symbols = sorted({one.symbol for one in cited if one.symbol})
        self._anchors = {
            (one.symbol, anchor) for one in cited for anchor in pinpoint_anchors(one.pinpoint or None)
        }
        self.documents = self._held()
        self.retired = {
            row.symbol: row
            for row in RetiredDocument.objects.filter(symbol__in=self._symbols, lifted=None).order_by(
                "at_revision", "pk"
            )
        }
        official = {symbol: held.document.symbol for symbol, held in self.documents.items()}
        self.past = Past({official.get(symbol, symbol) for symbol, _anchor in self._anchors})
        self.known = self._known()

    def _held(self) -> dict[str, Held]:
        aliases = dict(
            SymbolAlias.objects.filter(symbol__in=self._symbols).values_list("symbol", "document_id")
        )
        rows = list(Document.objects.filter(symbol__in=self._symbols)) + list(
            Document.objects.filter(pk__in=aliases.values())
        )
        rows.sort(key=lambda row: row.language == "zh")
        by_key = {row.pk: row for row in rows}
        documents = {symbol: by_key[key] for symbol, key in aliases.items()}
        documents |= {row.symbol: row for row in rows if row.symbol in self._symbols}
        pinpointed = {documents[symbol].pk for symbol, _anchor in self._anchors if symbol in documents}
        known = _known_in(pinpointed)
        return {symbol: Held(row, *known[row.pk]) for symbol, row in documents.items()}

    def _known(self) -> set[str]:
        cited = Mention.objects.certain().filter(symbol__in=self._symbols).order_by()
        listed = Resolution.objects.filter(symbol__in=self._symbols)
        return {
            *cited.values_list("symbol", flat=True).distinct(),
            *listed.values_list("symbol", flat=True),
        }

    def nearest(self, typed: str) -> list[str]:
        """Returns the known symbols that look most like ``typed``, nearest first."""
        if typed not in self._nearest:
            few = len(self._nearest) < MOST_LOOKED_FOR
            self._nearest[typed] = nearest(typed, self.table.symbols.symbols, MOST_ALIKE) if few else []
        return self._nearest[typed]


def _known_in(documents: Iterable[int]) -> Mapping[int, tuple[dict[str, int], Anchors]]:
    """Returns document → its paragraphs by anchor, and its anchors; empty for one not cited by paragraph."""
    keys: dict[int, dict[str, int]] = defaultdict(dict)
    above: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    rows = Paragraph.objects.filter(document__in=documents).order_by("document", "position")
    for document, key, anchor, parent in rows.values_list("document_id", "pk", "anchor", "parent__anchor"):
        keys[document][anchor] = key
        above[document].append((anchor, parent))
    known = ((document, (found, Anchors(above[document]))) for document, found in keys.items())
    return defaultdict(lambda: ({}, Anchors(())), known)
