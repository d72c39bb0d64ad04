"""States named in text, and nothing that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.parsed import Kind, ParsedParagraph
from archive.text.reference import load_reference
from archive.text.states import find_states

REFERENCE = load_reference()


def found(text: str, kind: Kind = Kind.PARAGRAPH) -> list[tuple[str, str]]:
    rows = find_states([ParsedParagraph("1", kind, text)], REFERENCE)
    assert all(text[row.start : row.end] == row.surface for row in rows)
    return [(row.surface, row.state) for row in rows]


NAMES = [
    # text, States by code in order, remark
    ("乌克兰常驻代表团", "UKR", "a mission names its State"),
    ("古巴观察员说", "CUB", "an observer"),
    ("大韩民国和朝鲜民主主义人民共和国", "KOR PRK", "the full names of both Koreas"),
    ("韩国和朝鲜", "KOR PRK", "the short names of both"),
    ("刚果和刚果民主共和国、刚果(金)", "COG COD COD", "two Congos"),
    ("几内亚、几内亚比绍、赤道几内亚、巴布亚新几内亚", "GIN GNB GNQ PNG", "four Guineas"),
    ("尼日尔和尼日利亚", "NER NGA", "one begins like the other"),
    ("苏丹、南苏丹", "SDN SSD", "one ends like the other"),
    ("多米尼克、多米尼加共和国", "DMA DOM", "one begins like the other"),
    ("白俄罗斯、俄罗斯、俄罗斯联邦", "BLR RUS RUS", "one inside the other"),
    ("索马里和马里", "SOM MLI", "one inside the other"),
    ("印度尼西亚和印度", "IDN IND", "one begins like the other"),
    ("阿曼苏丹国", "OMN", "the full name holds another's short one"),
    ("大不列颠及北爱尔兰联合王国和爱尔兰", "GBR IRL", "one inside the other"),
    ("伊朗伊斯兰共和国、伊朗（伊斯兰共和国）", "IRN IRN", "as an entity and in a list, wide brackets"),
    ("美國、中國和韓國", "USA CHN KOR", "traditional characters"),
    ("中国、美国、法国的代表", "CHN USA FRA", "members of the Council"),
    ("中华人民共和国", "CHN", "the full name"),
    ("日本文化", "JPN", "文 that is no language"),
    ("古巴共和国", "CUB", "the official name"),
    ("教廷观察员", "VAT", "an observer State"),
]
NO_NAMES = [
    ("发展中国家和其中国际组织", "seams of 中 and 国"),
    ("沿海地区、近海地带", "海地 in 沿海地区"),
    ("依法国家应当", "法国 in 依法国家"),
    ("拉美国家", "美国 in 拉美国家"),
    ("以西班牙语发言；原文：西班牙文", "languages"),
    ("几内亚湾、印度洋、墨西哥城、约旦河西岸", "waters, a city, a region"),
    ("北爱尔兰", "a part of a State"),
    ("南部非洲和西南非洲", "南非 in a region"),
    ("罗曼·约旦先生", "a person"),
    ("捷克斯洛伐克", "a State that is no more"),
    ("马里兰大学", "a federal state"),
    ("朝鲜半岛", "a peninsula of two States"),
    ("增加纳税人、参加纳米技术项目", "加纳 after 增 and 参"),
    ("明智利用资源，敏捷克服困难", "智利 and 捷克 in verbs"),
    ("2004年4月28日本决议，即日本委员会", "日本 behind a date"),
    ("内蒙古自治区", "a region of another State"),
    ("跨越南北", "越南 in 跨越南北"),
]


@pytest.mark.parametrize(("text", "codes", "remark"), NAMES)
def test_a_state_is_found_under_each_of_its_names(text, codes, remark):
    assert [code for _surface, code in found(text)] == codes.split(), remark


@pytest.mark.parametrize(("text", "remark"), NO_NAMES)
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
