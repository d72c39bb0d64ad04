"""fixtures/states.json: the Members and observers, under the names that UN documents print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.ingest.names import folded

from .tables import rows_from

FIXTURE = Path(__file__).parents[1] / "fixtures" / "states.json"
MEMBERS_AND_OBSERVERS = 193 + 2

ROWS = {record["fields"]["alpha3"]: record["fields"] for record in json.loads(FIXTURE.read_text("utf-8"))}


def names(row: dict) -> set[str]:
    return {row["name"], row["official_name"], *row["aliases"]}


def test_members_and_observers_are_all_there():
    assert len(ROWS) == MEMBERS_AND_OBSERVERS
    assert {"VAT", "PSE"} <= ROWS.keys()
    assert not {"HKG", "MAC", "TWN", "GRL", "PRI", "COK", "ATA"} & ROWS.keys()


def test_no_name_means_two_states():
    seen: dict[str, str] = {}
    for code, row in ROWS.items():
        for name in names(row) | {row["english"]}:
            assert seen.setdefault(folded(name), code) == code, name


@pytest.mark.parametrize("field", ["alpha2", "name", "official_name", "english"])
def test_names_and_codes_are_there_and_unique(field):
    values = [row[field] for row in ROWS.values()]
    assert all(values) and len(values) == len(set(values))


@pytest.mark.parametrize("code", ROWS)
def test_chinese_names_are_chinese(code):
    for name in names(ROWS[code]):
        assert all("\u4e00" <= char <= "\u9fff" or char in "()" for char in name), name


NAMES = [
    # code, name in the list of Members, further names that occur
    ("USA", "美利坚合众国", {"美国"}),
    ("GBR", "大不列颠及北爱尔兰联合王国", {"联合王国", "英国"}),
    ("IRN", "伊朗伊斯兰共和国", {"伊朗", "伊朗(伊斯兰共和国)"}),
    ("KOR", "大韩民国", {"韩国"}),
    ("PRK", "朝鲜民主主义人民共和国", {"朝鲜"}),
    ("RUS", "俄罗斯联邦", {"俄罗斯"}),
    ("SYR", "阿拉伯叙利亚共和国", {"叙利亚"}),
    ("VEN", "委内瑞拉玻利瓦尔共和国", {"委内瑞拉"}),
    ("BOL", "多民族玻利维亚国", {"玻利维亚"}),
    ("CHN", "中国", {"中华人民共和国"}),
    ("CUB", "古巴", {"古巴共和国"}),
    ("COD", "刚果民主共和国", {"刚果(金)"}),
    ("COG", "刚果", {"刚果共和国"}),
    ("MKD", "北马其顿", {"前南斯拉夫的马其顿共和国"}),
    ("VAT", "教廷", {"罗马教廷", "梵蒂冈"}),
    ("PSE", "巴勒斯坦国", {"巴勒斯坦"}),
]


@pytest.mark.parametrize(("code", "name", "further"), NAMES)
def test_a_state_has_the_name_that_the_un_uses_and_the_usual_ones(code, name, further):
    assert ROWS[code]["name"] == name
    assert further <= names(ROWS[code])


ENGLISH = rows_from(__name__, "ENGLISH")


@pytest.mark.parametrize(("code", "english"), ENGLISH)
def test_english_names_are_in_their_natural_order(code, english):
    assert ROWS[code]["english"] == english
