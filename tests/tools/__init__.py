"""What is no test: factories, layouts, tiers that are started by hand."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def files_of(names: Collection[str]) -> list[str]:
    """Returns the paths, below the project's folder, of the files ``test_NAME.py``, wherever they lie.

    Raises FileNotFoundError for a name without a file: a tier that leaves tests out in silence is none.
    """
    there = {path.stem: path for path in (ROOT / "tests").rglob("test_*.py")}
    if missing := [name for name in names if f"test_{name}" not in there]:
        raise FileNotFoundError(f"tests that a tier names are gone: {', '.join(missing)}")
    return [str(there[f"test_{name}"].relative_to(ROOT)) for name in names]
