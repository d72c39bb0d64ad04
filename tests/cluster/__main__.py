"""``python -m tests.cluster [pytest arguments]``: three nodes of their own, and the tests that need them."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.tools import files_of

from .nodes import Nodes, lacking

# What a search has to do, whoever answers it: through its pages, and as values; nearness in meaning is off.
BEHAVIOUR = files_of(
    ["haystack", *(f"search_{name}" for name in ("answers", "query", "literal", "offers", "exports"))]
)


def main() -> int:
    """Exit status of the tests; 0 where they cannot run, which is said."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    _options, given = parser.parse_known_args()
    missing = lacking() or ("" if importlib.util.find_spec("opensearchpy") else "opensearch-py (pip install)")
    if missing:
        print(f"SKIPPED: the tests on a cluster need {missing}.")
        return 0
    with tempfile.TemporaryDirectory(prefix="archive-cluster-", ignore_cleanup_errors=True) as folder:
        nodes = Nodes(Path(folder))
        try:
            nodes.begin()
            environment = {**os.environ, "CLUSTER_FOLDER": folder}
            behaves = _tests("tests.cluster.one_shard", [*BEHAVIOUR, *given], environment)
            nodes.clear()  # indexes without copies: where the node that has one goes, the cluster stays red
            long = ["-m", "long", "-s", str(Path(__file__).parent), *given]
            return behaves or _tests("tests.cluster.settings", long, environment)
        finally:
            nodes.stop()


def _tests(settings: str, given: list[str], environment: dict[str, str]) -> int:
    """The exit status of pytest; that a name finds no test in one of two runs is none."""
    command = [sys.executable, "-m", "pytest", "--ds", settings, *given]
    status = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
    return 0 if status == pytest.ExitCode.NO_TESTS_COLLECTED else status


if __name__ == "__main__":
    sys.exit(main())
