"""Commands: processor time of a start, to that of Django alone with the same settings."""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.results import SITE, Table

ROOT = Path(__file__).resolve().parents[2]
RUNS = 5
# Django's own part: what a site of one empty app would take.
ALONE = ("-c", "import django.core.management, django.conf as c; c.settings.configure(); django.setup()")
COMMANDS = {
    "check": ("manage.py", "check"),
    "help": ("manage.py", "help"),
    "parse_document": ("manage.py", "parse_document", "fixtures/documents/S_2010_52.txt"),
}


def run(options: argparse.Namespace) -> Iterator[Table]:
    alone = _seconds(ALONE)
    taken = {name: _seconds(command) for name, command in COMMANDS.items()}
    rows = (("Django alone", f"{alone:.2f}", "1"),)
    rows += tuple((name, f"{seconds:.2f}", f"{seconds / alone:.1f}") for name, seconds in taken.items())
    held = {f"{name} to Django alone": seconds / alone for name, seconds in taken.items()}
    yield Table("Commands", ("start of", "processor s", "times"), rows, held=held)


def _seconds(command: tuple[str, ...]) -> float:
    """Returns the least processor time of some runs, in seconds."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = os.environ | SITE | {"ARCHIVE_DATA_DIR": folder}
        return min(_once([sys.executable, *command], environment) for _ in range(RUNS))


def _once(command: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
