"""Addresses are promises: one canonical form, every other spelling redirected, nothing issued ever lost."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from random import Random
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import get_resolver
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.intake.retirement import merge_document, withdraw_document, withdraw_paragraph
from archive.models import Document, IssuedText, MovedAnchor, SymbolAlias
from archive.site.http.lazy import LazyView
from archive.site.presenters.wording import day_or_moment
from archive.store.addresses.paths import cited_by_path, document_path, paragraph_path
from archive.text.fingerprint import digest, fingerprint
from archive.text.parsed import DocumentType, Kind
from tests.tables import each_row, rows_from
from tests.tools.addresses import ERRORS
from tests.tools.factories import block, parsed, store, stored
from tests.tools.pages import page, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(db):
    """A letter with two paragraphs and an annex that begins its numbering anew, citing two documents."""
    return stored(
        parsed(
            "S/2031/7",
            ("1", "安理会通过了第1540(2004)号决议。"),
            ("2", "见S/2030/5第14段和第1540(2004)号决议第3(a)段。"),
            block("annex", "附件", kind=Kind.HEADING, role="annex_label", part="annex", level=1, number=None),
            block("annex.1", "附件的第一段。", part="annex"),
            block("annex.14", "附件的第十四段。", part="annex"),
            mentions=[
                ("1", "第1540(2004)号决议", "S/RES/1540(2004)"),
                ("2", "S/2030/5", "S/2030/5", "14"),
                ("2", "第1540(2004)号决议", "S/RES/1540(2004)", "3(a)"),
            ],
            title="2031年2月3日的信",
            document_type=DocumentType.LETTER,
        )
    )


def redirected(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 301, (address, response.status_code)
    return unquote(response["Location"])


@each_row()
def test_other_spellings_are_redirected_to_the_canonical_address(client, letter, typed, meant, remark):
    assert redirected(client, typed) == meant, remark


@pytest.mark.parametrize("address", ["/S/2031/7", "/S/2031/7/p/1", "/S/RES/1540(2004)", "/S/2030/5"])
def test_canonical_addresses_answer_at_once(client, letter, address):
    page(client, address)


def test_a_number_that_occurs_twice_is_not_guessed(client, letter):
    assert page(client, "/S/2031/7/p/1").with_id("p-1")
    page(client, "/S/2031/7/p/annex.1")


def test_the_second_of_two_symbols_leads_to_the_document(client, letter):
    SymbolAlias.objects.create(symbol="A/85/9", document=letter)
    assert redirected(client, "/A/85/9") == "/S/2031/7"
    assert redirected(client, "/A/85/9.json") == "/S/2031/7.json"
    assert redirected(client, "/A/85/9/p/annex.14") == "/S/2031/7/p/annex.14"
    assert redirected(client, "/A/85/9/cited-by?year=2031") == "/S/2031/7/cited-by?year=2031"
    assert redirected(client, "/A/85/9/p/1/0123abcd") == "/S/2031/7/p/1/0123abcd"


@pytest.mark.parametrize(
    "address",
    ["/S", "/S/2099/1", "/nothing/here", "/S/2031/7/p/99", "/S/2099/1/p/1", "/S/2099/1/cited-by",
     "/bodies/none", "/states/XYZ", "/S/2031/7/nothing", "/S/2031/7.pdf", "/S/2031/7.txt.json",
     "/%00", "/S/2031/7/p/1/zzzzzzzz", "/" + "x" * 5000, "/.json"],
)  # fmt: skip
def test_what_was_never_issued_is_404_and_never_an_error(client, letter, address):
    assert client.get(address).status_code == 404


def test_two_strokes_never_lead_to_another_site(client, letter):
    response = client.get("//evil.example/s/2031/7/")
    assert not response.headers.get("Location", "/").startswith("//")


@settings(max_examples=150)
@given(st.text(max_size=40))
def test_no_address_whatever_breaks_the_site(client, path):
    response = client.get("/" + path.replace("?", "").replace("#", ""))
    # There is no index here, which the health check tells.
    assert response.status_code in (200, 301, 302, 400, 404) or (path, response.status_code) == (
        "healthz",
        503,
    )


@pytest.mark.parametrize(
    "address", ["/S/2031/7", "/S/2031/7.json", "/documents", "/healthz", "/nothing", "/s/2031/7"]
)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_can_only_be_read(letter, address, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(address)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_a_redirect_never_leads_to_itself(client, letter):
    for address in (
        "/a/b",
        "/S/AC.44/2004/(02)/5/Corr.1",
        "/EU:(CFSP)2018/1939",
        "/S/2031/7//",
        "/A/73/12(PartI)",
    ):
        seen = set()
        while (response := client.get(address)).status_code == 301:
            assert address not in seen
            seen.add(address)
            address = response["Location"]


# --- words once cited ---


def changed(symbol: str, text: str) -> Document:
    """The letter's first paragraph with other words, imported over what was there."""
    return stored(parsed(symbol, ("1", text)), name=f"{symbol.replace('/', '_')}.txt")


