"""The columns and stored rows of a base and what came since, as those of one index. A column is composed when
it is first asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

from .arrangement import Arrangement
from .columns import Column, Columns, Packed


class ComposedColumns(Columns):
    """The columns of ``parts``, the base first, with the rows of ``arrangement``."""

    def __init__(self, parts: tuple[Columns, ...], arrangement: Arrangement) -> None:
        self.parts, self._arrangement = parts, arrangement
        self.size, self.fields = arrangement.size, parts[0].fields
        self._columns: dict[str, Column] = {}
        self.lengths = {
            name: arrangement.of_rows([part.lengths[name] for part in parts]) for name in parts[0].lengths
        }

    def __getitem__(self, field: str) -> Column:
        if field not in self._columns:
            self._columns[field] = composed([part[field] for part in self.parts], self._arrangement)
        return self._columns[field]

    def _packed(self, row: int) -> Packed:
        part, there = self._arrangement.source(row)
        return self.parts[part]._packed(there)

    def _let_go(self) -> None:
        for part in self.parts:
            part._let_go()


def composed(columns: Iterable[Column], arrangement: Arrangement) -> Column:
    """One column of those of all parts, the base first."""
    parts = list(columns)
    values, places = _united([part.values for part in parts])
    codes, owners = [], []
    for part, rows, place in zip(parts, arrangement.rows, places, strict=True):
        owner = rows[part.owners]
        code = part.codes if place is None else place[part.codes]
        if len(owner) and owner.min() < 0:
            held = owner >= 0
            code, owner = code[held], owner[held]
        codes.append(code)
        owners.append(owner)
    code, owner = np.concatenate(codes), np.concatenate(owners)
    if (np.diff(owner) < 0).any():
        order = np.argsort(owner, kind="stable")
        code, owner = code[order], owner[order]
    return Column(values, code, owner, arrangement.size)


def _united(lists: Sequence[list[str]]) -> tuple[list[str], list[np.ndarray | None]]:
    """All values of sorted lists in order, the first of which is long; and for each list the places of its
    values among them, None where they are the same.
    """
    base, *others = lists
    places = [np.array([bisect_left(base, value) for value in other], np.int32) for other in others]
    new = sorted(
        {
            value
            for other, at in zip(others, places, strict=True)
            for value, place in zip(other, at.tolist(), strict=True)
            if place == len(base) or base[place] != value
        }
    )
    if not new:
        return base, [None, *places]
    values = sorted([*base, *new])
    before = np.array([bisect_left(base, value) for value in new], np.int32)
    own = np.arange(len(base), dtype=np.int32)
    moved = [np.array([bisect_left(values, value) for value in other], np.int32) for other in others]
    return values, [own + np.searchsorted(before, own, side="right").astype(np.int32), *moved]
