"""Nodes killed and stopped in turn under load, and an index switched under it: no error, no wrong answer."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from django.test import override_settings

from archive.models import Paragraph
from search.engine.cluster.index import ClusterIndex
from search.engine.live import copies
from search.engine.live.index import live_index, written_index
from search.engine.live.update import update_index
from search.engine.protocol import Question, Slice
from search.pages.results.answer import answer
from search.query.language.conditions import Contains
from search.query.language.request import Asked
from tests.tools.bundled import bundled_archive

from .nodes import NODES, Nodes
from .test_both_engines import HERE, QUERIES, substrings

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.skipif("CLUSTER_FOLDER" not in os.environ, reason="by `make test-cluster`"),
]
SECONDS = float(os.environ.get("CLUSTER_SECONDS", "60"))  # of load while each node goes, at least
READERS, PIECES, JUDGED = 2, 40, 20
STRINGS, AT_ONCE = 10_000, 500  # random ones; those of one question


@pytest.fixture(scope="module", autouse=True)
def index(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[None]:
    with bundled_archive(tmp_path_factory.mktemp("index"), django_db_blocker):
        yield


@dataclass
class Load:
    """What readers met."""

    asked: int = 0
    worst: float = 0.0  # seconds
    errors: list[Exception] = field(default_factory=list)
    wrong: list[Question] = field(default_factory=list)

    def row(self, name: str, seconds: float) -> str:
        """One line of the log."""
        return (
            f"{name:24}{seconds:6.0f} s{self.asked:8} questions{len(self.errors):4} errors"
            f"{len(self.wrong):4} wrong   worst {self.worst:5.1f} s"
        )


@contextmanager
def load(questions: list[Question], ask: Callable, right: Callable[[int, Slice], bool]) -> Iterator[Load]:
    """Readers that put ``questions`` again and again."""
    met, done = Load(), Event()

    def read() -> None:
        while not done.is_set():
            for number, question in enumerate(questions):
                if done.is_set():
                    return
                began = time.monotonic()
                try:
                    if not right(number, ask(question)):
                        met.wrong.append(question)
                except Exception as error:
                    met.errors.append(error)
                met.worst = max(met.worst, time.monotonic() - began)
                met.asked += 1

    readers = [Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        yield met
    finally:
        done.set()
        for reader in readers:
            reader.join()


def judged_questions(monkeypatch) -> list[Question]:
    """What judged queries put to an engine."""
    asked: list[Question] = []
    ask = ClusterIndex.slice
    with monkeypatch.context() as patched:
        patched.setattr(
            ClusterIndex, "slice", lambda self, question: asked.append(question) or ask(self, question)
        )
        for query in QUERIES[:: max(1, len(QUERIES) // JUDGED)]:
            answer(Asked(query))
    return asked


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=lambda how: how.name)
@pytest.mark.parametrize("number", range(1, NODES + 1))
def test_a_node_that_goes_is_not_noticed(number, how, monkeypatch):
    nodes, engine = Nodes(Path(os.environ["CLUSTER_FOLDER"])), live_index()
    pieces = [Contains(piece) for piece in substrings(PIECES)]
    questions = [Question(one, phrases=(one,)) for one in pieces] + judged_questions(monkeypatch)
    expected = [engine.slice(question) for question in questions]
    began = time.monotonic()
    with load(questions, engine.slice, lambda number, found: found == expected[number]) as met:
        try:
            nodes.kill(number, how)
            nodes.wait(NODES - 1)
            left = time.monotonic() - began
        finally:  # what fails here fails alone
            nodes.start(number)
            nodes.wait(NODES, "green")
        back = time.monotonic() - began
        time.sleep(max(0.0, SECONDS - back))
    seconds = time.monotonic() - began
    print("\n" + met.row(f"{how.name} of node {number}", seconds), f"  left {left:.0f} s, back {back:.0f} s")
    assert met.asked
    assert not met.errors, met.errors[:3]
    assert not met.wrong, met.wrong[:3]


def test_random_strings_are_counted_alike_while_nodes_go():
    nodes, engine = Nodes(Path(os.environ["CLUSTER_FOLDER"])), live_index()
    standing = substrings(STRINGS)
    pieces = [piece if at % 4 else piece[::-1] for at, piece in enumerate(standing)]  # some hardly stand
    with override_settings(SEARCH_CLUSTER=HERE):
        update_index()
        expected = live_index().sums(pieces), live_index().counts([*map(Contains, pieces)])
    asked = [slice(first, first + AT_ONCE) for first in range(0, STRINGS, AT_ONCE)]
    going = {len(asked) * (2 * number - 1) // (2 * NODES): number for number in range(1, NODES + 1)}
    found: tuple[list[int], list[int]] = ([], [])
    for turn, part in enumerate(asked):
        if turn in going:
            nodes.kill(going[turn])
        found[0].extend(engine.sums(pieces[part]))
        found[1].extend(engine.counts([*map(Contains, pieces[part])]))
        if turn in going:
            nodes.start(going[turn])
            nodes.wait(NODES, "green")
    assert found == expected
    assert 0 < sum(map(bool, found[0])) < STRINGS


def test_an_index_is_switched_under_load_whole():
    """Half of the paragraphs of a document say something else at once."""
    one = Contains("一个从未见过的词")
    questions = [Question(one, phrases=(one,)), Question(Contains("委员会"), phrases=(Contains("委员会"),))]
    paragraphs = [*Paragraph.objects.order_by("pk")[:40:2]]
    texts = [one.text for one in paragraphs]
    live = [written_index()]
    before = [live[-1].slice(question) for question in questions]
    states: list[list[Slice]] = [before]
    seen: list[tuple[int, Slice]] = []
    began = time.monotonic()
    try:
        with load(
            questions,
            lambda question: live[-1].slice(question),  # threads have no part in the test's transaction
            lambda number, found: seen.append((number, found)) or True,
        ) as met:
            for paragraph in paragraphs:
                paragraph.text += "委员会说了一个从未见过的词"
                paragraph.save()
            update_index(rebuild=True)
            live.append(written_index())
            states.append([live[-1].slice(question) for question in questions])
            asked = met.asked
            while met.asked < asked + 8 * READERS and not met.errors:
                time.sleep(0.1)
    finally:
        for paragraph, text in zip(paragraphs, texts, strict=True):
            paragraph.text = text
            paragraph.save()
        update_index()
    met.wrong += [questions[number] for number, found in seen if found not in [one[number] for one in states]]
    print("\n" + met.row("an index switched", time.monotonic() - began))
    assert states[1][0].paragraphs == len(paragraphs)
    assert {state[0] == found for state in states[1:] for number, found in seen if number == 0} == {
        True,
        False,
    }
    assert not met.errors, met.errors[:3]
    assert not met.wrong


def test_what_was_taken_out_is_in_no_file_of_a_node_once_the_index_is_clean():
    word = "Qzxjkvwbthmrgypdlqzxkvjwbt"
    paragraph = Paragraph.objects.order_by("pk").first()
    text = paragraph.text
    try:
        paragraph.text = f"{text}{word}"
        paragraph.save()
        update_index()
    finally:
        paragraph.text = text
        paragraph.save()
    assert files_with(word)  # as it was written it can be read there: else its absence would say nothing
    copies.clean_index()
    assert not answer(Asked(f"“{word}”")).found.paragraphs
    end = time.monotonic() + SECONDS  # a node removes files of an index behind its answer
    while (found := files_with(word)) and time.monotonic() < end:
        time.sleep(1)
    assert not found


def files_with(word: str) -> list[Path]:
    """The files of all nodes that hold a word as it was written or folded."""
    wanted = [word.encode(), word.lower().encode()]
    paths = [path for path in Path(os.environ["CLUSTER_FOLDER"], "data").rglob("*") if path.is_file()]
    return [path for path in paths if any(one in _read(path) for one in wanted)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