@pytest.fixture
def edited(db):
    """S/2031/8 paragraph 1, imported twice with different words; gives the two fingerprints."""
    changed("S/2031/8", "各国应加强出口管制。")
    changed("S/2031/8", "各国应当加强出口和边境管制。")
    return fingerprint("各国应加强出口管制。"), fingerprint("各国应当加强出口和边境管制。")


def test_a_link_with_the_present_fingerprint_says_identical(client, edited):
    tree = page(client, f"/S/2031/8/p/1/{edited[1]}")
    assert "文字与引用时相同" in tree.text
    assert client.get(f"/S/2031/8/p/1/{edited[1]}.json").json()["fate"] == "identical"


def test_a_link_to_edited_words_shows_both_wordings_and_every_change(client, edited):
    tree = page(client, f"/S/2031/8/p/1/{edited[0]}")
    assert "文字在引用之后有改动" in tree.text
    then, now = [version.all("p", "reading")[0] for version in tree.all("section", "version")]
    assert then.text == "各国应加强出口管制。"
    assert now.text == "各国应当加强出口和边境管制。"
    assert "".join(ins.text for ins in now.all("ins")) == "当和边境"
    twin = client.get(f"/S/2031/8/p/1/{edited[0]}.json").json()
    assert (twin["fate"], twin["then"]["text"]) == ("edited", "各国应加强出口管制。")


def test_a_moved_paragraph_is_redirected_and_its_old_link_says_moved(client, db):
    for number in ("13", "14"):
        stored(parsed("S/2031/9", (number, A)), name="S_2031_9.txt")
    assert redirected(client, "/S/2031/9/p/13") == "/S/2031/9/p/14"
    tree = page(client, f"/S/2031/9/p/13/{fingerprint(A)}")
    assert "位置变了" in tree.text
    assert tree.with_id("p-14").all(css="text")[0].text == A


def test_the_page_that_a_moved_address_leads_to_says_whence_when_and_why(client, letter):
    MovedAnchor.objects.create(
        symbol="S/2031/7", old_anchor="annex.13", new_anchor="annex.14", moved=letter.changed,
        cause="corrigendum", reason="编号更正",
    )  # fmt: skip
    assert redirected(client, "/S/2031/7/p/annex.13") == "/S/2031/7/p/annex.14"
    tree = page(client, "/S/2031/7/p/annex.14")
    assert "原标为附件第13段，自" in tree.text and "移至此处" in tree.text
    assert "编号更正" in tree.text
    (move,) = client.get("/S/2031/7/p/annex.14.json").json()["moved_here"]
    assert (move["from"], move["reason"]) == ("/S/2031/7/p/annex.13", "编号更正")
    assert "原标为" not in page(client, "/S/2031/7/p/1").text


A, B, C = "甲段说明出口管制。", "乙段说明边境管制。", "丙段说明衡算办法。"


@each_row()
def test_words_are_looked_for_where_they_stand_now(client, db, remark, before, after, cited, fate, where):
    for texts in (before, after):
        stored(parsed("S/2031/9", *texts.items()), name="S_2031_9.txt")
    address = paragraph_path("S/2031/9", cited[0], fingerprint(cited[1]))
    answer = client.get(f"{address}.json").json()
    found = answer["paragraph"] if fate == "moved" else answer
    assert (answer["fate"], found["anchor"]) == (fate, where)
    tree = page(client, address, 410 if fate == "withdrawn" else 200)
    # A twin is named, also one that stood there before, but which of them was meant is never guessed.
    twins = [anchor for anchor, text in after.items() if text == cited[1]] if fate != "moved" else []
    assert ("不能断定" in tree.text) is bool(twins)
    assert answer.get("same_words_at", []) == [f"/S/2031/9/p/{anchor}" for anchor in twins]


