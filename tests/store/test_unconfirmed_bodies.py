"""Bodies whose names nobody has confirmed yet: found and linked, shown as such, counted nowhere."""

import pytest

from archive.intake.reference_data import load_reference_data
from archive.models import Body
from archive.store.reading import queries as reads
from archive.text.document import parse_source
from archive.text.reader import source_of
from archive.text.reference import FIXTURES, load_reference
from archive.text.serialize import as_json
from archive.text.sidecar import sidecar_of
from search.query.entities.snapshot import reference_names
from search.query.planning.names import Names
from tests.tools.factories import parsed, stored
from tests.tools.pages import page

pytestmark = pytest.mark.django_db
NAME = next(body.name for body in load_reference().bodies if body.unconfirmed and body.since)
BODY = {"name": NAME, "slug": load_reference().body_named(NAME).slug}


@pytest.fixture
def named():
    Body.objects.filter(name=NAME).delete()
    text = f"{NAME}和安全理事会"
    bodies = [("1", NAME, NAME), ("1", "安全理事会", "安全理事会")]
    stored(parsed("S/2016/7", ("1", text), bodies=bodies))
    return Body.objects.get(name=NAME)


def test_a_body_from_the_table_is_entered_as_the_table_has_it(named):
    assert named.unconfirmed and not named.provisional


def test_it_is_linked_and_its_pages_say_what_it_is(client, named):
    assert f'/bodies/{named.slug}"' in client.get("/S/2016/7").content.decode()
    assert "待核" in page(client, "/S/2016/7/p/1").text
    assert "还没有在文件中核对过" in page(client, f"/bodies/{named.slug}").text
    assert 'class="body doubtful"' in client.get("/S/2016/7").content.decode()
    told = client.get("/S/2016/7.json").json()["bodies"]
    assert {row["body"]: row["unconfirmed"] for row in told} == {NAME: True, "安全理事会": False}


def test_parse_document_says_which_bodies_wait():
    known = next(body for body in load_reference().bodies if body.unconfirmed)
    parsed_text = parse_source(
        source_of(f"S/2016/7\n\n1. {known.name}和安全理事会审议了报告。"), sidecar_of({}), load_reference()
    )
    told = {body["body"]: body.get("unconfirmed") for body in as_json(parsed_text)["bodies"]}
    assert told == {known.name: True, "安全理事会": None}


def test_the_filter_of_a_search_marks_it(named):
    names = Names(reference_names())
    assert names.label("mentioned", named.slug) == f"{NAME}（待核）"
    assert (
        names.label("mentioned", "security-council")
        == names.label("body", "security-council")
        == "安全理事会"
    )


def test_it_is_counted_only_when_somebody_has_confirmed_it(client, named):
    listed = client.get("/bodies.json").json()
    before = reads.coverage()
    assert NAME not in [row["name"] for row in listed["bodies"]]
    assert [(row["name"], row["unconfirmed"]) for row in listed["unconfirmed"]] == [(NAME, True)]
    assert "待核的机构" in page(client, "/bodies").text
    Body.objects.filter(pk=named.pk).update(unconfirmed=False)
    listed = client.get("/bodies.json").json()
    assert NAME in [row["name"] for row in listed["bodies"]] and listed["unconfirmed"] == []
    after = reads.coverage()
    assert after.bodies == before.bodies + 1
    assert after.body_mentions == before.body_mentions + 1


def test_what_an_editor_confirmed_stays_confirmed(named):
    list(load_reference_data(FIXTURES))
    assert Body.objects.get(pk=named.pk).unconfirmed
    Body.objects.filter(pk=named.pk).update(unconfirmed=False)
    list(load_reference_data(FIXTURES))
    assert not Body.objects.get(pk=named.pk).unconfirmed


def test_a_name_that_a_document_defined_waits_where_the_table_does_so(named):
    Body.objects.filter(pk=named.pk).update(unconfirmed=False, provisional=True)
    list(load_reference_data(FIXTURES))
    row = Body.objects.get(pk=named.pk)
    assert (row.provisional, row.unconfirmed) == (False, True)
