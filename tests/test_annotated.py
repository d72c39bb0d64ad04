"""Accuracy on documents that somebody else annotated: a folder of texts and annotations."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from archive.accuracy import measure_folder

TEXT = """联合国 S/2026/5
安全理事会
灯塔统计
1. 安全理事会第1540(2004)号决议第3段提到灯塔。
2. 港口主管机关公布灯塔的数目。
"""
GOLD = {
    "symbol": "S/2026/5",
    "annotator": "港口",
    "mentions": [{"canonical": "S/RES/1540(2004)", "kind": "symbol", "paragraphs": ["3"]}],
    "bodies": [{"canonical": "安全理事会"}],
    "bodies_complete": True,
    "organ": "安全理事会",
    "paragraph_numbers": ["1", "2"],
    "blocks": [{"line": 5, "kinds": ["paragraph"], "number": "2"}],
}
LAW = {"symbol": None, "articles": ["第一条", "第三条"]}


@pytest.fixture
def folder(tmp_path):
    for name, gold, text in (
        ("a", GOLD, TEXT),
        ("b", LAW, "灯塔法\n第一条 灯塔由港口管理。\n第二条 灯船由港口管理。\n"),
    ):
        for kind, ending, content in (("docs", "txt", text), ("gold", "json", json.dumps(gold))):
            (tmp_path / kind).mkdir(exist_ok=True)
            (tmp_path / kind / f"{name}.{ending}").write_text(content, "utf-8")
    return tmp_path


def test_each_kind_of_annotation_is_measured(folder):
    found = measure_folder(folder)
    assert (found["documents"], found["by"], found["refused"]) == (2, [("", 1), ("港口", 1)], [])
    assert {one.name: (one.right, one.missed, one.wrong) for one in found["measures"]} == {
        "facts": (1, [], []),
        "blocks": (1, [], []),
        "kinds": (1, [], []),
        "numbers": (3, ["第三条"], []),
        "mentions": (1, [], []),
        "pinpoints": (1, [], []),
        "bodies": (1, [], []),
    }


WRONG = [
    (
        {"mentions": [{"canonical": "S/RES/1267(1999)"}]},
        "mentions",
        ["S/RES/1267(1999)"],
        ["S/RES/1540(2004)"],
    ),
    ({"bodies": []}, "bodies", [], ["安全理事会"]),
    ({"organ": "大会"}, "facts", ["organ: 大会"], ["organ: 安全理事会"]),
    ({"paragraph_numbers": ["1", "4"]}, "numbers", ["4"], []),
    ({"blocks": [{"line": 5, "kinds": ["heading"], "number": "2"}]}, "kinds", 1, 1),
    ({"blocks": [{"line": 5, "kinds": ["paragraph"], "number": "3"}]}, "blocks", 1, []),
    ({"blocks": [{"line": 99, "kinds": ["paragraph"], "number": "2"}]}, "blocks", [""], []),
]


@pytest.mark.parametrize(("change", "name", "missed", "wrong"), WRONG, ids=[row[1] for row in WRONG])
def test_every_difference_is_told(folder, change, name, missed, wrong):
    (folder / "gold" / "b.json").unlink()
    (folder / "gold" / "a.json").write_text(json.dumps(GOLD | change), "utf-8")
    measure = next(one for one in measure_folder(folder)["measures"] if one.name == name)
    told = [
        len(have) if isinstance(want, int) else have
        for have, want in ((measure.missed, missed), (measure.wrong, wrong))
    ]
    assert told == [missed, wrong]


def test_a_text_that_is_lacking_is_said_and_the_others_are_measured(folder):
    (folder / "docs" / "b.txt").unlink()
    found = measure_folder(folder)
    assert found["documents"] == 1 and found["refused"][0].startswith("b: ")


@pytest.mark.parametrize("content", ["{", "[]"])
def test_what_cannot_be_read_is_refused_in_words(folder, content):
    (folder / "gold" / "a.json").write_text(content, "utf-8")
    with pytest.raises(CommandError, match=r"a\.json"):
        call_command("measure_accuracy", documents=folder, stdout=StringIO())
    with pytest.raises(CommandError, match="no annotations"):
        call_command("measure_accuracy", documents=folder / "docs", stdout=StringIO())


@pytest.mark.django_db
def test_the_page_gives_figures_and_no_word_of_these_documents(client, folder, settings, monkeypatch):
    settings.DATA_DIR = folder
    monkeypatch.setattr("archive.accuracy.report.sources", dict)
    monkeypatch.setattr("archive.accuracy.report.HALVES", (), raising=False)
    out = StringIO()
    call_command("measure_accuracy", stdout=out)
    assert "只测了随程序附带的文件" in out.getvalue()
    assert "还没有测过" in client.get("/accuracy").content.decode()
    call_command("measure_accuracy", documents=folder, stdout=out)
    assert "另测文件2份" in out.getvalue() and "港口（1）" in out.getvalue()
    shown = client.get("/accuracy").content.decode()
    assert "另测2份" in shown and "港口标注1份" in shown and "第三条" not in shown
    report = client.get("/accuracy.json").json()["report"]["independent"]
    assert next(one for one in report["measures"] if one["name"] == "numbers")["missed"] == 1