def test_a_link_without_fingerprint_says_when_the_text_changed(client, edited):
    tree = page(client, "/S/2031/8/p/1")
    assert "有过改动" in tree.text
    assert f"/S/2031/8/p/1/{edited[0]}" in tree.links
    earlier = client.get("/S/2031/8/p/1.json").json()["earlier_texts"]
    assert [text["fingerprint"] for text in earlier] == [edited[0]]


def test_a_withdrawn_paragraph_is_410_with_its_words_and_the_reason(client, letter):
    IssuedText.objects.create(
        symbol="S/2031/7", anchor="9", fingerprint="0123abcd", text="撤下的文字。",
        since=letter.changed, until=letter.changed, ending="withdrawn", reason="重复入库",
    )  # fmt: skip
    for address in ("/S/2031/7/p/9/0123abcd", "/S/2031/7/p/9"):
        tree = page(client, address, 410)
        assert "撤下的文字。" in tree.text
        assert "重复入库" in tree.text


def test_the_reason_of_a_withdrawal_is_told_once(client, letter):
    IssuedText.objects.create(
        symbol="S/2031/7", anchor="9", fingerprint="0123abcd", text="撤下的文字。", by="编辑",
        since=letter.changed, until=letter.changed, ending="withdrawn", cause="withdrawn", reason="法律要求",
    )  # fmt: skip
    told = page(client, "/S/2031/7/p/9", 410).text
    assert "原因：法律要求" in told
    assert "撤下：" not in told


@each_row("MOMENTS")
def test_two_moments_of_one_day_are_told_apart(one, other, told):
    one, other = (when and dt.datetime(2026, 11, *when, tzinfo=dt.UTC) for when in (one, other))
    assert day_or_moment(one, other) == told


def test_words_that_stood_for_a_part_of_a_day_are_told_with_the_time(client, edited):
    opened, closed = (dt.datetime(2026, 1, 21, *time, tzinfo=dt.UTC) for time in ((9, 30), (11, 5)))
    rows = IssuedText.objects.filter(symbol="S/2031/8", anchor="1")
    rows.filter(fingerprint=edited[0]).update(since=opened, until=closed)
    rows.filter(fingerprint=edited[1]).update(since=closed)
    told = page(client, f"/S/2031/8/p/1/{edited[0]}").text
    assert "2026年1月21日世界时09:30至2026年1月21日世界时11:05" in told
    assert "2026年1月21日世界时11:05改动前的文字" in told
    assert "2026年1月21日世界时11:05起" in told
    assert "世界时09:30至2026年1月21日世界时11:05" in page(client, "/S/2031/8/p/1").text


def test_a_document_withdrawn_as_a_whole_is_410(client, letter):
    IssuedText.objects.create(
        symbol="S/2031/3", anchor="1", fingerprint="0123abcd", text="旧文。",
        since=letter.changed, until=letter.changed, ending="withdrawn", reason="误收",
    )  # fmt: skip
    assert "误收" in page(client, "/S/2031/3", 410).text
    assert "旧文。" in page(client, "/S/2031/3/p/1/0123abcd", 410).text


def test_a_fingerprint_never_issued_is_404_and_offers_the_paragraph(client, letter):
    tree = page(client, "/S/2031/7/p/1/00000000", 404)
    assert "/S/2031/7/p/1" in tree.links


def test_every_issued_text_has_a_link_that_answers(client, edited, letter):
    store(parsed("S/2031/7", ("1", "只剩这一段。")), name="S_2031_7.txt")
    for issued in IssuedText.objects.all():
        response = client.get(paragraph_path(issued.symbol, issued.anchor, issued.fingerprint))
        assert response.status_code in (200, 410), issued
        bare = client.get(paragraph_path(issued.symbol, issued.anchor), follow=True)
        assert bare.status_code in (200, 410), issued


