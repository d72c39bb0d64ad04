"""How a cluster is asked again, and not asked while it is silent; what readers see then. None is asked."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import Iterator
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import override_settings

from archive.models import SearchIndex
from search.engine.cluster import connection
from search.engine.cluster.checks import check_cluster
from search.engine.cluster.connection import (
    PAUSES,
    REST,
    Access,
    Breaker,
    ClusterSettings,
    ClusterSilentError,
    client_of,
)
from search.engine.cluster.index import ClusterIndex
from search.engine.cluster.queries import COUNT, PATTERN, counting, holding_all, scored
from search.engine.index.generations import (
    INDEX_VERSION,
    IndexGoneError,
    IndexUnavailableError,
    Manifest,
)
from search.engine.live import copies
from search.engine.live.index import live_index
from search.engine.protocol import Question
from search.engine.searcher.embedded import EmbeddedEngine
from search.pages.results.execution import question_of, understand
from search.query.language.conditions import (
    AllOf,
    AnyOf,
    Concept,
    Contains,
    Everything,
    Filter,
    Form,
    NearBy,
    Pattern,
    Ranked,
    Term,
    Without,
    forms_of,
)
from search.query.language.request import Asked
from tests.tables import each_row, rows_from

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


def too_large(status):
    found = refused(status, "search_phase_execution_exception")
    found["error"]["root_cause"] = [{"type": "too_many_nested_clauses", "reason": "maxClauseCount is 1024"}]
    return found


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
        [too_large(500)],
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
def silent(bundled_index, monkeypatch):
    """A site whose cluster does not answer, with the clock of its breaker."""
    cluster, time = Cluster(ConnectionError()), Time()
    access = access_to(cluster, time)
    manifest = json.dumps(asdict(live_index().manifest))
    SearchIndex.objects.create(pk=1, generation="archive-1", token="1", manifest=manifest)
    monkeypatch.setattr("search.engine.live.site._open", {})
    monkeypatch.setattr("search.engine.live.site.access_to", lambda settings: access)
    with override_settings(SEARCH_CLUSTER={"urls": ("http://cluster.example:9200",)}):
        yield cluster, time


@pytest.mark.django_db
def test_searches_say_so_and_all_else_goes_on(client, silent):
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
    ):
        assert client.get(address, follow=True).status_code == 200, address
    cluster.answers = [[refused(400, "too_many_nested_clauses")]]  # but it answers
    time.now += REST
    answer = client.get("/search?q=核武器")
    assert (answer.status_code, "请缩小范围" in answer.content.decode()) == (400, True)
    assert len(cluster.asked) == len(PAUSES) + 2
    cluster.answers = [StatusError(401)]
    assert client.get("/search?q=核武器").status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize(("gone", "status"), [(1, 200), (2, 503)])
def test_a_search_whose_index_was_removed_is_asked_of_the_one_that_is_live(
    bundled_index, client, monkeypatch, gone, status
):
    """Two updates while it was asked; on this machine files that are open stay."""
    asked, ask = [], EmbeddedEngine.slice

    def removed(self, question):
        asked.append(question)
        if len(asked) <= gone:
            raise IndexGoneError("archive-1")
        return ask(self, question)

    monkeypatch.setattr(EmbeddedEngine, "slice", removed)
    assert client.get("/search.json?q=核武器").status_code == status
    assert len(asked) == 2


# --- What is sent to a cluster, condition by condition. No cluster is asked ---

WORD, HEADING = Term("text", "核查"), Term("kind", "heading")
AS_WORD = {"term": {"text": {"value": "核查", "boost": 2.2}}}
IN_HEADING = {"term": {"kind": "heading"}}
NO_SCORE = {"constant_score": {"filter": IN_HEADING, "boost": 0}}
CHOSEN = {"constant_score": {"filter": IN_HEADING, "boost": 1.1}}  # half of a word that is somewhat rare
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
        (AnyOf(()), {"match_none": {}}),
        (AnyOf((WORD,)), AS_WORD),
        (AnyOf((WORD, HEADING)), {"bool": {"should": [AS_WORD, NO_SCORE], "minimum_should_match": 1}}),
        (AllOf(()), {"match_none": {}}),  # as on this machine: nothing was asked for
        (AllOf((WORD, HEADING)), {"bool": {"must": [AS_WORD, NO_SCORE]}}),
        (Without(WORD, HEADING), {"bool": {"must": [AS_WORD], "must_not": [IN_HEADING]}}),
        (Concept(()), {"match_none": {}}),
        (Concept((Form(WORD),)), {"bool": {"must": [AS_WORD], "boost": 1.0}}),
        (
            Concept((Form(WORD, 0.6),), (Form(HEADING, 0.5),)),
            {"dis_max": {"queries": [{"bool": {"must": [AS_WORD], "boost": 0.6}}, CHOSEN]}},
        ),
    ],
)
def test_a_condition_as_a_query(node, query):
    assert scored(node) == query


def test_a_string_scores_by_how_often_it_occurs():
    assert "script_score" in scored(Contains("核查团"))
    assert counting(Contains("核查团"))["script_score"]["query"] == PHRASE


def test_what_is_ranked_is_found_by_what_says_it_and_raised_by_the_rest():
    concept = Concept((Form(WORD),), related=(Form(HEADING, 0.5),), context=(Form(HEADING, 1.1),))
    query = scored(Ranked((concept,)))
    (found,), (raised,) = query["bool"]["filter"], query["bool"]["should"]
    word = {"bool": {"must": [AS_WORD], "boost": 1.0}}
    assert found == {"terms": {"text": ["核查"]}}
    assert raised["dis_max"]["queries"][:2] == [word, CHOSEN]
    assert len(raised["dis_max"]["queries"]) == 3
    assert scored(Ranked((Concept(()),))) == scored(Ranked(())) == {"match_none": {}}


def test_all_concepts_are_held_where_each_stands_or_is_above():
    above = Concept((Form(WORD),), context=(Form(HEADING, 1.1),))
    held = holding_all([above, Concept((Form(WORD),))])["bool"]["filter"]
    word = {"terms": {"text": ["核查"]}}
    either = {"bool": {"should": [word, {"terms": {"kind": ["heading"]}}], "minimum_should_match": 1}}
    assert held == [either, word]


@pytest.mark.parametrize(
    ("condition", "query"),
    [
        (Contains("核"), {"term": {"folded.characters": "核"}}),  # a character alone is in no bigram
        (Contains("核 查"), {"match_phrase": {"folded": "核查"}}),  # white space is folded away
        (Contains("，"), {"term": {"folded.characters": ","}}),  # and width
        (Contains(" "), {"match_none": {}}),  # nothing is left
        (Contains("核\ud800"), {"match_none": {}}),  # it cannot be sent, and stands nowhere
        (NearBy(("\ud800",), ("核",), 5), {"match_none": {}}),
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


class QueriedCluster:
    """Finds the paragraph 7 whatever it is asked, and counts how often it is."""

    def __init__(self):
        self.trips, self.bodies = 0, []

    def msearch(self, *, body):
        self.trips += 1
        self.bodies += body[1::2]
        return {"responses": [self.found(one) for one in body[1::2]]}

    def found(self, body):
        source = {"stored": '{"text": "核查团"}', "document_number": 1, "place": 1, "early": 1.0}
        hit = {"_id": "7", "_score": 1.0, "_source": {**source, "length": {"text": 1, "context": 0}}}
        filters = body.get("aggs", {}).get("held", {}).get("filters", {}).get("filters", ())
        held = [{"doc_count": 1} for _filter in filters]
        counted = {name: {"value": 1, "doc_count": 1, "buckets": held} for name in body.get("aggs", {})}
        hits = {"total": {"value": 1}, "hits": [hit]}
        return {"_shards": {"failed": 0}, "timed_out": False, "hits": hits, "aggregations": counted}

    def index(self):
        return ClusterIndex(Access(self, 10.0), "archive-1", "1", Manifest("", 1, INDEX_VERSION))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "trips"),
    [
        (Question(WORD, size=0), 2),  # counts alone, and once what is true of all
        (Question(WORD), 2),  # and what is stored of the page
        (
            Question(
                Ranked((Concept((Form(WORD),)), Concept((Form(HEADING),), (Form(WORD),)))),
                filters=(Filter("year", frozenset({"2016"})), Filter("state", frozenset({"CHN"}))),
                phrases=(Contains("核查团"), NearBy(("核",), ("查",), 5), Pattern("核*条约")),
                concepts=(Concept((Form(WORD, 1.0, "核查"), Form(HEADING, 0.5, "标题"))),),
                counted=(WORD, HEADING),
                typed=AllOf((HEADING, WORD)),
            ),
            6,  # what stands beside it: forms, how many of each, phrases, parts, totals as typed
        ),
    ],
)
def test_a_whole_question_takes_few_round_trips(bundled_index, question, trips):
    cluster = QueriedCluster()
    index = cluster.index()
    found = index.slice(question)
    assert found.paragraphs == 1
    assert found.standing == {"核查", "标题"} if question.concepts else not found.standing
    assert cluster.trips == trips
    index.slice(question)
    assert cluster.trips < 2 * trips, "what was counted is known"


def _clauses(query) -> int:
    """As Lucene counts them: all that asks for something, wherever it stands."""
    if isinstance(query, dict):
        asks = {"term", "terms", "match_phrase", "match_all"}
        return sum(1 if name in asks else _clauses(inner) for name, inner in query.items())
    return sum(map(_clauses, query)) if isinstance(query, list) else 0


def test_broad_words_ask_for_no_more_than_a_cluster_takes(bundled_index):
    """Of some thousand forms those alone that stand in a text."""
    index = live_index()
    question = question_of(understand(Asked("兩用物品 出口管制 恐怖主义 援助"), index), size=20)
    cluster = QueriedCluster()
    there = cluster.index()
    nodes = [form.node for one in question.concepts for form in forms_of(one)]
    there._counts.update(zip(nodes, index.counts(nodes), strict=True))
    there.slice(question)
    assert _clauses(scored(question.node)) > 1024 > max(map(_clauses, cluster.bodies))


# ---
# What is said of the settings of a cluster, how indexes are called there, what may stay. None is asked.

NODE = "https://node1.example:9200"


def said(**given) -> list[str]:
    with override_settings(SEARCH_CLUSTER={"urls": (NODE,), **given}):
        return [f"{one.id} {one.msg}" for one in check_cluster()]


@pytest.mark.parametrize(
    "given",
    rows_from(__name__, "test_what_can_be"),
)
def test_what_can_be(given):
    assert said(**given) == []


@each_row()
def test_what_cannot_be(given, words):
    (message,) = said(**given)
    assert words in message
    assert "me:word" not in message


def test_without_the_package(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (message,) = said()
    assert "opensearch-py is missing" in message


@pytest.mark.django_db
def test_an_index_that_may_stay_on_a_cluster_is_not_called_clean(silent, monkeypatch):
    """It held words that were withheld since: an update may leave it there, to clean may not."""
    monkeypatch.setattr("search.engine.live.copies.withheld_state", lambda: "now")
    monkeypatch.setattr("search.engine.live.copies.update_index", lambda rebuild: None)
    monkeypatch.setattr("search.engine.live.site.indexes_of", lambda cluster: ["archive-0", "archive-1"])

    def unreachable(_cluster, _names):
        raise ClusterSilentError("no answer")

    removed = []
    monkeypatch.setattr("search.engine.live.site.remove", unreachable)
    with pytest.raises(ClusterSilentError):
        copies.clean_index()
    assert copies.index_holds(None)
    monkeypatch.setattr("search.engine.live.site.remove", lambda _cluster, names: removed.extend(names))
    copies.clean_index()
    assert removed == ["archive-0"]
    assert not copies.index_holds(None)


# --- The client of a cluster against a server of the tests: TLS, a user, and who is refused ---

pytest.importorskip("opensearchpy")
USER, PASSWORD = "archive", "ein Wort: 密码"  # noqa: S105
ANSWER = {"_shards": {"failed": 0}, "timed_out": False, "hits": {}}


def certificate(folder) -> tuple:
    """Paths of a certificate for 127.0.0.1 that vouches for itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cluster of the tests")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1540)
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    paths = folder / "cluster.pem", folder / "cluster.key"
    paths[0].write_bytes(made.public_bytes(pem))
    plain = serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return paths


