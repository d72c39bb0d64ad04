"""Puts small faults in one at a time, in a copy: ``python -m tests.tools.mutants [--jobs 2] [words of a
rule]``.

A fault stands in ``tests/tables/mutants.yaml``: its rule, the file, what stands there once, what is put in$
its place, and the tests that hold the rule, by the names of their files without ``test_``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from tests.tables import rows_from
from tests.tools import ROOT, files_of

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".hypothesis", ".*_cache")


class Mutant(NamedTuple):
    rule: str
    file: str
    there: str
    instead: str
    tests: tuple[str, ...]


MUTANTS = [Mutant(*row) for row in rows_from(__name__, "MUTANTS")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--jobs", type=int, default=2, help="so many at a time, each in a copy of its own")
    parser.add_argument("words", nargs="*", help="only rules in which one of these stands")
    options = parser.parse_args()
    chosen = [one for one in MUTANTS if not options.words or any(word in one.rule for word in options.words)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as directory:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(options.jobs):
            copies.put(Path(shutil.copytree(ROOT, Path(directory, str(number)), ignore=LEFT_OUT)))
        with ThreadPoolExecutor(options.jobs) as pool:
            ends = list(pool.map(lambda mutant: tried(mutant, copies), chosen))
    survivors = [mutant for mutant, end in zip(chosen, ends, strict=True) if end == "survives"]
    print(f"{len(chosen)} faults: {len(chosen) - len(survivors)} are noticed, {len(survivors)} survive")
    return bool(survivors)


def tried(mutant: Mutant, copies: SimpleQueue[Path]) -> str:
    """``noticed`` or ``survives``, and prints it. Raises ValueError where the rule has moved."""
    copy = copies.get()
    file = copy / mutant.file
    before = file.read_text("utf-8")
    try:
        if before.count(mutant.there) != 1:
            raise ValueError(f"{mutant.file}: {mutant.there!r} does not stand there once; mend tests/mutants")
        file.write_text(before.replace(mutant.there, mutant.instead), "utf-8")
        pytest = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        command = [*pytest, *files_of(mutant.tests)]
        environment = os.environ | {"FAST": "1"}
        run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        if run.returncode not in (0, 1):
            raise ValueError(
                f"{mutant.rule}: the tests could not be run\n{run.stdout[-2000:]}{run.stderr[-2000:]}"
            )
        end = "noticed" if run.returncode else "survives"
        print(f"{end:9} {mutant.rule} ({mutant.file})", flush=True)
        return end
    finally:
        file.write_text(before, "utf-8")
        copies.put(copy)


if __name__ == "__main__":
    sys.exit(main())