# --- building addresses ---


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (document_path("S/RES/1540(2004)"), "/S/RES/1540(2004)"),
        (document_path("EU:(CFSP)2018/1939"), "/EU:(CFSP)2018/1939"),
        (paragraph_path("S/2010/52", "annex.14"), "/S/2010/52/p/annex.14"),
        (paragraph_path("S/2010/52", "annex.14", "3f9a2c1b"), "/S/2010/52/p/annex.14/3f9a2c1b"),
        (cited_by_path("S/RES/1540(2004)", year=2016), "/S/RES/1540(2004)/cited-by?year=2016"),
        (cited_by_path("S/2010/52", "annex.1"), "/S/2010/52/p/annex.1/cited-by"),
        (document_path("A/85/9?x"), "/A/85/9%3Fx"),
    ],
)
def test_addresses_are_built_as_the_un_writes_symbols(built, expected):
    assert built == expected


# --- numbers without their part ---

OLD, ELSE = "附件的文字，后来成了附件二。", "附件一的另一段文字。"


def annexes(*parts: tuple[str, str, str], main: tuple[tuple[str, str], ...] = (), symbol: str = "S/2031/8"):
    """Import a letter whose annexes have paragraphs 2 and 3: (part, words of 2, words of 3)."""
    blocks = [
        block(f"{part}.{n}", words, part=part) for part, *texts in parts for n, words in enumerate(texts, 2)
    ]
    return stored(parsed(symbol, ("u1", "随信附上。"), *main, *blocks))


def one_annex_then_two() -> None:
    annexes(("annex", OLD, "第三段。"))
    annexes(("annex", ELSE, "第三段。"), ("annex2", OLD, "附件二的第三段。"))


@each_row("TAILS")
def test_a_number_that_became_ambiguous_offers_the_choice(client, tail):
    annexes(("annex", OLD, "第三段。"))
    alone = client.get(f"/S/2031/8/p/{tail}")
    assert (alone.status_code, alone["Location"]) == (302, f"/S/2031/8/p/annex.{tail}")
    annexes(("annex", ELSE, "第三段。"), ("annex2", OLD, "附件二的第三段。"))
    answer = client.get(f"/S/2031/8/p/{tail}", follow=True)
    assert answer.status_code == 300
    meant = tail.removesuffix("/cite")  # whose page, where there are several, is that of the number
    places = [f"/S/2031/8/p/{part}.{meant}" for part in ("annex", "annex2")]
    if tail.endswith(".json"):
        assert [choice["url"] for choice in answer.json()["choices"]] == places
    else:
        assert all(place in answer.content.decode() for place in places)


@each_row("WORDS")
def test_with_a_fingerprint_a_number_leads_to_the_words(client, number, words, place):
    one_annex_then_two()
    for digits in (fingerprint(words), digest(words)):
        answer = client.get(f"/S/2031/8/p/{number}/{digits}")
        assert (answer.status_code, answer["Location"]) == (302, f"{place}/{digits}")
        assert words[:5] in client.get(answer["Location"]).content.decode()
    told = client.get(f"/S/2031/8/p/2/{fingerprint(OLD)}.json", follow=True).json()
    assert (told["fate"], told["paragraph"]["anchor"]) == ("moved", "annex2.2")
    assert client.get(f"/S/2031/8/p/{number}/00000000", follow=True).status_code == 404


def test_a_number_that_the_main_text_takes_says_what_it_meant(client):
    annexes(("annex", OLD, "第三段。"))
    annexes(("annex", OLD, "第三段。"), main=(("1", "正文第一段。"), ("2", "正文第二段。")))
    tree = page(client, "/S/2031/8/p/2")
    assert "这个地址以前指附件第2段" in tree.text and "/S/2031/8/p/annex.2" in tree.links
    assert client.get("/S/2031/8/p/2.json").json()["formerly"] == ["/S/2031/8/p/annex.2"]
    answer = client.get(f"/S/2031/8/p/2/{fingerprint(OLD)}")
    assert (answer.status_code, answer["Location"]) == (302, f"/S/2031/8/p/annex.2/{fingerprint(OLD)}")
    assert "以前指" not in page(client, "/S/2031/8/p/1").text
    within = client.get("/S/2031/8/p/2-3")  # the main text has no 3
    assert (within.status_code, within["Location"]) == (302, "/S/2031/8/p/annex.2-3")
    annexes(("annex", OLD, "第三段。"), main=(("2", "正文第二段。"), ("3", "正文第三段。")))
    assert "这个地址以前指附件第2至3段" in page(client, "/S/2031/8/p/2-3").text
    assert client.get("/S/2031/8/p/2-3.json").json()["formerly"] == ["/S/2031/8/p/annex.2-3"]


