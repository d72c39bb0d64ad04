"""What is sent to a cluster, condition by condition. No cluster is asked."""

import numpy as np
import pytest

from search.cluster.engine import ClusterEngine
from search.cluster.literal import COUNT, PATTERN, counting
from search.cluster.queries import Queries, firsts
from search.cluster.transport import Access
from search.engine.results import Question
from search.query.conditions import (
    AllOf,
    AnyOf,
    Best,
    Concept,
    Constant,
    Contains,
    Everything,
    Filter,
    First,
    NearBy,
    Once,
    Pattern,
    Ranked,
    Term,
    Weighted,
    Without,
)
from search.query.vocabulary import PartialVocabulary

QUERIES = Queries(40.0)
WORD, HEADING = Term("text", "核查", 0.5), Term("kind", "heading")
AS_WORD = {"term": {"text": {"value": "核查", "boost": 1.1}}}
NO_SCORE = {"constant_score": {"filter": {"term": {"kind": "heading"}}, "boost": 0}}
PHRASE = {"match_phrase": {"folded": "核查团"}}


@pytest.mark.parametrize(
    ("node", "query"),
    [
        (WORD, AS_WORD),  # Lucene leaves out k1 + 1
        (Term("text", ""), {"match_none": {}}),  # an empty token is none
        (HEADING, NO_SCORE),
        (
            Filter("year", frozenset({"2016", "2010"})),
            {"constant_score": {"filter": {"terms": {"year": ["2010", "2016"]}}, "boost": 0}},
        ),
        (Everything(), {"constant_score": {"filter": {"match_all": {}}, "boost": 0}}),
        (Best((WORD, HEADING)), {"dis_max": {"queries": [AS_WORD, NO_SCORE]}}),
        (AnyOf(()), {"match_none": {}}),
        (AnyOf((WORD,)), AS_WORD),
        (AnyOf((WORD, HEADING)), {"bool": {"should": [AS_WORD, NO_SCORE], "minimum_should_match": 1}}),
        (AllOf(()), {"match_none": {}}),  # as on this machine: nothing was asked for
        (AllOf((WORD, HEADING)), {"bool": {"must": [AS_WORD, NO_SCORE]}}),
        (Without(WORD, HEADING), {"bool": {"must": [AS_WORD], "must_not": [NO_SCORE]}}),
        (Weighted(WORD, 2.0), {"bool": {"must": [AS_WORD], "boost": 2.0}}),
        (Constant(WORD, 3.0), {"constant_score": {"filter": AS_WORD, "boost": 3.0}}),
        (Contains("核查团", 2.0), None),
        (First(HEADING, 2), {"bool": {"must": [NO_SCORE], "filter": [{"ids": {"values": []}}]}}),
    ],
)
def test_a_condition_as_a_query(node, query):
    found = QUERIES.scored(node)
    if isinstance(node, Contains):
        assert found["constant_score"]["boost"] == 2.0
        assert found["constant_score"]["filter"]["script_score"]["query"] == PHRASE
    else:
        assert found == query


def test_what_occurs_once_scores_by_the_average_of_the_index():
    script = QUERIES.scored(Once(WORD, 2.0))["script_score"]["script"]
    assert script["params"] == {"weight": 4.4, "k1": 1.2, "b": 0.4, "average": 40.0}


@pytest.mark.parametrize(
    ("condition", "query"),
    [
        (Contains("核"), {"term": {"folded.characters": "核"}}),  # a character alone is in no bigram
        (Contains("核 查"), {"match_phrase": {"folded": "核查"}}),  # white space is folded away
        (Contains("，"), {"term": {"folded.characters": ","}}),  # and width
        (Contains(" "), {"match_none": {}}),  # nothing is left
        (Pattern("*"), {"match_none": {}}),
        (NearBy(("核",), ("",), 5), {"match_none": {}}),
    ],
)
def test_a_literal_condition_that_the_index_counts_itself(condition, query):
    assert counting(condition) == query


