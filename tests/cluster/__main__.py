"""``python -m tests.cluster [pytest arguments]``: three nodes of their own, and the tests that need them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .nodes import NODES, Nodes, lacking


def main() -> int:
    """Exit status of the tests; 0 where they cannot run, which is said."""
    missing = lacking() or ("" if importlib.util.find_spec("opensearchpy") else "opensearch-py (pip install)")
    if missing:
        print(f"SKIPPED: the tests on a cluster need {missing}.")
        return 0
    with tempfile.TemporaryDirectory(prefix="archive-cluster-", ignore_cleanup_errors=True) as folder:
        nodes = Nodes(Path(folder))
        try:
            nodes.prepare()
            for number in range(1, NODES + 1):
                nodes.start(number)
            nodes.wait(NODES, "green")
            command = [sys.executable, "-m", "pytest", "-m", "long", "--ds", "tests.cluster.settings"]
            given = [*sys.argv[1:]] or ["-x", "-s"]
            environment = {**os.environ, "CLUSTER_FOLDER": folder}
            return subprocess.run(  # noqa: S603
                [*command, *given, str(Path(__file__).parent)], env=environment, check=False
            ).returncode
        finally:
            nodes.stop()


if __name__ == "__main__":
    sys.exit(main())
