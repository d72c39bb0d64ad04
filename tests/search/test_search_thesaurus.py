"""The thesaurus in search: what is added to a query, of which kind, what it is worth, how to do without."""

from __future__ import annotations

import numpy as np
import pytest

from archive.models import ThesaurusConcept
from archive.text.skos import SkosConcept
from search.engine.searcher.scoring import MemoizingSource, Scores, evaluate
from search.query.language.conditions import (
    AllOf,
    AnyOf,
    Concept,
    Contains,
    Form,
    Ranked,
    Term,
    Without,
    as_typed,
)
from search.query.thesaurus.table import WEIGHTS, Relation, Thesaurus, term_key
from tests.tables import each_row
from tests.tools.factories import parsed, stored
from tests.tools.searching import archive_for, ask, found

CONCEPTS = (
    SkosConcept("smuggling", "走私", "t", variants=("偷运",), colloquial=("夹带过关",), taiwan=("跑單幫",),
                english=("smuggling",), broader=("crime",), related=("tariff",)),
    SkosConcept("crime", "跨境犯罪", "t", variants=("跨国罪行",), english=("cross-border crime",)),
    SkosConcept("tariff", "关税欺诈", "t", english=("customs fraud",)),
    SkosConcept("nuclear-smuggling", "核走私", "t", abbreviations=("NS",), broader=("smuggling",)),
    SkosConcept("source-smuggling", "放射源偷运", "t", broader=("nuclear-smuggling",)),
)  # fmt: skip


def _added(term: str, concepts=CONCEPTS) -> dict[str, str]:
    return {one.term: str(one.relation) for one in Thesaurus(concepts).expansions(term)}


@each_row("TYPED")
def test_a_term_brings_its_names_and_neighbours_by_kind(term, some, remark):
    added = _added(term)
    assert {other: added.get(other) for other in some} == some, remark
    assert bool(added) is bool(some), remark
    assert term_key(term) not in added


def test_nothing_added_is_worth_as_much_as_the_word_and_neighbours_less_than_names():
    assert all(0 < weight < 1 for weight in WEIGHTS.values())
    names = [WEIGHTS[one] for one in Relation if one.means_the_same]
    order = [Relation.NARROWER, Relation.BROADER, Relation.RELATED]
    neighbours = [WEIGHTS[one] for one in order]
    assert neighbours == sorted(neighbours, reverse=True)
    assert min(names) > max(neighbours)
    weights = [one.weight for one in Thesaurus(CONCEPTS).expansions("走私")]
    assert weights == sorted(weights, reverse=True)


def test_a_word_of_talk_is_trusted_less():
    formal = {one.term: one.weight for one in Thesaurus(CONCEPTS).expansions("走私")}
    talk = {one.term: one.weight for one in Thesaurus(CONCEPTS).expansions("夹带过关")}
    assert talk["偷运"] < formal["偷运"]


def test_a_word_of_talk_for_several_concepts_brings_the_first_names_of_each():
    listed = [
        SkosConcept(f"c{n}", f"名{n}", "t", variants=(f"又名{n}", f"别名{n}"), colloquial=("说法",))
        for n in range(3)
    ]
    assert [one.term for one in Thesaurus(listed).expansions("说法")][:6] == [
        "名0", "名1", "名2", "又名0", "又名1", "又名2",
    ]  # fmt: skip


def test_a_concept_that_is_wider_than_itself_does_no_harm():
    loop = (
        SkosConcept("a", "甲乙", "t", broader=("b",)),
        SkosConcept("b", "丙丁", "t", broader=("a", "none")),
    )
    assert _added("甲乙", loop) == {"丙丁": "narrower"}


