"""A host whose index is a cluster's writes no file, and every address answers as the embedded engine does."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from django.test import Client, override_settings

from archive.models import SearchIndex
from search.engine.cluster.connection import configured
from search.engine.cluster.writer import indexes_of
from search.engine.index.generations import QuestionRefusedError
from search.engine.live.consistency import check_index
from search.engine.live.index import live_index
from search.engine.live.update import update_index
from search.engine.protocol import holding
from search.query.language.conditions import Everything
from tests.tables import rows_from
from tests.tools.bundled import bundled_archive
from tests.tools.searching import at

from .test_both_engines import HERE

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.skipif("CLUSTER_FOLDER" not in os.environ, reason="by `make test-cluster`"),
]
NOWHERE = Path("/proc/no-folder")  # nobody can make it, whoever runs the tests
# What names an index or the moment at which it was made; cursors; the tokens of a form.
OF_ONE_INDEX = re.compile(
    r'"(?:indexed_at|next)": "[^"]*"|(?:after|before)=[^"&]*|<updated>.*?</updated>|value="\w{64}"'
)
DRAFT = (
    "秘书长说“在质的方面，有一些会员国在政府机构之间建立了新的工作关系”(S/2010/52，附件，第14段)，"
    "又说“在质量方面，有些会员国在政府机构之间建立了新关系”。各国应当采取和实施有效措施，建立国内管制。"
)


@pytest.fixture(scope="module", autouse=True)
def index(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[None]:
    root = tmp_path_factory.mktemp("index")
    with bundled_archive(root, django_db_blocker):
        with override_settings(SEARCH_CLUSTER=HERE):
            update_index()
        yield


def told(address: str, posted: dict | None) -> tuple[int, str]:
    """Status and body of an answer, without what names the index that gave it."""
    client = Client()
    answer = client.get(address) if posted is None else client.post(address, posted)
    body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, OF_ONE_INDEX.sub("", body.decode("utf-8", "replace"))


@pytest.mark.parametrize(("address", "posted"), rows_from(__name__, "ADDRESSES"))
def test_every_address_answers_alike_without_a_file(address, posted):
    given = {name: DRAFT if value == "DRAFT" else value for name, value in posted.items()} or None
    with override_settings(SEARCH_CLUSTER=HERE):
        here = told(address, given)
    with at(NOWHERE / "index"), override_settings(DATA_DIR=NOWHERE):
        there = told(address, given)
    lines, others = here[1].splitlines(), there[1].splitlines()
    assert [pair for pair in zip_longest(lines, others) if pair[0] != pair[1]] == []
    assert here[0] == there[0] == 200


def test_a_host_that_comes_asks_the_index_that_is_there():
    before = [*SearchIndex.objects.values_list("generation", "token")]
    with at(NOWHERE / "index"):
        assert not update_index().switched
        assert check_index().sound
    assert [*SearchIndex.objects.values_list("generation", "token")] == before
    assert before[0][0] in indexes_of(configured())


def test_what_takes_too_much_is_refused_in_words(client, monkeypatch):
    monkeypatch.setattr("search.engine.cluster.texts.MOST", 10)
    monkeypatch.setattr("search.engine.live.index._covered", {})
    with pytest.raises(QuestionRefusedError):
        holding(live_index(), Everything())
    answer = client.get("/concordance", {"q": "委员会"})
    assert answer.status_code == 400
    assert "所涉段落太多" in answer.content.decode()
    assert client.get("/search.json", {"q": "委员会", "page": 2}).status_code == 200
    assert client.get("/search.json", {"q": "委员会", "page": 2000}).status_code == 400
