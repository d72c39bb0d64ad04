"""What the archive holds and knows of the documents that a draft cites, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.models import (
    Document,
    Mention,
    Paragraph,
    Resolution,
    RetiredDocument,
    SymbolAlias,
)
from archive.presenters.symbols import nearest
from archive.text.pinpoints import endings, pinpoint_anchors
from search.checker.moved_or_withdrawn import Past
from search.entities.names import NameTable

from .citing import Cited

MOST_CHOICES = 5
MOST_ALIKE = 3
MOST_LOOKED_FOR = 200  # that many symbols are compared with all known ones


@dataclass(frozen=True, slots=True)
class Held:
    """A document that is held, and its anchors as they are cited: whole, or by their end."""

    document: Document
    anchors: dict[str, list[tuple[str, int]]]

    def named(self, anchor: str) -> list[tuple[str, int]]:
        """``(anchor, key)`` of the paragraphs that may be meant; a whole anchor before all endings."""
        return self.whole(anchor) or self.anchors.get(anchor, [])

    def whole(self, anchor: str) -> list[tuple[str, int]]:
        """The paragraph with this very anchor."""
        return [one for one in self.anchors.get(anchor, []) if one[0] == anchor]


class Holdings:
    """What is known of the symbols of some citations; ``table`` knows all symbols that have a page."""

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
        anchors = _anchors_of(pinpointed)
        return {symbol: Held(row, anchors.get(row.pk, {})) for symbol, row in documents.items()}

    def _known(self) -> set[str]:
        cited = Mention.objects.certain().filter(symbol__in=self._symbols).order_by()
        listed = Resolution.objects.filter(symbol__in=self._symbols)
        return {
            *cited.values_list("symbol", flat=True).distinct(),
            *listed.values_list("symbol", flat=True),
        }

    def nearest(self, typed: str) -> list[str]:
        """The known symbols that look most like ``typed``, nearest first."""
        if typed not in self._nearest:
            few = len(self._nearest) < MOST_LOOKED_FOR
            self._nearest[typed] = nearest(typed, self.table.symbols.symbols, MOST_ALIKE) if few else []
        return self._nearest[typed]


def _anchors_of(documents: Iterable[int]) -> dict[int, dict[str, list[tuple[str, int]]]]:
    """Document → anchor or ending of one → the paragraphs."""
    found: dict[int, dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    rows = Paragraph.objects.filter(document__in=documents).order_by("document", "position")
    for document, key, anchor in rows.values_list("document_id", "pk", "anchor"):
        for ending in endings(anchor):
            found[document][ending].append((anchor, key))
    return found
