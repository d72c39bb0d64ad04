"""The basket: an address of short codes. What stands is quoted with its footnote, of the rest no word."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import bibtexparser
import docx
import pytest
import rispy
from bibtexparser.bparser import BibTexParser

from archive.models import IssuedText, Paragraph, ShortLink
from archive.store.addresses.shortlinks import MOST, codes_of
from archive.text.parsed import Kind
from tests.tables import each_row, rows_from, tuples
from tests.tools.factories import block, parsed, store
from tests.tools.pages import page

FILES = ("docx", "ris", "bib", "csl.json")
FIRST = rows_from(__name__, "FIRST")


@pytest.fixture
def codes(db) -> list[str]:
    """Five paragraphs as first issued; then each has met its own fate."""
    store(parsed("S/2031/1", *FIRST, title="一封信", date="2031-02-03"))
    found = [ShortLink.objects.get(anchor=anchor).code for anchor, _text in FIRST]
    rows = [("1", FIRST[0][1]), ("2", "改过以后完全是别的句子。"), ("6", FIRST[3][1])]
    store(parsed("S/2031/1", *rows, title="一封信", date="2031-02-03"), content="another source")
    IssuedText.objects.filter(anchor="5").update(withheld=True)
    return found


def basket(codes, ending: str = "") -> str:
    return f"/basket{ending}?" + "&".join(f"c={code}" for code in codes)


FATES = ["identical", "edited", "withdrawn", "moved", "withheld"]


def test_what_became_of_each_is_told_in_its_place(client, codes):
    told = client.get(basket(codes, ".json")).json()["items"]
    assert [item["fate"] for item in told] == FATES
    assert [item["code"] for item in told] == codes
    assert [bool(item["text"]) for item in told] == [True, False, False, True, False]
    text = page(client, basket(codes)).text
    for words in ("后来改动了", "已不在文件中", "位置变了", "依法不予显示"):
        assert words in text, words


def test_a_fate_is_that_of_the_fingerprinted_link(client, codes):
    for item in client.get(basket(codes, ".json")).json()["items"]:
        answer = client.get(item["permalink"])
        gone = item["fate"] in ("withdrawn", "withheld")
        assert answer.status_code == (410 if gone else 200), item


@pytest.mark.parametrize("ending", ["", ".json", *(f".{name}" for name in FILES)])
def test_no_word_of_what_was_changed_or_withheld_is_in_any_form(client, codes, ending):
    content = client.get(basket(codes, ending)).content
    if ending == ".docx":
        content = "\n".join(row.text for row in docx.Document(io.BytesIO(content)).paragraphs).encode()
    for _anchor, text in (FIRST[1], FIRST[2], FIRST[4]):
        assert text.encode() not in content
        assert json.dumps(text)[1:-1].encode() not in content


def test_the_page_has_every_quotation_footnote_and_file(client, codes):
    tree = page(client, basket(codes))
    assert tree.with_id("q1").text.startswith(
        f"“{FIRST[0][1]}”(S/2031/1，第1段，http://testserver/S/2031/1/p/1/"
    )
    assert tree.with_id("n1").text == "S/2031/1，第1段。"
    assert tree.with_id("all-notes").text == "1. S/2031/1，第1段。\n2. S/2031/1，第6段。"
    assert tree.with_id("here").text == "http://testserver" + basket(codes)
    for ending in FILES:
        assert basket(codes, f".{ending}") in tree.links
    assert basket(codes[1:]) in tree.links  # without the first: taken out by a link


def test_the_order_of_the_address_is_that_of_the_page(client, codes):
    turned = client.get(basket(codes[::-1], ".json")).json()["items"]
    assert [item["code"] for item in turned] == codes[::-1]


def test_the_sheet_is_a_document_with_quotations_notes_and_what_is_left_out(client, codes):
    answer = client.get(basket([*codes, "zzzzzzzz"], ".docx"))
    assert "basket.docx" in answer["Content-Disposition"]
    rows = [row.text for row in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert f"“{FIRST[0][1]}”1" in rows
    assert any(row.startswith("1. S/2031/1，第1段，见 http://testserver/S/2031/1/p/1/") for row in rows)
    left_out = rows[rows.index("没有列入的") + 1 :]
    assert [name in row for name, row in zip(("第2段", "第3段", "第5段", "zzzzzzzz"), left_out, strict=False)]
    assert "http://testserver" + basket(codes) in rows[-1]


def test_the_files_are_read_by_the_programs_they_are_for(client, codes):
    said = {ending: client.get(basket(codes, f".{ending}")).content.decode() for ending in FILES[1:]}
    entries = rispy.loads(said["ris"])
    assert [entry["start_page"] for entry in entries] == ["第1段", "第6段"]
    assert len(bibtexparser.loads(said["bib"], BibTexParser(ignore_nonstandard_types=False)).entries) == 2
    assert [item["number"] for item in json.loads(said["csl.json"])] == ["S/2031/1"] * 2


@each_row("TYPED")
def test_what_may_be_typed(typed, codes, wrong, remark):
    assert tuples(codes_of(typed)) == tuples((codes, wrong)), remark


def test_a_code_that_was_never_given_is_named_and_the_rest_stands(client, codes):
    tree = page(client, basket([codes[0], "zzzzzzzz", "nocode"]))
    assert "不认得的短码：nocode、zzzzzzzz" in tree.text
    assert FIRST[0][1] in tree.text


def test_an_empty_basket_says_how_to_fill_it(client, db):
    tree = page(client, "/basket")
    assert "篮里还没有段落" in tree.text
    assert tree.with_id("c").tag == "input"


@pytest.mark.parametrize("ending", FILES)
def test_a_file_of_nothing_is_an_error_in_words(client, codes, ending):
    empty = client.get(f"/basket.{ending}")
    assert empty.status_code == (400 if ending in ("docx", "pdf") else 200), "no record is a file of records"
    assert ending != "csl.json" or empty.json() == []
    answer = client.get(basket([codes[2]], f".{ending}"))
    assert answer.status_code == 400
    assert "没有可以写入文件的段落" in answer.content.decode()


def test_a_basket_is_bounded(client, db):
    full = [f"{number:08d}" for number in range(MOST)]
    assert client.get(basket(full)).status_code == 200
    answer = client.get(basket([*full, "zzzzzzzz"]))
    assert answer.status_code == 400
    assert f"最多放{MOST}段，这个地址里有{MOST + 1}段" in answer.content.decode()


def test_nothing_is_stored(client, codes):
    answer = client.get(basket(codes))
    assert not answer.cookies
    assert client.post(basket(codes)).status_code == 405


def test_what_a_link_picked_up_on_its_way_is_ignored(client, codes):
    assert client.get(basket(codes) + "&utm_source=x").status_code == 200


def test_a_text_in_two_forms_is_told(client, codes):
    """The fingerprint does not see the form of a comma: which one was cited is not known."""
    given = Paragraph.objects.get(anchor="1")
    IssuedText.objects.create(
        symbol="S/2031/1", anchor="1", fingerprint=given.fingerprint, text=given.text.replace("，", ","),
        since=datetime(2030, 1, 1, tzinfo=UTC), until=datetime(2030, 2, 1, tzinfo=UTC), ending="edited",
    )  # fmt: skip
    told = client.get(basket(codes[:1], ".json")).json()["items"][0]
    assert (told["fate"], bool(told["text"])) == ("identical_but_form", True)


def test_as_many_queries_for_one_as_for_a_hundred(client, codes, django_assert_max_num_queries):
    rows = [block(str(n), f"第{n}段各不相同的文字。", kind=Kind.PARAGRAPH) for n in range(1, 61)]
    store(parsed("S/2031/7", *rows))
    many = [*ShortLink.objects.filter(symbol="S/2031/7").values_list("code", flat=True), *codes]
    with django_assert_max_num_queries(40) as few:
        client.get(basket(codes))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(basket(many))


def test_the_page_of_a_paragraph_offers_the_footnote_and_the_link_first(client, codes):
    tree = page(client, "/S/2031/1/p/1")
    text = tree.text
    places = [text.index(words) for words in ("联合国脚注", "带指纹的链接", "放进引文篮", "其他引用格式")]
    assert places == sorted(places)
    assert tree.with_id("c-first").text == "S/2031/1，第1段。"
    assert tree.with_id("l2").text.startswith("http://testserver/S/2031/1/p/1/")
    assert basket(codes[:1]) in tree.links
    for folded in ("forms", "links"):
        assert tree.with_id(folded).tag == "details"
        assert "open" not in tree.with_id(folded).attributes


def test_the_paragraphs_of_a_range_go_into_the_basket_each(client, db):
    rows = [block("h1", "标题", kind=Kind.HEADING), *((str(n), f"第{n}段的文字。") for n in range(1, 13))]
    store(parsed("S/2031/7", *rows))
    given = dict(ShortLink.objects.values_list("anchor", "code"))

    def put(address):
        return [one for one in page(client, address).all("a") if "data-code" in one.attributes]

    (link,) = put("/S/2031/7/p/h1-3")
    assert link.attributes["data-code"].split() == [given[anchor] for anchor in ("1", "2", "3")]
    told = client.get(link.attributes["href"].replace("?", ".json?")).json()["items"]
    assert [item["anchor"] for item in told] == ["1", "2", "3"]
    assert len(put("/S/2031/7/p/1-10")) == 1
    assert put("/S/2031/7/p/1-11") == []  # as many as nobody means to cite one by one
    ShortLink.objects.filter(anchor="2").delete()
    assert put("/S/2031/7/p/1-3") == []  # some of them would be missing in silence
