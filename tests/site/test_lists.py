"""Lists: the symbol of each document, order and filters in place, one name for an organ, acts of the EU."""

from __future__ import annotations

import csv
import io
import json

import pytest

from archive.models import Body, Document, Treaty, TreatyMention
from archive.site.presenters.symbols import eur_lex_url
from archive.site.presenters.wording import spoken_symbol
from archive.store.addresses.paths import cited_by_path, document_path
from archive.text.parsed import Speaker
from tests.tables import each_row, rows_from, tuples
from tests.tools.factories import block, parsed, store, stored
from tests.tools.pages import page


@each_row("EU_ACTS")
def test_an_act_of_the_european_union_is_called_what_it_is(symbol, name, link):
    assert spoken_symbol(symbol) == name
    found = eur_lex_url(symbol)
    assert found is None if link is None else (found or "").startswith("https://eur-lex.") and link in found


@pytest.fixture
def documents(db):
    general = Body.objects.get_or_create(name="联合国大会", defaults={"slug": "general-assembly"})[0]
    for symbol, day, organ, title in (
        ("A/70/1", "2015-01-02", "大会", "给秘书长的信"),
        ("A/71/2", "2016-01-02", "联合国大会", "给秘书长的信"),
        ("S/2017/3", "2017-01-02", "安全理事会", "给安全理事会主席的信"),
    ):
        store(parsed(symbol, ("1", "甲"), title=title))
        Document.objects.filter(symbol=symbol).update(
            sort_date=day, year=int(day[:4]), organ=organ, organ_body=general if "大会" in organ else None
        )


def symbols(tree):
    return [link.all("span", "symbol")[0].text for item in tree.all("h2") for link in item.all("a")]


@each_row("LISTS")
def test_the_list_of_documents_is_filtered_and_sorted_in_place(client, documents, query, expected, remark):
    tree = page(client, f"/documents{query}")
    assert tuples(symbols(tree)) == expected, remark
    twin = client.get(f"/documents.json{query}").json()
    assert tuples([row["symbol"] for row in twin["documents"]]) == expected


def test_titles_that_repeat_are_told_apart(client, documents):
    names = [link.text for item in page(client, "/documents").all("h2") for link in item.all("a")]
    assert len(set(names)) == len(names) == 3


def test_an_organ_is_one_entry_whatever_a_document_prints(client, documents):
    assert list(Document.objects.by_organ()) == [
        {"documents": 2, "organ": "联合国大会"},
        {"documents": 1, "organ": "安全理事会"},
    ]


def test_an_order_that_is_none_is_refused(client, documents):
    page(client, "/documents?sort=x", 400)


@pytest.fixture
def names(db):
    known = ("国际原子能机构", "禁止化学武器组织", "世界海关组织")
    store(parsed("S/2031/1", ("1", "和".join(known)), bodies=[("1", name, name) for name in known]))
    acronym = {"english": "International Atomic Energy Agency", "acronym": "IAEA"}
    Body.objects.filter(name=known[0]).update(unconfirmed=False, **acronym)
    other = {"aliases": ["禁化武组织"], "traditional": ["禁止化學武器組織"]}
    Body.objects.filter(name=known[1]).update(unconfirmed=False, **other)
    treaty = Treaty.objects.get(slug="npt")
    named = stored(parsed("S/2031/3", ("1", "《不扩散条约》"))).paragraphs.get()
    TreatyMention.objects.create(paragraph=named, treaty=treaty, start=0, end=7, surface="《不扩散条约》")
    speeches = [
        block("1", "我发言。", speaker=Speaker("Sison", "女士", "美利坚合众国"), turn=1),
        block("2", "我主持。", speaker=Speaker("García", "先生", capacity="主席"), turn=2),
    ]
    store(parsed("S/AC.44/SR.99", *speeches))


@each_row("BY_NAME")
def test_lists_of_names_are_narrowed_by_any_name(client, names, path, asked, expected, remark):
    twin = client.get(f"/{path}.json", {"q": asked})
    found = {row["name"] for row in twin.json()[path]}
    assert twin.status_code == 200 and found == {*expected}, remark
    response = client.get(f"/{path}", {"q": asked})
    text = response.content.decode()
    assert response.status_code == 200 and all(name in text for name in found)
    assert 'name="robots" content="noindex' in text
    assert found or "在全文里检索" in text
    table = b"".join(client.get(f"/{path}.csv", {"q": asked}).streaming_content).decode()
    assert table.count("\r\n") == len(found) + 1


def test_a_narrowed_list_keeps_its_order_and_the_field_what_was_asked(client, names):
    tree = page(client, "/bodies?q=武器&sort=name")
    form = tree.all("form", "narrow-list")[0]
    fields = {one.attributes["name"]: one.attributes["value"] for one in form.all("input")}
    assert fields == {"q": "武器", "sort": "name"}


