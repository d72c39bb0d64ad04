"""``import_documents``: every file gets its answer, and a bad one never stops the rest."""

from __future__ import annotations

import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.models import Document, ImportOutcome, ImportRun, Mention, Paragraph, SourceFile
from archive.store.ingest.facts import correct_document
from tests.conftest import BUNDLED, ROOT
from tests.store.test_ingest import snapshot
from tests.tables import each_row, rows_from, tuples
from tests.tools.word_files import rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with three documents: two that are named by sidecars, one by its masthead."""
    write(tmp_path / "a.txt", "1. 回顾第1540(2004)号决议第3段。\n\n2. 见S/2020/2第1段。\n", symbol="S/2020/1")
    write(tmp_path / "b.txt", "1. 见S/2020/1。\n", symbol="S/2020/2")
    below = tmp_path / "below"
    below.mkdir()
    write(below / "c.md", "1. 丙。\n", symbol="S/2020/3")
    return tmp_path


def write(path: Path, text: str, symbol: str | None = None) -> Path:
    path.write_text(text, "utf-8")
    if symbol:
        path.with_suffix(".toml").write_text(f'symbol = "{symbol}"\n', "utf-8")
    return path


def picture(path: Path) -> Path:
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    return path


def run(*paths: object, **options: object) -> tuple[str, str, bool]:
    """What the command says on standard output and standard error, and whether it failed."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_documents", *map(str, paths), stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}", True
    return out.getvalue(), err.getvalue(), False


def symbols() -> list[str]:
    return sorted(Document.objects.values_list("symbol", flat=True))


# --- what is imported ---


@each_row("PATHS")
def test_paths(folder, paths, expected, remark):
    out, err, failed = run(*(folder / path for path in paths))
    assert tuples(symbols()) == expected
    assert not failed and not err
    assert f"新建 {len(expected)}  更新 0  不变 0  拒收 0" in out


@pytest.mark.parametrize("row", rows_of(__name__, "IDENTITY"))
def test_which_document_a_file_is(tmp_path, row):
    name, text, symbol, told = row
    write(tmp_path / name, text.replace("|", "\n\n"))
    out, err, _ = run(tmp_path / name)
    assert (symbols(), told in out + err) == ([symbol] if symbol else [], True), out + err


def test_the_closing_counts_are_those_of_the_store(folder):
    out, _, _ = run(folder)
    mentions = Mention.objects.certain()
    resolved = mentions.exclude(target=None).count()
    assert resolved == 2, "the document that came later is resolved, too"
    counts = {
        "段落": Paragraph.objects.count(),
        "提及": mentions.count(),
        "其中所指文件在库": resolved,
        "不在库": mentions.count() - resolved,
    }
    assert "  ".join(f"{label} {count}" for label, count in counts.items()) in out


def test_the_same_import_twice_writes_nothing_and_says_so(folder):
    run(folder)
    before, runs = snapshot(), ImportRun.objects.count()
    out, _, failed = run(folder)
    assert snapshot() == before
    assert not failed and "不变 3" in out and "没有改动" in out
    assert ImportRun.objects.count() == runs


def test_an_unchanged_file_is_not_even_parsed(folder, monkeypatch):
    run(folder)
    monkeypatch.setattr("archive.intake.importing.run.read_and_parse", lambda source: pytest.fail("parsed"))
    assert "不变 3" in run(folder)[0]


@each_row("CHANGES")
def test_a_changed_file_updates_its_document(folder, name, content, remark):
    run(folder)
    keys = dict(Document.objects.values_list("symbol", "pk"))
    (folder / name).write_text(content, "utf-8")
    out, _, _ = run(folder)
    assert "更新 1" in out and "不变 2" in out
    assert dict(Document.objects.values_list("symbol", "pk")) == keys


@pytest.mark.parametrize("name", ["new.txt", "new.text", "new"])
def test_the_same_bytes_under_another_name_are_unchanged(folder, name):
    """Each of two names in turn was an update, with an index of its own."""
    run(folder / "a.txt")
    before = snapshot()
    (folder / "a.txt").rename(folder / name)
    (folder / "a.toml").rename((folder / name).with_suffix(".toml"))
    out = run(folder / name)[0]
    assert "不变 1" in out and "没有改动" in out
    assert snapshot() == before


# --- what is refused ---

