"""Similar paragraphs: of a paragraph, and of a text that is pasted."""

from __future__ import annotations

import json
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Document, Paragraph
from search.engine.live.index import live_index
from search.engine.slices.similar import FRAME, MOST_SHOWN, MOST_TERMS
from search.pages.similar import views as similar_pages
from search.pages.similar.views import similar_to_paragraph, similar_to_text
from search.query.text.analyzer import analyze
from tests.tools.bundled import store_bundled
from tests.tools.factories import parsed, store
from tests.tools.pages import page, twin
from tests.tools.searching import archive_for

pytestmark = pytest.mark.django_db
REPEATED = "各国应当加强出口管制和边境管制，防止恐怖分子走私核材料、化学武器及其运载工具。"


def _store() -> None:
    store_bundled()
    store(
        parsed(
            "S/2031/1",
            ("1", REPEATED),
            ("2", REPEATED.replace("应当", "应该")),
            ("3", "恐怖分子走私核材料，各国在边境发现。"),
            ("4", "恐怖分子走私核材料，各国在边境发现。"),
        )
    )


index = archive_for(_store)


def sent(client, text: str, address: str = "/similar.json", status: int = 200, **headers: str) -> dict:
    response = client.post(address, {"text": text}, headers=headers)
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    return json.loads(response.content) if address.endswith("json") else {"page": response.content.decode()}


def test_every_paragraph_is_told_with_the_words_that_it_shares(client):
    for paragraph in Paragraph.objects.exclude(kind__in=FRAME).order_by("pk")[::23]:
        found = similar_to_paragraph(live_index(), paragraph.pk)
        assert len(found.words) <= MOST_TERMS and len(found.results) <= MOST_SHOWN
        for one in found.results:
            text = one.text
            held = {term for token in analyze(text) for term in token.terms}
            assert one.shared == [w.word for w in found.words if w.term in held]
            assert len(one.shared) >= 2 and one.highlights and not one.repeats
            assert one.kind not in FRAME and text != paragraph.text
            assert {token.term for start, end in one.highlights for token in analyze(text[start:end])} & held


def test_repeats_of_a_paragraph_are_counted_and_left_to_the_parallels(client):
    data = twin(client, "/S/2031/1/p/1/similar.json")
    assert data["repeats_left_out"] == 1
    assert "/S/2031/1/p/2" not in [one["url"] for one in data["results"]]
    assert twin(client, data["parallels"])["parallels"][0]["url"] == "/S/2031/1/p/2"
    assert "/S/2031/1/p/1/parallels" in page(client, "/S/2031/1/p/1/similar").links


def test_what_reads_the_same_stands_once_with_its_other_places(client):
    also = {one["url"]: one["also"] for one in twin(client, "/S/2031/1/p/1/similar.json")["results"]}
    assert also["/S/2031/1/p/3"] == ["/S/2031/1/p/4"]
    assert "/S/2031/1/p/4" not in also


def test_a_pasted_text_finds_what_it_repeats_and_says_so(client):
    results = sent(client, REPEATED)["results"]
    assert [(one["url"], one["repeats"]) for one in results[:2]] == [
        ("/S/2031/1/p/1", True),
        ("/S/2031/1/p/2", True),
    ]
    assert "几乎相同" in sent(client, REPEATED, "/similar")["page"]


def test_traditional_characters_and_width_make_no_difference(client):
    simple = [one["url"] for one in sent(client, "各国加强出口管制和边境管制")["results"]]
    other = [one["url"] for one in sent(client, "各國加強出口管制和邊境管制")["results"]]
    assert simple == other != []


@settings(max_examples=20)
@given(st.text(max_size=60) | st.text(alphabet="核武器出口管制的和之各国1540()第号决议 \n", max_size=80))
def test_whatever_is_pasted_is_answered(text):
    found = similar_to_text(live_index(), text)
    assert all(one.shared for one in found.results)
    assert [word.paragraphs > 0 for word in found.words] == [True] * len(found.words)


REFUSED = [
    ("", 400, "nothing"),
    (" \n　", 400, "blanks"),
    ("核" * 5001, 413, "too long"),
]


@pytest.mark.parametrize(("text", "status", "remark"), REFUSED)
def test_what_cannot_be_compared_is_refused_in_words(client, text, status, remark):
    assert sent(client, text, status=status)["detail"].endswith("。"), remark
    assert 'role="alert"' in sent(client, text, "/similar", status)["page"]


def test_the_longest_text_is_answered(client):
    sent(client, (REPEATED * 200)[:5000])
    assert sent(client, "夨夬夶彖")["results"] == []


def test_other_kinds_of_requests(client):
    body = json.dumps({"text": REPEATED})
    assert client.post("/similar.json", body, content_type="application/json").json()["results"]
    assert client.post("/similar.json", REPEATED, content_type="text/plain").json()["results"]
    assert client.post("/similar.json", "[1]", content_type="application/json").status_code == 400
    assert client.post("/similar.json", body, content_type="application/xml").status_code == 415
    assert twin(client, "/similar.json")["limits"]["characters"] == 5000
    sent(client, REPEATED, "/similar", 403, **{"Sec-Fetch-Site": "cross-site"})
    for method in ("put", "delete", "patch"):
        assert getattr(client, method)("/similar").status_code == 405


def test_nothing_of_a_text_is_logged_not_even_where_it_fails(client, caplog, monkeypatch):
    def failing(index, text):
        raise ValueError(text)

    with caplog.at_level(logging.DEBUG):
        sent(client, REPEATED)
        monkeypatch.setattr(similar_pages, "similar_to_text", failing)
        sent(client, REPEATED, status=500)
    assert "ValueError" in caplog.text and REPEATED[:8] not in caplog.text


def test_the_number_of_queries_does_not_grow_with_what_is_found(client, django_assert_max_num_queries):
    client.get("/S/2031/1/p/1/similar")
    for address in ("/S/2031/1/p/1", "/S/2010/52/p/annex.14", "/S/AC.44/SR.74/p/14"):
        with django_assert_max_num_queries(10):
            client.get(f"{address}/similar")


def test_what_is_not_there_is_explained_at_its_own_address(client):
    for tail in ("", ".json"):
        response = client.get(f"/S/2010/52/p/annex.99/similar{tail}")
        assert (response.status_code, response["Location"]) == (302, f"/S/2010/52/p/annex.99{tail}")


def test_documents_that_changed_since_they_were_indexed_are_left_out(client):
    Paragraph.objects.filter(document__symbol="S/2031/1", anchor="4").update(text="改了。")
    data = sent(client, REPEATED)
    assert not any(one["symbol"] == "S/2031/1" for one in data["results"])
    assert [one["symbol"] for one in data["corpus"]["uncovered"]] == ["S/2031/1"]
    assert twin(client, "/S/2031/1/p/1/similar.json")["indexed"] is False
    assert "还没有收入" in page(client, "/S/2031/1/p/1/similar").text
    assert Document.objects.filter(symbol="S/2031/1").exists()


def test_the_paragraph_leads_there(client):
    assert "/S/2031/1/p/1/similar" in page(client, "/S/2031/1/p/1").links
    assert twin(client, "/S/2031/1/p/1.json")["similar"] == "/S/2031/1/p/1/similar.json"