class Node(BaseHTTPRequestHandler):
    """Answers a search of the user, and no one else."""

    def do_POST(self):  # noqa: N802
        self.rfile.read(int(self.headers["Content-Length"]))
        known = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        right = self.headers["Authorization"] == known
        said = json.dumps({"responses": [ANSWER]} if right else {"error": "Unauthorized"}).encode()
        self.send_response(200 if right else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_given):
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *_given):
        """A client that does not trust it goes away."""


@pytest.fixture(scope="module")
def node(tmp_path_factory) -> Iterator[tuple[str, str]]:
    """The address of a node that speaks TLS, and the file of who vouches for it."""
    pem, key = certificate(tmp_path_factory.mktemp("tls"))
    server = Server(("127.0.0.1", 0), Node)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}", str(pem)
    server.shutdown()
    server.server_close()


def asked(url, **given):
    pauses = []
    access = Access(client_of(ClusterSettings((url,), **given)), 5.0, sleep=pauses.append)
    return access.search("archive", [{}]), pauses


def test_a_node_behind_tls_answers_the_user(node):
    url, ca = node
    assert asked(url, user=USER, password=PASSWORD, ca=ca) == ([ANSWER], [])


@pytest.mark.parametrize("given", [{}, {"user": USER, "password": "another"}])
def test_who_is_not_known_is_refused_and_not_asked_again(node, given):
    url, ca = node
    with pytest.raises(IndexUnavailableError, match="refuses to answer.*401"):
        asked(url, ca=ca, **given)


def test_a_node_that_nobody_vouches_for_is_told_no_password(node):
    url, _ca = node
    with pytest.raises(IndexUnavailableError, match="CERTIFICATE_VERIFY_FAILED"):  # in each of its tries
        asked(url, user=USER, password=PASSWORD)
