"""The life of the index: brought up to date, switched whole, and honest when it is missing."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from archive.models import Document, State
from search.engine.index import generations, suffixes
from search.engine.index.generations import (
    IndexUnavailableError,
    _sealed,
    current_generation,
    new_generation,
    read_manifest,
    tell_progress,
    writing,
)
from search.engine.live import index as live_module
from search.engine.live import segments
from search.engine.live import update as update_module
from search.engine.live.index import index_root, live_index
from search.engine.live.update import update_index
from tests.tables import each_row
from tests.tools.factories import parsed, stored
from tests.tools.searching import ask, at, found

FIRST = parsed("S/2010/52", ("1", "出口管制措施。"), ("2", "核安全。"))
SECOND = parsed("CD/2118", ("1", "生物武器与出口管制。"))


@pytest.fixture(autouse=True)
def root(tmp_path, db):
    with at(tmp_path / "index"):
        yield tmp_path / "index"


def everything() -> dict[str, list[str]]:
    return {query: found(query) for query in ("出口管制", "核", "“武器”", "1540")}


def test_without_an_index_there_is_no_answer():
    with pytest.raises(IndexUnavailableError, match="no index has been built"):
        ask("核")


def test_an_empty_archive_has_an_index():
    assert update_index().paragraphs == 0
    assert ask("核").found.paragraphs == ask("“核”").found.paragraphs == 0


def test_texts_of_more_characters_than_places_have_numbers_are_refused_and_the_index_goes_on(monkeypatch):
    stored(FIRST)
    update_index()
    held = everything()
    monkeypatch.setattr(suffixes, "MOST_CHARACTERS", 12)
    with pytest.raises(CommandError, match="仍用原有索引.*more than 12 characters"):
        call_command("update_search", rebuild=True, stdout=StringIO())
    assert everything() == held


def test_a_second_update_changes_nothing_and_says_so():
    stored(FIRST)
    first = update_index()
    assert (first.indexed, first.paragraphs, first.rebuilt, first.switched) == (1, 2, True, True)
    generation = current_generation(index_root())
    again = update_index()
    assert (again.indexed, again.removed, again.switched) == (0, 0, False)
    assert current_generation(index_root()) == generation


def test_what_the_index_knows_how_to_pronounce_is_not_asked_again(monkeypatch):
    stored(FIRST)
    update_index()
    before = live_index().manifest.names["pinyin"]
    asked = []
    monkeypatch.setattr(
        "search.query.entities.names.pronunciations", lambda name: asked.append(name) or ("xin",)
    )
    update_index()
    assert asked == []
    State.objects.create(alpha3="XXX", name="新国")
    update_index()
    assert asked == ["新国"]
    after = live_index().manifest.names["pinyin"]
    assert after == dict(sorted({**before, "xin": ["新国"]}.items()))


def test_only_what_changed_is_indexed_anew():
    stored(FIRST)
    update_index()
    stored(SECOND)
    update = update_index()
    assert (update.indexed, update.removed, update.rebuilt, update.paragraphs) == (1, 0, False, 3)
    assert set(found("出口管制")) == {"S/2010/52 1", "CD/2118 1"}


def test_a_changed_document_replaces_its_paragraphs():
    stored(FIRST)
    stored(SECOND)
    update_index()
    stored(parsed("S/2010/52", ("1", "全新的文字。")))
    assert update_index().indexed == 1
    assert found("出口管制") == ["CD/2118 1"]
    assert found("“全新”") == ["S/2010/52 1"]
    assert found("“核”") == []


def test_a_document_that_is_gone_is_taken_out():
    stored(FIRST)
    stored(SECOND)
    update_index()
    Document.objects.get(symbol="CD/2118").delete()
    assert update_index().removed == 1
    assert found("出口管制") == ["S/2010/52 1"]


def test_step_by_step_or_at_once_makes_no_difference():
    for document in (FIRST, SECOND, parsed("S/2010/52", ("1", "出口管制。"), ("2", "核武器。"))):
        stored(document)
        update_index()
    stepwise = everything()
    assert update_index(rebuild=True).rebuilt
    assert {key: set(hits) for key, hits in everything().items()} == {
        key: set(hits) for key, hits in stepwise.items()
    }


def test_an_index_of_a_release_before_is_not_read_but_built_anew(root):
    stored(FIRST)
    update_index()
    directory, expected = current_generation(root), everything()
    manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    del manifest["sha256"]
    manifest["version"] = "5-0123456789ab-0123456789ab"
    (directory / "manifest.json").write_text(_sealed(json.dumps(manifest, ensure_ascii=False)), "utf-8")
    with at(root.rename(root.parent / "elsewhere")):  # opened by nobody yet
        with pytest.raises(IndexUnavailableError, match="it is of version 5"):
            ask("核")
        assert update_index().rebuilt
        assert everything() == expected


@pytest.fixture
def next_release(monkeypatch):
    """Makes this the release after the one that ran up to now, which reads the index of that or does not."""

    def raised(reads_before: bool) -> None:
        before = generations.INDEX_VERSION
        readable = frozenset({before + 1, *((before,) if reads_before else ())})
        for module in (generations, update_module, live_module):
            monkeypatch.setattr(module, "INDEX_VERSION", before + 1, raising=False)
            monkeypatch.setattr(module, "READABLE", readable, raising=False)

    return raised


@pytest.mark.parametrize("what", ["form", "words"])
def test_an_index_of_the_release_before_answers_until_another_is_built(next_release, root, monkeypatch, what):
    stored(FIRST)
    update_index()
    before, expected = current_generation(root), everything()
    if what == "form":
        next_release(reads_before=True)
    else:  # a synonym, a name: whoever adds one raises no number
        monkeypatch.setattr(generations, "words_digest", lambda: "0123456789abcdef")
        monkeypatch.setattr(update_module, "words_digest", lambda: "0123456789abcdef")
    assert everything() == expected
    assert update_index().rebuilt
    assert everything() == expected
    assert current_generation(root) != before
    assert not update_index().switched


def test_what_a_server_of_the_release_before_reads_stays_for_a_day(next_release, root):
    stored(FIRST)
    update_index()
    before, pointer = current_generation(root), root / generations.pointer_name()
    os.utime(pointer, (0, 0))  # nothing changed for years
    next_release(reads_before=False)
    for document in (SECOND, FIRST, parsed("S/2010/52", ("1", "出口管制。"))):
        stored(document)
        update_index()
    assert (before / "manifest.json").exists() and pointer.read_text("utf-8") == before.name
    now = pointer.stat().st_mtime
    os.utime(pointer, (now - generations.KEPT_FOR - 60,) * 2)
    stored(SECOND)
    stored(parsed("S/2010/53", ("1", "核武器。")))
    update_index()
    assert not before.exists() and not pointer.exists()


def test_a_search_tells_how_far_the_index_is_that_it_must_wait_for(next_release, root, client):
    stored(FIRST)
    update_index()
    next_release(reads_before=False)
    for address in ("/search?q=核", "/search.json?q=核"):
        with writing(root):
            directory = new_generation(root)
            tell_progress(directory, 40, 200)
            waiting = client.get(address)
        told = waiting.content.decode()
        assert (waiting.status_code, waiting["Retry-After"]) == (503, "60")
        assert "正在重建" in told and "40" in told and "200" in told
        after = client.get(address)  # its writer was killed
        assert after.status_code == 503 and "正在重建" not in after.content.decode()
    assert update_index().rebuilt
    assert client.get("/search?q=核").status_code == 200
    assert not [*root.glob("*/PROGRESS")]


def test_a_failing_build_leaves_the_live_index(monkeypatch, root):
    stored(FIRST)
    update_index()
    before, generation = everything(), current_generation(root)
    stored(SECOND)

    def fail(*args, **kwargs):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(segments, "write_literal_index", fail)
        with pytest.raises(OSError, match="disk full"):
            update_index()
    assert current_generation(root) == generation
    assert everything() == before
    assert [path.name for path in root.iterdir() if path.is_dir()] == [generation.name]
    assert update_index().indexed == 1


def test_a_document_that_changes_while_it_is_indexed_is_not_covered_until_the_next_update(monkeypatch):
    stored(FIRST)
    write, changed = segments.write_literal_index, []

    def import_meanwhile(*args):
        if not changed:
            changed.append(stored(parsed("S/2010/52", ("1", "改过的文字。"))))
        return write(*args)

    monkeypatch.setattr(segments, "write_literal_index", import_meanwhile)
    update_index()
    assert found("核") == found("“改过”") == []
    assert [*live_index().coverage.uncovered.values()] == ["S/2010/52"]
    assert update_index().paragraphs == 1
    assert found("“改过”") == found("改过的文字") == ["S/2010/52 1"]


@each_row()
def test_a_damaged_index_is_reported_and_built_anew(root, part):
    stored(FIRST)
    update_index()
    damaged = current_generation(root) / part
    shutil.rmtree(damaged) if damaged.is_dir() else damaged.write_bytes(b"")
    stored(SECOND)
    with at(root.rename(root.parent / "elsewhere")):  # opened by nobody yet
        with pytest.raises(IndexUnavailableError):
            ask("核")
        assert update_index().rebuilt
        assert set(found("出口管制")) == {"S/2010/52 1", "CD/2118 1"}


def test_a_reader_keeps_its_index_while_another_is_switched_in():
    stored(FIRST)
    update_index()
    reading = live_index()
    stored(SECOND)
    update_index()
    stored(parsed("A/74/140", ("1", "第三份。")))
    update_index()
    assert reading.reader.size == 2
    assert reading.columns.stored(0)["symbol"] == "S/2010/52"
    assert reading.literal.find("出口管制").total == 1
    assert live_index().reader.size == 4


def test_old_generations_are_removed(root):
    for number in range(5):
        stored(parsed(f"S/2010/{number}", ("1", "文字。")))
        update_index()
    assert len([path for path in root.iterdir() if path.is_dir()]) == 2


def test_the_manifest_says_what_the_index_was_made_from(root):
    document = stored(FIRST)
    update_index()
    manifest = read_manifest(current_generation(root))
    assert manifest.paragraphs == 2
    assert list(manifest.documents) == [str(document.pk)]
    assert manifest.names["symbol"] == {"S/2010/52": "S/2010/52"}


def test_a_second_writer_waits_its_turn(root):
    order = []

    def write():
        with writing(root):
            order.append("second")

    second = threading.Thread(target=write)
    with writing(root):
        second.start()
        with (root / "LOCK").open("w") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        order.append("first")
    second.join()
    assert order == ["first", "second"]


def test_the_command_says_what_it_did():
    stored(FIRST)
    output = StringIO()
    call_command("update_search", stdout=output)
    assert "编入索引 2/2" in output.getvalue()
    assert "已重建：1份文件编入，0份移出，共2段" in output.getvalue()
    call_command("update_search", stdout=(again := StringIO()))
    assert "共2段，未作改动" in again.getvalue()
    call_command("update_search", stdout=(silent := StringIO()), verbosity=0)
    assert silent.getvalue() == ""


def test_an_index_is_opened_once():
    stored(FIRST)
    update_index()
    first = live_index()
    assert live_index() is first


# What a writer leaves that is killed, relative to the folder of the index; {old} and {live} are generations.


@each_row("LEFTOVERS")
def test_what_a_killed_writer_left_is_gone_after_the_next_run_though_it_has_nothing_to_do(left, remark):
    stored(FIRST)
    update_index()
    stored(SECOND)
    update_index()
    root = index_root()
    before = {path.name for path in root.iterdir()}
    (root / left).parent.mkdir(parents=True, exist_ok=True)
    (root / left).write_text("{}", "utf-8")
    assert not update_index().switched, remark
    assert {path.name for path in root.iterdir()} == before
    assert found("“核”") == ["S/2010/52 2"]


def test_generations_are_told_apart_wherever_the_clock_stands(monkeypatch):
    """Set back between two updates: the one before stays for its readers, and no name is given out twice."""
    names = []
    for hour, number in ((12, 1), (10, 2), (10, 3), (8, 4), (12, 5)):
        monkeypatch.setattr("search.engine.index.generations.dt", _ClockAt(hour))
        stored(parsed(f"S/2011/{number}", ("1", f"第{number}份文件。")))
        update_index()
        update_index()  # nothing to do, but to clear up after writers that were killed
        names.append(current_generation(index_root()).name)
        left = sorted(path.name for path in index_root().iterdir() if path.is_dir())
        assert left == sorted(names[-2:]), hour
    assert len(set(names)) == len(names)


class _ClockAt:
    """The module ``datetime``, on a day in 2026."""

    UTC = dt.UTC

    def __init__(self, hour: int) -> None:
        self.datetime = self
        self._moment = dt.datetime(2026, 11, 22, hour, tzinfo=dt.UTC)

    def now(self, _zone) -> dt.datetime:
        return self._moment
