"""Writes the references in docs/ from the code: ``make references``. A test fails where one is stale.

Settings come from archive/settings.py (each variable that is read from the environment, its default, and the
sentence after ``#:`` above it), commands from their parsers, addresses from what describes ``/openapi.json``,
the map from the docstrings of the folders, Haystack's methods from the table of their test.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SETTINGS = ROOT / "archive" / "settings.py"


def settings_page() -> str:
    """Returns docs/settings.md. Raises ValueError for a variable without a sentence."""
    rows = [f"| `{name}` | {words} | {default} |" for name, default, words in _variables()]
    return "\n".join(
        [
            "# Settings",
            "",
            "Written from `archive/settings.py` by `make references`. Each is a variable of the environment;",
            "with `_FILE` behind its name it names a file that holds the value. Of two defaults the second",
            "is that with `DEBUG=0`.",
            "",
            "| variable | meaning | default |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _variables() -> Iterator[tuple[str, str, str]]:
    """Yields name, default in words and meaning of each variable, in the order of the settings."""
    source = SETTINGS.read_text("utf-8")
    lines = source.splitlines()
    seen = set()
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: node.lineno):
        function, arguments = ast.unparse(call.func), call.args
        if not re.match(r"env(\.|$)", function) or not arguments:
            continue
        name = ast.literal_eval(arguments[0])
        if name in seen:
            continue
        seen.add(name)
        yield name, _default(call), _sentence(lines, call.lineno, name)


def _sentence(lines: list[str], line: int, name: str) -> str:
    above = line - 2
    while above > 0 and not lines[above].lstrip().startswith("#:"):
        above -= 1
        if line - above > 4:
            raise ValueError(f"{SETTINGS.name}: {name} has no sentence after #: above it")
    words: list[str] = []
    while lines[above].lstrip().startswith("#:"):
        words.insert(0, lines[above].lstrip()[2:].strip())
        above -= 1
    return " ".join(words)


def _default(call: ast.Call) -> str:
    given = {keyword.arg: keyword.value for keyword in call.keywords}.get("default")
    match given:
        case ast.IfExp() if ast.unparse(given.test) in ("DEBUG", "not DEBUG"):
            development, production = given.body, given.orelse
            return f"{_value(development)}; {_value(production)}"
        case None:
            return "none"
    return _value(given)


def _value(node: ast.expr) -> str:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return "see beside"
    if value in ("", [], {}):
        return "none"
    if isinstance(value, bool):
        value = int(value)
    return f"`{','.join(value)}`" if isinstance(value, list) else f"`{value}`"


def commands_page() -> str:
    """Returns docs/commands.md: what ``--help`` says of each command of the archive and of search."""
    from django.core import management

    of_django = management.find_commands(management.__path__[0])
    known = management.get_commands().items()
    names = sorted(name for name, app in known if app in ("archive", "search") and name not in of_django)
    parts = [
        "# 命令\n\n由`make references`照各命令的`--help`写成。写法：`.venv/bin/python manage.py 命令 …`。\n"
    ]
    for name in names:
        command = management.load_command_class(
            "archive" if (ROOT / f"archive/management/commands/{name}.py").exists() else "search", name
        )
        parser = command.create_parser("manage.py", name)
        parser.format_help()  # as --help does: words that it cannot print fail here
        rows = [_argument(one) for one in parser._actions if _is_own(one)]
        table = ["", "| 参数 | 意思 |", "|---|---|", *rows] if rows else []
        parts.append("\n".join([f"## {name}", "", _plain(command.help), *table, ""]))
    return "\n".join(parts)


# What Django gives every command.
COMMON = frozenset(action.dest for action in BaseCommand().create_parser("manage.py", "any")._actions)


def _is_own(action: argparse.Action) -> bool:
    return action.dest not in COMMON and action.help != argparse.SUPPRESS


def _argument(action: argparse.Action) -> str:
    shown = action.metavar or action.dest.upper()
    if isinstance(shown, tuple):
        shown = " ".join(shown)
    if action.option_strings:
        takes = f" {shown}" if action.nargs != 0 else ""
        if action.choices:
            takes = " " + "、".join(str(choice) for choice in action.choices)
        name = f"`{action.option_strings[-1]}{takes}`"
    else:
        name = f"`{shown}`" + {"*": "（可多个，可不写）", "+": "（可多个）", "?": "（可不写）"}.get(
            str(action.nargs), ""
        )
    words = _plain(action.help or "").replace("%(default)s", str(action.default))
    return f"| {name} | {words} |".replace("%%", "%")


def _plain(words: object) -> str:
    return re.sub(r"\s+", " ", str(words)).strip().replace("|", "\\|")


def addresses_page() -> str:
    """Returns docs/addresses.md: each page, the forms of its answer, what it is, what may be asked of it."""
    from archive.site.opendata.operations import PAGES as DESCRIBED
    from archive.site.opendata.operations import paths_described

    forms: dict[tuple[str, str], set[str]] = {}
    for routes in paths_described():
        for route in routes:
            stem, ending = re.fullmatch(r"(.+?)(\.(?:csl\.)?\w+)?", route.path).groups()  # type: ignore[union-attr]
            forms.setdefault((route.page, stem), set()).add(f"`{ending}`" if ending else "")
    rows = []
    for (page, path), endings in forms.items():
        asked = "、".join(f"`{name}`" for name in sorted(DESCRIBED[page].names))
        written = "、".join(sorted(endings - {""}))
        rows.append(f"| `{path}` | {written} | {_plain(DESCRIBED[page].words)} | {asked} |")
    return "\n".join(
        [
            "# 地址",
            "",
            "由`make references`照`/openapi.json`写成。网页的地址加上“数据”一栏的结尾，就是同样内容的数据；"
            "参数的意思见网站的`/api`。",
            "",
            "| 地址 | 数据 | 内容 | 参数 |",
            "|---|---|---|---|",
            *sorted(rows),
            "",
        ]
    )


def map_page() -> str:
    """Returns docs/map.md: what the docstring of each folder says. Raises ValueError for one without."""
    rows = []
    for package in sorted(
        path for app in ("archive", "search") for path in ROOT.glob(f"{app}/**/__init__.py")
    ):
        folder, said = (
            package.parent.relative_to(ROOT),
            ast.get_docstring(ast.parse(package.read_text("utf-8"))),
        )
        if not said:
            raise ValueError(f"{folder}: no docstring says what it is for")
        first, *_more = said.split("\n\n")
        rows.append(f"| `{folder}` | {_plain(first)} |")
    head = ["# Map", "", "Written by `make references` from the docstrings of the folders.", ""]
    return "\n".join([*head, "| folder | what |", "|---|---|", *rows, ""])


def haystack_page() -> str:
    """Returns docs/haystack.md: what our query sets answer, from the table that a test asks them by."""
    from tests.tables import rows_from

    rows = [
        f"| `{method}` | {_plain(words)} | {'<br>'.join(f'`{_plain(one)}`' for one in expressions)} |"
        for method, (words, expressions) in rows_from("test_haystack", "HAYSTACK").items()
    ]
    head = """# Haystack

Written by `make references` from `tests/tables/test_haystack.yaml`; a test asks its expressions.

`rebuild_index`, `clear_index` and `update_index` write the archive's own index, the last all that changed, whatever it is
told; `update_search --rebuild` builds without a gap. What is not answered raises `SearchBackendError` with a sentence.

| method of `SearchQuerySet` | what it answers | for example |
|---|---|---|
"""  # noqa: E501
    return head + "\n".join([*rows, ""])


PAGES = {
    "haystack.md": haystack_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "addresses.md": addresses_page,
    "map.md": map_page,
}


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
