"""What the database itself refuses, and what a read costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from archive.models import (
    Body,
    BodyMention,
    Document,
    DocumentSeries,
    IssuedText,
    Mention,
    MovedAnchor,
    Paragraph,
    Pinpoint,
    Resolution,
    State,
)
from archive.store.summaries import Subject, figures_of, sums, with_figures
from archive.text.parsed import Kind, Speaker, Submitter
from tests.conftest import ROOT
from tests.tables import each_row, rows_from
from tests.tools.factories import COMMITTEE, block, parsed, store, stored
from tests.tools.postgres import new_database

pytestmark = pytest.mark.django_db
TEXT = "回顾第1540(2004)号决议"


@pytest.fixture
def paragraph():
    return stored(parsed("S/2020/1", ("1", TEXT))).paragraphs.get()


@each_row("OFFSETS")
@pytest.mark.parametrize("model", [Mention, BodyMention])
def test_database_refuses_offsets_that_do_not_fit_the_text(paragraph, model, start, end, surface, remark):
    about = {"symbol": "X/1"} if model is Mention else {"body": Body.objects.first()}
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(paragraph=paragraph, start=start, end=end, surface=surface, **about)


@pytest.mark.parametrize("model", [Mention, BodyMention])
def test_database_refuses_to_move_a_mention_outside_its_text(paragraph, model):
    about = {"symbol": "X/1"} if model is Mention else {"body": Body.objects.first()}
    row = model.objects.create(paragraph=paragraph, start=2, end=3, surface="第", **about)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(start=400, end=401)


def test_database_refuses_to_change_a_text_under_its_mentions(paragraph):
    Mention.objects.create(paragraph=paragraph, start=2, end=3, surface="第", symbol="X/1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Paragraph.objects.filter(pk=paragraph.pk).update(text="短")
    Paragraph.objects.filter(pk=paragraph.pk).update(text=TEXT + "，")


def test_offsets_count_code_points_also_beyond_the_basic_plane(paragraph):
    Paragraph.objects.filter(pk=paragraph.pk).update(text="𠀀𠀁第1号")
    Mention.objects.create(paragraph=paragraph, start=2, end=5, surface="第1号", symbol="X/1")


TWICE = [
    (Document, {"symbol": "S/2020/1"}, "symbol and language"),
    (Paragraph, {"anchor": "1", "position": 9}, "anchor in a document"),
    (Paragraph, {"anchor": "2", "position": 1}, "position in a document"),
    (IssuedText, {"symbol": "S/2020/1", "anchor": "1"}, "standing text under an anchor"),
]


@pytest.mark.parametrize(("model", "fields", "remark"), TWICE)
def test_database_refuses_a_second(paragraph, model, fields, remark):
    document = paragraph.document
    common = {
        Document: {"source": document.source, "changed": document.changed},
        Paragraph: {"document": document, "kind": "paragraph"},
        IssuedText: {"since": document.changed},
    }[model]
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**common, **fields)


def test_database_refuses_a_move_to_itself_and_a_closed_text_without_ending(paragraph):
    now = paragraph.document.changed
    with pytest.raises(IntegrityError), transaction.atomic():
        MovedAnchor.objects.create(symbol="S/2020/1", old_anchor="1", new_anchor="1", moved=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedText.objects.update(until=now)


@pytest.fixture
def library():
    """Three documents: a held resolution, a letter and a record that cite it."""
    store(
        parsed(
            "S/RES/1540(2004)",
            block("3", "又决定各国应：", kind=Kind.OPERATIVE),
            block("3.a", "制定措施；", kind=Kind.SUBPARAGRAPH, parent="3"),
            block("8", "促请各国：", kind=Kind.OPERATIVE),
            document_type="resolution",
            organ="安全理事会",
            date="2004-04-28",
        )
    )
    store(
        parsed(
            "S/2010/1",
            block("h1", "第1540(2004)号决议", kind=Kind.HEADING),
            ("1", "第1540(2004)号决议第3和8段，第1540(2004)号决议"),
            ("2", "1540委员会由第1540(2004)号决议设立，见第1673(2006)号决议"),
            mentions=[
                ("h1", "第1540(2004)号决议", "S/RES/1540(2004)"),
                ("1", "第1540(2004)号决议第3和8段", "S/RES/1540(2004)", "3,8"),
                ("2", "第1540(2004)号决议", "S/RES/1540(2004)", None, False),
                ("2", "第1673(2006)号决议", "S/RES/1673(2006)", "2"),
            ],
            bodies=[("2", "1540委员会", COMMITTEE)],
            document_type="letter",
            sender="西班牙常驻联合国代表",
            communication_date="2010-01-29",
        )
    )
    store(
        parsed(
            "S/AC.44/SR.1",
            block("1", "见第1540(2004)号决议第3(a)段", speaker=Speaker("某", delegation="古巴")),
            block("2", "1540委员会", submitter=Submitter("欧洲联盟")),
            mentions=[("1", "第1540(2004)号决议第3(a)段", "S/RES/1540(2004)", "3(a)")],
            bodies=[("2", "1540委员会", COMMITTEE)],
            document_type="summary_record",
            meeting_date="2016-06-22",
        )
    )


READS = [
    # remark, read, answer, queries
    (
        "paragraphs citing a resolution, uncertain mentions and headings left out",
        lambda: [str(p.anchor) for p in Paragraph.objects.citing("S/RES/1540(2004)").order_by("pk")],
        ["1", "1"],
        2,
    ),
    (
        "paragraphs citing a paragraph of it",
        lambda: list(
            Paragraph.objects.citing("S/RES/1540(2004)", "8").values_list("document__symbol", "anchor")
        ),
        [("S/2010/1", "1")],
        2,
    ),
    (
        "a paragraph that is not held is found as cited",
        lambda: Paragraph.objects.citing("S/RES/1673(2006)", "2").count(),
        1,
        2,
    ),
    (
        "headings that name it",
        lambda: [p.anchor for p in Paragraph.objects.only_naming("S/RES/1540(2004)", headings=True)],
        ["h1"],
        2,
    ),
    (
        "documents citing",
        lambda: list(
            Document.objects.citing("S/RES/1540(2004)").newest_first().values_list("symbol", flat=True)
        ),
        ["S/AC.44/SR.1", "S/2010/1"],
        2,
    ),
    (
        "documents with counts",
        lambda: [
            (d.symbol, d.paragraph_count, d.mention_count, d.cited_by_count)
            for d in Document.objects.count_for(list(Document.objects.order_by("symbol")))
        ],
        [("S/2010/1", 3, 3, 0), ("S/AC.44/SR.1", 2, 1, 0), ("S/RES/1540(2004)", 3, 0, 2)],
        5,
    ),
    (
        "years",
        lambda: {year: counts[:2] for year, counts in figures_of(Subject.YEAR).items()},
        {"2016": (1, 2), "2010": (1, 3), "2004": (1, 3)},
        1,
    ),
    (
        "types",
        lambda: list(Document.objects.by_type().values_list("document_type", "documents")),
        [("letter", 1), ("resolution", 1), ("summary_record", 1)],
        1,
    ),
    (
        "organs",
        lambda: list(Document.objects.by_organ().values_list("organ", "documents")),
        [("安全理事会", 2), (COMMITTEE, 1)],
        1,
    ),
    (
        "documents of a State: sent, or spoken in",
        lambda: [
            sorted(Document.objects.of_state(code).values_list("symbol", flat=True))
            for code in ("ESP", "CUB")
        ],
        [["S/2010/1"], ["S/AC.44/SR.1"]],
        2,
    ),
    (
        "keys of what is held under a symbol",
        lambda: [
            len(Document.objects.keys_under(symbol)) for symbol in ("S/RES/1540(2004)", "S/RES/1673(2006)")
        ],
        [1, 0],
        2,
    ),
    (
        "filters combine",
        lambda: (
            Document.objects.of_type("letter").in_year(2010).of_organ("").citing("S/RES/1673(2006)").count()
        ),
        1,
        2,
    ),
    (
        "cited symbols, with the key of what is held",
        lambda: [
            (row["symbol"], row["target"] is not None, row["mentions"], row["paragraphs"], row["documents"])
            for row in Mention.objects.cited_symbols()
        ],
        [("S/RES/1540(2004)", True, 3, 2, 2), ("S/RES/1673(2006)", False, 1, 1, 1)],
        1,
    ),
    (
        "what is cited and not held",
        lambda: [row["symbol"] for row in Mention.objects.not_held().cited_symbols()],
        ["S/RES/1673(2006)"],
        1,
    ),
    (
        "citing paragraphs by cited paragraph",
        lambda: list(
            Pinpoint.objects.of("S/RES/1540(2004)")
            .counts()
            .values_list("cited", "paragraphs")
            .order_by("cited")
        ),
        [("3", 1), ("3.a", 1), ("8", 1)],
        2,
    ),
    (
        "citing counts for every paragraph of a document",
        lambda: [
            (p.anchor, p.cited_by_count)
            for p in Paragraph.objects.filter(document__symbol="S/RES/1540(2004)").with_citing_counts()
        ],
        [("3", 1), ("3.a", 1), ("8", 1)],
        1,
    ),
    (
        "paragraphs with all that links them",
        lambda: [
            (
                [
                    (m.symbol, m.target and m.target.symbol, len(m.pinpoints_in_order))
                    for m in p.mentions_in_order
                ],
                [m.body.slug for m in p.body_mentions_in_order],
            )
            for p in Paragraph.objects.filter(document__symbol="S/AC.44/SR.1").with_mentions()
        ],
        [([("S/RES/1540(2004)", "S/RES/1540(2004)", 1)], []), ([], ["1540-committee"])],
        6,
    ),
    (
        "bodies with counts",
        lambda: [
            (row.name, row.paragraph_count, row.document_count)
            for row in with_figures(Body.objects.mentioned(), Subject.BODY)
        ],
        [(COMMITTEE, 2, 2)],
        2,
    ),
    (
        "paragraphs that name a body",
        lambda: Paragraph.objects.mentioning(Body.objects.get(name=COMMITTEE)).count(),
        2,
        2,
    ),
    (
        "States with counts",
        lambda: [
            (row.alpha3, row.paragraph_count, row.document_count)
            for row in with_figures(State.objects.order_by("alpha3"), Subject.STATE)
            if row.document_count
        ],
        [("CUB", 1, 1), ("ESP", 2, 1)],
        2,
    ),
    (
        "resolutions with counts",
        lambda: [
            (found.number, found.paragraph_count, found.document_count)
            for found in with_figures(Resolution.objects.all(), Subject.SYMBOL, "symbol")
            if found.paragraph_count
        ],
        [(1540, 2, 2), (1673, 1, 1)],
        2,
    ),
    (
        "neighbours",
        lambda: [p.anchor for p in Paragraph.objects.neighbours(Paragraph.objects.get(anchor="3.a"))],
        ["3", "3.a", "8"],
        2,
    ),
]


@pytest.mark.parametrize(("remark", "read", "answer", "queries"), READS, ids=[row[0] for row in READS])
def test_read(library, django_assert_num_queries, remark, read, answer, queries):
    sums()  # counted once for all that is read
    with django_assert_num_queries(queries):
        assert read() == answer


@each_row("SERIES")
def test_series_of_a_symbol(symbol, prefix, remark):
    series = DocumentSeries.objects.of(symbol)
    assert (series and series.prefix) == prefix


def test_queries_do_not_grow_with_what_is_read(library, django_assert_num_queries):
    """The same reads as above, with a hundred more citing paragraphs."""
    texts = [(str(number), f"第{number}次引用第1540(2004)号决议第3段") for number in range(1, 101)]
    store(
        parsed(
            "S/2020/9",
            *texts,
            mentions=[(anchor, "第1540(2004)号决议第3段", "S/RES/1540(2004)", "3") for anchor, _ in texts],
        )
    )
    sums()
    for remark, read, _answer, queries in READS:
        with django_assert_num_queries(queries, info=remark):
            read()


# --- Two who write at the same time: as if one had come after the other, whoever waits for whom ---


SERVER = os.environ.get("TEST_DATABASE_URL", "")
# Pairs of acts (tests.tools.overlaps); ``python -m tests.tools.overlaps`` tries all.
PAIRS = ["citing,cited"]  # two documents that cite each other: both links stand
PAIRS_OF_A_SERVER = rows_from(__name__, "PAIRS_OF_A_SERVER")
FILES = 6


def start(site: Path, *arguments: str, address: str = "") -> subprocess.Popen:
    environment = {**os.environ, "ARCHIVE_DATA_DIR": str(site), "DJANGO_SETTINGS_MODULE": "archive.settings"}
    environment.pop("DATABASE_URL", None)
    environment["SEARCH_INDEX_FOLLOWS"] = "0"  # only the database is asked
    if address:
        environment["DATABASE_URL"] = address
    return subprocess.Popen(  # noqa: S603  our own interpreter and code
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(running: subprocess.Popen) -> str:
    """What a process printed; it must have succeeded."""
    out, err = running.communicate()
    assert running.returncode == 0, out + err
    return out


@pytest.mark.slow
def test_whatever_meets_the_outcome_is_that_of_one_after_the_other(tmp_path, ready_database):
    pairs = PAIRS + PAIRS_OF_A_SERVER if SERVER else PAIRS
    begun = () if SERVER else ("--database", str(ready_database))
    out = done(start(tmp_path, "-m", "tests.tools.overlaps", *begun, *pairs))
    assert f"overlaps of {len(pairs)} pairs, 0 failed" in out


@pytest.mark.slow
def test_two_imports_of_the_same_files_both_succeed(tmp_path, migrated_database, django_db_setup):
    address = new_database(SERVER, "same_files") if SERVER else ""
    folder = tmp_path / "files"
    folder.mkdir()
    for file in sorted((ROOT / "tests" / "documents").glob("*.txt"))[:FILES]:
        (folder / file.name).write_bytes(file.read_bytes())
    site = tmp_path / "site"
    if address:
        done(start(site, "manage.py", "migrate", address=address))
    else:
        site.mkdir()
        shutil.copy(migrated_database, site / "archive.sqlite3")

    imports = ["manage.py", "import_documents", str(folder), "--verbosity", "2"]
    both = [start(site, *imports, address=address) for _import in range(2)]
    told = "".join(map(done, both))
    lines = Counter(line.split()[1] for line in told.splitlines() if f"/{FILES} " in line)
    assert lines == {"新建": FILES, "不变": FILES}

    assert "没有改动" in done(start(site, *imports[:3], address=address))
    count = "from archive.models import *; print(SourceFile.objects.count(), Document.objects.count())"
    counted = done(start(site, "manage.py", "shell", "--command", count, address=address))
    assert counted.split()[-2:] == [str(FILES), str(FILES)]
