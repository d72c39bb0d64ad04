"""A base and what came since answer as one index that was built at once, whatever was done in between."""

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
from search.checker.check import check
from search.concordance.kwic import concordance
from search.index.arrangement import Arrangement, merged
from search.index.generations import current_generation
from search.index.integrity import verify
from search.index.ngram_lookup import codes_of, ranks, stretches
from search.index.occurrences import occurrences
from search.index.proximity import near
from search.index.wildcards import find_pattern
from search.live import update as update_module
from search.live.consistency import check_index
from search.live.index import OpenIndex, index_root, live_index
from search.live.update import update_index
from search.parallels.runs import shared_runs
from search.planning.proximity import near_by
from search.query.ast import Near, Phrase
from search.query.request import AskedLines
from search.suggest.completion import suggestions
from tests.factories import parsed, stored
from tests.searching import ask, at

from .tables import rows_from

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
        scores = index.engine.term("text", term)
        yield scores.rows.tolist(), scores.scores.tolist(), index.engine.frequency("text", term)


def literal_of(index: OpenIndex, phrase: str) -> Any:
    literal = index.literal
    found, pattern = literal.find(phrase), find_pattern(literal, f"{phrase}*措施")
    close = near(literal, near_by(Near(Phrase(phrase), Phrase("各国"), None)))
    return (
        (found.rows.tolist(), found.counts.tolist(), found.documents, found.by_paragraph),
        (literal.count(phrase), literal.occurs(phrase)),
        (pattern.rows.tolist(), pattern.counts.tolist(), close.rows.tolist()),
        [[*occurrences(literal, phrase, order)] for order in ("text", "preceding")],
    )


def runs_of(index: OpenIndex, row: int) -> Any:
    runs = shared_runs(index.literal, row, least=5)
    return [each.tolist() for each in (runs.rows, runs.starts, runs.ends, runs.shifts)]


def grams_of(index: OpenIndex) -> Any:
    codes, suffixes = codes_of(TEXTS[2] + "不见了的字"), index.literal.suffixes
    if not len(suffixes):
        return None
    found = stretches(suffixes, codes, np.arange(len(codes) - 3), 4)
    each = [*zip(found.low.tolist(), found.high.tolist(), strict=True)]
    same = [suffixes.find("".join(map(chr, codes[at : at + 4]))) for at in range(len(codes) - 3)]
    assert [one for one in same if one[0] < one[1]] == [one for one in each if one[0] < one[1]]
    return [sorted(index.literal.rows[low:high].tolist()) for low, high in each]


def asked(query: str) -> Any:
    answer = ask(query)
    hits = [(hit.symbol, hit.anchor, hit.snippet.html) for hit in answer.hits]
    found = answer.found
    return hits, found.paragraphs, found.documents, found.occurrences, found.complete, found.facets


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
    st.tuples(st.just("base")),
)


def play(act: tuple) -> None:
    match act:
        case ("store", number, texts):
            store(number, texts)
        case ("delete", number):
            Document.objects.filter(symbol=SYMBOLS[number]).delete()
        case ("update",):
            update_index()
        case ("base",):
            update_index()
            update_module._write_new_base(index_root(), update_module._usable(index_root()))


EDITED = [("store", 1, (0, 5)), ("update",), ("store", 0, (4, 2)), ("update",), ("store", 0, (2,))]
PUT_BACK = [("delete", 2), ("update",), ("store", 2, (3, 3)), ("update",), ("base",), ("store", 5, (1,))]


@pytest.mark.django_db
@pytest.mark.parametrize("done", [EDITED, PUT_BACK], ids=["edited", "put back"])
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
            grown, parts = answers(), len(live_index().parts)
            assert check_index().sound
            assert verify(current_generation(index_root())) == ()
        with at(Path(folder) / "whole"):
            update_index(rebuild=True)
            whole = answers()
        assert {key: grown[key] for key in grown if grown[key] != whole[key]} == {
            key: whole[key] for key in grown if grown[key] != whole[key]
        }, parts
        held = {document for _paragraph, document in uncovered["rows"]}
        assert held <= {*Document.objects.values_list("pk", flat=True)}
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_is_left_out_is_as_if_it_had_never_been(tmp_path):
    """Before the index follows, the base, what came since, or both of a document are masked."""
    for number in range(4):
        store(number, (number, 0))
    with at(tmp_path / "grown"):
        update_index()
        store(4, (2, 3))
        store(1, (6,))
        update_index()
        assert len(live_index().parts) == 2
        Document.objects.filter(symbol__in=[SYMBOLS[4], SYMBOLS[0]]).delete()
        behind = answers()
    with at(tmp_path / "whole"):
        update_index(rebuild=True)
        assert answers() == behind


