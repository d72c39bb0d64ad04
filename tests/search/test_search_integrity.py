"""Damaged index files: found by command, answered 503 in words where met, mended by ``--repair``."""

from __future__ import annotations

import os
import shutil
import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from search.engine.index.generations import IndexUnavailableError, folder_in, read_live
from search.engine.index.integrity import _verify_alone, known_damage, verify, watched
from search.engine.live.consistency import check_index
from search.engine.live.index import index_root, live_index
from search.engine.live.update import update_index
from tests.tables import rows_from
from tests.tools.factories import parsed, stored
from tests.tools.searching import at, found, using

QUERIES = rows_from(__name__, "QUERIES")


@pytest.fixture(params=settings.SEARCH_ENGINES)
def sound(request, tmp_path, db):
    """The folder of a small index that was updated once, so that engine files are shared."""
    with using(request.param), at(tmp_path / "sound"):
        stored(parsed("S/2010/52", ("1", "出口管制措施。"), ("2", "核安全与核保安。"), ("h1", "出口管制")))
        update_index()
        stored(parsed("CD/2118", ("1", "生物武器与出口管制。")))
        update_index()
        yield tmp_path / "sound"


def statuses(client) -> set[int]:
    """Of all ``QUERIES``. A download that breaks off is one that the reader's program calls broken."""
    shown = set()
    for address in QUERIES:
        response = client.get(address)
        try:
            response.getvalue()
        except IndexUnavailableError:
            shown.add(503)
        shown.add(response.status_code)
    return shown


def flip(path: Path, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.unlink()  # it may be one file with that of another generation
    path.write_bytes(bytes(data))


def files_of(root: Path) -> list[str]:
    return [name for name, (size, _) in read_live(root)[1].files.items() if size]


def test_every_file_is_in_the_manifest_and_any_flipped_bit_is_met_in_words(sound, client):
    names = files_of(sound)
    assert {"1/literal.suffixes", "1/stored.json", "1/lengths.text", "1/columns.json"} <= set(names)
    assert any(name.startswith("1/engine/") for name in names)
    for number, name in enumerate([*names, "LIVE"]):
        copy = sound.parent / str(number)
        shutil.copytree(sound, copy)
        path = folder_in(copy) / name
        flip(path, 997 * number % (8 * path.stat().st_size))
        with at(copy):
            assert statuses(client) <= {200, 503}, name
            assert verify(copy) == (name,), name
            assert statuses(client) == {503}, name
        shutil.rmtree(copy)


@pytest.mark.parametrize(
    "name", ["1/stored.json", "1/lengths.text", "1/literal.rows", "1/column.year.owners"]
)
def test_the_command_names_the_file_and_repair_builds_it_anew(sound, client, name):
    flip(folder_in(sound) / name, 5)
    with at(sound.rename(sound.parent / "elsewhere")):  # opened by nobody yet
        said = StringIO()
        with pytest.raises(CommandError, match="不一致"):
            call_command("check_search", stdout=said)
        assert f"已损坏：{name}" in said.getvalue()
        unavailable = client.get("/search?q=出口管制")
        assert unavailable.status_code == 503
        assert "暂时" in unavailable.content.decode()
        with pytest.raises(CommandError, match="不一致"):
            call_command("check_search", stdout=StringIO())
        call_command("check_search", repair=True, stdout=StringIO())
        assert check_index().sound
        assert statuses(client) == {200}


def test_words_of_a_damaged_row_are_shown_to_nobody_also_before_its_file_is_hashed(sound, client):
    path = folder_in(sound) / "1/stored.json"
    path.write_bytes(path.read_bytes().replace("核安全与".encode(), "枝安全与".encode()))
    for address in ("/search.json?q=“核安全”", "/search?q=“核安全”", "/concordance.json?q=核安全"):
        shown = client.get(address)
        assert shown.status_code == 503, address
        assert "枝安全" not in shown.content.decode()


def test_an_update_takes_nothing_over_from_a_damaged_index(sound):
    generation = folder_in(sound)
    stored_rows = (generation / "1/stored.json").read_bytes()
    (generation / "1/stored.json").write_bytes(stored_rows.replace("核".encode(), "枝".encode()))
    stored(parsed("A/74/1", ("1", "新来的。")))
    assert update_index().rebuilt
    assert found("“枝安全”") == []
    assert found("“核安全”") == ["S/2010/52 2"]
    assert check_index().sound


def test_what_fails_on_sound_files_is_a_fault_of_the_program(sound, client, monkeypatch):
    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr("search.pages.results.answer.hit_of", fail)
    with pytest.raises(ZeroDivisionError):
        client.get("/search?q=出口管制")
    assert known_damage(sound) == ()


def test_a_server_hashes_its_index_beside_answering(sound, monkeypatch):
    class AtOnce:
        def __init__(self, target, args, **_named):
            self.start = lambda: target(*args)

    monkeypatch.setattr("search.engine.index.integrity.Thread", AtOnce)
    monkeypatch.setattr("search.engine.live.index._serving", True)
    folder = folder_in(index_root())
    live_index()
    assert (folder / "VERIFIED").exists()
    flip(folder / "1/stored.json", 9)
    live_index()  # hashed from time to time, not for every reader
    monkeypatch.setattr("search.engine.index.integrity.AGAIN", 0)
    with pytest.raises(IndexUnavailableError, match=r"1/stored\.json"):
        live_index()
    assert known_damage(sound) == ("1/stored.json",)
    (folder / "DAMAGED").unlink()
    watched(sound)
    assert known_damage(sound) == ("1/stored.json",)


def test_a_clock_that_was_set_back_keeps_no_server_from_hashing(sound):
    """The mark of the last time lies in the future then, for hours or years."""
    mark = folder_in(sound) / "VERIFIED"
    flip(folder_in(sound) / "1/stored.json", 9)
    for ahead, found_then in ((0, ()), (7200, ("1/stored.json",))):
        mark.touch()
        os.utime(mark, (time.time() + ahead,) * 2)
        _verify_alone(sound)
        assert known_damage(sound) == found_then, ahead


def test_what_was_found_of_an_index_says_nothing_of_the_next(sound):
    """Which was switched in while the one before was hashed."""
    flip(folder_in(sound) / "1/stored.json", 9)
    verify(sound)
    mark = folder_in(sound) / "DAMAGED"
    told = mark.read_text()
    assert update_index().rebuilt
    mark.write_text(told)
    assert found("“核安全”") == ["S/2010/52 2"]
