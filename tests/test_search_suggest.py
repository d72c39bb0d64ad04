"""Suggestions for the search box."""

import json

import pytest

from archive.ingest import store_document
from tests.conftest import _bundled_parses
from tests.searching import archive_of, ask

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def index(tmp_path_factory, django_db_setup, django_db_blocker):
    def store():
        for parsed, source in _bundled_parses():
            store_document(parsed, source)

    with archive_of(store, tmp_path_factory.mktemp("index"), django_db_blocker):
        yield


def suggested(client, q: str) -> list[dict]:
    response = client.get("/suggest", {"q": q})
    assert response.status_code == 200
    return json.loads(response.content)["suggestions"]


TYPED = [
    ("1540", "symbol", "S/RES/1540(2004)", "a number of the family"),
    ("s/ac", "symbol", "S/AC.44/SR.74", "a symbol in small letters"),
    ("S／2010", "symbol", "S/2010/52", "full width"),
    ("原子能", "body", "国际原子能机构", "inside a name"),
    ("opcw", "body", "禁止化学武器组织", "an acronym"),
    ("印", "state", "印度", "a State"),
    ("出口管", "term", "出口管制", "a term that is not finished"),
    ("防止恐怖分子", "title", "防止恐怖分子获取大规模毁灭性武器的措施", "a title"),
    ("出口管製", "term", "出口管制", "traditional characters"),
    ("威斯巴", "term", "威斯巴登", "a name that no dictionary has, from the texts"),
]


@pytest.mark.parametrize(("typed", "kind", "text", "remark"), TYPED)
def test_suggestions(client, typed, kind, text, remark):
    found = [suggestion["text"] for suggestion in suggested(client, typed) if suggestion["kind"] == kind]
    assert any(suggestion.startswith(text) for suggestion in found), remark


def test_terms_say_how_often_they_stand(client):
    terms = [one for one in suggested(client, "核") if one["kind"] == "term"]
    assert len(terms) > 2
    for term in terms:
        assert term["count"] == ask(f"“{term['text']}”").found.occurrences
    assert [term["count"] for term in terms] == sorted((term["count"] for term in terms), reverse=True)


def test_there_are_never_many_and_none_twice(client):
    for typed in ("核", "1", "国", "a", "委员会", "S/"):
        found = suggested(client, typed)
        assert len(found) <= 10
        assert len({one["url"] for one in found}) == len(found)


@pytest.mark.parametrize("typed", ["", " ", "\x00", "夨夬", "<script>", "%", "核" * 500, "“", "(", "\\"])
def test_nothing_to_suggest_is_no_error(client, typed):
    assert isinstance(suggested(client, typed), list)
