"""Run the benchmarks and print a table for each: ``python -m tests.benchmarks [NAME …] [--quick]``.

Every module of this package that has a function ``run(options) -> Iterable[Table]`` is a benchmark; the
first line of its docstring says what it measures. It may add options of its own with
``add_arguments(parser)``. Nothing has to be registered.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table as RichTable

from tests import benchmarks
from tests.benchmarks.results import Table

BUDGET = Path(__file__).with_name("budget.toml")


def find_benchmarks() -> dict[str, ModuleType]:
    """The benchmarks of this package by name, in alphabetical order."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")  # which Haystack reads on import
    names = sorted(info.name for info in pkgutil.iter_modules(benchmarks.__path__) if info.name != "__main__")
    modules = {name: importlib.import_module(f"{benchmarks.__name__}.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "run")}


def build_parser(found: dict[str, ModuleType]) -> argparse.ArgumentParser:
    summary = "\n".join(f"  {name:10} {module.__doc__.splitlines()[0]}" for name, module in found.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=f"Measure the archive. Benchmarks:\n{summary}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="run only these; without a name, all")
    parser.add_argument("--quick", action="store_true", help="smaller inputs, for a first look")
    parser.add_argument("--sizes", type=_numbers, help="of what is measured, divided by commas")
    parser.add_argument("--seconds", type=float, help="how long a site is under load (default 60)")
    parser.add_argument("--corpus", metavar="PATH", help="paragraphs as JSON lines, .xz or plain")
    for module in found.values():
        if hasattr(module, "add_arguments"):
            module.add_arguments(parser)
    return parser


def _numbers(given: str) -> tuple[int, ...]:
    return tuple(map(int, given.split(",")))


def print_table(console: Console, table: Table) -> None:
    shown = RichTable(title=table.title, title_justify="left", box=None, pad_edge=False)
    for position, column in enumerate(table.columns):
        shown.add_column(column, justify="left" if position == 0 else "right", no_wrap=True)
    for row in table.rows:
        shown.add_row(*row)
    console.print(shown)
    for note in table.notes:
        console.print(f"  {note}", highlight=False, soft_wrap=True)
    console.print()


def over_budget(benchmark: str, held: Mapping[str, float]) -> Iterator[str]:
    """Yields a sentence for each figure above its limit in budget.toml. What has no limit there is free."""
    limits = tomllib.loads(BUDGET.read_text("utf-8")).get(benchmark, {})
    for name, figure in held.items():
        if figure > limits.get(name, figure):
            yield f"{benchmark}, {name}: {figure:.2f}, and the budget is {limits[name]:g}."


def main(arguments: list[str] | None = None) -> int:
    """Run the named benchmarks. Returns 1 where one is over its budget, 2 where a name is unknown."""
    found = find_benchmarks()
    parser = build_parser(found)
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in found]:
        parser.error(f"no such benchmark: {', '.join(unknown)} (there are: {', '.join(found)})")
    # In a file or a pipe no cell may be cut: the figures are what the reader came for.
    console = Console() if sys.stdout.isatty() else Console(width=200)
    over: list[str] = []
    for name in options.names or found:
        for table in found[name].run(options):
            print_table(console, table)
            over += over_budget(name, table.held)
    for sentence in over:
        print(sentence, file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
