"""What a file, a name or a fact must not be able to do on its way into the archive."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from archive.intake.importing import printable
from archive.models import Document, DroppedLine, ImportOutcome, Paragraph
from archive.store.ingest.checks import LONGEST_FACT, LONGEST_TITLE
from archive.store.ingest.facts import correct_document
from archive.store.ingest.values import RefusedError
from archive.text.errors import SidecarError, UnreadableSourceError
from archive.text.reader import LARGEST_SOURCE, MOST_LINES, decode_source, read_source
from archive.text.sidecar import LARGEST_SIDECAR, read_sidecar
from archive.text.typography import INVISIBLE
from tests.tables import each_row
from tests.tools.factories import block, parsed, store, stored

from .test_import_documents import run, symbols, write

# --- years ---


@pytest.mark.django_db
@each_row("YEARS")
def test_a_year_that_no_document_has_is_refused(tmp_path, line, named, remark):
    path = write(tmp_path / "a.txt", "1. 甲。\n")
    path.with_suffix(".toml").write_text(f'symbol = "S/2020/1"\n{line}\n', "utf-8")
    _, err, failed = run(path)
    assert failed and named in err and "年份不可能" in err and "程序出错" not in err
    assert not Document.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["1900-01-01", "2099-12-31"])
def test_the_years_at_the_ends_are_taken(day):
    assert stored(parsed("S/2020/1", ("1", "甲。"), date=day)).year == int(day[:4])


@pytest.mark.django_db
@pytest.mark.parametrize("symbol", ["A/999/1", "EU:(CFSP)9999/1", "EU:(CFSP)0/0"])
def test_a_symbol_that_tells_an_impossible_year_is_refused(symbol):
    with pytest.raises(RefusedError, match="不可能"):
        store(parsed(symbol, ("1", "甲。")))


@pytest.mark.django_db
def test_a_correction_is_held_to_the_same_years():
    document = stored(parsed("S/2020/1", ("1", "甲。")))
    with pytest.raises(RefusedError, match="年份不可能"):
        correct_document(document, {"date": "3016-06-22"})


@pytest.mark.django_db
@pytest.mark.parametrize("year", [1, 9999])
def test_years_that_an_earlier_release_let_in_break_no_page(client, year):
    stored(parsed("S/2020/1", ("1", "甲。")))
    Document.objects.update(year=year, sort_date=f"{year:04d}-06-22")
    for address in (
        "/years",
        "/years.json",
        "/sitemap.xml",
        f"/years/{year:04d}",
        "/documents",
        "/documents.atom",
        "/",
    ):
        assert client.get(address).status_code == 200, address
    sections = ElementTree.fromstring(client.get("/sitemap.xml").content).iter()
    addresses = [item.text for item in sections if item.tag.endswith("loc")]
    for address in addresses:
        if not re.search("/(?:concepts|states|bodies|treaties)/", address):
            assert client.get(address.partition("testserver")[2]).status_code == 200, address


@pytest.mark.django_db
def test_a_date_misprinted_in_a_reply_sorts_nothing():
    from archive.text.parsed import Submitter

    row = block("u1", "甲。", submitter=Submitter("古巴", None, "3019-04-26"))
    assert stored(parsed("A/74/140", row)).year == 2019


# --- lengths ---


@pytest.mark.django_db
def test_titles_and_names_have_the_length_of_titles_and_names():
    from archive.text.parsed import Speaker

    stored(parsed("S/2020/1", ("1", "甲。"), title="题" * LONGEST_TITLE, sender="古" * LONGEST_FACT))
    for fact, longest, label in (("title", LONGEST_TITLE, "标题"), ("sender", LONGEST_FACT, "发文方")):
        with pytest.raises(RefusedError, match=f"{label}有{longest + 1}字"):
            store(parsed("S/2020/2", ("1", "甲。"), **{fact: "题" * (longest + 1)}))
    with pytest.raises(RefusedError, match="段落1中的名称有200000字"):
        store(parsed("S/2020/2", block("1", "甲。", speaker=Speaker("名" * 200_000))))


# --- what lies in a folder ---


@pytest.mark.django_db
def test_what_is_not_read_is_named_and_counted(tmp_path):
    write(tmp_path / "a.txt", "1. 甲。\n", symbol="S/2020/1")
    for name in ("b.xlsx", "c.jpg", "alone.toml", ".hidden", "evil\x1b[2J\u202e.xls"):
        (tmp_path / name).write_bytes(b"")
    out, err, failed = run(tmp_path)
    assert not failed and "新建 1  更新 0  不变 0  拒收 0  未读取 4" in out
    assert all(name in err for name in ("b.xlsx", "c.jpg", "alone.toml")) and ".hidden" not in err
    assert "evil\\x1b[2J\\u202e.xls" in err and "\x1b" not in err and "a.toml" not in err
    out, _, _ = run(tmp_path)
    assert "没有改动：读取的文件都已在库中；另有4份未读取。" in out


@pytest.mark.django_db
def test_a_folder_of_other_files_only_is_refused_by_their_names(tmp_path):
    (tmp_path / "b.xlsx").write_bytes(b"PK")
    _, err, failed = run(tmp_path)
    assert failed and "其中1份不能读取：b.xlsx" in err


@pytest.fixture
def outside(tmp_path) -> Path:
    """A folder beside that which is given."""
    folder = tmp_path / "outside"
    folder.mkdir()
    write(folder / "secret.txt", "1. 密。\n", symbol="S/2020/9")
    given = tmp_path / "given"
    given.mkdir()
    write(given / "a.txt", "1. 甲。\n", symbol="S/2020/1")
    return folder


def _link(folder: Path, given: Path) -> None:
    (given / "link.txt").symlink_to(folder / "secret.txt")
    (given / "link.toml").write_text('symbol = "S/2020/9"')


SPECIAL = [
    # what is made in the folder, what is told, remark
    (_link, "指向所给文件夹之外", "a link to a file elsewhere"),
    (lambda folder, given: (given / "x.txt").symlink_to("x.txt"), "断开或绕圈", "a link to itself"),
    (lambda folder, given: (given / "x.txt").symlink_to("gone"), "断开或绕圈", "a link to nothing"),
    (lambda folder, given: (given / "x.txt").symlink_to("/dev/zero"), "文件夹之外", "a link to a device"),
    (lambda folder, given: os.mkfifo(given / "x.txt"), "不是普通文件", "a pipe that nobody writes to"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "told", "remark"), SPECIAL)
@pytest.mark.parametrize("given_as", ["", "*.txt", "*/*.txt"])
def test_nothing_outside_the_folder_is_read_and_nothing_is_waited_for(outside, make, told, remark, given_as):
    given = outside.parent / "given"
    make(outside, given)
    around = given_as.startswith("*/")  # then both folders lie in what is given
    _, err, failed = run(given.parent / given_as if around else given / given_as)
    if around and make is _link:
        assert not failed
    else:
        assert failed and told in err and "程序出错" not in err
    assert "S/2020/1" in symbols() and ("S/2020/9" in symbols()) == around


@pytest.mark.django_db
def test_a_linked_folder_is_named_and_not_entered(outside):
    given = outside.parent / "given"
    (given / "more").symlink_to(outside)
    (given / "round").symlink_to(given)
    out, err, failed = run(given)
    assert not failed and symbols() == ["S/2020/1"]
    assert "未读取 2" in out and "more" in err and "round" in err


@pytest.mark.django_db
def test_a_link_inside_the_folder_is_read(outside):
    given = outside.parent / "given"
    (given / "below").mkdir()
    (given / "below" / "same.txt").symlink_to("../a.txt")
    out, _, failed = run(given)
    assert not failed and "新建 1" in out, "one file, given twice"


SIDECARS = [
    (lambda path: path.symlink_to("/etc/hostname"), "文件夹之外", "a link elsewhere"),
    (lambda path: path.symlink_to(path.name), "断开或绕圈", "a link to itself"),
    (lambda path: os.mkfifo(path), "不是文件", "a pipe"),
    (lambda path: path.mkdir(), "附带的元数据", "a folder"),
    (lambda path: path.write_bytes(b"#" * (LARGEST_SIDECAR + 1)), "超过65536字节", "a huge one"),
    (lambda path: path.write_text("title = " + "[" * 30_000), "不是TOML", "lists in lists"),
    (lambda path: path.write_text("title = " + "{a=" * 9_000), "不是TOML", "tables in tables"),
    (lambda path: path.write_text("title = " + "9" * 9_000), "不是TOML", "a number without end"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "told", "remark"), SIDECARS)
def test_a_sidecar_that_is_none_refuses_its_source(tmp_path, make, told, remark):
    path = write(tmp_path / "S_2020_1.txt", "S/2020/1\n\n1. 甲。\n")
    make(path.with_suffix(".toml"))
    _, err, failed = run(tmp_path)
    assert failed and told in err and "程序出错" not in err
    with pytest.raises(CommandError):
        call_command("parse_document", str(path))


def test_a_list_of_symbols_has_an_end(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(f"other_symbols = {[f'A/1/{number}' for number in range(51)]}")
    with pytest.raises(SidecarError, match="at most 50"):
        read_sidecar(path)


def test_a_source_has_the_size_of_a_document(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST_SOURCE + 1)
    with pytest.raises(UnreadableSourceError, match="larger than 10,000,000 bytes"):
        read_source(path)
    with pytest.raises(UnreadableSourceError, match="no file"):
        read_source(Path("/dev/zero"))
    path.write_text("S/2020/1" + "\n甲" * (MOST_LINES + 1), "utf-8")
    with pytest.raises(UnreadableSourceError, match="more than 400,000 lines"):
        read_source(path)


# --- characters ---


@each_row("NUL")
@pytest.mark.parametrize("shift", ["", "x"])
def test_a_stray_nul_is_not_taken_for_utf16(shift, text, encoding, remark):
    content = f"{shift}{text}".encode(encoding)
    with pytest.raises(UnreadableSourceError, match="NUL"):
        decode_source("a.txt", content + b" " * (len(content) % 2))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["The Security Council,\nActing under Chapter VII\n", "上海 北京\n安理会\n"])
def test_utf16_without_mark_is_still_read(encoding, text):
    assert decode_source("a.txt", text.encode(encoding)).text == text


def test_what_can_turn_the_order_of_words_is_among_what_nobody_sees():
    bidi = {"\u061c", *map(chr, (*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))}
    assert bidi <= set(INVISIBLE)
    assert not any(char.isspace() for char in INVISIBLE)
    assert {unicodedata.category(char) for char in INVISIBLE} <= {"Cc", "Cf", "Cn", "Mn", "Lo"}


@pytest.mark.django_db
def test_marks_in_a_text_are_recorded_and_not_in_the_words(tmp_path, client):
    text = "1. 一\u2067二\u2069\x1b[2J三\x01\U000e0041。\n"
    run(write(tmp_path / "a.txt", text, symbol="S/2020/1"))
    assert Paragraph.objects.get().text == "一二[2J三。"
    line = DroppedLine.objects.get(reason="invisible mark")
    assert line.text == "U+2067 U+2069 U+001B U+0001 U+E0041"
    assert "U+2067" in client.get("/S/2020/1/dropped").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\u2066", "\x07"])
def test_facts_with_marks_that_nobody_sees_are_refused_by_their_number(tmp_path, mark):
    path = write(tmp_path / "a.txt", "1. 甲。\n")
    path.with_suffix(".toml").write_text(f'symbol = "S/2020/1"\ntitle = "题\\u{ord(mark):04x}目"\n', "utf-8")
    _, err, failed = run(path)
    assert failed and f"U+{ord(mark):04X}" in err and mark not in err
    document = stored(parsed("S/2020/1", ("1", "甲。")))
    with pytest.raises(RefusedError, match=f"标题中有看不见的字符U\\+{ord(mark):04X}"):
        correct_document(document, {"title": f"题{mark}目"})


NAMES = [
    ("a\u202etxt.md", "a\\u202etxt.md", "a name that reads backwards"),
    ("a\n.txt", "a\\n.txt", "a line of its own in the log"),
    ("a\udcff.txt", "a\\udcff.txt", "bytes that are no text"),
    ("报告 1.txt", "报告 1.txt", "a name as names are"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "shown", "remark"), NAMES)
def test_file_names_are_shown_as_what_they_are(tmp_path, name, shown, remark):
    assert printable(name) == shown
    (tmp_path / name).write_text("1. 甲。\n", "utf-8")
    _, err, failed = run(tmp_path)
    assert failed and shown in err, "no symbol, or no such name"
    assert ImportOutcome.objects.get().file_name.endswith(shown)
