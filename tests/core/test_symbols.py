"""Symbols: every spelling leads to one canonical form; what is no symbol says why."""

import pickle
import re

import pytest
from django.db import connection
from django.urls import get_resolver
from hypothesis import example, given
from hypothesis import strategies as st

from archive.models import Document, Mention, Paragraph
from archive.site.presenters.wording import label_of_place
from archive.text.document import parse_source
from archive.text.numerals import number_of, number_of_roman, roman_of
from archive.text.reader import source_of
from archive.text.reference import load_reference
from archive.text.sidecar import sidecar_of
from archive.text.symbols.errors import Reason, SymbolError
from archive.text.symbols.grammar import SymbolKind
from archive.text.symbols.symbol import Symbol, symbols_within
from archive.text.typed_places import TypedPlace, read_places
from tests.tables import each_row, rows_from, tuples
from tests.tools.factories import parsed, store, stored


@each_row("SPELLINGS")
def test_every_spelling_leads_to_the_canonical_form(text, canonical, remark):
    symbol = Symbol.parse(text)
    assert str(symbol) == canonical
    assert Symbol.parse(canonical) == symbol
    assert symbol.path == canonical


@each_row("REFUSED")
def test_what_is_no_symbol_says_why(text, reason, remark):
    with pytest.raises(SymbolError) as caught:
        Symbol.parse(text)
    assert caught.value.reason is Reason(reason)
    assert len(str(caught.value)) < 200
    assert caught.value.chinese.endswith("。")


@each_row("FACTS")
def test_a_symbol_tells_what_it_says(text, kind, code, organ, year, session, number, suffixes, base):
    symbol = Symbol.parse(text)
    assert symbol.kind is SymbolKind(kind)
    assert (symbol.organ_code, symbol.organ) == (code, organ)
    assert (symbol.year, symbol.session, symbol.number) == (year, session, number)
    assert symbol.suffixes == suffixes
    assert str(symbol.base) == base


@each_row("UN_LINKS")
def test_link_to_the_un(text, link, remark):
    assert Symbol.parse(text).un_url() == link


def test_a_double_symbol_has_two_parts():
    symbol = Symbol.parse("A/77/895/Add.1-S/2023/363/Add.1")
    assert [str(part) for part in symbol.parts] == ["A/77/895/Add.1", "S/2023/363/Add.1"]
    assert [str(part) for part in Symbol.parse("S/2010/52").parts] == ["S/2010/52"]
    assert str(symbol.base) == "A/77/895-S/2023/363"


def test_a_year_is_completed_from_what_is_known():
    known = {1540: "S/RES/1540(2004)"}
    assert str(Symbol.parse("S/RES/1540").completed(known)) == "S/RES/1540(2004)"
    assert str(Symbol.parse("S/RES/1541").completed(known)) == "S/RES/1541"
    assert str(Symbol.parse("A/RES/73/55").completed(known)) == "A/RES/73/55"


def test_a_refusal_survives_pickling():
    with pytest.raises(SymbolError) as caught:
        Symbol.parse("73/55")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


PIECES = ["S", "A", "E", "CD", "RES", "DEC", "AC.44", "2004", "1540", "(02)", "(2004)", "(XXV)", "A", "ES-10"]
PIECES += ["/", "-", "Add.1", "Corr.1", " ", "（", "）", "undocs.org/zh/", "EU:", "(CFSP)", "[L]", "%20", "*"]
PIECES += ["(Part I)", "?s=", "http://", "."]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
@example("A/1-A/1-A/1")
@example("A/RES/1A(I)B")
@example("S/1(Part")
def test_parsing_is_stable_or_refuses(text):
    try:
        symbol = Symbol.parse(text)
    except ValueError:
        return
    assert str(Symbol.parse(str(symbol))) == str(symbol)
    assert Symbol.parse(str(symbol)) == symbol
    assert symbol.parts
    assert symbol.un_url() is None or symbol.un_url().startswith("https://undocs.org/zh/")


