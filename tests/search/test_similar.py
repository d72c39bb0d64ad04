"""Similar paragraphs: those that share the telling words of one."""

from __future__ import annotations

import pytest

from archive.models import Document, Paragraph
from archive.store.addresses.paths import paragraph_path
from search.engine.slices.similar import FRAME, MOST_SHOWN, MOST_TERMS
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


def test_every_paragraph_is_told_with_the_words_that_it_shares(client):
    for paragraph in Paragraph.objects.exclude(kind__in=FRAME).order_by("pk")[::23]:
        address = paragraph_path(paragraph.document.symbol, paragraph.anchor)
        found = twin(client, f"{address}/similar.json")
        assert len(found["words"]) <= MOST_TERMS and len(found["results"]) <= MOST_SHOWN
        for one in found["results"]:
            text, marks = one["text"], one["highlights"]
            held = {term for token in analyze(text) for term in token.terms}
            assert set(one["shared"]) <= {word["word"] for word in found["words"]}
            assert len(one["shared"]) >= 2 and marks
            assert one["kind"] not in FRAME and text != paragraph.text
            assert {token.term for start, end in marks for token in analyze(text[start:end])} & held


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
    data = twin(client, "/S/2031/1/p/1/similar.json")
    assert (data["indexed"], data["results"]) == (False, [])
    assert [one["symbol"] for one in data["corpus"]["uncovered"]] == ["S/2031/1"]
    assert "还没有收入" in page(client, "/S/2031/1/p/1/similar").text
    assert Document.objects.filter(symbol="S/2031/1").exists()


def test_the_paragraph_leads_there(client):
    assert "/S/2031/1/p/1/similar" in page(client, "/S/2031/1/p/1").links
    assert twin(client, "/S/2031/1/p/1.json")["similar"] == "/S/2031/1/p/1/similar.json"
