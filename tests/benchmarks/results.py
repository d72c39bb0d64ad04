"""What every benchmark returns: tables of measured figures."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under a title. ``rows`` hold strings, the first column left-aligned, the others right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = field(default=())


def sizes_of(options: argparse.Namespace, usual: tuple[int, ...], quick: tuple[int, ...]) -> tuple[int, ...]:
    """The sizes that were asked for; else the quick ones, where they were, or the usual ones."""
    return options.sizes or (quick if options.quick else usual)
