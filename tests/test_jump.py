"""What names one place as a whole."""

import pytest

from archive.text.reference import load_reference
from search.entities.documents import Jump, find_jumps
from search.jump.labels import jump_label

RESOLUTION = "S/RES/1540(2004)"
NAMES = [
    ("1540", Jump(RESOLUTION), "a number of the family"),
    ("第1540号决议", Jump(RESOLUTION), "completed from the reference data"),
    ("第 1540 (2004) 號決議", Jump(RESOLUTION), "spaces, traditional"),
    ("安理会第1540（2004）号决议", Jump(RESOLUTION), "with its owner"),
    ("1540第3段", Jump(RESOLUTION, "3"), "paragraph"),
    ("第1540(2004)号决议第3段", Jump(RESOLUTION, "3"), "the form of the texts"),
    ("第1540(2004)号决议执行部分第3(a)段", Jump(RESOLUTION, "3.a"), "operative, sub-paragraph"),
    ("第1718(2006)号决议第8(a)㈢段", Jump("S/RES/1718(2006)", "8.a.iii"), "enclosed numeral"),
    ("第1540(2004)号决议序言部分第2段", Jump(RESOLUTION, "pp2"), "preambular"),
    ("S/2010/52", Jump("S/2010/52"), "a symbol"),
    ("s/2010/52 附件第14段", Jump("S/2010/52", "annex.14"), "annex"),
    ("CD/2118附件二第3段", Jump("CD/2118", "annex2.3"), "second annex"),
    ("S/AC.44/SR.74第14段", Jump("S/AC.44/SR.74", "14"), "summary record"),
    ("https://undocs.org/zh/S/RES/1540(2004)", Jump(RESOLUTION), "an address of the UN"),
    ("大会第73/55号决议", Jump("A/RES/73/55"), "the Assembly's"),
    ("第72/513号决定", Jump("A/DEC/72/513"), "a decision"),
    ("S/RES/1540", Jump(RESOLUTION), "year completed"),
    ("1540第三段", Jump(RESOLUTION, "3"), "a number in Chinese"),
    ("1540 para. 3 (a)", Jump(RESOLUTION, "3.a"), "in English"),
    ("1540 preambular para 2", Jump(RESOLUTION, "pp2"), "preambular, in English"),
    ("S/2010/52 paras. 14–16", Jump("S/2010/52", "14", "16"), "a range, in English"),
    ("S/2010/52第14段至第16段", Jump("S/2010/52", "14", "16"), "a range"),
    ("第1540(2004)号决议序言部分第2至4段", Jump(RESOLUTION, "pp2", "pp4"), "a range of the preamble"),
    ("CD/2118, annex II, para. 3", Jump("CD/2118", "annex2.3"), "a second annex, in English"),
    ("S/2010/52附件", Jump("S/2010/52", "annex"), "a part"),
    ("UNSC res. 1540 (2004)", Jump(RESOLUTION), "as English speakers shorten it"),
    ("S/2010/52.pdf", Jump("S/2010/52"), "a file"),
    ("附件", None, "a part of nothing"),
    ("2016", None, "a year is no resolution"),
    ("73/55", None, "a fraction is none either"),
    ("第3段", None, "no document"),
    ("1540委员会", None, "a body"),
    ("出口管制", None, "words"),
    ("第1540(2004)号决议的执行", None, "a symbol among words"),
    ("", None, "nothing"),
    ("1" * 5000, None, "too long to be a name"),
]


@pytest.mark.parametrize(("typed", "expected", "remark"), NAMES)
def test_find_jump(typed, expected, remark):
    assert find_jumps(typed, load_reference().resolutions) == ([expected] if expected else []), remark


LABELS = [
    (Jump("S/2010/52"), "S/2010/52"),
    (Jump("S/2010/52", "annex"), "S/2010/52 附件"),
    (Jump("S/2010/52", "annex2.3.a"), "S/2010/52 附件二第3(a)段"),
    (Jump("S/2010/52", "annex.14", "16"), "S/2010/52 附件第14至16段"),
    (Jump(RESOLUTION, "pp2", "pp4"), "S/RES/1540(2004) 序言部分第2至4段"),
    (Jump(RESOLUTION, "3.a", "3.c"), "S/RES/1540(2004) 第3(a)至(c)段"),
    (Jump("S/2010/52", "annex.fn2"), "S/2010/52 附件脚注2"),
    (Jump("S/2010/52", "u5"), "S/2010/52 未编号第5段"),
]


@pytest.mark.parametrize(("jump", "label"), LABELS)
def test_a_place_in_words(jump, label):
    assert jump_label(jump) == label