def test_programs_are_told_where_an_act_of_the_european_union_is(client, db):
    act = "EU:(CFSP)2018/1939"
    link = "https://eur-lex.europa.eu/eli/dec/2018/1939/oj"
    text = "回顾第2018/1939号决定和第1540(2004)号决议"
    mentions = [("1", "第2018/1939号决定", act), ("1", "第1540(2004)号决议", "S/RES/1540(2004)")]
    store(parsed("S/2031/2", ("1", text), mentions=mentions))
    for address in (document_path(act), cited_by_path(act)):
        assert link in page(client, address).links
        told = client.get(f"{address}.json").json()
        assert (told["eur_lex_url"], told["un_url"]) == (link, None)
    wanted = {row["symbol"]: row for row in client.get("/wanted.json").json()["wanted"]}
    assert wanted[act]["eur_lex_url"] == link and link in page(client, "/wanted").links
    assert wanted["S/RES/1540(2004)"]["eur_lex_url"] is None
    table = b"".join(client.get("/wanted.csv").streaming_content).decode()
    assert table.count(link) == 1
    assert not {"un_url", "eur_lex_url"} & client.get("/S/2031/2/cited-by.json").json().keys()


@pytest.mark.parametrize("order", ["", "name"])
def test_a_narrowed_list_is_walked_to_its_end(client, names, monkeypatch, order):
    monkeypatch.setattr("archive.site.views.bodies.PER_PAGE", 1)
    found, following = [], f"/bodies.json?q=组织&sort={order}"
    whole = client.get(following).json()["page"]["total"]
    for _page in range(whole):
        told = client.get(following).json()
        found += [row["name"] for row in told["bodies"]]
        following = told["page"]["next"]
    assert following is None and len(set(found)) == len(found) == whole >= 1


# --- A date that is not printed is never shown as one: lists, twins and tables tell three dates apart ---


# symbol, printed date of issue, of the letter, of the meeting, in words; remark
DATES = rows_from(__name__, "DATES")
IDS = [row[-1] + " " + row[0] for row in DATES]
NAMES = ("date", "communication_date", "meeting_date")
HEADS = ["印发日期", "信件或照会日期", "会议日期"]
SYMBOLS = {row[0]: row[1:4] for row in DATES}


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled_index")
@each_row("DATES")
def test_search_shows_what_is_printed(client, symbol, date, written, met, words, remark):
    asked = {"q": f"文号:{symbol}"}
    (first, *rest) = client.get("/search.json", asked).json()["results"]
    assert [first[name] for name in NAMES] == [date, written, met]
    assert all([row[name] for name in NAMES] == [date, written, met] for row in rest)
    assert words in page(client, f"/search?q=文号:{symbol}&group=document").text


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled_index")
def test_tables_have_a_column_for_each_date(client):
    for address, asked in (("/search.csv", {"q": "“决议”"}), ("/concordance.csv", {"q": "决议"})):
        response = client.get(address, asked)
        text = b"".join(response) if not response.streaming else b"".join(response.streaming_content)
        head, *rows = csv.reader(io.StringIO(text.decode("utf-8-sig")))
        first = head.index(HEADS[0])
        assert head[first : first + 3] == HEADS
        held = {row[0]: tuple(day or None for day in row[first : first + 3]) for row in rows}
        assert {symbol: held[symbol] for symbol in SYMBOLS if symbol in held} == {
            symbol: days for symbol, days in SYMBOLS.items() if symbol in held
        }
        assert len(held) > 2, address


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled_index")
def test_lines_and_the_check_tell_them_too(client):
    lines = client.get("/concordance.json", {"q": "决议"}).json()["lines"]
    draft = {"text": "“有效执行第1540(2004)号决议”和“防止大规模毁灭性武器扩散”"}
    told = client.post("/check.json", json.dumps(draft), content_type="application/json").json()
    places = [place for quotation in told["quotations"] for place in quotation["places"]]
    for row in [*lines, *places]:
        if row["symbol"] in SYMBOLS:
            assert tuple(row[name] for name in NAMES) == SYMBOLS[row["symbol"]]
    assert lines


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled_index")
def test_the_date_that_sorts_is_nowhere(client):
    everything = client.get("/search.json?q=文号:A/74/140").content.decode()
    assert "2019-05-15" not in everything
    assert "sort_date" not in everything


@pytest.mark.usefixtures("bundled_index")
def test_lists_of_documents_tell_them(client, bundled_documents):
    rows = client.get("/documents.json").json()["documents"]
    assert {row["symbol"]: tuple(row[name] for name in NAMES) for row in rows}.items() >= SYMBOLS.items()
    coverage = client.get("/coverage.json").json()["documents"]
    assert {row["symbol"]: tuple(row[name] for name in NAMES) for row in coverage}.items() >= SYMBOLS.items()
