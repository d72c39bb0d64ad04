"""Several segments answer as one index that was built at once, whatever was done in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Document
from search.engine.index import generations
from search.engine.index.arrangement import Arrangement, merged
from search.engine.index.columns import ColumnFiles
from search.engine.index.integrity import verify
from search.engine.index.literal import find_pattern, near
from search.engine.live import segments as segments_module
from search.engine.live.consistency import check_index
from search.engine.live.index import OpenIndex, index_root, live_index
from search.engine.live.segments import MOST, to_merge
from search.engine.live.update import home, update_index
from search.engine.slices.ngram_lookup import NgramLookup, codes_of
from search.engine.slices.occurrences import occurrences
from search.pages.checker.check import check
from search.pages.concordance.kwic import concordance
from search.pages.parallels.passages import shared_runs
from search.pages.suggest.completion import suggestions
from search.query.language.ast import Near, Phrase
from search.query.language.request import AskedLines
from search.query.planning.planner import near_by
from tests.tables import rows_from
from tests.tools.factories import parsed, stored
from tests.tools.searching import ask, at, by_paragraph

TEXTS = tuple(rows_from(__name__, "TEXTS"))
SYMBOLS = ("S/2010/52", "CD/2118", "A/74/140", "S/2016/1013", "S/AC.44/SR.74", "A/75/1")
QUERIES = ("出口管制", "核武器 扩散", "“出口管制”", "“核*保护”", "年份:2016 核", "核核", "古巴 -条约", "a")
DRAFT = "“各国应当采取有效的出口管制办法”，“核材料的实物保护”。" + TEXTS[2]
PHRASES = ("出口管制", "核", "核核", "各国应当采取有效的", "，", "𠮷野", "不见", "a")


def answers() -> dict[str, Any]:
    """What the live index answers, in all ways of asking."""
    index = live_index()
    return {
        "rows": [*zip(index.literal.ids.tolist(), index.literal.documents.tolist(), strict=True)],
        "stored": [index.columns.stored(row) for row in range(len(index.literal))],
        "columns": {name: columns_of(index, name) for name in index.columns.fields},
        "lengths": {name: values.tolist() for name, values in index.columns.lengths.items()},
        "terms": [*terms_of(index)],
        "literal": [literal_of(index, phrase) for phrase in PHRASES],
        "runs": [runs_of(index, row) for row in range(len(index.literal))],
        "grams": grams_of(index),
        "asked": [asked(query) for query in QUERIES],
        "lines": [lines(phrase, sort) for phrase in PHRASES for sort in ("right", "left", "date")],
        "suggested": [suggestions(typed) for typed in ("出口", "核", "各国", "S/2")],
        "checked": repr(check(DRAFT).quotations),
    }


def columns_of(index: OpenIndex, name: str) -> Any:
    column, rows = index.columns[name], np.arange(len(index.literal))
    having = {value: column.rows([value]).tolist() for value in column.held}
    return having, column.counted(rows), [column.by_row(row, row + 1) for row in rows.tolist()]


def terms_of(index: OpenIndex) -> Iterator[Any]:
    for term in ("出口", "管制", "核武器", "核", "各国", "不见"):
        scores = index.reader.term("text", term)
        yield scores.rows.tolist(), scores.scores.tolist(), index.reader.frequency("text", term)


def literal_of(index: OpenIndex, phrase: str) -> Any:
    literal = index.literal
    found, pattern = literal.find(phrase), find_pattern(literal, f"{phrase}*措施")
    close = near(literal, near_by(Near(Phrase(phrase), Phrase("各国"), None)))
    return (
        (found.rows.tolist(), found.counts.tolist(), by_paragraph(found)),
        (literal.count(phrase), literal.occurs(phrase)),
        (pattern.rows.tolist(), pattern.counts.tolist(), close.rows.tolist()),
        [*occurrences(literal, phrase)],
    )


def runs_of(index: OpenIndex, row: int) -> Any:
    runs = shared_runs(index.literal, row, least=5)
    return [each.tolist() for each in (runs.rows, runs.starts, runs.ends, runs.shifts)]


def grams_of(index: OpenIndex) -> Any:
    text, literal = TEXTS[2] + "不见了的字", index.literal
    strings = np.arange(len(text) - 3)
    found = NgramLookup(literal, codes_of(text), strings, 4)
    matches = found.matches(strings)
    for number, key in enumerate(found.keys.tolist()):
        places = np.sort(matches.places[matches.strings == number])
        assert places.tolist() == literal.places(text[number : number + 4]).tolist()
        assert len(places) == found.counts[number] and (not len(places) or key >= 0)
    assert np.array_equal(literal.rows_at(matches.places), matches.rows)
    begins = literal.starts[matches.rows]
    return sorted(zip(matches.strings, matches.rows, matches.places - begins, strict=True))


def asked(query: str) -> Any:
    answer = ask(query)
    hits = [(hit.symbol, hit.anchor, hit.cut.html) for hit in answer.hits]
    found = answer.found
    return hits, found.paragraphs, found.documents, found.occurrences, found.all_terms_count, found.facets


def lines(phrase: str, sort: str) -> Any:
    found = concordance(AskedLines(phrase, sort=sort))
    return [repr(line) for line in found.lines], found.paragraphs, found.documents


def store(number: int, texts: tuple[int, ...]) -> None:
    blocks = ((str(place), TEXTS[text]) for place, text in enumerate(texts, start=1))
    stored(parsed(SYMBOLS[number], *blocks, title=f"文件{number}的标题", document_type="letter"))


texts = st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=4).map(tuple)
acts = st.one_of(
    st.tuples(st.just("store"), st.integers(0, len(SYMBOLS) - 1), texts),
    st.tuples(st.just("delete"), st.integers(0, len(SYMBOLS) - 1)),
    st.tuples(st.just("update")),
    st.tuples(st.just("merge"), st.sets(st.integers(0, 9), min_size=1)),
)


def play(act: tuple) -> None:
    match act:
        case ("store", number, texts):
            store(number, texts)
        case ("delete", number):
            Document.objects.filter(symbol=SYMBOLS[number]).delete()
        case ("update",):
            update_index()
        case ("merge", numbers):
            update_index()
            live = home().usable()
            names = [*live.manifest.segments]
            home()._merge(live, [*{names[number % len(names)] for number in numbers}])


EDITED = [("store", 1, (0, 5)), ("update",), ("store", 0, (4, 2)), ("update",), ("store", 0, (2,))]
PUT_BACK = [("delete", 2), ("update",), ("store", 2, (3, 3)), ("merge", {0, 1}), ("store", 5, (1,))]
MANY = [act for number in (5, 4, 1, 5, 0) for act in (("store", number, (number, 3)), ("update",))]


@pytest.mark.django_db
@pytest.mark.parametrize("done", [EDITED, PUT_BACK, MANY, [*MANY, ("merge", {1, 2})]])
def test_it_answers_as_an_index_that_was_built_at_once(done):
    grows_as_built(done)


@pytest.mark.long
@pytest.mark.django_db
@settings(max_examples=40)
@given(done=st.lists(acts, min_size=2, max_size=9))
def test_whatever_is_done_it_answers_as_an_index_that_was_built_at_once(done):
    grows_as_built(done)


def grows_as_built(done: list[tuple]) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        with at(Path(folder) / "grown"):
            for number in range(4):
                store(number, (number, number + 4, 0))
            update_index()
            for act in done:
                play(act)
            uncovered = answers()  # as far as the index follows
            update_index()
            grown, segments = answers(), live_index().manifest.segments
            assert check_index().sound
            assert verify(index_root()) == ()
        with at(Path(folder) / "whole"):
            update_index(rebuild=True)
            whole = answers()
        assert {key: grown[key] for key in grown if grown[key] != whole[key]} == {
            key: whole[key] for key in grown if grown[key] != whole[key]
        }, segments
        held = {document for _paragraph, document in uncovered["rows"]}
        assert held <= {*Document.objects.values_list("pk", flat=True)}
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_is_left_out_is_as_if_it_had_never_been(tmp_path):
    """Before the index follows: of one segment, of another, or of both of a document."""
    for number in range(4):
        store(number, (number, 0))
    with at(tmp_path / "grown"):
        update_index()
        store(4, (2, 3))
        store(1, (6,))
        update_index()
        assert len(live_index().segments) == 2
        Document.objects.filter(symbol__in=[SYMBOLS[4], SYMBOLS[0]]).delete()
        behind = answers()
    with at(tmp_path / "whole"):
        update_index(rebuild=True)
        assert answers() == behind


@pytest.mark.django_db
def test_so_many_segments_are_merged_and_an_update_writes_what_changed_alone(tmp_path, monkeypatch):
    """Of an archive of any size: the rows written are counted."""
    monkeypatch.setattr(segments_module, "MOST", 4)
    written: list[int] = []
    add = ColumnFiles.add

    def counted(files, row):
        written.append(row.document)
        add(files, row)

    monkeypatch.setattr(ColumnFiles, "add", counted)
    with at(tmp_path):
        for number, (rows, segments) in enumerate(rows_from(__name__, "WRITTEN")):
            written.clear()
            store(number, (0, 1) if number else (0, 1, 2, 3) * 9)
            before = {segment.literal for segment in live_index().segments} if number else set()
            update_index()
            assert (len(written), len(live_index().segments)) == (rows, segments), number
            if rows <= 2:  # what is open of the others serves on
                assert before <= {segment.literal for segment in live_index().segments}
        assert check_index().sound
        assert verify(tmp_path) == ()


@pytest.mark.django_db
def test_a_segment_of_which_most_is_gone_is_written_anew_without_it(tmp_path):
    with at(tmp_path):
        store(0, (0, 1, 2))
        store(1, (3,))
        update_index()
        Document.objects.get(symbol=SYMBOLS[0]).delete()
        update_index()
        (segment,) = live_index().segments
        assert len(segment.columns) == 1
        assert check_index().sound


@given(st.lists(st.tuples(st.integers(1, 2000), st.floats(0, 1)), min_size=1, max_size=30))
def test_after_a_merge_there_are_fewer_than_the_most_and_it_is_worth_its_rows(found):
    """However large they are: the segments that stay are larger than all that were merged together, but for
    the first few, and of each at least half is kept.
    """
    sizes = {str(name): (size, int(size * share)) for name, (size, share) in enumerate(found)}
    due = to_merge(sizes)
    left = [sizes[name] for name in sizes if name not in due]
    assert all(2 * kept >= size for size, kept in left)
    if len(sizes) >= MOST:
        assert len(due) >= MOST // 2
        taken = sorted(kept for name, (_, kept) in sizes.items() if name in due)
        assert all(kept >= taken[MOST // 2 - 1] for _, kept in left)
    else:
        assert all(2 * sizes[name][1] < sizes[name][0] for name in due)


documents = st.lists(st.integers(1, 9), max_size=12, unique=True)


@given(
    parts=st.lists(documents, min_size=1, max_size=4),
    out=st.sets(st.integers(1, 9)),
    sizes=st.lists(st.integers(1, 3), min_size=10, max_size=10),
)
def test_rows_are_those_of_a_whole_index(parts, out, sizes):
    """The documents in rising order, each where it lies last and with all its rows."""
    held = [np.repeat(sorted(part), [sizes[one] for one in sorted(part)]).astype(np.int64) for part in parts]
    gone = [out.union(*parts[number:]) for number in range(1, len(parts) + 1)]
    found = Arrangement(held, gone)
    kept = sorted(one for part, without in zip(parts, gone, strict=True) for one in {*part} - without)
    expected = [one for one in kept for _ in range(sizes[one])]
    assert found.of_rows(held).tolist() == expected
    assert found.size == len(expected)
    for number, part in enumerate(held):
        rows, documents_there = found.mapped(number, np.arange(len(part)), part)
        assert np.array_equal(found.of_rows(held)[rows], documents_there)
    sources = [found.source(row) for row in range(found.size)]
    assert [int(held[part][row]) for part, row in sources] == expected


@given(st.lists(st.sets(st.integers(0, 30)), min_size=1, max_size=4))
def test_lists_of_rows_are_merged_in_order(found):
    apart = [one.difference(*found[:number]) for number, one in enumerate(found)]
    lists = [np.array(sorted(one), np.int32) for one in apart]
    rows, numbers = merged([(each, each * 2) for each in lists])
    assert rows.tolist() == sorted(set().union(*found))
    assert numbers.tolist() == (rows * 2).tolist()


STEPS = rows_from(__name__, "STEPS")


@pytest.mark.django_db
def test_what_ends_while_segments_are_written_leaves_a_whole_index(tmp_path, monkeypatch):
    """A segment of what came and one of several alike: the index before answers, the next update goes on."""

    def ended(*args, **kwargs):
        raise KeyboardInterrupt

    with at(tmp_path):
        store(0, (0, 1))
        store(1, (2, 3))
        update_index()
        for number, step in enumerate(STEPS):
            store(number % 2, (number + 1, number))
            with monkeypatch.context() as patched:
                patched.setattr(f"search.engine.live.{step}", ended)
                patched.setattr(generations, "_clear_up", lambda root: None)  # as one who is killed
                with pytest.raises(KeyboardInterrupt):
                    update_index()
            assert not live_index().coverage.certified, step
            update_index()
            assert live_index().coverage.certified
            with monkeypatch.context() as patched:
                patched.setattr(f"search.engine.live.{step}", ended)
                patched.setattr(generations, "_clear_up", lambda root: None)
                with pytest.raises(KeyboardInterrupt):
                    live = home().usable()
                    home()._merge(live, [*live.manifest.segments][:2])
            assert live_index().coverage.certified, step
            assert check_index().sound, step
