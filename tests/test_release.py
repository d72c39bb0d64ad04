"""A release: its number, its section of the changelog, and what is refused before anything is written."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.tools.release import dated, numbered

PROJECT = 'name = "x"\nversion = "1.0.9"\n'
CHANGELOG = "# Changelog\n\n## Unreleased\n\n- new\n\n## 1.0.9 (2026-01-02)\n\n- old\n"


def test_the_number_is_raised():
    assert numbered(PROJECT, "1.1.0") == 'name = "x"\nversion = "1.1.0"\n'


@pytest.mark.parametrize("version", ["1.0.9", "1.0.10.1", "0.9.99", "v1.1.0", ""])
def test_what_is_no_higher_number_is_refused(version):
    with pytest.raises(ValueError, match="version|above"):
        numbered(PROJECT, version)


def test_the_changes_stand_under_the_number_and_nothing_is_lost():
    changelog, notes = dated(CHANGELOG, "1.1.0", dt.date(2026, 3, 4))
    assert notes == "- new"
    assert changelog.replace("## Unreleased\n\n## 1.1.0 (2026-03-04)", "## Unreleased") == CHANGELOG


def test_a_release_without_changes_is_refused():
    with pytest.raises(ValueError, match="Unreleased"):
        dated(CHANGELOG.replace("- new\n", ""), "1.1.0", dt.date(2026, 3, 4))


def test_the_command_says_what_is_missing():
    command = [sys.executable, "-m", "tests.tools.release", "1.1.0", "no-such-key"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "generate_key" in told.stderr
