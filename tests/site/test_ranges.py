"""Ranges of paragraphs: one spelling, the words as stored, and an honest answer when they were cited."""

from __future__ import annotations

import random
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import IssuedText, Paragraph
from archive.site.presenters.wording import range_name
from archive.store.links.ranges import choose, readings, runs_of, spell
from archive.text.fingerprint import fingerprint
from archive.text.parsed import Kind
from tests.tables import each_row, rows_from, tuples
from tests.tools.factories import block, parsed, stored
from tests.tools.pages import page

ANCHORS = st.from_regex(r"(annex2?\.)?([1-9][0-9]?|s[1-9]\.u[1-9]|fn[1-9])(\.[a-e])?", fullmatch=True)


# --- spelling ---


@each_row()
def test_a_range_has_one_spelling_that_reads_back(first, last, spelled):
    assert spell(first, last) == spelled
    assert choose(spelled, {first, last}) == (first, last)


@given(ANCHORS, ANCHORS)
def test_every_range_reads_back_as_itself_where_nothing_likelier_stands(first, last):
    assert (first, last) in list(readings(spell(first, last)))
    assert choose(spell(first, last), {first, last}) in {(first, last), (first, first), (last, last)}


@each_row()
def test_a_range_is_named_as_it_is_cited(first, last, part, name):
    assert range_name(first, last, part) == name


@given(st.lists(st.sampled_from("ab"), max_size=4), st.lists(st.sampled_from("ab"), max_size=20))
def test_runs_are_all_the_places_and_only_those(words, whole):
    size = len(words)
    every = [at for at in range(len(whole) - size + 1) if whole[at : at + size] == words] if words else []
    assert runs_of(words, whole) == every


# --- pages ---


@pytest.fixture
def letter(db):
    """A letter with sub-paragraphs, a heading in between, and an annex that numbers anew."""
    sub = Kind.SUBPARAGRAPH
    return stored(
        parsed(
            "S/2031/7",
            ("1", "第一段。"),
            ("2", "第二段："),
            block("2.a", "甲项；", kind=sub, number="a", parent="2"),
            block("2.b", "乙项。", kind=sub, number="b", parent="2"),
            block("h1", "小标题", kind=Kind.HEADING, number=None, level=1),
            ("3", "第三段。"),
            ("4", "第四段。"),
            block("annex", "附件", kind=Kind.HEADING, role="annex_label", part="annex", level=1, number=None),
            block("annex.1", "附件的第一段。", part="annex"),
            block("annex.14", "附件的第十四段。", part="annex"),
            block("annex.15", "附件的第十五段。", part="annex"),
        )
    )


@each_row()
def test_a_range_is_all_that_stands_between_its_ends(client, letter, spelled, anchors, name):
    texts = dict(letter.paragraphs.values_list("anchor", "text"))
    words = "\n".join(texts[anchor] for anchor in anchors)
    address = f"/S/2031/7/p/{spelled}"
    tree = page(client, address)
    assert name in tree.all("h1")[0].text
    shown = tree.all("article", "reading")[0].all(css="paragraph")
    assert [one.attributes["id"] for one in shown] == [f"p-{anchor}" for anchor in anchors]
    twin = client.get(f"{address}.json").json()
    assert twin["range"]["text"] == words
    assert twin["range"]["fingerprint"] == fingerprint(words) == fingerprint("".join(words.split("\n")))
    assert tuples([one["anchor"] for one in twin["paragraphs"]]) == anchors
    assert client.get(f"{address}.txt").content.decode() == words + "\n"
    assert client.get(twin["range"]["permalink"] + ".json").json()["fate"] == "identical"
    canonical = [link for link in tree.all("link") if link.attributes.get("rel") == "canonical"]
    assert canonical[0].attributes["href"] == f"http://testserver{address}"


