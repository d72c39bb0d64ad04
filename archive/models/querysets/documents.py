"""Reading documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Length

from archive.text.symbols.symbol import symbols_within

from .languages import text_language
from .mentions import counted, rows_of

if TYPE_CHECKING:
    from ..documents import Document, SecondOriginal
    from ..fetching import CatalogueRecord, FetchAttempt
    from ..history import IssuedText, MovedAnchor, RetiredDocument
    from ..references import Body, DocumentSeries, ShippedRecord


class DocumentQuerySet(models.QuerySet["Document"]):
    def find(self, symbol: str) -> Document | None:
        """Returns the document with ``symbol`` or an alias, the text in the language that is asked for before
        that which counts; else None.

        A double symbol (A/77/895-S/2023/363) finds a document of either.
        """
        found = self.under(symbol)
        own = Case(When(symbol=symbol, then=0), default=1)
        asked = Case(When(language=text_language(), then=0), When(counted=True, then=1), default=2)
        return found.order_by(own, asked).first()

    def registry(self) -> Self:
        """Filters one text for each document, that which counts: the Chinese one, or where there is none
        another."""
        return self.filter(counted=True)

    def under(self, symbol: str) -> Self:
        """Filters the documents with ``symbol`` or an alias, or either of a double symbol."""
        symbols = symbols_within(symbol)
        return self.filter(Q(symbol__in=symbols) | Q(aliases__symbol__in=symbols))

    def keys_under(self, symbol: str) -> list[int]:
        """Returns the keys of those ``under`` a symbol by one query: given values, PostgreSQL sees how few
        they are; it takes a subquery with another condition for half of all rows.
        """
        symbols = symbols_within(symbol)
        own = self.order_by().filter(symbol__in=symbols).values_list("pk")
        others = rows_of("SymbolAlias").order_by().filter(symbol__in=symbols).values_list("document")
        return [key for (key,) in own.union(others)]

    def with_original(self, sha256: str) -> Self:
        """Filters the documents with a file of these bytes: that of their text, or a second one."""
        second = rows_of("SecondOriginal").filter(source__sha256=sha256).values("document")
        return self.filter(Q(source__sha256=sha256) | Q(pk__in=second))

    def digests_of_originals(self) -> set[str]:
        """Returns the SHA-256 of all files that are kept of these documents."""
        seconds = rows_of("SecondOriginal").filter(document__in=self.values("pk"))
        return {
            *self.values_list("source__sha256", flat=True),
            *seconds.values_list("source__sha256", flat=True),
        }

    def newest_first(self) -> Self:
        """The registry by the sorting date of a document, undated ones last, then by symbol."""
        return self.registry().order_by(F("sort_date").desc(nulls_last=True), "symbol")

    def of_type(self, document_type: str) -> Self:
        return self.filter(document_type=document_type)

    def in_year(self, year: int) -> Self:
        return self.filter(year=year)

    def of_organ(self, organ: str) -> Self:
        """Documents of an organ, by its official name or as any of them prints it (大会, 联合国大会)."""
        printed = rows_of("Document").filter(organ=organ, organ_body__isnull=False).values("organ_body")
        return self.filter(Q(organ=organ) | Q(organ_body__name=organ) | Q(organ_body__in=printed))

    def of_state(self, alpha3: str) -> Self:
        """Documents that a State sent, or in which it speaks or replies."""
        spoken = rows_of("Paragraph").with_words().filter(document=OuterRef("pk"), state__alpha3=alpha3)
        return self.filter(Q(state__alpha3=alpha3) | Exists(spoken))

    def citing(self, symbol: str, paragraph: str | None = None) -> Self:
        """Documents that cite ``symbol``; with ``paragraph`` (an anchor), that paragraph of it."""
        paragraphs = rows_of("Paragraph").citing(symbol, paragraph)
        return self.filter(pk__in=paragraphs.values("document"))

    def with_revision(self) -> Self:
        """Adds ``revision``, the number of the revision at which the rows of the document last changed."""
        changed = rows_of("DocumentRevision").filter(document_id=OuterRef("pk"))
        return self.annotate(revision=Subquery(changed.values("number")[:1]))

    def count_for(self, documents: list[Document]) -> list[Document]:
        """Adds ``paragraph_count``, ``mention_count`` and ``cited_by_count`` (paragraphs) to ``documents``.

        Who cites a pair of symbols (A/77/895-S/2023/363) or the other symbol of one cites the document, as in
        ``MentionQuerySet.of``. At most five queries. A database works out annotations of all rows that it
        sorts; this looks at those given alone.
        """
        keys = [document.pk for document in documents]
        paragraphs = rows_of("Paragraph").filter(document__in=keys)
        own = rows_of("Mention").certain().filter(paragraph__document__in=keys)
        incoming = rows_of("Mention").citing().filter(target__in=keys)
        counts = {
            "paragraph_count": counted(paragraphs, "document", "pk"),
            "mention_count": counted(own, "paragraph__document", "pk"),
            "cited_by_count": counted(incoming, "target", "paragraph") | _counted_with_pairs(documents),
        }
        for document in documents:
            for name, figures in counts.items():
                setattr(document, name, figures.get(document.pk, 0))
        return documents

    def by_year(self) -> models.QuerySet:
        """Rows ``{"year", "documents"}``, newest first; ``year`` None for undated ones."""
        return self._counted_by("year").order_by(F("year").desc(nulls_last=True))

    def by_type(self) -> models.QuerySet:
        """Rows ``{"document_type", "documents"}``, most documents first."""
        return self._counted_by("document_type").order_by("-documents", "document_type")

    def by_organ(self) -> models.QuerySet:
        """Rows ``{"organ", "documents"}``, most first: one for an organ, however it is printed."""
        rows = self.registry().order_by().values(name=Coalesce("organ_body__name", "organ"))
        counted = rows.annotate(documents=Count("pk")).order_by("-documents", F("name"))
        return counted.values("documents", organ=F("name"))

    def _counted_by(self, field: str) -> models.QuerySet:
        return self.registry().order_by().values(field).annotate(documents=Count("pk"))


def _counted_with_pairs(documents: list[Document]) -> dict[int, int]:
    """Counts the citing paragraphs of those ``documents`` that texts name as one of a pair of symbols."""
    keys = {document.symbol: document.pk for document in documents}
    pairs: dict[str, set[int]] = {}
    others: dict[str, set[int]] = {}
    for pair in rows_of("Mention").pairs():
        _whole, *parts = symbols_within(pair)
        for key in (keys[part] for part in parts if part in keys):
            pairs.setdefault(pair, set()).add(key)
            for part in parts:
                others.setdefault(part, set()).add(key)
    concerned = set().union(*pairs.values())
    if not concerned:
        return {}
    named = Q(target__in=concerned) | Q(symbol__in=pairs) | Q(symbol__in=others, target=None)
    citing: dict[int, set[int]] = {key: set() for key in concerned}
    for symbol, target, paragraph in (
        rows_of("Mention").citing().filter(named).values_list("symbol", "target", "paragraph")
    ):
        beside = others.get(symbol, set()) if target is None else set()
        for key in ({target} & concerned) | pairs.get(symbol, set()) | beside:
            citing[key].add(paragraph)
    return {key: len(paragraphs) for key, paragraphs in citing.items()}


class SecondOriginalQuerySet(models.QuerySet["SecondOriginal"]):
    def offered(self) -> Self:
        """Returns those that readers are offered: of one name the last that came, and none that has the name
        or the bytes of the first original. The others answer under the addresses that they were given.
        """
        newer = rows_of("SecondOriginal").filter(
            document=OuterRef("document"),
            source__name=OuterRef("source__name"),
            source__received__gt=OuterRef("source__received"),
        )
        first = Q(source__sha256=F("document__source__sha256")) | Q(source__name=F("document__source__name"))
        return self.exclude(first).exclude(Exists(newer))


# Reading bodies and series.


class BodyQuerySet(models.QuerySet["Body"]):
    def confirmed(self) -> Self:
        """Bodies that are counted: those whose names somebody has confirmed."""
        return self.filter(unconfirmed=False)

    def confirmed_or_mentioned(self) -> Self:
        """Returns all but those that nobody has confirmed and no paragraph names."""
        named = Exists(rows_of("BodyMention").filter(body=OuterRef("pk")))
        return self.filter(models.Q(unconfirmed=False) | named)

    def mentioned(self) -> Self:
        """Bodies that some paragraph names."""
        return self.filter(Exists(rows_of("BodyMention").filter(body=OuterRef("pk"))))


class SeriesQuerySet(models.QuerySet["DocumentSeries"]):
    def of(self, symbol: str) -> DocumentSeries | None:
        """Returns the series whose prefix is the longest that begins ``symbol``, or None."""
        beginnings = [symbol[:end] for end in range(1, len(symbol) + 1)]
        return self.filter(prefix__in=beginnings).order_by(Length("prefix").desc()).first()


class ShippedQuerySet(models.QuerySet["ShippedRecord"]):
    def differing(self) -> Self:
        """Filters the records whose shipped values differ from a person's edits and await a decision."""
        return self.exclude(offered={})


