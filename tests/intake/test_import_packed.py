"""``import_documents`` of archives: what is in them comes in, what cannot is named with the reason."""

from __future__ import annotations

import csv
import gc
import gzip
import io
import json
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.intake.importing import ImportBatch, packed
from archive.models import Document, ImportOutcome, IssuedText, Mention, Paragraph, SourceFile
from archive.store.derived import MARK, building
from archive.store.ingest.values import Source
from tests.tables import each_row

from .test_import_documents import run, symbols, write

pytestmark = pytest.mark.django_db


def text(number: int) -> bytes:
    return f"S/2020/{number}\n\n1. 回顾第1540(2004)号决议第{number}段。\n".encode()


def zipped(path: Path, members: dict[str, bytes], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", **options) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def tarred(path: Path, members: dict[str, bytes | tarfile.TarInfo], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as file:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                file.addfile(content)
            else:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                file.addfile(member, io.BytesIO(content))
    return path


def link(name: str, kind: bytes = tarfile.SYMTYPE, to: str = "/etc/passwd") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, to
    return member


def inner(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as one:
        for name, content in members.items():
            one.writestr(name, content)
    return file.getvalue()


TOML = b'symbol = "S/2020/9"\n'
BODY = "1. 甲。\n".encode()
WHOLE = [
    # how it is made, symbols, remark
    (lambda f: zipped(f / "a.zip", {"1.txt": text(1), "b/c/2.md": text(2)}), "1 2", "folders in a zip"),
    (lambda f: zipped(f / "a.zip", {"x.txt": BODY, "x.toml": TOML}), "9", "a sidecar in a zip"),
    (lambda f: tarred(f / "a.tar.gz", {"x.toml": TOML, "x.txt": BODY}), "9", "a sidecar before its file"),
    (lambda f: tarred(f / "a.tar", {"1.txt": text(1), "b/2.txt": text(2)}, "w"), "1 2", "a plain tar"),
    (lambda f: tarred(f / "a.tar.xz", {"1.txt": text(1)}, "w:xz"), "1", "by xz"),
    (lambda f: tarred(f / "a.tbz2", {"1.txt": text(1)}, "w:bz2"), "1", "by bzip2"),
    (lambda f: tarred(f / "a.tgz", {"x" * 90 + "/" + "y" * 90 + ".txt": text(1)}), "1", "a long name"),
    (lambda f: tarred(f / "a.tgz", {f"{at}.txt": text(at).ljust(512) for at in (1, 2)}), "1 2", "full"),
    (lambda f: zipped(f / "a.zip", {"b.zip": inner({"1.txt": text(1)}), "2.md": text(2)}), "1 2", "nested"),
    (lambda f: zipped(f / "noname", {"1.txt": text(1)}), "1", "told by its bytes"),
    (lambda f: zipped(f / "a.zip", {"a\\b\\1.txt": text(1)}), "1", "the separators of Windows"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "expected", "remark"), WHOLE, ids=[row[2] for row in WHOLE])
def test_what_is_in_an_archive_comes_in(tmp_path, make, expected, remark):
    out, err, failed = run(make(tmp_path))
    assert symbols() == [f"S/2020/{number}" for number in expected.split()]
    assert not failed and not err
    assert list(tmp_path.rglob("*.txt")) == [], "nothing is unpacked beside it"
    assert "不变" in run(next(tmp_path.iterdir()))[0], "a second time nothing is done"


def test_archives_lie_in_folders_beside_files(tmp_path):
    write(tmp_path / "1.txt", text(1).decode())
    zipped(tmp_path / "b.zip", {"2.txt": text(2)})
    out, err, failed = run(tmp_path)
    assert symbols() == ["S/2020/1", "S/2020/2"] and not failed and not err
    assert "新建 2" in out


NAMED = "名称指向压缩包之外"


@pytest.mark.parametrize("make", [zipped, tarred])
@each_row("ASIDE")
def test_a_member_that_is_left_aside_is_named_and_the_rest_comes_in(tmp_path, make, name, reason):
    folder = tmp_path / "in"
    folder.mkdir()
    out, err, failed = run(make(folder / "a.zip", {name: text(7), "1.txt": text(1)}))
    assert symbols() == ["S/2020/1"] and not failed
    assert "未读取" in err and reason in err and name[-5:] in err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "in"]


KINDS = [
    (link("x.txt"), "链接"),
    (link("x.txt", tarfile.LNKTYPE, "1.txt"), "链接"),
    (link("x.txt", tarfile.CHRTYPE), "不是普通文件"),
    (link("x.txt", tarfile.FIFOTYPE), "不是普通文件"),
]


@pytest.mark.parametrize(("member", "reason"), KINDS)
def test_links_and_devices_of_a_tar_are_left_aside(tmp_path, member, reason):
    _out, err, failed = run(tarred(tmp_path / "a.tgz", {"x": member, "1.txt": text(1)}))
    assert symbols() == ["S/2020/1"] and not failed and "x.txt" in err and reason in err


def test_links_of_a_zip_and_rare_methods_are_left_aside(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        member = zipfile.ZipInfo("x.txt")
        member.external_attr = 0o120777 << 16
        file.writestr(member, "/etc/passwd")
        file.writestr("y.txt", text(7), compress_type=zipfile.ZIP_LZMA)
        file.writestr("1.txt", text(1))
    _out, err, failed = run(path)
    assert symbols() == ["S/2020/1"] and not failed
    assert "a.zip/x.txt：这是链接" in err and "a.zip/y.txt：压缩方法不常见" in err


def test_two_members_of_one_name_are_not_one(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file, pytest.warns(UserWarning):
        file.writestr("1.txt", text(1))
        file.writestr("1.txt", text(2))
    _out, err, _failed = run(path)
    assert symbols() == ["S/2020/1"] and "同名" in err


def test_names_that_do_not_say_their_encoding_are_those_of_their_country(tmp_path):
    path = zipped(tmp_path / "a.zip", {"@@@@.txt": text(1)})
    path.write_bytes(path.read_bytes().replace(b"@@@@", "照会".encode("gb18030")))
    run(path)
    assert Document.objects.get().source.name == "照会.txt"


BROKEN = [
    # what is wrong, how to make it, what still comes in, part of the message
    ("cut off zip", lambda f: zipped(f / "a.zip", {"1.txt": text(1)}), lambda b: b[:-30], [], "损坏"),
    ("no archive", lambda f: write(f / "a.zip", "PK\x03\x04 nothing"), lambda b: b, [], "损坏"),
    ("gzip of no tar", lambda f: write(f / "a.gz", "x" * 600), gzip.compress, [], "tar"),
    (
        "cut off tar",
        lambda f: tarred(f / "a.tar", {"1.txt": text(1), "2.txt": text(2) + b"\n" * 9000}, "w"),
        lambda b: b[:4000],
        ["S/2020/1"],
        "损坏",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("remark", "make", "spoil", "left", "message"), BROKEN, ids=[row[0] for row in BROKEN]
)
def test_a_damaged_archive_is_refused_and_what_is_whole_comes_in(
    tmp_path, remark, make, spoil, left, message
):
    path = make(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))
    _out, err, failed = run(path)
    assert failed and message in err and path.name in err
    assert symbols() == left


@pytest.mark.parametrize(
    "make",
    [
        lambda f: zipped(f / "a.zip", {"x.txt": b"\0" * 3_000_000}, compression=zipfile.ZIP_DEFLATED),
        lambda f: tarred(f / "a.tgz", {"x.txt": b"\0" * 3_000_000}),
        lambda f: zipped(f / "a.zip", {"b.zip": inner({"x.txt": b"\0" * 3_000_000})}, compression=8),
    ],
    ids=["zip", "tar", "nested"],
)
def test_a_bomb_is_refused(tmp_path, monkeypatch, make):
    monkeypatch.setattr(packed, "FREE", 1_000_000)
    monkeypatch.setattr(packed, "MOST_RATIO", 20)
    _out, err, failed = run(make(tmp_path))
    assert failed and "解开后过大" in err


def test_a_header_that_says_it_is_long_is_not_read_whole(tmp_path):
    member = tarfile.TarInfo("x")
    member.type, member.size = tarfile.XHDTYPE, 30_000_000
    path = tmp_path / "a.tar"
    path.write_bytes(member.tobuf(tarfile.USTAR_FORMAT) + b"\0" * 30_000_512)
    _out, err, failed = run(path)
    assert failed and "tar" in err


def test_too_many_members_and_too_many_layers_are_refused(tmp_path, monkeypatch):
    content = inner({"1.txt": text(1)})
    for _layer in range(4):
        content = inner({"a.zip": content})
    (tmp_path / "deep.zip").write_bytes(content)
    _out, err, failed = run(tmp_path / "deep.zip")
    assert failed and "层数过多" in err and symbols() == []
    monkeypatch.setattr(packed, "MOST_MEMBERS", 3)
    _out, err, failed = run(zipped(tmp_path / "many.zip", {f"{at}.txt": text(at) for at in range(9)}))
    assert failed and "所含文件过多" in err


# --- the report ---


def rows(path: Path) -> list[tuple[str, str, str, str]]:
    if path.suffix == ".json":
        found = json.loads(path.read_text("utf-8"))
    else:
        found = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert all(float(row["seconds"]) >= 0 for row in found)
    return [(Path(row["path"]).name, row["outcome"], row["symbol"], row["reason"][:8]) for row in found]


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    write(folder / "1.txt", text(1).decode())
    write(folder / "2.txt", text(1).decode())
    write(folder / "3.txt", "1. 甲。\n")
    write(folder / "4.png", "")
    zipped(folder / "5.zip", {"6.txt": text(6), "../7.txt": text(7)})
    return folder


@pytest.mark.parametrize("name", ["report.csv", "report.json", "R.JSON"])
def test_the_report_has_a_row_for_each_file(tmp_path, folder, name):
    out, _err, failed = run(folder, report=str(tmp_path / name))
    assert failed and "新建 2  更新 0  不变 0  拒收 1  重复 1  未读取 2" in out
    assert rows((tmp_path / name).rename(tmp_path / name.lower())) == [
        ("7.txt", "not_read", "", "名称指向压缩包之"),
        ("4.png", "not_read", "", "从名称看不是文字"),
        ("1.txt", "created", "S/2020/1", ""),
        ("2.txt", "duplicate", "S/2020/1", "与" + str(folder)[:7]),
        ("3.txt", "refused", "", "正文和附带的元数"),
        ("6.txt", "created", "S/2020/6", ""),
    ]


def test_a_report_that_cannot_be_written_is_told_before_anything_is_done(tmp_path, folder):
    for name in ("report.txt", "nowhere/report.csv"):
        _out, err, failed = run(folder, report=str(tmp_path / name))
        assert failed and "报告写不了" in err and symbols() == []


@pytest.mark.parametrize("name", ["report.csv", "report.json"])
def test_ctrl_c_leaves_whole_documents_and_a_whole_report(tmp_path, folder, monkeypatch, name):
    take = ImportBatch.import_path

    def broken_off(self, path: Path, *shown: str):
        if path.name == "6.txt":
            raise KeyboardInterrupt
        return take(self, path, *shown)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(ImportBatch, "import_path", broken_off)
        run(folder, report=str(tmp_path / name))
    assert [row[1] for row in rows(tmp_path / name)] == ["not_read"] * 2 + ["created", "duplicate", "refused"]
    assert symbols() == ["S/2020/1"]
    out, _err, _failed = run(folder)
    assert "新建 1  更新 0  不变 1" in out, "goes on where it stopped"


def test_a_duplicate_is_shown_beside_its_original_every_time(folder):
    (folder / "3.txt").unlink()
    for _time in range(2):
        out, err, failed = run(folder)
        assert not failed and "重复 S/2020/1（2.txt）：与" in out and "1.txt内容相同" in out
    assert Document.objects.get(symbol="S/2020/1").source.name == "1.txt"


def test_a_run_keeps_little_of_each_document():
    """What a run remembers of a document is a few names, not what it parsed or stored."""

    def remembered() -> int:
        """How many values the run leads to, names of classes and functions aside."""
        found, left = {id(batch): batch}, [batch]
        while left:
            for value in gc.get_referents(left.pop()):
                if id(value) not in found and not isinstance(value, type | ModuleType | FunctionType):
                    found[id(value)] = value
                    left.append(value)
        return len(found)

    batch, kept = ImportBatch(), []
    for number in range(1, 16):
        assert batch.import_source(document(number, 3)).symbol
        if number % 5 == 0:
            kept.append(remembered())
    assert kept[2] - kept[1] <= 5 * 10, kept


def test_the_folder_of_a_killed_run_is_removed_by_the_next_and_that_of_a_living_one_is_not(
    tmp_path, monkeypatch
):
    temporary = tmp_path / "temporary"
    (temporary / f".archive-import{MARK}killed").mkdir(parents=True)
    (temporary / "archive-import-another-program").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with building(temporary / "archive-import") as living:
        archive = zipped(tmp_path / "a.zip", {"S_2020_1.txt": text(1)})
        assert not run(archive, no_index=True)[2]
        left = {path.name for path in temporary.iterdir()}
        assert left == {living.name, "archive-import-another-program"}


# --- Importing by the hundred: what a document costs does not grow with its length or with the archive ---


AT_MOST = 45


def document(number: int, paragraphs: int) -> Source:
    """A document whose paragraphs cite, name a State and a body, and stand under a heading."""
    words = "回顾第1540(2004)号决议第3段，古巴代表向1540委员会提交了报告"
    body = "\n\n".join(f"{at}. {words}，第{number}号。" for at in range(1, paragraphs + 1))
    return Source(f"{number}.txt", f"一、概况\n\n{body}\n".encode(), f'symbol = "S/2020/{number}"\n')


def statements(source: Source) -> Counter:
    """How often each kind of statement was asked to import ``source``."""
    batch = ImportBatch()
    with CaptureQueriesContext(connection) as asked:
        assert batch.import_source(source).symbol
    return Counter(query["sql"].split()[0] for query in asked)


def test_queries_for_a_new_document_do_not_depend_on_its_length():
    statements(document(1, 2))  # what is read once is read
    short, long = statements(document(2, 3)), statements(document(3, 60))
    assert short["SELECT"] == long["SELECT"], (short, long)
    assert short["UPDATE"] == long["UPDATE"] and short["DELETE"] == long["DELETE"] == 0
    assert short.total() <= AT_MOST
    assert long["INSERT"] - short["INSERT"] <= 60 * 7 / 30, "many rows a statement"


def test_a_hundredth_document_costs_what_the_tenth_does():
    costs = [statements(document(number, 2)).total() for number in range(1, 40)]
    assert costs[9] == costs[-1]


QUESTIONS = [
    # what each import asks, the table that it must not pass over, remark
    (lambda: SourceFile.objects.filter(sha256="0", name="a"), "archive_sourcefile", "these bytes"),
    (
        lambda: ImportOutcome.objects.filter(file_name="a").order_by("-pk"),
        "archive_importoutcome",
        "a refusal",
    ),
    (lambda: Document.objects.filter(source__in=[1], language="zh"), "archive_document", "read before"),
    (lambda: Mention.objects.filter(symbol__in=["S/1"]).order_by("pk"), "archive_mention", "who names it"),
    (lambda: Mention.objects.filter(paragraph__document=1).order_by("pk"), "archive_mention", "its own"),
    (lambda: Mention.objects.filter(target=1).order_by("pk"), "archive_mention", "who leads to it"),
    (lambda: Paragraph.objects.filter(document=1), "archive_paragraph", "its paragraphs"),
    (lambda: IssuedText.objects.filter(symbol="S/1", language="zh"), "archive_issuedtext", "what was public"),
]


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the plan of an empty table on PostgreSQL is a pass"
)
@pytest.mark.parametrize(("ask", "table", "remark"), QUESTIONS, ids=[row[2] for row in QUESTIONS])
def test_no_question_of_an_import_passes_over_a_table(ask, table, remark):
    plan = ask().explain()
    assert f"SCAN {table}" not in plan, plan
