"""Every engine answers alike, however its index was written: hits in one order, with one set of counts."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

import search
from archive.models import Document, Paragraph
from archive.store.ingest.store import store_document
from search.engine.index import suffixes
from search.engine.index.generations import IndexUnavailableError, folder_in
from search.engine.index.rows import counted
from search.engine.live.index import index_root, live_index
from search.engine.live.segments import prepared_rows
from search.engine.live.update import update_index
from search.engine.searcher import scoring
from search.engine.searcher.scoring import evaluate
from search.query.language.conditions import (
    TEXT,
    AllOf,
    AnyOf,
    Concept,
    Contains,
    Everything,
    Filter,
    Form,
    Ranked,
    Term,
    Without,
)
from tests.tables import rows_from
from tests.tools.bundled import bundled_parses
from tests.tools.factories import parsed, stored
from tests.tools.searching import archive_of, ask, at, found, using

pytestmark = pytest.mark.django_db

QUERIES = tuple(rows_from(__name__, "QUERIES"))


BUILT = ("at once", "document by document")


@pytest.fixture(scope="module")
def roots(tmp_path_factory, django_db_setup, django_db_blocker):
    """Indexes of the bundled documents, of the same rows, written in each way."""

    def store():
        for document, source in bundled_parses():
            store_document(document, source)
            if way == "document by document":
                update_index()

    made = {way: tmp_path_factory.mktemp(way) for way in BUILT}
    with pytest.MonkeyPatch.context() as patched:
        for way, root in made.items():
            patched.setattr("search.engine.live.segments.MANY", 1 if way == "at once" else 10**6)
            patched.setattr("search.engine.index.rows.os.cpu_count", lambda: 1)
            with archive_of(store, root, django_db_blocker):
                pass
    return made


def answers(root, q: str) -> tuple:
    with at(root):
        one = ask(q)
        return found(q), one.found and (
            one.found.paragraphs,
            one.found.documents,
            one.found.occurrences,
            one.found.all_terms_count,
            one.found.facets,
            one.found.facet_alternatives,
            [hit.highlights for hit in one.hits],
        )


@pytest.mark.parametrize("q", QUERIES)
def test_an_index_answers_alike_however_it_was_written(roots, q):
    first, second = (answers(root, q) for root in roots.values())
    assert first == second


WAYS = {
    "by a pass over all rows": {"SMALL": 10**9},
    "sorted": {"SMALL": 0, "FEW": 0},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_lists_are_joined_alike_whatever_their_lengths(roots, way, monkeypatch):
    plain = [answers(roots["at once"], q) for q in QUERIES]
    for name, value in way.items():
        monkeypatch.setattr(scoring, name, value)
    assert [answers(roots["at once"], q) for q in QUERIES] == plain


@pytest.fixture(params=settings.SEARCH_ENGINES)
def engine(request, tmp_path, db):
    with using(request.param), at(tmp_path / "index"):
        yield request.param


FIRST = parsed("S/2010/52", ("1", "出口管制，出口管制措施。"), ("2", "核安全。"))
SECOND = parsed("CD/2118", ("1", "生物武器与出口管制。"))


def rows(node) -> dict[str, float]:
    index = live_index()
    result = evaluate(node, index.here.reader)
    assert (np.diff(result.rows) > 0).all()
    names = [index.columns.stored(int(row)) for row in result.rows]
    return {
        f"{name['symbol']} {name['anchor']}": round(float(score), 3)
        for name, score in zip(names, result.scores, strict=True)
    }


def test_trees_are_evaluated_as_they_say(engine):
    stored(FIRST), stored(SECOND)
    update_index()
    control, weapons = Term(TEXT, "出口管制"), Term(TEXT, "生物武器")
    assert set(rows(control)) == {"S/2010/52 1", "CD/2118 1"}
    assert rows(control)["S/2010/52 1"] > rows(control)["CD/2118 1"]  # twice beats once
    both = {"CD/2118 1": round(rows(control)["CD/2118 1"] + rows(weapons)["CD/2118 1"], 3)}
    assert rows(AllOf((control, weapons))) == pytest.approx(both, abs=0.002)
    assert rows(AnyOf((control, weapons))) == pytest.approx(rows(control) | both, abs=0.002)
    assert set(rows(Without(Everything(), control))) == {"S/2010/52 2"}
    assert rows(Contains("口管")) == {"S/2010/52 1": 2.667, "CD/2118 1": 2.5}  # the more often it occurs
    assert rows(Filter("symbol", frozenset({"CD/2118", "no such"}))) == {"CD/2118 1": 0.0}
    nothing = (AllOf(()), AnyOf(()), Ranked(()), Concept(()), Term(TEXT, ""))
    assert [rows(node) for node in nothing] == [{}] * 5


def test_a_concept_is_scored_by_its_best_form_and_found_by_those_that_say_it(engine):
    stored(FIRST), stored(SECOND)
    update_index()
    control, weapons, safety = (Form(Term(TEXT, one)) for one in ("出口管制", "生物武器", "核安全"))
    alone, both = Concept((control,)), Concept((control,), (weapons,))
    assert rows(alone).keys() == rows(both).keys() == {"S/2010/52 1", "CD/2118 1"}
    assert rows(Ranked((Concept((weapons,), narrower=(safety,)),))).keys() == {"CD/2118 1", "S/2010/52 2"}
    assert rows(Concept((weapons,), narrower=(safety,))).keys() == {"CD/2118 1"}
    raised = rows(Ranked((Concept((control,), related=(weapons, safety)),)))
    assert raised.keys() == {"S/2010/52 1", "CD/2118 1"}
    symbol = Concept((Form(Term("symbol", "CD/2118")),))
    assert set(rows(Ranked((alone, symbol)))) == {"S/2010/52 1", "CD/2118 1"}


def test_how_often_a_token_stands_in_a_paragraph_is_kept(engine):
    stored(parsed("S/2010/1", ("1", "核" * 3 + "。" + "核。" * 9), ("2", "核与和平。核。")))
    update_index()
    prepared = list(prepared_rows(list(Document.objects.values_list("pk", flat=True))))
    reader = live_index().reader.postings
    for number, (_, entry) in enumerate(counted(prepared, many=False)):
        for term, times in entry.tokens["text"].items():
            held, counts = reader.postings("text", term)
            assert dict(zip(held.tolist(), counts.tolist(), strict=True))[number] == times
            assert reader.frequency("text", term) == len(held)


def test_an_index_that_was_changed_step_by_step_answers_like_one_built_at_once(engine):
    for document in (
        FIRST,
        SECOND,
        parsed("S/2010/52", ("1", "出口管制。"), ("2", "核武器。")),
        parsed("A/1", ("1", "核")),
    ):
        stored(document)
        update_index()
    Document.objects.get(symbol="CD/2118").delete()
    update_index()
    queries = ("出口管制", "核", "武器", "“核”", "措施")
    stepwise = [(found(q), ask(q).found.facets) for q in queries]
    terms = ("出口管制", "核", "生物武器", "措施")
    frequencies = [live_index().reader.frequency(TEXT, term) for term in terms]
    update_index(rebuild=True)
    assert [(found(q), ask(q).found.facets) for q in queries] == stepwise
    assert [live_index().reader.frequency(TEXT, term) for term in terms] == frequencies


def test_processes_cut_as_one_does(engine, monkeypatch):
    stored(FIRST), stored(SECOND)
    update_index()
    alone = [(found(q), ask(q).found.facets) for q in ("出口管制", "核", "武器")]
    monkeypatch.setattr("search.engine.live.segments.MANY", 1)
    assert update_index(rebuild=True).paragraphs == 3
    assert [(found(q), ask(q).found.facets) for q in ("出口管制", "核", "武器")] == alone


def test_what_was_written_at_once_is_changed_and_added_to_like_the_rest(engine, monkeypatch):
    alike = " ".join(f"第{number}号" for number in range(40))
    many = parsed("A/9", *((str(number), f"核{alike}" if number % 3 else "核核") for number in range(1, 400)))
    stored(FIRST), stored(SECOND), stored(many)
    queries = ("出口管制", "核", "武器", "第7号", "“核”")
    update_index()
    expected = [(found(q), ask(q).found.facets) for q in queries]
    monkeypatch.setattr("search.engine.live.segments.MANY", 100)
    monkeypatch.setattr("search.engine.index.rows.os.cpu_count", lambda: 1)
    Document.objects.get(symbol="CD/2118").delete()
    update_index()
    stored(SECOND)
    assert update_index(rebuild=True).paragraphs == 402
    stored(parsed("A/1", ("1", "生物")))
    update_index()
    Document.objects.get(symbol="A/1").delete()
    update_index()
    assert [(found(q), ask(q).found.facets) for q in queries] == expected


# --- the boundary ---


INSIDE = re.compile(r"(?i)postings|suffix.?array|whoosh|OpenIndex|\.literal\b|\.columns\b|\.reader\.")


def test_nothing_outside_the_engine_names_how_an_index_is_made():
    """What it imports a contract of import-linter holds."""
    root = Path(search.__file__).parent
    files = [path for path in root.rglob("*.py") if "engine" not in path.relative_to(root).parts]
    named = [
        f"{path.relative_to(root)}: {line.strip()}"
        for path in files
        for line in path.read_text("utf-8").splitlines()
        if INSIDE.search(line)
    ]
    assert len(files) > 80 and not named


# --- check_search ---


def checked(**options) -> str:
    output = StringIO()
    call_command("check_search", stdout=output, **options)
    return output.getvalue()


def test_a_sound_index_is_called_so(engine):
    stored(FIRST)
    update_index()
    assert "索引2段，数据库2段" in checked()
    assert "检索索引与数据库一致" in checked()


def test_each_difference_is_named_and_repaired(engine):
    first, second = stored(FIRST), stored(SECOND)
    update_index()
    second.delete()
    third = stored(parsed("A/74/1", ("1", "新来的。")))
    Paragraph.objects.filter(document=first, anchor="2").update(text="别的文字。")
    output = StringIO()
    with pytest.raises(CommandError, match="不一致"):
        call_command("check_search", stdout=output)
    said = output.getvalue()
    assert f"索引缺少的段落：1（编号{third.paragraphs.get().pk}）" in said
    assert "索引多余的段落：1" in said
    assert "文字不同的段落：1" in said
    assert "编入后有改动的文件：3" in said
    assert "检索索引与数据库一致" in checked(repair=True)
    assert found("“别的文字”") == ["S/2010/52 2"]


@pytest.mark.parametrize("part", ["LIVE", "1/literal.suffixes", "1/stored.json", "1/engine"])
def test_a_damaged_index_is_repaired(engine, part):
    stored(FIRST)
    update_index()
    damaged = folder_in(index_root()) / part
    for path in [*damaged.iterdir()] if damaged.is_dir() else [damaged]:
        path.unlink()
    with pytest.raises(CommandError, match="不一致"):
        checked()
    assert "检索索引与数据库一致" in checked(repair=True)


def test_a_suffix_array_out_of_order_is_noticed(engine, monkeypatch):
    stored(FIRST)
    sort = suffixes.write_sorted

    def backwards(text, size, target):
        sort(text, size, target)
        np.fromfile(target, "<i4")[::-1].tofile(target)

    monkeypatch.setattr(suffixes, "write_sorted", backwards)
    update_index()
    output = StringIO()
    with pytest.raises(CommandError, match="不一致"):
        call_command("check_search", stdout=output)
    assert "次序已损坏" in output.getvalue()


def test_postings_that_cannot_be_read_make_the_index_unavailable(engine, monkeypatch):
    stored(FIRST)
    update_index()

    def fail(field, term):
        raise OSError("bad sector")

    monkeypatch.setattr(live_index().reader.postings, "postings", fail)
    with pytest.raises(IndexUnavailableError, match="bad sector"):
        ask("出口管制")
    assert found("“出口管制”") == ["S/2010/52 1"]  # quoted phrases ask no engine
