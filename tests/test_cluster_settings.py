"""What is said of the settings of a cluster, how indexes are called there, what may stay. None is asked."""

from __future__ import annotations

import datetime as dt
from fnmatch import fnmatch
from types import SimpleNamespace

import pytest
from django.test import override_settings

from search.cluster.breaker import ClusterSilentError
from search.cluster.checks import check_cluster
from search.cluster.connection import ClusterSettings
from search.index.generations import current_generation
from search.live import copies
from search.live.elsewhere import known_as
from search.live.update import update_index

from .searching import at

NODE = "https://node1.example:9200"


def said(**given) -> list[str]:
    with override_settings(SEARCH_CLUSTER={"urls": (NODE,), **given}):
        return [f"{one.id} {one.msg}" for one in check_cluster()]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"urls": ()},  # this machine answers
        {"urls": ("http://127.0.0.1:9200", "https://[::1]:9200", "https://proxy.example/search")},
        {"user": "archive", "password": "x"},
        {"user": "archive", "password": "x", "urls": ("http://127.0.0.1:9200",)},
        {"prefix": "archive-2", "shards": 3, "replicas": 0, "timeout": 0.5},
    ],
)
def test_what_can_be(given):
    assert said(**given) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"urls": ("node1:9200",)}, "E002 SEARCH_URL: “node1:9200” does not begin with http"),
        ({"urls": ("localhost",)}, "E002 SEARCH_URL: “localhost” does not begin with http"),
        ({"urls": ("ftp://node1:9200",)}, "E002 SEARCH_URL: “ftp://node1:9200” does not begin with http"),
        ({"urls": (NODE, "https://")}, "E002 SEARCH_URL: “https://” names no host"),
        ({"urls": ("https://:9200",)}, "names no host"),
        ({"urls": ("https://a b:9200",)}, "names no host"),
        ({"urls": ("https://node1:92000",)}, "is no address"),
        ({"urls": ("https://node1:abc",)}, "is no address"),
        ({"urls": ("https://[::1:9200",)}, "is no address"),
        ({"urls": ("https://me:word@node1:9200",)}, "“https://…@node1:9200” holds a password"),
        ({"urls": ("https://node1:9200?x=1",)}, "goes on behind"),
        ({"user": "a", "password": "b", "urls": ("http://node1:9200",)}, "W001"),
        ({"user": "archive"}, "E003 SEARCH_USER is set without SEARCH_PASSWORD"),
        ({"password": "x"}, "E003 SEARCH_PASSWORD is set without SEARCH_USER"),
        ({"ca": "/no/such/file.pem"}, "E004 SEARCH_CA: there is no file “/no/such/file.pem”"),
        ({"prefix": "Archive"}, "E005"),
        ({"prefix": "_archive"}, "E005"),
        ({"prefix": "a*"}, "E005"),
        ({"prefix": ""}, "E005"),
        ({"timeout": 0.0}, "E006 SEARCH_TIMEOUT: 0 cannot be"),
        ({"shards": 0}, "E006 SEARCH_SHARDS: 0 cannot be"),
        ({"replicas": -1}, "E006 SEARCH_REPLICAS: -1 cannot be"),
    ],
)
def test_what_cannot_be(given, words):
    (message,) = said(**given)
    assert words in message
    assert "me:word" not in message


def test_without_the_package(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (message,) = said()
    assert "opensearch-py is missing" in message


def test_names_of_generations():
    assert ClusterSettings((), prefix="a").name_of("20161120T101500-7") == "a-20161120t101500-7"


@pytest.mark.django_db
def test_an_index_that_may_stay_on_a_cluster_is_not_called_clean(tmp_path, monkeypatch):
    """It held words that were withheld since: an update may leave it there, to clean may not."""

    def silent(*_given):
        raise ClusterSilentError("no answer")

    with at(tmp_path):
        update_index()
        monkeypatch.setattr("search.live.elsewhere.configured", lambda: ClusterSettings((NODE,)))
        monkeypatch.setattr("search.live.elsewhere.has", lambda cluster, generation: True)
        monkeypatch.setattr("search.live.copies.withheld_state", lambda: "now")
        monkeypatch.setattr("search.live.update.writer_beside", lambda *_given: None)
        monkeypatch.setattr("search.live.elsewhere.switch_alias", silent)
        update_index(rebuild=True)
        with pytest.raises(ClusterSilentError):
            copies.clean_index()
        assert copies.index_holds(None)
        monkeypatch.setattr("search.live.elsewhere.switch_alias", lambda *_given: None)
        monkeypatch.setattr("search.live.elsewhere.remove_others", lambda *_given: ())
        copies.clean_index()
        assert not copies.index_holds(None)


class Indices:
    """Those of a cluster, by name; none has another."""

    def __init__(self):
        self.names = set()

    def get_alias(self, index):
        return {name: {"aliases": {}} for name in self.names if fnmatch(name, index)}

    def update_aliases(self, body):
        """Another program finds the last that was switched in."""

    def delete(self, index, params):
        self.names.remove(index)

    def written(self, cluster, generation, _before, _stale):
        self.names.add(cluster.name_of(generation))
        return SimpleNamespace(add=lambda *_given: None, finish=lambda *_given: None)


def test_hosts_with_folders_of_their_own_leave_the_indexes_of_others(tmp_path, db, monkeypatch):
    """Both number their generations alike. One removed the index that the other was reading."""
    indices, now = Indices(), dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    clock = SimpleNamespace(UTC=dt.UTC, datetime=SimpleNamespace(now=lambda _zone: now))
    monkeypatch.setattr("search.index.generations.dt", clock)
    monkeypatch.setattr("search.live.elsewhere.configured", lambda: ClusterSettings((NODE,)))
    monkeypatch.setattr("search.live.elsewhere.ClusterWriter", indices.written)
    monkeypatch.setattr(
        "search.live.elsewhere.has", lambda cluster, name: cluster.name_of(name) in indices.names
    )
    monkeypatch.setattr("search.cluster.writer.client_of", lambda _cluster: SimpleNamespace(indices=indices))
    roots = [tmp_path / "one", tmp_path / "two"]
    for _turn in range(3):
        for root in roots:
            with at(root):
                update_index(rebuild=True)
    read = {f"archive-{known_as(current_generation(root)).lower()}" for root in roots}
    assert len(read) == 2
    assert read <= indices.names
    assert len(indices.names) == 4, "of each folder the one before, too"
