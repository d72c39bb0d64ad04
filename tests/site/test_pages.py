"""What the pages show, that their lists page, and that a page asks the database the same few questions
whatever it lists."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Body, Document, Paragraph
from archive.site.presenters import relations, wording
from archive.store.addresses import locations
from archive.store.reading.queries import year_ranges
from archive.text.folding import pinyin_order
from archive.text.parsed import DocumentType, Kind, NoteMark, Speaker, Submitter
from search.engine.live.update import update_index
from tests.tables import each_row, rows_from
from tests.tools.factories import COMMITTEE, block, parsed, store, stored
from tests.tools.pages import page
from tests.tools.searching import at

pytestmark = pytest.mark.django_db


def citing_letter(number: int, year: int = 2016, paragraphs: int = 3):
    """A letter that in each paragraph cites resolution 1540, another letter and the Committee."""
    text = "{}委员会主席忆及第1540(2004)号决议第3段和S/2010/52号文件。" + COMMITTEE + "注意到这一点。"
    anchors = [str(place) for place in range(1, paragraphs + 1)]
    return parsed(
        f"S/{year}/{number}",
        *[
            block(anchor, text.format(anchor), speaker=Speaker("Okafor", "女士", "尼日利亚", "member"))
            for anchor in anchors
        ],
        mentions=[
            mention
            for anchor in anchors
            for mention in (
                (anchor, "第1540(2004)号决议", "S/RES/1540(2004)", "3"),
                (anchor, "S/2010/52", "S/2010/52", "annex.14"),
            )
        ],
        bodies=[(anchor, COMMITTEE, COMMITTEE) for anchor in anchors],
        title=f"{year}年的第{number}封信",
        document_type=DocumentType.LETTER,
        communication_date=f"{year}-03-04",
        sender="尼日利亚常驻联合国代表",
        organ="安全理事会",
    )


# --- a constant number of queries ---

LISTING_PAGES = rows_from(__name__, "LISTING_PAGES")


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


def test_pages_issue_a_constant_number_of_queries_whatever_they_list(client):
    for number in (1, 2):
        store(citing_letter(number))
    few = {address: queries(client, address) for address in LISTING_PAGES}
    for number in range(3, 8):
        store(citing_letter(number, 2016 + number % 3, paragraphs=12))
    store(citing_letter(1, paragraphs=24))
    many = {address: queries(client, address) for address in LISTING_PAGES}
    assert many == few


@pytest.mark.parametrize("suffix", [".json"])
def test_twins_issue_a_constant_number_of_queries(client, suffix):
    addresses = [
        "/documents",
        "/bodies",
        "/S/2016/1",
        "/S/RES/1540(2004)/cited-by",
        "/states/NGA",
        "/S/2016/1/p/2",
    ]
    store(citing_letter(1))
    few = [queries(client, address + suffix) for address in addresses]
    for number in range(2, 8):
        store(citing_letter(number, paragraphs=10))
    store(citing_letter(1, paragraphs=20))
    assert [queries(client, address + suffix) for address in addresses] == few


# --- counts ---


def test_the_count_at_the_margin_is_the_length_of_the_list_and_the_number_of_rows(client, monkeypatch):
    monkeypatch.setattr("archive.site.presenters.occurrences.PER_PAGE", 5)
    cited = stored(parsed("S/2015/1", ("1", "第一段。"), ("2", "第二段。")))
    for number in range(2, 14):
        store(
            parsed(
                f"S/2016/{number}", ("1", "见S/2015/1第2段。"), mentions=[("1", "S/2015/1", "S/2015/1", "2")]
            )
        )
    tree = page(client, "/S/2015/1")
    margin = tree.with_id("p-2").all(css="cited-by")[0]
    assert margin.text == "被引12段·12份"
    assert not tree.with_id("p-1").all(css="cited-by")
    address = margin.attributes["href"]
    listed = []
    while address:
        list_page = page(client, address)
        listed += [hit.links[0] for hit in list_page.all("li", "hit")]
        following = [a for a in list_page.all("a") if a.attributes.get("rel") == "next"]
        address = "/S/2015/1/p/2/cited-by" + following[0].attributes["href"] if following else ""
    assert len(set(listed)) == len(listed) == 12
    assert Paragraph.objects.citing("S/2015/1", "2").count() == 12
    assert client.get("/S/2015/1/p/2.json").json()["cited_by"]["paragraphs"] == 12
    assert cited.symbol == "S/2015/1"


def test_counts_on_the_first_page_lead_to_lists_of_that_length(client, bundled_documents):
    for link in page(client, "/").all("td", "count"):
        if link.links:
            assert client.get(link.links[0].replace("cited-by", "cited-by.json")).json()["total"][
                "paragraphs"
            ] == int(link.text)


# --- paging and filters ---


def test_long_lists_page_and_every_page_leads_on_and_back(client, monkeypatch):
    monkeypatch.setattr("archive.site.views.documents.PER_PAGE", 5)
    for number in range(1, 8):
        store(citing_letter(number, paragraphs=1))
    first = page(client, "/documents")
    assert len(first.all("ol", "documents")[0].all("li")) == 5
    assert "?page=2" in first.links
    second = page(client, "/documents?page=2")
    assert "/documents" in second.links
    relations = {element.attributes.get("rel"): element.attributes["href"] for element in second.all("link")}
    assert relations["prev"] == "/documents"
    assert "第2页，共2页" in second.text


@each_row("SAID")
def test_a_page_says_what_is_so_and_leads_on(
    client, bundled_documents, address, status, words, links, remark
):
    tree = page(client, address, status)
    assert [said for said in words if said not in tree.text] == []
    assert set(links) <= set(tree.with_id("main").links)


@each_row()
def test_documents_are_filtered(client, bundled_documents, query, symbols):
    twin = client.get(f"/documents.json?{query}").json()
    assert twin["page"]["total"] == len(twin["documents"]) == symbols


# --- the document page ---


def test_official_numbers_are_the_permalinks(client, bundled_documents):
    number = page(client, "/S/2010/52").with_id("p-annex.14").all("a", "number")[0]
    assert (number.text, number.attributes["href"]) == ("14", "/S/2010/52/p/annex.14")
    assert "附件第14段" in number.attributes["aria-label"]


def test_the_contents_give_the_range_of_numbers_below_each_heading(client, bundled_documents):
    entries = page(client, "/S/2010/52").all("details", "contents")[0].all("a")
    ranges = {entry.all("span")[0].text: entry.all(css="figure")[0].text for entry in entries}
    assert ranges["1540委员会收集执行情况资料的能力"] == "11–14"
    assert ranges["附件"] == "1–33"


def test_the_contents_of_a_record_name_the_speakers(client, bundled_documents):
    contents = page(client, "/S/AC.44/SR.74").all("details", "contents")[0]
    entry = next(link for link in contents.all("a") if "Kim Heun Jin" in link.text)
    assert entry.attributes["href"] == "#p-13"
    assert "大韩民国" in entry.text
    assert "13–14" in entry.text


def test_a_body_is_linked_once_in_a_paragraph_and_its_short_form_never(client, bundled_documents):
    seventh = page(client, "/S/2010/52").with_id("p-annex.7")
    assert [link.text for link in seventh.all("a", "body")].count("1540委员会") == 1


def test_an_uncertain_number_is_linked_and_says_so_but_does_not_count(client):
    store(
        parsed(
            "S/2031/1",
            ("1", "见第4321号决议和该决议。"),
            mentions=[
                ("1", "第4321号决议", "S/RES/4321(2031)", None, False),
                ("1", "该决议", "S/RES/4321(2031)", None, False),
            ],
        )
    )
    linked = page(client, "/S/2031/1").with_id("p-1").all("a", "doubtful")
    assert [link.text for link in linked] == ["第4321号决议"]
    assert "存疑" in linked[0].attributes["title"]
    page(client, "/S/RES/4321(2031)")  # the link leads somewhere, but nothing counts as citing it
    told = client.get("/S/RES/4321(2031).json").json()
    assert told["cited_by"]["paragraphs"] == 0


def test_footnotes_lead_both_ways(client):
    store(
        parsed(
            "S/2031/2",
            block("1", "有脚注的段落，下文。", notes=(NoteMark(7, "fn1"),)),
            block("fn1", "脚注的文字。", kind=Kind.FOOTNOTE, number="1"),
        )
    )
    tree = page(client, "/S/2031/2")
    mark = tree.with_id("p-1").all("a", "footnote-mark")[0]
    assert (mark.attributes["href"], mark.attributes["data-number"], mark.text) == ("#p-fn1", "1", "")
    back = tree.with_id("p-fn1").all("a", "note-return")[0]
    assert tree.with_id(back.attributes["href"][1:]) is mark


def test_the_bundled_footnote_leads_both_ways(client, bundled_documents):
    tree = page(client, "/S/2016/1013")
    marks = tree.all("a", "footnote-mark")
    assert marks
    for mark in marks:
        assert tree.with_id(mark.attributes["href"][1:]) is not None


def test_a_reply_names_its_State_original_language_and_date_in_the_margin(client):
    reply = Submitter("古巴", "西班牙文", "2019-04-26")
    store(
        parsed(
            "A/90/1",
            block("s1", "答复", kind=Kind.HEADING, number="一", level=1),
            block("s1.h1", "古巴", kind=Kind.HEADING, role="submitter", level=2, parent="s1"),
            block("s1.h1.u1", "古巴的文字。", parent="s1.h1", submitter=reply),
        )
    )
    margin = page(client, "/A/90/1").all(css="speaker")[0]
    assert margin.text == "古巴原件：西班牙文2019年4月26日"
    assert margin.links == ["/states/CUB"]
    assert "古巴的答复，未编号第1段" in page(client, "/A/90/1/p/s1.h1.u1").all("h1")[0].text


@each_row()
def test_a_date_is_shown_with_what_it_is_the_date_of(client, facts, words):
    store(parsed("S/2031/3", ("1", "文字。"), title="题", **facts))
    assert words in page(client, "/documents").text


def test_a_document_without_a_printed_date_says_so(client):
    store(parsed("S/2031/3", ("1", "文字。"), title="题"))
    assert "原件未印日期" in page(client, "/S/2031/3").all("dl", "facts")[0].text


def test_dropped_lines_are_counted_and_shown_with_their_reasons(client, bundled_documents):
    held = bundled_documents["A/74/140"]
    table = page(client, "/A/74/140/dropped").all("table", "dropped")[0]
    assert len(table.all("tr")) - 1 == min(held.dropped_lines.count(), 200)


def test_doubts_are_shown(client):
    held = stored(parsed("S/2031/4", ("1", "文字。")))
    Document.objects.filter(pk=held.pk).update(doubts=[{"message": "读不懂第7行", "line": 7, "anchor": "1"}])
    assert "读不懂第7行" in page(client, "/S/2031/4").text


# --- the paragraph page ---


def test_a_paragraph_stands_between_its_neighbours(client, bundled_documents):
    tree = page(client, "/S/AC.44/SR.74/p/14")
    numbers = [link.text for link in tree.all(css="neighbours")[0].all("a", "number")]
    assert numbers == ["13", "14", "15"]
    assert tree.all(css="focus")[0].attributes["id"] == "p-14"
    assert "/S/AC.44/SR.74#p-14" in tree.links


@each_row()
def test_how_to_cite_a_paragraph(client, bundled_documents, address, footnote, entry):
    tree = page(client, address)
    note, gbt = [tree.with_id(f"c-form-{key}").text for key in ("un", "gbt7714-2025")]
    held = Paragraph.objects.get(
        document__symbol=address[1:].partition("/p/")[0], anchor=address.partition("/p/")[2]
    )
    assert note == footnote
    assert gbt == f"{entry}http://testserver{address}/{held.fingerprint}"


@each_row()
def test_paragraphs_are_named_as_they_are_cited(client, blocks, anchor, name):
    rows = []
    for label, text in blocks:
        *above, own = label.split(".")
        kind = Kind.SUBPARAGRAPH if above else Kind.PREAMBULAR if own.startswith("pp") else Kind.OPERATIVE
        number = None if own.startswith("pp") else own
        rows.append(block(label, text, kind=kind, number=number, parent=".".join(above) or None))
    store(parsed("S/RES/2999(2031)", *rows, document_type=DocumentType.RESOLUTION))
    assert name in page(client, f"/S/RES/2999(2031)/p/{anchor}").all("h1")[0].text


# --- what is not held ---


def test_a_cited_but_unheld_resolution_has_a_page_with_what_is_known(client, bundled_documents):
    tree = page(client, "/S/RES/1540(2004)")
    assert "本库未藏这份文件的文本" in tree.text
    assert "2004年4月28日，第4956次会议" in tree.text
    assert "https://undocs.org/zh/S/RES/1540(2004)" in tree.links
    years = {
        row.all("th")[0].text: row.all("td")[-1].text for row in tree.all("table", "years")[0].all("tr")[1:]
    }
    assert years["2017"] == "未藏文件"
    assert "2016" in years


def test_the_page_of_an_unheld_document_gives_way_when_the_document_arrives(client):
    store(parsed("S/2031/1", ("1", "见S/2031/5。"), mentions=[("1", "S/2031/5", "S/2031/5")]))
    assert "本库未藏" in page(client, "/S/2031/5").text
    store(parsed("S/2031/5", ("1", "到了。"), title="到来的文件"))
    tree = page(client, "/S/2031/5")
    assert tree.all("h1")[0].text == "到来的文件"
    assert "/S/2031/5/cited-by" in tree.links


def test_the_paragraph_of_an_unheld_resolution_lists_who_cites_it(client, bundled_documents):
    tree = page(client, "/S/RES/1540(2004)/p/3")
    assert len(tree.all("li", "hit")) == 2


# --- bodies, States, years, errors ---


def test_a_body_shows_its_names_in_use_with_counts(client, bundled_documents):
    tree = page(client, "/bodies/1540-committee")
    assert tree.all("h1")[0].text == COMMITTEE
    assert "1540委员会" in tree.with_id("names").parent.text


def test_an_empty_archive_has_all_its_pages(client):
    for address in ("/", "/documents", "/resolutions", "/bodies", "/states", "/years", "/about", "/help"):
        page(client, address)


def test_a_provisional_body_says_where_its_name_comes_from(client):
    Body.objects.create(name="某某联络小组", slug="某某联络小组", provisional=True)
    assert "自行定义" in page(client, "/bodies/某某联络小组").text


# --- conditional requests ---


@each_row("CONDITIONAL")
def test_an_unchanged_page_is_304(client, address):
    store(citing_letter(1))
    first = client.get(address)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert "Last-Modified" not in first
    assert (
        client.get(address, headers={"if-modified-since": "Thu, 31 Dec 2099 00:00:00 GMT"}).status_code == 200
    ), "no clock is heeded"


@each_row("CONDITIONAL")
def test_another_document_that_cites_it_makes_a_page_new(client, address):
    store(citing_letter(1))
    first = client.get(address)
    store(citing_letter(2))
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_new_release_makes_every_page_new(client, monkeypatch):
    first = client.get("/help")
    monkeypatch.setattr("archive.site.cache.freshness.release_mark", lambda: "next")
    assert client.get("/help", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_an_unchanged_page_costs_one_query(client):
    store(citing_letter(1))
    tag = client.get("/S/2016/1")["ETag"]
    with CaptureQueriesContext(connection) as captured:
        client.get("/S/2016/1", headers={"if-none-match": tag})
    assert len(captured) == 1


@pytest.mark.parametrize("address", ["/", "/S/2016/1", "/S/2016/1.json", "/S/2016/1/source", "/nothing"])
def test_head_answers_with_the_headers_of_get_and_no_body(rf, client, address):
    """As a server is answered: the client of the tests would take a body away itself."""
    from django.core.handlers.base import BaseHandler

    store(citing_letter(1))
    site = BaseHandler()
    site.load_middleware()
    got, response = client.get(address), site.get_response(rf.head(address))
    assert response.getvalue() == b""
    assert response.status_code == got.status_code
    assert response["Content-Length"] == got["Content-Length"]


# --- service ---


def test_health_is_503_without_an_index_and_says_what_is_broken(client, monkeypatch):
    def broken(self):
        raise OSError("no index")

    store(citing_letter(1))
    monkeypatch.setattr("archive.site.views.service.SearchQuerySet.count", broken)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["index"]) == (503, "broken")


def test_health_is_ok_when_database_and_index_answer_and_tells_the_lag(client, tmp_path):
    with at(tmp_path / "index"):
        store(citing_letter(1))
        update_index()
        response = client.get("/healthz")
        sound = response.json()
        assert (response.status_code, sound["status"], sound["index"]) == (200, "ok", "ok")
        assert sound["meanings"] == "off"
        store(citing_letter(2))
        response = client.get("/healthz")
        behind = response.json()
        assert (response.status_code, behind["status"], behind["index"]) == (200, "behind", "behind")
        assert behind["lag"] == {"documents": 1, "paragraphs": behind["paragraphs"] - sound["paragraphs"]}
        assert behind["index_revision"] == sound["index_revision"]


def test_health_is_503_when_paragraphs_are_held_and_the_index_is_empty(client, tmp_path):
    with at(tmp_path / "index"):
        update_index()
        store(citing_letter(1))
        response = client.get("/healthz")
    assert (response.status_code, response.json()["index"]) == (503, "empty")


def test_health_is_503_on_a_host_whose_static_files_were_never_collected(client, tmp_path, settings):
    """Found by following the instructions for a second host: every page of it answered 500."""
    with at(tmp_path / "index"):
        store(citing_letter(1))
        update_index()
        assert client.get("/healthz").json()["static"] == "ok"
        settings.DEBUG, settings.STATIC_ROOT = False, str(tmp_path / "static")
        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        }
        response = client.get("/healthz")
    assert (response.status_code, response.json()["static"]) == (503, "missing")
    assert response.json()["status"] == "broken"


def test_robots_are_told_what_not_to_ask(client):
    assert "Disallow: /search" in client.get("/robots.txt").content.decode()


# --- words ---


CALLED = {
    "number": wording.chinese_number,
    "part": wording.part_name,
    "paragraph": wording.cited_paragraph_name,
    "articles": wording.cited_articles,
    "note": locations.note_number,
    "symbol": wording.spoken_symbol,
    "language": wording.language_name,
    "meeting": wording.meeting_name,
    "shortened": wording.shortened,
}


@each_row()
def test_things_are_called_as_the_un_calls_them(kind, given, words):
    assert CALLED[kind](*given) == words


@pytest.mark.parametrize(
    ("held", "rows", "remark"),
    [
        (
            [2010, 2012],
            [(2009, 2009, False), (2010, 2010, True), (2011, 2011, False), (2012, 2012, True)],
            "gaps",
        ),
        ([], [(2009, 2012, False)], "one gap is one row"),
        ([2009, 2010, 2011, 2012], [(year, year, True) for year in range(2009, 2013)], "no gap"),
    ],
)
def test_years_without_documents_are_joined(held, rows, remark):
    assert year_ranges(held, 2009, 2012) == rows, remark


def test_names_are_sorted_by_pinyin():
    assert sorted(["中国", "阿根廷", "法国", "巴西"], key=pinyin_order) == ["阿根廷", "巴西", "法国", "中国"]


# --- what counts as citing ---


def test_every_count_of_citations_is_the_length_of_its_list(client, bundled_documents):
    """Home, the list of resolutions, a resolution's page, its list and all pages of it say the same."""
    family = client.get("/index.json").json()["family"]
    listed = {
        row["symbol"]: row["paragraphs"] for row in client.get("/resolutions.json").json()["resolutions"]
    }
    for resolution in family:
        symbol, count = resolution["symbol"], resolution["paragraphs"]
        of_page = client.get(f"/{symbol}.json").json()["cited_by"]
        of_list = client.get(f"/{symbol}/cited-by.json").json()
        pages = [
            client.get(f"/{symbol}/cited-by.json?page={number}").json()["paragraphs"]
            for number in range(1, of_list["page"]["pages"] + 1)
        ]
        assert {
            listed.get(symbol, 0),
            of_page["paragraphs"],
            of_list["total"]["paragraphs"],
            sum(map(len, pages)),
        } == {count}
        naming = {
            name: client.get(f"/{symbol}/cited-by.json?only={only}").json()["total"]["paragraphs"]
            for name, only in (
                ("body_names", "body-names"),
                ("headings", "headings"),
                ("uncertain", "uncertain"),
            )
        }
        assert of_page["not_counted"] == of_list["not_counted"] == naming


