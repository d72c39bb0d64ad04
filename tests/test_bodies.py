"""Which bodies a document names. The sentences stand in ``bodies_table``."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.bodies import find_bodies
from archive.text.parsed import Facts, Kind, ParsedBody, ParsedMention, ParsedParagraph, Submitter
from archive.text.reference import load_reference

from .bodies_table import ANY, RECORD_1540, ROWS, Setting

REFERENCE = load_reference()
SLUGS = {body.slug: body.name for body in REFERENCE.bodies}
NAMES = {body.name for body in REFERENCE.bodies}
MARK = re.compile(r"⟦([^|⟧]+)\|([^⟧]+)⟧")


def unmarked(marked: str) -> str:
    return MARK.sub(r"\1", marked)


def marked_up(text: str, bodies: list[ParsedBody]) -> str:
    """The text with the bodies found marked in it, as the table has it."""
    slugs = {name: slug for slug, name in SLUGS.items()}
    pieces, place = [], 0
    for body in bodies:
        pieces += [text[place : body.start], f"⟦{body.surface}|{slugs.get(body.body, body.body)}⟧"]
        place = body.end
    return "".join([*pieces, text[place:]])


@pytest.mark.parametrize(("setting", "marked"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_bodies_of_a_sentence_are_those_marked(setting: Setting, marked: str | list[str]) -> None:
    expected = [marked] if isinstance(marked, str) else marked
    paragraphs = setting.paragraphs([unmarked(text) for text in expected])
    found = find_bodies(paragraphs, setting.facts, REFERENCE)
    by_paragraph = [[body for body in found if body.anchor == paragraph.anchor] for paragraph in paragraphs]
    got = [
        marked_up(paragraph.text, bodies) for paragraph, bodies in zip(paragraphs, by_paragraph, strict=True)
    ]
    assert got == expected


def forms(texts: list[str], setting: Setting = ANY) -> list[tuple[str, str]]:
    return [(b.surface, b.form) for b in find_bodies(setting.paragraphs(texts), setting.facts, REFERENCE)]


def test_the_form_says_how_the_body_was_named() -> None:
    assert forms(["国际原子能机构、安理会、欧洲联盟(盟)和委员会。"], RECORD_1540) == [
        ("国际原子能机构", "full"),
        ("安理会", "alias"),
        ("欧洲联盟", "full"),
        ("委员会", "contextual"),
    ]
    assert forms(["世界海关组织(下称“世海”)", "世海表示同意。"])[1:] == [
        ("世海", "defined"),
        ("世海", "defined"),
    ]


def test_a_mention_tells_the_year_of_a_committee_known_only_by_number() -> None:
    paragraph = ParsedParagraph("u1", Kind.PARAGRAPH, "678委员会已经解散。")
    assert find_bodies([paragraph], Facts(), REFERENCE) == ()
    mention = ParsedMention("u9", 0, 11, "第678(1990)号决议", "S/RES/678(1990)")
    (found,) = find_bodies([paragraph], Facts(), REFERENCE, [mention])
    assert (found.surface, found.body) == ("678委员会", "安全理事会第678(1990)号决议所设委员会")


def test_what_one_reply_names_says_nothing_of_the_next() -> None:
    texts = {"印度": "印度参加了打击核恐怖主义全球倡议。", "古巴": "古巴提出了全球倡议。"}
    paragraphs = [
        ParsedParagraph(f"u{number}", Kind.PARAGRAPH, text, submitter=Submitter(state))
        for number, (state, text) in enumerate(texts.items(), 1)
    ]
    assert [body.anchor for body in find_bodies(paragraphs, Facts(symbol="A/74/140"), REFERENCE)] == ["u1"]


def test_a_heading_that_is_a_body_owns_what_stands_under_it() -> None:
    paragraphs = [
        ParsedParagraph("h1", Kind.HEADING, "国际原子能机构", level=2),
        ParsedParagraph("h1.u1", Kind.PARAGRAPH, "本机构举办了培训。", parent="h1"),
    ]
    assert [body.surface for body in find_bodies(paragraphs, Facts(symbol="A/74/140"), REFERENCE)] == [
        "国际原子能机构",
        "本机构",
    ]


PIECES = st.sampled_from(
    [
        *(unmarked(text) for row in ROWS for text in ([row[2]] if isinstance(row[2], str) else row[2])),
        *(spelling for body in REFERENCE.bodies for spelling in (body.name, *body.aliases, *body.contextual)),
        *"()（）《》“”、，。的和及其在第号年-—/0123456789A ",
        *("决议", "所设", "委员会", "大会", "下称", "简称", "联合国", "第1540(2004)号", "通过", "該委員會"),
    ]
)
DOCUMENTS = st.lists(st.lists(PIECES, max_size=12).map("".join), max_size=5)
SETTINGS = st.sampled_from([row[1] for row in ROWS])


@given(DOCUMENTS, SETTINGS)
def test_bodies_lie_in_their_text_in_order_and_apart(texts: list[str], setting: Setting) -> None:
    paragraphs = setting.paragraphs(texts)
    place: dict[str, int] = {}
    order = [paragraph.anchor for paragraph in paragraphs]
    by_anchor = {paragraph.anchor: paragraph.text for paragraph in paragraphs}
    found = find_bodies(paragraphs, setting.facts, REFERENCE)
    assert sorted(found, key=lambda body: (order.index(body.anchor), body.start)) == list(found)
    for body in found:
        assert place.get(body.anchor, 0) <= body.start < body.end <= len(by_anchor[body.anchor])
        assert by_anchor[body.anchor][body.start : body.end] == body.surface
        place[body.anchor] = body.end
    assert find_bodies(paragraphs, setting.facts, REFERENCE) == found


@given(DOCUMENTS, SETTINGS)
def test_every_body_is_in_the_table_or_defined_or_made_by_a_resolution(
    texts: list[str], setting: Setting
) -> None:
    whole = "\n".join(texts)
    for body in find_bodies(setting.paragraphs(texts), setting.facts, REFERENCE):
        by_resolution = re.fullmatch(r"安全理事会第[0-9()、和]+号决议所设(?:委员会|.{2,4}组){1,2}", body.body)
        assert (
            body.body in NAMES
            or by_resolution
            or f"{body.body}(" in whole.replace("（", "(").replace("”(", "(")
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "《",
        "1",
        "第1540(2004)、",
        "联合国",
        "安全理事会关于",
        "委员会",
        "大会在",
        "国际原子能机构(原子能机构)",
        "东非管制中心(东管中心)",
        "1540委员会及其专家组",
        "化学、生物、放射和核",
        "欧洲联盟(",
        "第1267(1999)、第1373号决议和",
        "第1540号决议委员会、第1号",
        "所有委员会",
    ],
)
def test_hostile_text_is_read_to_its_end(unit: str) -> None:
    text = unit * (60_000 // len(unit)) + "。国际刑警组织。"
    found = find_bodies(RECORD_1540.paragraphs([text]), RECORD_1540.facts, REFERENCE)
    assert found[-1].surface == "国际刑警组织"
