"""Paragraphs near in meaning: listed with what the words find, marked, in no total; and never where a reader
asked for words.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from search.engine.live.index import live_index
from search.engine.meaning.model import meaning_of_query
from search.engine.meaning.vectors import FEATURES, LEAST, LESS, MOST, Nearness
from search.pages.results.answer import every_hit
from search.pages.results.execution import PAGE_SIZE
from search.query.language.request import Asked
from tests.search.test_search_relevance import QUERIES, hold, measures
from tests.tables import each_row
from tests.tools.bundled import bundled_archive
from tests.tools.searching import ask

pytestmark = pytest.mark.django_db
PARAPHRASE = "没有钱办事的国家怎样得到帮助"
ELSEWHERE = "有人偷偷把东西卖给坏人"


@pytest.fixture(scope="module", autouse=True)
def index(tmp_path_factory, django_db_setup, django_db_blocker):
    with (
        override_settings(SEARCH_MEANING=True),
        bundled_archive(tmp_path_factory.mktemp("index"), django_db_blocker),
    ):
        meaning_of_query.cache_clear()
        yield
    meaning_of_query.cache_clear()


def listed(q: str, **options) -> list:
    """The hits of all pages."""
    first = ask(q, **options)
    rest = (ask(q, page=page, **options) for page in range(2, first.pages + 1))
    return [hit for one in (first, *rest) for hit in one.hits]


def name(hit) -> str:
    return f"{hit.symbol} {hit.anchor}"


# --- what is listed ---


@pytest.mark.parametrize("q", [PARAPHRASE, ELSEWHERE, "谁主持了会议"])
def test_the_list_has_what_words_find_and_what_is_near_each_once(q):
    one = ask(q)
    hits = listed(q)
    names = [name(hit) for hit in hits]
    assert len(set(names)) == len(names) == one.found.paragraphs + one.found.extra
    assert sum(hit.near for hit in hits) == one.found.extra > 0
    assert [name(hit) for hit in hits if not hit.near] == [name(hit) for hit in every_hit(Asked(q))]
    assert one.pages == -(-len(hits) // PAGE_SIZE)


def test_numbers_facets_and_exports_know_of_words_alone(client):
    said = client.get("/search.json", {"q": PARAPHRASE}).json()
    alone = client.get("/search.json", {"q": PARAPHRASE, "sort": "date"}).json()
    assert said["near"] == sum(one["near"] for one in said["results"]) or said["pages"] > 1
    assert said["near"] > alone["near"] == 0
    assert (said["total"], said["facets"]) == (alone["total"], alone["facets"])
    whole = json.loads(client.get("/search/whole.json", {"q": PARAPHRASE}).getvalue())
    assert len(whole["results"]) == said["total"]["paragraphs"]
    assert not any(one["near"] for one in whole["results"])
    table = client.get("/search.csv", {"q": PARAPHRASE})
    rows = b"".join(table.streaming_content if table.streaming else [table.content]).decode().splitlines()
    assert len(rows) == said["total"]["paragraphs"] + 1


def test_each_is_marked_on_the_page_and_can_be_switched_off(client):
    page = client.get("/search", {"q": PARAPHRASE}).content.decode()
    said = client.get("/search.json", {"q": PARAPHRASE}).json()
    assert page.count("<span>按词语查不到，意思相近或只提到相关的词</span>") == sum(
        one["near"] for one in said["results"]
    )
    assert "不计入段数、筛选和导出" in page
    off = client.get("/search.json", {"q": PARAPHRASE, "variants": "0"}).json()
    assert off["near"] == 0


def test_pages_follow_each_other_by_cursor(client):
    address, seen = f"/search.json?q={ELSEWHERE}", []
    while address:
        said = client.get(address).json()
        seen += [one["url"] for one in said["results"]]
        address = said["next"]
    assert seen == [hit.url for hit in listed(ELSEWHERE)]


def test_a_filter_holds_for_what_is_near():
    hits = listed(ELSEWHERE, year="2016")
    assert any(hit.near for hit in hits)
    assert {hit.stored["year"] for hit in hits} == {"2016"}


@each_row("NEVER")
def test_who_asks_for_words_gets_no_meanings(q, remark):
    assert not any(hit.near for hit in ask(q).hits), remark


@pytest.mark.parametrize("q", ["朝鲜核试验 制裁名单 冻结资产", "冰岛渔民 补贴"])
def test_what_stands_nowhere_is_said_whatever_is_listed(q, client):
    said = client.get("/search.json", {"q": q}).json()
    assert said["absent"]
    page = client.get("/search", {"q": q}).content.decode()
    assert all(f"“{one['text']}”" in page for one in said["absent"])


@pytest.mark.parametrize("q", ["火星殖民", "足球比赛", "比特币", "怎么做红烧肉"])
def test_nothing_is_listed_where_no_word_stands_and_nothing_is_near_enough(q, client):
    said = client.get("/search.json", {"q": q}).json()
    assert (said["results"], said["near"], said["total"]["paragraphs"]) == ([], 0, 0)
    assert "按词语没有查到符合的段落" not in client.get("/search", {"q": q}).content.decode()


@pytest.mark.parametrize("q", ["气候变化", "天气预报", "银行转账"])
def test_a_wider_term_that_stands_somewhere_brings_no_forty_paragraphs_about_nothing(q, client):
    assert client.get("/search.json", {"q": q}).json()["near"] < 10


@pytest.mark.parametrize("q", ["航班"])
def test_where_no_word_stands_what_is_near_enough_is_the_list(q, client):
    said = client.get("/search.json", {"q": q}).json()
    assert said["total"]["paragraphs"] == 0
    assert said["facets"] == {} or not any(said["facets"].values())
    assert said["results"]
    assert all(hit["near"] for hit in said["results"])
    assert "按词语没有查到符合的段落" in client.get("/search", {"q": q}).content.decode()
    rows = b"".join(client.get("/search.csv", {"q": q}).streaming_content).decode().splitlines()
    assert len(rows) == 1  # the names of the columns


@pytest.mark.parametrize(
    ("q", "told"), [("会议记录有错找谁改？", "更正"), ("别重复劳动", "重复"), ("nuclear theft", "核")]
)
def test_what_is_said_in_other_words_stands_on_the_first_screen(q, told):
    assert any(told in hit.text for hit in ask(q).hits[:3])


def test_without_the_model_search_goes_on_by_words(settings):
    settings.SEARCH_MEANING = False
    meaning_of_query.cache_clear()
    one = ask(PARAPHRASE)
    meaning_of_query.cache_clear()
    assert one.found.paragraphs
    assert one.found.extra == 0


# --- the measure ---


@given(
    st.lists(st.integers(-100, 100), min_size=1, max_size=60),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_the_nearer_a_row_the_greater_each_feature(cosines, allowed):
    likeness = np.array(cosines, np.float32) / 100
    near = Nearness(likeness, likeness)
    rows = np.arange(len(cosines))
    columns = np.array(near.columns(rows))
    assert columns.shape == (len(FEATURES), len(rows))
    assert ((columns >= 0) & (columns <= 1)).all()
    order = np.argsort(likeness, kind="stable")
    assert (np.diff(columns[:, order]) >= 0).all()
    chosen = near.nearest(np.array(allowed[: len(rows)])).tolist()
    assert len(chosen) <= MOST
    assert all(allowed[row] and likeness[row] >= max(LEAST, near.passages.most - LESS) for row in chosen)
    assert likeness[chosen].tolist() == sorted(likeness[chosen].tolist(), reverse=True)


# --- how good it is ---

FLOORS = {"ndcg": 0.9, "recall": 0.93, "first": 0.93}


def test_the_first_hits_are_better_than_by_words_alone():
    judged = [q for q in QUERIES if q["grades"]]
    scores = [measures(q["grades"], [name(hit) for hit in ask(q["query"]).hits]) for q in judged]
    hold(FLOORS, scores)
    print({key: round(sum(one[key] for one in scores) / len(scores), 3) for key in FLOORS})


def test_every_row_has_been_read():
    assert live_index().meanings.missing == 0
