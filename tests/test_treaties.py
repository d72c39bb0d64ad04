"""Treaties by name, and themes by their words. Each row is one form: text, what must come, remark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.mentions import find_treaties
from archive.text.parsed import Kind, ParsedParagraph
from archive.text.reference import load_reference
from archive.text.themes import find_themes

REFERENCE = load_reference()


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


TREATIES = [
    ("《不扩散核武器条约》", ["《不扩散核武器条约》 → npt"], "title marks belong to the name"),
    ("不扩散条约的缔约国", ["不扩散条约 → npt"], "a short form without marks"),
    ("《不擴散核武器條約》", ["《不擴散核武器條約》 → npt"], "traditional characters"),
    ("《不扩散核武器条约》第四条", ["《不扩散核武器条约》 → npt 4"], "an article"),
    ("《不扩散条约》第三条第2款", ["《不扩散条约》 → npt 3(2)"], "a paragraph of it"),
    ("《联合国宪章》第七章采取行动", ["《联合国宪章》 → charter ch7"], "a chapter"),
    ("《化学武器公约》第一条和第七条", ["《化学武器公约》 → cwc 1,7"], "two articles"),
    ("《公约》第十条", [], "which convention is not said"),
    ("联合国《宪章》", ["《宪章》 → charter"], "only in marks"),
    ("非洲联盟宪章", [], "another charter"),
    (
        "《拉丁美洲和加勒比禁止核武器条约》(特拉特洛尔科条约)",
        ["《拉丁美洲和加勒比禁止核武器条约》 → tlatelolco", "特拉特洛尔科条约 → tlatelolco"],
        "the longest name, not 禁止核武器条约 in it",
    ),
    ("《化学武器公约执行手册》", [], "a book about it"),
    ("《1972年禁止生物武器公约》", ["禁止生物武器公约 → bwc"], "a year inside the marks"),
    (
        "《〈核材料实物保护公约〉修正案》",
        ["《〈核材料实物保护公约〉修正案》 → cppnm-amendment"],
        "its own treaty",
    ),
    ("全面禁止核试验条约组织筹备委员会", [], "a body"),
    ("《制止核恐怖主义行为国际公约》草案", [], "not yet a treaty"),
    ("NPT审议大会", ["NPT → npt"], "the acronym"),
    ("NPT/CONF.2015/6", [], "a symbol"),
]


@pytest.mark.parametrize(("text", "wanted", "remark"), TREATIES)
def test_names_of_treaties(text, wanted, remark):
    assert treaties(text) == wanted


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


THEMES = [
    ("建立出口管制和边境管制", [("出口管制", "export"), ("边境管制", "border")], ""),
    ("出口管制清单", [("出口管制", "export"), ("管制清单", "control-lists")], "two themes share a word"),
    ("會議", [], "nothing"),
    ("生物武器", [("生物武器", "biological")], ""),
]


@pytest.mark.parametrize(("text", "wanted", "remark"), THEMES)
def test_words_speak_of_themes(text, wanted, remark):
    found = find_themes(block(text), REFERENCE)
    assert [(theme.surface, theme.theme) for theme in found] == wanted


def test_a_signature_speaks_of_nothing():
    assert find_themes(block("核武器专家", Kind.SIGNATURE), REFERENCE) == ()


@given(st.text(alphabet="《》〈〉不扩散核武器条约公约化学第四条、和年19(", max_size=40))
def test_places_lie_in_the_text_and_do_not_overlap(text):
    found = find_treaties(block(text), REFERENCE)
    assert all(text[treaty.start : treaty.end] == treaty.surface != "" for treaty in found)
    assert all(left.end <= right.start for left, right in zip(found, found[1:], strict=False))
