"""What the documentation for developers, and the table of faults, name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tools import files_of, references
from tests.tools.mutants import MUTANTS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATH = re.compile(r"`((?:archive|search|tests|fixtures|docs|templates|static)/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:|/)([^)#\s]+)")
TARGET = re.compile(r"`make ([a-z-]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_link_and_target_that_is_named_exists(page):
    text = page.read_text("utf-8")
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    missing += [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    missing += [target for target in TARGET.findall(text) if target not in targets]
    assert not missing


@pytest.mark.parametrize("name", references.PAGES)
def test_what_is_written_from_the_code_says_what_the_code_does(name):
    assert (ROOT / "docs" / name).read_text("utf-8") == references.PAGES[name](), "run: make references"


@pytest.mark.parametrize(("page", "most"), [("README.md", 150), ("CHANGELOG.md", 250)])
def test_what_everybody_reads_is_short(page, most):
    assert len((ROOT / page).read_text("utf-8").splitlines()) <= most


def test_every_page_is_in_the_index():
    listed = LINK.findall((ROOT / "docs" / "README.md").read_text("utf-8"))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} <= {*listed, "README.md"}


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text("utf-8"))
    assert sorted(listed) == sorted(page.name for page in folder.glob("0*.md"))


def test_the_rule_of_every_fault_stands_where_it_is_put_in():
    moved = [one for one in MUTANTS if (ROOT / one.file).read_text("utf-8").count(one.there) != 1]
    assert not moved
    assert all(files_of(one.tests) for one in MUTANTS)