@pytest.mark.parametrize(
    ("typed", "meant", "remark"), rows_from(__name__, "test_other_spellings_lead_to_the_one_address")
)
@pytest.mark.parametrize("tail", ["", ".json", ".txt"])
def test_other_spellings_lead_to_the_one_address(client, letter, typed, meant, remark, tail):
    response = client.get(f"/S/2031/7/p/{typed}{tail}")
    status = 302 if typed.startswith("14") else 301  # without their part they may mean others one day
    assert (response.status_code, unquote(response["Location"])) == (status, f"/S/2031/7/p/{meant}{tail}"), (
        remark
    )


@each_row()
def test_an_end_that_is_not_there_is_named(client, letter, spelled, words):
    tree = page(client, f"/S/2031/7/p/{spelled}", 404)
    assert words in tree.text
    assert "/S/2031/7" in tree.links
    assert client.get(f"/S/2031/7/p/{spelled}.json").status_code == 404


@pytest.mark.django_db
def test_a_range_that_is_too_long_says_how_long(client):
    stored(parsed("S/2031/9", *[(str(n), f"第{n}句。") for n in range(1, 303)]))
    assert "共201块" in page(client, "/S/2031/9/p/1-201", 404).text
    page(client, "/S/2031/9/p/1-200")


@each_row()
def test_the_form_on_the_document_page_leads_to_the_range(client, letter, query, leads_to):
    form = page(client, "/S/2031/7").all("form", "range-form")[0]
    assert [field.attributes["name"] for field in form.all("input")] == ["from", "to"]
    response = client.get(f"{form.attributes['action']}?{query}")
    assert (response.status_code, response["Location"]) == (302, leads_to)
    assert client.get(response["Location"], follow=True).status_code == 200


@each_row()
def test_a_form_that_cannot_be_followed_says_why(client, letter, query, status, words):
    assert words in page(client, f"/S/2031/7/range?{query}", status).text


@pytest.mark.django_db
def test_the_pages_of_ranges_ask_a_constant_number_of_questions(client, django_assert_max_num_queries):
    stored(parsed("S/2031/9", *[(str(n), f"第{n}句。") for n in range(1, 150)]))
    client.get("/S/2031/9/p/1-2")
    for spelled in ("1-2", "1-149"):
        with django_assert_max_num_queries(20):
            assert client.get(f"/S/2031/9/p/{spelled}").status_code == 200


@pytest.mark.parametrize("parts", [13, 200, 5_000])
def test_ends_of_thousands_of_parts_ask_no_more_questions(
    client, letter, parts, django_assert_max_num_queries
):
    deep = ".".join(["1"] * parts)
    assert len(list(readings(f"{deep}-{deep}"))) == 9
    with django_assert_max_num_queries(60):
        assert client.get(f"/S/2031/7/p/{deep}-{deep}").status_code == 404


# --- words once cited ---

A, B, C, D, E = (
    "甲段说明出口管制。",
    "乙段说明边境管制。",
    "丙段说明衡算办法。",
    "丁段说明实物保护。",
    "戊段说明援助。",
)


@pytest.mark.django_db
@each_row()
def test_a_link_to_a_range_says_what_became_of_its_words(client, remark, before, after, fate, now):
    for texts in (before, after):
        rows = [(str(place), text) for place, text in enumerate(texts, 1)]
        stored(parsed("S/2031/9", *rows), name="S_2031_9.txt")
    address = f"/S/2031/9/p/1-2/{fingerprint(A + B)}"
    answer = client.get(f"{address}.json").json()
    assert answer["fate"] == fate, remark
    if fate in ("edited", "withdrawn"):
        assert answer["then"]["text"] == f"{A}\n{B}"
    if now:
        found = answer["range"] if fate in ("identical", "moved") else answer["now"]
        assert found["url" if "url" in found else "range"].endswith(now)
    tree = page(client, address, 410 if fate == "withdrawn" else 200)
    words = {"identical": "与引用时相同", "moved": "段落标记变了", "edited": "有改动", "withdrawn": "不在了"}
    assert words[fate] in tree.text


