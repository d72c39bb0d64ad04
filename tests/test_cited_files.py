"""Files of links with a fingerprint: they lead to the file of the same words, or to the page that tells."""

from __future__ import annotations

import json

import pytest
import rispy

from archive.editing import retirement
from archive.models import Document, IssuedText, Paragraph
from archive.text.fingerprint import fingerprint

from .factories import parsed, store
from .pages import page

pytestmark = pytest.mark.django_db
TAILS = [".txt", ".ris", ".bib", ".csl.json", "/cite", "/cite.json"]
WHY = {"by": "编者", "reason": "重复"}
ONE, TWO, RANGE = fingerprint("甲"), fingerprint("乙"), fingerprint("甲\n乙")


@pytest.fixture
def held():
    store(parsed("S/2031/1", ("annex.1", "甲"), ("annex.2", "乙"), ("annex.3", "丙")))


STANDING = [
    # the link, where its file is
    (f"/S/2031/1/p/annex.1/{ONE}", "/S/2031/1/p/annex.1", "as it was cited"),
    (f"/S/2031/1/p/annex.1-2/{RANGE}", "/S/2031/1/p/annex.1-2", "a range"),
    (f"/S/2031/1/p/1/{ONE}", f"/S/2031/1/p/annex.1/{ONE}", "a number without its part"),
    (f"/S/2031/1/p/1-2/{RANGE}", f"/S/2031/1/p/annex.1-2/{RANGE}", "and a range of such"),
]


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize(("link", "place", "remark"), STANDING)
def test_the_same_words_lead_to_their_file(client, held, link, place, remark, tail):
    answer = client.get(link + tail + "?utm_source=x")
    assert (answer.status_code, answer["Location"]) == (302, f"{place}{tail}"), remark
    assert client.get(link + tail, follow=True).status_code == 200
    assert client.get(link + tail + "。")["Location"] == link + tail
    assert client.get(link.lower() + tail).status_code == 301


@pytest.mark.parametrize("tail", TAILS)
def test_words_that_stand_no_more_lead_to_the_page_that_tells(client, held, tail):
    store(parsed("S/2031/1", ("annex.1", "甲改"), ("annex.2", "乙"), ("annex.3", "丙")))
    retirement.withdraw_paragraph(retirement.held("S/2031/1"), "annex.3", **WHY)
    told = {
        f"/S/2031/1/p/annex.1/{ONE}": 200,  # edited
        f"/S/2031/1/p/annex.1-2/{RANGE}": 200,
        f"/S/2031/1/p/annex.3/{fingerprint('丙')}": 410,
        f"/S/2031/1/p/annex.2/{ONE}": 404,  # never issued
        f"/S/2031/1/p/annex.1-2/{ONE}": 200,  # of which nobody knows whether it was
        f"/S/2031/9/p/1/{ONE}": 404,
    }
    edited = f"/S/2031/1/p/annex.1/{ONE}", f"/S/2031/1/p/annex.1-2/{RANGE}"
    for link, status in told.items():
        answer = client.get(link + tail)
        if link in edited and tail in (".ris", ".bib", ".csl.json"):
            assert answer.status_code == 200, link  # a record of what was cited: see below
            continue
        assert (answer.status_code, answer["Location"]) == (302, link)
        assert client.get(link).status_code == status, link


EDITED = [
    (f"/S/2031/1/p/annex.1/{ONE}", "第1段", "甲", "甲改", "a paragraph"),
    (f"/S/2031/1/p/annex.1-2/{RANGE}", "第1至2段", "甲\n乙", "甲改\n乙", "a range"),
]


@pytest.mark.parametrize(("link", "place", "then", "now", "_remark"), EDITED)
def test_after_an_edit_programs_are_given_what_was_cited_and_that_it_stands_no_more(
    client, held, link, place, then, now, _remark
):
    store(parsed("S/2031/1", ("annex.1", "甲改"), ("annex.2", "乙"), ("annex.3", "丙")))
    # reference managers: the file of the link
    (item,) = json.loads(client.get(f"{link}.csl.json").content)
    assert (item["page"], item["number"], item["abstract"]) == (place, "S/2031/1", then)
    assert item["URL"] == f"http://testserver{link}"
    assert "这是引用时的文字" in item["note"] and link.rpartition("/")[2] in item["note"]
    assert fingerprint(now) in item["note"]
    (entry,) = rispy.loads(client.get(f"{link}.ris").content.decode())
    assert (entry["abstract"], entry["urls"]) == (then.replace("\n", " "), [f"http://testserver{link}"])
    assert any("这是引用时的文字" in note for note in entry["notes"])
    # Zotero's reading of the page
    tree = page(client, link)
    tags = {
        tag.attributes["name"]: tag.attributes["content"]
        for tag in tree.all("meta")
        if "name" in tag.attributes
    }
    assert (tags["z:itemType"], tags["citation_technical_report_number"]) == ("report", "S/2031/1")
    assert (tags["citation_firstpage"], tags["citation_public_url"]) == (place, f"http://testserver{link}")
    assert tags["DCTERMS.abstract"] == then and "这是引用时的文字" in tags["DC.description"]
    files = [one.attributes["href"] for one in tree.all("link") if one.attributes.get("title") == "RIS"]
    assert files == [f"http://testserver{link}.ris"]


def test_words_that_may_not_be_shown_are_in_no_record(client, held):
    store(parsed("S/2031/1", ("annex.1", "甲改"), ("annex.2", "乙"), ("annex.3", "丙")))
    IssuedText.objects.filter(anchor="annex.1", fingerprint=ONE).update(withheld=True, text="")
    for link in (f"/S/2031/1/p/annex.1/{ONE}", f"/S/2031/1/p/annex.1-2/{RANGE}"):
        for tail in TAILS:
            assert client.get(link + tail).status_code == 302, link


def test_the_file_of_moved_and_merged_words_is_that_of_their_new_place(client, held):
    store(parsed("S/2031/1", ("annex.1", "新"), ("annex.2", "甲"), ("annex.3", "乙")))
    assert client.get(f"/S/2031/1/p/annex.1/{ONE}.ris")["Location"] == "/S/2031/1/p/annex.2.ris"
    assert client.get(f"/S/2031/1/p/annex.1-2/{RANGE}.ris")["Location"] == "/S/2031/1/p/annex.2-3.ris"
    store(parsed("S/2031/2", ("1", "新"), ("2", "甲"), ("3", "乙")))
    retirement.merge_document(retirement.held("S/2031/1"), retirement.held("S/2031/2"), **WHY)
    assert Document.objects.count() == 1
    answer = client.get(f"/S/2031/1/p/annex.1/{ONE}.ris", follow=True)
    assert answer.status_code == 200
    assert Paragraph.objects.get(anchor="2").fingerprint in answer.content.decode()
