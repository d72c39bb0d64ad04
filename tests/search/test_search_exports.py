"""Whole results: CSV, JSON page after page, the Atom feed, results by document, years."""

import csv
import html
import io
import json
import re
from xml.etree import ElementTree

import pytest
from django.test import override_settings

from archive.models import Paragraph
from search.engine.cluster.connection import configured
from tests.tables import each_row
from tests.tools.bundled import store_bundled
from tests.tools.searching import archive_for, at, found

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FINGERPRINTS: dict[str, str] = {}


@archive_for
def index():
    store_bundled()
    rows = Paragraph.objects.values_list("document__symbol", "anchor", "fingerprint")
    FINGERPRINTS.update((f"/{symbol}/p/{anchor}", fingerprint) for symbol, anchor, fingerprint in rows)


def table(client, **parameters) -> list[list[str]]:
    response = client.get("/search.csv", parameters)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def entries(client, **parameters) -> list[ElementTree.Element]:
    response = client.get("/search.atom", parameters)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


@each_row("LISTS")
def test_the_table_is_the_whole_list_in_its_order(client, parameters, remark):
    options = {name: value for name, value in parameters.items() if name not in ("q", "page")}
    listed = found(parameters["q"], **options) if parameters["q"] else []
    rows = table(client, **parameters)[1:]
    assert [f"{row[0]} {row[-3].partition('/p/')[2]}" for row in rows] == listed, remark


def test_pages_of_the_twin_are_the_whole_list_once(client):
    listed = found("决议")
    assert len(listed) > 60
    assert len(set(listed)) == len(listed)
    assert found("决议") == listed


def test_entries_of_the_feed_are_named_for_ever(client):
    for entry in entries(client, q="出口管制"):
        permalink = entry.find(f"{ATOM}id").text
        address, _slash, fingerprint = permalink.removeprefix("http://testserver").rpartition("/")
        assert FINGERPRINTS[address] == fingerprint
        assert entry.find(f"{ATOM}link").attrib["href"] == permalink
        assert entry.find(f"{ATOM}updated").text
    first, again = entries(client, q="出口管制"), entries(client, q="出口管制", sort="document", page="1")
    ids = [entry.find(f"{ATOM}id").text for entry in first]
    assert ids == [entry.find(f"{ATOM}id").text for entry in again]
    assert len(set(ids)) == len(ids) > 10


def test_the_feed_begins_with_what_came_last_and_keeps_the_filters(client):
    """Who follows a search is told of an old document that comes in, as of any other."""
    dates = [entry.find(f"{ATOM}updated").text for entry in entries(client, q="威斯巴登")]
    assert dates == sorted(dates, reverse=True)
    assert len(set(dates)) > 1
    only = [entry.find(f"{ATOM}id").text for entry in entries(client, q="核", year="2016")]
    shown = {f"http://testserver/{name.replace(' ', '/p/')}" for name in found("核", year="2016")}
    assert {address.rpartition("/")[0] for address in only} == shown
    assert len(only) == len(shown) > 5


def test_the_feed_is_well_formed_whatever_is_typed(client):
    for q in ("<script>", "&", "\x0b核", "]]>", "\ud83d核", "“", ""):
        response = client.get("/search.atom", {"q": q.encode("utf-8", "ignore").decode()})
        assert response.status_code == 200
        ElementTree.fromstring(response.content)


def grouped(client, q: str, **parameters) -> dict:
    return json.loads(client.get("/search.json", {"q": q, "group": "document", **parameters}).content)


@pytest.mark.parametrize("q", ["出口管制", "“出口管制”", "核 OR 生物", "国家:印度"])
def test_results_by_document(client, q):
    data = grouped(client, q)
    plain = json.loads(client.get("/search.json", {"q": q}).content)
    assert data["total"] == plain["total"]
    assert len(data["groups"]) == data["total"]["documents"]
    assert sum(group["paragraphs"] for group in data["groups"]) == data["total"]["paragraphs"]
    listed = found(q)
    first = list(dict.fromkeys(hit.split()[0] for hit in listed))
    assert [group["symbol"] for group in data["groups"]] == first
    for group in data["groups"]:
        own = [hit for hit in listed if hit.split()[0] == group["symbol"]]
        assert [f"{hit['symbol']} {hit['anchor']}" for hit in group["results"]] == own[:3]
        assert group["paragraphs"] == len(own)


