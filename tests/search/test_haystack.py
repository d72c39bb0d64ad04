"""Haystack's own faces, the query set and the commands, answer as docs/haystack.md says."""

from __future__ import annotations

import pickle
from datetime import datetime

import pytest
from django.core.management import call_command
from haystack import inputs
from haystack.exceptions import HaystackError
from haystack.models import SearchResult
from haystack.query import SQ, SearchQuerySet

from archive.models import Document, Paragraph
from search.engine.live.index import live_index
from search.engine.slices.similar import find_similar
from tests.tables import rows_from
from tests.tools.searching import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]

METHODS = rows_from(__name__, "HAYSTACK")
EXPRESSIONS = [(name, *row) for name, (_words, rows) in METHODS.items() for row in rows.items()]
REFUSED = "refused: "


class Hit(SearchResult):
    """A result of a caller's own."""


def similar(paragraph):
    found = find_similar(live_index(), paragraph.text, paragraph.pk)
    return [found.found.stored(row)["anchor"] for row in found.rows]


@pytest.mark.filterwarnings("ignore:The model:UserWarning")  # Haystack's own, of a model that is not indexed
@pytest.mark.parametrize(("method", "expression", "expected"), EXPRESSIONS)
def test_a_query_set_answers_or_refuses_with_a_sentence(method, expression, expected):
    names = {
        "SQ": SQ,
        "inputs": inputs,
        "pickle": pickle,
        "datetime": datetime,
        "Hit": Hit,
        "Paragraph": Paragraph,
        "Document": Document,
        "similar": similar,
        "everything": SearchQuerySet(),
        "one": Paragraph.objects.get(document__symbol="S/2010/52", anchor="annex.14"),
    }
    if str(expected).startswith(REFUSED):
        with pytest.raises(HaystackError, match=expected.removeprefix(REFUSED)):
            eval(expression, names)
    else:
        found = eval(expression, names)
        assert (list(expected) if isinstance(found, list) else expected) == found


def test_every_public_method_is_told_of():
    assert set(METHODS) == {name for name in vars(SearchQuerySet) if not name.startswith("_")}


def test_the_commands_write_our_own_index(tmp_path):
    with at(tmp_path):
        for command, held in rows_from(__name__, "COMMANDS"):
            call_command(*command.split(), verbosity=0)
            assert (command, SearchQuerySet().count()) == (command, held)
