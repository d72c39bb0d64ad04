"""What each form of a citation says: worked examples as a table, the bundled documents as a golden file."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from archive.models import Document, State
from archive.site.citations.facts import (
    Names,
    author_of,
    country,
    english_sender,
    english_title,
    inferred_year,
    ordinal,
    title_of,
)
from archive.site.citations.forms import forms
from archive.site.citations.pinpoints import inside
from archive.site.citations.record import Name, Pinpoint, Record
from archive.site.citations.styles import footnote_chinese, footnote_english, gbt7714_2015, gbt7714_2025
from archive.text.parsed import DocumentType, Kind, Submitter
from tests.tables import each_row
from tests.tools import citing
from tests.tools.factories import block, parsed, stored

RESOLUTION = Record(
    symbol="S/RES/1540(2004)",
    kind="resolution",
    kind_chinese="决议",
    title="第1540(2004)号决议",
    author=Name("联合国安全理事会", "UN Security Council", "UNSC"),
    issued=dt.date(2004, 4, 28),
    year=2004,
    pinpoint=Pinpoint(("3.a",), ("第3(a)段",), ("para. 3 (a)",)),
    link="https://archive.example/S/RES/1540(2004)/p/3.a/0123abcd",
    fingerprint="0123abcd",
    accessed=dt.date(2026, 11, 21),
)
LETTER = replace(
    RESOLUTION,
    symbol="S/2010/52",
    kind="letter",
    kind_chinese="信",
    title="委员会主席给安全理事会主席的信",
    title_english="Letter dated 29 January 2010 from the Chair addressed to the President",
    author=Name("委员会", "Committee"),
    issued=None,
    year=2010,
    written=dt.date(2010, 1, 29),
    pinpoint=Pinpoint(("annex.14",), ("附件", "第14段"), ("annex", "para. 14")),
    link="https://archive.example/S/2010/52/p/annex.14/0123abcd",
)
WHOLE = replace(RESOLUTION, pinpoint=None, link="https://archive.example/S/RES/1540(2004)", fingerprint="")
BARE = Record(symbol="S/AC.44/NOTE.1", kind="document", kind_chinese="文件")
RECORDS = {"RESOLUTION": RESOLUTION, "LETTER": LETTER, "WHOLE": WHOLE, "BARE": BARE}


@each_row("MARKS")
def test_quotation_marks_take_turns(text, outer, told):
    assert inside(text, outer) == told


@each_row()
def test_a_title_with_quotation_marks_is_quoted_by_the_other_kind(form, told):
    assert told in forms(replace(LETTER, title="关于“执行‘决议’情况”的信"), slow=True)[form]


def english(symbol: str, kind: str = "resolution", **fields) -> str:
    return footnote_english(replace(WHOLE, symbol=symbol, kind=kind, **fields))


@each_row()
def test_worked_examples(record, form, text):
    assert forms(RECORDS[record], slow=True)[form] == text


@each_row()
def test_resolutions_are_named_by_organ_and_number_all_else_by_symbol(symbol, kind, text):
    assert english(symbol, kind) == text


@each_row()
def test_oscola_has_a_form_of_its_own_for_resolutions(symbol, kind, issued, note):
    record = replace(WHOLE, symbol=symbol, kind=kind, issued=issued, link="")
    assert forms(record, slow=True)["oscola"] == note


@pytest.mark.parametrize("key", ["un", "un-link", "un-en", "gbt7714-2025", "chicago", "oscola"])
def test_no_form_takes_the_day_of_access_or_of_the_letter_for_the_date(key):
    record = replace(LETTER, year=None, link="", fingerprint="", title="信", title_english="")
    text = forms(record, slow=True)[key].partition("accessed")[0].partition("查阅")[0]
    assert "2026" not in text
    assert "01-29" not in text
    assert "January" not in text


def test_a_record_of_which_nothing_is_known_has_every_form():
    for text in forms(BARE, slow=True).values():
        assert "S/AC.44/NOTE.1" in text
        assert "None" not in text


def test_only_the_colons_of_the_form_change_their_width():
    record = replace(RESOLUTION, title="措施：秘书长的报告")
    wide, narrow = gbt7714_2025(record), gbt7714_2025(record, half_width=True)
    assert "措施：秘书长的报告：S/RES" in wide
    assert "措施：秘书长的报告: S/RES/1540(2004)[R/OL]. 2004-04-28: 第3(a)段. " in narrow


def test_an_undated_entry_of_2015_keeps_its_day_of_access():
    assert "[2010]: 附件第14段[2026-11-21]. " in gbt7714_2015(LETTER)
    assert "R/OL]. 附件第14段[2026-11-21]. " in gbt7714_2015(replace(LETTER, year=None))


def test_a_footnote_without_link_says_only_what_it_cites():
    assert footnote_chinese(replace(LETTER, link=""), linked=True) == "S/2010/52，附件，第14段。"


# --- places ---


@pytest.mark.django_db
@each_row("PLACES")
def test_places_are_named_in_both_languages(blocks, cited, chinese, english):
    made = {"kind": Kind, "submitter": lambda told: Submitter(*told)}
    rows = [
        block(
            anchor, **{"text": f"段{anchor}", **given, **{k: made[k](given[k]) for k in made.keys() & given}}
        )
        for anchor, given in blocks
    ]
    held = stored(parsed("S/2031/7", *rows, document_type=DocumentType.LETTER))
    found = {paragraph.anchor: paragraph for paragraph in held.paragraphs.select_related("state", "parent")}
    record = citing.record(held, [found[anchor] for anchor in cited])
    assert record.place == chinese
    assert record.place_english == english
    assert record.pinpoint.anchors == cited


# --- facts ---


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"symbol": "S/2010/52"}, 2010),
        ({"symbol": "S/2017/1", "communication_date": dt.date(2016, 12, 30)}, 2017),
        ({"symbol": "A/74/140", "job_number": "19-11880"}, 2019),
        ({"symbol": "A/74/900", "job_number": "20-06123 (C)"}, 2020),
        ({"symbol": "A/50/1", "job_number": "95-12345"}, 1995),
        ({"symbol": "CD/2118", "communication_date": dt.date(2018, 2, 1)}, 2018),
        ({"symbol": "S/PV.4956", "meeting_date": dt.date(2004, 4, 28)}, 2004),
        ({"symbol": "A/74/140", "sort_date": dt.date(2019, 5, 15)}, 2019),
        ({"symbol": "A/74/900", "sort_date": dt.date(2019, 1, 1)}, None),
        ({"symbol": "CD/1"}, None),
    ],
)
def test_the_year_of_an_undated_document_is_told_by_the_document_or_not_at_all(fields, year):
    assert inferred_year(Document(**fields)) == year


def test_a_council_resolution_without_title_is_named_by_its_printed_heading():
    bare = Document(symbol="S/RES/1810(2008)", document_type="resolution")
    assert title_of(bare) == "第1810(2008)号决议"
    assert title_of(Document(symbol="A/RES/73/55", document_type="resolution")) == ""


NO_NAMES = Names({}, {})


@pytest.mark.django_db
@each_row()
def test_the_author_is_the_sender_or_the_body_of_the_series_or_nobody(fields, chinese, english):
    symbol, kind, sender = fields
    document = Document(symbol=symbol, document_type=kind, sender=sender)
    author = author_of(document, Names.of([document]))
    assert (author.chinese, author.english) == (chinese, english)


@pytest.mark.django_db
def test_a_note_names_its_mission_in_full_and_another_countrys_words_do_not():
    sender = "乌克兰常驻代表团"
    document = Document(pk=7, symbol="CD/1", document_type="note_verbale", sender=sender)
    document.state = State.objects.get(alpha3="UKR")
    full = "乌克兰常驻联合国日内瓦办事处和日内瓦其他国际组织代表团"
    own = Names({}, {7: f"{full}向裁军谈判会议秘书处致意，"})
    other = Names({}, {7: "西班牙常驻联合国代表团向裁军谈判会议秘书处致意，"})
    assert author_of(document, own).chinese == full
    assert author_of(document, own).english.startswith(
        "Permanent Mission of Ukraine to the United Nations Office"
    )
    assert author_of(document, other).chinese == sender


@each_row()
def test_names_of_States_stand_in_a_sentence_as_the_UN_writes_them(english, sentence):
    assert country(english) == sentence


def test_an_office_of_no_fixed_form_stays_as_it_is_printed():
    spain = State(name="西班牙", official_name="西班牙王国", english="Spain", aliases=[])
    assert (
        english_sender("西班牙常驻联合国代表", spain)
        == "Permanent Representative of Spain to the United Nations"
    )
    assert english_sender("西班牙首相", spain) == "西班牙首相"
    assert english_sender("西班牙常驻联合国代表", None) == "西班牙常驻联合国代表"


def test_an_english_title_is_made_only_where_every_part_of_it_is_known():
    letter = Document(
        symbol="S/2031/1", document_type="letter", sender="秘书长", addressee="安全理事会主席",
        communication_date=dt.date(2031, 1, 2),
    )  # fmt: skip
    made = "Letter dated 2 January 2031 from the Secretary-General addressed to the President"
    assert english_title(letter, Name()) == f"{made} of the Security Council"
    letter.addressee = "某机构主任"
    assert english_title(letter, Name()) == ""
    record = Document(symbol="S/PV.4956", document_type="verbatim_record", meeting="4956")
    assert english_title(record, Name()) == "Verbatim record of the 4956th meeting"


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (112, "112th"), (74, "74th")]
)
def test_ordinals(number, text):
    assert ordinal(number) == text


def test_all_forms_of_the_bundled_documents(bundled_documents):
    documents = list(Document.objects.select_related("body", "state").order_by("symbol"))
    assert citing.written(documents) == citing.GOLDEN.read_text("utf-8")
