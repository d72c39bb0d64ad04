"""How a cluster is asked again, and not asked while it is silent; what readers see then. None is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import override_settings

from search.cluster import connection
from search.cluster.breaker import REST, Breaker, ClusterSilentError
from search.cluster.transport import PAUSES, Access
from search.engine.embedded import EmbeddedEngine
from search.index.generations import IndexGoneError, IndexUnavailableError

WHOLE = {"_shards": {"failed": 0}, "timed_out": False, "hits": {}}


class Time:
    """A clock that goes on while somebody sleeps."""

    def __init__(self):
        self.now, self.pauses = 100.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds


class Cluster:
    """Answers what it is told, one after the other, the last again and again; each takes some ``seconds``."""

    def __init__(self, *answers, time=None, seconds=0.0):
        self.answers, self.asked = [*answers], []
        self.time, self.seconds = time, seconds

    def msearch(self, *, body):
        self.asked.append(body)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if self.time:
            self.time.now += self.seconds
        if isinstance(answer, Exception):
            raise answer
        return {"responses": answer}


class StatusError(Exception):
    def __init__(self, status, kind="x"):
        super().__init__(status)
        self.status_code, self.info = status, {"error": {"type": kind}}


def refused(status, kind):
    return {"status": status, "error": {"type": kind, "reason": "…"}}


@pytest.mark.parametrize("failing", [StatusError(404), [refused(404, "index_not_found_exception")]])
def test_an_index_that_was_removed_is_said_to_be_gone(failing):
    with pytest.raises(IndexGoneError):
        access_to(Cluster(failing), Time()).search("archive", [{}])


def access_to(cluster, time, patience=10.0):
    return Access(cluster, patience, Breaker(clock=time), time.sleep, time)


@pytest.mark.parametrize(
    "failing",
    [
        ConnectionError(),
        StatusError(502),
        StatusError(503),
        StatusError(504),
        StatusError("N/A"),
        StatusError("TIMEOUT"),
        StatusError(500, "search_phase_execution_exception"),
        [refused(500, "search_phase_execution_exception")],  # a node that stops
        [refused(503, "no_shard_available_action_exception")],
        [refused(429, "circuit_breaking_exception")],
        [{**WHOLE, "_shards": {"failed": 1}}],  # a part of the answer is none
        [{**WHOLE, "timed_out": True}],
    ],
)
def test_what_fails_for_a_moment_is_asked_again(failing):
    cluster, time = Cluster(failing, [WHOLE]), Time()
    assert access_to(cluster, time).search("archive", [{"size": 0}]) == [WHOLE]
    assert time.pauses == [PAUSES[0]]
    header, body = cluster.asked[-1]
    assert (header["index"], header["allow_partial_search_results"], body) == ("archive", False, {"size": 0})


@pytest.mark.parametrize(
    "failing",
    [
        StatusError(400),
        StatusError(401),
        StatusError(403),
        StatusError(500, "null_pointer_exception"),
        [refused(404, "index_not_found_exception")],
        [refused(400, "parsing_exception")],
        [refused(500, "script_exception")],
    ],
)
def test_what_stays_wrong_is_said_at_once_and_the_next_question_is_asked(failing):
    cluster, time = Cluster(failing, [WHOLE]), Time()
    access = access_to(cluster, time)
    with pytest.raises(IndexUnavailableError):
        access.search("archive", [{}])
    assert time.pauses == []
    assert access.search("archive", [{}]) == [WHOLE]


def test_a_cluster_that_does_not_come_back():
    cluster, time = Cluster(ConnectionError()), Time()
    with pytest.raises(ClusterSilentError, match="does not answer"):
        access_to(cluster, time).search("archive", [{}])
    assert time.pauses == [*PAUSES]


def settled(monkeypatch, cluster, time):
    """How a process asks by the settings, whose time-out are ten seconds."""
    monkeypatch.setattr(connection, "client_of", lambda settings: cluster)
    found = connection.access_to.__wrapped__(connection.ClusterSettings(("https://a.example",), timeout=10.0))
    return replace(found, breaker=Breaker(clock=time), sleep=time.sleep, clock=time)


def test_a_node_that_only_lets_wait_is_not_the_last_that_is_asked(monkeypatch):
    time = Time()
    cluster = Cluster(StatusError("TIMEOUT"), [WHOLE], time=time, seconds=10.0)
    assert settled(monkeypatch, cluster, time).search("archive", [{}]) == [WHOLE]


def test_a_cluster_that_only_lets_wait_is_asked_twice_at_most(monkeypatch):
    """Each try takes the whole time-out."""
    time = Time()
    cluster = Cluster(StatusError("TIMEOUT"), time=time, seconds=10.0)
    with pytest.raises(ClusterSilentError):
        settled(monkeypatch, cluster, time).search("archive", [{}])
    assert len(cluster.asked) == 2


def test_who_asks_a_silent_cluster_is_told_at_once_and_one_makes_out_whether_it_is_back():
    cluster, time = Cluster(ConnectionError()), Time()
    access = access_to(cluster, time)
    with pytest.raises(ClusterSilentError):
        access.search("archive", [{}])
    tries, slept = len(cluster.asked), len(time.pauses)
    for _reader in range(20):
        with pytest.raises(ClusterSilentError, match="not asked now"):
            access.search("archive", [{}])
    assert len(cluster.asked) == tries
    time.now += REST
    for _reader in range(20):
        with pytest.raises(ClusterSilentError):
            access.search("archive", [{}])
    assert (len(cluster.asked), len(time.pauses)) == (tries + 1, slept)  # once, and not again after a pause
    time.now += REST
    cluster.answers = [[WHOLE]]
    for _reader in range(3):
        assert access.search("archive", [{}]) == [WHOLE]


def test_while_one_makes_it_out_the_others_are_told_at_once():
    time = Time()
    breaker = Breaker(clock=time)
    with pytest.raises(ClusterSilentError), breaker.asking():
        raise ClusterSilentError
    time.now += REST
    with breaker.asking() as trial:
        assert trial
        with pytest.raises(ClusterSilentError), breaker.asking():
            raise AssertionError
    with breaker.asking() as trial:
        assert not trial


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt(), IndexUnavailableError()])
def test_a_trial_that_fails_otherwise_does_not_stay_the_last(error):
    time = Time()
    breaker = Breaker(clock=time)
    with pytest.raises(ClusterSilentError), breaker.asking():
        raise ClusterSilentError
    time.now += REST
    with pytest.raises(type(error)), breaker.asking():
        raise error
    with breaker.asking() as trial:
        assert not trial


@pytest.fixture
def silent(monkeypatch):
    """A site whose cluster does not answer, with the clock of its breaker."""
    cluster, time = Cluster(ConnectionError()), Time()
    access = access_to(cluster, time)
    monkeypatch.setattr("search.live.index.access_to", lambda settings: access)
    monkeypatch.setattr("search.live.index.average_of", lambda settings, name: 40.0)
    with override_settings(SEARCH_CLUSTER={"urls": ("http://cluster.example:9200",)}):
        yield cluster, time
    connection.average_of.cache_clear()


@pytest.mark.django_db
def test_searches_say_so_and_all_else_goes_on(bundled_index, client, silent):
    cluster, time = silent
    for turn, address in enumerate(["/search?q=核武器", "/search.json?q=核武器", "/search?q=“核武器”"]):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert answer["Retry-After"]
        assert "检索" in (answer.json()["error"] if ".json" in address else answer.content.decode())
        assert len(cluster.asked) == len(PAUSES) + 1, turn  # asked by the first alone
    for address in (
        "/",
        "/S/RES/1540(2004)",
        "/S/RES/1540(2004).json",
        "/documents",
        "/help",
        "/concordance?q=核武器",
        "/suggest?q=核武",
    ):
        assert client.get(address, follow=True).status_code == 200, address
    cluster.answers = [StatusError(400)]  # it answers; what, is not looked at here
    time.now += REST
    assert client.get("/search?q=核武器").status_code == 503
    assert len(cluster.asked) == len(PAUSES) + 2


@pytest.mark.django_db
@pytest.mark.parametrize(("gone", "status"), [(1, 200), (2, 503)])
def test_a_search_whose_index_was_removed_is_asked_of_the_one_that_is_live(
    bundled_index, client, monkeypatch, gone, status
):
    """Two updates while it was asked; on this machine files that are open stay."""
    asked, ask = [], EmbeddedEngine.ask

    def removed(self, question):
        asked.append(question)
        if len(asked) <= gone:
            raise IndexGoneError("archive-1")
        return ask(self, question)

    monkeypatch.setattr(EmbeddedEngine, "ask", removed)
    assert client.get("/search.json?q=核武器").status_code == status
    assert len(asked) == 2
