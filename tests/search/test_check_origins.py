"""Where the words of a draft first stood: the oldest paragraph of each stretch, and the coloured page."""

from __future__ import annotations

import datetime as dt

import pytest

from archive.models import Document
from search.pages.checker import origins as module
from search.pages.checker.check import first_stood
from tests.tables import each_row, tuples
from tests.tools.factories import parsed, store
from tests.tools.pages import read
from tests.tools.searching import archive_of

pytestmark = pytest.mark.django_db

OLD = "各国应采取和执行适当有效的法律"
LATE = "，禁止任何非国家行为者制造核武器"
TWICE = "缔约国应当遵守上述各项义务，并在一年内提出报告说明情况"
NEW = "本段是新写的文字，任何文件里都没有"


@pytest.fixture(scope="module")
def index(tmp_path_factory, django_db_setup, django_db_blocker):
    root = tmp_path_factory.mktemp("origins")

    def documents():
        for symbol, day, text in (
            ("S/2020/2", dt.date(2020, 1, 1), f"委员会重申，{OLD}{LATE}。"),
            ("S/2010/1", dt.date(2010, 1, 1), f"安理会决定，{OLD}。"),
            ("S/2030/3", None, f"{OLD}{LATE}{NEW[:8]}"),
        ):
            more = [("2", TWICE[:13]), ("3", TWICE)] if symbol == "S/2010/1" else []
            store(parsed(symbol, ("1", text), *more))
            Document.objects.filter(symbol=symbol).update(date=day, sort_date=day)

    with archive_of(documents, root, django_db_blocker):
        yield root


def told(draft):
    found = first_stood(draft)
    spans = [(span, one.symbol) for one in found.first for span in one.spans]
    spans += [(span, None) for span in found.often]
    return [(draft[slice(*span)], symbol) for span, symbol in sorted(spans)]


@each_row("DRAFTS")
def test_each_stretch_goes_to_the_oldest_paragraph(index, draft, expected, remark):
    assert tuples(told(draft)) == expected, remark


def test_what_is_counted_as_new(index):
    found = first_stood(f"{NEW} {OLD}")
    assert (found.new, found.characters, found.to) == (len(NEW), len(NEW + OLD), len(NEW + OLD) + 1)


def test_work_is_bounded_and_what_is_left_out_is_said(index, monkeypatch):
    monkeypatch.setattr(module, "MOST", 1)
    draft = f"{OLD}{NEW}{OLD}"
    assert first_stood(draft).to == len(OLD + NEW) and told(draft) == [(OLD, "S/2010/1")]
    monkeypatch.setattr(module, "MOST_PLACES", 0)
    assert told(OLD) == [(OLD, None)]
    monkeypatch.setattr(module, "LONGEST", 5)
    assert first_stood(draft).to == 5


def test_the_page_colours_the_draft_and_changes_no_character(client, index):
    draft = f"{NEW}<b>{OLD}{LATE}"
    tree, problems = read(client.post("/check", {"text": draft}).content)
    section = next(one for one in tree.all("section") if "check-origins" in one.classes)
    line = section.all("p", "origin-draft")[0]
    assert not problems and line.text == draft
    links = [(link.text, link.attributes["href"]) for link in line.all("a") if "origin" in link.classes]
    assert [text for text, _href in links] == [OLD, LATE]
    assert links[0][1].startswith("/S/2010/1/p/1/")
    assert "首见于S/2010/1" in next(a for a in line.all("a", "origin")).attributes["title"]
    rows = [row.text for row in section.all("tbody")[0].all("tr")]
    assert len(rows) == 2 and "S/2020/2" in rows[0] and "2010年1月1日" in rows[1]


@pytest.mark.parametrize("draft", [f"{NEW}{OLD}{LATE}", f"{OLD}\n{NEW}\n{OLD}{TWICE}", "😀" + OLD, NEW, ""])
@pytest.mark.parametrize("most", [10_000_000, 0])
def test_colours_on_the_page_and_origins_for_programs_agree(client, index, monkeypatch, draft, most):
    monkeypatch.setattr(module, "MOST_PLACES", most)
    answer = client.post("/check.json", {"text": draft}, content_type="application/json")
    assert answer.status_code == 200
    told = answer.json()["origins"]
    spans = [(*span, row["url"]) for row in told["first"] for span in row["spans"]]
    tree, problems = read(client.post("/check", {"text": draft}).content)
    lines = [] if not told["first"] and not told["often"] else tree.all("p", "origin-draft")
    coloured = [one for line in lines for one in line.all(css="origin")]
    assert not problems
    # A stretch over two lines is two on the page, and the newline between has no colour.
    words = sorted((draft[start:end].replace("\n", ""), url) for start, end, url in spans)
    shown = [(one.text, one.attributes.get("href")) for one in coloured]
    assert sorted(row for row in shown if row[1]) == words
    assert [row[0] for row in shown if not row[1]] == [draft[slice(*span)] for span in told["often"]]
    assert told["characters"] - told["new"] == sum(end - start for start, end, _url in spans) + sum(
        end - start for start, end in told["often"]
    )


def test_programs_are_told_who_and_when_and_how_far(client, index, monkeypatch):
    def ask():
        draft = {"text": f"{OLD}{NEW}{LATE}{OLD}"}
        return client.post("/check.json", draft, content_type="application/json").json()["origins"]

    told, late = ask(), len(OLD + NEW)
    first, second = told["first"]
    assert (first["symbol"], first["anchor"], first["date"], first["who"]) == (
        "S/2010/1",
        "1",
        "2010-01-01",
        None,
    )
    assert first["spans"] == [[0, len(OLD)], [late + len(LATE), late + len(LATE + OLD)]]
    assert (second["symbol"], second["spans"]) == ("S/2020/2", [[late, late + len(LATE)]])
    assert (told["to"], told["whole"], told["least"], told["new"]) == (
        late + len(LATE + OLD),
        True,
        12,
        len(NEW),
    )
    monkeypatch.setattr(module, "MOST", 1)
    told = ask()
    assert (told["to"], told["whole"], len(told["first"])) == (late, False, 1)