def test_a_comparison_asks_which_and_finds_the_words(client):
    one_annex_then_two()
    asked = client.get("/compare", {"a": "/S/2031/8/p/2", "b": "/S/2031/8/p/annex.3"})
    assert asked.status_code == 400 and "可以指附件第2段、附件二第2段" in asked.content.decode()
    words = f"/S/2031/8/p/2/{fingerprint(OLD)}"
    assert OLD in page(client, f"/compare?a={words}&b=/S/2031/8/p/annex.2").text


def test_items_without_their_part_offer_the_choice_too(client):
    rows = [
        block(f"{part}.3.{item}", f"{part}{item}", part=part)
        for part in ("annex", "annex2")
        for item in "abc"
    ]
    stored(parsed("S/2031/8", *rows))
    choice = client.get("/S/2031/8/p/3.a-c.json")
    assert (choice.status_code, [one["url"] for one in choice.json()["choices"]]) == (
        300,
        ["/S/2031/8/p/annex.3.a-c.json", "/S/2031/8/p/annex2.3.a-c.json"],
    )


def test_a_number_whose_paragraphs_are_gone_still_answers(client):
    one_annex_then_two()
    annexes(("annex3", "又一份附件。"))
    choice = page(client, "/S/2031/8/p/2", 300)
    assert {f"/S/2031/8/p/{part}.2" for part in ("annex", "annex2", "annex3")} <= set(choice.links)
    assert page(client, "/S/2031/8/p/2-3", 300)
    withdraw_document(Document.objects.get(symbol="S/2031/8"), "编者", "试")
    assert client.get("/S/2031/8/p/2").status_code == 410
    told = client.get(f"/S/2031/8/p/2/{fingerprint(OLD)}", follow=True)
    assert (told.status_code, OLD in told.content.decode()) == (410, True)


def test_a_number_of_a_merged_document_leads_into_the_other(client):
    annexes(("annex", OLD, "第三段。"))
    whole = stored(parsed("S/2031/9", ("7", OLD), ("8", "第三段。")))
    merge_document(Document.objects.get(symbol="S/2031/8"), whole, "编者", "副本")
    answer = client.get("/S/2031/8/p/2", follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, "/S/2031/9/p/7")


@pytest.mark.parametrize("seed", range(6))
def test_no_number_that_was_answered_is_ever_lost_or_shows_other_words_in_silence(client, seed):
    random, answered = Random(seed), {}
    for _turn in range(5):
        parts = [part for part in ("annex", "annex2", "enclosure") if random.random() < 0.6]
        texts = [f"第{number}种文字。" for number in range(4)]
        main = (("2", random.choice(texts)),) if random.random() < 0.3 else ()
        annexes(*((part, random.choice(texts), random.choice(texts)) for part in parts), main=main)
        for number, before in list(answered.items()):
            now = client.get(f"/S/2031/8/p/{number}.txt", follow=True)
            assert now.status_code in (200, 300, 410), (number, now.status_code)
            for words, tail in before:
                told = client.get(f"/S/2031/8/p/{number}/{tail}", follow=True)
                assert told.status_code in (200, 300, 410) and (
                    words in told.content.decode() or told.status_code == 300
                )
        for number in ("2", "3"):
            now = client.get(f"/S/2031/8/p/{number}.txt", follow=True)
            if now.status_code == 200:
                words = now.content.decode().strip()
                answered.setdefault(number, set()).add((words, fingerprint(words)))


# --- Labels as printed ---

LABEL = {"kind": Kind.HEADING, "role": "annex_label", "number": None}
TWIN = "同意。"


