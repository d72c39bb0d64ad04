"""Storing documents: whole, once, with addresses kept and mentions resolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest
from django.db import models
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import (
    Body,
    BodyMention,
    Document,
    DroppedLine,
    IssuedText,
    Mention,
    MovedAnchor,
    Paragraph,
    Pinpoint,
    SourceFile,
    SymbolAlias,
    Theme,
)
from archive.store.database.bulk import insert_rows
from archive.store.ingest.checks import LONGEST_FACT
from archive.store.ingest.names import Names
from archive.store.ingest.values import RefusedError, Result
from archive.text.fingerprint import fingerprint
from archive.text.parsed import DroppedLine as ParsedDroppedLine
from archive.text.parsed import ParsedDocument, ParsedStateMention, Speaker, Submitter
from archive.text.pinpoints.value import pinpoint_anchors
from tests.tables import each_row, tuples
from tests.tools.factories import COMMITTEE, block, parsed, source, store, stored

pytestmark = pytest.mark.django_db
ALL = (
    Document,
    Paragraph,
    Mention,
    Pinpoint,
    BodyMention,
    DroppedLine,
    IssuedText,
    MovedAnchor,
    SourceFile,
    Body,
)


def snapshot() -> dict[str, list]:
    """Every row of every table that an import writes."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in ALL}


# --- fingerprints ---


@each_row("SAME_WORDS")
def test_fingerprint_is_equal_for_the_same_words(one, other, remark):
    assert fingerprint(one) == fingerprint(other)


def test_fingerprint_is_the_start_of_sha256():
    assert fingerprint("a b") == "fb8e20fc"  # sha256("ab") = fb8e20fc2e4c3f24…


def test_fingerprint_differs_for_other_words():
    assert fingerprint("第1540号") != fingerprint("第1541号")


# --- pinpoints ---


@each_row("PINPOINTS")
def test_pinpoint_names_anchors(pinpoint, anchors, remark):
    assert tuples(pinpoint_anchors(pinpoint)) == anchors


@given(st.text(alphabet="0123456789abivxp().,-、 annex", max_size=40))
def test_no_pinpoint_is_too_strange(pinpoint):
    anchors = pinpoint_anchors(pinpoint)
    assert all(anchors) and len(anchors) == len(set(anchors))


# --- the first import and the second ---

LETTER = parsed(
    "S/2010/52",
    ("u1", "谨转递报告。"),
    block("annex", "附件", number=None, part="annex"),
    block("annex.1", "1540委员会依照第1810(2008)号决议第8段行事。", part="annex", parent="annex"),
    block("annex.1.a", "甲；", part="annex", parent="annex.1", number="a"),
    mentions=[("annex.1", "第1810(2008)号决议第8段", "S/RES/1810(2008)", "8")],
    bodies=[("annex.1", "1540委员会", COMMITTEE)],
    sender="安全理事会第1540(2004)号决议所设委员会主席",
    communication_date="2010-01-29",
    title="信",
)


def test_a_document_is_created_with_all_its_parts():
    outcome = store(LETTER)
    assert (outcome.result, outcome.paragraphs, outcome.mentions, outcome.unresolved) == (
        Result.CREATED,
        4,
        1,
        1,
    )
    rows = Paragraph.objects.order_by("position")
    assert [(row.anchor, row.parent and row.parent.anchor, row.text) for row in rows] == [
        ("u1", None, "谨转递报告。"),
        ("annex", None, "附件"),
        ("annex.1", "annex", "1540委员会依照第1810(2008)号决议第8段行事。"),
        ("annex.1.a", "annex.1", "甲；"),
    ]
    assert all(row.fingerprint == fingerprint(row.text) for row in rows)
    assert IssuedText.objects.standing().count() == 4


def test_the_same_import_twice_writes_nothing(django_assert_num_queries):
    store(LETTER)
    before = snapshot()
    outcome = store(LETTER)
    assert outcome.result is Result.UNCHANGED
    assert snapshot() == before


