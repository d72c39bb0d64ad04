"""The citation panel, the page of all forms, and the addresses of the files."""

from __future__ import annotations

import datetime as dt
import json
import re
from urllib.parse import unquote

import pytest
import rispy
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.intake import retirement
from archive.models import Document, IssuedText, Paragraph
from archive.site.citations.build import records_for
from archive.text.fingerprint import fingerprint
from archive.text.parsed import DocumentType, Submitter
from tests.site.test_pages import citing_letter
from tests.tables import each_row, rows_from
from tests.tools.bundles import make_history
from tests.tools.factories import block, parsed, store
from tests.tools.pages import page, read

pytestmark = pytest.mark.django_db

PLACES = ["/S/2010/52", "/S/2010/52/p/annex.14", "/S/2010/52/p/annex.14-16"]


@each_row()
@pytest.mark.parametrize("address", PLACES)
def test_files_lie_at_the_address_of_what_they_cite(client, bundled_documents, address, ending, media, first):
    response = client.get(f"{address}.{ending}")
    assert response.status_code == 200
    assert response["Content-Type"] == f"{media}; charset=utf-8"
    assert response.content.decode().startswith(first)
    assert response["Content-Disposition"].startswith('attachment; filename="S-2010-52')
    assert response["Content-Disposition"].endswith(f'.{ending}"')
    assert "S/2010/52" in response.content.decode()


@each_row()
def test_other_spellings_lead_to_the_one_address(client, bundled_documents, address, target):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, target)


@each_row()
def test_what_is_not_held_is_explained_by_its_page(client, bundled_documents, address, target):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, target)


@pytest.fixture
def history(db):
    """Of one document paragraph 3 is gone; another is withdrawn, a third merged into the first."""
    make_history()


@pytest.mark.parametrize("ending", [".ris", ".bib", ".csl.json", "/cite.json"])
@pytest.mark.parametrize(("address", "status", "remark"), rows_from(__name__, "FILES_OF_NOTHING"))
def test_a_file_of_what_is_not_there_is_a_problem(client, history, address, status, remark, ending):
    response = client.get(address + ending)
    assert response.status_code == status, remark
    assert response["Content-Type"].startswith("application/problem+json"), remark
    assert response.json()["status"] == status


@pytest.mark.parametrize("ending", [".ris", ".csl.json", ".json", ".txt", "/cite", ""])
def test_a_file_of_a_merged_paragraph_leads_to_that_of_its_new_place(client, history, ending):
    response = client.get(f"/S/2020/6/p/7{ending}")
    assert (response.status_code, response["Location"]) == (301, f"/S/2020/1/p/4{ending}")


