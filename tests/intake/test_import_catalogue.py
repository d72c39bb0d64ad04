"""``import_catalogue``: records that a person exported, and every way in which they can be wrong."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.intake.catalogue import Problem, Record, read_records
from archive.models import CatalogueRecord

pytestmark = pytest.mark.django_db
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'


def marc(*records: str) -> bytes:
    return (HEAD + "".join(f"<record>{one}</record>\n" for one in records) + "</collection>").encode()


def field(tag: str, **subfields: str) -> str:
    inner = "".join(
        f'<subfield code="{code.strip("_")}">{value}</subfield>' for code, value in subfields.items()
    )
    return f'<datafield tag="{tag}" ind1=" " ind2=" ">{inner}</datafield>'


FULL = (
    '<controlfield tag="001">1234567</controlfield>'
    + field("191", a="S/2008/493", b="S/")
    + field("245", a="Letter dated 8 July 2008 :", b="report of the Committee /", c="UN")
    + field("269", a="2008-07-30")
    + field("110", a="UN.", b="Security Council.")
    + field("650", a="NUCLEAR NON-PROLIFERATION", _2="unbist")
    + field("651", a="AFRICA")
    + field("856", u="https://digitallibrary.un.org/record/1/files/S_2008_493-ZH.pdf", y="中文")
    + field("856", u="javascript:alert(1)")
    + field("991", a="S/62-year", d="Non-proliferation")
)
CSV = "symbol,title,date,author,subject,url\nS/2008/493,委员会的信,2008-07-30,安全理事会,核不扩散|出口管制,https://undocs.org/S/2008/493\n"


def run(path, content: bytes, **options) -> tuple[str, str]:
    path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_catalogue", str(path), stdout=out, stderr=err, **options)
    except CommandError as error:
        err.write(str(error))
    return out.getvalue(), err.getvalue()


def test_a_marc_record_becomes_facts(tmp_path):
    out, err = run(tmp_path / "x.xml", marc(FULL))
    row = CatalogueRecord.objects.get()
    assert (row.symbol, row.date, row.record, row.source) == ("S/2008/493", "2008-07-30", "1234567", "x.xml")
    assert row.title == "Letter dated 8 July 2008 : report of the Committee / UN"
    assert row.authors == ["UN. Security Council."] and row.agenda == ["S/62-year Non-proliferation"]
    assert row.subjects == ["NUCLEAR NON-PROLIFERATION", "AFRICA"]
    assert row.links == [["https://digitallibrary.un.org/record/1/files/S_2008_493-ZH.pdf", "中文"]]
    assert "新增1" in out and err == ""


def test_a_table_becomes_facts(tmp_path):
    run(tmp_path / "x.csv", CSV.encode("gb18030"))
    row = CatalogueRecord.objects.get()
    assert (row.symbol, row.title, row.subjects) == ("S/2008/493", "委员会的信", ["核不扩散", "出口管制"])
    assert row.links == [["https://undocs.org/S/2008/493", ""]]


VOTES = "undl_id,ms_code,ms_name,ms_vote,date,session,{},draft,meeting,title,undl_link\n"
VOTES += '523110,AFG,AFGHANISTAN,Y,2004-04-28,59,{},S/2004/326,S/PV.4956,"{}",https://a.example/1\n'


@pytest.mark.parametrize("column", ["resolution", "Resolution"])
@pytest.mark.parametrize("symbol", ["S/RES/1540(2004)", "A/RES/59/80", "S/RES/1540 (2004)"])
def test_a_table_of_votes_names_its_resolutions(tmp_path, column, symbol):
    table = VOTES.format(column, symbol, "on non-proliferation") + VOTES.partition("\n")[2].format(
        symbol, "x"
    )
    _out, err = run(tmp_path / "votes.csv", table.encode())
    row = CatalogueRecord.objects.get()
    assert (row.symbol, row.date, err) == (symbol.replace(" ", ""), "2004-04-28", "")


@pytest.mark.parametrize(
    ("given_as", "symbols", "remark"),
    [
        (field("191", a="S/RES/1540 (2004)"), ["S/RES/1540(2004)"], "with a space"),
        (field("191", a="A/63/985") + field("191", a="S/2009/419"), ["A/63/985", "S/2009/419"], "two fields"),
        (field("191", a="A/63/985-S/2009/419"), ["A/63/985", "S/2009/419"], "a double symbol"),
        (field("791", a="S/2008/493"), ["S/2008/493"], "where only 791 names it"),
        (field("191", z="S/2008/493"), ["S/2008/493"], "in $z"),
        (field("191", a="s/2008/493 "), ["S/2008/493"], "in small letters"),
        (field("191", a="[S/2008/493]"), [], "not a symbol as it stands"),
        (field("191", a="n/a"), [], "no symbol"),
        (field("191", a="S/2008/" + "9" * 200), [], "longer than any"),
        ("", [], "none"),
    ],
)
def test_which_documents_a_record_speaks_of(given_as, symbols, remark):
    found = list(read_records(marc(given_as + field("245", a="题"))))
    assert [list(one.symbols) for one in found if isinstance(one, Record)] == (
        [symbols] if symbols else []
    ), remark


@pytest.mark.parametrize(
    ("content", "good", "words", "remark"),
    [
        (marc(FULL, field("245", a="无号")), 1, "第2条：没有文号", "the second of two"),
        (marc(field("245", a="无号"), FULL), 1, "第1条：没有文号", "the first of two"),
        (marc(field("191", a="S/2008/493")), 0, "除文号外什么也没有（S/2008/493）", "nothing said"),
        (marc(FULL, field("191", a="S/1") + field("245", a="题" * 2001)), 1, "过长", "without end"),
        (marc(FULL)[:-10], 1, "读不下去", "cut off"),
        (marc(FULL, '<datafield ind1=" "/>'), 1, "读不下去", "a field without tag"),
        (
            marc(FULL).replace(b"<collection", b"<!DOCTYPE x [<!ENTITY a 'aaa'>]><collection"),
            0,
            "DOCTYPE",
            "a bomb",
        ),
        (b"%PDF-1.7", 0, "不是MARCXML，也不是CSV（pdf）", "another file"),
        (b"PK\x03\x04", 0, "不是MARCXML", "a damaged file"),
        (b"", 0, "（empty）", "nothing"),
        (b"title,date\nx,2008\n", 0, "没有“symbol”", "a table that names no document"),
        (b"symbol,title\nS/1,x\nno,y\n\n,z\n", 1, "第2条：文号认不出（3: no）", "bad rows are named by line"),
        (b'symbol,title\nS/1,"x\n', 0, "读不下去", "a quotation mark that never ends"),
        (CSV.replace(",", ";").encode("utf-16"), 1, "", "as Excel writes it"),
        (b"191__a\t245__a\t856__u\t856__y\nS/1\tx\thttps://a.example/\tzh\n", 1, "", "MARC columns"),
    ],
)
def test_bad_records_are_named_and_the_others_go_on(tmp_path, content, good, words, remark):
    _out, err = run(tmp_path / "x", content)
    assert CatalogueRecord.objects.count() == good, (remark, err)
    assert words in err if words else err == "", (remark, err)


def test_the_same_file_again_changes_nothing_and_a_newer_one_counts(tmp_path):
    run(tmp_path / "x.csv", CSV.encode())
    first = CatalogueRecord.objects.get()
    out, _err = run(tmp_path / "y.csv", CSV.encode())
    assert "不变1" in out and CatalogueRecord.objects.get().imported == first.imported
    out, _err = run(tmp_path / "z.csv", CSV.replace("委员会的信", "主席的信").encode())
    assert "更新1" in out
    row = CatalogueRecord.objects.get()
    assert (row.title, row.source) == ("主席的信", "z.csv")


def test_a_dry_run_writes_nothing(tmp_path):
    out, _err = run(tmp_path / "x.csv", CSV.encode(), dry_run=True)
    assert "新增1" in out and "什么也没有写入" in out and not CatalogueRecord.objects.exists()


@settings(max_examples=40)
@given(st.binary(max_size=300), st.sampled_from([b"", HEAD.encode(), b"symbol,title\n", b"<record>"]))
def test_any_file_is_read_or_refused_in_words(content, head):
    for one in read_records(head + content):
        assert isinstance(one, Record) or (isinstance(one, Problem) and one.reason)
