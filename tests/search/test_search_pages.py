"""The search page and its JSON twin, as a browser asks for them."""

import html
import json
import re
from urllib.parse import quote

import pytest

from tests.tables import each_row, rows_from
from tests.tools.searching import ask, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


def page(client, q: str, status: int = 200, **parameters) -> str:
    response = client.get("/search", {"q": q, **parameters})
    assert response.status_code == status
    return response.content.decode()


def twin(client, q: str, status: int = 200, **parameters) -> dict:
    response = client.get("/search.json", {"q": q, **parameters})
    assert response.status_code == status
    assert response["Content-Type"].startswith("application/json")
    return json.loads(response.content)


def text_of(markup: str) -> str:
    main = re.search(r"<main.*</main>", markup, re.DOTALL)[0]
    return html.unescape(re.sub(r"<[^>]+>", "", main))


def test_a_results_page_asks_the_database_for_its_revision_alone(client, django_assert_num_queries):
    client.get("/search")
    for q in ("出口管制", "“出口管制”", "夨夬夶彖", "", "1540第3段"):
        for address, parameters in (("/search", {"q": q}), ("/search.json", {"q": q, "year": "2016"})):
            with django_assert_num_queries(2):  # for its ETag, and when it is made
                client.get(address, parameters)


def test_words(client):
    markup = page(client, "出口管制 外联")
    assert "<mark>出口管制</mark>" in markup
    assert "其中" in text_of(markup)
    assert "“出口管制”同义“出口控制”" in text_of(markup)
    assert 'href="/S/AC.44/SR.74/p/13"' in markup


def test_a_phrase_is_certified(client):
    text = text_of(page(client, "“出口管制”"))
    assert re.search(r"23处，14段，4份文件。\s*已逐字对照全部\d+段，结果完整。", text)


def test_so_is_its_absence(client):
    text = text_of(page(client, "“出口管制清单制度”"))
    assert re.search(r"没有出现。“出口管制清单制度”不见于本库全部\d+段；已逐字对照，结果完整。", text)
    assert "出口管制清单”2处" in text
    assert "未藏的文件中有无此语，本库不知道" in text


def test_the_literal_count_stands_beside_a_word_search(client):
    assert re.search(r"逐字检索\s*“出口管制”，23处", text_of(page(client, "出口管制")))


def test_no_words_found_is_explained(client):
    assert "没有一段符合" in text_of(page(client, "夨夬夶彖"))


def test_a_body_that_does_not_speak_is_offered_where_it_is_mentioned(client):
    markup = page(client, "机构:禁止化学武器组织")
    address = html.unescape(re.search(r'<a href="([^"]+)">提到这个机构的段落', markup)[1])
    assert '<li class="hit">' in client.get(address).content.decode()


def test_a_document_that_nobody_mentions_is_still_one_step_away(client):
    markup = page(client, "S/2014/958")
    assert "没有一段提到它。要看它本身，请用上面的链接" in text_of(markup)
    assert '<a href="/S/2014/958">' in markup


@each_row("SYMBOLS")
def test_a_symbol_finds_the_titles_of_its_document(client, q, first, remark):
    results = twin(client, q)["results"]
    assert [f"{hit['symbol']} {hit['anchor']}" for hit in results] == [*first], remark


def test_words_beside_a_symbol_are_sought_in_its_document_first(client):
    results = twin(client, "S/2010/52 援助请求")["results"]
    assert {hit["symbol"] for hit in results[:2]} == {"S/2010/52"}
    assert "援助请求" in results[0]["text"]


def test_an_empty_query_explains_how_to_search(client):
    assert "怎样检索" in text_of(page(client, ""))
    assert "怎样检索" in text_of(page(client, " 　 "))


@each_row("JUMPS")
def test_a_name_offers_the_way_there(client, q, address):
    assert f'<a href="{address}">' in page(client, q)
    assert twin(client, q)["jump"]["url"] == address


def test_the_way_to_what_is_not_held_says_so(client):
    assert "本库未藏其文本" in text_of(page(client, "1540"))
    assert "本库未藏其文本" not in text_of(page(client, "S/2010/52"))


PROBLEMS = [*rows_from(__name__, "PROBLEMS"), ("核" * 4001, "检索式太长")]


@pytest.mark.parametrize(("q", "message"), PROBLEMS)
def test_what_cannot_be_read_is_explained(client, q, message):
    assert message in text_of(page(client, q))
    assert any(message in error["message"] for error in twin(client, q)["errors"])


@each_row("SAME")
def test_other_ways_to_type_the_same(client, q, meant, remark):
    assert twin(client, q)["total"] == twin(client, meant)["total"], remark
    assert twin(client, q)["total"]["paragraphs"], remark


def test_a_number_without_its_year_finds_the_resolution(client):
    assert twin(client, "第1540号")["total"]["paragraphs"] > 50


def test_a_piece_of_a_symbol_is_no_way_on(client):
    assert "“201”" not in text_of(page(client, "S/2014/958"))


