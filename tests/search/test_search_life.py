"""The life of the index: brought up to date, switched whole, and honest when it is missing."""

from __future__ import annotations

import fcntl
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
    folder_in,
    live_name,
    read_live,
    tell_progress,
    writing,
)
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
    generation = live_name(index_root())
    again = update_index()
    assert (again.indexed, again.removed, again.switched) == (0, 0, False)
    assert live_name(index_root()) == generation


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


@pytest.fixture
def next_release(monkeypatch):
    """Makes this the release after the one that ran up to now, with an index of another form or words."""

    def raised(what: str = "form") -> None:
        if what == "form":
            before = generations.INDEX_VERSION
            for module in (generations, update_module):
                monkeypatch.setattr(module, "INDEX_VERSION", before + 1)
        else:  # a synonym, a name: whoever adds one raises no number
            for module in (generations, update_module):
                monkeypatch.setattr(module, "words_digest", lambda: "0123456789abcdef")

    return raised


@pytest.mark.parametrize("what", ["form", "words"])
def test_an_index_of_a_release_before_is_not_read_but_built_anew(next_release, root, what):
    stored(FIRST)
    update_index()
    expected = everything()
    next_release(what)
    with pytest.raises(IndexUnavailableError, match="no index has been built"):
        ask("核")
    assert update_index().rebuilt
    assert everything() == expected
    assert not update_index().switched


def test_what_a_server_of_the_release_before_reads_stays_for_a_day(next_release, root):
    """Also what lies there in the form of releases before the eighteenth."""
    stored(FIRST)
    update_index()
    before = folder_in(root)
    (root / "CURRENT-17-7c1f").write_text("20261126T101500-1", "utf-8")
    (root / "20261126T101500-1").mkdir()
    old = [before, root / "CURRENT-17-7c1f", root / "20261126T101500-1"]
    for path in old:
        os.utime(path, (0, 0))  # nothing changed for years
    next_release()
    for document in (SECOND, FIRST, parsed("S/2010/52", ("1", "出口管制。"))):
        stored(document)
        update_index()
    assert all(path.exists() for path in old) and (before / "1").exists()
    for path in old:
        now = path.stat().st_mtime
        os.utime(path, (now - generations.KEPT_FOR - 60,) * 2)
    stored(SECOND)
    stored(parsed("S/2010/53", ("1", "核武器。")))
    update_index()
    assert not any(path.exists() for path in old)


def test_a_search_tells_how_far_the_index_is_that_it_must_wait_for(next_release, root, client):
    stored(FIRST)
    update_index()
    next_release()
    for address in ("/search?q=核", "/search.json?q=核"):
        with writing(root):
            folder_in(root).mkdir(exist_ok=True)
            tell_progress(folder_in(root), 40, 200)
            waiting = client.get(address)
        told = waiting.content.decode()
        assert (waiting.status_code, waiting["Retry-After"]) == (503, "60")
        assert "正在重建" in told and "40" in told and "200" in told
        after = client.get(address)  # its writer was killed
        assert after.status_code == 503 and "正在重建" not in after.content.decode()
    assert update_index().rebuilt
    assert client.get("/search?q=核").status_code == 200
    assert not [*root.rglob("PROGRESS")]


def test_a_failing_build_leaves_the_live_index(monkeypatch, root):
    stored(FIRST)
    update_index()
    before, files = everything(), sorted(root.rglob("*"))
    stored(SECOND)

    def fail(*args, **kwargs):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(segments, "write_literal_index", fail)
        with pytest.raises(OSError, match="disk full"):
            update_index()
    assert everything() == before
    assert sorted(root.rglob("*")) == files
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
    damaged = folder_in(root) / part
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


def test_what_is_not_in_the_live_index_is_removed(root):
    for number in range(5):
        stored(parsed("S/2010/1", ("1", f"文字{number}。")))
        update_index()
        names = {path.name for path in folder_in(root).iterdir()}
        assert names == {"LIVE", *live_index().manifest.segments}


def test_the_manifest_says_what_the_index_was_made_from(root):
    document = stored(FIRST)
    update_index()
    _name, manifest = read_live(root)
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


# What a writer leaves that is killed, relative to the folder of its release.


@each_row("LEFTOVERS")
def test_what_a_killed_writer_left_is_gone_after_the_next_run_though_it_has_nothing_to_do(left, remark):
    stored(FIRST)
    update_index()
    stored(SECOND)
    update_index()
    folder = folder_in(index_root())
    before = {path.name for path in folder.iterdir()}
    (folder / left).parent.mkdir(parents=True, exist_ok=True)
    (folder / left).write_text("{}", "utf-8")
    assert not update_index().switched, remark
    assert {path.name for path in folder.iterdir()} == before
    assert found("“核”") == ["S/2010/52 2"]