def test_what_is_as_typed_holds_nothing_that_was_added():
    one, other = Form(Term("text", "a")), Form(Term("text", "b"))
    concept = Concept((one,), (other,), (other,), (other,), (other,))
    alone = Concept((one,), context=(other,))
    assert as_typed(Ranked((concept,))) == Ranked((alone,))
    assert as_typed(AllOf((concept, other.node))) == AllOf((alone, other.node))
    assert as_typed(AnyOf((concept,))) == AnyOf((alone,))
    assert as_typed(Without(concept, concept)) == Without(alone, concept)  # what is excluded stays excluded
    plain = Contains("核")
    assert as_typed(plain) is plain


class Postings:
    """Three rows: a word in the first two, a wider one in the last two. Counts how often it is asked."""

    size, total, asked = 3, 3, 0

    def told(self, concept):
        return concept, ()

    def term(self, field, value):
        self.asked += 1
        rows = {"word": [0, 1], "wider": [1, 2]}.get(value, [])
        return Scores(np.array(rows, np.int32), np.full(len(rows), 1.0))

    def rarity(self, field, holding):
        return 1.0

    def occurs(self, string):
        return string == "word"


WORD, WIDER = Term("text", "word"), Term("text", "wider")


def test_what_a_part_of_a_tree_finds_is_worked_out_once():
    concept, plain = Concept((Form(WORD),)), Postings()
    source = MemoizingSource(plain)
    for node in (concept, AnyOf((concept,)), Ranked((concept,)), AllOf((concept, concept)), concept):
        assert evaluate(node, source).rows.tolist() == [0, 1]
    assert plain.asked == 1


def test_no_term_is_asked_of_a_form_whose_string_occurs_nowhere():
    source = MemoizingSource(Postings())
    nowhere = [Form(AllOf((AnyOf((Contains(f"none {n}"),)), WIDER)), text=f"none {n}") for n in range(9)]
    found = evaluate(Ranked((Concept((Form(WORD),), (*nowhere, Form(WIDER))),)), source)
    assert (found.rows.tolist(), source.asked) == ([0, 1, 2], 2)


def test_a_neighbour_raises_what_the_word_finds():
    found = evaluate(
        Ranked((Concept((Form(WORD),), related=(Form(WIDER, 3.0),)),)), MemoizingSource(Postings())
    )
    assert found.rows.tolist() == [0, 1]
    assert found.scores[1] > found.scores[0]


# --- in an archive ---

FRAME = ("各国应", "，并在年度报告中说明所采取的步骤。")
WORDS = ("走私", "偷运", "核走私", "放射源偷运", "跨境犯罪", "关税欺诈", "夹带过关", "海上保险")


@archive_for
def index():
    ThesaurusConcept.objects.all().delete()
    ThesaurusConcept.objects.bulk_create(
        ThesaurusConcept(
            slug=one.slug, name=one.name, branch=one.branch, variants=list(one.variants),
            abbreviations=list(one.abbreviations), colloquial=list(one.colloquial),
            taiwan=list(one.taiwan), english=list(one.english), broader=list(one.broader),
            related=list(one.related),
        )
        for one in CONCEPTS
    )  # fmt: skip
    paragraphs = [(str(number), f"{FRAME[0]}打击{word}{FRAME[1]}") for number, word in enumerate(WORDS, 1)]
    stored(parsed("S/2020/1", *paragraphs, title="一封信"))


def _place(word: str) -> str:
    return f"S/2020/1 {WORDS.index(word) + 1}"


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("word", WORDS)
def test_an_added_word_never_stands_above_the_word_itself(word):
    """核走私 holds 走私 itself: which of the two comes first is no matter of added words."""
    assert found(word)[0] in [_place(other) for other in WORDS if word in other]


def test_names_stand_above_what_is_narrower_and_what_is_beside_is_not_found():
    hits = found("偷运")
    places = [hits.index(_place(word)) for word in ("偷运", "走私")]
    assert places == sorted(places)
    beside = ("夹带过关", "跨境犯罪", "关税欺诈", "海上保险")
    assert not {_place(word) for word in beside} & set(found("走私"))