def test_words_that_sql_changed_are_read_again_from_their_source():
    store(LETTER)
    history = IssuedText.objects.count()
    Paragraph.objects.filter(anchor="annex.1.a").update(text="乙；")
    assert store(LETTER).result is Result.UPDATED
    assert Paragraph.objects.get(anchor="annex.1.a").text == "甲；"
    assert IssuedText.objects.count() == history
    assert store(LETTER).result is Result.UNCHANGED


def test_a_new_parser_with_the_same_result_does_not_move_the_date_of_change():
    store(LETTER)
    before = Document.objects.get()
    outcome = store(LETTER, parser_version="next")
    after = Document.objects.get()
    assert outcome.result is Result.UPDATED and after.parser_version == "next"
    assert (after.pk, after.changed) == (before.pk, before.changed)
    assert store(LETTER, parser_version="next").result is Result.UNCHANGED


def test_an_update_keeps_the_row_and_the_rows_under_the_same_anchors():
    document = stored(LETTER)
    keys = dict(document.paragraphs.values_list("anchor", "pk"))
    changed = parsed("S/2010/52", ("u1", "谨转递报告。"), ("u2", "新的一段。"), ("annex.1", "改动。"))
    outcome = store(changed)
    assert (outcome.result, outcome.document) == (Result.UPDATED, document.pk)
    after = dict(document.paragraphs.values_list("anchor", "pk"))
    assert list(after) == ["u1", "u2", "annex.1"]
    assert (after["u1"], after["annex.1"]) == (keys["u1"], keys["annex.1"])
    assert not Mention.objects.exists() and not BodyMention.objects.exists()


def test_paragraphs_may_change_places_and_parents():
    store(parsed("S/1", ("1", "甲"), block("2", "乙", parent="1"), ("3", "丙")))
    store(parsed("S/1", ("3", "丙"), ("2", "乙"), block("1", "甲", parent="2")))
    rows = Paragraph.objects.order_by("position")
    assert [(row.anchor, row.parent and row.parent.anchor) for row in rows] == [
        ("3", None),
        ("2", None),
        ("1", "2"),
    ]


def test_a_child_survives_when_its_parent_goes():
    store(parsed("S/1", ("h1", "题"), block("1", "甲", parent="h1")))
    key = Paragraph.objects.get(anchor="1").pk
    store(parsed("S/1", ("1", "甲")))
    assert Paragraph.objects.get().pk == key


# --- what is refused ---

REFUSED = [
    (parsed(None, ("1", "甲")), "文号", "no symbol"),
    (parsed("S/1"), "没有正文", "no text"),
    (parsed("S/1", ("1", "甲"), ("1", "乙")), "重复：1", "an anchor twice"),
    (parsed("S/1", block("1", "甲", parent="h9")), "上级h9", "a parent that is not there"),
    (parsed("S/1", ("1", "甲"), date="2016年"), "不是日期", "no date"),
]


@pytest.mark.parametrize(("document", "message", "remark"), REFUSED)
def test_refused_with_the_reason_and_nothing_stored(document, message, remark):
    before = snapshot()
    with pytest.raises(RefusedError, match=message):
        store(document)
    assert snapshot() == before


def test_a_mention_that_is_not_in_the_text_is_refused():
    good = parsed("S/1", ("1", "第1号"), mentions=[("1", "第1号", "X/1")])
    wrong = [
        type(row)(row.anchor, row.start + 1, row.end + 1, row.surface, row.symbol) for row in good.mentions
    ]
    with pytest.raises(RefusedError, match="第1号"):
        store(ParsedDocument(good.facts, good.paragraphs, tuple(wrong)))


