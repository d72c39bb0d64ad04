"""Short codes for print: derived, readable from paper, given to every issued text, never taken back."""

from __future__ import annotations

import re
from functools import reduce
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import IssuedText, ShortLink
from archive.store.addresses import shortlinks
from archive.store.addresses.shortlinks import DIGITS, CitedText, derive, encode, give_codes, read
from tests.tools.factories import parsed, stored
from tests.tools.pages import page

CODES = st.text(alphabet=DIGITS, min_size=8, max_size=8)
SOME = CitedText("S/2031/1", "zh", "14", "3f9a2c1b")


# --- the code itself ---


def decode(code: str) -> int:
    return reduce(lambda number, digit: number << 5 | DIGITS.index(digit), code, 0)


@given(st.integers(min_value=0, max_value=2**40 - 1))
def test_a_number_written_as_a_code_reads_back(number):
    assert decode(encode(number)) == number


@given(CODES)
def test_a_code_written_anew_is_the_same_code(code):
    assert encode(decode(code)) == code


@given(CODES, st.randoms(use_true_random=False))
def test_a_code_is_read_however_it_is_copied_from_paper(code, chance):
    looks_like = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(chance.choice(looks_like.get(sign, sign + sign.upper())) for sign in code)
    cut = chance.randrange(9)
    assert read(typed[:cut] + chance.choice(["", "-", " "]) + typed[cut:]) == code


@pytest.mark.parametrize(
    ("typed", "remark"),
    [
        ("", "nothing"),
        ("7k3m9x2", "a sign too few"),
        ("7k3m9x2q0", "a sign too many"),
        ("7k3m9x2u", "U is no digit"),
        ("７k3m9x2q", "full width"),
        ("7k3m/x2q", "a stroke"),
        ("7" * 5000, "very long"),
    ],
)
def test_what_is_no_code_is_not_read(typed, remark):
    assert read(typed) is None, remark


def test_codes_do_not_change_between_releases():
    """The rule is a promise to printed pages: SHA-256, forty bits, base 32 of Crockford."""
    assert derive(SOME) == "5bktae7z"
    assert derive(SOME, 2) == "wfavrdyr"


# --- codes given ---


@pytest.mark.django_db
def test_every_text_that_is_issued_has_one_code_at_once():
    stored(parsed("S/2031/1", ("1", "甲"), ("2", "乙")))
    stored(parsed("S/2031/1", ("1", "甲改"), ("2", "乙")), name="S_2031_1.txt")
    issued = set(IssuedText.objects.values_list(*CitedText._fields))
    assert set(ShortLink.objects.values_list(*CitedText._fields)) == issued
    assert len(issued) == 3
    assert give_codes() == 0


@pytest.mark.django_db
def test_a_code_that_was_given_outlives_every_change(client):
    stored(parsed("S/2031/1", ("1", "甲"), ("2", "乙")))
    before = set(ShortLink.objects.values_list("code", *CitedText._fields))
    stored(parsed("S/2031/1", ("1", "丙")), name="S_2031_1.txt")
    assert before <= set(ShortLink.objects.values_list("code", *CitedText._fields))
    for code, *_cited in before:
        assert client.get(f"/c/{code}", follow=True).status_code in (200, 410)


@pytest.mark.django_db
def test_of_two_texts_with_the_same_code_the_first_keeps_it(monkeypatch):
    def colliding(cited, attempt=1):
        return encode(attempt if cited.anchor in ("1", "2", "3") else 77)

    monkeypatch.setattr(shortlinks, "derive", colliding)
    stored(parsed("S/2031/1", ("1", "甲"), ("2", "乙")))
    stored(parsed("S/2031/2", ("3", "丙"), ("9", "丁")))
    codes = dict(ShortLink.objects.values_list("anchor", "code"))
    assert [decode(codes[anchor]) for anchor in ("1", "2", "3", "9")] == [1, 2, 3, 77]


@pytest.mark.django_db
def test_texts_issued_before_there_were_codes_get_theirs(django_assert_max_num_queries):
    stored(parsed("S/2031/1", *[(str(n), f"第{n}句。") for n in range(1, 60)]))
    before = set(ShortLink.objects.values_list("code", "anchor"))
    ShortLink.objects.all().delete()
    with django_assert_max_num_queries(6):
        assert give_codes() == 59
    assert set(ShortLink.objects.values_list("code", "anchor")) == before


# --- the pages ---


@pytest.fixture
def code(db):
    stored(parsed("S/2031/1", ("1", "各国应加强出口管制。")))
    return ShortLink.objects.get().code


def test_a_code_leads_to_the_address_with_fingerprint(client, code):
    link = ShortLink.objects.get()
    response = client.get(f"/c/{code}")
    assert (response.status_code, response["Location"]) == (302, f"/S/2031/1/p/1/{link.fingerprint}")
    twin = client.get(f"/c/{code}.json").json()
    assert (twin["symbol"], twin["anchor"], twin["url"]) == ("S/2031/1", "1", f"/c/{code}")


@pytest.mark.parametrize("written", [str.upper, lambda code: f"{code[:4]}-{code[4:]}", str.title])
def test_a_code_typed_otherwise_leads_there_too(client, code, written):
    assert client.get(f"/c/{written(code)}").status_code == 302
    assert client.get(f"/C/{written(code)}", follow=True).status_code == 200


@pytest.mark.parametrize(("typed", "words"), [("zzzzzzzz", "没有发出过短码"), ("abc", "不是短码")])
def test_an_unknown_code_says_so_and_what_to_do(client, code, typed, words):
    tree = page(client, f"/c/{typed}", 404)
    assert words in tree.text
    assert "抄错" in tree.text
    assert tree.with_id("q1") is not None
    assert client.get(f"/c/{typed}.json").status_code == 404


def test_the_qr_code_is_a_picture_without_style_or_script(client, code):
    response = client.get(f"/c/{code}.svg")
    assert response["Content-Type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(response.content)
    assert drawing.tag.endswith("svg")
    assert "viewBox" in drawing.attrib
    for element in drawing.iter():
        assert not {"style", "class", "href"} & set(element.attrib)
        assert not re.search("script|style|image", element.tag)
    assert client.get("/c/zzzzzzzz.svg").status_code == 404


def test_the_paragraph_page_shows_the_short_link_and_its_picture(client, code):
    tree = page(client, "/S/2031/1/p/1")
    assert tree.with_id("l3").text == f"http://testserver/c/{code}"
    assert tree.all("img", "qr")[0].attributes["src"] == f"/c/{code}.svg"
    assert client.get("/S/2031/1/p/1.json").json()["short"] == f"/c/{code}"