def test_a_group_leads_to_all_of_its_hits(client):
    markup = client.get("/search", {"q": "核 OR 生物", "group": "document"}).content.decode()
    links = re.findall(r'<a href="(\?[^"]+)">这份文件中的全部(\d+)段', markup)
    assert links
    for address, count in links:
        page = client.get("/search" + html.unescape(address)).content.decode()
        assert f'<b class="figure">{count}</b>段，<span class="figure">1</span>份文件' in page


def test_years_stand_in_a_table_with_those_without_hits(client):
    markup = client.get("/search", {"q": "威斯巴登"}).content.decode()
    rows = re.findall(r'<th scope="row" class="figure">(.*?)</th><td class="figure count">(\d+)</td>', markup)
    counts = {re.sub("<[^>]+>", "", year): int(count) for year, count in rows}
    twin = json.loads(client.get("/search.json", {"q": "威斯巴登"}).content)
    assert {year: count for year, count in counts.items() if count} == dict(twin["facets"]["year"])
    assert 0 in counts.values()
    assert markup.count("<rect") >= len(twin["facets"]["year"])


def test_the_database_is_asked_for_its_revision_alone(client, django_assert_num_queries):
    client.get("/search")
    with django_assert_num_queries(8 if configured() is None else 16):  # and which index is the site's
        table(client, q="核")
        entries(client, q="核")
        client.get("/search", {"q": "核", "group": "document"})
        client.get("/suggest", {"q": "核"})


def test_without_an_index_they_say_so(client, tmp_path):
    with at(tmp_path / "nothing"), override_settings(SEARCH_CLUSTER={"urls": ()}):
        for address in ("/search.csv", "/search.atom", "/suggest"):
            assert client.get(address, {"q": "核"}).status_code == 503


def test_a_page_that_is_none_is_refused(client):
    assert client.get("/search.csv", {"q": "核", "page": "x"}).status_code == 400
    assert client.get("/search", {"q": "核", "group": "document", "page": "9"}).status_code == 404


@each_row("LISTS")
def test_the_whole_result_as_json_holds_what_its_pages_hold(client, parameters, remark):
    response = client.get("/search/whole.json", parameters)
    assert response.streaming and response["Content-Disposition"].startswith("attachment")
    whole = json.loads(b"".join(response.streaming_content))
    first = json.loads(client.get("/search.json", parameters | {"page": "1"}).content)
    assert whole["total"] == first["total"]
    pages = (client.get("/search.json", parameters | {"page": page}) for page in range(1, first["pages"] + 1))
    assert whole["results"] == [hit for page in pages for hit in json.loads(page.content)["results"]]


def test_programs_are_told_how_to_search(client):
    response = client.get("/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    spec = "{http://a9.com/-/spec/opensearch/1.1/}"
    description = ElementTree.fromstring(response.content)
    assert len(description.findtext(f"{spec}ShortName")) <= 16  # as the specification has it
    templates = {url.get("type"): url.get("template") for url in description.findall(f"{spec}Url")}
    for kind in ("text/html", "application/json", "application/atom+xml", "text/csv"):
        answered = client.get(templates[kind].replace("{searchTerms}", "%E6%A0%B8%E5%AE%89%E5%85%A8"))
        assert answered.status_code == 200 and answered["Content-Type"].startswith(kind)
    assert (
        '<link rel="search" type="application/opensearchdescription+xml"'
        in client.get("/search").content.decode()
    )


def test_a_feed_leads_through_all_its_pages_and_repeats_nothing(client, monkeypatch):
    """RFC 5005: first, and next until there is none."""
    import re as regular

    from search.pages.results import exports

    def entries(address: str) -> tuple[list[str], str]:
        text = client.get(address).content.decode()
        following = regular.search(
            r'<link rel="next" href="http://testserver([^"]+)"|href="http://testserver([^"]+)" rel="next"',
            text,
        )
        ids = regular.findall(r"<id>http://testserver(/[A-Z][^<]*/p/[^<]+)</id>", text)
        return ids, (following[1] or following[2]).replace("&amp;", "&") if following else ""

    whole, following = entries("/search.atom?q=决议")
    assert len(whole) > 5
    monkeypatch.setattr(exports, "ENTRIES", 5)
    found, address = [], "/search.atom?q=决议"
    while address:
        ids, address = entries(address)
        found += ids
    assert found[: len(whole)] == whole
    assert len(set(found)) == len(found)