def test_a_number_in_a_body_s_name_or_a_heading_is_listed_apart(client, db):
    committee = "安全理事会第1540(2004)号决议所设委员会"
    stored(
        parsed(
            "S/2032/1",
            block("h1", "第1540(2004)号决议的执行", kind=Kind.HEADING, number=None, level=1),
            ("1", f"{committee}举行了会议。"),
            ("2", f"{committee}讨论了第1540(2004)号决议。"),
            mentions=[
                ("h1", "第1540(2004)号决议", "S/RES/1540(2004)"),
                ("1", "第1540(2004)号决议", "S/RES/1540(2004)"),
                ("2", "讨论了第1540(2004)号决议", "S/RES/1540(2004)"),
            ],
            bodies=[("1", committee, committee), ("2", committee, committee)],
        )
    )
    lists = {
        only: [
            hit["anchor"] for hit in client.get(f"/S/RES/1540(2004)/cited-by.json{only}").json()["paragraphs"]
        ]
        for only in ("", "?only=body-names", "?only=headings")
    }
    assert lists == {"": ["2"], "?only=body-names": ["1"], "?only=headings": ["h1"]}
    assert "/S/RES/1540(2004)/cited-by?only=body-names" in page(client, "/S/RES/1540(2004)").links
    assert client.get("/S/RES/1540(2004)/cited-by?only=all").status_code == 400


