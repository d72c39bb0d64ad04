"""Holds how large the house may be: ``python -m tests.tools.budget``, a part of ``make lint``.

The limits of the day stand in pyproject.toml under ``[tool.budget]``: lines, by part, and the characters of
the longest line of a template. Files are not counted: a limit of files staples unrelated thoughts together.
Whether a folder shows too much is judged by eye. Who raises a limit says for whom.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ("archive/text", "archive/readers")


def _lines(*places: str) -> int:
    """Returns the lines of Python below the folders, or of the files themselves."""
    paths = [
        path
        for place in places
        for path in ([ROOT / place] if "." in place else (ROOT / place).rglob("*.py"))
    ]
    return sum(len(path.read_text("utf-8").splitlines()) for path in paths)


def measured() -> dict[str, int]:
    """Returns the lines of each part and the longest of the templates, by the names of the limits."""
    core, search = _lines(*CORE), _lines("search")
    product = _lines("archive", "search", "manage.py", "gunicorn.conf.py")
    return {
        "product": product,
        "core": core,
        "search": search,
        "rest": product - core - search,
        "tests": _lines("tests"),
        "README": _lines("README.md"),
        "template_line": max(
            len(line)
            for path in (ROOT / "templates").rglob("*.*")
            for line in path.read_text("utf-8").splitlines()
        ),
    }


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    limits = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["budget"]
    over = 0
    for name, size in measured().items():
        over += size > limits[name]
        print(f"{name}: {size:,} of {limits[name]:,}{'  TOO MANY' if size > limits[name] else ''}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
