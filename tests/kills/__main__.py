"""The command; sets up Django on a site of its own before anything of the archive is imported."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

from tests.tools.postgres import new_database, running_server

from .site import DATABASE

MEMORY = Path("/dev/shm")  # a folder whose files cost no disk; only file steps and their order count here


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("operations", nargs="*", metavar="OPERATION", help="default: all of them")
    parser.add_argument("--kills", type=int, default=200, help="for each operation (default 200)")
    parser.add_argument("--seed", type=int, default=1540, help="chooses where (default 1540)")
    parser.add_argument("--at", help="only there, as a failure tells it: 17 (a step) or 0.25s (time)")
    parser.add_argument("--jobs", type=int, default=1, help="operations at a time (default 1)")
    parser.add_argument("--postgres", action="store_true", help="on a private PostgreSQL server")
    options = parser.parse_args()
    if options.jobs > 1:
        return _side_by_side(options)
    with running_server() if options.postgres else nullcontext("") as server:
        return _on_a_site(options, server)


def _on_a_site(options: argparse.Namespace, server: str) -> int:
    place = MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="archive-kills-", dir=place) as name:
        folder = Path(name).resolve()
        os.environ |= {
            "ARCHIVE_DATA_DIR": str(folder / "site"),
            "DJANGO_SETTINGS_MODULE": "tests.kills.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        if server:
            os.environ["DATABASE_URL"] = new_database(server, DATABASE)
        import django

        django.setup()
        from .run import run
        from .site import Site

        site = Site(folder, server)
        return run(site, folder, options.operations, options.kills, options.seed, options.at)


def _side_by_side(options: argparse.Namespace) -> int:
    """Each operation as a command of its own, ``--jobs`` at a time; returns the worst exit status."""
    from .operations import NAMES

    given = ["--kills", str(options.kills), "--seed", str(options.seed)]
    given += ["--at", options.at] if options.at else []
    given += ["--postgres"] if options.postgres else []

    def one(operation: str) -> int:
        command = [sys.executable, "-m", "tests.kills", operation, *given]
        return subprocess.run(command).returncode  # noqa: S603, nothing in it comes from outside

    with ThreadPoolExecutor(options.jobs) as pool:
        return max(pool.map(one, options.operations or NAMES))


if __name__ == "__main__":
    sys.exit(main())