def review(*names: str, symbol: str = "S/2031/10") -> Document:
    """A letter whose annex holds 附件一 and 附件二, under the addresses ``names``; words occur in both."""
    return stored(
        parsed(
            symbol,
            ("1", "随信附上。"),
            block("annex", "附件", part="annex", **LABEL),
            block("annex.2", "审查的第二段。", part="annex", parent="annex"),
            *(
                one
                for name, label in zip(names, ("附件一", "附件二"), strict=True)
                for one in (
                    block(name, label, part=name, parent="annex", **LABEL),
                    block(f"{name}.1", TWIN, part=name, parent=name),
                    block(f"{name}.2", f"{label}的第二段。", part=name, parent=name),
                )
            ),
        )
    )


@pytest.mark.parametrize("tail", ["", ".1", ".2", ".1.json", ".2/cite"])
def test_what_a_part_was_called_leads_to_its_label(client, tail):
    review("annex2", "annex3")
    review("annex.annex1", "annex.annex2")
    for old, new in (("annex2", "annex.annex1"), ("annex3", "annex.annex2")):
        answer = client.get(f"/S/2031/10/p/{old}{tail}")
        assert answer.status_code in (301, 302), answer.status_code
        assert answer["Location"] == f"/S/2031/10/p/{new}{tail}"
    with_words = client.get(f"/S/2031/10/p/annex2.1/{fingerprint(TWIN)}.json", follow=True).json()
    assert (with_words["fate"], with_words["paragraph"]["anchor"]) == ("moved", "annex.annex1.1")


@each_row("LEADS")
def test_a_label_without_what_it_stands_in_leads_there(client, asked, meant, remark):
    review("annex.annex1", "annex.annex2")
    answer = client.get(f"/S/2031/10/p/{asked}")
    assert (answer.status_code, answer["Location"]) == (302, f"/S/2031/10/p/{meant}"), remark


def test_the_only_annex_is_found_as_the_first(client, letter):
    assert client.get("/S/2031/7/p/annex1.14")["Location"] == "/S/2031/7/p/annex.14"


def test_a_section_that_numbers_run_through_may_be_named(client):
    stored(
        parsed(
            "S/2031/11",
            *(
                one
                for section, numbers in (("一", "12"), ("二", "345"))
                for one in (
                    block(f"s{'一二'.index(section) + 1}", "甲", kind=Kind.HEADING, number=section),
                    *(block(n, f"第{n}段。", parent=f"s{'一二'.index(section) + 1}") for n in numbers),
                )
            ),
        )
    )
    assert client.get("/S/2031/11/p/s2.4")["Location"] == "/S/2031/11/p/4"
    assert client.get("/S/2031/11/p/s1.4").status_code == 404


@pytest.mark.parametrize("typed", ["S/2031/10附件一第2段", "S/2031/10, annex I, para. 2"])
def test_what_is_typed_leads_to_the_label(client, typed):
    review("annex.annex1", "annex.annex2")
    answer = client.get("/go", {"q": typed})
    assert answer["Location"] == "/S/2031/10/p/annex.annex1.2"


def test_a_page_says_what_is_printed(client):
    review("annex.annex1", "annex.annex2")
    told = page(client, "/S/2031/10/p/annex.annex1.2")
    assert "S/2031/10，附件一，第2段" in told.text and "附件二，第2段" not in told.text
    whole = page(client, "/S/2031/10")
    assert "附件二" in whole.text


def test_a_doubt_about_a_number_is_shown_at_its_place_and_in_its_citation(client):
    held = stored(
        parsed(
            "S/2031/12",
            ("1", "第一段。"),
            ("3", "第三段。"),
            block("annex2", "附件二", part="annex2", **LABEL),
            block("annex2.1", "附件的段落。", part="annex2", parent="annex2"),
            doubts=[
                ("paragraph 3 follows paragraph 1", "3"),
                ("part 附件二 is the first of its series", "annex2"),
            ],
        )
    )
    assert len(held.doubts) == 2
    for anchor, words in (("3", "第1段之后是第3段，编号不连续"), ("annex2.1", "编号从附件二开始")):
        for address in (f"/S/2031/12/p/{anchor}", f"/S/2031/12/p/{anchor}/cite"):
            assert words in page(client, address).text, address
            assert len(client.get(f"{address}.json").json()["doubts"]) == 1
    assert client.get("/S/2031/12/p/1.json").json()["doubts"] == []
    assert "编号不连续" not in page(client, "/S/2031/12/p/1").text


def _views(patterns) -> Iterator[object]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern.url_patterns)
        else:
            yield pattern.callback


