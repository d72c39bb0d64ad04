"""The table of who cites whom: every certain mention as a row, for programs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from archive.models import Mention, Pinpoint
from archive.site.opendata.tables import Table, table_response

from .page import page


@page
def citations_table(request: HttpRequest, twin: str) -> HttpResponseBase:
    return table_response(citation_table(), twin)


AT_ONCE = 2000


# Names in English, for programs. ``target_anchor`` is that of the held paragraph, else the paragraph as it is
# cited; ``pinpoint`` as it is cited. ``counts`` is whether the archive counts the edge as citing: certain, in
# running text, in no body's name.
HEAD = (
    "source_symbol", "source_anchor", "source_year", "target_symbol", "target_anchor", "target_held",
    "surface", "pinpoint", "certain", "counts", "relation",
)  # fmt: skip


IN_ORDER = ("paragraph__document__symbol", "paragraph__position", "start", "pk")


OF_MENTION = (
    "paragraph__document__symbol", "paragraph__anchor", "paragraph__document__year", "paragraph__kind",
    "symbol", "target__symbol", "surface", "certain", "in_body_name", "relation",
)  # fmt: skip


def edges() -> Iterator[tuple]:
    """Generates every edge, by document and paragraph. Two queries, however many there are."""
    whole = Mention.objects.registry().filter(pinpoints=None).order_by(*IN_ORDER).values_list(*OF_MENTION)
    order, names = (tuple(f"mention__{path}" for path in paths) for paths in (IN_ORDER, OF_MENTION))
    in_order = Pinpoint.objects.filter(mention__in=Mention.objects.registry()).order_by(*order, "position")
    parts = in_order.values_list(*names, "anchor", "target_paragraph__anchor")
    for row in chain(whole.iterator(AT_ONCE), parts.iterator(AT_ONCE)):
        symbol, anchor, year, kind, cited, held, surface, certain, in_body_name, relation, *at = row
        pinpoint, held_anchor = at or ("", "")
        target = (held or cited, held_anchor or pinpoint, held is not None)
        counts = certain and not in_body_name and kind != "heading"
        yield symbol, anchor, year, *target, surface, pinpoint, certain, counts, relation


def citation_table() -> Table:
    """Returns the edges as a table."""
    return Table("citations", HEAD, map(_row, edges()))


def _row(edge: tuple) -> list:
    return [str(value).lower() if isinstance(value, bool) else value for value in edge]
