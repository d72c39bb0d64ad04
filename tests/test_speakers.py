"""The formulas that open a turn, as meeting records print them."""

from __future__ import annotations

import pytest

from archive.text.parsed import Speaker
from archive.text.segmenter.speakers import read_turn

SUMMARY = [
    (
        "Sison女士(美利坚合众国)以透明度和媒体外联工作组协调员身份发言说,透明度",
        Speaker("Sison", "女士", "美利坚合众国", "member", "透明度和媒体外联工作组协调员"),
        "a capacity, S/AC.44/SR.74, para. 2",
    ),
    (
        "Rosenthal先生(专家)在发言的同时",
        Speaker("Rosenthal", "先生", None, "expert", "专家"),
        "an expert, para. 6",
    ),
    (
        "会议主持人Cupitt先生(美利坚合众国)请与会者发表见解。",
        Speaker("Cupitt", "先生", "美利坚合众国", "member", "会议主持人"),
        "a function before the name, para. 9",
    ),
    ("Anton先生(德国观察员)说,", Speaker("Anton", "先生", "德国", "observer"), "an observer, para. 10"),
    (
        "García Guiza女士(墨西哥观察员)说,",
        Speaker("García Guiza", "女士", "墨西哥", "observer"),
        "two names with accents",
    ),
    (
        "Rached先生(国际刑事警察组织(国际刑警组织)观察员)说,",
        Speaker("Rached", "先生", "国际刑事警察组织(国际刑警组织)", "observer"),
        "nested brackets, para. 29",
    ),
    (
        "Taylor先生(专家组协调员)说,",
        Speaker("Taylor", "先生", None, "expert", "专家组协调员"),
        "the experts' coordinator",
    ),
    (
        "金垣洙先生(副秘书长兼裁军事务高级代表)说,",
        Speaker("金垣洙", "先生", None, "secretariat", "副秘书长兼裁军事务高级代表"),
        "the Secretariat, para. 42",
    ),
    ("主席说,会员国", Speaker("主席", None, None, "chair", "主席"), "the Chair, para. 45"),
    (
        "Rahman先生(印度尼西亚，代表东南亚国家联盟)说：",
        Speaker("Rahman", "先生", "印度尼西亚", "member", "代表东南亚国家联盟"),
        "for a group of States",
    ),
    (
        "Bauer女士(斯德哥尔摩国际和平研究所观察员)提出了",
        Speaker("Bauer", "女士", "斯德哥尔摩国际和平研究所", "observer"),
        "without 说",
    ),
]


@pytest.mark.parametrize(("text", "speaker", "remark"), SUMMARY, ids=[row[2] for row in SUMMARY])
def test_the_formula_of_a_summary_record_is_read(text, speaker, remark):
    assert read_turn(text).speaker == speaker


VERBATIM = [
    (
        "主席(以英语发言)：我现在请法国代表发言。",
        Speaker("主席", None, None, "chair", "主席"),
        "the President with language",
    ),
    (
        "丘尔金先生(俄罗斯联邦)(以俄语发言)：",
        Speaker("丘尔金", "先生", "俄罗斯联邦", "member"),
        "a State and a language",
    ),
    ("王民先生（中国）：", Speaker("王民", "先生", "中国", "member"), "full-width brackets, no language"),
    (
        "Power 女士(美利坚合众国)(以英语发言):",
        Speaker("Power", "女士", "美利坚合众国", "member"),
        "a Latin name, half-width colon",
    ),
]


@pytest.mark.parametrize(("text", "speaker", "remark"), VERBATIM, ids=[row[2] for row in VERBATIM])
def test_the_formula_of_a_verbatim_record_is_read(text, speaker, remark):
    assert read_turn(text, verbatim=True).speaker == speaker


NO_TURNS = [
    ("委员会引起了各方面极大的注意,因为", "a paragraph that goes on"),
    ("德国代表团欢迎定于2016年9月27日", "a delegation as subject"),
    ("Rosenthal先生的意见得到赞同。", "a person spoken about"),
    ("主席国提交的文件", "an office as part of a word"),
    ("(" * 500, "nothing but brackets"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "remark"), NO_TURNS, ids=[row[1] for row in NO_TURNS])
def test_other_text_opens_no_turn(text, remark):
    assert read_turn(text) is None


def test_a_verbatim_turn_needs_its_colon():
    assert read_turn("丘尔金先生(俄罗斯联邦)的发言", verbatim=True) is None