def test_a_file_says_304_where_nothing_changed(client, bundled_documents):
    first = client.get("/S/2010/52.ris")
    assert client.get("/S/2010/52.ris", headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("address", PLACES)
def test_the_panel_offers_every_quick_style_and_the_way_to_all(client, bundled_documents, address):
    days = [dt.datetime.now(dt.UTC).date()]
    tree = page(client, address)
    days.append(dt.datetime.now(dt.UTC).date())  # midnight may lie between
    group = tree.all("fieldset", "choices")[0]
    radios = [radio for radio in group.all("input") if radio.attributes["type"] == "radio"]
    assert [radio.attributes["value"] for radio in radios] == ["un", "un-en", "gbt7714-2025", "gbt7714-2015"]
    assert [radio.attributes["value"] for radio in radios if "checked" in radio.attributes] == ["un"]
    assert f"http://testserver{address}/cite" in tree.links
    labelled = {label.attributes.get("for") for label in tree.all("label")}
    assert {radio.attributes["id"] for radio in radios} <= labelled
    assert any(f"查阅日期写今天，{day.year}年{day.month}月{day.day}日" in tree.text for day in days)


def test_the_link_is_in_what_is_copied_and_the_words_are_the_same(client, bundled_documents):
    tree = page(client, "/S/2010/52/p/annex.14/cite")
    fields = [field for field in tree.all("textarea") if "data-html" in field.attributes]
    assert len(fields) == 8
    link = tree.with_id("f-link").text
    for field in fields:
        rich, problems = read(field.attributes["data-html"])
        assert not problems
        assert rich.text == field.text
        assert rich.links == [link]


def test_the_page_of_all_forms_says_what_its_twin_says(client, bundled_documents):
    tree = page(client, "/S/2010/52/p/annex.14/cite")
    twin = client.get("/S/2010/52/p/annex.14/cite.json").json()
    for key, text in twin["forms"].items():
        assert tree.with_id(f"f-{key}").text == text
    assert set(twin["forms"]) == {
        "un", "un-link", "un-en", "un-en-link", "gbt7714-2025", "gbt7714-2015", "chicago", "oscola",
    }  # fmt: skip
    assert twin["pinpoint"] == "附件第14段"
    assert twin["csl"]["number"] == "S/2010/52"
    held = Paragraph.objects.get(document__symbol="S/2010/52", anchor="annex.14")
    assert twin["link"].endswith(f"/S/2010/52/p/annex.14/{held.fingerprint}")


def test_an_undated_document_says_where_its_year_comes_from(client, bundled_documents):
    assert "年份据文号、工作号或信件日期推定" in page(client, "/S/2010/52").text
    assert "推定" not in page(client, "/S/AC.44/SR.74").with_id("cite").text
    store(parsed("CD/9999", ("1", "段"), title="某文件"))
    assert "各格式都不写年份" in page(client, "/CD/9999").text


def test_words_of_documents_never_become_markup_in_what_is_copied(client):
    evil = "<img src=x onerror=alert(1)>\"'&amp;</textarea>"
    store(parsed("S/2031/9", block("1", "段"), title=evil, sender=evil, document_type=DocumentType.LETTER))
    for address in ("/S/2031/9", "/S/2031/9/p/1", "/S/2031/9/p/1/cite"):
        tree = page(client, address)
        assert not [img for img in tree.all("img") if not img.attributes["src"].startswith("/c/")]
        for field in tree.all("textarea"):
            rich, problems = read(field.attributes.get("data-html") or "")
            assert not problems
            assert not rich.all("img")


def test_records_of_many_passages_ask_the_database_the_same_few_questions():
    def asked(count: int) -> int:
        for number in range(1, count + 1):
            store(citing_letter(number))
        store(parsed("A/90/1", block("u1", "段", submitter=Submitter("古巴", "西班牙文"))))
        documents = list(Document.objects.select_related("body", "state"))
        paragraphs = list(Paragraph.objects.select_related("state", "document__body", "document__state"))
        passages = [(document, None, "x") for document in documents]
        passages += [(paragraph.document, paragraph, "y") for paragraph in paragraphs]
        with CaptureQueriesContext(connection) as captured:
            assert len(records_for(passages)) == len(passages)
        return len(captured)

    assert asked(1) == asked(6) <= 3


@pytest.mark.parametrize(
    "address", ["/S/2016/1/cite", "/S/2016/1/p/2/cite", "/S/2016/1.ris", "/S/2016/1/p/2.csl.json"]
)
def test_citations_ask_the_same_few_questions_whatever_else_is_held(client, address):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    store(citing_letter(1))
    few = asked()
    for number in range(2, 6):
        store(citing_letter(number, paragraphs=9))
    assert asked() == few


# ---
# Files of links with a fingerprint: they lead to the file of the same words, or to the page that tells.

TAILS = [".txt", ".ris", ".bib", ".csl.json", "/cite", "/cite.json"]
WHY = {"by": "编者", "reason": "重复"}
ONE, TWO, RANGE = fingerprint("甲"), fingerprint("乙"), fingerprint("甲\n乙")


@pytest.fixture
def held():
    store(parsed("S/2031/1", ("annex.1", "甲"), ("annex.2", "乙"), ("annex.3", "丙")))


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize(("link", "place", "remark"), rows_from(__name__, "STANDING"))
def test_the_same_words_lead_to_their_file(client, held, link, place, remark, tail):
    answer = client.get(link + tail + "?utm_source=x")
    assert (answer.status_code, answer["Location"]) == (302, f"{place}{tail}"), remark
    assert client.get(link + tail, follow=True).status_code == 200
    assert client.get(link + tail + "。")["Location"] == link + tail
    assert client.get(link.lower() + tail).status_code == 301


@pytest.mark.parametrize("tail", TAILS)
def test_words_that_stand_no_more_lead_to_the_page_that_tells(client, held, tail):
    store(parsed("S/2031/1", ("annex.1", "甲改"), ("annex.2", "乙"), ("annex.3", "丙")))
    retirement.withdraw_paragraph(retirement.held_document("S/2031/1"), "annex.3", **WHY)
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


@each_row("EDITED")
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
    retirement.merge_document(*map(retirement.held_document, ("S/2031/1", "S/2031/2")), **WHY)
    assert Document.objects.count() == 1
    answer = client.get(f"/S/2031/1/p/annex.1/{ONE}.ris", follow=True)
    assert answer.status_code == 200
    assert Paragraph.objects.get(anchor="2").fingerprint in answer.content.decode()


# --- The links that a reader takes along from the page of a paragraph or a range ---


EACH = pytest.mark.parametrize("address", ["/S/2010/52/p/annex.14", "/S/2010/52/p/annex.14-16"])
HOST = "http://testserver"


def passage(client, address: str) -> dict:
    twin = client.get(f"{address}.json").json()
    return twin.get("range") or twin["paragraph"]


@pytest.mark.usefixtures("bundled_documents")
@EACH
def test_every_link_stands_on_the_page_as_text_that_can_be_selected(client, address):
    tree, said = page(client, address), passage(client, address)
    assert tree.with_id("l1").text == HOST + address
    assert tree.with_id("l2").text == f"{HOST}{address}/{said['fingerprint']}"
    for number in (1, 2, 5):
        field = tree.with_id(f"l{number}")
        assert (field.tag, "readonly" in field.attributes) == ("textarea", True)
        assert [label for label in tree.all("label") if label.attributes.get("for") == f"l{number}"]


@pytest.mark.usefixtures("bundled_documents")
@EACH
def test_the_quotation_is_the_stored_words_with_their_source_and_a_link(client, address):
    quotation, said = page(client, address).with_id("l4"), passage(client, address)
    link = f"{HOST}{address}/{said['fingerprint']}"
    lines = quotation.text.replace("\n", "")
    assert lines == f"“{said['text']}”(S/2010/52，{said['name']}，{link})".replace("\n", "")
    assert quotation.links == [link]
    assert client.get(link).status_code == 200
    assert quotation.attributes["tabindex"] == "0"


@pytest.mark.usefixtures("bundled_documents")
@EACH
def test_the_link_with_a_text_fragment_leads_to_the_place_and_owns_to_be_unreliable(client, address):
    tree, said = page(client, address), passage(client, address)
    plain, _mark, words = tree.with_id("l5").text.partition(":~:text=")
    assert plain == f"{HOST}/S/2010/52#p-annex.14"
    first, last = unquote(words).split(",")
    assert said["text"].startswith(first)
    assert said["text"].endswith(last)
    assert "不可靠" in tree.with_id("links").text


@pytest.mark.usefixtures("bundled_documents")
@each_row()
def test_each_page_has_one_canonical_address_without_fingerprint(client, address, canonical):
    fingerprint = passage(client, canonical)["fingerprint"] if "{}" in address else ""
    tree = page(client, address.format(fingerprint))
    links = [link for link in tree.all("link") if link.attributes.get("rel") == "canonical"]
    assert [link.attributes["href"] for link in links] == [HOST + canonical]


@pytest.mark.usefixtures("bundled_documents")
def test_copying_a_passage_takes_nothing_hidden_along(client, settings):
    """What is in a paragraph beside its words and its printed number cannot be selected."""
    sheet = (settings.BASE_DIR / "static/css/links.css").read_text()
    rule = next(line for line in sheet.splitlines() if "user-select: none" in line and "unnumbered" in line)
    tree = page(client, "/S/2010/52")
    assert "css/links.css" in "".join(link.attributes["href"] for link in tree.all("link"))
    for shown in tree.all(css="paragraph"):
        for part in shown.walk():
            beside = part.text and part.parent is shown and "text" not in part.classes
            if beside and not (part.classes == ["number"] and part.text.strip()):
                assert any(f".{name}" in rule for name in part.classes), (part.classes, part.text)


@pytest.mark.usefixtures("bundled_documents")
def test_scripts_of_one_page_declare_no_name_twice(settings):
    """Classic scripts share one scope: a name declared twice silences the whole second script."""
    declared: dict[str, str] = {}
    for script in sorted((settings.BASE_DIR / "static/js").glob("*.js")):
        for name in re.findall(r"^(?:const|let|class|(?:async )?function) (\w+)", script.read_text(), re.M):
            assert name not in declared, f"{name} in {script.name} and {declared[name]}"
            declared[name] = script.name