@pytest.mark.django_db
def test_a_base_is_written_when_what_came_since_has_grown(tmp_path, monkeypatch):
    monkeypatch.setattr(update_module, "FEW", 4)
    with at(tmp_path):
        for number, parts in enumerate((1, 2, 1, 2, 2)):
            store(number, (0, 1))
            update_index()
            assert len(live_index().parts) == parts, number
        assert check_index().sound


@pytest.mark.django_db
def test_many_changes_at_once_are_a_base_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(update_module, "MOST", 3)
    with at(tmp_path):
        store(0, (0, 1))
        update_index()
        store(1, (2,))
        assert not update_index().rebuilt
        assert len(live_index().parts) == 2
        store(2, (2, 3, 4))
        assert not update_index().rebuilt
        assert len(live_index().parts) == 1
        assert check_index().sound


@pytest.mark.django_db
def test_what_is_open_of_the_base_serves_the_next_generation(tmp_path):
    with at(tmp_path):
        store(0, (0, 1))
        update_index()
        before = live_index().parts[0]
        store(1, (2,))
        update_index()
        assert live_index().parts[0] is before


documents = st.lists(st.integers(1, 9), max_size=12, unique=True)


@given(
    base=documents,
    later=documents,
    out=st.sets(st.integers(1, 9)),
    sizes=st.lists(st.integers(1, 3), min_size=10, max_size=10),
)
def test_rows_are_those_of_a_whole_index(base, later, out, sizes):
    """The documents in rising order, each where it lies last and with all its rows."""
    parts = [
        np.repeat(sorted(part), [sizes[one] for one in sorted(part)]).astype(np.int64)
        for part in (base, later)
    ]
    masked = [out | {*later}, out]
    found = Arrangement(parts, masked)
    kept = sorted([*({*base} - masked[0]), *({*later} - out)])
    expected = [one for one in kept for _ in range(sizes[one])]
    assert found.of_rows(parts).tolist() == expected
    assert found.size == len(expected)
    for number, part in enumerate(parts):
        rows, gone = found.mapped(number, np.arange(len(part)))
        assert np.array_equal(found.of_rows(parts)[rows], part if gone is None else np.delete(part, gone))
    sources = [found.source(row) for row in range(found.size)]
    assert [int(parts[part][row]) for part, row in sources] == expected


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_lists_of_rows_are_merged_in_order(one, other):
    lists = [np.array(sorted(each), np.int32) for each in (one, other - one)]
    rows, numbers = merged(*((each, each * 2) for each in lists))
    assert rows.tolist() == sorted(one | other)
    assert numbers.tolist() == [2 * row for row in sorted(one | other)]


characters = st.text("ab核😀", max_size=30).map(lambda text: text + "\n")


@given(base=st.lists(characters, min_size=1, max_size=5), later=st.lists(characters, min_size=1, max_size=4))
def test_a_later_text_knows_its_place_among_the_suffixes_of_the_base(tmp_path_factory, base, later):
    from search.index.suffixes import Suffixes, write_suffixes

    directory = tmp_path_factory.mktemp("base")
    write_suffixes(directory, base)
    whole, text = "".join(base), "".join(later)
    places, ends = np.arange(len(text)), np.array([text.index("\n", place) for place in range(len(text))])
    found = ranks(Suffixes(directory), np.array([*map(ord, text)], np.uint32), places, ends)
    for place, rank in enumerate(found.tolist()):
        wanted = text[place : text.index("\n", place) + 1]
        assert rank == sum(whole[start:] < wanted for start in range(len(whole))), wanted


STEPS = rows_from(__name__, "STEPS")


@pytest.mark.django_db
def test_what_ends_while_parts_are_written_leaves_a_whole_index(tmp_path, monkeypatch):
    """What came since and a new base alike: the index before answers, and the next update goes on."""

    def ended(*args, **kwargs):
        raise KeyboardInterrupt

    with at(tmp_path):
        store(0, (0, 1))
        store(1, (2, 3))
        update_index()
        for number, step in enumerate(STEPS):
            store(number % 2, (number + 1, number))
            with monkeypatch.context() as patched:
                patched.setattr(f"search.live.{step}", ended)
                patched.setattr(update_module, "discard", lambda directory: None)  # as one who is killed
                with pytest.raises(KeyboardInterrupt):
                    update_index()
            assert not live_index().coverage.certified, step
            update_index()
            assert live_index().coverage.certified
            with monkeypatch.context() as patched:
                patched.setattr(f"search.live.{step}", ended)
                patched.setattr(update_module, "discard", lambda directory: None)
                with pytest.raises(KeyboardInterrupt):
                    update_module._write_new_base(index_root(), update_module._usable(index_root()))
            assert live_index().coverage.certified, step
            assert check_index().sound, step
