"""Resolving: from what mentions name to what the archive holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from typing import Any

from django.utils import timezone

from archive.models import Document, Mention, Paragraph, Pinpoint, SymbolAlias
from archive.store.database.bulk import batched, set_references
from archive.store.revision import one_act
from archive.text.pinpoints.anchors import Anchors
from archive.text.symbols.symbol import parsed_symbol, symbols_within

from .names import Names

Pinpointed = tuple[Mention, list[Pinpoint]]
AT_ONCE = 2000
MOST_PAIRED = 12
"""Symbols of one document that are tried in pairs: none has more than three in truth."""


def resolve_mentions_around(document: Document, *, new: bool = False) -> None:
    """Resolve the mentions everywhere that name ``document``, were resolved to it, or stand in it.

    To be called when its paragraphs or symbols have changed. To a ``new`` one nothing leads yet, and its own
    mentions were resolved as they were written. The number of queries does not depend on the
    number of mentions.
    """
    own = [document.symbol, *document.aliases.values_list("symbol", flat=True)]
    own_symbols = [*own, *(f"{one}-{other}" for one, other in permutations(own[:MOST_PAIRED], 2))]
    # One by one, because no database finds all three in one query without a pass over every mention.
    around: list[dict[str, Any]] = [{"symbol__in": own_symbols}]
    around += [] if new else [{"paragraph__document": document}, {"target": document}]
    found = Mention.objects.prefetch_related("pinpoints").order_by("pk")
    mentions = {mention.pk: mention for where in around for mention in found.filter(**where)}
    changed_mentions, changed_pinpoints = resolve(_with_pinpoints(mentions.values()))
    targets = {row.pk: (row.target_id, row.target_paragraph_id) for row in changed_mentions}
    set_references(Mention, ["target", "target_paragraph"], targets)
    set_references(
        Pinpoint, ["target_paragraph"], {row.pk: [row.target_paragraph_id] for row in changed_pinpoints}
    )


def unresolved() -> Iterator[Mention]:
    """The mentions, read only, that lead elsewhere than to what is held now, or nowhere though it is held."""
    every = Mention.objects.order_by("pk").select_related("paragraph__document").prefetch_related("pinpoints")
    for batch in batched(every.iterator(chunk_size=AT_ONCE), AT_ONCE):
        mentions, pinpoints = resolve(_with_pinpoints(batch))
        wrong = {mention.pk for mention in mentions} | {pinpoint.mention_id for pinpoint in pinpoints}
        yield from (mention for mention in batch if mention.pk in wrong)


def _with_pinpoints(mentions: Iterable[Mention]) -> list[Pinpointed]:
    return [(mention, list(mention.pinpoints.all())) for mention in mentions]


def resolve(mentions: Sequence[Pinpointed]) -> tuple[list[Mention], list[Pinpoint]]:
    """Point mentions, each with its pinpoints, at what is held now; returns the rows that this changed. Saves
    nothing: they may not be stored yet."""
    held = _documents_by_symbol({mention.symbol for mention, _pinpoints in mentions})
    cited = {mention.symbol for mention, pinpoints in mentions if pinpoints}
    endings = {held[symbol]: HeldAnchors(held[symbol]) for symbol in cited & held.keys()}
    changed_mentions, changed_pinpoints = [], []
    for mention, pinpoints in mentions:
        document = held.get(mention.symbol)
        for pinpoint in pinpoints:
            paragraph = endings[document].find(pinpoint.anchor) if document else None
            if _point(pinpoint, "target_paragraph_id", paragraph):
                changed_pinpoints.append(pinpoint)
        only = pinpoints[0].target_paragraph_id if len(pinpoints) == 1 else None
        # Both must be evaluated: each sets its column.
        if _point(mention, "target_id", document) | _point(mention, "target_paragraph_id", only):
            changed_mentions.append(mention)
    return changed_mentions, changed_pinpoints


def _point(row: Mention | Pinpoint, column: str, key: int | None) -> bool:
    """Set a column; tells whether it had another value."""
    changed = getattr(row, column) != key
    setattr(row, column, key)
    return changed


def _documents_by_symbol(symbols: set[str]) -> dict[str, int]:
    """Which of ``symbols`` are held: symbol → key. A symbol wins over an alias, the text
    that counts over others.

    A double symbol is held where either of its symbols is, unless they are those of two documents.
    """
    held: dict[str, int] = {}
    doubles = {symbol: pair for symbol in symbols if (pair := symbols_within(symbol)[1:])}
    for batch in batched(sorted(symbols.union(*doubles.values()))):
        aliases = SymbolAlias.objects.filter(symbol__in=batch)
        documents = Document.objects.filter(symbol__in=batch)
        for rows in (
            aliases.values_list("symbol", "document", "document__counted"),
            documents.values_list("symbol", "pk", "counted"),
        ):
            held |= {symbol: key for symbol, key, _ in sorted(rows, key=lambda row: row[2])}
    for symbol, pair in doubles.items():
        keys = {held[one] for one in pair if one in held}
        if symbol not in held and len(keys) == 1:
            held[symbol] = keys.pop()
    return held


class HeldAnchors:
    """The paragraphs of one document by what is cited of it."""

    def __init__(self, document: int) -> None:
        paragraphs = Paragraph.objects.filter(document=document).order_by("position")
        rows = list(paragraphs.values_list("pk", "anchor", "parent__anchor"))
        self._keys = {anchor: key for key, anchor, _above in rows}
        self._anchors = Anchors(row[1:] for row in rows)

    def find(self, cited: str) -> int | None:
        """The key of the paragraph that ``cited`` names; None if none or several may be meant."""
        found = self._anchors.meant(cited)
        return self._keys[found[0]] if len(found) == 1 else None


# Matching printed names with States and bodies again, after the reference data has changed.


@one_act()
def relink_names() -> int:
    """Match all senders, organs, delegations and submitters anew; returns how many rows changed."""
    names = Names()
    documents = [document for document in Document.objects.all() if _relink_document(document, names)]
    paragraphs = [row for row in _spoken_paragraphs() if _relink_paragraph(row, names)]
    Document.objects.bulk_update(documents, ["state", "body", "organ_body"], batch_size=200)
    Paragraph.objects.bulk_update(paragraphs, ["state", "body"], batch_size=200)
    touched = {document.pk for document in documents} | {row.document_id for row in paragraphs}
    for batch in batched(sorted(touched)):
        Document.objects.filter(pk__in=batch).update(changed=timezone.now())
    return len(documents) + len(paragraphs)


def _spoken_paragraphs() -> list[Paragraph]:
    return list(Paragraph.objects.exclude(speaker_delegation="", submitter_name="").defer("text"))


def _relink_document(document: Document, names: Names) -> bool:
    before = document.state_id, document.body_id, document.organ_body_id
    link_document(document, names)
    return before != (document.state_id, document.body_id, document.organ_body_id)


def _relink_paragraph(row: Paragraph, names: Names) -> bool:
    before = row.state_id, row.body_id
    link_paragraph(row, names)
    return before != (row.state_id, row.body_id)


def link_document(document: Document, names: Names) -> None:
    """Set who sent and who issued ``document``, as rows. Does not save."""
    document.state, document.body = names.sender(document.sender)
    symbol = parsed_symbol(document.symbol)  # 大会 alone is a name of several bodies, A/74/140 is of one
    document.organ_body = names.body(document.organ) or names.body(symbol.organ if symbol else None)


def link_paragraph(row: Paragraph, names: Names) -> None:
    """Set the State or body that speaks or replies in a paragraph, as rows. Does not save."""
    named = row.speaker_delegation or row.submitter_name
    row.state = names.state(named)
    row.body = None if row.state else names.body(named)
