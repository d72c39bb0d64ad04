"""Who cites what, as a table: each row a mention with one of its pinpoints. Written while it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

from django.db.models import F

from archive.models import Mention, Pinpoint
from archive.opendata.tables import Table

AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Edge:
    """A paragraph names a document, or one paragraph of it.

    ``target_anchor`` is that of the held paragraph, else the paragraph as cited; ``pinpoint`` as cited.
    ``counts`` is whether the archive counts it as citing: certain, in running text, in no body's name.
    """

    source_symbol: str
    source_anchor: str
    source_year: int | None
    target_symbol: str
    target_anchor: str
    target_held: bool
    surface: str
    pinpoint: str
    certain: bool
    counts: bool
    relation: str


def edges() -> Iterator[Edge]:
    """Every edge, by document and paragraph. Two queries, however many there are."""
    yield from (
        _edge(row, "", "") for row in _mentions(Mention.objects.filter(pinpoints=None), "").iterator(AT_ONCE)
    )
    pinpoints = _mentions(Pinpoint.objects.all(), "mention__")
    pinpoints = pinpoints.annotate(at=F("anchor"), held_at=F("target_paragraph__anchor")).order_by(
        *pinpoints.query.order_by, "position"
    )
    for row in pinpoints.values(*ROW, "at", "held_at").iterator(AT_ONCE):
        yield _edge(row, row["held_at"] or row["at"], row["at"])


ROW = (
    "s_symbol", "s_anchor", "s_year", "s_kind", "t_symbol", "t_held", "m_surface", "m_certain", "m_body",
    "m_relation",
)  # fmt: skip


def _mentions(rows, prefix: str):
    """The facts of mentions under the names of ``ROW``; ``prefix`` leads from the rows to their mentions."""
    paragraph = f"{prefix}paragraph__"
    return (
        rows.annotate(
            s_symbol=F(f"{paragraph}document__symbol"),
            s_anchor=F(f"{paragraph}anchor"),
            s_year=F(f"{paragraph}document__year"),
            s_kind=F(f"{paragraph}kind"),
            t_symbol=F(f"{prefix}symbol"),
            t_held=F(f"{prefix}target__symbol"),
            m_surface=F(f"{prefix}surface"),
            m_certain=F(f"{prefix}certain"),
            m_body=F(f"{prefix}in_body_name"),
            m_relation=F(f"{prefix}relation"),
        )
        .order_by(f"{paragraph}document__symbol", f"{paragraph}position", f"{prefix}start", f"{prefix}pk")
        .values(*ROW)
    )


def _edge(row: dict, anchor: str, pinpoint: str) -> Edge:
    counts = row["m_certain"] and not row["m_body"] and row["s_kind"] != "heading"
    return Edge(
        row["s_symbol"],
        row["s_anchor"],
        row["s_year"],
        row["t_held"] or row["t_symbol"],
        anchor,
        row["t_held"] is not None,
        row["m_surface"],
        pinpoint,
        row["m_certain"],
        counts,
        row["m_relation"],
    )


def table() -> Table:
    """The edges as a table; column names in English, for programs."""
    head = [field.name for field in fields(Edge)]
    return Table("citations", head, map(_row, edges()))


def _row(edge: Edge) -> list:
    return [str(value).lower() if isinstance(value, bool) else value for value in astuple(edge)]
