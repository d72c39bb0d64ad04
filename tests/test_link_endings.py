"""What a sentence, a chat or a copy did to the end of a link: taken off, or told with ways on."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.editing.retirement import withdraw_document, withdraw_paragraph
from archive.models import Document, Paragraph, ShortLink

from .pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


def fingerprint() -> str:
    return Paragraph.objects.get(document__symbol="S/2010/52", anchor="annex.14").fingerprint


def addresses() -> list[str]:
    code = ShortLink.objects.filter(symbol="S/2010/52").first().code
    return [
        "/S/2010/52", "/S/RES/1540(2004)", "/S/2010/52.json", "/S/2010/52.txt", "/S/2010/52/cited-by",
        "/S/2010/52/p/annex.14", f"/S/2010/52/p/annex.14/{fingerprint()}", "/S/2010/52/p/annex.14.json",
        "/S/2010/52/p/annex.14-16", "/S/2010/52/p/annex.14.ris", "/S/2010/52/p/annex.14/cite",
        f"/c/{code}", "/states/ESP", "/states", "/bodies/1540-committee", "/years/2016",
        "/documents.csv", "/search",
    ]  # fmt: skip


ENDINGS = [
    ".", ",", ")", "。", "，", "》", "\"", ">", "]", "'", "”", "’", "）", ";", "；", "!", "…", "*", "`",
    "|", ").", "）。",    "\u200b", "\u00a0", "。见下文", "，第14段", "”一段", "」",
]  # fmt: skip


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_a_sentence_added_is_taken_off(client, ending):
    for address in addresses():
        answer = client.get(quote(f"{address}{ending}", safe="/()"))
        assert answer.status_code == 301, (address, ending)
        assert answer["Location"] == address
    kept = client.get(quote(f"/S/2010/52{ending}", safe="/") + "?utm_source=x")
    assert kept.status_code == 301


MARKS = st.text(".,;:!?。，；：！？、…*_~`'\"“”‘’<>《》|", min_size=1, max_size=6)


@settings(max_examples=30)
@given(MARKS)
def test_any_marks_are_taken_off_at_once(client, marks):
    address = f"/S/2010/52/p/annex.14/{fingerprint()}"
    assert client.get(quote(address + marks, safe="/"))["Location"] == address


AS_THEY_ARE = [
    "/S/RES/1540(2004)",  # its own bracket
    "/S/RES/1540(2004)/p/3",
]


@pytest.mark.parametrize("address", AS_THEY_ARE)
def test_an_address_that_answers_is_left_alone(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/nothing。", "/。", "/...", "/S/2099/9/p/1。", "/()"])
def test_nothing_is_made_up(client, address):
    answer = client.get(quote(address, safe="/()"), follow=True)
    assert answer.status_code == 404


# --- a fingerprint cut short ---


@pytest.mark.parametrize("length", range(1, 8))
def test_a_fingerprint_cut_short_names_the_paragraph_and_says_so(client, length):
    cut = fingerprint()[:length]
    tree = page(client, f"/S/2010/52/p/annex.14/{cut}", 404)
    assert "这个链接的末尾少了几位" in tree.text
    assert f"只有{length}位，至少要8位" in tree.text
    assert {"/S/2010/52/p/annex.14", f"/S/2010/52/p/annex.14/{fingerprint()}"} <= set(tree.links)
    told = client.get(f"/S/2010/52/p/annex.14/{cut}.json").json()
    assert (told["status"], told["url"]) == (404, "/S/2010/52/p/annex.14")
    assert [text["fingerprint"] for text in told["beginning_with"]] == [fingerprint()]


def test_digits_that_begin_nothing_prove_nothing(client):
    wrong = "0" if fingerprint()[0] != "0" else "1"
    tree = page(client, f"/S/2010/52/p/annex.14/{wrong}", 404)
    assert "没有一份的指纹以这几位开头" in tree.text
    assert "/S/2010/52/p/annex.14" in tree.links


CUT = [
    ("/S/2010/52/p/annex.14-16/33", 404, "/S/2010/52/p/annex.14-16", "a range"),
    ("/S/2010/52/p/14/33", 302, None, "without its part"),
    ("/S/2010/52/p/99/33", 404, "/S/2010/52/p/annex.33", "no such paragraph"),
    ("/s/2010/52/p/annex.14/33", 301, None, "in small letters"),
    ("/S/2010/52/p/annex.14/33。", 301, None, "in a sentence"),
]


@pytest.mark.parametrize(("address", "status", "way", "remark"), CUT)
def test_other_links_cut_short(client, address, status, way, remark):
    answer = client.get(address)
    assert answer.status_code == status, remark
    if way:
        assert way in page(client, address, status).links, remark


def test_what_is_no_fingerprint_still_shows_the_way_to_the_document(client):
    assert "/S/2010/52" in page(client, "/S/2010/52/p/annex.14/zzz", 404).links


BEHIND = [
    ("（第一次印发）", "words in brackets"),
    ("(2010年1月29日访问)", "a day of access"),
    ("-第14段", "words behind a hyphen"),
    ("（见", "a bracket that was not closed"),
]


@pytest.mark.parametrize(("behind", "remark"), BEHIND)
def test_whatever_stands_behind_a_link_to_words_is_taken_off(client, behind, remark):
    code = ShortLink.objects.filter(symbol="S/2010/52").first().code
    for address in (
        f"/S/2010/52/p/annex.14/{fingerprint()}",
        f"/c/{code}",
        f"/S/RES/1540(2004)/p/3/{'a' * 8}",
    ):
        answer = client.get(f"{address}{quote(behind)}")
        assert (answer.status_code, answer["Location"]) == (301, address), remark


# --- numbers ---


def test_a_number_without_its_part_tells_what_became_of_its_paragraph(client):
    """Led on while the paragraph stood; neither withdrawal makes the address one that never was."""
    held = Document.objects.get(symbol="S/2010/52")
    words = fingerprint()
    withdraw_paragraph(held, "annex.14", "编者甲", "试")
    for tail in ("", ".json", f"/{words}", f"/{words}.json", "/cited-by"):
        answer = client.get(f"/S/2010/52/p/14{tail}")
        assert (answer.status_code, answer["Location"]) == (302, f"/S/2010/52/p/annex.14{tail}")
        assert client.get(answer["Location"]).status_code == 410
    withdraw_document(held, "编者甲", "试")
    assert client.get("/S/2010/52/p/14").status_code == 410
    assert client.get(f"/S/2010/52/p/14/{words}", follow=True).status_code == 410
    assert client.get("/S/2010/52/p/99").status_code == 410


def test_a_number_without_its_part_leads_on_for_now(client):
    for tail in ("", ".json", ".txt", f"/{fingerprint()}", "/cite", ".ris", "/cited-by"):
        answer = client.get(f"/S/2010/52/p/14{tail}")
        assert (answer.status_code, answer["Location"]) == (302, f"/S/2010/52/p/annex.14{tail}")
    answer = client.get("/S/2010/52/p/14-16")
    assert (answer.status_code, answer["Location"]) == (302, "/S/2010/52/p/annex.14-16")


@pytest.mark.parametrize("address", ["/S/2010/52/p/99", "/S/2010/52/p/annex.99", "/S/2010/52/p/99/cited-by"])
def test_a_number_that_is_not_there_says_which_are(client, address):
    tree = page(client, address, 404)
    assert "附件第1段至第33段" in "".join(tree.text.split())
    assert {"/S/2010/52/p/annex.1", "/S/2010/52/p/annex.33"} <= set(tree.links)
    told = client.get(f"{address}.json").json()["paragraphs"]
    assert {"part": "附件", "first": 1, "last": 33, "url": "/S/2010/52/p/annex.1"} in told
