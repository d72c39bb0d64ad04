"""Query parameters: what a page does not know is left out, told of, or refused; the description agrees."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from urllib.parse import quote, urlencode

import pytest
from django.urls import get_resolver
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.intake.retirement import withdraw_document, withdraw_paragraph
from archive.models import Body, Document, Paragraph, ShortLink, Treaty
from archive.site.http.parameters import LONGEST_QUERY, PLACES
from archive.site.opendata.operations import FORMS, PAGES, PART, _patterns, describe, page_of_route
from search.engine.protocol import FACETS
from tests.tables import each_row, rows_from, tuples
from tests.tools.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]

# What chats, mailers and networks hang on links, and what someone mistypes.
HUNG_ON = rows_from(__name__, "HUNG_ON")  # fmt: skip
LIST_FOR_PROGRAMS = re.compile(r"\.(?:json|jsonld|csv|xlsx|atom)$")
NO_ADDRESS = {"typed", "data_file"}  # nothing of their own; files that a command writes


@cache
def addresses() -> dict[str, str]:
    """By the name of its route: an address of every page of ours."""
    held = Document.objects.get(symbol="S/2010/52")
    paragraph = held.paragraphs.get(anchor="annex.14")
    code = ShortLink.objects.filter(symbol=held.symbol).first().code
    examples = {
        "symbol": held.symbol, "anchor": paragraph.anchor, "spelled": "annex.14-16", "typed": code,
        "fingerprint": paragraph.fingerprint, "digits": paragraph.fingerprint[:5], "alpha3": "ESP",
        "year": "2016", "section": "documents", "who": "nobody(无)", "number": "1", "of": held.symbol,
        "moment": "20990101000000", "digest": held.source.sha256[:8], "with_": "en",
    }  # fmt: skip
    slugs = {
        "body": Body.objects.first().slug, "treaty": Treaty.objects.first().slug, "concept": "export-control",
    }  # fmt: skip
    found = {}
    for text, pattern in _patterns(get_resolver().url_patterns, ""):
        page = page_of_route(pattern.name or "")
        if pattern.name not in NO_ADDRESS and pattern.name:
            given = examples | {"slug": slugs.get(page, "")}
            found[pattern.name] = "/" + PART.sub(lambda match, given=given: given[match["name"]], text)
    return found


ROUTES = sorted(
    pattern.name
    for _text, pattern in _patterns(get_resolver().url_patterns, "")
    if pattern.name and pattern.name not in NO_ADDRESS
)


def is_list(route: str) -> bool:
    page = PAGES.get(page_of_route(route))
    return bool(page and page.listing)


@pytest.mark.parametrize("route", ROUTES)
def test_no_page_breaks_over_what_others_hung_on_its_link(client, route):
    """An address that names a thing answers as without; a list for programs refuses; its page tells."""
    address = addresses()[route]
    plain = client.get(address)
    names = ["utm_source", "isappinstalled", "from"]
    if route == "range_chosen":
        names.remove("from")  # its own form has a field of that name
    hung = "&".join(f"{name}=x" for name in names)
    answer = client.get(f"{address}?{hung}")
    if is_list(route) and LIST_FOR_PROGRAMS.search(address):
        assert answer.status_code == 400, address
        assert all(f"“{name}”" in answer.json()["detail"] for name in names)
        return
    assert answer.status_code == plain.status_code, address
    if not is_list(route):
        assert answer.get("ETag") == plain.get("ETag"), address
        assert answer.get("Location") == plain.get("Location"), address
    elif answer.status_code == 200:
        assert all(name in answer.content.decode() for name in names), address
    assert not any(name in answer.get("Location", "") + _canonical(answer) for name in names)


def _canonical(answer) -> str:
    if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
        return ""
    found = re.search(r'<link rel="canonical" href="([^"]+)"', answer.content.decode())
    return found[1] if found else ""


THINGS = ["/S/2010/52/p/annex.14", "/S/2010/52", "/S/2010/52/p/annex.14-16", "/states/ESP", "/S/2010/52.json"]
NAMES = st.text(min_size=1, max_size=12).filter(lambda name: not name.startswith(("\x00", "\ud800")))


@pytest.mark.parametrize("address", THINGS)
def test_things_answer_byte_for_byte_as_without(client, address):
    plain = client.get(address)
    for hung in HUNG_ON:
        answer = client.get(f"{address}?{hung}")
        assert (answer.status_code, answer.content, answer["ETag"]) == (200, plain.content, plain["ETag"])


@settings(max_examples=25)
@given(name=NAMES, value=NAMES)
def test_any_name_unknown_to_a_list_is_told_and_never_ignored(client, name, value):
    if name in PAGES["search"].names:
        return
    query = urlencode({"q": "核", name: value})
    refused = client.get(f"/search.json?{query}")
    assert refused.status_code == 400
    assert f"“{name[:40]}”" in refused.json()["detail"]
    shown = client.get(f"/search?{query}")
    assert shown.status_code == 200
    assert 'class="site-notice"' in shown.content.decode()


OF_LINES = ("year", "state", "cites", "body", "mentioned", "document_type", "type", "sort")


@each_row("ILL_FORMED")
def test_a_value_that_is_none_of_its_kind_is_told_and_finds_not_nothing(client, given, words):
    """Programs are refused; a page shows what it finds without it and says so."""
    whole = client.get("/search.json?q=不扩散").json()
    places = [("/search", ".json"), ("/search", ".csv"), ("/search", ".atom"), ("/search/whole", ".json")]
    if given.startswith(OF_LINES):
        places.append(("/concordance", ".json"))
    for place, kind in places:
        refused = client.get(f"{place}{kind}?q=不扩散&{given}")
        assert (refused.status_code, words in refused.json()["detail"]) == (400, True), place
    shown = client.get(f"/search?q=不扩散&{given}")
    text = shown.content.decode()
    notice = text[text.index('class="site-notice"') :].partition("</div>")[0]
    assert shown.status_code == 200 and escape(words) in notice
    assert "没有一段符合" not in text
    if "2016" not in given:
        assert f'<b class="figure">{whole["total"]["paragraphs"]}</b>' in text
    if given.startswith(OF_LINES):
        assert escape(words) in client.get(f"/concordance?q=不扩散&{given}").content.decode()


@each_row()
def test_a_value_of_its_kind_that_nothing_has_finds_nothing(client, given):
    assert client.get(f"/search.json?q=不扩散&{given}").json()["total"]["paragraphs"] == 0
    assert 'class="site-notice"' not in client.get(f"/search?q=不扩散&{given}").content.decode()


@each_row()
def test_a_value_may_be_spelled_as_people_do(client, given, chosen):
    assert tuples(client.get(f"/search.json?q=不扩散&{given}").json()["filters"]) == chosen


@each_row("TOLD")
def test_what_is_not_understood_is_said(client, address, status, words):
    answer = client.get(address)
    assert answer.status_code == status
    text = answer.content.decode()
    assert words in (answer.json()["detail"] if status == 400 else text)
    assert "<script>=1" not in text


def test_a_thing_shows_no_notice(client):
    assert "site-notice" not in client.get("/S/2010/52/p/annex.14?utm_source=x").content.decode()


def test_links_of_a_list_leave_out_what_it_does_not_know(client):
    """Data, feeds and filters are offered by addresses that will answer."""
    text = client.get("/documents?yaer=2016&type=letter").content.decode()
    assert "/documents.json?type=letter" in text
    assert not re.search(r'href="[^"]*yaer', text)


def test_the_description_tells_every_parameter_that_is_read():
    told = {
        path: {row["name"]: row["schema"] for row in operation["get"]["parameters"]}
        for path, operation in describe()["paths"].items()
        if "get" in operation
    }
    search = told["/search.json"]
    assert search["q"]["maxLength"] == LONGEST_QUERY
    assert {"mentioned", "group", "variants", *FACETS} <= search.keys()
    assert set(search) | set(PLACES) == PAGES["search"].names | set(PLACES)
    assert {"not_left", "not_right", "sort"} <= told["/concordance.json"].keys()
    assert told["/go.json"]["q"]["maxLength"] < LONGEST_QUERY
    assert "state" in told["/{symbol}/p/{anchor}/cited-by.json"]


def test_forms_have_a_row_too():
    assert set(FORMS) <= set(ROUTES)


@pytest.mark.parametrize(("count", "status"), [(250, 200), (251, 400), (3_000, 400)])
def test_an_address_has_parameters_by_the_hundred_at_most(client, db, count, status):
    """Each stands again in every link of the page: 900 made six megabytes of one list."""
    response = client.get("/documents?" + "&".join(["page=1"] * count))
    assert response.status_code == status


# --- What a sentence, a chat or a copy did to the end of a link: taken off, or told with ways on ---


def fingerprint() -> str:
    return Paragraph.objects.get(document__symbol="S/2010/52", anchor="annex.14").fingerprint


def addresses_of_links() -> list[str]:
    code = ShortLink.objects.filter(symbol="S/2010/52").first().code
    return [
        "/S/2010/52", "/S/RES/1540(2004)", "/S/2010/52.json", "/S/2010/52.txt", "/S/2010/52/cited-by",
        "/S/2010/52/p/annex.14", f"/S/2010/52/p/annex.14/{fingerprint()}", "/S/2010/52/p/annex.14.json",
        "/S/2010/52/p/annex.14-16", "/S/2010/52/p/annex.14.ris", "/S/2010/52/p/annex.14/cite",
        f"/c/{code}", "/states/ESP", "/states", "/bodies/1540-committee", "/years/2016",
        "/documents.csv", "/search",
    ]  # fmt: skip


@each_row("ENDINGS")
def test_what_a_sentence_added_is_taken_off(client, ending):
    for address in addresses_of_links():
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


@each_row("AS_THEY_ARE")
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


@each_row("CUT")
def test_other_links_cut_short(client, address, status, way, remark):
    answer = client.get(address)
    assert answer.status_code == status, remark
    if way:
        assert way in page(client, address, status).links, remark


@each_row("BEHIND")
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
