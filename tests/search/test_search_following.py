"""Whoever changes the archive brings the index along, or leaves one that is behind and says so."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.intake.importing import ImportBatch
from archive.store import search_index
from archive.store.revision import current_revision
from archive.store.search_index import Following
from search.engine.index.generations import live_name, writing
from search.engine.live.index import index_root, live_index
from tests.tools.searching import at, found

SOURCE = "{symbol}\n\n1. 第一段说{words}。\n\n2. 第二段的文字在这里。\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, db, settings):
    settings.SEARCH_INDEX_FOLLOWS = True
    with at(tmp_path / "index"):
        yield tmp_path


def write(folder, symbol: str, words: str) -> str:
    path = folder / f"{symbol.replace('/', '_')}.txt"
    path.write_text(SOURCE.format(symbol=symbol, words=words), "utf-8")
    path.with_suffix(".toml").write_text(f'symbol = "{symbol}"\ntitle = "一封信"\n', "utf-8")
    return str(path)


def run(command: str, *args: str, **options) -> str:
    said = StringIO()
    call_command(command, *args, stdout=said, stderr=said, **options)
    return said.getvalue()


BY = {"by": "编者甲", "reason": "原件有误"}


def test_every_command_that_changes_the_archive_brings_the_index_along(folder):
    path = write(folder, "S/2031/1", "出口管制")
    assert "检索索引已重建：1份文件编入" in run("import_documents", path)
    assert found("“出口管制”") == ["S/2031/1 1"]
    write(folder, "S/2031/1", "核安全")
    run("import_documents", path)
    assert (found("“出口管制”"), found("“核安全”")) == ([], ["S/2031/1 1"])
    generation = live_name(index_root())
    assert "没有改动" in run("import_documents", path)
    assert live_name(index_root()) == generation  # nothing changed, nothing is built
    run("withdraw_document", "S/2031/1", **BY)
    assert found("“核安全”") == []
    run("withdraw_document", "S/2031/1", undo=True, **BY)
    assert found("“核安全”") == ["S/2031/1 1"]
    assert live_index().coverage.certified


def test_another_format_that_is_kept_beside_brings_it_along(folder):
    """The file is an original of the document since, so the document has another revision."""
    kept = Path(write(folder, "S/2031/1", "出口管制"))
    text = kept.read_text("utf-8")
    web = kept.with_suffix(".html")
    web.write_text("".join(f"<p>{line}</p>" for line in text.splitlines()), "utf-8")
    run("import_documents", str(web))
    said = run("import_documents", str(kept))
    assert "没有文件的正文有改动；新存了1份另一格式的原件。" in said
    assert live_index().coverage.certified and found("“出口管制”") == ["S/2031/1 1"]
    revision = current_revision()
    assert "没有改动：全部文件都已在库中。" in run("import_documents", str(kept))
    kept.write_text(text.replace("出口管制", "出口管理"), "utf-8")
    said = run("import_documents", str(kept))
    assert "1份另一格式的文字与库中的不同，没有采用" in said
    assert live_index().coverage.certified and found("“出口管理”") == []
    assert current_revision() != revision, "the corrected file takes the place of the one before"


class Closed(StringIO):
    """What ``| head -1`` leaves of standard output."""

    def write(self, text=""):
        raise BrokenPipeError(32, "Broken pipe")

    flush = write


def test_nobody_who_listens_is_no_reason_to_stop(folder):
    for symbol in ("S/2031/1", "S/2031/2"):
        call_command("import_documents", write(folder, symbol, "出口管制"), stdout=Closed(), stderr=Closed())
    call_command("withdraw_document", "S/2031/2", stdout=Closed(), **BY)
    assert live_index().coverage.certified and found("“出口管制”") == ["S/2031/1 1"]


def test_no_index_leaves_it_behind(folder):
    run("import_documents", write(folder, "S/2031/1", "出口管制"))
    said = run("import_documents", write(folder, "S/2031/2", "出口管制"), no_index=True)
    assert "检索索引" not in said
    assert list(live_index().coverage.uncovered.values()) == ["S/2031/2"]
    run("update_search")
    assert live_index().coverage.certified


@pytest.mark.parametrize("end", [KeyboardInterrupt, RuntimeError])
def test_an_import_that_is_broken_off_brings_along_what_it_stored(folder, monkeypatch, end):
    paths = [write(folder, "S/2031/1", "出口管制"), write(folder, "S/2031/2", "核安全")]
    take = ImportBatch.import_path

    def broken_off(batch, path, shown=""):
        if "2031_2" in str(path):
            raise end
        return take(batch, path, shown)

    monkeypatch.setattr(ImportBatch, "import_path", broken_off)
    with pytest.raises(end):
        run("import_documents", *paths)
    assert found("“出口管制”") == ["S/2031/1 1"]
    assert live_index().coverage.certified


def test_a_failed_file_does_not_keep_the_index_from_following(folder):
    bad = folder / "bad.txt"
    bad.write_text("没有文号的一段文字。\n", "utf-8")
    with pytest.raises(CommandError, match="1份文件未能入库"):
        run("import_documents", write(folder, "S/2031/1", "出口管制"), str(bad))
    assert found("“出口管制”") == ["S/2031/1 1"]


def test_where_the_index_cannot_be_written_what_is_stored_stays_and_one_sentence_says_so(folder, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    run("import_documents", write(folder, "S/2031/1", "出口管制"))
    monkeypatch.setattr("search.engine.live.segments.write_literal_index", full)
    with pytest.raises(CommandError, match="检索索引没有跟上：磁盘已满[^。]*。[^。]*。在此之前"):
        run("import_documents", write(folder, "S/2031/2", "核安全"))
    assert found("“出口管制”") == ["S/2031/1 1"]
    assert list(live_index().coverage.uncovered.values()) == ["S/2031/2"]


def test_a_long_import_brings_the_index_along_from_time_to_time(monkeypatch):
    clock, built = [0.0], []

    def build(*args):
        built.append(clock[0])
        clock[0] += 100

    monkeypatch.setattr(search_index.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(search_index, "bring_along", build)
    monkeypatch.setattr(search_index, "current_revision", lambda: min(clock[0], 3600))
    index = Following(wanted=True)
    for _minute in range(60):
        clock[0] += 60
        index.step()
    index.finish()
    index.finish()  # nothing came since
    assert built == [600, 1720, 2840, 3900]  # at most a tenth of the time is spent on it


class Process:
    started: list[list[str]] = []

    def __init__(self, command, **options):
        self.started.append(command)
        self.ended = None

    def poll(self):
        return self.ended


def test_processes_that_bring_it_along_are_started_one_at_a_time(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(Process, "started", [])
    monkeypatch.setattr(search_index.subprocess, "Popen", Process)
    monkeypatch.setattr(search_index.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(search_index, "_last", 0.0)
    monkeypatch.setattr(search_index, "_started", [])
    for _click in range(5):
        search_index.request_update()
    assert [command[2:] for command in Process.started] == [["update_search", "--queued", "--verbosity=0"]]
    search_index._started[0].ended = 0
    search_index.request_update()
    assert len(Process.started) == 1  # not every moment
    clock[0] += 60
    search_index.request_update()
    assert len(Process.started) == 2


def test_what_a_server_starts_does_nothing_while_another_writes(folder):
    run("import_documents", write(folder, "S/2031/1", "出口管制"), no_index=True)
    with writing(index_root()):
        assert run("update_search", queued=True) == ""
    assert live_name(index_root()) is None
    run("update_search", queued=True)
    assert found("“出口管制”") == ["S/2031/1 1"]


def test_a_server_that_meets_an_index_that_is_behind_asks_for_an_update(folder, monkeypatch):
    asked = []
    run("import_documents", write(folder, "S/2031/1", "出口管制"))
    monkeypatch.setattr("search.engine.live.index._serving", True)
    monkeypatch.setattr("search.engine.live.index.watched", lambda directory: None)
    monkeypatch.setattr("search.engine.live.index.request_update", lambda: asked.append(1))
    live_index()
    assert asked == []
    run("import_documents", write(folder, "S/2031/2", "核安全"), no_index=True)
    live_index()
    assert asked == [1]
