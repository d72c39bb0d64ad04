"""Holdings: stored data on the documents that a draft cites, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

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
from archive.text.pinpoints.anchors import Anchors
from archive.text.pinpoints.value import endings, pinpoint_anchors
from search.query.entities.names import NameTable

from .citing import Cited
from .report import CheckedCitation, CitedTarget

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
    """A stored document, and the keys of its paragraphs by anchor, in each of its languages."""

    texts: Sequence[Document]  # the leading one first
    keys: Mapping[str, Mapping[int, int]]
    anchors: Sequence[Anchors]

    @property
    def document(self) -> Document:
        return self.texts[0]

    def named(self, anchor: str) -> list[CitedTarget]:
        """Returns the paragraphs that may be meant, of the first text that has some."""
        for text, anchors in zip(self.texts, self.anchors, strict=True):
            if meant := anchors.meant(anchor):
                return [self.target(one, text, keys=self.keys[one]) for one in meant]
        return []

    def paragraph(self, anchor: str) -> CitedTarget:
        """Returns the paragraph with this very anchor, which the document has."""
        return self.target(anchor, keys=self.keys[anchor])

    def target(self, anchor: str = "", text: Document | None = None, **told: Any) -> CitedTarget:
        """Returns the document, or what stands in one of its texts under an anchor."""
        documents = [row.pk for row in self.texts]
        return CitedTarget.of(text or self.document, anchor, documents=documents, **told)


class Holdings:
    """Stored data on the symbols of some citations; ``table`` has all symbols with a page."""

    def __init__(self, cited: Sequence[Cited], table: NameTable, language: str) -> None:
        self.table, self._language = table, language
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
        aliases = SymbolAlias.objects.filter(symbol__in=self._symbols).values_list("symbol", "document_id")
        names = Q(symbol__in=self._symbols) | Q(pk__in=[key for _symbol, key in aliases])
        rows = sorted(Document.objects.filter(names), key=lambda row: row.language != self._language)
        self._languages = {row.pk: row.language for row in rows}
        texts: dict[str, list[Document]] = defaultdict(list)
        for row in rows:
            for symbol in {row.symbol, *(symbol for symbol, key in aliases if key == row.pk)}:
                texts[symbol].append(row)
        pinpointed = {row.pk for symbol, _anchor in self._anchors for row in texts.get(symbol, ())}
        known = _known_in(pinpointed)
        return {symbol: _held_in(held, known) for symbol, held in texts.items()}

    def _known(self) -> set[str]:
        cited = Mention.objects.certain().filter(symbol__in=self._symbols).order_by()
        listed = Resolution.objects.filter(symbol__in=self._symbols)
        return {
            *cited.values_list("symbol", flat=True).distinct(),
            *listed.values_list("symbol", flat=True),
        }

    def languages_of(self, one: CheckedCitation) -> set[str]:
        """Returns the languages in which what a citation may name is held: its paragraphs, if it has some."""
        named = (*one.targets, *one.choices)
        return {self._languages[key] for target in named for key in target.keys or target.documents}

    def nearest(self, typed: str) -> list[str]:
        """Returns the known symbols that look most like ``typed``, nearest first."""
        if typed not in self._nearest:
            few = len(self._nearest) < MOST_LOOKED_FOR
            self._nearest[typed] = nearest(typed, self.table.symbols.symbols, MOST_ALIKE) if few else []
        return self._nearest[typed]


def _held_in(texts: Sequence[Document], known: Mapping[int, tuple[dict[str, int], Anchors]]) -> Held:
    """Returns a document by its texts in several languages, the leading one first."""
    keys: dict[str, dict[int, int]] = defaultdict(dict)
    for row in texts:
        for anchor, key in known[row.pk][0].items():
            keys[anchor][row.pk] = key
    return Held(texts, keys, [known[row.pk][1] for row in texts])


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
