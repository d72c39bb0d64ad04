"""The concordance: every occurrence in its line."""

import csv
import html
import io
import json
import re

import pytest

from archive.models import Paragraph
from archive.store.spreadsheet import cell
from archive.text.folding import fold_literally
from search.pages.concordance.kwic import concordance, neighbours
from search.query.language.request import AskedLines
from tests.tables import each_row
from tests.tools.bundled import store_bundled
from tests.tools.searching import HOSTILE, archive_for, at

pytestmark = pytest.mark.django_db

TEXTS: list[str] = []


@archive_for
def index():
    store_bundled()
    TEXTS[:] = Paragraph.objects.order_by("document_id", "position").values_list("text", flat=True)


def twin(client, q: str, status: int = 200, **parameters) -> dict:
    response = client.get("/concordance.json", {"q": q, **parameters})
    assert response.status_code == status
    return json.loads(response.content)


def every_line(client, q: str, **parameters) -> list[dict]:
    first = twin(client, q, **parameters)
    rest = (twin(client, q, page=page, **parameters) for page in range(2, first["pages"] + 1))
    return [line for data in (first, *rest) for line in data["lines"]]


def text_of(markup: str) -> str:
    main = re.search(r"<main.*</main>", markup, re.DOTALL)[0]
    return html.unescape(re.sub(r"<[^>]+>", "", main))


@each_row("PHRASES")
def test_every_occurrence_has_its_line(phrase):
    needle = fold_literally(phrase)
    scanned = [fold_literally(text).count(needle) for text in TEXTS]
    found = concordance(AskedLines(phrase))
    assert found.occurrences == sum(scanned)
    assert found.paragraphs == sum(1 for count in scanned if count)


def test_lines_are_pieces_of_the_text(client):
    for line in every_line(client, "安理会"):
        text = next(text for text in TEXTS if text[line["start"] : line["end"]] == line["keyword"] and (
            line["left"] + line["keyword"] + line["right"] in text.replace("\n", " ")
        ))  # fmt: skip
        assert fold_literally(text[line["start"] : line["end"]]) == "安理会"


def test_the_order_changes_no_line(client):
    orders = {sort: every_line(client, "核", sort=sort) for sort in ("right", "left", "date", "document")}
    asked = {sort: sorted((line["url"], line["start"]) for line in lines) for sort, lines in orders.items()}
    assert len(asked["right"]) > 100
    assert len({tuple(lines) for lines in asked.values()}) == 1
    assert len({tuple((line["url"], line["start"]) for line in lines) for lines in orders.values()}) == 4


def test_by_what_follows_equal_neighbours_stand_together(client):
    following = [line["right"][:2] for line in every_line(client, "国家")]
    runs = [one for one, next_one in zip(following, [*following[1:], None], strict=True) if one != next_one]
    assert len(runs) == len(set(runs))


def _known(line: dict) -> str:
    """The date by which a document is put in order, where it is printed."""
    return line["date"] or line["communication_date"] or line["meeting_date"] or ""


def test_by_date_the_latest_comes_first(client):
    dates = list(filter(None, map(_known, every_line(client, "核安全", sort="date"))))
    assert dates == sorted(dates, reverse=True)


def test_a_neighbour_can_be_left_out(client):
    everything, without = twin(client, "核安全"), twin(client, "核安全", not_right="峰会")
    assert without["total"]["excluded"] > 0
    assert (
        without["total"]["occurrences"] + without["total"]["excluded"] == (everything["total"]["occurrences"])
    )
    assert not any(line["right"].startswith("峰会") for line in without["lines"])
    left = twin(client, "核安全", not_left="国家，全球")
    assert left["total"]["excluded"] > 0
    assert not any(line["left"].endswith(("国家", "全球")) for line in left["lines"])


def test_nothing_left_is_not_the_same_as_nothing_there(client):
    text = text_of(
        client.get("/concordance", {"q": "威斯巴登", "not_right": "进程 会议 ，"}).content.decode()
    )
    assert "因左右文字不列" in text


@each_row("NEIGHBOURS")
def test_neighbours_as_typed(typed, expected):
    assert neighbours(typed) == expected


def test_the_page_is_certified_also_for_zero(client):
    markup = client.get("/concordance", {"q": "核安全"}).content.decode()
    assert re.search(r"22处，14段，4份文件。\s*已逐字对照全部301段，结果完整。", text_of(markup))
    assert markup.count('<a class="source"') == 22
    nothing = text_of(client.get("/concordance", {"q": "核安全清单"}).content.decode())
    assert re.search(r"没有出现。\s*已逐字对照全部301段，结果完整。", nothing)
    assert "“核安全”22处" in nothing