def test_no_symbol_is_an_address_of_something_else():
    """What stands behind a symbol in any route of ours is no part of one, however it is spelled."""
    routes = (str(one.pattern) for one in get_resolver().url_patterns)
    tails = {route.removeprefix("<symbol:symbol>") for route in routes if route.startswith("<symbol:symbol>")}
    assert len(tails) > 60
    for tail in sorted(tails - {""}):
        filled = re.sub(r"<\w+:(\w+)>", lambda part: PARTS[part[1]], tail)
        for spelled in (filled, filled.upper(), filled.title()):
            with pytest.raises(SymbolError) as refused:
                Symbol.parse(f"S/2016/9042{spelled}")
            assert refused.value.reason is Reason.ADDRESS_OF_OURS, spelled


PARTS = rows_from(__name__, "PARTS")  # fmt: skip


@pytest.mark.parametrize(
    "spelled", ["A/CONF.13/INF/1", "S/AC.44/PV.3", "C-I/DEC.10", "A/HRC/RES/49/6", "A/C.1/P.2"]
)
def test_a_component_that_only_begins_like_one_stays(spelled):
    assert str(Symbol.parse(spelled)) == spelled


# --- Double symbols are one document: A/77/895-S/2023/363 in masthead, sidecar, mention and address ---

PAIR, FIRST, SECOND = "A/81/77-S/2026/88", "A/81/77", "S/2026/88"
TEXT = "见A/81/77-S/2026/88号文件。见A/81/77号文件。见S/2026/88号文件。"
MENTIONS = [("1", PAIR, PAIR), ("1", "A/81/77号文件", FIRST), ("1", "S/2026/88号文件", SECOND)]


@each_row()
def test_both_symbols_are_read_from_masthead_and_sidecar(printed, symbols, remark):
    body = "1. 灯塔由港口管理，灯船由海事机关管理。"
    masthead = parse_source(source_of(f"联合国 {printed}\n\n{body}"), sidecar_of({}), load_reference()).facts
    sidecar = parse_source(source_of(body), sidecar_of({"symbol": printed}), load_reference()).facts
    for facts in (masthead, sidecar):
        assert (facts.symbol, *facts.other_symbols) == symbols, remark
    single = len(symbols) == 1
    assert symbols_within("-".join(symbols)) == (symbols if single else ("-".join(symbols), *symbols))


@each_row("PRINTED")
def test_a_symbol_is_the_same_wherever_it_is_printed(printed, symbol):
    body = "1. 灯塔由港口管理，灯船由海事机关管理。"

    def read(text, **stated):
        return parse_source(source_of(text), sidecar_of(stated), load_reference())

    for head in (f"联合国 {printed}\n大会\n", f"{printed}\n", f"国际原子能机构\n{printed}\n普遍分发\n"):
        assert read(f"{head}\n{body}").facts.symbol == symbol
    assert read(body, symbol=printed).facts.symbol == symbol
    assert str(Symbol.parse(symbol).parts[0]) == str(Symbol.parse(printed.lower()).parts[0]) == symbol
    if not printed.startswith("GOV"):
        assert [m.symbol for m in read(f"{body}\n2. 见{printed}。", symbol="S/2031/9").mentions] == [symbol]


@each_row("NAMED")
def test_brackets_belong_to_a_symbol_where_they_name_a_part(text, symbols):
    document = parse_source(source_of(f"1. {text}"), sidecar_of({"symbol": "S/2031/9"}), load_reference())
    assert tuple(mention.symbol for mention in document.mentions) == symbols


def test_a_sidecar_may_name_further_symbols_beside_a_double_one():
    sidecar = sidecar_of({"symbol": PAIR, "other_symbols": ["E/2026/5", SECOND]})
    assert (sidecar.stated["symbol"], sidecar.stated["other_symbols"]) == (FIRST, (SECOND, "E/2026/5"))


