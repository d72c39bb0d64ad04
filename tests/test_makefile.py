"""What the Makefile starts is there and starts: a tier that nobody runs by day may be broken for days."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys

import pytest

from tests.tools import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("make"), reason="make is not installed"),
]
# As make starts them: without what pytest has set, and without the make that may have started pytest.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in ("DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL") and not name.startswith("PYTEST_")
}


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def test_every_module_starts_and_every_tier_finds_its_tests():
    """Modules say ``--help``, the tiers of pytest collect: each folder or file of theirs holds tests."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    recipes = ran("make", "--dry-run", *targets).stdout
    modules = sorted(set(re.findall(r"-m (tests\.[\w.]+)", recipes)))
    assert len(modules) > 10, recipes
    broken = {
        module: told for module in modules if (told := ran(sys.executable, "-m", module, "--help")).returncode
    }
    assert not broken
    given = recipes + (ROOT / ".ci" / "run").read_text("utf-8")
    named = sorted(set(re.findall(r" (tests/[\w/]+(?:\.py)?)(?=[ \"]|$)", given, re.M)))
    told = ran(
        sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "long or not long", "-n0", *named
    )
    assert not told.returncode, told.stdout + told.stderr
    assert [place for place in named if f"\n{place}" not in f"\n{told.stdout}"] == []


@pytest.mark.parametrize(
    ("host", "name"),
    [("127.0.0.1", "localhost"), ("192.0.2.7", "192.0.2.7"), ("0.0.0.0", socket.gethostname())],
)
def test_a_site_answers_to_the_name_that_it_is_started_for(host, name):
    told = re.search(r"export ALLOWED_HOSTS=.*;", ran("make", "--dry-run", "run", f"HOST={host}").stdout)
    assert told
    assert name in ran("sh", "-c", f'{told[0]} echo "$ALLOWED_HOSTS"').stdout.strip().split(",")
