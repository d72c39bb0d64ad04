"""A server and its workers have loaded what a first request would wait for, before it comes."""

from __future__ import annotations

import pytest
from django.core.exceptions import MiddlewareNotUsed

from search.engine.live.index import live_index
from search.engine.live.update import update_index
from search.engine.slices import occurrences
from search.middleware import WarmUp
from search.pages.suggest import completion as suggestions
from search.query.entities.names import name_table
from search.query.text import segmenter
from search.query.thesaurus import table
from search.warm_up import open_for_requests
from tests.tools.factories import parsed, stored
from tests.tools.searching import at

TABLES = [
    segmenter.synonyms,
    segmenter.synonym_groups,
    segmenter.function_words,
    suggestions._domain_terms,
    suggestions._all_titles,
    occurrences._ranks,
    table.terms,
    table._table_of,
]


@pytest.mark.django_db
def test_the_tables_that_requests_need_are_there_before_the_first(tmp_path):
    with at(tmp_path / "index"):
        stored(parsed("S/2010/52", ("1", "委员会通过第1540(2004)号决议。"), title="一封信"))
        update_index()
        for table in TABLES:
            table.cache_clear()
        with pytest.raises(MiddlewareNotUsed):
            WarmUp(lambda request: None)
        open_for_requests()
        assert "by_key" in vars(name_table(live_index().manifest.names))
    assert [table.__name__ for table in TABLES if not table.cache_info().currsize] == []


@pytest.mark.django_db
def test_a_question_that_fails_does_not_keep_the_site_from_serving(monkeypatch, tmp_path):
    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr("search.warm_up._ask_of_each_kind", fail)
    with at(tmp_path / "index"):
        open_for_requests()