FRENCH = "1. Le Conseil rappelle ses décisions et prie les États de lui en rendre compte. " * 9
BAD = [
    # what is wrong, how to make it, part of the message
    ("missing path", lambda folder: "nowhere", "没有这个文件"),
    ("pattern that fits nothing", lambda folder: "*.doc", "没有文字、PDF、Word文件或网页与此式样相符"),
    ("empty folder", lambda folder: (folder / "empty").mkdir() or "empty", "文件夹中没有"),
    ("sidecar", lambda folder: "a.toml", "附带的元数据"),
    ("a picture", lambda folder: picture(folder / "x.docx").name, "这是图片"),
    ("a PDF that is none", lambda folder: write(folder / "x.pdf", "%PDF-1.7").name, "PDF打不开"),
    ("no symbol", lambda folder: write(folder / "x.txt", "1. 甲。\n").name, "symbol"),
    ("nothing in it", lambda folder: write(folder / "x.txt", "", "S/2020/9").name, "文件是空的"),
    ("in French", lambda folder: write(folder / "x.txt", FRENCH, "S/2020/9").name, "正文读来是法文"),
    ("a symbol that is none", lambda folder: write(folder / "x.txt", "甲", "没有").name, "symbol"),
    (
        "the symbol of another file",
        lambda folder: write(folder / "x.txt", "1. 甲。", "S/2020/1").name,
        "a.txt",
    ),
]