@pytest.mark.parametrize("q", ["走私", "走私 量子"])
def test_a_paragraph_with_a_neighbour_alone_is_not_counted(q):
    answer = ask(q)
    beside = {_place("跨境犯罪"), _place("关税欺诈")}
    held = [f"{hit.symbol} {hit.anchor}" for hit in answer.hits if not hit.near]
    assert len(held) == answer.found.paragraphs > 0
    assert not beside & set(held)


@pytest.mark.parametrize(
    "q", ["走私", "偷运", "smuggling", "跑單幫", "打击 走私", "走私 AND 打击", "走私 -核走私"]
)
def test_what_is_found_as_typed_is_part_of_what_is_found(q):
    with_others, alone = ask(q), ask(q, variants=False)
    assert with_others.added
    assert with_others.typed.paragraphs <= with_others.found.paragraphs
    assert alone.added == {}
    assert alone.typed is None


@pytest.mark.parametrize("q", ["“走私”", "“走私” OR “海上保险”", "走私 NEAR/3 打击"])
def test_what_is_quoted_never_grows(q):
    assert ask(q).added == {}
    assert found(q) == found(q, variants=False)


def test_without_variants_only_the_word_is_looked_for():
    assert set(found("偷运", variants=False)) == {_place("偷运"), _place("放射源偷运")}


def test_a_minus_takes_only_the_word_itself():
    assert _place("偷运") in found("打击 -走私")


def test_what_the_texts_do_not_speak_of_is_said_and_not_replaced_by_its_neighbours(client):
    ThesaurusConcept.objects.create(slug="lone", name="量子", branch="t", related=["tariff"])
    said = client.get("/search.json", {"q": "量子"}).json()
    assert (said["total"]["paragraphs"], said["facets"]["year"]) == (0, [])
    assert [one["text"] for one in said["absent"]] == ["量子"]
    assert all(one["near"] for one in said["results"])
    assert "打击关税欺诈" not in client.get("/search/whole.json", {"q": "量子"}).getvalue().decode()


def test_an_editor_s_change_is_used_at_once():
    assert _place("海上保险") not in found("偷运")
    concept = ThesaurusConcept.objects.get(slug="smuggling")
    concept.variants = [*concept.variants, "海上保险"]
    concept.save()
    assert _place("海上保险") in found("偷运")


def test_a_concept_that_an_editor_retired_adds_nothing():
    assert _place("走私") in found("偷运")
    ThesaurusConcept.objects.filter(slug="smuggling").update(retired=True)
    assert _place("走私") not in found("偷运")


def test_what_the_thesaurus_knows_is_never_corrected():
    ThesaurusConcept.objects.create(slug="near-miss", name="海上保验", branch="t", variants=["水险"])
    assert [one.meant for one in ask("海上保俭").corrections] == ["海上保险"]
    assert ask("海上保验").corrections == ()


def test_page_and_json_say_what_was_added_by_kind(client):
    page = client.get("/search", {"q": "走私"}).content.decode()
    assert "“走私”同义“偷运”" in page
    assert "下位“核走私”" in page
    assert "只查原词" in page
    said = client.get("/search.json", {"q": "跑單幫"}).json()
    assert said["expansions"][0]["text"] == "跑單幫"
    assert said["expansions"][0]["absent"] is True
    assert said["expansions"][0]["terms"][0] == {
        "term": "走私", "relation": "same", "finds": True, "weight": 0.95, "concept": "smuggling",
    }  # fmt: skip
    assert said["total"]["as_typed"] == said["as_typed"]["paragraphs"] == 0 < said["total"]["paragraphs"]
    assert "“跑單幫”按词表理解，" in client.get("/search", {"q": "跑單幫"}).content.decode()
    alone = client.get("/search.json", {"q": "走私", "variants": "0"}).json()
    assert (alone["expansions"], alone["as_typed"]) == ([], None)
    assert alone["total"]["as_typed"] == alone["total"]["paragraphs"]


def test_a_term_is_found_by_its_pinyin():
    assert _place("跨境犯罪") in found("kuajing fanzui")
