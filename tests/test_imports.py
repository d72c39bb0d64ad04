"""What a command does not need it does not load: each of them is paid for by every start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .tables import rows_from

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
# Libraries with tables, or with much code, and our own rooms in which many expressions are compiled.
HEAVY = tuple(rows_from(__name__, "HEAVY"))  # fmt: skip
DESK = {"archive.urls", "prometheus_client", "rapidfuzz", "search.urls"}  # what Django looks at in a check
COMMANDS = [
    # what is called, what of HEAVY it may load
    (["help"], set()),
    (
        ["update_search", "--help"],
        {"numpy", "rapidfuzz", "search.engine.searcher", "search.engine.live.index"},
    ),
    (["check"], DESK),
]
TOLD = """
import json, sys
sys.argv[0] = "manage.py"
from django.core.management import execute_from_command_line
try:
    execute_from_command_line(sys.argv)
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize(("arguments", "may"), COMMANDS, ids=[row[0][0] for row in COMMANDS])
def test_a_command_loads_what_it_needs(tmp_path, arguments, may):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "archive.settings",
        "ARCHIVE_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/archive.sqlite3",
    }
    done = subprocess.run(
        [sys.executable, "-c", TOLD, *arguments],
        cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert (loaded & set(HEAVY)) - may == set()