HOSTILE = [
    '"', "“", "''", "(", ")", "((((", "-", "--", "- -", "OR", "AND OR NOT", "*", "?", "~", "\\", "%",
    ":", "/", "//", "\x00核", "核\x00", "国家:", "年份:9999999999", "年份:2010-", "年份:abc", "a:b:c",
    "[1 TO 2]", "{x to y}",
    "核^99", "核~2", "<script>alert(1)</script>", "&lt;", "\ud7ff", "😀", "\u202e核", "é" * 300, "ﷺ" * 50,
    "(" * 500 + "核", "核 " * 1000, '"核" "', "1540(", "1540(2004", "S/", "A/RES/", "-核", "NOT 核",
    "文号:", "文号:/", "决议:x", "机构:委员会 核",
]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
def test_nothing_that_is_typed_breaks_the_page(client, q):
    assert client.get("/search", {"q": q}).status_code == 200
    assert client.get("/search.json", {"q": q}).status_code == 200


PARAMETERS = [
    ({"page": "x"}, 400),
    ({"page": "0"}, 404),
    ({"page": "-1"}, 400),
    ({"page": "999"}, 404),
    ({"page": "9" * 99}, 400),
    ({"sort": "x"}, 200),
    ({"year": "x"}, 200),
    ({"cites": "x" * 999}, 200),
    ({"unknown": "x"}, 200),
]
UNREAD = {"sort", "year", "cites", "unknown"}  # which a page tells, and a program is refused


@pytest.mark.parametrize(("parameters", "status"), PARAMETERS)
def test_parameters_of_the_address(client, parameters, status):
    assert client.get("/search", {"q": "核", **parameters}).status_code == status
    status = 400 if UNREAD & parameters.keys() else status
    assert client.get("/search.json", {"q": "核", **parameters}).status_code == status


def test_nothing_typed_reaches_the_page_unescaped(client):
    for q in ("<script>x</script>", "“<script>x</script>”", '"><img src=x>', "国家:<b>"):
        for parameters in ({}, {"cites": "<script>"}, {"year": '"><x'}):
            markup = page(client, q, **parameters)
            assert "<script>x" not in markup
            assert "<img src=x" not in markup
            assert "<b>x" not in markup
            assert '"><x' not in markup


def test_facets_are_links_that_list_what_they_count(client):
    markup = page(client, "“出口管制”")
    links = re.findall(
        r'<a href="(\?[^"]+)"><span>([^<]|<wbr>)+</span><span class="figure">(\d+)</span>', markup
    )
    assert len(links) > 10
    for address, _label, count in links[:8]:
        filtered = client.get("/search" + html.unescape(address)).content.decode()
        assert f'<span class="figure">{count}</span>段' in filtered


def test_chosen_filters_are_chips_that_can_be_taken_back(client):
    markup = page(client, "核", year="2016", cites="S/RES/1540(2004)")
    chips = re.search(r'<ul class="chips".*?</ul>', markup, re.DOTALL)[0]
    assert "年份：2016" in chips
    assert "引用：1540(2004)" in chips
    first = html.unescape(re.search(r'href="([^"]+)"', chips)[1])
    assert "year=2016" not in first or "cites=" not in first


def test_pages_lead_forward_and_back(client):
    first, second = page(client, "核"), page(client, "核", page="2")
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert 'start="21"' in second
    assert twin(client, "核")["results"][0]["url"] != twin(client, "核", page="2")["results"][0]["url"]


def test_the_twin_keeps_its_contract(client):
    data = twin(client, "“出口管制”")
    assert data["query"] == "“出口管制”"
    assert data["mode"] == "literal"
    assert (data["total"]["occurrences"], data["total"]["paragraphs"], data["total"]["documents"]) == (
        23,
        14,
        4,
    )
    assert set(data["facets"]) >= {"year", "document_type", "cites", "body", "state"}
    assert all(isinstance(value, str) and count > 0 for value, count in data["facets"]["year"])
    assert data["corpus"]["paragraphs"] > 300
    assert data["errors"] == []
    for hit in data["results"]:
        assert {"url", "symbol", "anchor", "title", "date", "text", "snippet", "highlights"} <= set(hit)
        assert hit["url"] == f"/{hit['symbol']}/p/{hit['anchor']}"
        assert all(hit["text"][start:end] == "出口管制" for start, end in hit["highlights"])
        assert "<mark>" in hit["snippet"]


def test_the_twin_of_a_word_search(client):
    data = twin(client, "出口管制 外联")
    assert data["mode"] == "words"
    assert data["tokens"] == ["出口管制", "外联"]
    assert data["understood"] == "出口管制 外联"
    assert data["total"]["all_words"] < data["total"]["paragraphs"]


def test_only_reading_is_allowed(client):
    assert client.post("/search").status_code == 405
    assert client.head("/search", {"q": "核"}).status_code == 200


def test_without_an_index_the_page_says_so_and_the_rest_goes_on(client, tmp_path):
    with at(tmp_path / "nothing"):
        response = client.get("/search", {"q": "核"})
        assert response.status_code == 503
        assert "这不等于没有结果" in response.content.decode()
        assert client.get("/search.json", {"q": "核"}).status_code == 503
        assert client.get("/help").status_code == 200


# --- Suggestions for the search box ---


def suggested(client, q: str) -> list[dict]:
    response = client.get("/suggest", {"q": q})
    assert response.status_code == 200
    return json.loads(response.content)["suggestions"]


@each_row("TYPED")
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


@each_row("WHY")
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
