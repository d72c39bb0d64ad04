"""The dump: whole, reproducible, offered with its checksum, and nothing else of the disk."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
from contextlib import closing
from hashlib import sha256

import pytest
from django.core.management import call_command

from archive.export.dump import read_manifest, write_dump
from archive.export.tables import TABLES
from archive.models import Document, IssuedText, Paragraph
from archive.site.views import dump_files
from archive.store.revision import current_revision
from tests.tools.factories import block, parsed, store
from tests.tools.pages import page

pytestmark = pytest.mark.django_db

FILES = ("documents.jsonl.gz", "archive.sqlite3", "dump.json")


@pytest.fixture
def dump(settings, tmp_path):
    """A folder for the dump; nothing is written yet."""
    settings.OPEN_DATA_DIR = tmp_path / "dump"
    return settings.OPEN_DATA_DIR


def test_every_document_is_a_line_as_its_twin(client, bundled_documents, dump):
    write_dump(dump)
    with gzip.open(dump / FILES[0]) as file:
        lines = [json.loads(line) for line in file]
    assert [line["document"]["symbol"] for line in lines] == sorted(bundled_documents)
    for line in lines:
        assert line == client.get(f"/{line['document']['symbol']}.json").json()


def test_the_tables_have_every_row(bundled_documents, dump):
    write_dump(dump)
    wanted = {table.dumped_as or table.name: table.model for table in TABLES if not table.private}
    with closing(sqlite3.connect(dump / FILES[1])) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        held = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert held == set(wanted)
        for name, model in wanted.items():
            assert database.execute(f"SELECT count(*) FROM {name}").fetchone() == (model.objects.count(),)
        texts = database.execute("SELECT text FROM paragraphs ORDER BY symbol, position").fetchall()
        stored = Paragraph.objects.order_by("document__symbol", "position").values_list("text")
        assert texts == list(stored)


def test_every_document_and_the_dump_say_their_revision(client, bundled_documents, dump):
    write_dump(dump)
    told = {symbol: client.get(f"/{symbol}.json").json()["revision"] for symbol in bundled_documents}
    with sqlite3.connect(dump / FILES[1]) as database:
        assert dict(database.execute("SELECT symbol, revision FROM documents")) == told
        first = dict(database.execute("SELECT symbol, max(since_revision) FROM issued_texts GROUP BY symbol"))
    assert all(told[symbol] >= revision for symbol, revision in first.items())
    rows = csv.DictReader(io.StringIO(client.get("/documents.csv").getvalue().decode("utf-8-sig")))
    assert {row["文号"]: int(row["改动版次"]) for row in rows} == told
    manifest = client.get("/data.json").json()["dump"]
    assert manifest["revision"] == str(current_revision())
    changed = Document.objects.get(symbol="S/2010/52")
    fourteen = Paragraph.objects.filter(document=changed, anchor="annex.14")
    fourteen.update(text=f"{fourteen.get().text}改了。")
    after = client.get("/S/2010/52.json").json()["revision"]
    assert after > max(told.values())
    assert client.get("/CD/2118.json").json()["revision"] == told["CD/2118"]


def test_the_tables_declare_what_their_rows_name_and_it_is_all_there(bundled_documents, dump):
    write_dump(dump)
    with closing(sqlite3.connect(dump / FILES[1])) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        declared = {}
        for (table,) in database.execute("SELECT name FROM sqlite_master").fetchall():
            for key, _place, other, column, *_more in database.execute(f"PRAGMA foreign_key_list({table})"):
                declared.setdefault((table, key, other), []).append(column)
        found = {(table, other, tuple(columns)) for (table, _key, other), columns in declared.items()}
        assert found == set(REFERENCES)
        # … and would be missed: rows of what is not there are refused by whoever loads the file
        database.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError), database:
            database.execute("UPDATE paragraphs SET state = 'XXX' WHERE symbol = 'S/2010/52'")


DOCUMENT, PARAGRAPH = ("symbol", "language"), ("symbol", "language", "anchor")
REFERENCES = [
    ("aliases", "documents", DOCUMENT),
    ("bodies", "bodies", ("parent",)),
    ("body_mentions", "bodies", ("body",)),
    ("body_mentions", "paragraphs", PARAGRAPH),
    ("documents", "bodies", ("body",)),
    ("documents", "states", ("state",)),
    ("mentions", "paragraphs", PARAGRAPH),
    ("own_references", "paragraphs", PARAGRAPH),
    ("own_references", "paragraphs", ("symbol", "language", "held_anchor")),
    ("paragraphs", "bodies", ("body",)),
    ("paragraphs", "documents", DOCUMENT),
    ("paragraphs", "paragraphs", ("symbol", "language", "parent")),
    ("paragraphs", "states", ("state",)),
    ("pinpoints", "mentions", (*PARAGRAPH, "start", "end", "cited")),
    ("second_originals", "documents", DOCUMENT),
    ("state_mentions", "paragraphs", PARAGRAPH),
    ("state_mentions", "states", ("state",)),
    ("theme_mentions", "paragraphs", PARAGRAPH),
    ("theme_mentions", "themes", ("theme",)),
    ("treaty_mentions", "paragraphs", PARAGRAPH),
    ("treaty_mentions", "treaties", ("treaty",)),
]


def test_rows_name_each_other_as_documents_do(bundled_documents, dump):
    """ "Which paragraphs cite paragraph 8 of resolution 1810?" without any key of ours."""
    write_dump(dump)
    with closing(sqlite3.connect(dump / FILES[1])) as database:
        rows = database.execute(
            "SELECT symbol, anchor FROM pinpoints WHERE cited = 'S/RES/1810(2008)' AND cited_anchor = '8'"
        ).fetchall()
    assert ("S/2010/52", "u1") in rows


def test_the_same_archive_gives_the_same_bytes(bundled_documents, dump, tmp_path):
    write_dump(dump)
    write_dump(tmp_path / "again")
    for name in FILES:
        assert (dump / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert sorted(path.name for path in dump.iterdir()) == sorted(FILES)  # nothing is left over


def test_earlier_words_are_told_with_their_dates_and_what_became_of_them(db, dump):
    store(parsed("S/2031/1", ("1", "先前的文字"), ("2", "留下的文字")))
    store(parsed("S/2031/1", ("1", "现在的文字"), ("2", "留下的文字")))
    write_dump(dump)
    with closing(sqlite3.connect(dump / FILES[1])) as database:
        rows = database.execute(
            "SELECT anchor, number, text, ending, until IS NULL FROM issued_texts ORDER BY 1, 2"
        ).fetchall()
    assert rows == [
        ("1", 1, "先前的文字", "edited", 0), ("1", 2, "现在的文字", "", 1), ("2", 1, "留下的文字", "", 1),
    ]  # fmt: skip


def test_words_that_the_law_forbids_to_show_are_in_no_dump(db, dump):
    store(parsed("S/2031/1", block("1", "不再显示的文字")))
    store(parsed("S/2031/1", block("1", "现在的文字")))
    IssuedText.objects.exclude(until=None).update(withheld=True)
    write_dump(dump)
    assert "不再显示" not in gzip.decompress((dump / FILES[0]).read_bytes()).decode()
    assert "不再显示".encode() not in (dump / FILES[1]).read_bytes()


def test_the_command_says_what_it_wrote(bundled_documents, dump, capsys):
    call_command("export_dump")
    said = capsys.readouterr().out
    for file in read_manifest(dump).files:
        assert file.sha256 in said
        assert sha256((dump / file.name).read_bytes()).hexdigest() == file.sha256


def test_the_page_offers_the_dump_with_date_and_checksum(client, bundled_documents, dump):
    manifest = write_dump(dump)
    tree = page(client, "/data")
    for file in manifest.files:
        assert file.sha256 in tree.text
        response = client.get(f"/data/{file.name}")
        content = b"".join(response.streaming_content)
        assert sha256(content).hexdigest() == file.sha256
        assert int(response["Content-Length"]) == file.bytes == len(content)
    twin = client.get("/data.json").json()["dump"]
    assert [file["sha256"] for file in twin["files"]] == [file.sha256 for file in manifest.files]
    assert twin["changed"] == manifest.changed


def test_a_dump_is_sent_as_it_is_never_compressed_again(client, bundled_documents, dump):
    write_dump(dump)
    response = client.get("/data/documents.jsonl.gz", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in response
    response.close()


RANGES = [
    # Range, status, bytes that are sent, of 1,000
    (None, 200, range(1000)),
    ("bytes=0-", 206, range(1000)),
    ("bytes=0-0", 206, range(1)),
    ("bytes=10-19", 206, range(10, 20)),
    ("BYTES=10-19", 206, range(10, 20)),
    ("bytes=990-5000", 206, range(990, 1000)),
    ("bytes=-10", 206, range(990, 1000)),
    ("bytes=-5000", 206, range(1000)),
    ("bytes=999-", 206, range(999, 1000)),
    ("bytes=1000-", 416, None),
    ("bytes=5000-6000", 416, None),
    ("bytes=-0", 416, None),
    ("bytes=20-10", 200, range(1000)),  # no range
    ("bytes=0-1,5-6", 200, range(1000)),  # several: the whole is an answer, too
    ("bytes=-", 200, range(1000)),
    ("bytes=a-b", 200, range(1000)),
    ("lines=0-1", 200, range(1000)),
    ("", 200, range(1000)),
    (f"bytes={'9' * 5000}-", 200, range(1000)),
]


def write_manifest(dump):
    content = (dump / FILES[0]).read_bytes()
    file = {"name": FILES[0], "bytes": len(content), "sha256": sha256(content).hexdigest()}
    told = {"changed": None, "counts": {}, "files": [file], "withheld": ""}
    (dump / "dump.json").write_text(json.dumps(told))


@pytest.fixture
def small(dump):
    """A dump of which one file has 1,000 known bytes."""
    dump.mkdir()
    content = bytes(number % 251 for number in range(1000))
    (dump / FILES[0]).write_bytes(content)
    write_manifest(dump)
    return content


@pytest.mark.parametrize(("asked", "status", "sent"), RANGES)
def test_a_part_of_the_dump_is_sent_where_it_is_asked_for(client, db, small, asked, status, sent):
    response = client.get(f"/data/{FILES[0]}", headers={} if asked is None else {"range": asked})
    content = response.getvalue()
    assert (response.status_code, response["Accept-Ranges"]) == (status, "bytes")
    assert response["ETag"] == f'"{sha256(small).hexdigest()}"'
    if status == 416:
        assert response["Content-Range"] == "bytes */1000"
        return
    assert content == small[sent.start : sent.stop]
    assert int(response["Content-Length"]) == len(content)
    told = response.get("Content-Range")
    assert told == (f"bytes {sent.start}-{sent.stop - 1}/1000" if status == 206 else None)


def test_a_download_that_broke_off_goes_on_whatever_else_changed(client, db, small):
    """Also behind a change of the archive and a midnight; not where the file itself is another."""
    address = f"/data/{FILES[0]}"
    first = client.get(address)
    store(parsed("S/2031/1", ("1", "新来的文字")))
    asked = {"range": "bytes=400-", "if-range": first["ETag"]}
    rest = client.get(address, headers=asked)
    assert (rest.status_code, first.getvalue()[:400] + rest.getvalue()) == (206, small)
    matched = client.get(address, headers=asked | {"if-match": first["ETag"]})
    assert (matched.status_code, matched.getvalue()) == (206, small[400:])
    for other in ('"another"', f"W/{first['ETag']}", "Sun, 22 Nov 2026 20:00:00 GMT"):
        whole = client.get(address, headers=asked | {"if-range": other})
        assert (whole.status_code, whole.getvalue()) == (200, small)
    assert (
        client.get(address, headers={"if-none-match": first["ETag"], "range": "bytes=1-"}).status_code == 304
    )
    assert client.get(address, headers={"if-match": '"another"'}).status_code == 412
    head = client.head(address, headers={"range": "bytes=1-5"})
    assert (head.status_code, head["Content-Length"], head.getvalue()) == (200, "1000", b"")


def test_a_dump_that_is_put_in_place_under_a_request_is_not_sent_for_the_old_one(
    client, db, dump, small, monkeypatch
):
    """Else the bytes of two dumps made one file, below the checksum of the first."""
    address = f"/data/{FILES[0]}"

    def after(change):
        def asked_range(*asked):
            change()
            return range_of_dump(*asked)

        monkeypatch.setattr(dump_files, "asked_range", asked_range)

    def another():
        (dump / FILES[0]).write_bytes(small[::-1])
        write_manifest(dump)

    range_of_dump = dump_files.asked_range
    for change in (another, lambda: (dump / FILES[0]).unlink()):
        after(change)
        response = client.get(address, headers={"range": "bytes=1-"})
        assert (response.status_code, response["Retry-After"], "ETag" in response) == (503, "1", False)
        assert "正在更换" in response.content.decode()
        after(lambda: None)
        if change is another:
            assert client.get(address).getvalue() == small[::-1]


def test_a_part_is_not_sent_of_a_dump_that_is_not_clean(client, db, dump):
    store(parsed("S/2031/1", block("1", "不再显示的文字")))
    write_dump(dump)
    IssuedText.objects.update(withheld=True)
    assert client.get(f"/data/{FILES[0]}", headers={"range": "bytes=0-9"}).status_code == 503


def test_without_a_dump_the_page_says_what_there_is_and_shows_no_command(client, bundled_documents, dump):
    tree = page(client, "/data")
    assert "还没有制作整库文件" in tree.text and "各个列表" in tree.text
    assert "manage.py" not in tree.text
    assert client.get("/data.json").json()["dump"] is None
    assert client.get("/data/archive.sqlite3").status_code == 404


def test_a_new_dump_makes_the_page_new(client, bundled_documents, dump):
    before = client.get("/data")["ETag"]
    write_dump(dump)
    assert client.get("/data")["ETag"] != before


@pytest.mark.parametrize(
    "name", ["..%2farchive.sqlite3", "../archive.sqlite3", "dump.json%00", ".writing", "x"]
)
def test_nothing_else_of_the_disk_is_offered(client, bundled_documents, dump, name):
    write_dump(dump)
    (dump / "x").write_text("x")
    assert client.get(f"/data/{name}").status_code == 404


@pytest.mark.parametrize("damage", ["{", "[]", '{"files": [{"name": "../x"}]}'])
def test_a_manifest_that_cannot_be_read_is_none(dump, damage):
    dump.mkdir()
    (dump / "dump.json").write_text(damage)
    assert read_manifest(dump) is None


def test_a_dump_with_a_file_cut_short_is_not_offered(bundled_documents, dump):
    write_dump(dump)
    (dump / FILES[1]).write_bytes(b"x")
    assert read_manifest(dump) is None