@pytest.mark.django_db
@pytest.mark.parametrize("citing_first", [True, False])
def test_mentions_of_either_and_of_the_pair_count_for_it(citing_first):
    acts = [
        lambda: store(parsed("S/2026/99", ("1", TEXT), mentions=MENTIONS)),
        lambda: store(parsed(FIRST, ("1", "灯塔。"), other_symbols=(SECOND,))),
    ]
    for act in acts if citing_first else reversed(acts):
        act()
    document = Document.objects.get(symbol=FIRST)
    assert [mention.target for mention in Mention.objects.all()] == [document] * 3
    for symbol in (PAIR, FIRST, SECOND):
        assert Mention.objects.of(symbol).count() == 3
        assert Paragraph.objects.citing(symbol).count() == 1
        assert Document.objects.find(symbol) == document


@pytest.mark.django_db
def test_a_pair_of_two_documents_that_are_held_apart_names_neither():
    for symbol in (FIRST, SECOND):
        store(parsed(symbol, ("1", f"{symbol}的文字。")))
    store(parsed("S/2026/99", ("1", TEXT), mentions=MENTIONS[:1]))
    assert Mention.objects.get().target is None


@pytest.mark.django_db
@pytest.mark.parametrize("symbol", [PAIR, SECOND])
def test_every_address_of_the_document_leads_to_it(client, symbol):
    stored(parsed(FIRST, ("1", "灯塔。"), other_symbols=(SECOND,)))
    for tail in ("", "/p/1", "/cited-by"):
        answer = client.get(f"/{symbol}{tail}", follow=True)
        assert (answer.status_code, answer.request["PATH_INFO"]) == (200, f"/{FIRST}{tail}")


@pytest.mark.django_db
def test_mentions_of_a_pair_that_is_not_held_count_for_either(client):
    for at, (surface, symbol) in enumerate([(PAIR, PAIR), (FIRST, FIRST), (SECOND, SECOND)], start=1):
        store(parsed(f"S/2026/{at}", ("1", f"见{surface}号文件。"), mentions=[("1", surface, symbol)]))
    for symbol, others in ((PAIR, [FIRST, SECOND]), (FIRST, [SECOND]), (SECOND, [FIRST])):
        told = client.get(f"/{symbol}.json").json()
        assert (told["cited_by"]["paragraphs"], told["same_document"]) == (3, others)
        assert client.get(f"/{symbol}/cited-by.json").json()["total"]["paragraphs"] == 3
        assert "是同一份文件" in client.get(f"/{symbol}").content.decode()


@pytest.mark.django_db
def test_a_pair_counts_for_the_one_that_is_held_and_mentions_of_the_other_too():
    store(parsed(FIRST, ("1", "灯塔。")))
    store(parsed("S/2026/99", ("1", TEXT), mentions=MENTIONS))
    targets = {mention.symbol: mention.target and mention.target.symbol for mention in Mention.objects.all()}
    assert targets == {PAIR: FIRST, FIRST: FIRST, SECOND: None}
    assert Mention.objects.of(FIRST).count() == Mention.objects.of(SECOND).count() == 3


@pytest.mark.django_db
def test_mentions_of_a_document_of_its_own_do_not_count_for_the_other_of_a_pair():
    for symbol in (FIRST, SECOND):
        store(parsed(symbol, ("1", f"{symbol}的文字。")))
    store(parsed("S/2026/99", ("1", TEXT), mentions=MENTIONS))
    assert {mention.symbol for mention in Mention.objects.of(FIRST)} == {PAIR, FIRST}


@pytest.mark.django_db
def test_pairs_are_looked_up_in_the_index_of_pairs_alone():
    plan = Mention.objects.pairs_with(FIRST).values("symbol").explain()
    assert "mentions_of_pairs" in plan or connection.vendor != "sqlite"


def wanted(client) -> list[tuple]:
    rows = client.get("/wanted.json").json()["wanted"]
    return [(row["symbol"], row["paragraphs"], row["documents"], row["same_document"]) for row in rows]


def citing(number: int, *symbols: str) -> None:
    words = "".join(f"见{symbol}号文件。" for symbol in symbols)
    store(parsed(f"S/2026/{number}", ("1", words), mentions=[("1", one, one) for one in symbols]))


