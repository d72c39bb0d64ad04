"""Which bodies, treaties, themes and States a document names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.ingest.names import folded
from archive.text.bodies import find_bodies
from archive.text.bodies.names import Trie
from archive.text.mentions import find_treaties
from archive.text.parsed import Facts, Kind, ParsedBody, ParsedMention, ParsedParagraph, Speaker, Submitter
from archive.text.reference import KnownTheme, Reference, load_reference
from archive.text.states import find_states
from archive.text.themes import find_themes
from tests.tables import each_row, rows_from

REFERENCE = load_reference()
SLUGS = {body.slug: body.name for body in REFERENCE.bodies}
NAMES = {body.name for body in REFERENCE.bodies}
MARK = re.compile(r"⟦([^|⟧]+)\|([^⟧]+)⟧")


Place = tuple[Facts, Callable[[list[str]], list[ParsedParagraph]]]


def setting(symbol: str, submitter: str = "", delegation: str = "", **facts: Any) -> Place:
    """What surrounds a sentence: the document's facts, and whose reply or speech it stands in."""
    whose = Submitter(submitter) if submitter else None
    speaker = Speaker("Okafor", "女士", delegation) if delegation else None
    return Facts(symbol=symbol, **facts), lambda texts: [
        ParsedParagraph(f"u{number}", Kind.PARAGRAPH, text, submitter=whose, speaker=speaker)
        for number, text in enumerate(texts, 1)
    ]


SETTINGS = {name: setting(**told) for name, told in rows_from(__name__, "SETTINGS").items()}
ROWS = [
    (remark, SETTINGS[where] if isinstance(where, str) else setting(**where), marked)
    for remark, where, marked in rows_from(__name__, "SENTENCES")
]


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


def found_in(texts: list[str], place: Place) -> tuple[ParsedBody, ...]:
    facts, paragraphs_of = place
    return find_bodies(paragraphs_of(texts), facts, REFERENCE)


