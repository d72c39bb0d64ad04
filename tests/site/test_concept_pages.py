"""Concepts of the thesaurus as pages: the list, one concept, its SKOS, and what became of a retired one."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from archive.admin import ThesaurusConceptAdmin
from archive.intake.reference_data import load_reference_data
from archive.models import ThesaurusConcept
from archive.site.presenters.concepts import BRANCHES, KINDS, letter_of
from archive.text.skos import read_skos
from tests.conftest import ROOT
from tests.tables import each_row
from tests.tools.pages import page, twin
from tests.tools.searching import at, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


@each_row("LETTERS")
def test_letters(name, letter, remark):
    assert letter_of(name) == letter, remark


def test_the_list_holds_every_concept_once_in_order(client):
    first = twin(client, "/concepts.json")
    rows = list(first["concepts"])
    following = first["page"]["next"]
    while following:
        more = twin(client, following)
        rows += more["concepts"]
        following = more["page"]["next"]
    assert sorted(row["slug"] for row in rows) == sorted(
        ThesaurusConcept.objects.values_list("slug", flat=True)
    )
    letters = [row["letter"] for row in rows]
    assert letters == sorted(letters, key=lambda letter: (letter == "#", letter))


@each_row("FILTERS")
def test_the_list_is_narrowed(client, given, slug, remark):
    slugs = [row["slug"] for row in twin(client, "/concepts.json", **given)["concepts"]]
    assert (slug in slugs) if slug else not slugs or "export-control" not in slugs, remark
    assert client.get("/concepts", given).status_code == 200


def test_counts_of_branches_and_letters_are_those_of_the_lists_they_lead_to(client):
    for given in ({}, {"q": "核"}, {"branch": "nuclear"}, {"letter": "H"}, {"q": "武", "branch": "terror"}):
        listed = twin(client, "/concepts.json", **given)
        for name, label, count in listed["branches"][::3]:
            assert label == str(BRANCHES[name])
            assert twin(client, "/concepts.json", **{**given, "branch": name})["page"]["total"] == count
        for letter, count in listed["letters"][::6]:
            assert twin(client, "/concepts.json", **{**given, "letter": letter})["page"]["total"] == count


@pytest.mark.parametrize("given", [{"branch": "none"}, {"letter": "É"}, {"page": "99"}, {"q": "x" * 201}])
def test_what_the_list_cannot_read_is_told(client, given):
    assert client.get("/concepts", given).status_code in (400, 404)
    assert twin(client, "/concepts.json", client.get("/concepts.json", given).status_code, **given)["detail"]


def test_a_concept_shows_its_terms_in_their_languages_and_its_neighbours(client):
    concept = ThesaurusConcept.objects.get(slug="export-control")
    tree = page(client, "/concepts/export-control")
    main = tree.all("main")[0]
    assert concept.name in main.all("h1")[0].text
    marked = {(element.attributes["lang"], element.text.strip()) for element in main.all("span")
              if "lang" in element.attributes}  # fmt: skip
    for kind, (_label, lang) in KINDS.items():
        assert {(lang, word) for word in getattr(concept, kind)} <= marked, kind
    data = twin(client, "/concepts/export-control.json")
    assert {one["slug"] for one in data["neighbours"]["broader"]} == set(concept.broader)
    for one in [*data["neighbours"]["broader"], *data["neighbours"]["narrower"]]:
        assert f"/concepts/{one['slug']}" in main.links
        assert client.get(one["url"]).status_code == 200


def test_narrower_is_broader_read_backwards(client):
    for slug, broader in ThesaurusConcept.objects.exclude(broader=[]).values_list("slug", "broader")[:40:5]:
        for wider in broader:
            data = twin(client, f"/concepts/{wider}.json")
            assert slug in [one["slug"] for one in data["neighbours"]["narrower"]]


def test_what_is_counted_is_what_the_linked_search_finds(client):
    for slug in ("export-control", "additive-manufacturing", "abolish", "centrifuge"):
        used = twin(client, f"/concepts/{slug}.json")["used"]
        listed = found(used["query"]) if used["query"] else []
        assert used["paragraphs"] == len(listed), slug
        assert used["documents"] == len({one.rpartition(" ")[0] for one in listed})
        assert [f"{hit['symbol']} {hit['anchor']}" for hit in used["results"]] == listed[:10]
        for term, count in used["terms"]:
            assert count == len(found(f"“{term}”")), term


def test_the_number_of_queries_is_the_same_for_every_concept(client, django_assert_num_queries):
    client.get("/concepts")
    for slug in ("export-control", "abolish", "centrifuge"):
        with django_assert_num_queries(5):
            client.get(f"/concepts/{slug}")
    for given in ({}, {"q": "核"}, {"letter": "C"}):
        with django_assert_num_queries(3):
            client.get("/concepts", given)


def test_without_an_index_the_thesaurus_is_shown_and_search_missed(client, tmp_path):
    with at(tmp_path / "nothing"):
        assert "检索暂时不可用" in page(client, "/concepts/export-control").text
        assert twin(client, "/concepts/export-control.json")["used"] is None
        assert client.get("/concepts").status_code == 200


def test_the_download_is_read_back_and_names_its_site(client):
    whole = client.get("/concepts.jsonld")
    assert whole["Content-Type"] == "application/ld+json"
    assert len(list(read_skos(whole.content.decode()))) == ThesaurusConcept.objects.count()
    one = json.loads(client.get("/concepts/export-control.jsonld").content)
    assert one["@context"]["@base"] == "http://testserver/concepts/"
    assert [node["slug"] for node in one["@graph"]] == ["export-control"]


def test_the_map_and_the_table_hold_the_concepts(client):
    listed = client.get("/sitemap.xml").content.decode()
    assert "<loc>http://testserver/concepts</loc>" in listed
    assert "<loc>http://testserver/concepts/export-control</loc>" in listed
    table = b"".join(client.get("/concepts.csv").streaming_content).decode()
    assert table.count("\n") == ThesaurusConcept.objects.count() + 1


def test_a_search_leads_to_the_concept_that_it_was_read_as(client):
    assert "/concepts/export-control" in page(client, "/search?q=出口管制").all("main")[0].links


@pytest.mark.parametrize("slug", ["no-such-concept", "无此概念", "export-control.", "%00", "..", "<script>"])
def test_what_never_was_is_told(client, slug):
    assert client.get(f"/concepts/{slug}").status_code in (301, 404)
    assert client.get(f"/concepts/{slug}.json").status_code in (301, 404)


MEANT = [("EXPORT-CONTROL", 301, "in capitals"), ("出口管制", 302, "by its preferred term, which may change")]


@pytest.mark.parametrize(("typed", "status", "remark"), MEANT)
def test_a_concept_is_found_as_it_is_typed(client, typed, status, remark):
    for tail in ("", ".json", ".jsonld"):
        response = client.get(f"/concepts/{typed}{tail}")
        wanted = (status, f"/concepts/export-control{tail}")
        assert (response.status_code, response["Location"]) == wanted, remark


def test_a_retired_concept_leads_to_its_successor_or_says_so(client):
    retired = ThesaurusConcept.objects.create(slug="test-old", name="旧概念", branch="policy", retired=True)
    assert "已经停用" in page(client, "/concepts/test-old", 410).text
    assert twin(client, "/concepts/test-old.json", 410)["status"] == 410
    assert client.get("/concepts/test-old.jsonld").status_code == 410
    assert "test-old" not in client.get("/concepts.jsonld").content.decode()
    retired.successor = "export-control"
    retired.full_clean()
    retired.save()
    for ending in ("", ".json", ".jsonld"):
        response = client.get(f"/concepts/test-old{ending}")
        assert (response.status_code, response["Location"]) == (301, f"/concepts/export-control{ending}")
    retired.delete()


def test_loading_the_fixtures_again_leaves_what_an_editor_retired():
    ThesaurusConcept.objects.filter(slug="abolish").update(retired=True, successor="export-control")
    list(load_reference_data(ROOT / "fixtures"))
    kept = ThesaurusConcept.objects.get(slug="abolish")
    assert (kept.retired, kept.successor) == (True, "export-control")
    ThesaurusConcept.objects.filter(slug="abolish").update(retired=False, successor="")


@each_row("WRONG")
def test_the_desk_refuses_a_successor_that_leads_nowhere(values, remark):
    concept = ThesaurusConcept(slug="test-ring", name="测试", branch="policy", **values)
    with pytest.raises(ValidationError) as refused:
        concept.full_clean()
    assert "successor" in refused.value.message_dict, remark


def test_no_concept_is_deleted_at_the_desk():
    admin = ThesaurusConceptAdmin(ThesaurusConcept, site)
    assert not admin.has_delete_permission(RequestFactory().get("/"))
