"""Reading mentions: who cites what, and which paragraph of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import connection, models
from django.db.models import Count, Exists, F, IntegerField, Q, Subquery, Value
from django.db.models.functions import Coalesce, Replace

from archive.text.pinpoints.value import Pinpoint as CitedPlaces
from archive.text.symbols.symbol import may_be_of_pair, symbols_within

if TYPE_CHECKING:
    from ..mentions import Mention, Pinpoint


IN_HEADING = Q(paragraph__kind="heading")
_WITH_HYPHEN = {
    "sqlite": r""""symbol" LIKE '%%-%%' ESCAPE '\'""",
    "postgresql": """"symbol"::text LIKE '%%-%%'""",
}
CITES = Q(certain=True, in_body_name=False, paragraph__document__counted=True) & ~IN_HEADING


class MentionQuerySet(models.QuerySet["Mention"]):
    def certain(self) -> Self:
        """Filters the mentions that are certain, each document counted in one language."""
        return self.registry().filter(certain=True)

    def registry(self) -> Self:
        """Filters the mentions in texts that count (``Document.counted``)."""
        return self.filter(paragraph__document__counted=True)

    def citing(self) -> Self:
        """Filters the mentions that count as citations: certain, in running text, in no body's name."""
        return self.filter(CITES)

    def of(self, symbol: str) -> Self:
        """Mentions of ``symbol``, also under another symbol of the same document.

        That is what is held under both, and the other of a pair (A/77/895-S/2023/363) that a text names,
        unless both are held, each as a document of its own.
        """
        held = rows_of("Document").keys_under(symbol)
        found = Q(symbol__in=symbols_within(symbol)) | Q(target__in=held)
        if may_be_of_pair(symbol):
            pairs = rows_of("Mention").pairs_with(symbol)
            own = rows_of("Document").filter(symbol=symbol)
            found |= Q(symbol__in=pairs.values("symbol")) | (
                Q(symbol__in=pairs.others(symbol)) & (Q(target=None) | Q(~Exists(own)))
            )
        return self.filter(found)

    def pairs(self) -> models.QuerySet:
        """Returns each named pair of symbols once, as rows of one column; also those with a mere hyphen."""
        return self._with_hyphen().values_list("symbol", flat=True).distinct()

    def pairs_with(self, symbol: str) -> Self:
        """Mentions of a pair of symbols of which ``symbol`` is one."""
        either = Q(symbol__startswith=f"{symbol}-") | Q(symbol__endswith=f"-{symbol}")
        return self._with_hyphen().filter(either)

    def _with_hyphen(self) -> Self:
        # Written out as in the index: neither database uses one of a part of the rows for a parameter.
        rows: Any = self.order_by().extra(where=[_WITH_HYPHEN[connection.vendor]])  # noqa: S610 fixed text
        return rows

    def others(self, symbol: str) -> models.QuerySet:
        """Returns the other symbol of each pair of ``pairs_with``, as rows of one column."""
        other = Replace(Replace("symbol", Value(f"{symbol}-"), Value("")), Value(f"-{symbol}"), Value(""))
        return self.values_list(other, flat=True)

    def at_paragraph(self, anchor: str) -> Self:
        """Mentions that name this paragraph: the held one, or as cited where none is held."""
        pinpoints = rows_of("Pinpoint").at(anchor)
        return self.filter(pk__in=pinpoints.values("mention"))

    def cited_symbols(self, relation: str | None = None) -> models.QuerySet:
        """Rows ``{"symbol", "target", "mentions", "paragraphs", "documents"}``, most cited first.

        ``target`` is the key of the document where it is held, else None. What stands only in names of bodies
        and in headings has a row too, with no citing paragraph. With ``relation``, counted is what cites so.
        """
        rows = self.certain() if relation is None else self.citing().filter(relation=relation)
        return (
            rows.order_by()
            .values("symbol", "target")
            .annotate(
                mentions=Count("pk"),
                paragraphs=Count("paragraph", distinct=True, filter=CITES),
                documents=Count("paragraph__document", distinct=True, filter=CITES),
            )
            .order_by("-paragraphs", "symbol")
        )

    def by_relation(self) -> models.QuerySet:
        """Rows ``{"relation", "paragraphs", "documents"}`` of citing mentions, most paragraphs first.

        A paragraph that cites in two ways counts in both. The empty relation: none was read.
        """
        return (
            self.citing()
            .order_by()
            .values("relation")
            .annotate(
                paragraphs=Count("paragraph", distinct=True),
                documents=Count("paragraph__document", distinct=True),
            )
            .order_by("-paragraphs", "relation")
        )

    def not_held(self) -> Self:
        return self.filter(target=None)


class PinpointQuerySet(models.QuerySet["Pinpoint"]):
    def citing(self) -> Self:
        """Pinpoints of mentions that make their paragraph one that cites."""
        heading = Q(mention__paragraph__kind="heading")
        counted = Q(mention__paragraph__document__counted=True)
        return self.filter(~heading, counted, mention__certain=True, mention__in_body_name=False)

    def of(self, symbol: str) -> Self:
        """Pinpoints of the mentions of ``symbol``."""
        return self.filter(mention__in=rows_of("Mention").of(symbol).values("pk"))

    def at(self, anchor: str) -> Self:
        """Filters the pinpoints of a paragraph, or of any in a range as addresses spell it."""
        anchors = CitedPlaces.parse(anchor).anchors if "-" in anchor else [anchor]
        return self.filter(
            Q(target_paragraph__anchor__in=anchors) | Q(target_paragraph=None, anchor__in=anchors)
        )

    def counts(self) -> models.QuerySet:
        """Counts citing paragraphs: rows ``{"cited", "paragraphs", "held"}``.

        ``cited`` is the anchor of the stored paragraph, else the paragraph as cited; ``held`` its key or
        None.
        """
        return (
            self.citing()
            .order_by()
            .values(cited=Coalesce("target_paragraph__anchor", "anchor"), held=F("target_paragraph"))
            .annotate(paragraphs=Count("mention__paragraph", distinct=True))
            .order_by("-paragraphs", F("cited"))
        )


# What the querysets share.


def rows_of(model: str) -> Any:
    """Returns all rows of a model by its name, unordered: the modules of models import those of querysets."""
    return apps.get_model("archive", model).objects.order_by()


def count_of(rows: models.QuerySet, group: str, what: str) -> Coalesce:
    """Returns an annotation: how many distinct ``what`` of the correlated ``rows``, which share ``group``."""
    counted = rows.values(group).annotate(figure=Count(what, distinct=True)).values("figure")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def counted(rows: models.QuerySet, group: str, what: str) -> dict:
    """Counts the distinct ``what`` of ``rows`` by ``group``."""
    return dict(rows.values_list(group).annotate(figure=Count(what, distinct=True)))
