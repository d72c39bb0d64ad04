"""The command; sets up Django on a site of its own before anything of the archive is imported."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import product
from pathlib import Path

from tests.postgres import NoServerError, running_server

from .acts import Command, acts, before, write_sources
from .meeting import ended, meet, one_after_the_other, start
from .stores import PostgresStore, SqliteStore

# How many statements the first act has run when it stops: few, for what it reads before it locks; and a part.
STOPS = (1, 2, 4, 0.6)


def main() -> int:
    """Try the pairs that are named, ``citing,cited``, or all; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.overlaps", description=__doc__)
    parser.add_argument("pairs", nargs="*", metavar="FIRST,SECOND", help="default: all of them")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server started for this")
    options = parser.parse_args()
    given = nullcontext(os.environ.get("TEST_DATABASE_URL"))
    try:
        with running_server() if options.postgres else given as server:
            return _try_all(options.pairs, server)
    except NoServerError as error:
        raise SystemExit(str(error)) from error


def _try_all(named: list[str], server: str | None) -> int:
    with tempfile.TemporaryDirectory(prefix="archive-overlaps-") as name:
        folder = Path(name)
        os.environ |= {
            "ARCHIVE_DATA_DIR": str(folder / "site"),
            "DJANGO_SETTINGS_MODULE": "archive.settings",
            "DEBUG": "0",  # which costs a query for every query
            "SECRET_KEY": "overlaps",
            "ALLOWED_HOSTS": "localhost",
            "SEARCH_INDEX_FOLLOWS": "0",  # only the database is asked
        }
        store = PostgresStore(folder, server) if server else SqliteStore(folder)
        if store.address:
            os.environ["DATABASE_URL"] = store.address
        else:
            os.environ.pop("DATABASE_URL", None)
        _set_up()
        given = folder / "given"
        write_sources(given)
        for command in before(given):
            how, what = ended(start(command))
            if how != "done":
                raise SystemExit(f"{command}: {what}")
        store.keep()
        known = acts(given)
        pairs = [tuple(pair.split(",")) for pair in named] or list(product(known, known))
        tried = 0
        failed = 0
        for told in _try(store, known, pairs):
            tried += 1
            failed += bool(told)
            if told:
                print(told, flush=True)
        print(f"{tried} overlaps of {len(pairs)} pairs, {failed} failed")
    return 1 if failed or not tried else 0


def _set_up() -> None:
    """Load what every child needs, without a connection."""
    import django

    django.setup()
    logging.disable()
    from archive.importing import parse_source  # noqa: F401
    from search.text.analyzer import analyze

    analyze("不扩散")


def _try(store: SqliteStore, known: dict[str, Command], pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """For each overlap what is not as if one act had come after the other; empty where all is."""
    from tests.kills.state import difference

    for first, second in pairs:
        pair = known[first], known[second]
        allowed = [one_after_the_other(store, *pair), one_after_the_other(store, *reversed(pair))]
        statements = allowed[0].ends[0][1]
        for stop in STOPS:
            met = meet(store, *pair, stop if stop >= 1 else int(stop * statements))
            wrong = [what for how, what in met.ends if how == "error"] + met.failures
            if met.rows not in [outcome.rows for outcome in allowed]:
                differences = (difference(met.rows, outcome.rows) for outcome in allowed)
                wrong.append(min(differences, key=len))
            told = "; ".join(map(str, wrong[:3]))
            yield f"{first} stopped at {stop}, {second}: {told}" if wrong else ""


if __name__ == "__main__":
    sys.exit(main())
