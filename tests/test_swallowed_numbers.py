"""Numbers below a line that breaks off with a comma; gaps and repeats in numbering are doubts."""

from __future__ import annotations

import pytest

from archive.text.cleaner import clean
from archive.text.reader import source_of
from archive.text.segmenter import Segmented, segment


def segmented(*lines: str) -> Segmented:
    return segment(clean(source_of("\n".join(lines)).text))


LONG = "认识到秘书长的报告以及专家小组的最后报告所载的各项结论和建议对今后工作具有十分重要的意义"
SWALLOWED = [
    ((f"{LONG}，", "1. 决定延长任务期限；"), "1", "决定"),
    ((f"又{LONG}，", "1. 核准预算；", "2. 请秘书长报告。"), "1 2", "the second, too"),
    ((f"{LONG}，", "4. 深表关切局势恶化；"), "4", "in the midst, with an adverb"),
    ((f"{LONG}，", "1、 通过以下宣言；"), "1", "Mainland punctuation"),
    ((f"{LONG}，", "１．要求立即停火；"), "１", "full-width"),
    ((f"{LONG}，", "１. 強調法治；"), "１", "traditional characters"),
    ((f"并{LONG},", "1. 敦促各方克制；"), "1", "a half-width comma"),
    ((f"{LONG}，", "1. 本决议所称武器不包括弹药；", "2. 请各国报告。"), "1 2", "no verb, but 2 follows"),
    ((f"{LONG}，", "1. 根据《宪章》第七章采取行动，决定实施制裁；"), "1", "acting under"),
    ((f"{LONG}，", "21. 责成委员会审查名单；", "22. 决定继续处理此案。"), "21 22", "late numbers"),
    (("回顾第一项，", "又回顾第二项，", "1. 欢迎进展。"), "1", "short lines"),
]


@pytest.mark.parametrize(("lines", "numbers", "remark"), SWALLOWED, ids=[row[2] for row in SWALLOWED])
def test_a_number_below_a_comma_opens_its_paragraph(lines, numbers, remark):
    expected = [number.translate(str.maketrans("１", "1")) for number in numbers.split()]
    paragraphs = segmented(*lines).paragraphs
    assert [p.number for p in paragraphs if p.number] == expected, remark
    assert len(paragraphs) == len(lines)


def test_a_number_swallowed_at_the_margin_is_found_in_wrapped_lines_too():
    text = f"{LONG}，" * 3
    cut = [text[at : at + 34] for at in range(0, len(text), 34)]
    cut[-1] = cut[-1].rstrip("，") + "，"
    found = segmented(
        *cut, "1. 决定将任务期限延长至明年三月三十一日，并请秘书长在此之前向安理会提出报告", "和建议；"
    )
    assert [p.number for p in found.paragraphs] == [None, "1"]


KEPT = [
    ((f"{LONG}，", "2009年以来的情况没有变化。"), "a year"),
    ((f"{LONG}，共计", "3.5亿美元用于重建。"), "a fraction"),
    ((f"{LONG}，其中", "12个国家提交了报告。"), "a count"),
]


@pytest.mark.parametrize(("lines", "remark"), KEPT, ids=[row[1] for row in KEPT])
def test_what_only_looks_like_a_number_stays_in_its_paragraph(lines, remark):
    assert all(p.number is None for p in segmented(*lines).paragraphs), remark


DOUBTS = [
    (("1. 甲方同意。", "2. 乙方同意。"), [], "a whole count"),
    (("1. 甲方同意。", "3. 乙方同意。"), ["paragraph 3 follows paragraph 1"], "a gap"),
    (("1. 甲方同意。", "2. 乙方同意。", "2. 丙方同意。"), ["paragraph 2 follows paragraph 2"], "a repeat"),
    (("1. 甲方同意。", "1. 乙方同意。"), ["paragraph 1 follows paragraph 1"], "1 twice"),
    (("7. 甲方同意。", "8. 乙方同意。"), ["paragraph 7 is the first with a number"], "no beginning"),
    (("1. 各方：", "(a) 同意；", "(c) 签字。"), ["item c follows item a"], "an item is missing"),
    (("1. 各方：", "(a) 同意；", "(b) 签字；", "(b) 盖章。"), ["item b follows item b"], "an item twice"),
    (("1. 各方：", "(一) 同意；", "(三) 签字。"), ["item 三 follows item 一"], "Chinese numerals"),
    (("1. 甲：", "(a) 一；", "(b) 二。", "2. 乙：", "(a) 一；", "(b) 二。"), [], "items begin anew"),
    (("1. 甲方同意。", "2. 乙方同意。", "附件", "原则", "1. 丙方同意。"), [], "an annex begins anew"),
]


@pytest.mark.parametrize(("lines", "messages", "remark"), DOUBTS, ids=[row[2] for row in DOUBTS])
def test_gaps_and_repeats_are_doubts(lines, messages, remark):
    assert [doubt.message for doubt in segmented("港口报告", *lines).doubts] == messages, remark