@pytest.mark.parametrize(
    ("condition", "source", "params"),
    [
        # three characters are two bigrams, each scored by the frequency
        (Contains("核查团"), "_score / params.bigrams", {"bigrams": 2}),
        # counted from left to right: ………… holds two ……
        (Contains("……"), COUNT, {"strings": ["......"], "weights": [1]}),
        (Contains("核", apart_from=("核查核",)), COUNT, {"strings": ["核", "核查核"], "weights": [1, -2]}),
        (Pattern("核*条约"), PATTERN, {"pieces": ["核", "条约"], "gap": 10}),
    ],
)
def test_a_literal_condition_that_a_script_counts(condition, source, params):
    script = counting(condition)["script_score"]["script"]
    assert script == {"source": source, "params": params}


def test_what_holds_all_concepts_is_a_list_of_its_own():
    """Thousands added to a score would leave a single float no room for its other digits."""
    node = Ranked((Concept(WORD, HEADING),), (Constant(HEADING, -4.0),))
    query, more = QUERIES.listed(node)
    assert more == 4.0
    assert {"constant_score": {"filter": {"bool": {"must_not": [NO_SCORE]}}, "boost": 4.0}} in query["bool"][
        "should"
    ]
    either = {"bool": {"should": [AS_WORD, NO_SCORE], "minimum_should_match": 1}}
    assert QUERIES.complete(node) == {"bool": {"filter": [AS_WORD, either]}}
    assert QUERIES.complete(WORD) is None
    assert QUERIES.listed(AllOf((node, HEADING)))[1] == 4.0
    assert "script_score" in QUERIES.scored(AnyOf((node,)))  # among others no score may be too high


def test_first_is_asked_for_before_what_holds_it():
    inner = First(HEADING, 2)
    outer = First(AllOf((inner, WORD)), 1)
    concept = Concept(AnyOf((WORD, Constant(outer, 9.0))), WORD)
    assert firsts([Ranked((concept,))]) == [inner, outer]


class Cluster:
    """Finds the paragraph 7 whatever it is asked, and counts how often it is."""

    def __init__(self):
        self.trips = 0

    def msearch(self, *, body):
        self.trips += 1
        return {"responses": [self.found(one) for one in body[1::2]]}

    def found(self, body):
        hit = {"_id": "7", "_score": 1.0, "_source": {"stored": "{}"}}
        counted = {name: {"value": 1, "buckets": []} for name in body.get("aggs", {})}
        hits = {"total": {"value": 1}, "hits": [hit]}
        return {"_shards": {"failed": 0}, "timed_out": False, "hits": hits, "aggregations": counted}


@pytest.mark.parametrize(
    ("question", "trips"),
    [
        (Question(WORD, size=0), 1),  # counts alone
        (Question(WORD), 2),  # and what is stored of the page
        (Question(AllOf((WORD, First(HEADING, 2)))), 3),  # what stands first is asked for before
        (
            Question(
                Ranked((Concept(First(WORD, 3), HEADING), Concept(First(HEADING, 2), WORD))),
                filters=(Filter("year", frozenset({"2016"})), Filter("state", frozenset({"CHN"}))),
                phrases=(Contains("核查团"), NearBy(("核",), ("查",), 5), Pattern("核*条约")),
                counted=(WORD, HEADING, First(WORD, 1)),
                typed=AllOf((First(HEADING, 5), WORD)),
            ),
            3,  # whatever stands beside it
        ),
    ],
)
def test_a_whole_question_takes_three_round_trips_at_most(question, trips):
    cluster = Cluster()
    vocabulary = PartialVocabulary(1)
    engine = ClusterEngine(Access(cluster, 10.0), "archive-1", vocabulary, np.array([7]), 40.0)
    assert engine.ask(question).paragraphs == 1
    assert cluster.trips == trips