@pytest.mark.parametrize(("place", "marked"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_bodies_of_a_sentence_are_those_marked(place: Place, marked: str | tuple[str, ...]) -> None:
    expected = [marked] if isinstance(marked, str) else list(marked)
    texts = [unmarked(text) for text in expected]
    paragraphs, found = place[1](texts), found_in(texts, place)
    by_paragraph = [[body for body in found if body.anchor == paragraph.anchor] for paragraph in paragraphs]
    got = [
        marked_up(paragraph.text, bodies) for paragraph, bodies in zip(paragraphs, by_paragraph, strict=True)
    ]
    assert got == expected


def forms(texts: list[str], name: str = "ANY") -> list[tuple[str, str]]:
    return [(body.surface, body.form) for body in found_in(texts, SETTINGS[name])]


def test_the_form_says_how_the_body_was_named() -> None:
    assert forms(["国际原子能机构、安理会、欧洲联盟(盟)和委员会。"], "RECORD_1540") == [
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
PLACES = st.sampled_from([row[1] for row in ROWS])


@given(DOCUMENTS, PLACES)
def test_bodies_lie_in_their_text_in_order_and_apart(texts: list[str], where: Place) -> None:
    paragraphs = where[1](texts)
    place: dict[str, int] = {}
    order = [paragraph.anchor for paragraph in paragraphs]
    by_anchor = {paragraph.anchor: paragraph.text for paragraph in paragraphs}
    found = found_in(texts, where)
    assert sorted(found, key=lambda body: (order.index(body.anchor), body.start)) == list(found)
    for body in found:
        assert place.get(body.anchor, 0) <= body.start < body.end <= len(by_anchor[body.anchor])
        assert by_anchor[body.anchor][body.start : body.end] == body.surface
        place[body.anchor] = body.end
    assert found_in(texts, where) == found


@given(DOCUMENTS, PLACES)
def test_every_body_is_in_the_table_or_defined_or_made_by_a_resolution(
    texts: list[str], where: Place
) -> None:
    whole = "\n".join(texts)
    for body in found_in(texts, where):
        by_resolution = re.fullmatch(r"安全理事会第[0-9()、和]+号决议所设(?:委员会|.{2,4}组){1,2}", body.body)
        assert (
            body.body in NAMES
            or by_resolution
            or f"{body.body}(" in whole.replace("（", "(").replace("”(", "(")
        )


@pytest.mark.slow
@each_row()
def test_hostile_text_is_read_to_its_end(unit: str) -> None:
    text = unit * (60_000 // len(unit)) + "。国际刑警组织。"
    found = found_in([text], SETTINGS["RECORD_1540"])
    assert found[-1].surface == "国际刑警组织"


# ---
# Bodies in sentences that the finder was not written for: text, ``surface → full name`` of each, remark.

PAPER = Facts(symbol="S/2016/1013")


def shown(text, facts=PAPER):
    """The bodies of one paragraph, as in the tables."""
    found = find_bodies([ParsedParagraph("1", Kind.PARAGRAPH, text)], facts, load_reference())
    assert all(text[body.start : body.end] == body.surface for body in found)
    return [f"{body.surface} → {body.body}" for body in found]


def table(rows):
    return pytest.mark.parametrize(("text", "wanted", "remark"), rows, ids=[row[0] for row in rows])


BUILT = rows_from(__name__, "BUILT")


@table(BUILT)
def test_no_body_inside_a_longer_name(text, wanted, remark):
    assert shown(text) == list(wanted)


@each_row("DEFINED")
def test_a_name_that_a_document_defines_begins_where_it_begins(text, name, remark):
    names = {line.partition(" → ")[2] for line in shown(text)}
    assert names == ({name} if name else set())


@each_row("CONFERENCES")
def test_the_organization_is_not_named_inside_the_name_of_a_conference(text, named, remark):
    assert ("联合国 → 联合国" in shown(text)) is named, remark


@pytest.mark.parametrize("strings", [("联大", "联合国", "会"), ("大", "大会", "大会堂"), ("ab", "abc"), ()])
def test_the_longest_string_at_each_place(strings):
    text = "联合国大会堂ab联大abc会"
    wanted = [
        (start, start + max(lengths))
        for start in range(len(text))
        if (lengths := [len(string) for string in strings if text.startswith(string, start)])
    ]
    found = Trie({string: string for string in strings}).everywhere(text)
    assert [(start, end) for start, end, _ in found] == wanted


MONUC, MONUSCO = "联合国组织刚果民主共和国特派团", "联合国组织刚果民主共和国稳定特派团"
BOTH = f"{MONUC}后来称为{MONUSCO}。"


@each_row("FOLLOWING")
def test_of_bodies_that_follow_each_other_the_date_chooses(year, text, last, remark):
    facts = Facts(symbol="S/AC.44/SR.74", date=year and f"{year}-05-01")
    surfaces, names = zip(*(line.split(" → ") for line in shown(text, facts)), strict=True)
    if last:
        assert names[-1] == last
    else:
        assert not {"特派团", "特设委员会"} & {*surfaces}


WHOLE = rows_from(__name__, "WHOLE")


@table([(name, [f"{name} → {name}"], remark) for name, remark in WHOLE])
def test_a_long_name_is_one_body(text, wanted, remark):
    assert shown(text) == list(wanted)


def test_no_body_begins_inside_the_name_of_a_state():
    assert shown("索马里制裁委员会和南苏丹人权专员") == []
    assert shown("马里稳定团")[0].endswith("联合国马里多层面综合稳定特派团")


# --- Treaties by name, and themes by their words. Each row is one form: text, what must come, remark ---


def block(text, kind=Kind.PARAGRAPH):
    return [ParsedParagraph("1", kind, text)]


def treaties(text):
    found = find_treaties(block(text), REFERENCE)
    for treaty in found:
        assert text[treaty.start : treaty.end] == treaty.surface
    return [
        f"{treaty.surface} → {treaty.treaty}" + (f" {treaty.article}" if treaty.article else "")
        for treaty in found
    ]


@each_row("TREATIES")
def test_names_of_treaties(text, wanted, remark):
    assert treaties(text) == list(wanted)


@pytest.mark.parametrize("treaty", REFERENCE.treaties, ids=lambda treaty: treaty.slug)
def test_every_name_of_the_table_names_its_treaty(treaty):
    for name in (treaty.name, *treaty.aliases):
        (found,) = find_treaties(block(f"加入《{name}》。"), REFERENCE)
        assert (found.treaty, found.surface) == (treaty.slug, f"《{name}》")


def test_the_table_is_in_order():
    slugs = [treaty.slug for treaty in REFERENCE.treaties]
    names = [name for treaty in REFERENCE.treaties for name in (treaty.name, *treaty.aliases)]
    assert len(slugs) == len(set(slugs))
    assert len(names) == len(set(names))


@each_row("THEMES")
def test_words_speak_of_themes(text, wanted, remark):
    found = find_themes(block(text), REFERENCE)
    assert [(theme.surface, theme.theme) for theme in found] == list(wanted)


def test_a_signature_speaks_of_nothing():
    assert find_themes(block("核武器专家", Kind.SIGNATURE), REFERENCE) == ()


@given(st.text(alphabet="《》〈〉不扩散核武器条约公约化学第四条、和年19(", max_size=40))
def test_places_lie_in_the_text_and_do_not_overlap(text):
    found = find_treaties(block(text), REFERENCE)
    assert all(text[treaty.start : treaty.end] == treaty.surface != "" for treaty in found)
    assert all(left.end <= right.start for left, right in zip(found, found[1:], strict=False))


# --- States named in text, and nothing that only looks like one ---


def found(text: str, kind: Kind = Kind.PARAGRAPH) -> list[tuple[str, str]]:
    rows = find_states([ParsedParagraph("1", kind, text)], REFERENCE)
    assert all(text[row.start : row.end] == row.surface for row in rows)
    return [(row.surface, row.state) for row in rows]


@each_row("STATE_NAMES")
def test_a_state_is_found_under_each_of_its_names(text, codes, remark):
    assert [code for _surface, code in found(text)] == codes.split(), remark


@each_row("NO_NAMES")
def test_what_only_looks_like_a_state_is_none(text, remark):
    assert found(text) == [], remark


@pytest.mark.parametrize("state", REFERENCE.states, ids=lambda state: state.alpha3)
def test_every_name_of_the_table_is_found_whole(state):
    for name in (state.name, state.official_name, *state.aliases):
        assert found(f"注意到{name}，") == [(name, state.alpha3)]


def test_a_signature_names_nobody():
    assert found("古巴常驻代表", Kind.SIGNATURE) == []


@given(st.lists(st.sampled_from([state.name for state in REFERENCE.states]), max_size=12))
def test_a_list_of_states_gives_each_once_in_order(names):
    codes = {state.name: state.alpha3 for state in REFERENCE.states}
    assert [code for _surface, code in found("、".join(names))] == [codes[name] for name in names]


# --- fixtures/states.json: the Members and observers, under the names that UN documents print ---


FIXTURE = Path(__file__).parents[2] / "fixtures" / "states.json"
MEMBERS_AND_OBSERVERS = 193 + 2

SHIPPED = {one["fields"]["alpha3"]: one["fields"] for one in json.loads(FIXTURE.read_text("utf-8"))}


def names(row: dict) -> set[str]:
    return {row["name"], row["official_name"], *row["aliases"]}


def test_members_and_observers_are_all_there():
    assert len(SHIPPED) == MEMBERS_AND_OBSERVERS
    assert {"VAT", "PSE"} <= SHIPPED.keys()
    assert not {"HKG", "MAC", "TWN", "GRL", "PRI", "COK", "ATA"} & SHIPPED.keys()


def test_no_name_means_two_states():
    seen: dict[str, str] = {}
    for code, row in SHIPPED.items():
        for name in names(row) | {row["english"]}:
            assert seen.setdefault(folded(name), code) == code, name


@pytest.mark.parametrize("field", ["alpha2", "name", "official_name", "english"])
def test_names_and_codes_are_there_and_unique(field):
    values = [row[field] for row in SHIPPED.values()]
    assert all(values) and len(values) == len(set(values))


@pytest.mark.parametrize("code", SHIPPED)
def test_chinese_names_are_chinese(code):
    for name in names(SHIPPED[code]):
        assert all("\u4e00" <= char <= "\u9fff" or char in "()" for char in name), name


@each_row("USUAL")
def test_a_state_has_the_name_that_the_un_uses_and_the_usual_ones(code, name, further):
    assert SHIPPED[code]["name"] == name
    assert {*further} <= names(SHIPPED[code])


@each_row("ENGLISH")
def test_english_names_are_in_their_natural_order(code, english):
    assert SHIPPED[code]["english"] == english


# --- Words of all themes are sought in one pass: what is found is what a pass for each theme finds ---


words = st.text("甲乙丙", min_size=1, max_size=4)
themes = st.lists(st.lists(words, min_size=1, max_size=4), min_size=1, max_size=4)


def reference_of(themes):
    known = tuple(KnownTheme(f"t{at}", f"t{at}", tuple(words)) for at, words in enumerate(themes))
    return Reference(themes=known)


@given(themes, st.text("甲乙丙丁", max_size=20))
def test_themes_are_found_as_by_a_pass_for_each(themes, text):
    apart = [
        (start, place, end)
        for place, words in enumerate(themes)
        for start, end, _word in Trie({word: word for word in words}).matches(text)
    ]
    found = find_themes([ParsedParagraph("1", Kind.PARAGRAPH, text)], reference_of(themes))
    assert [(one.start, int(one.theme[1:]), one.end) for one in found] == sorted(apart)
    assert all(text[one.start : one.end] == one.surface for one in found)


@each_row("FOUND")
def test_which_words_are_found(first, second, text, expected, remark):
    found = find_themes([ParsedParagraph("1", Kind.PARAGRAPH, text)], reference_of([first, second]))
    assert tuple((one.theme, one.start, one.end) for one in found) == expected