@pytest.mark.parametrize(("remark", "make", "message"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_file_is_told_with_its_reason_and_the_rest_goes_on(folder, remark, make, message):
    bad = make(folder)
    out, err, failed = run(folder / "a.txt", folder / bad, folder / "b.txt")
    assert failed, "the exit status is 1"
    assert symbols() == ["S/2020/1", "S/2020/2"]
    assert message in err and Path(bad).name in err
    assert "新建 2  更新 0  不变 0  拒收 1" in out


def test_a_file_that_is_no_text_is_refused(folder):
    (folder / "x.txt").write_bytes(b"%PDF-1.7\n\xff\xfe")
    _, err, failed = run(folder)
    assert failed and "x.txt" in err and "PDF" in err
    assert len(symbols()) == 3


def test_a_sidecar_that_is_no_toml_is_refused(folder):
    (folder / "a.toml").write_text("symbol = S/2020/1", "utf-8")
    _, err, failed = run(folder)
    assert failed and "a.toml" in err
    assert symbols() == ["S/2020/2", "S/2020/3"]


@pytest.mark.parametrize("name", ["a.txt", "a.toml"])
def test_an_unreadable_file_is_refused(folder, name, monkeypatch):
    """Not by file mode, because root may read everything."""
    opened = os.open

    def open_others(path: str, *options: int, **more: int) -> int:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied")
        return opened(path, *options, **more)

    monkeypatch.setattr(os, "open", open_others)
    _, err, failed = run(folder)
    assert failed and name in err and "Permission denied" in err
    assert symbols() == ["S/2020/2", "S/2020/3"]


def test_an_error_of_the_program_is_told_and_the_rest_goes_on(folder, monkeypatch):
    from archive.intake.importing import read_and_parse

    def stumble(source, **how):
        return 1 / 0 if source.name == "a.txt" else read_and_parse(source, **how)

    monkeypatch.setattr("archive.intake.importing.run.read_and_parse", stumble)
    _, err, failed = run(folder)
    assert failed and "ZeroDivisionError" in err
    assert symbols() == ["S/2020/2", "S/2020/3"]


def test_the_second_file_of_a_batch_with_the_same_symbol_is_refused_every_time(folder):
    write(folder / "z.txt", "1. 别的文字。\n", "S/2020/1")
    for _time in range(2):
        _, err, failed = run(folder)
        assert failed and "z.txt" in err and "a.txt" in err
    assert Paragraph.objects.filter(document__symbol="S/2020/1", text__contains="别的").count() == 0


def test_two_files_of_one_name_cannot_take_turns_at_one_document(folder):
    below = write(folder / "below" / "a.txt", "1. 别的文字。\n", "S/2020/1")
    for _time in range(2):
        _, err, failed = run(folder)
        assert failed and "S/2020/1" in err
    below.write_text((folder / "a.txt").read_text("utf-8"), "utf-8")
    below.with_suffix(".toml").write_text('symbol = "S/2020/7"\n', "utf-8")
    assert run(folder)[2] and symbols() == ["S/2020/1", "S/2020/2", "S/2020/3"]


# --- the log of runs ---


def test_runs_are_recorded_where_something_was_done(folder):
    write(folder / "x.txt", "1. 甲。\n")
    run(folder)
    record = ImportRun.objects.get()
    assert record.finished
    assert list(record.outcomes.order_by("file_name").values_list("file_name", "result", "symbol")) == [
        ("a.txt", "created", "S/2020/1"),
        ("b.txt", "created", "S/2020/2"),
        ("c.md", "created", "S/2020/3"),
        ("x.txt", "refused", ""),
    ]
    run(folder)
    assert ImportRun.objects.count() == 1, "a refusal that is already known is told, but not recorded again"
    assert ImportOutcome.objects.exclude(reason="").get().file_name == "x.txt"


# --- options ---


def test_a_dry_run_tells_everything_and_writes_nothing(folder):
    before = snapshot()
    write(folder / "x.txt", "1. 甲。\n")
    out, err, failed = run(folder, dry_run=True)
    assert failed and "x.txt" in err
    assert "试运行" in out and "新建 3" in out and "拒收 1" in out
    assert snapshot() == before
    assert not ImportRun.objects.exists() and not ImportOutcome.objects.exists()


def test_reparse_reads_the_stored_bytes_again(folder, monkeypatch):
    run(folder)
    for path in folder.glob("*.t*"):
        path.unlink()
    assert "不变 3" in run(reparse=True)[0]
    monkeypatch.setattr("archive.text.PARSER_VERSION", "next")
    Paragraph.objects.filter(document__symbol="S/2020/1").update(role="stale")
    Document.objects.update(content_hash="of an older parser")
    out, _, _ = run("S/2020/1", reparse=True)
    assert "更新 1" in out
    assert Document.objects.get(symbol="S/2020/1").parser_version == "next"
    assert not Paragraph.objects.filter(role="stale").exists()
    assert SourceFile.objects.count() == 3


def test_reparse_of_what_is_not_held_is_refused(folder):
    run(folder)
    out, err, failed = run("S/1999/1", "没有", "s/2020/2", "S/2020/2", reparse=True)
    assert failed and "S/1999/1" in err and "没有" in err and "不变 1  拒收 2" in out


def test_reparse_keeps_corrections(folder):
    run(folder)
    correct_document(Document.objects.get(symbol="S/2020/1"), {"title": "更正的题"})
    Document.objects.update(content_hash="of an older parser")
    run(reparse=True)
    assert Document.objects.get(symbol="S/2020/1").title == "更正的题"


def test_nothing_given_is_an_error():
    assert run() == ("", "请给出要入库的文件或文件夹。", True)


@each_row("VERBOSITY")
def test_verbosity(folder, verbosity, line, remark):
    out, err, _ = run(folder / "a.txt", verbosity=verbosity)
    assert not err
    assert out.startswith(line) if line else out == ""


def test_refusals_are_told_even_silently(folder):
    _, err, failed = run(folder / "nowhere.txt", verbosity=0)
    assert failed and "nowhere.txt" in err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_table(folder):
    out = Terminal()
    call_command("import_documents", str(folder), stdout=out)
    assert "新建" in out.getvalue() and "│" in out.getvalue()


# --- the bundled documents ---


def test_the_bundled_documents_come_in_whole(bundled_documents):
    assert sorted(bundled_documents) == ["A/74/140", "CD/2118", "S/2010/52", "S/2016/1013", "S/AC.44/SR.74"]
    assert Paragraph.objects.count() == 301


def test_reparse_of_the_bundled_documents_changes_nothing(bundled_documents):
    before = snapshot()
    out, _, failed = run(reparse=True)
    assert not failed and "不变 5" in out
    assert snapshot() == before


# --- interruption ---

# (documents stored, the table at whose first write for the next one the process is killed, remark)
KILLED_AT = [
    pytest.param(0, "archive_document", "before the first has a row", marks=pytest.mark.long),
    pytest.param(0, "archive_mention", "while it writes the first", marks=pytest.mark.long),
    (1, "archive_paragraph", "while it writes the second"),
    pytest.param(4, "archive_mention", "in the middle", marks=pytest.mark.long),
    (4, "archive_issuedtext", "when all but the links is written"),
]
# Kills its own process as by SIGKILL, so that the moment does not depend on the machine's speed.
KILLED_IMPORT = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
folder, stored, table = sys.argv[1], int(sys.argv[2]), sys.argv[3]
def watch(execute, sql, params, many, context):
    if sql.startswith(f'INSERT INTO "{table}"'):
        # counted on another connection: what this one has not committed is not visible there
        import sqlite3
        other = sqlite3.connect(connection.settings_dict["NAME"])
        if other.execute("SELECT count(*) FROM archive_document").fetchone()[0] == stored:
            os.kill(os.getpid(), signal.SIGKILL)
        other.close()
    return execute(sql, params, many, context)
with connection.execute_wrapper(watch):
    call_command("import_documents", folder)
"""
TABLES = tuple(rows_from(__name__, "TABLES"))


def rows(database: Path) -> list[list[tuple]]:
    """What is stored, independent of keys and dates."""
    with closing(sqlite3.connect(database)) as connection:
        return [connection.execute(query).fetchall() for query in TABLES]


class Site:
    """A site of its own with its own processes and database file."""

    def __init__(self, data: Path, database: Path) -> None:
        self.database = data / "archive.sqlite3"
        shutil.copy(database, self.database)
        self._environment = {
            **os.environ,
            "ARCHIVE_DATA_DIR": str(data),
            "DJANGO_SETTINGS_MODULE": "archive.settings",
            "SEARCH_INDEX_FOLLOWS": "0",
        }
        self._environment.pop("DATABASE_URL", None)

    def run(self, *arguments: str, killed: bool = False) -> None:
        ended = subprocess.run(  # noqa: S603  our own interpreter and code
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == (-signal.SIGKILL if killed else 0), ended.stderr

    def manage(self, *arguments: str) -> None:
        self.run("manage.py", *arguments, "--skip-checks")


@pytest.fixture(scope="module")
def many_files(tmp_path_factory) -> Path:
    """A document and the same under other symbols, which name each other: enough to be interrupted."""
    folder = tmp_path_factory.mktemp("many")
    text = (BUNDLED / "CD_2118.txt").read_text("utf-8")
    for number in range(5):
        more = f"100. 另见CD/{9000 + (number + 1) % 5}号文件第2段。\n"
        write(folder / f"copy{number}.txt", text + more, symbol=f"CD/{9000 + number}")
    return folder


@pytest.fixture(scope="module")
def uninterrupted(many_files, migrated_database, django_db_setup, tmp_path_factory) -> list[list[tuple]]:
    site = Site(tmp_path_factory.mktemp("whole"), migrated_database)
    site.manage("import_documents", str(many_files))
    return rows(site.database)


@pytest.mark.slow
@pytest.mark.skipif(
    "TEST_DATABASE_URL" in os.environ, reason="these sites are on SQLite wherever the tests run"
)
@pytest.mark.parametrize(("stored", "table", "remark"), KILLED_AT)
def test_a_killed_import_leaves_whole_documents_and_runs_again_to_the_same_result(
    many_files, migrated_database, uninterrupted, tmp_path, stored, table, remark
):
    site = Site(tmp_path, migrated_database)
    site.run("-c", KILLED_IMPORT, str(many_files), str(stored), table, killed=True)

    whole = {row[0]: row for row in uninterrupted[0]}
    documents, paragraphs, *_ = rows(site.database)
    assert len(documents) == stored < len(whole)
    for symbol in (row[0] for row in documents):
        assert symbol in whole
        mine = [row for row in paragraphs if row[0] == symbol]
        assert mine == [row for row in uninterrupted[1] if row[0] == symbol]

    site.manage("import_documents", str(many_files))
    assert rows(site.database) == uninterrupted


def test_ctrl_c_ends_a_command_with_one_line(tmp_path):
    """No traceback: what was finished is stored, and the same command finishes the rest."""
    lines = [
        "import sys, manage",
        "def interrupted(): raise KeyboardInterrupt",
        "manage.main = interrupted",
        "manage.run()",
    ]
    ended = subprocess.run(  # noqa: S603  our own interpreter and code
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 130
    assert "已中断" in ended.stderr
    assert "Traceback" not in ended.stderr
