"""A table of the SQLite file. Rows name each other by symbol and anchor, as documents do, not by our keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet

IN_ORDER = (
    "paragraph__document__symbol",
    "paragraph__document__language",
    "paragraph__position",
    "start",
    "end",
)


@dataclass(frozen=True, slots=True)
class DumpTable:
    """``columns``: name → the field it comes from. ``key`` are the columns that tell rows apart."""

    name: str
    columns: Mapping[str, str]
    rows: QuerySet
    key: tuple[str, ...]

    def values(self) -> QuerySet:
        """Rows of values in the order of ``columns``."""
        return self.rows.values_list(*(F(field) for field in self.columns.values()))


def same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def of_document(path: str) -> dict[str, str]:
    return {"symbol": f"{path}symbol", "language": f"{path}language"}


def of_paragraph(path: str) -> dict[str, str]:
    return {**of_document(f"{path}document__"), "anchor": f"{path}anchor"}
