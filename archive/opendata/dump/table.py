"""A table of the SQLite file. Rows name each other by symbol and anchor, as documents do, not by our keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Model, QuerySet

IN_ORDER = (
    "paragraph__document__symbol",
    "paragraph__document__language",
    "paragraph__position",
    "start",
    "end",
)


@dataclass(frozen=True, slots=True)
class DumpTable:
    """``columns``: name → the field it comes from. ``key`` are the columns that tell rows apart. ``inside``
    are columns that hold the key of a row of the same document: columns → the name of its table.
    """

    name: str
    columns: Mapping[str, str]
    rows: QuerySet
    key: tuple[str, ...]
    inside: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    def values(self) -> QuerySet:
        """Rows of values in the order of ``columns``."""
        return self.rows.values_list(*(F(field) for field in self.columns.values()))


def references(table: DumpTable, others: Sequence[DumpTable]) -> list[tuple[tuple[str, ...], DumpTable]]:
    """The foreign keys of ``table``: its columns, and the table of ``others`` whose key they hold.

    Read from the fields: where the columns reach the whole key of another table along a relation
    (``paragraph__document__symbol``, ``paragraph__anchor``), they name its row. What that row names in its
    turn is not told again.
    """
    by_field = {path: name for name, path in table.columns.items()}
    found = {}
    for other in others:
        keys = [other.columns[name] for name in other.key]
        for path in table.columns.values():
            relation = path.removesuffix(keys[-1])
            leads_there = relation != path and _model_at(table, relation) is other.rows.model
            if leads_there and all(relation + key in by_field for key in keys):
                found[relation] = tuple(by_field[relation + key] for key in keys), other
    nearest = [
        told for one, told in found.items() if not any(one != two and one.startswith(two) for two in found)
    ]
    named = {other.name: other for other in others}
    return [*nearest, *((columns, named[name]) for columns, name in table.inside.items())]


def _model_at(table: DumpTable, relation: str) -> type[Model] | None:
    """The model that ``relation`` (``paragraph__document__``) leads to; None where it is no relation."""
    if not relation.endswith("__"):
        return None
    model = table.rows.model
    for name in relation.removesuffix("__").split("__"):
        model = model._meta.get_field(name).related_model
    return model


def same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def of_document(path: str) -> dict[str, str]:
    return {"symbol": f"{path}symbol", "language": f"{path}language"}


def of_paragraph(path: str) -> dict[str, str]:
    return {**of_document(f"{path}document__"), "anchor": f"{path}anchor"}