@pytest.mark.django_db
@each_row("WANTED")
def test_a_pair_and_its_members_are_wanted_once(client, cited, expected, remark):
    for at, symbols in enumerate(cited, start=1):
        citing(at, *symbols)
    assert tuples(wanted(client)) == expected, remark
    for symbol, paragraphs, *_rest in expected:
        listed = client.get(f"/{symbol}/cited-by.json").json()["total"]["paragraphs"]
        assert listed == paragraphs, remark


@pytest.mark.django_db
def test_the_other_symbol_of_what_is_held_is_not_wanted(client):
    store(parsed(FIRST, ("1", "灯塔。")))
    citing(1, SECOND)
    assert wanted(client) == [(SECOND, 1, 1, [])]
    citing(2, PAIR)
    assert wanted(client) == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/wanted", "/wanted.json", "/documents", "/documents.csv"])
def test_lists_with_pairs_ask_the_same_few_questions(client, django_assert_max_num_queries, address):
    store(parsed(FIRST, ("1", "灯塔。")))
    citing(1, PAIR, SECOND)
    citing(2, "A/81/1-S/2026/500")

    def asked() -> int:
        with django_assert_max_num_queries(60) as found:
            b"".join(client.get(address))
        return len(found)

    before = asked()
    for number in range(3, 9):
        store(parsed(f"A/81/{number}00", ("1", "灯塔。")))
        citing(
            number,
            f"A/81/{number}00-S/2026/{number}00",
            f"S/2026/{number}00",
            f"A/81/{number}-E/2026/{number}",
        )
    assert asked() == before


@pytest.mark.django_db
def test_lists_count_who_cites_the_pair_or_its_members(client):
    for symbol in (FIRST, "A/81/78"):
        store(parsed(symbol, ("1", "灯塔。")))
    citing(1, FIRST)
    citing(2, SECOND, FIRST)
    citing(3, SECOND)
    lists = {row["symbol"]: row["cited_by"] for row in client.get("/documents.json").json()["documents"]}
    assert (lists[FIRST], lists["A/81/78"]) == (2, 0)
    citing(4, PAIR)
    lists = {row["symbol"]: row["cited_by"] for row in client.get("/documents.json").json()["documents"]}
    assert (lists[FIRST], lists["A/81/78"]) == (4, 0)
    assert client.get(f"/{FIRST}/cited-by.json").json()["total"]["paragraphs"] == 4
    table = b"".join(client.get("/documents.csv").streaming_content).decode()
    assert next(line for line in table.splitlines() if line.startswith(f"{FIRST},")).split(",")[-3] == "4"


# --- What names one place as a whole ---

RESOLUTION = "S/RES/1540(2004)"


@each_row("NAMES")
def test_find_jump(typed, place, remark):
    assert read_places(typed) == ([TypedPlace(*place)] if place else []), remark


def test_what_is_too_long_to_be_a_name_is_none():
    assert read_places("1" * 5000) == []


@each_row("LABELS")
def test_a_place_in_words(place, label):
    assert label_of_place(TypedPlace(*place)) == label


# --- Numerals ↔ numbers ---


@each_row("NUMBERS")
def test_number_of(text, number, remark):
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("XXV", 25), ("iv", 4), ("LXIII", 63), ("IIII", None), ("VX", None), ("A", None), ("", None)],
)
def test_number_of_roman(text, number):
    assert number_of_roman(text) == number


@given(st.integers(1, 399))
def test_roman_numerals_go_both_ways(number):
    assert number_of_roman(roman_of(number)) == number
    assert number_of_roman(roman_of(number).upper()) == number


@pytest.mark.parametrize("number", [0, -1, 4000])
def test_no_roman_numeral_outside_the_usual(number):
    with pytest.raises(ValueError, match="no roman numeral"):
        roman_of(number)


@given(st.text(max_size=12))
def test_any_text_has_a_number_or_none(text):
    assert number_of(text) is None or number_of(text) >= 0
    assert number_of_roman(text) is None or number_of_roman(text) > 0
