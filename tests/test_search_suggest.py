"""Suggestions for the search box."""

import json
import re
from urllib.parse import quote

import pytest

from tests.searching import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


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


def test_browsers_get_the_same_in_their_form(client):
    """OpenSearch Suggestions 1.1: four members, the lists of one length."""
    told = client.get("/opensearch.xml").content.decode()
    template = re.search(r'rel="suggestions" template="http://testserver([^"]*)"', told)[1]
    for typed in ("出口", "S/2010", "ckgz", "夨", ""):
        own = client.get("/suggest", {"q": typed}).json()["suggestions"]
        response = client.get(template.replace("{searchTerms}", quote(typed)))
        assert response["Content-Type"] == "application/x-suggestions+json"
        query, words, why, addresses = response.json()
        assert (query, words) == (typed, [one["text"] for one in own])
        assert why == [one["why"] or "" for one in own]
        assert addresses == [f"http://testserver{one['url']}" for one in own]


def test_what_begins_as_typed_stands_first(client):
    found = [one["text"] for one in suggested(client, "出口")]
    begins = [text.startswith("出口") for text in found]
    assert begins[0]
    assert begins == sorted(begins, reverse=True)
    assert all(
        one["text"].startswith("S/RES/") for one in suggested(client, "S/RES") if one["kind"] == "symbol"
    )
    assert suggested(client, "S/RES")[0]["text"] == "S/RES/1540(2004)"


def test_no_piece_of_a_longer_word_is_suggested(client):
    assert "中国家" not in [one["text"] for one in suggested(client, "中国")]


WHY = [
    ("ROK", "大韩民国", "又称ROK", "initials"),
    ("沙烏地", "沙特阿拉伯", "又称沙烏地阿拉伯", "a name of Taiwan that was begun"),
    ("yuanzineng jigou", "国际原子能机构", "按拼音：原子能机构", "pinyin"),
    ("印度", "印度", None, "its own name"),
    ("NPT", "不扩散核武器条约", "又称NPT", "a treaty"),
]


@pytest.mark.parametrize(("typed", "text", "why", "remark"), WHY)
def test_another_name_says_why(client, typed, text, why, remark):
    assert (text, why) in [(one["text"], one["why"]) for one in suggested(client, typed)], remark


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