@pytest.mark.parametrize(
    ("start", "end", "surface"), [(1, 3, "古巴"), (0, 2, "古"), (0, 9, "古巴"), (-2, 2, "古巴"), (2, 2, "")]
)
def test_a_state_that_is_not_named_at_its_place_is_refused(start, end, surface):
    good = parsed("S/1", ("1", "古巴说。"))
    wrong = replace(good, states=(ParsedStateMention("1", start, end, surface, "CUB"),))
    with pytest.raises(RefusedError, match="位置不符"):
        store(wrong)
    store(replace(good, states=(ParsedStateMention("1", 0, 2, "古巴", "CUB"),)))


def test_an_error_in_the_middle_leaves_the_document_as_before(monkeypatch):
    store(LETTER)
    before = snapshot()
    monkeypatch.setattr("archive.store.ingest.store.record_issue", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store(parsed("S/2010/52", ("1", "别的文字")))
    assert snapshot() == before


# --- symbols ---


def test_both_symbols_of_a_document_lead_to_it():
    document = stored(parsed("A/77/895", ("1", "甲"), other_symbols=("S/2023/363",)))
    assert Document.objects.find("S/2023/363") == document == Document.objects.find("A/77/895")
    assert Document.objects.find("S/2023/364") is None


def test_a_symbol_of_another_document_is_refused():
    store(parsed("A/77/895", ("1", "甲"), other_symbols=("S/2023/363",)), name="one.txt")
    with pytest.raises(RefusedError, match="A/77/895.*one.txt"):
        store(parsed("S/2023/363", ("1", "乙")), name="two.txt")
    with pytest.raises(RefusedError, match="A/77/895"):
        store(parsed("A/1/1", ("1", "乙"), other_symbols=("A/77/895",)), name="two.txt")
    assert Document.objects.count() == 1


def test_a_symbol_once_misread_goes_on_leading_to_the_document():
    document = stored(parsed("S/2016/103", ("1", "甲")), name="a.txt", content="x")
    again = stored(parsed("S/2016/1013", ("1", "甲")), name="a.txt", content="x")
    assert again.pk == document.pk and again.symbol == "S/2016/1013"
    assert Document.objects.find("S/2016/103") == again
    assert IssuedText.objects.standing().get().symbol == "S/2016/1013"
    # And back again: the parser was right the first time.
    third = stored(parsed("S/2016/103", ("1", "甲")), name="a.txt", content="x")
    assert third.pk == document.pk
    assert Document.objects.find("S/2016/1013") == third


def test_two_languages_of_a_document_are_two_and_the_chinese_one_is_found():
    english = stored(parsed("S/1", ("1", "Whereas"), language="en"))
    chinese = stored(parsed("S/1", ("1", "鉴于")))
    assert english.pk != chinese.pk
    assert Document.objects.find("S/1") == chinese
    assert IssuedText.objects.standing().count() == 2 and not MovedAnchor.objects.exists()


# --- what was issued under an address ---


def last_of(anchor: str) -> str | None:
    """Where the moves of an anchor of S/1 end."""
    symbol, last = MovedAnchor.objects.place("S/1", anchor) or ("S/1", None)
    assert symbol == "S/1"
    return last


@each_row("HISTORIES")
def test_history_of_addresses(remark, versions, closed, moves):
    for version in versions:
        store(parsed("S/1", *version.items()))
    texts = IssuedText.objects.exclude(until=None).order_by("until", "pk")
    assert tuples(list(texts.values_list("anchor", "ending"))) == closed
    assert all(row.reason for row in texts)
    anchors = set(MovedAnchor.objects.values_list("old_anchor", flat=True))
    assert {anchor: last_of(anchor) for anchor in anchors} == moves
    standing = IssuedText.objects.standing().values_list("anchor", "fingerprint")
    assert dict(standing) == {anchor: fingerprint(text) for anchor, text in versions[-1].items()}


VERSIONS = st.lists(
    st.dictionaries(
        st.sampled_from(["1", "2", "3", "u1", "u2", "annex.1"]), st.sampled_from("甲乙丙丁"), min_size=1
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.slow
@settings(max_examples=50)
@given(VERSIONS)
def test_every_issued_address_has_an_answer(versions):
    """Whatever happens to a document: an issued text is never lost; a move leads to the same words."""
    Document.objects.all().delete()
    IssuedText.objects.all().delete()
    MovedAnchor.objects.all().delete()
    issued = set()
    for version in versions:
        store(parsed("S/1", *version.items()))
        issued |= {(anchor, fingerprint(text)) for anchor, text in version.items()}
    living = versions[-1]
    assert set(IssuedText.objects.values_list("anchor", "fingerprint")) == issued
    standing = IssuedText.objects.standing().values_list("anchor", "fingerprint")
    assert dict(standing) == {anchor: fingerprint(text) for anchor, text in living.items()}
    for move in MovedAnchor.objects.all():
        assert move.old_anchor not in living
        end = last_of(move.old_anchor)
        last = IssuedText.objects.under("S/1", move.old_anchor).last().fingerprint
        was_there = {anchor for anchor, words in issued if words == last}
        assert end not in living or end in was_there


# --- resolving ---

CITING = parsed(
    "S/2020/1",
    ("1", "见S/2010/1第14段、S/2010/1第3(a)段、S/2010/1第1至3段和本文件S/2020/1第1段"),
    mentions=[
        ("1", "S/2010/1第14段", "S/2010/1", "14"),
        ("1", "S/2010/1第3(a)段", "S/2010/1", "3(a)"),
        ("1", "S/2010/1第1至3段", "S/2010/1", "1-3"),
        ("1", "S/2020/1第1段", "S/2020/1", "1"),
    ],
)
CITED = parsed(
    "S/2010/1",
    block("1", "壹"),
    block("3", "叁"),
    block("3.a", "甲", parent="3", number="a"),
    block("annex.14", "拾肆", part="annex"),
)


def resolved() -> list[tuple]:
    """Every mention with where it leads, independent of keys."""
    rows = Mention.objects.select_related("target", "target_paragraph").prefetch_related("pinpoints")
    return sorted(
        (
            mention.paragraph.document.symbol,
            mention.surface,
            mention.target and mention.target.symbol,
            mention.target_paragraph and mention.target_paragraph.anchor,
            [
                (pin.anchor, pin.target_paragraph and pin.target_paragraph.anchor)
                for pin in mention.pinpoints.all()
            ],
        )
        for mention in rows
    )


def test_mentions_are_resolved_to_documents_and_paragraphs():
    store(CITED)
    outcome = store(CITING)
    assert (outcome.mentions, outcome.resolved) == (4, 4)
    assert resolved() == [
        ("S/2020/1", "S/2010/1第14段", "S/2010/1", "annex.14", [("14", "annex.14")]),
        ("S/2020/1", "S/2010/1第1至3段", "S/2010/1", None, [("1", "1"), ("2", None), ("3", "3")]),
        ("S/2020/1", "S/2010/1第3(a)段", "S/2010/1", "3.a", [("3.a", "3.a")]),
        ("S/2020/1", "S/2020/1第1段", "S/2020/1", "1", [("1", "1")]),
    ]


def test_the_order_of_import_does_not_matter():
    third = parsed(
        "A/1/1", ("1", "见S/2020/1"), mentions=[("1", "S/2020/1", "S/2020/1")], other_symbols=("E/1/1",)
    )
    fourth = parsed("A/1/2", ("1", "见E/1/1第1段"), mentions=[("1", "E/1/1第1段", "E/1/1", "1")])
    results = []
    for order in permutations((CITED, CITING, third, fourth)):
        Document.objects.all().delete()
        SymbolAlias.objects.all().delete()
        for document in order:
            store(document)
        results.append(resolved())
    assert all(result == results[0] for result in results)
    assert all(target for _symbol, _surface, target, *_rest in results[0])


def test_incoming_mentions_follow_when_paragraphs_are_replaced():
    store(CITING)
    store(CITED)
    store(parsed("S/2010/1", ("2", "贰"), ("14", "拾肆")))
    assert [row[3:] for row in resolved()[:3]] == [
        ("14", [("14", "14")]),
        (None, [("1", None), ("2", "2"), ("3", None)]),
        (None, [("3.a", None)]),
    ]


def test_a_number_that_occurs_twice_is_not_guessed():
    store(parsed("S/2010/1", block("annex.14", "甲"), block("annex2.14", "乙")))
    store(CITING)
    assert resolved()[0][3:] == (None, [("14", None)])


REVIEW = "annex annex.2 annex.annex1^annex annex.annex1.2 annex.annex2^annex annex.annex2.2"
SECTIONS = "annex annex.s1^annex annex.5^annex.s1 annex.s2^annex annex.s2.5^annex.s2 annex.14^annex.s2"
ENCLOSED = "annex annex.enclosure^annex annex.enclosure.2 annex2 annex2.enclosure^annex2 annex2.enclosure.2"


@each_row("LABELS")
def test_the_printed_label_tells_what_is_meant(held, cited, meant, remark):
    rows = [one.partition("^") for one in held.split()]
    store(parsed("S/2010/1", *(block(anchor, anchor, parent=above or None) for anchor, _, above in rows)))
    store(parsed("S/2020/1", ("1", "见S/2010/1。"), mentions=[("1", "S/2010/1", "S/2010/1", cited)]))
    assert resolved()[0][3] == meant, remark


def test_a_mention_loses_its_target_with_the_symbol():
    store(parsed("A/1/1", ("1", "甲"), other_symbols=("S/2010/1",)))
    store(CITING)
    assert Mention.objects.filter(symbol="S/2010/1", target__symbol="A/1/1").count() == 3
    SymbolAlias.objects.all().delete()
    store(parsed("A/1/1", ("1", "甲乙")))
    assert Mention.objects.filter(symbol="S/2010/1", target=None).count() == 3


def test_mentions_in_a_bodys_name_are_marked():
    name = "安全理事会第1540(2004)号决议所设委员会"
    store(
        parsed(
            "S/1",
            ("1", f"{name}讨论了第1673(2006)号决议"),
            mentions=[
                ("1", "第1540(2004)号决议", "S/RES/1540(2004)"),
                ("1", "第1673(2006)号决议", "S/RES/1673(2006)"),
            ],
            bodies=[("1", name, COMMITTEE)],
        )
    )
    assert list(Mention.objects.citing().values_list("symbol", flat=True)) == ["S/RES/1673(2006)"]


# --- names ---


@each_row("STATES")
def test_state_is_found_by_any_of_its_names(name, alpha3, remark):
    state = Names().state(name)
    assert (state and state.alpha3) == alpha3


@each_row("BODIES")
def test_body_is_found_by_any_of_its_names(name, body, remark):
    found = Names().body(name)
    assert (found and found.name) == body


@each_row("SENDERS")
def test_sender_is_a_state_or_a_body(sender, alpha3, body, remark):
    state, found = Names().sender(sender)
    assert (state and state.alpha3, found and found.name) == (alpha3, body)


def test_speakers_and_submitters_are_matched():
    store(
        parsed(
            "S/1",
            block("1", "甲", speaker=Speaker("某", "女士", "古巴", "member", "主席")),
            block("2", "乙", submitter=Submitter("欧洲联盟", "英文", "2019-05-15")),
            block("3", "丙", speaker=Speaker("某", delegation="某公司")),
        )
    )
    rows = Paragraph.objects.order_by("position")
    assert [(row.state and row.state.alpha3, row.body and row.body.name) for row in rows] == [
        ("CUB", None),
        (None, "欧洲联盟"),
        (None, None),
    ]
    assert rows[2].speaker_delegation == "某公司"


def test_a_body_that_only_the_document_defines_becomes_provisional():
    name = "某某问题国际联合小组（试）"
    for symbol in ("S/1", "S/2"):
        store(parsed(symbol, ("1", f"{name}开会"), bodies=[("1", name, name)]))
    body = Body.objects.get(name=name)
    assert body.provisional and body.slug == "某某问题国际联合小组试" and body.mentions.count() == 2


def test_bodies_whose_names_give_the_same_slug_stay_apart():
    names = ["联合小组(甲)", "联合小组 甲", "联合小组甲"]
    store(
        parsed(
            "S/1",
            *((str(at), name) for at, name in enumerate(names)),
            bodies=[(str(at), name, name) for at, name in enumerate(names)],
        )
    )
    slugs = list(Body.objects.filter(provisional=True).values_list("slug", flat=True))
    assert len(slugs) == len(set(slugs)) >= 2


# --- dates ---


@each_row("DATES")
def test_chronology(facts, sort_date, year, remark):
    document = stored(parsed(facts.pop("symbol", "S/1"), ("1", "甲"), **facts))
    assert (document.sort_date and document.sort_date.isoformat(), document.year) == (sort_date, year)


def test_a_report_is_not_older_than_its_last_reply():
    replies = [
        block(str(at), "甲", submitter=Submitter("古巴", None, date))
        for at, date in enumerate(["2019-04-26", "2019-05-15", None])
    ]
    assert stored(parsed("A/74/140", *replies)).sort_date.isoformat() == "2019-05-15"


# --- the source ---


def test_the_source_is_kept_byte_for_byte_and_a_new_one_beside_the_old():
    store(parsed("S/1", ("1", "甲")), content="甲\r\n")
    document = stored(parsed("S/1", ("1", "乙")), content="乙")
    assert bytes(document.source.content) == "乙".encode()
    assert [bytes(row.content) for row in SourceFile.objects.order_by("pk")] == [
        "甲\r\n".encode(),
        "乙".encode(),
    ]
    assert document.source.sha256 == source("", "乙").sha256


def test_dropped_lines_are_kept_and_replaced():
    first = parsed("S/1", ("1", "甲"))
    for reason in ("页眉", "页码"):
        dropped = (ParsedDroppedLine(3, "S/1", reason),)
        store(ParsedDocument(first.facts, first.paragraphs, dropped=dropped))
    assert list(DroppedLine.objects.values_list("line", "text", "reason")) == [(3, "S/1", "页码")]


def test_no_text_as_printed_is_too_long():
    long, fact = "很" * 5000, "很" * LONGEST_FACT
    document = stored(
        parsed("S/1", block("1", long, number=fact, role=fact), sender=fact, agenda_item=fact, session=fact)
    )
    assert document.sender == fact
    limits = {field.name for field in Paragraph._meta.fields if getattr(field, "max_length", None)}
    assert limits <= {"kind", "fingerprint"} and isinstance(
        Paragraph._meta.get_field("text"), models.TextField
    )


# --- Rows inserted without models are the rows that models would have made ---

MOMENT = datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
WRITTEN = [
    # model, values, remark
    (
        IssuedText,
        {"symbol": "S/1", "anchor": "1", "fingerprint": "0" * 8, "text": "一%s？", "since": MOMENT},
        "moments and defaults, a per cent sign",
    ),
    (Theme, {"slug": "a", "name": "甲", "position": 1, "words": ["出口", "%"]}, "a list as JSON"),
]


@pytest.mark.parametrize(("model", "values", "remark"), WRITTEN, ids=[row[2] for row in WRITTEN])
def test_a_row_is_what_a_model_would_have_written(model, values, remark):
    model.objects.all().delete()
    model.objects.create(**values)
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    expected = model.objects.values(*columns).get()
    model.objects.all().delete()
    insert_rows(model, tuple(values), [tuple(values.values())])
    assert model.objects.values(*columns).get() == expected


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows(Theme, ("slug",), [])
