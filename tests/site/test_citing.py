"""Who cites what, how, with what and by whom: every count is the length of its list."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode, urljoin

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import (
    Document,
    Mention,
    OwnReference,
    Paragraph,
    Theme,
    ThemeMention,
    Treaty,
    TreatyMention,
)
from archive.site.presenters.relations import NAMES, choices
from archive.site.views.matrix import By, matrix
from archive.store.ingest.subjects import relink_subjects
from archive.text.document import parse_source
from archive.text.parsed import DocumentType, Relation
from archive.text.reader import Source as Read
from archive.text.reference import load_reference
from archive.text.sidecar import Sidecar
from tests.tables import each_row
from tests.tools.accuracy import measure_relations
from tests.tools.factories import block, parsed, source, store
from tests.tools.pages import page

pytestmark = pytest.mark.django_db
R1540 = "S/RES/1540(2004)"
LEAST_SHARE = 0.95


def read(symbol: str, *paragraphs: str, **facts: object):
    """A report with numbered paragraphs, parsed as a source would be."""
    numbered = "\n\n".join(f"{place}. {text}" for place, text in enumerate(paragraphs, start=1))
    sidecar = Sidecar({"symbol": symbol, "document_type": DocumentType.REPORT, "title": "报告", **facts})
    return parse_source(
        Read(f"报告\n\n{numbered}\n", name=f"{symbol.replace('/', '_')}.txt"), sidecar, load_reference()
    )


def keep(symbol: str, *paragraphs: str, **facts: object) -> Document:
    from archive.store.ingest.store import store_document

    parsed = read(symbol, *paragraphs, **facts)
    outcome = store_document(parsed, source(f"{symbol.replace('/', '_')}.txt", "\n".join(paragraphs)))
    return Document.objects.get(pk=outcome.document)


@pytest.fixture
def report(db):
    return keep(
        "S/2016/77",
        "回顾第1540(2004)号决议和第1673(2006)号决议。",
        "委员会敦促各国执行第1540(2004)号决议。见上文第1段。",
        "通过第1977(2011)号决议，将委员会的任务期限延长10年。",
        "《化学武器公约》第七条与第1540(2004)号决议有关。见下文第9段。",
    )


# --- the store ---


def test_relations_are_stored_with_the_word_that_says_them(report):
    rows = Mention.objects.filter(paragraph__document=report).order_by("paragraph__position", "start")
    texts = {row.pk: row.text for row in report.paragraphs.all()}
    assert [
        (row.symbol, row.relation, texts[row.paragraph_id][row.relation_start or 0 : row.relation_end or 0])
        for row in rows
    ] == [
        (R1540, "recalls", "回顾"),
        ("S/RES/1673(2006)", "recalls", "回顾"),
        (R1540, "implements", "执行"),
        ("S/RES/1977(2011)", "extended_by", "延长"),
        (R1540, "", ""),
    ]


def test_treaties_themes_and_own_paragraphs_are_stored(report):
    assert list(TreatyMention.objects.values_list("treaty__slug", "article", "surface")) == [
        ("cwc", "7", "《化学武器公约》")
    ]
    assert list(OwnReference.objects.values_list("anchor", "target_paragraph__anchor", "doubt")) == [
        ("1", "1", ""),
        ("9", None, "absent"),
    ]
    assert ThemeMention.objects.filter(theme__slug="chemical").count() == 1


def test_a_second_import_changes_nothing_and_another_text_replaces_all(report):
    before = [list(model.objects.values()) for model in (TreatyMention, OwnReference, ThemeMention)]
    keep("S/2016/77", *[p.text for p in report.paragraphs.filter(kind="paragraph").order_by("position")])
    assert [list(model.objects.values()) for model in (TreatyMention, OwnReference, ThemeMention)] == before
    keep("S/2016/77", "没有什么。")
    assert [model.objects.count() for model in (TreatyMention, OwnReference, ThemeMention)] == [0, 0, 0]


def test_what_was_lost_is_found_again_and_nothing_else_is_written(report):
    assert relink_subjects() == 0
    TreatyMention.objects.all().delete()
    assert relink_subjects() == 1
    assert TreatyMention.objects.get().treaty.slug == "cwc"
    assert relink_subjects() == 0


def test_the_tables_hold_what_the_core_reads():
    reference = load_reference()
    assert {row.slug: set(row.aliases) for row in Treaty.objects.all()} == {
        treaty.slug: set(treaty.aliases) for treaty in reference.treaties
    }
    assert [row.slug for row in Theme.objects.all()] == [theme.slug for theme in reference.themes]


# --- the pages ---


def test_every_relation_has_words_on_the_page():
    assert set(NAMES) == set(Relation)
    assert len(set(choices().values())) == len(choices())


@pytest.mark.parametrize("symbol", [R1540, "S/RES/1977(2011)", "A/RES/73/55"])
def test_every_count_by_relation_is_the_length_of_its_list(client, bundled_documents, symbol):
    whole = client.get(f"/{symbol}/cited-by.json").json()
    stored = Mention.objects.citing().filter(symbol=symbol)
    assert {code for code, *_ in whole["by_relation"]} == {
        row or "none" for row in stored.values_list("relation", flat=True).distinct()
    }
    for code, paragraphs, documents in whole["by_relation"]:
        listed = client.get(f"/{symbol}/cited-by.json?relation={code}").json()
        assert (listed["total"]["paragraphs"], listed["total"]["documents"]) == (paragraphs, documents)
        wanted = stored.filter(relation="" if code == "none" else code)
        assert wanted.values("paragraph").distinct().count() == paragraphs


def test_every_count_of_the_record_is_the_length_of_its_list(client, bundled_documents):
    record = client.get(f"/{R1540}.json").json()
    assert record["by_state"]
    assert record["cited_together_with"]
    for name, parameter in (("by_state", "state"), ("by_body", "body"), ("cited_together_with", "with")):
        for code, paragraphs in record[name]:
            listed = client.get(f"/{R1540}/cited-by.json", {parameter: code}).json()
            assert listed["total"]["paragraphs"] == paragraphs, (parameter, code)


def test_what_extended_the_mandate_can_be_asked(client, report):
    listed = client.get("/resolutions.json?relation=extended_by").json()["resolutions"]
    assert [(row["symbol"], row["paragraphs"]) for row in listed] == [("S/RES/1977(2011)", 1)]
    hit = page(client, "/S/RES/1977(2011)/cited-by?relation=extended_by").all("li", "hit")[0]
    assert "由其延长或扩大（“延长”）" in hit.text
    assert [mark.text for mark in hit.all("mark")] == ["第1977(2011)号决议", "延长"]


def test_years_of_a_narrowed_list_keep_what_narrows_it(client, report):
    links = page(client, f"/{R1540}/cited-by?relation=implements").links
    years = [link for link in links if "year=2016" in link]
    assert years
    assert all("relation=implements" in link for link in years)


def test_what_is_uncertain_is_listed_apart_with_the_reason(client):
    keep("S/2016/78", "执行安理会第1441号决议。")
    assert not Mention.objects.get().certain
    assert client.get("/S/RES/1441(2002).json").json()["cited_by"] == {
        "paragraphs": 0,
        "documents": 0,
        "url": "/S/RES/1441(2002)/cited-by.json",
        "not_counted": {"body_names": 0, "headings": 0, "uncertain": 1},
    }
    (hit,) = page(client, "/S/RES/1441(2002)/cited-by?only=uncertain").all("li", "hit")
    assert "存疑：“第1441号决议”没有写明年份或机关" in hit.text


def test_every_doubtful_link_leads_somewhere(client):
    keep("S/2016/78", "执行安理会第1441号决议。")
    (link,) = page(client, "/S/2016/78").all("a", "doubtful")
    assert client.get(link.attributes["href"]).status_code == 200


@each_row()
def test_filters_that_make_no_sense_are_explained(client, report, query, remark):
    assert client.get(f"/{R1540}/cited-by?{query}").status_code == 400


def test_treaties_and_own_paragraphs_are_links_in_the_text(client, report):
    tree = page(client, "/S/2016/77")
    second, fourth = tree.with_id("p-2"), tree.with_id("p-4")
    assert "#p-1" in second.links
    assert "/treaties/cwc" in fourth.links
    (doubtful,) = fourth.all("span", "doubtful")
    assert (doubtful.text, doubtful.attributes["title"]) == ("下文第9段", "存疑：本文件中没有这一处")


@each_row("LISTED")
def test_treaties_and_own_paragraphs_are_listed_with_what_is_doubtful(client, report, anchor, words, link):
    tree = page(client, f"/S/2016/77/p/{anchor}")
    section = next(one for one in tree.all("section") if "本段提及" in one.text)
    assert words in [" ".join(row.text.split()) for row in section.all("li")]
    assert not link or link in section.links


def test_a_treaty_s_page_counts_what_it_lists(client, bundled_documents):
    for row in client.get("/treaties.json").json()["treaties"]:
        answer = client.get(f"{row['url']}.json").json()
        stored = Paragraph.objects.naming_treaty(Treaty.objects.get(slug=row["slug"]))
        assert row["paragraphs"] == answer["mentioned"]["total"]["paragraphs"] == stored.count() > 0
        assert row["documents"] == answer["mentioned"]["total"]["documents"]
        for article, paragraphs in answer["by_article"]:
            listed = client.get(f"{row['url']}.json", {"article": article}).json()
            assert listed["mentioned"]["total"]["paragraphs"] == paragraphs
    assert client.get("/treaties/nothing").status_code == 404


def test_a_paragraph_of_its_own_that_is_not_there_is_in_doubt_too(client, report):
    (row,) = client.get("/uncertain.json").json()["paragraphs"]
    assert (row["anchor"], row["remarks"]) == ("4", ["存疑：本文件中没有这一处（“下文第9段”）"])
    assert [row["text"][slice(*place)] for place in row["highlights"]] == ["下文第9段"]


def test_what_is_wanted_is_what_is_cited_and_not_held(client, bundled_documents):
    rows = client.get("/wanted.json").json()["wanted"]
    cited = Mention.objects.citing().filter(target=None)
    assert {row["symbol"] for row in rows} == set(cited.values_list("symbol", flat=True))
    assert [row["paragraphs"] for row in rows] == sorted((row["paragraphs"] for row in rows), reverse=True)
    for row in rows:
        listed = client.get(f"/{row['symbol']}/cited-by.json").json()["total"]
        assert (listed["paragraphs"], listed["documents"]) == (row["paragraphs"], row["documents"])
    table = b"".join(client.get("/wanted.csv").streaming_content).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(table))
    assert [line[0] for line in lines] == [row["symbol"] for row in rows]
    assert all(line[6].startswith("https://") or not line[6] for line in lines)


def test_pages_ask_the_same_few_questions_whatever_they_list(client):
    addresses = (
        f"/{R1540}",
        f"/{R1540}/cited-by?relation=implements",
        f"/{R1540}/cited-by?with=S/RES/1673(2006)",
        "/treaties",
        "/treaties/cwc",
        "/wanted",
        "/uncertain",
        "/resolutions?relation=recalls",
    )
    text = "执行第1540(2004)号决议和第1673(2006)号决议以及《化学武器公约》。"
    keep("S/2016/80", text, "见下文第99段。", "回顾S/2010/52号文件和第1540(2004)号决议。")
    few = [_queries(client, address) for address in addresses]
    for number in range(81, 86):
        keep(
            f"S/2016/{number}",
            *[text] * 12,
            "见下文第99段。",
            f"回顾S/2010/{number}号文件和第1540(2004)号决议。",
        )
    assert [_queries(client, address) for address in addresses] == few


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


# --- accuracy ---


@pytest.mark.parametrize("half", ["tune", "judge"])
def test_relations_are_read_as_a_reader_reads_them(half):
    measure = measure_relations(half)
    assert measure.right >= 70
    assert min(measure.shares.values()) >= LEAST_SHARE, measure


# ---
# Lists of citing paragraphs: figures beside filters, files, what is in doubt, and lists that are empty.


def test_who_cites_a_resolution_is_told_alike_by_its_page_its_list_and_the_matrix(client, bundled_documents):
    record = client.get(f"/{R1540}.json").json()
    listed = client.get(f"/{R1540}/cited-by.json").json()
    cells = {
        row.state: cell.paragraphs
        for row in matrix(By.RESOLUTIONS).rows
        for cell in row.cells
        if cell.column == R1540 and cell.paragraphs
    }
    assert dict(record["by_state"]) == dict(listed["by_state"]) == cells
    assert cells["UKR"] == 1, "a note verbale is the words of its sender, what it transmits is not"
    bodies = dict(record["by_body"])
    assert bodies == dict(listed["by_body"])
    assert bodies["1540-committee"], "a letter of the committee is its words"
    links = page(client, f"/{R1540}/cited-by").links
    assert {"?state=UKR", "?body=1540-committee"} <= set(links)


@each_row("FACETS")
def test_every_figure_beside_a_filter_is_what_choosing_it_lists(client, bundled_documents, address, filters):
    tree = page(client, address + "?" + urlencode(filters))
    choices = [one for one in tree.all("a") if one.all("span", "figure") and "chosen" not in one.classes]
    assert choices or filters == {"state": "USA"} or "p/3" in address
    for choice in choices:
        path, _mark, query = urljoin(address, choice.attributes["href"]).partition("?")
        answer = client.get(f"{path}.json?{query}").json()
        listed = answer.get("listed") or answer.get("mentioned") or answer
        assert listed["page"]["total"] == int(choice.all("span", "figure")[0].text), choice.text
    for row in tree.all("table", "years")[0].all("tr"):
        for link in row.links:
            path, _mark, query = urljoin(address, link).partition("?")
            answer = client.get(f"{path}.json?{query}").json()
            listed = answer.get("listed") or answer.get("mentioned") or answer
            assert listed["page"]["total"] == int(row.all("td")[0].text), link


def test_what_is_in_doubt_is_listed_with_the_reason_and_never_cites(client, bundled_documents):
    answer = client.get("/uncertain.json").json()
    doubtful = Mention.objects.filter(certain=False)
    listed = {(row["symbol"], row["anchor"]) for row in answer["paragraphs"]}
    assert listed == set(doubtful.values_list("paragraph__document__symbol", "paragraph__anchor"))
    assert answer["references"] == doubtful.count()
    assert all(
        "存疑：" in remark and "可能指" in remark for row in answer["paragraphs"] for remark in row["remarks"]
    )
    for row in client.get("/coverage.json").json()["documents"]:
        found = client.get("/uncertain.json", {"document": row["symbol"]}).json()
        assert found["references"] == row["uncertain_mentions"]
    assert client.get("/about.json").json()["coverage"]["uncertain"] == answer["references"]


@pytest.mark.parametrize("address", [f"/{R1540}/cited-by", "/uncertain", "/states/UKR?kind=transmitted"])
def test_a_file_says_of_each_paragraph_what_the_page_says(client, bundled_documents, address):
    path, _mark, query = address.partition("?")
    answer = client.get(f"{path}.json?{query}").json()
    shown = [row.get("remarks", []) for row in (answer.get("listed") or answer)["paragraphs"]]
    table = b"".join(client.get(f"{path}.csv?{query}").streaming_content).decode("utf-8-sig")
    said = [line[-1] for line in list(csv.reader(io.StringIO(table)))[1:]]
    assert any(said)
    assert said[: len(shown)] == ["；".join(remarks) for remarks in shown]


@each_row("EMPTY")
def test_an_empty_list_says_why_and_leads_on(client, bundled_documents, address, words, link, remark):
    tree = page(client, address)
    assert words in tree.text, remark
    assert link in tree.links, remark


def test_a_state_that_only_transmits_is_not_called_unheld(client, db):
    words = block("annex.1", "执行第1540(2004)号决议。", transmitted=True)
    mentions = [("annex.1", "第1540(2004)号决议", R1540)]
    store(parsed("S/2031/9", words, mentions=mentions, sender="法国", document_type="letter"))
    assert Document.objects.get().state.alpha3 == "FRA"
    answer = page(client, f"/{R1540}/cited-by?state=FRA").text
    assert "所藏文件中没有这样的引用" in answer and "无从知道" not in answer


def test_nothing_held_is_not_called_older(client, bundled_documents):
    assert "都早于它" not in page(client, "/S/RES/2055(2012)").text


# --- The list of what a paragraph mentions: each target once, runs of paragraphs as ranges ---

TEXT = "第1540(2004)号决议第3段、该决议第3段、决议1540第3段；S/2031/2号文件；S/2031/9号文件。"


@pytest.fixture
def letter(db):
    store(parsed("S/2031/2", *((f"annex.{n}", f"第{n}段的文字。") for n in range(1, 9))))


@each_row("LISTED_TARGETS")
def test_each_target_is_listed_once_with_the_way_to_it(client, letter, mentions, listed, links):
    store(parsed("S/2031/1", ("1", TEXT), mentions=[("1", *mention) for mention in mentions]))
    tree = page(client, "/S/2031/1/p/1")
    section = next(one for one in tree.all("section") if "本段提及" in one.text)
    rows = [" ".join(row.text.split()) for row in section.all("li")]
    assert len(rows) == len(set(rows))
    for words in listed:
        assert any(words in row for row in rows), rows
    assert sorted(link for link in section.links if "/p/" in link) == sorted(links)


def test_a_range_that_is_listed_can_be_read(client, letter):
    store(parsed("S/2031/1", ("1", TEXT), mentions=[("1", "S/2031/2", "S/2031/2", "1-3")]))
    assert "第3段的文字。" in page(client, "/S/2031/2/p/annex.1-3").text


def test_a_paragraph_with_many_mentions_asks_no_more(client, letter, django_assert_max_num_queries):
    store(parsed("S/2031/1", ("1", TEXT), mentions=[("1", "S/2031/2", "S/2031/2", "1")]))
    store(parsed("S/2031/3", ("1", TEXT), mentions=[("1", "S/2031/2", "S/2031/2", "1-8")]))
    client.get("/S/2031/1/p/1")
    with django_assert_max_num_queries(60) as few:
        client.get("/S/2031/1/p/1?")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/S/2031/3/p/1?")