def test_every_view_that_a_route_names_is_there():
    """They are imported at their first request: a wrong name would be found by a reader."""
    lazy = [view for view in _views(get_resolver().url_patterns) if isinstance(view, LazyView)]
    assert len(lazy) > 100
    for view in lazy:
        assert callable(view.__wrapped__), view.__name__


# --- what pages say that have nothing to show ---

HOLE = re.compile(
    r"“”|《》|（）|\(\)|：(?:[。，；]|$)|[，。]{2}|从到|到公开|(?<!\d)年(?=\d*月)|置信度%|第段|第项|None|标记为"
)
OCR = re.compile(r"置信度(\d*)%")


@pytest.fixture
def refusals(bundled_documents, settings):
    """Addresses that have nothing to show, of an archive from which something was taken in every way; the
    OCR confidence of each document by its symbol. What a template lacks is printed as ¤."""
    (told,) = settings.TEMPLATES
    settings.TEMPLATES = [{**told, "OPTIONS": {**told["OPTIONS"], "string_if_invalid": "¤%s¤"}}]
    why = {"by": "编者甲", "reason": "误收"}
    issued = list(IssuedText.objects.filter(symbol__in=("S/2016/1013", "A/74/140"), anchor__contains="u1"))
    held = bundled_documents["CD/2118"]
    issued += [withdraw_paragraph(held, "annex.h2.a", **why), withdraw_paragraph(held, "annex.h2", **why)]
    issued.append(withdraw_paragraph(held, "annex.h2.b", withheld=True, **why))
    Document.objects.filter(symbol="A/74/140").update(ocr_confidence=91)
    for symbol in ("S/2016/1013", "A/74/140"):
        withdraw_document(Document.objects.get(symbol=symbol), **why)
    withdraw_document(bundled_documents["S/AC.44/SR.74"], withheld=True, **why)
    into, other = stored(parsed("S/2031/1", ("1", "一段。"))), stored(parsed("S/2031/2", ("1", "另一段。")))
    issued += IssuedText.objects.filter(symbol="S/2031/2")
    merge_document(other, into, **why)
    addresses = [path for row in issued for path in (
        document_path(row.symbol), paragraph_path(row.symbol, row.anchor),
        paragraph_path(row.symbol, row.anchor, row.fingerprint),
        paragraph_path(row.symbol, row.anchor, row.fingerprint[:5]),
        paragraph_path(row.symbol, row.anchor, "00000000"),
    )]  # fmt: skip
    addresses += ["/S/AC.44/SR.74", "/S/AC.44/SR.74/p/14", *(address for address, _status in ERRORS)]
    addresses += rows_from(__name__, "NOTHING_TO_SHOW")[0]
    return [*dict.fromkeys(addresses)], {"A/74/140": "91"}


def test_no_page_that_has_nothing_to_show_says_what_is_not_stored(client, refusals):
    addresses, recognized = refusals
    statuses = Counter()
    for address in addresses:
        response = client.get(address)
        statuses[response.status_code] += 1
        if response.status_code < 400 or not response["Content-Type"].startswith("text/html"):
            continue
        tree, _problems = read(response.content)
        (main,) = tree.all("main")
        assert "¤" not in main.text, (address, main.text.split("¤")[1])
        assert not HOLE.search(main.text), (address, HOLE.search(main.text), main.text)
        shown = [number for symbol, number in recognized.items() if address.startswith(f"/{symbol}")]
        assert set(OCR.findall(main.text)) <= set(shown), address
        rows = IssuedText.objects.filter(symbol=symbol_in(address), anchor=anchor_in(address))
        for printed in re.findall(r"指纹([0-9a-f]{8})", main.text):
            assert rows.filter(fingerprint=printed).exists() or address.endswith(f"/{printed}"), address
        if "决定者" in main.text or "撤下：" in main.text:
            assert "编者甲" in main.text and "误收" in main.text, address
    assert statuses[404] > 5 and statuses[410] > 20 and statuses[400] > 3, statuses
    assert "置信度91%" in page(client, "/A/74/140", 410).text


def symbol_in(address: str) -> str:
    return address.partition("/p/")[0].lstrip("/")


def anchor_in(address: str) -> str:
    return address.partition("/p/")[2].partition("/")[0]
