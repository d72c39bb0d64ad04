"""Holds how large the house may be: ``python -m tests.budget``, a part of ``make lint``.

The limits of the day stand in pyproject.toml under ``[tool.budget]``. Who raises one says for whom.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _lines(paths: list[Path]) -> int:
    return sum(len(path.read_text("utf-8").splitlines()) for path in paths)


def measured() -> dict[str, int]:
    """Returns lines and files of product and tests, and lines of the README, by the names of the limits."""
    product = [ROOT / "manage.py", ROOT / "gunicorn.conf.py"]
    product += [path for part in ("archive", "search") for path in (ROOT / part).rglob("*.py")]
    tests = list((ROOT / "tests").rglob("*.py"))
    return {
        "product lines": _lines(product),
        "product files": len([path for path in product if "migrations" not in path.parts]),
        "test lines": _lines(tests),
        "test files": len(tests),
        "README lines": _lines([ROOT / "README.md"]),
    }


def main() -> int:
    limits = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["budget"]
    over = 0
    for name, size in measured().items():
        limit = limits[name.replace(" ", "-")]
        over += size > limit
        print(f"{name}: {size:,} of {limit:,}{'  TOO MANY' if size > limit else ''}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
