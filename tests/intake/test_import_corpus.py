"""``import_corpus``: what comes in of a corpus file, what is left aside and why, and what its page says."""

from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
import zipfile

import docx
import pytest
from django.core.management import CommandError, call_command

from archive.intake import corpus
from archive.intake.importing import ImportBatch
from archive.intake.retirement import withdraw_document
from archive.models import CatalogueRecord, Document, ImportRun, IssuedText
from archive.store.ingest.facts import correct_document
from archive.text.sidecar import sidecar_of
from tests.tables import each_row, rows_from
from tests.tools.corpus_file import (
    COLUMNS,
    FAMILY,
    VERSION,
    WORDS,
    as_csv,
    family,
    layer,
    layers,
    member,
    operative,
    other_rows,
    row,
    symbol_of,
    without_hyphens,
    write_table,
    write_texts,
)

pytestmark = pytest.mark.django_db
FIRST = "S/RES/1540(2004)"
ENGLISH = "The Security Council, recalling the report of the Committee that is to be kept with the keys. " * 9


def run(*files: object, **options: object) -> tuple[str, str, bool]:
    """Standard output, standard error with the refusal, and whether the command failed."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_corpus", *map(str, files), stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}", True
    return out.getvalue(), err.getvalue(), False


def symbols() -> set[str]:
    return set(Document.objects.values_list("symbol", flat=True))


def doubts(symbol: str = FIRST) -> str:
    return json.dumps(Document.objects.get(symbol=symbol).doubts)


def the_ten() -> set[str]:
    return {symbol_of(number) for number in FAMILY}


# --- ten of ten ---


@pytest.mark.parametrize("name", ["table.zip", "table.csv"])
def test_ten_of_ten_with_their_operative_numbers(tmp_path, name):
    table = write_table(tmp_path / name, [*other_rows(200_000), *family()])
    texts = write_texts(tmp_path / "texts.zip", {member(number): layer(number) for number in FAMILY})
    out, err, failed = run(table, texts, family="1540")
    assert not failed and not err, err
    assert "新建 10" in out and "12行" in out
    for number in FAMILY:
        held = Document.objects.get(symbol=symbol_of(number))
        kinds = ("operative", "subparagraph")
        told = dict(held.paragraphs.filter(kind__in=kinds).values_list("anchor", "text"))
        assert told == operative(number)
        assert bytes(held.source.content) == layer(number).encode(), "the original is the layer"
        assert held.doubts == []


def test_the_page_says_where_the_text_is_from(client, tmp_path):
    run(write_table(tmp_path / "a.csv", [row(1540)]))
    page = client.get(f"/{FIRST}").content.decode()
    for told in (
        *("CR-UNSC", VERSION, "10.5281/zenodo.11212056", "Creative Commons Zero 1.0 Universal"),
        *("https://digitallibrary.un.org/record/520326", "S/2004/1540", "S/PV.4956", "15票赞成"),
        *("第4956次会议", Document.objects.get().source.sha256, "doors, keys and stores"),
    ):
        assert told in page, told


FROM_THE_ROW = [
    ({"version": "2031-01-01", "doi_version": "10.1/x", "license": "CC BY 4.0"}, ["2031-01-01", "CC BY 4.0"]),
    ({"version": None, "doi_version": None, "license": None}, ["版本未写明", "许可未写明"]),
    ({"url_record": "javascript:alert(1)", "url_res_zh": "x" * 3000}, ["CR-UNSC"]),
    ({"license": 'a"\nsymbol = "S/1'}, ['a" symbol = "S/1']),
]


@pytest.mark.parametrize(("changes", "told"), FROM_THE_ROW)
def test_provenance_is_what_the_row_says(tmp_path, changes, told):
    run(write_table(tmp_path / "a.csv", [row(1540, **changes)]))
    provenance = Document.objects.get(symbol=FIRST).provenance
    assert all(words in provenance for words in told) and "javascript" not in provenance


# --- in two languages ---

PAIRED = ("preambular", "operative", "subparagraph")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("both")
    return write_table(folder / "a.zip", family()), write_texts(folder / "t.zip", layers())


def test_ten_in_both_languages_pair_by_number(both):
    out, err, failed = run(*both, family="1540", languages=("zh", "en"))
    assert not failed and not err and "新建 20" in out and "10份英文本" in out
    for number in FAMILY:
        texts = {}
        for language in WORDS:
            held = Document.objects.get(symbol=symbol_of(number), language=language)
            rows = held.paragraphs.order_by("position").values_list("kind", "anchor", "text")
            texts[language] = [row for row in rows if row[0] in PAIRED]
            numbered = {anchor: text for kind, anchor, text in texts[language] if kind != "preambular"}
            assert numbered == operative(number, language) and held.doubts == []
            assert bytes(held.source.content) == layer(number, language).encode()
        assert [row[:2] for row in texts["zh"]] == [row[:2] for row in texts["en"]]
    assert "不变 20" in run(*both, family="1540", languages=("zh", "en"))[0]


REVISED = "data/res_en_gold/S_RES_0333_1973_EN_GOLD.txt"
OF_1973 = layer(1540, "en").replace("RES/1540 (2004)", "RES/333 (1973)").replace("Resolution 1540 (2004)", "")
OLD = {"res_no": "333", "symbol": "S/RES/333 (1973)", "year": "1973", "date": "2004-04-28"}
IN_ENGLISH = [
    ({}, {}, True, "", "the column “text”"),
    ({}, {member(1540, "en"): layer(1540, "en")}, True, member(1540, "en"), "the archive of texts"),
    ({"text": None}, {}, False, "没有英文本（NA）", "missing"),
    ({"text": layer(1540)}, {}, False, "text一列里不是英文，而是中文", "Chinese in its place"),
    ({"text": layer(1673, "en")}, {}, False, "S/RES/1673(2006)", "the layer of another resolution"),
    (OLD, {REVISED: OF_1973, member(1540, "en"): "x"}, True, REVISED, "revised by people, however early"),
]


@pytest.mark.parametrize(
    ("changes", "members", "taken", "said", "remark"), IN_ENGLISH, ids=[row[-1] for row in IN_ENGLISH]
)
def test_english_alone(tmp_path, changes, members, taken, said, remark):
    table = write_table(tmp_path / "a.csv", [row(1540, **changes)])
    texts = [write_texts(tmp_path / "t.zip", members)] if members else []
    out, err, failed = run(table, *texts, languages=("en",))
    held = list(Document.objects.values_list("language", "provenance"))
    assert [language for language, _provenance in held] == ["en"] * taken
    assert said in f"{out}{err}{held}" and "中文本" not in err


# --- traps, a row each ---

TRAPS = [
    *rows_from(__name__, "TRAPS"),
    ({"text_zh": ENGLISH}, False, "英文", False, "another language"),
    ({"text_zh": "Совет Безопасности ссылаясь на доклад " * 30}, False, "俄文", False, "another script"),
    ({"text_zh": layer(1673)}, False, "S/RES/1673(2006)", True, "the layer of another resolution"),
    ({"text_zh": "安全理事会的文字，" * 20 + "\x00"}, False, "NUL", True, "no text"),
    ({"text_zh": "安全理事会，\n" * 1_000_000}, False, "", True, "a layer longer than any document"),
]


@pytest.mark.parametrize(
    ("changes", "taken", "said", "fails", "remark"), TRAPS, ids=[trap[-1] for trap in TRAPS]
)
def test_traps(tmp_path, changes, taken, said, fails, remark):
    out, err, failed = run(write_table(tmp_path / "a.csv", [row(1540, **changes), row(1673)]))
    assert (FIRST in symbols(), failed) == (taken, fails), out + err
    assert "S/RES/1673(2006)" in symbols(), "the others go on"
    assert said in out + err
    if taken:
        assert said in doubts() if said else doubts() == "[]"


def test_what_the_layer_leaves_open_the_row_fills(tmp_path):
    bare = layer(1540).replace("联合国", "").replace("S/RES/1540 (2004)", "")
    bare = bare.replace("2004 年 4 月 28 日安全理事会第 4956 次会议通过", "").replace(
        "第 1540(2004)号决议\n", "\n"
    )
    run(write_table(tmp_path / "a.csv", [row(1540, text_zh=bare)]))
    held = Document.objects.get(symbol=FIRST)
    assert (held.meeting, str(held.meeting_date)) == ("4956", "2004-04-28")
    assert "symbol" in doubts(), "that the text does not name itself is said"


def test_the_layer_of_scans_is_left_aside_with_a_sentence(tmp_path):
    old = row(1540, symbol="S/RES/333 (1973)", res_no="333", year="1973", date="1973-05-22")
    out, err, failed = run(write_table(tmp_path / "a.csv", [old]))
    assert "第900号" in err and not failed and symbols() == set()


def test_two_rows_of_one_symbol_are_a_clash(tmp_path):
    rows = [row(1540), row(1673), row(1540, symbol="S/RES/1540 (2004)")]
    out, err, failed = run(write_table(tmp_path / "a.csv", rows))
    assert failed and "第2、4行" in err
    assert symbols() == {"S/RES/1673(2006)"}


def test_a_row_with_another_number_of_fields_is_named(tmp_path):
    table = tmp_path / "a.csv"
    lines = list(as_csv([row(1540), row(1673)]))
    table.write_text(lines[0] + "S,extra\n" + lines[1].replace("S,", "S,extra,", 1) + lines[2], "utf-8")
    out, err, failed = run(table)
    assert failed and symbols() == {"S/RES/1673(2006)"} and err.count("列") >= 2


def test_a_row_that_is_not_utf_8_is_named(tmp_path):
    table = tmp_path / "a.csv"
    lines = [line.encode() for line in as_csv([row(1540), row(1673)])]
    table.write_bytes(lines[0] + lines[1].replace("安全理事会".encode(), b"\xb0\xb2", 1) + lines[2])
    out, err, failed = run(table)
    assert failed and "UTF-8" in err and symbols() == {"S/RES/1673(2006)"}


# --- what file it is ---

META = [name for name in COLUMNS if name not in ("text", "text_zh", "text_draft", "text_meeting")]


def test_columns_by_name_the_absent_and_the_new_are_told(tmp_path):
    columns = [*reversed([name for name in COLUMNS if name not in ("draft", "version")]), "gender"]
    out, err, failed = run(write_table(tmp_path / "a.csv", [row(1540, gender="x")], columns))
    assert not failed and symbols() == {FIRST}
    assert "draft、version" in out and "gender" in out


def test_of_a_table_without_texts_the_words_are_those_of_the_archive(tmp_path):
    table = write_table(tmp_path / "meta.csv", [row(1540)], META)
    out, err, failed = run(table)
    assert failed and "text_zh" in err and "ALL_TXT" in err
    out, err, failed = run(table, write_texts(tmp_path / "t.zip", {member(1540): layer(1540)}))
    assert not failed and symbols() == {FIRST}


NO_TABLE = [
    ("a.csv", b"symbol;body;doctype;text_zh\nx;S;RES;y\n", "symbol", "another mark between fields"),
    ("a.csv", "文号,正文\n1,2\n".encode(), "symbol", "another table"),
    ("a.csv", b"", "symbol", "an empty file"),
    ("a.csv", "symbol,body,doctype,text_zh,symbol\n".encode("utf-16"), "symbol", "another encoding"),
    ("a.csv", b"symbol,body,doctype,text_zh,symbol\n", "symbol", "a column twice"),
    ("a.zip", b"PK\x03\x04 and no more", "压缩包", "a ZIP cut off"),
    ("a.pdf", b"%PDF-1.4\n", "symbol", "a book"),
]


@pytest.mark.parametrize(("name", "content", "said", "remark"), NO_TABLE)
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path, name, content, said, remark):
    (tmp_path / name).write_bytes(content)
    out, err, failed = run(tmp_path / name)
    assert failed and said in err and "Traceback" not in err


def test_what_a_mac_packs_beside_a_table_is_no_table(tmp_path):
    members = {"a.csv": "".join(as_csv([row(1540)])), "__MACOSX/._a.csv": "\0\5"}
    out, err, failed = run(write_texts(tmp_path / "a.zip", members))
    assert not failed and symbols() == {FIRST}


ZIPS = [
    ({}, "CSV", "nothing"),
    ({"a.csv": "x", "b.csv": "y"}, "CSV", "two tables"),
    ({member(1540): layer(1540)}, "CSV_FULL", "the archive of texts alone"),
]


@pytest.mark.parametrize(("members", "said", "remark"), ZIPS)
def test_a_zip_that_is_no_table_is_refused_in_words(tmp_path, members, said, remark):
    out, err, failed = run(write_texts(tmp_path / "a.zip", members))
    assert failed and said in err


def test_files_that_are_missing_or_too_many(tmp_path):
    table = write_table(tmp_path / "a.csv", [row(1540)])
    for files in ([tmp_path / "none.zip"], [tmp_path], [table, table], [table] * 3):
        out, err, failed = run(*files)
        assert failed and err
    assert run(table, "--languages", "zh,fr")[2], "nor is there French"


# --- words and where they come from ---


def test_words_come_from_the_archive_of_texts_and_facts_from_the_table(tmp_path):
    assert "mid-2024 review" in layer(2663) and "midreview" in without_hyphens(layer(2663))
    table = write_table(tmp_path / "a.csv", [row(2663), row(1540)])
    texts = write_texts(tmp_path / "t.zip", {member(2663): layer(2663)})
    out, err, failed = run(table, texts)
    held = Document.objects.get(symbol=symbol_of(2663))
    assert "mid-2024 review" in held.paragraphs.get(anchor="5").text and member(2663) in held.provenance
    other = Document.objects.get(symbol=FIRST)
    assert "text_zh" in other.provenance and "连字符" in other.provenance, "the archive lacks it: said"
    assert not failed


ARCHIVES = [
    ({member(1540): ENGLISH}, False, "英文", "another language"),
    ({member(1540): layer(1540), f"more/{member(1540)}": layer(1540)}, False, "两份", "twice"),
    ({member(1540): "  \n"}, True, "", "blank: the table has it"),
    ({"files/txt_res_en/S_RES_1540_2004_EN.txt": ENGLISH}, True, "0份中文本", "no Chinese at all"),
    ({member(1540): "安理会" * 4_000_000}, False, "过大", "longer than any document"),
]


@pytest.mark.parametrize(("members", "taken", "said", "remark"), ARCHIVES)
def test_traps_of_the_archive_of_texts(tmp_path, members, taken, said, remark):
    table = write_table(tmp_path / "a.csv", [row(1540)])
    out, err, failed = run(table, write_texts(tmp_path / "t.zip", {**members, "files/x.txt": "y"}))
    assert (symbols() == {FIRST}) == taken and said in out + err


# --- which rows ---


def test_only_what_is_asked_for(tmp_path):
    table = write_table(tmp_path / "a.csv", [row(1540), row(1673), row(1810)])
    out, err, failed = run(table, symbols=["S/RES/1673 (2006)", "S/RES/9999(2004)", "§"])
    assert failed and symbols() == {"S/RES/1673(2006)"} and "S/RES/9999(2004)" in err and "§" in err
    assert set(CatalogueRecord.objects.values_list("symbol", flat=True)) == {"S/RES/1673(2006)"}
    other = row(1673, symbol="A/RES/60/1", body="A")
    write_table(table, [row(1540), row(1673), row(1810), row(1540, symbol="§"), other])
    out, err, failed = run(table, family="1540")
    assert "a.csv:5" in err and "A/RES/60/1" in err, "named, and no fault of what was asked for"
    assert not failed and len(symbols()) == 3 and "S/RES/2663(2022)" in err, "what the file lacks is named"


# --- again, newer, and what a person decided ---


def test_the_same_file_again_changes_nothing(tmp_path):
    table = write_table(tmp_path / "a.csv", family())
    run(table, family="1540")
    out, err, failed = run(table, family="1540")
    assert "不变 10" in out and "没有改动" in out and ImportRun.objects.count() == 1
    zipped = write_table(tmp_path / "b.zip", family())
    assert "不变 10" in run(zipped)[0], "nor does the same table in another file"


def test_a_newer_version_is_a_change_with_its_cause(client, tmp_path):
    run(write_table(tmp_path / "a.csv", [row(1673)]))
    newer = row(1673, version="2025-12-22", text_zh=layer(1673).replace("继续处理", "继续认真处理"))
    out, err, failed = run(write_table(tmp_path / "b.csv", [newer]))
    assert "更新 1" in out and not failed
    history = client.get("/S/RES/1673(2006)/history").content.decode()
    assert "2025-12-22" in history
    assert IssuedText.objects.filter(symbol="S/RES/1673(2006)", anchor="7").count() == 2


def test_what_a_person_decided_stands(tmp_path):
    table = write_table(tmp_path / "a.csv", [row(1540), row(1673)])
    run(table)
    correct_document(Document.objects.get(symbol=FIRST), {"title": "编者的标题"})
    withdraw_document(
        Document.objects.get(symbol="S/RES/1673(2006)"), by="编者甲", reason="误收", withheld=True
    )
    CatalogueRecord.objects.filter(symbol="S/RES/1673(2006)").delete()
    newer = [{**one, "version": "2025-12-22"} for one in (row(1540), row(1673))]
    out, err, failed = run(write_table(tmp_path / "b.csv", newer))
    assert failed and "编者甲" in err and symbols() == {FIRST}
    assert Document.objects.get().title == "编者的标题"
    assert not CatalogueRecord.objects.filter(symbol="S/RES/1673(2006)").exists()


def test_the_pdf_itself_is_trusted_more_than_its_layer(tmp_path):
    run(write_table(tmp_path / "a.csv", [row(1540)]))
    assert 'format = "pdf"' in Document.objects.get().source.sidecar


def test_a_word_file_that_is_held_keeps_its_place(tmp_path):
    file = docx.Document()
    for line in filter(str.strip, layer(1540).splitlines()):
        file.add_paragraph(line.strip())
    file.save(tmp_path / "S_RES_1540.docx")
    call_command("import_documents", str(tmp_path / "S_RES_1540.docx"), verbosity=0)
    before = Document.objects.get().source.sha256
    out, err, failed = run(write_table(tmp_path / "a.csv", [row(1540)]))
    assert "另一格式 1" in out and not failed and Document.objects.get().source.sha256 == before


def test_the_report_is_never_written_over_the_corpus(tmp_path):
    table = write_table(tmp_path / "a.csv", [row(1540)])
    before = table.read_bytes()
    out, err, failed = run(table, report=str(tmp_path / "x" / ".." / "a.csv"))
    assert failed and table.read_bytes() == before


def test_what_was_broken_off_goes_on(tmp_path, monkeypatch):
    table = write_table(tmp_path / "a.csv", family())
    taken, whole = [], ImportBatch.import_source

    def until_the_fourth(self, source, path=""):
        taken.append(path)
        if len(taken) == 4:
            raise KeyboardInterrupt
        return whole(self, source, path)

    monkeypatch.setattr(ImportBatch, "import_source", until_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        run(table, family="1540")
    assert len(symbols()) == 3
    out, err, failed = run(table, family="1540")
    assert "新建 7" in out and "不变 3" in out and symbols() == the_ten()


def test_a_dry_run_counts_and_names_and_writes_nothing(tmp_path):
    report = tmp_path / "report.json"
    table = write_table(tmp_path / "a.csv", [*family(), row(1540, symbol="S/RES/950(1994)", res_no="950")])
    out, err, failed = run(table, dry_run=True, report=str(report))
    assert symbols() == set() and not CatalogueRecord.objects.exists() and not ImportRun.objects.exists()
    assert "试运行" in out and "11行" in out and "SHA-256" in out
    rows = json.loads(report.read_text("utf-8"))
    assert [one["outcome"] for one in rows].count("created") == 10 and rows[0]["outcome"] == "met"
    assert any("S/RES/950(1994)" in one["reason"] and one["outcome"] == "refused" for one in rows)
    run(table, report=str(tmp_path / "report.csv"))
    assert (tmp_path / "report.csv").read_text("utf-8-sig").count("created") == 10


def test_the_index_is_brought_along_once(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr("archive.store.search_index.bring_along", lambda *given: asked.append(given))
    table = write_table(tmp_path / "a.csv", family())
    run(table, dry_run=True)
    run(table, no_index=True)
    assert asked == []
    Document.objects.all().delete()
    run(table)
    assert len(asked) == 1


# --- bounds ---


def test_a_file_of_any_size_is_read_in_flat_memory(tmp_path):
    table = write_table(tmp_path / "a.zip", [*other_rows(20_000_000), row(1540)])
    tracemalloc.start()
    out, err, failed = run(table, dry_run=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "201行" in out and peak < 12_000_000


@pytest.mark.parametrize("name", ["a.csv", "a.zip"])
@each_row("BOUNDS")
def test_bounds(tmp_path, monkeypatch, name, bound, value, said):
    monkeypatch.setattr(corpus, bound, value)
    limit = csv.field_size_limit()
    out, err, failed = run(write_table(tmp_path / name, [row(1540), row(1673)]))
    assert failed and said in err and csv.field_size_limit() == limit
    assert symbols() == set(), "what the table says is counted before anything is stored"


def test_a_quote_that_is_never_closed(tmp_path):
    table = tmp_path / "a.csv"
    table.write_text("".join(as_csv([row(1540)])) + 'S,"' + "x,\n" * 50_000, "utf-8")
    out, err, failed = run(table)
    assert failed and "第" in err and "Traceback" not in err


def test_a_zip_with_a_password(tmp_path):
    path = write_table(tmp_path / "a.zip", [row(1540)])
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    path.write_bytes(content)
    out, err, failed = run(path)
    assert failed and "密码" in err


def test_a_zip_whose_end_is_damaged(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.csv", "".join(as_csv(family())))
    content = bytearray(path.read_bytes())
    content[-9000] ^= 0xFF
    path.write_bytes(content)
    out, err, failed = run(path)
    assert failed and err and "Traceback" not in err


# --- what a record beside a text says ---


@each_row("COMPARED")
def test_what_is_compared(tmp_path, stated, doubt, remark):
    (tmp_path / "a.txt").write_text(layer(1540), "utf-8")
    (tmp_path / "a.toml").write_text(f"[compare]\n{stated}\n", "utf-8")
    call_command("import_documents", str(tmp_path / "a.txt"), verbosity=0)
    assert (doubt in doubts()) if doubt else doubts() == "[]"


@pytest.mark.parametrize("stated", [{"titel": "x"}, {"year": "next"}, {"meeting": 5}, "x", {"date": "soon"}])
def test_a_wrong_comparison_is_refused(stated):
    with pytest.raises(ValueError, match="compare"):
        sidecar_of({"compare": stated})


# --- an archive that holds none of them: the desk says how, readers are told no commands ---


def test_the_desk_says_how(admin_client, tmp_path):
    assert "CR-UNSC" in admin_client.get("/admin/").content.decode()
    run(write_table(tmp_path / "a.csv", [row(2622)]))
    assert "CR-UNSC" not in admin_client.get("/admin/").content.decode()


@pytest.mark.parametrize("path", ["/", "/S/RES/1540(2004)", "/S/RES/1373(2001)", "/resolutions", "/coverage"])
def test_readers_are_told_no_commands(client, path):
    text = client.get(path).content.decode()
    assert not re.search("import_corpus|fetch_documents|manage.py", text)