# Reads what was asked of the UN, and what its catalogue says.


class FetchAttemptQuerySet(models.QuerySet["FetchAttempt"]):
    def shown(self) -> Self:
        """Attempts that say something to readers: those that were made."""
        return self.exclude(outcome="planned")

    def latest_by_symbol(
        self, symbols: Iterable[str] | None = None, language: str = "zh"
    ) -> dict[str, FetchAttempt]:
        """Returns the last attempt to get the text in ``language`` of each of ``symbols``, by symbol; where
        None, of all that were asked for.
        """
        rows = self.shown().filter(language=language)
        if symbols is not None:
            rows = rows.filter(symbol__in=list(symbols))
        last = rows.order_by().values("symbol").annotate(last=Max("pk")).values("last")
        return {row.symbol: row for row in self.filter(pk__in=last).defer("steps")}


class CatalogueQuerySet(models.QuerySet["CatalogueRecord"]):
    def of(self, symbol: str) -> CatalogueRecord | None:
        """Returns the record of ``symbol``, or None."""
        return self.filter(symbol=symbol).first()


# Reading what was issued under an address.


class IssuedTextQuerySet(models.QuerySet["IssuedText"]):
    def of(self, document: Document | RetiredDocument) -> Self:
        """Returns every text that was public in a document, held or retired."""
        return self.filter(symbol=document.symbol, language=document.language)

    def standing(self) -> Self:
        return self.filter(until=None)

    def of_symbol(self, symbol: str) -> Self:
        """Returns every text that was public under ``symbol``, in the language that is asked for."""
        return self.filter(symbol=symbol, language=text_language())

    def under(self, symbol: str, anchor: str, language: str = "") -> Self:
        """Returns every text that was public under this address, oldest first."""
        language = language or text_language()
        return self.filter(symbol=symbol, anchor=anchor, language=language).order_by("since_revision", "pk")


class MovedAnchorQuerySet(models.QuerySet["MovedAnchor"]):
    def place(self, symbol: str, anchor: str, language: str = "") -> tuple[str, str] | None:
        """Returns (symbol, anchor) at the end of a chain of moves, by one query for each document."""
        start, place, seen = (symbol, anchor), (symbol, anchor), set()
        language = language or text_language()
        moves = self._of(symbol, language)
        while place not in seen and (step := moves.get(place[1])):
            seen.add(place)
            place = (step[0] or place[0], step[1])
            if step[0]:
                moves = self._of(place[0], language)
        return None if place == start else place

    def leading_to(self, symbol: str, anchor: str, language: str = "") -> models.QuerySet:
        """Returns the moves straight to an anchor, in this document or from another, newest first."""
        here = models.Q(symbol=symbol, new_symbol="") | models.Q(new_symbol=symbol)
        return self.filter(here, new_anchor=anchor, language=language or text_language()).order_by(
            "-revision", "pk"
        )

    def _of(self, symbol: str, language: str) -> dict[str, tuple[str, str]]:
        rows = self.filter(symbol=symbol, language=language)
        return {
            old: (home, new) for old, home, new in rows.values_list("old_anchor", "new_symbol", "new_anchor")
        }
