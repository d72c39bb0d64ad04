"""Tables of rows that tests read: a YAML file for each module, a list or mapping for each name."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent


def rows_from(module: str, name: str) -> Any:
    """Returns the rows ``name`` of the file of ``module``, each as a tuple. Raises KeyError for none such."""
    return _read(_stem(module))[name]


def each_row(name: str = "") -> Callable:
    """Returns a decorator: the test is run with each row of the table ``name``, which is called as the test
    where none is said. The columns are the last arguments of the test; a run is called by its ``remark``.
    """

    def decorated(test: Callable) -> Callable:
        rows = rows_from(test.__module__, name or test.__name__)
        width = len(rows[0]) if isinstance(rows[0], tuple) else 1
        columns = list(inspect.signature(test).parameters)[-width:]
        ids = [row[-1] for row in rows] if columns[-1].strip("_") == "remark" else None
        return pytest.mark.parametrize(columns[0] if width == 1 else columns, rows, ids=ids)(test)

    return decorated


def _stem(module: str) -> str:
    """Returns the module's own name: its file is called by it, wherever the module lies and however it is
    started (``python -m`` calls it ``__main__``, a child that it spawns ``__mp_main__``).
    """
    started = sys.modules[module].__spec__ if module in ("__main__", "__mp_main__") else None
    return (started.name if started else module).rpartition(".")[2]


@cache
def _read(stem: str) -> dict[str, Any]:
    loaded = yaml.load(
        (HERE / f"{stem}.yaml").read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )  # noqa: S506
    return {name: _rows(rows) for name, rows in loaded.items()}


def _rows(rows: Any) -> Any:
    if isinstance(rows, dict):
        return {key: tuples(value) for key, value in rows.items()}
    return [tuples(row) for row in rows]


def tuples(value: Any) -> Any:
    """Returns ``value`` with tuples for all lists in it, as rows have them."""
    if isinstance(value, (list, tuple)):
        return tuple(map(tuples, value))
    return {key: tuples(one) for key, one in value.items()} if isinstance(value, dict) else value
