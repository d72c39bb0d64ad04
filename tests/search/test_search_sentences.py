"""Every sentence of an answer is true: what is typed, over HTTP, and what page and JSON say of it."""

import json
import re
from urllib.parse import quote

import pytest
from django.utils.html import strip_tags

from tests.tables import rows_from
from tests.tools.bundled import bundled_archive
from tests.tools.factories import parsed, stored
from tests.tools.searching import archive_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="class")
def bundled(tmp_path_factory, django_db_setup, django_db_blocker):
    with bundled_archive(tmp_path_factory.mktemp("index"), django_db_blocker):
        yield


@pytest.fixture(scope="class")
def own(tmp_path_factory, django_db_setup, django_db_blocker):
    blocks = [(str(number), text) for number, text in rows_from(__name__, "TEXTS").items()]
    root = tmp_path_factory.mktemp("own")
    with archive_of(lambda: stored(parsed("S/2010/52", *blocks)), root, django_db_blocker):
        yield


def found(client, q: str, **more: str) -> list[str]:
    """The paragraphs that are found, on whatever page."""
    answer = json.loads(client.get("/search/whole.json", {"q": q, **more}).getvalue())
    hits = sorted(f"{hit['symbol']} {hit['anchor']}" for hit in answer["results"])
    return hits if len(hits) == answer["total"]["paragraphs"] else [*hits, str(answer["total"])]


def words(client, q: str, **more: str) -> str:
    """The page without its tags and line breaks."""
    page = client.get("/search", {"q": q, **more}).content.decode()
    return re.sub(r"\s*\n\s*", "", strip_tags(page))


@pytest.mark.usefixtures("own")
class TestPrinted:
    @pytest.mark.parametrize(("q", "places", "remark"), rows_from(__name__, "PRINTED"))
    def test_a_number_is_found_however_it_is_printed(self, client, q, places, remark):
        assert found(client, q) == sorted(f"S/2010/52 {number}" for number in places), remark


@pytest.mark.usefixtures("bundled")
class TestSentences:
    @pytest.mark.parametrize(("q", "same", "remark"), rows_from(__name__, "SAME"))
    def test_a_number_or_date_is_one_whatever_stands_in_it(self, client, q, same, remark):
        assert found(client, q) == found(client, same) != [], remark

    @pytest.mark.parametrize(("q", "same", "remark"), rows_from(__name__, "RESOLUTIONS"))
    def test_a_resolution_is_one_however_it_is_said(self, client, q, same, remark):
        assert found(client, q) == found(client, same) != [], remark

    @pytest.mark.parametrize(("q", "sentence", "remark"), rows_from(__name__, "SAYS"))
    def test_the_page_says_what_was_looked_for(self, client, q, sentence, remark):
        assert sentence in words(client, q), remark

    @pytest.mark.parametrize(("q", "marked", "remark"), rows_from(__name__, "MARKED"))
    def test_what_is_found_is_marked(self, client, q, marked, remark):
        answer = client.get("/search.json", {"q": q}).json()
        spans = [hit["text"][start:end] for hit in answer["results"] for start, end in hit["highlights"]]
        assert answer["results"] and all(hit["highlights"] for hit in answer["results"])
        assert marked in spans, remark

    @pytest.mark.parametrize(("q", "meant", "remark"), rows_from(__name__, "SLIPS"))
    def test_a_slip_in_english_is_corrected(self, client, q, meant, remark):
        assert meant in [one[1] for one in client.get("/search.json", {"q": q}).json()["corrections"]], remark

    @pytest.mark.parametrize(("q", "term", "remark"), rows_from(__name__, "GAPS"))
    def test_the_thesaurus_knows_what_texts_call_it(self, client, q, term, remark):
        added = client.get("/search.json", {"q": q}).json()["added"]
        assert term in [one for terms in added.values() for one in terms], remark

    def test_the_parts_of_a_label_that_stands_nowhere_are_asked(self, client):
        assert set(found(client, "军民两用")) <= set(found(client, "军民两用技术"))
        assert found(client, "军民两用技术") == found(client, "军民两用 技术")
        assert client.get("/search.json", {"q": "军民两用技术"}).json()["absent"][0]["text"] == "军民两用技术"

    def test_a_character_means_one_thing_everywhere(self, client):
        answer = client.get("/search.json", {"q": "核 材料"}).json()
        assert answer["total"]["all_words"] == len(found(client, "“核” AND “材料”")) == 28
        assert set(found(client, "核")) <= set(found(client, "核 材料"))

    def test_one_term_that_was_added_can_be_taken_out_alone(self, client):
        page = client.get("/search", {"q": "核安全"}).content.decode()
        whole = client.get("/search.json", {"q": "核安全"}).json()
        first = whole["added"]["核安全"][0]
        link = re.search(rf'href="(\?[^"]*without={quote(first)}[^"]*)"', page)[1]
        less = client.get(f"/search.json{link.replace('&amp;', '&')}").json()
        assert first not in less["added"]["核安全"] and less["without"] == [first]
        assert less["added"]["核安全"] == whole["added"]["核安全"][1:]
        assert less["total"]["paragraphs"] < whole["total"]["paragraphs"]
        again = client.get(f"/search{link.replace('&amp;', '&')}").content.decode()
        assert f"不查“{first}”" in strip_tags(again)
        assert 'href="?q=' in again[again.index("不查") :]
