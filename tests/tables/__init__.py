"""Tables of rows that tests read: a YAML file for each module, a list or mapping for each name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


def rows_from(module: str, name: str) -> Any:
    """Returns the rows ``name`` of the file of ``module``, each as a tuple. Raises KeyError for none such."""
    return _read(module.removeprefix("tests.").replace(".", "_"))[name]


@cache
def _read(stem: str) -> dict[str, Any]:
    loaded = yaml.load(
        (HERE / f"{stem}.yaml").read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )  # noqa: S506
    return {name: _rows(rows) for name, rows in loaded.items()}


def _rows(rows: Any) -> Any:
    if isinstance(rows, dict):
        return {key: _plain(value) for key, value in rows.items()}
    return [_plain(row) for row in rows]


def _plain(value: Any) -> Any:
    """Lists within a row are tuples."""
    if isinstance(value, list):
        return tuple(map(_plain, value))
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, dict) else value