def test_quotation_marks_around_the_whole_are_the_readers(client):
    assert twin(client, "“核安全”")["phrase"] == "核安全"
    assert twin(client, "“核安全”")["total"] == twin(client, "核安全")["total"]


def test_the_table_holds_all_pages(client):
    response = client.get("/concordance.csv", {"q": "核"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    total = twin(client, "核")["total"]["occurrences"]
    assert total > 50
    assert len(rows) == total + 1
    assert {row[-4] for row in rows[1:]} == {"核"}
    assert all(row[-2].startswith("http://testserver/") for row in rows[1:])


def test_the_database_is_asked_for_its_revision_alone(client, django_assert_num_queries):
    client.get("/concordance")
    for q in ("核安全", "夨夬夶彖", ""):
        with django_assert_num_queries(4):
            client.get("/concordance", {"q": q})
            client.get("/concordance.json", {"q": q, "sort": "date"})


@pytest.mark.parametrize("q", HOSTILE)
def test_nothing_that_is_typed_breaks_the_page(client, q):
    response = client.get("/concordance", {"q": q, "not_left": q, "not_right": q, "sort": q})
    assert response.status_code == 200
    assert "<script>x" not in response.content.decode()
    assert client.get("/concordance.csv", {"q": q}).status_code == 200


@pytest.mark.parametrize(("page", "status"), [("x", 400), ("0", 404), ("99", 404), ("1", 200)])
def test_pages(client, page, status):
    assert client.get("/concordance", {"q": "核", "page": page}).status_code == status
    assert client.get("/concordance.json", {"q": "核", "page": page}).status_code == status


def test_without_an_index_it_says_so(client, tmp_path):
    with at(tmp_path / "nothing"):
        for address in ("/concordance", "/concordance.json", "/concordance.csv"):
            assert client.get(address, {"q": "核"}).status_code == 503


CELLS = [("=1+1", "'=1+1"), ("+x", "'+x"), ("@x", "'@x"), ("核=1", "核=1"), (None, ""), (3, "3")]


@pytest.mark.parametrize(("value", "expected"), CELLS)
def test_cells_are_never_formulas(value, expected):
    assert cell(value) == expected


# --- the conditions of a search ---


@each_row()
def test_conditions_hold_in_lines_as_in_a_search(client, parameters, year):
    lines = every_line(client, **parameters)
    everywhere = every_line(client, "核")
    assert lines == [line for line in everywhere if _known(line).startswith(year)]
    total = twin(client, **parameters)["total"]
    assert (total["occurrences"], total["elsewhere"]) == (len(lines), len(everywhere) - len(lines))
    assert 0 < len(lines) < len(everywhere)


@pytest.mark.parametrize("q", ["“核 年份:2016”", "年份:2016", "核 -年份:2016", "核 OR 年份:2016"])
def test_what_is_not_one_string_beside_fields_is_literal(client, q):
    assert twin(client, q)["phrase"] == q.strip("“”")


def test_an_unknown_condition_is_named(client):
    data = twin(client, "核 国家:火星")
    assert data["total"]["occurrences"] == 0
    assert "火星" in data["errors"][0]["message"]
    assert "火星" in text_of(client.get("/concordance", {"q": "核 国家:火星"}).content.decode())


def test_a_search_leads_to_its_lines_with_its_conditions(client):
    for query in ({"q": "核 年份:2016"}, {"q": "核", "year": "2016"}, {"q": "“核” 年份:2016"}):
        markup = client.get("/search", query).content.decode()
        address = html.unescape(re.search(r'href="(/concordance[^"]+)"', markup)[1])
        page = client.get(address)
        assert "不限条件" in text_of(page.content.decode())
        assert page.context["found"].occurrences == twin(client, "核", year="2016")["total"]["occurrences"]


@pytest.mark.parametrize("name", ["q", "not_left", "not_right"])
def test_what_nobody_sees_is_not_asked_for(client, name):
    asked = {"q": "决议", "not_left": "号", "not_right": "的"}
    unseen = {**asked, name: "\u00ad".join(f"\ufeff{asked[name]}\u200b")}
    assert twin(client, **unseen)["total"] == twin(client, **asked)["total"]