# --- the parser's remarks ---


def test_pages_give_the_parser_s_remarks_in_chinese(client, bundled_documents):
    for document in bundled_documents.values():
        for line in document.dropped_lines.values_list("reason", flat=True).distinct():
            assert not relations.dropped_reason(line).isascii(), line
        for doubt in document.doubts:
            assert not relations.doubt_in_words(doubt["message"]).startswith("解析程序的说明"), doubt
    tree = page(client, "/S/2010/52/dropped")
    assert "页眉" in tree.text
    assert "running" not in tree.text


def test_a_note_verbale_is_cited_under_the_mission_s_full_name(client, bundled_documents):
    tree = page(client, "/CD/2118")
    entry = tree.with_id("d-form-gbt7714-2025").text
    assert entry.startswith("乌克兰常驻联合国日内瓦办事处和日内瓦其他国际组织代表团. ")


# --- what catalogues are told ---


@each_row()
def test_a_page_has_a_title_of_its_own_and_one_address(client, bundled_documents, address, title, canonical):
    tree = page(client, address)
    assert " ".join(tree.all("title")[0].text.split()) == title
    links = {link.attributes.get("rel"): link.attributes["href"] for link in tree.all("link")}
    assert links["canonical"] == f"http://testserver{canonical}"
    described = [
        meta.attributes["content"]
        for meta in tree.all("meta")
        if meta.attributes.get("name") == "description"
    ]
    assert described and all(described)
