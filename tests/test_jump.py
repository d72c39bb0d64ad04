"""What names one place as a whole."""

import pytest

from archive.text.reference import load_reference
from search.jump import Jump, find_jump

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
    assert find_jump(typed, load_reference().resolutions) == expected, remark
