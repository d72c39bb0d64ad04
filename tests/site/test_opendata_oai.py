"""OAI-PMH: a client from the registry harvests the catalogue; the protocol's rules where it does not look."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from unittest.mock import patch

import pytest
import requests
import sickle
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree
from sickle.oaiexceptions import BadArgument, IdDoesNotExist, NoRecordsMatch, NoSetHierarchy

from archive.intake.retirement import held_document, merge_document, withdraw_document
from archive.site.opendata import oai as verbs
from tests.tables import each_row
from tests.tools.factories import parsed, store

pytestmark = pytest.mark.django_db

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
WHY = {"by": "编者", "reason": "副本"}
HOST = "oai:testserver:"


@pytest.fixture
def harvester(client, monkeypatch):
    """Sickle, whose requests go to the site under test."""

    def send(kind):
        def answer(_address, params=None, data=None, **_options):
            response = client.get("/oai", params) if kind == "GET" else client.post("/oai", data)
            return SimpleNamespace(
                content=response.content, text=response.content.decode(), raise_for_status=lambda: None,
                status_code=response.status_code,
            )  # fmt: skip

        return answer

    monkeypatch.setattr(requests, "get", send("GET"))
    monkeypatch.setattr(requests, "post", send("POST"))
    return sickle.Sickle("http://testserver/oai")


def moment(day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2031, 1, day, hour, tzinfo=dt.UTC)


def bring(symbol: str, day: int, **facts) -> None:
    with patch.object(timezone, "now", return_value=moment(day)):
        store(parsed(symbol, ("1", f"{symbol}的文字"), **facts))


@pytest.fixture
def three(db):
    bring("S/2031/1", 1, title="一封信<&>", organ="安全理事会", date="2031-01-01", document_type="letter")
    bring("S/RES/1540(2004)", 2)
    bring("S/2031/3", 3)


def test_a_harvester_learns_what_the_archive_is(harvester, three):
    told = harvester.Identify()
    assert (told.repositoryName, told.protocolVersion) == ("1540文献库", "2.0")
    assert (told.deletedRecord, told.granularity) == ("persistent", "YYYY-MM-DDThh:mm:ssZ")
    assert told.earliestDatestamp == "2031-01-01T12:00:00Z"
    assert told.baseURL == "http://testserver/oai" and "@" in told.adminEmail
    (known,) = harvester.ListMetadataFormats()
    assert known.metadataPrefix == "oai_dc"
    assert [one.metadataPrefix for one in harvester.ListMetadataFormats(identifier=f"{HOST}S/2031/1")]
    with pytest.raises(NoSetHierarchy):
        harvester.ListSets()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_harvester_gets_every_record_over_all_parts(harvester, three, monkeypatch, method):
    harvester.http_method = method
    for size in (1, 2, 100):
        monkeypatch.setattr(verbs, "PER_ANSWER", size)
        found = [record.header.identifier for record in harvester.ListRecords(metadataPrefix="oai_dc")]
        assert found == [f"{HOST}{symbol}" for symbol in ("S/2031/1", "S/RES/1540(2004)", "S/2031/3")]
        headers = harvester.ListIdentifiers(metadataPrefix="oai_dc")
        assert [header.identifier for header in headers] == found


def test_a_record_is_the_document_in_dublin_core(harvester, client, three):
    record = harvester.GetRecord(identifier=f"{HOST}S/2031/1", metadataPrefix="oai_dc")
    assert record.header.datestamp == "2031-01-01T12:00:00Z"
    assert record.metadata == {
        "title": ["一封信<&>"],
        "creator": ["安全理事会"],
        "date": ["2031-01-01"],
        "type": ["信"],
        "format": ["text/html"],
        "identifier": ["http://testserver/S/2031/1", "S/2031/1"],
        "language": ["zh"],
    }
    assert client.get(record.metadata["identifier"][0].removeprefix("http://testserver")).status_code == 200


def test_what_changed_or_went_since_comes_again_and_nothing_else(harvester, three):
    bring("S/2031/1", 5, title="另一个标题")
    with patch.object(timezone, "now", return_value=moment(6)):
        withdraw_document(held_document("S/2031/3"), **WHY)
        merge_document(held_document("S/RES/1540(2004)"), held_document("S/2031/1"), **WHY)
    records = list(harvester.ListRecords(metadataPrefix="oai_dc", **{"from": "2031-01-04"}))
    told = {record.header.identifier.removeprefix(HOST): record for record in records}
    assert set(told) == {"S/2031/1", "S/2031/3", "S/RES/1540(2004)"}
    assert {symbol for symbol, record in told.items() if record.deleted} == {"S/2031/3", "S/RES/1540(2004)"}
    assert told["S/2031/3"].header.datestamp == "2031-01-06T12:00:00Z"
    assert harvester.GetRecord(identifier=f"{HOST}S/2031/3", metadataPrefix="oai_dc").deleted
    with pytest.raises(NoRecordsMatch):
        harvester.ListRecords(metadataPrefix="oai_dc", **{"from": "2031-01-07"})


def test_what_changes_during_a_harvest_is_not_missed(harvester, three, monkeypatch):
    monkeypatch.setattr(verbs, "PER_ANSWER", 1)
    records = harvester.ListIdentifiers(metadataPrefix="oai_dc")
    seen = [next(records).identifier]
    bring("S/2031/1", 8, title="改过的标题")
    bring("S/2031/9", 9)
    seen += [header.identifier for header in records]
    symbols = ["S/2031/1", "S/RES/1540(2004)", "S/2031/3", "S/2031/1", "S/2031/9"]
    assert seen == [f"{HOST}{symbol}" for symbol in symbols]


@each_row("SPANS")
def test_dates_cut_out_what_lies_between_them(client, three, since, until, found):
    asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "from": since, "until": until}
    root = etree.fromstring(client.get("/oai", {k: v for k, v in asked.items() if v}).content)
    assert len(root.findall(f".//{OAI}header")) == found
    assert (root.find(f"{OAI}error") is not None) == (not found)


@each_row("ERRORS")
def test_errors_are_those_of_the_protocol(client, three, query, code):
    response = client.get(f"/oai?{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "text/xml; charset=utf-8")
    root = etree.fromstring(response.content)
    assert [child.tag for child in root][:2] == [f"{OAI}responseDate", f"{OAI}request"]
    error = root.find(f"{OAI}error")
    assert (error.get("code") if error is not None else None) == code
    if code in ("badVerb", "badArgument"):
        assert not root.find(f"{OAI}request").attrib  # as the protocol wants


def test_exceptions_reach_a_client_as_what_they_are(harvester, three):
    with pytest.raises(IdDoesNotExist):
        harvester.GetRecord(identifier="x", metadataPrefix="oai_dc")
    with pytest.raises(BadArgument):
        harvester.ListRecords(metadataPrefix="oai_dc", **{"from": "x"})


def test_questions_to_the_database_do_not_grow_with_the_list(client, three):
    def ask() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
        return len(captured)

    few = ask()
    for number in range(10, 20):
        bring(f"S/2031/{number}", 4)
    assert ask() == few <= 4


def test_an_empty_archive_can_be_asked(client, db):
    root = etree.fromstring(client.get("/oai?verb=Identify").content)
    assert root.findtext(f".//{OAI}earliestDatestamp") == "2004-04-28T00:00:00Z"
    assert client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").status_code == 200
    assert client.put("/oai").status_code == 405