@pytest.mark.django_db
def test_a_fingerprint_that_no_range_ever_had_is_refused_or_doubted(client):
    stored(parsed("S/2031/9", ("1", A), ("2", B)))
    assert "没有发出过这个链接" in page(client, "/S/2031/9/p/1-2/00000000", 404).text
    stored(parsed("S/2031/9", ("1", A), ("2", C)), name="S_2031_9.txt")
    assert "无法证实" in page(client, "/S/2031/9/p/1-2/00000000").text


def edited(texts: list[str], chance: random.Random) -> list[str]:
    """A few random edits: inserted, removed, split, joined, moved, words changed."""
    texts = list(texts)
    for _edit in range(chance.randint(1, 3)):
        at = chance.randrange(len(texts))
        kind = chance.choice(["insert", "remove", "split", "join", "swap", "words"])
        if kind == "insert":
            texts.insert(at, f"新增的第{chance.randrange(10**6)}句话，说明情况。")
        elif kind == "remove" and len(texts) > 6:
            del texts[at]
        elif kind == "split" and len(texts[at]) > 4:
            texts[at : at + 1] = [texts[at][:3], texts[at][3:]]
        elif kind == "join" and at + 1 < len(texts) > 6:
            texts[at : at + 2] = [texts[at] + texts[at + 1]]
        elif kind == "swap":
            other = chance.randrange(len(texts))
            texts[at], texts[other] = texts[other], texts[at]
        elif kind == "words":
            texts[at] += chance.choice("甲乙丙丁")
    return texts


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_no_link_to_a_range_is_ever_lost_or_shows_other_words_in_silence(client, seed):
    chance = random.Random(seed)
    texts = [f"这是文件的第{n}段，说明第{n}项措施。" for n in range(1, 9)]
    issued: dict[str, str] = {}
    for _import in range(6):
        stored(parsed("S/2031/9", *[(str(n), text) for n, text in enumerate(texts, 1)]), name="S_2031_9.txt")
        for _link in range(4):
            first, last = sorted(chance.sample(range(1, len(texts) + 1), 2))
            words = "\n".join(texts[first - 1 : last])
            issued[f"/S/2031/9/p/{first}-{last}/{fingerprint(words)}"] = words
        texts = edited(texts, chance)
    for address, words in issued.items():
        response = client.get(f"{address}.json")
        assert response.status_code in (200, 410), address
        answer = response.json()
        if answer["fate"] in ("identical", "moved"):
            assert fingerprint(answer["range"]["text"]) == fingerprint(words), address
        elif answer["fate"] in ("edited", "withdrawn"):
            assert fingerprint(answer["then"]["text"]) == fingerprint(words), address
        else:
            assert answer["fate"] == "unknown", address


@pytest.mark.django_db
def test_a_text_withheld_by_law_is_not_shown_in_a_range(client):
    stored(parsed("S/2031/9", ("1", A), ("2", B)))
    stored(parsed("S/2031/9", ("1", C), ("2", B)), name="S_2031_9.txt")
    IssuedText.objects.filter(text=A).update(withheld=True)
    address = f"/S/2031/9/p/1-2/{fingerprint(A + B)}"
    assert A not in page(client, address).text
    assert client.get(f"{address}.json").json()["then"]["text"] is None


def test_any_two_paragraphs_of_the_bundled_documents_make_a_range(client, bundled_documents):
    chance = random.Random(7)
    for symbol, held in bundled_documents.items():
        rows = list(held.paragraphs.order_by("position").values_list("anchor", flat=True))
        for _range in range(4):
            at = chance.randrange(len(rows) - 1)
            first, last = rows[at], rows[min(at + chance.randrange(1, 30), len(rows) - 1)]
            twin = client.get(f"/{symbol}/p/{spell(first, last)}.json", follow=True).json()["range"]
            assert (twin["first"], twin["last"]) == (first, last)
            start, end = (Paragraph.objects.get(document=held, anchor=anchor) for anchor in (first, last))
            between = held.paragraphs.filter(position__range=(start.position, end.position))
            words = "\n".join(between.order_by("position").values_list("text", flat=True))
            assert twin["text"].startswith(words)
