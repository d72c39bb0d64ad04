"""Who cites what, as a graph: nodes are paragraphs and documents, edges the mentions with their pinpoints.

Written while it is sent. GraphML (graphml.graphdrawing.org) for Gephi and its like, CSV for everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from xml.sax.saxutils import escape, quoteattr

from django.db.models import F

from archive.models import Document, Mention, Pinpoint
from archive.opendata.akn.inline import writable
from archive.opendata.tables import Table

AT_ONCE = 2000
NODE_KEYS = {
    "kind": "string",
    "symbol": "string",
    "anchor": "string",
    "title": "string",
    "year": "int",
    "held": "boolean",
}
EDGE_KEYS = {
    "surface": "string", "pinpoint": "string", "certain": "boolean", "counts": "boolean",
    "relation": "string", "year": "int",
}  # fmt: skip


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

    @property
    def source(self) -> str:
        return f"{self.source_symbol}/p/{self.source_anchor}"

    @property
    def target(self) -> str:
        return f"{self.target_symbol}/p/{self.target_anchor}" if self.target_anchor else self.target_symbol


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


def graphml() -> Iterator[str]:
    """The graph as GraphML: each node before the first edge that touches it, each once."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for domain, keys in (("node", NODE_KEYS), ("edge", EDGE_KEYS)):
        for name, kind in keys.items():
            yield f'<key id="{domain}-{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph id="citations" edgedefault="directed">\n'
    titles = dict(Document.objects.order_by().values_list("symbol", "title"))
    years = dict(Document.objects.order_by().values_list("symbol", "year"))
    seen: set[str] = set()
    for number, edge in enumerate(edges()):
        ends = (
            (edge.source, edge.source_symbol, edge.source_anchor),
            (edge.target, edge.target_symbol, edge.target_anchor),
        )
        for ident, symbol, anchor in ends:
            if ident not in seen:
                seen.add(ident)
                yield _node(ident, symbol, anchor, titles, years)
        yield _edge_element(number, edge)
    yield "</graph>\n</graphml>\n"


def _node(ident: str, symbol: str, anchor: str, titles: dict, years: dict) -> str:
    data = {
        "kind": "paragraph" if anchor else "document",
        "symbol": symbol,
        "anchor": anchor,
        "title": titles.get(symbol, ""),
        "year": years.get(symbol),
        "held": symbol in titles,
    }
    return f"<node id={_quoted(ident)}>{_data('node', data)}</node>\n"


def _edge_element(number: int, edge: Edge) -> str:
    data = {
        "surface": edge.surface,
        "pinpoint": edge.pinpoint,
        "certain": edge.certain,
        "counts": edge.counts,
        "relation": edge.relation,
        "year": edge.source_year,
    }
    ends = f"source={_quoted(edge.source)} target={_quoted(edge.target)}"
    return f'<edge id="e{number}" {ends}>{_data("edge", data)}</edge>\n'


def _data(domain: str, values: dict) -> str:
    """What is not known or empty is left out."""
    return "".join(
        f'<data key="{domain}-{name}">{_text(value)}</data>'
        for name, value in values.items()
        if value not in (None, "")
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else escape(writable(str(value)))


def _quoted(value: str) -> str:
    return quoteattr(writable(value))
