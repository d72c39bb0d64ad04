"""Double symbols are one document: A/77/895-S/2023/363 in masthead, sidecar, mention and address."""

from __future__ import annotations

import pytest
from django.db import connection

from archive.models import Document, Mention, Paragraph
from archive.text.document import parse_source
from archive.text.reader import source_of
from archive.text.reference import load_reference
from archive.text.sidecar import sidecar_of
from archive.text.symbols import symbols_within

from .factories import parsed, store, stored

PAIR, FIRST, SECOND = "A/81/77-S/2026/88", "A/81/77", "S/2026/88"
TEXT = "见A/81/77-S/2026/88号文件。见A/81/77号文件。见S/2026/88号文件。"
MENTIONS = [("1", PAIR, PAIR), ("1", "A/81/77号文件", FIRST), ("1", "S/2026/88号文件", SECOND)]


@pytest.mark.parametrize(
    ("printed", "symbols", "remark"),
    [
        ("A/81/77-S/2026/88", (FIRST, SECOND), "Assembly and Council"),
        ("A/81/77–S/2026/88", (FIRST, SECOND), "a dash"),
        ("A/C.1/81/3-CD/2400", ("A/C.1/81/3", "CD/2400"), "a committee and the Conference"),
        ("A/81/7/Add.1-S/2026/9/Add.1", ("A/81/7/Add.1", "S/2026/9/Add.1"), "addenda"),
        ("S/2026/12-A/81/13", ("S/2026/12", "A/81/13"), "the Council first"),
        ("A/ES-10/81-S/2026/88", ("A/ES-10/81", "S/2026/88"), "an emergency session"),
        ("A/81/77-E/2026/5", (FIRST, "E/2026/5"), "the Economic and Social Council"),
        ("S/2026/88", (SECOND,), "a single symbol"),
        ("A/ES-10/81", ("A/ES-10/81",), "a hyphen in a single symbol"),
        ("C-SS-4/DEC.3", ("C-SS-4/DEC.3",), "two hyphens in one"),
    ],
)
def test_both_symbols_are_read_from_masthead_and_sidecar(printed, symbols, remark):
    body = "1. 灯塔由港口管理，灯船由海事机关管理。"
    masthead = parse_source(source_of(f"联合国 {printed}\n\n{body}"), sidecar_of({}), load_reference()).facts
    sidecar = parse_source(source_of(body), sidecar_of({"symbol": printed}), load_reference()).facts
    for facts in (masthead, sidecar):
        assert (facts.symbol, *facts.other_symbols) == symbols, remark
    single = len(symbols) == 1
    assert symbols_within("-".join(symbols)) == (symbols if single else ("-".join(symbols), *symbols))


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


WANTED = [
    ([(PAIR,), (FIRST,), (SECOND,)], [(PAIR, 3, 3, [FIRST, SECOND])], "one row, three paragraphs"),
    ([(FIRST, SECOND), (PAIR,)], [(PAIR, 2, 2, [FIRST, SECOND])], "a paragraph that cites both counts once"),
    ([(FIRST,), (SECOND,)], [(FIRST, 1, 1, []), (SECOND, 1, 1, [])], "no text says that they are one"),
    ([(PAIR,)], [(PAIR, 1, 1, [FIRST, SECOND])], "the pair alone"),
    (
        [(PAIR,), ("A/81/77-E/2026/5",), ("E/2026/5",), (SECOND,)],
        [(FIRST, 4, 4, ["A/81/77-E/2026/5", PAIR, "E/2026/5", SECOND])],
        "two pairs with one symbol between them",
    ),
    ([(PAIR,), ("S/2026/88-A/81/77",)], [(FIRST, 2, 2, [PAIR, SECOND, "S/2026/88-A/81/77"])], "both orders"),
    (
        [("A/ES-10/81",), ("A/81/78",)],
        [("A/81/78", 1, 1, []), ("A/ES-10/81", 1, 1, [])],
        "a hyphen is no pair",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("cited", "expected", "remark"), WANTED, ids=[row[2] for row in WANTED])
def test_a_pair_and_its_members_are_wanted_once(client, cited, expected, remark):
    for at, symbols in enumerate(cited, start=1):
        citing(at, *symbols)
    assert wanted(client) == expected, remark
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
