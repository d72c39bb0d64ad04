"""States, speakers, bodies and the matrix: every count is the length of its list, every list stored rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Body, Document, Paragraph, State, StateMention, Theme
from archive.models.querysets.paragraphs import WHOLE
from archive.site.views.matrix import OPERATIVE_PARAGRAPHS, RESOLUTION, By, Nothing, columns_by, matrix
from archive.store.summaries import Subject, with_figures
from archive.text.parsed import DocumentType, Kind, ParsedStateMention, ParsedTheme, Speaker, Submitter
from tests.tables import each_row, rows_from
from tests.tools.bundled import store_bundled
from tests.tools.factories import COMMITTEE, block, parsed, store
from tests.tools.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def bundled(db):
    store_bundled()


def state(code: str) -> State:
    return State.objects.get(alpha3=code)


def listed(client, address: str) -> list[tuple[str, str]]:
    """(symbol, anchor) of every paragraph of a list, page after page."""
    found, place = [], f"{address}"
    while place:
        answer = client.get(place).json()
        rows = answer.get("listed") or answer.get("mentioned") or answer["turns_listed"]
        found += [(row["symbol"], row["anchor"]) for row in rows["paragraphs"]]
        place = rows["page"]["next"]
    return found


# --- what is whose ---


@each_row("WHOSE")
def test_what_a_state_said_wrote_and_transmitted(bundled, client, code, kind, wanted, remark):
    answer = client.get(f"/states/{code}.json", {"kind": kind}).json()
    counts = {name: paragraphs for name, paragraphs, _documents in answer["kinds"]}
    assert counts[kind] == answer["listed"]["total"]["paragraphs"], remark
    assert counts[kind] == wanted, remark


def test_own_words_are_the_said_and_the_written_and_never_the_transmitted(bundled):
    for row in State.objects.all():
        own = set(Paragraph.objects.words_of(row))
        said, written = set(Paragraph.objects.said_by(row)), set(Paragraph.objects.written_by(row))
        transmitted = set(Paragraph.objects.transmitted_by(row))
        others = set(Paragraph.objects.naming_state(row))
        assert own == said | written and not said & written
        assert not own & transmitted and not own & others


def test_every_word_has_at_most_one_author(bundled):
    authors = dict(Paragraph.objects.with_author().values_list("pk", "author"))
    for row in State.objects.all():
        own = set(Paragraph.objects.words_of(row).values_list("pk", flat=True))
        assert own == {key for key, author in authors.items() if author == row.pk}


def test_a_list_of_states_counts_as_the_page_of_each_does(bundled, client):
    for line in client.get("/states.json").json()["states"]:
        if line["documents"]:
            answer = client.get(f"{line['url']}.json").json()
            assert answer["listed"]["total"]["paragraphs"] == line["paragraphs"], line["name"]


def test_others_naming_a_state_are_stored_rows(bundled, client):
    row = state("DEU")
    found = listed(client, "/states/DEU.json?kind=mentioned")
    stored = StateMention.objects.filter(state=row).exclude(paragraph__kind="heading")
    naming = {(place.paragraph.document.symbol, place.paragraph.anchor) for place in stored}
    assert found and set(found) <= naming and len(found) == len(set(found))
    assert all(Paragraph.objects.get(document__symbol=s, anchor=a).state_id != row.pk for s, a in found)


def test_transmitted_text_says_so_on_every_page(bundled, client):
    for address in ("/CD/2118", "/CD/2118/p/annex.1", "/states/UKR?kind=transmitted"):
        assert (
            "不是发文方自己的话" in page(client, address).text
            or "不是该国自己的话" in page(client, address).text
        )
    assert "不是发文方自己的话" not in page(client, "/S/2010/52").text
    twin = client.get("/CD/2118.json").json()
    assert {row["part"] for row in twin["paragraphs"] if row["transmitted"]} == {"annex"}


# --- the matrix ---


def cells_of(by: By, column: str) -> dict[str, int]:
    """The cells of a column: State → how many paragraphs."""
    return {
        row.state: cell.paragraphs for row in matrix(by).rows for cell in row.cells if cell.column == column
    }


def evidence(state, cites="", paragraph="", theme="", year=""):
    """The paragraphs that a cell counts."""
    rows = Paragraph.objects.words_of(State.objects.get(alpha3=state))
    if theme:
        return rows.of_theme(Theme.objects.get(slug=theme))
    return (rows.filter(document__year=year) if year else rows).citing_as_such(cites, paragraph)


@pytest.mark.parametrize("by", By)
def test_each_cell_is_the_length_of_its_evidence(bundled, client, by):
    """Of each column the first two lists are read page by page."""
    read: Counter[str] = Counter()
    for row in matrix(by).held:
        for cell in row.cells:
            rows = evidence(row.state, **cell.about.filters)
            assert cell.paragraphs == rows.count()
            assert bool(cell.nothing) is (cell.paragraphs == 0)
            read[cell.column] += bool(cell.paragraphs)
            if cell.paragraphs and read[cell.column] <= 2:
                wanted = {(each.document.symbol, each.anchor) for each in rows.select_related("document")}
                path, _mark, query = cell.url.partition("?")
                found = listed(client, f"{path}.json?{query}")
                assert len(found) == cell.paragraphs and set(found) == wanted


@pytest.mark.parametrize("by", By)
def test_page_json_and_csv_tell_the_same(bundled, client, by):
    answer = client.get("/matrix.json", {"by": by.value}).json()
    lines = list(
        csv.reader(io.StringIO(b"".join(client.get("/matrix.csv", {"by": by.value})).decode("utf-8-sig")))
    )
    tree = page(client, f"/matrix?by={by.value}")
    cells = [row.all("td") for row in tree.all("tbody")[0].all("tr")]
    for row, line, shown in zip(answer["rows"], lines[1:], cells, strict=True):
        figures = [cell["paragraphs"] for cell in row["cells"]]
        assert line[:2] == [row["state"], row["name"]]
        assert [int(word) if word.isdigit() else 0 for word in line[4:]] == figures
        assert [int(re.match(r"\d*", cell.text)[0] or 0) for cell in shown] == figures


def test_columns_are_the_family_the_operative_paragraphs_and_the_themes():
    assert RESOLUTION in [column.code for column in columns_by(By.RESOLUTIONS)]
    assert [column.code for column in columns_by(By.PARAGRAPHS)] == [WHOLE, *OPERATIVE_PARAGRAPHS]
    assert [column.code for column in columns_by(By.THEMES)] == [
        theme.slug for theme in Theme.objects.order_by("position")
    ]


def test_not_held_earlier_and_not_found_are_told_apart_in_words(bundled, client):
    rows = {row.state: row for row in matrix(By.RESOLUTIONS).rows}
    cells = {cell.column: cell.nothing for cell in rows["ARG"].cells}
    assert (cells["S/RES/1673(2006)"], cells["S/RES/2663(2022)"]) == (Nothing.NOT_FOUND, Nothing.EARLIER)
    assert {cell.nothing for cell in rows["FRA"].cells} == {Nothing.NOT_HELD}
    tree = page(client, "/matrix?all=1")
    words = {row.all("th")[0].text: row.text for row in tree.all("tbody")[0].all("tr")}
    assert len(words) == len(rows)
    assert "未藏该国文件" in words["法国"]
    assert "未见" in words["阿根廷"] and "所藏早于决议" in words["阿根廷"]
    assert "法国" not in page(client, "/matrix").all("tbody")[0].text


def test_the_years_of_a_state_stand_below_its_words_and_count_no_resolution_as_silence(db, client):
    for year in (2010, 2014):
        reply = block("u1", "古巴认为应当合作。", submitter=Submitter("古巴"))
        store(parsed(f"S/{year}/9", reply, date=f"{year}-01-01"))
    act = {"document_type": DocumentType.RESOLUTION, "date": "2012-01-01"}
    store(parsed("S/RES/2055(2012)", ("1", "决定把小组人数增至九人。"), **act))
    tree = page(client, "/states/CUB")
    assert tree.text.index("古巴认为应当合作") < tree.text.index("按文件年份")
    (table,) = tree.all("table", "years")
    rows = {row.all("th")[0].text: row.all("td") for row in table.all("tr")[1:]}
    assert [cell.text for cell in rows["2010"][:1]] == ["1"]
    gaps = {year: cells[0].text for year, cells in rows.items() if "2012" in year or "2011" in year}
    assert gaps and not any(gaps.values()), "no figure where a State could not speak"
    assert "只藏决议" in table.text


def test_silence_is_told_apart_year_by_year_and_says_out_of_how_many_words(db, client):
    for year, words in ((2010, SPOKEN[1]), (2016, SPOKEN[0])):
        mentions = [("u1", "第1540(2004)号决议", RESOLUTION)] if RESOLUTION[6:] in words else []
        reply = block("u1", words, submitter=Submitter("古巴"))
        store(parsed(f"S/{year}/9", reply, block("u2", "另一句。", submitter=Submitter("古巴")),
                     mentions=mentions, date=f"{year}-01-01"))  # fmt: skip
    other = block("u1", "法国认为。", submitter=Submitter("法国"))
    store(parsed("S/2012/9", other, date="2012-01-01"))
    store(parsed("S/1999/9", block("u1", "古巴认为。", submitter=Submitter("古巴")), date="1999-01-01"))
    table = matrix(By.YEARS)
    assert [column.code for column in table.columns] == ["2010", "2012", "2016"]
    told = [
        (cell.paragraphs, cell.nothing, cell.own_words)
        for row in table.rows
        if row.state == "CUB"
        for cell in row.cells
    ]
    assert told == [(0, Nothing.NOT_FOUND, 2), (0, Nothing.NOT_HELD, 0), (1, None, 2)]
    tree = page(client, "/matrix?by=years")
    rows = {row.all("th")[0].text: row.all("td") for row in tree.all("tbody")[0].all("tr")}
    silent, unheld, said = rows["古巴"]
    assert silent.text.startswith("0") and "所藏2段中未见" in silent.text
    path, _mark, query = silent.links[0].partition("?")
    assert listed(client, f"{path}.json?{query}") == []
    assert unheld.links == ["/wanted"] and said.text == "1"
    assert client.get("/matrix.json?by=years").json()["revision"] > 0
    assert "2段中未见" in page(client, "/matrix?by=years&state=CUB&column=2010").text


def test_the_table_is_read_with_its_heads(bundled, client):
    (table,) = page(client, "/matrix").all("table")
    assert table.all("caption")[0].text.strip()
    assert {head.attributes["scope"] for head in table.all("thead")[0].all("th")} == {"col"}
    assert {head.attributes["scope"] for head in table.all("tbody")[0].all("th")} == {"row"}
    region = table.parent.attributes
    assert (region["role"], region["tabindex"], region["aria-labelledby"]) == ("region", "0", "matrix")


@each_row("ONE")
def test_one_state_or_one_column_is_a_list(bundled, client, address, lines, remark):
    (table,) = page(client, address).all("table")
    assert len(table.all("tbody")[0].all("tr")) == lines, remark


@pytest.mark.parametrize("query", ["by=colour", "state=XXX", "column=S/RES/9", "all=2", "by=themes&column=3"])
def test_what_the_matrix_cannot_read_is_explained(client, query):
    assert client.get(f"/matrix?{query}").status_code == 400


def test_where_no_state_names_a_paragraph_the_page_says_so_and_who_does(bundled, client):
    tree = page(client, "/matrix?by=paragraphs")
    assert "各国自己的话都没有指明" in tree.text
    assert "/S/RES/1540(2004)/p/3/cited-by" in tree.links
    cells = cells_of(By.PARAGRAPHS, WHOLE)
    whole = cells_of(By.RESOLUTIONS, RESOLUTION)
    assert cells == whole, "who names no paragraph cites the resolution itself"
    for other in ("/matrix", "/matrix?by=themes"):
        assert "各国自己的话都没有指明" not in page(client, other).text


SPOKEN = tuple(rows_from(__name__, "SPOKEN"))


def record(number: int, turns: list[tuple[str, str]]):
    """A record: (delegation, words) for each turn."""
    blocks = [
        block(str(place), words, speaker=Speaker("Okafor", "女士", delegation, "member"), turn=place)
        for place, (delegation, words) in enumerate(turns, start=1)
    ]
    document = parsed(
        f"S/PV.{number}", *blocks,
        mentions=[
            (row.anchor, "第1540(2004)号决议", RESOLUTION, "3(a)" if row.text == SPOKEN[0] else "")
            for row in blocks
            if "1540" in row.text
        ],
        document_type=DocumentType.VERBATIM_RECORD, organ="安全理事会", meeting_date="2016-03-04",
    )  # fmt: skip
    themes = [ParsedTheme(row.anchor, 0, 4, "出口管制", "export") for row in blocks if row.text == SPOKEN[1]]
    return type(document)(document.facts, document.paragraphs, document.mentions, themes=tuple(themes))


@settings(max_examples=15)
@given(
    turns=st.lists(
        st.tuples(st.sampled_from(["尼日尔", "尼日利亚"]), st.sampled_from(SPOKEN)), min_size=1, max_size=8
    )
)
def test_cells_sum_to_what_was_said(turns):
    Document.objects.all().delete()
    store(record(1, turns))
    for by, column, words in (
        (By.RESOLUTIONS, RESOLUTION, (0, 3)),
        (By.PARAGRAPHS, "3", (0,)),
        (By.PARAGRAPHS, WHOLE, (3,)),
        (By.THEMES, "export", (1,)),
    ):
        said = [(name, text) for name, text in turns if text in [SPOKEN[place] for place in words]]
        cells = cells_of(by, column)
        for state, name in (("NER", "尼日尔"), ("NGA", "尼日利亚")):
            assert cells[state] == [whose for whose, _text in said].count(name)
        assert sum(cells.values()) == len(said)


def test_a_subparagraph_counts_in_its_paragraph_alone(db):
    store(record(1, [("尼日尔", SPOKEN[0])]))
    (row,) = (row for row in matrix(By.PARAGRAPHS).rows if row.state == "NER")
    assert [cell.column for cell in row.cells if cell.paragraphs] == ["3"]


# --- speakers ---


def test_every_turn_of_the_records_belongs_to_one_speaker(bundled, client):
    turns = {
        (symbol, turn)
        for symbol, turn in Paragraph.objects.exclude(turn=None).values_list("document__symbol", "turn")
    }
    speakers = client.get("/speakers.json").json()["speakers"]
    assert sum(row["turns"] for row in speakers) == len(turns) == 28
    for row in speakers:
        found = listed(client, f"{row['url']}.json")
        assert len(found) == row["turns"], row["name"]


def test_a_speaker_is_told_by_name_and_delegation_or_organ(bundled, client):
    answer = client.get("/speakers/Sison(美利坚合众国).json").json()
    assert (answer["name"], answer["state"], answer["turns"], answer["paragraphs"]) == (
        "Sison女士",
        "USA",
        1,
        4,
    )
    assert client.get(f"/speakers/主席({COMMITTEE}).json").json()["organ"] == COMMITTEE
    assert client.get("/speakers/Kim Heun Jin(大韩民国)").status_code == 200
    assert client.get("/speakers/Sison(法国)").status_code == 404
    assert client.get("/speakers/Sison").status_code == 404


def test_turns_of_several_records_are_told_apart(db, client):
    for number in (1, 2):
        store(record(number, [("尼日尔", SPOKEN[1]), ("尼日尔", SPOKEN[2])]))
    (row,) = client.get("/speakers.json").json()["speakers"]
    assert (row["turns"], row["documents"], len(listed(client, f"{row['url']}.json"))) == (4, 2, 4)


# --- bodies ---


def test_bodies_named_together_lead_to_the_paragraphs_that_name_both(bundled, client):
    answer = client.get("/bodies/1540-committee.json").json()
    assert answer["mentioned_with"]
    for slug, count in answer["mentioned_with"][:6]:
        found = listed(client, f"/bodies/1540-committee.json?with={slug}")
        other = Body.objects.get(slug=slug)
        committee = Body.objects.get(slug="1540-committee")
        assert len(found) == count == Paragraph.objects.mentioning(committee).mentioning(other).count()


@each_row()
def test_what_a_body_said_wrote_and_transmitted(bundled, client, slug, kind, wanted, remark):
    answer = client.get(f"/bodies/{slug}.json", {"kind": kind}).json()
    counts = {name: paragraphs for name, paragraphs, _documents in answer["kinds"]}
    found = listed(client, f"/bodies/{slug}.json?kind={kind}")
    assert len(found) == len(set(found)) == counts[kind] == answer["mentioned"]["total"]["paragraphs"]
    assert bool(found) is wanted, remark
    own = listed(client, f"/bodies/{slug}.json?kind=own")
    assert len(own) == counts["said"] + counts["written"]


def test_what_a_body_only_transmits_is_listed_and_not_as_its_words(db, client):
    document = parsed(
        "S/2030/9", ("u1", "谨随函转递报告。"), block("annex.1", "报告的第一段。", transmitted=True),
        block("annex", "附件", kind=Kind.HEADING, transmitted=True),
        document_type=DocumentType.LETTER, sender=COMMITTEE,
    )  # fmt: skip
    store(document)
    answer = client.get("/bodies/1540-committee.json").json()
    assert answer["kinds"] == [["said", 0, 0], ["written", 1, 1], ["transmitted", 1, 1]]
    assert listed(client, "/bodies/1540-committee.json?kind=transmitted") == [("S/2030/9", "annex.1")]
    assert "不是它自己的话" in page(client, "/bodies/1540-committee?kind=transmitted").text


@pytest.mark.parametrize("query", ["with=nobody", "kind=x"])
def test_what_a_body_s_page_cannot_read_is_explained(bundled, client, query):
    assert client.get(f"/bodies/iaea?{query}").status_code == 400


# --- a constant number of queries ---


@each_row("ADDRESSES")
def test_a_page_asks_the_same_few_questions_whatever_it_lists(client, address):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    store(record(1, [("尼日利亚", SPOKEN[0]), ("尼日利亚", SPOKEN[1])]))
    few = queries()
    for number, name in product(range(2, 6), ["尼日利亚", "尼日尔"]):
        store(record(number * 10 + (name == "尼日尔"), [(name, words) for words in SPOKEN * 3]))
    assert queries() == few


def test_replies_and_observers_have_their_state(db):
    blocks = [
        block("u1", "古巴认为。", submitter=Submitter("古巴")),
        block("u2", "他说。", speaker=Speaker("Anton", "先生", "德国", "observer"), turn=1),
        block("u3", "签名", kind=Kind.SIGNATURE, submitter=Submitter("古巴")),
    ]
    store(parsed("A/1/1", *blocks, title="报告", document_type=DocumentType.REPORT))
    assert [row.anchor for row in Paragraph.objects.written_by(state("CUB"))] == ["u1"]
    assert [row.anchor for row in Paragraph.objects.said_by(state("DEU"))] == ["u2"]


def test_states_named_are_written_and_found_again(db):
    from archive.store.ingest.subjects import relink_subjects

    document = parsed("A/1/1", ("1", "德国和古巴。"))
    found = (ParsedStateMention("1", 0, 2, "德国", "DEU"), ParsedStateMention("1", 3, 5, "古巴", "CUB"))
    store(type(document)(document.facts, document.paragraphs, states=found))
    assert relink_subjects() == 0
    StateMention.objects.all().delete()
    assert relink_subjects() == 1
    assert list(StateMention.objects.values_list("surface", "state__alpha3")) == [
        ("德国", "DEU"),
        ("古巴", "CUB"),
    ]


def test_counts_for_all_states_are_those_of_each(bundled):
    for row in with_figures(State.objects.all(), Subject.STATE):
        assert row.document_count == Document.objects.of_state(row.alpha3).count()
        assert row.paragraph_count == Paragraph.objects.words_of(row).count()
