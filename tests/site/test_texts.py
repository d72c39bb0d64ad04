"""Texts of one document in two languages: their addresses, what leads from one to the other, what counts."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from archive.export.bundle.verify import Data, cite
from archive.intake.retirement import withdraw_document
from archive.models import Document, ShortLink
from archive.text.fingerprint import fingerprint
from archive.text.pairs import Numbered, pair_blocks
from search.engine.live.update import update_index
from tests.tables import each_row
from tests.tools.bundles import exported
from tests.tools.factories import parsed, store
from tests.tools.pages import read
from tests.tools.searching import at

pytestmark = pytest.mark.django_db
BOTH, ENGLISH, CHINESE = "S/RES/2991(2031)", "S/2031/7", "S/2031/8"
RECALLS = ("1", "resolution 1540 (2004)", "S/RES/1540(2004)", "3")


def _english(first: str = "Recalls paragraph 3 of resolution 1540 (2004);"):
    texts = (
        ("pp1", "Recalling much,"),
        ("1", first),
        ("2", "Calls upon States:"),
        ("2.a", "To act;"),
        ("4", "Ends."),
    )
    return parsed(BOTH, *texts, mentions=[RECALLS], language="en", title="Resolution 2991 (2031)")


@pytest.fixture
def texts():
    """A document in Chinese and English, one in English alone, one in Chinese alone."""
    mention = ("1", "第1540(2004)号决议第3段", "S/RES/1540(2004)", "3")
    texts = (
        ("pp1", "回顾许多，"),
        ("1", "回顾第1540(2004)号决议第3段；"),
        ("2", "促请各国："),
        ("2.a", "行动；"),
        ("3", "止。"),
    )
    store(parsed(BOTH, *texts, mentions=[mention], title="第2991(2031)号决议"), "zh.txt")
    store(_english(), "en.txt")
    store(parsed(ENGLISH, ("1", "Only English."), language="en"), "only.txt")
    store(parsed(CHINESE, ("1", "只有中文。")), "仅.txt")


@pytest.fixture
def indexed(texts, tmp_path):
    with at(tmp_path / "index"):
        update_index()
        yield


@each_row("ADDRESSES")
def test_a_text_stands_under_its_language_and_leads_to_the_other(
    client, texts, address, status, location, words, absent
):
    response = client.get(address, HTTP_ACCEPT_LANGUAGE="zh-CN")
    assert (response.status_code, response.get("Location", "")) == (status, location)
    shown = response.getvalue().decode()
    assert [word for word in words if word not in shown] == []
    assert [word for word in absent if word in shown] == []


@pytest.mark.parametrize(("of", "language"), [(BOTH, "zh-Hans"), (f"en/{BOTH}", "en")])
def test_a_text_says_its_language(client, texts, of, language):
    (article,) = read(client.get(f"/{of}").content)[0].all("article", css="reading")
    assert article.attributes["lang"] == language


def test_a_document_counts_once(client, texts):
    assert client.get("/documents.json").json()["page"]["total"] == 3
    assert client.get("/index.json").json()["coverage"]["paragraphs"] == 7
    cited = client.get("/S/RES/1540(2004)/p/3/cited-by.json").json()
    assert [row["url"] for row in cited["paragraphs"]] == [f"/{BOTH}/p/1"]


def test_what_is_withdrawn_in_one_language_stands_in_the_other(client, texts):
    chinese = Document.objects.get(symbol=BOTH, language="zh")
    withdraw_document(chinese, "编者", "误收")
    assert client.get(f"/{BOTH}").status_code == client.get(f"/{BOTH}/p/1").status_code == 410
    assert client.get(f"/en/{BOTH}/p/1").status_code == 200
    cited = client.get("/S/RES/1540(2004)/p/3/cited-by.json").json()
    assert [row["url"] for row in cited["paragraphs"]] == [f"/en/{BOTH}/p/1"]
    assert client.get("/documents.json").json()["page"]["total"] == 3
    harvested = client.get("/oai", {"verb": "ListRecords", "metadataPrefix": "oai_dc"}).getvalue().decode()
    assert f"/en/{BOTH}<" in harvested and "deleted" not in harvested


def test_each_text_has_its_own_history(client, texts):
    before = client.get(f"/en/{BOTH}/p/1.json").json()["paragraph"]["fingerprint"]
    store(_english("Recalls paragraph 3 of resolution 1540 (2004) again;"), "en.txt")
    edited = client.get(f"/en/{BOTH}/p/1/{before}.json").json()
    assert (edited["fate"], edited["now"]["symbol"]) == ("edited", BOTH)
    assert client.get(f"/{BOTH}/p/1/{before}.json").status_code == 404
    chinese = fingerprint("回顾第1540(2004)号决议第3段；")
    assert client.get(f"/{BOTH}/p/1/{chinese}.json").json()["fate"] == "identical"
    assert client.get(f"/en/{BOTH}/p/1/{chinese}.json").status_code == 404
    changed = client.get("/changes.json").json()["changes"][0]
    assert changed["url"].startswith(f"/en/{BOTH}/history?")


def test_a_short_link_leads_to_the_text_that_was_cited(client, texts):
    codes = {link.language: link.code for link in ShortLink.objects.filter(symbol=BOTH, anchor="1")}
    for language, prefix in (("zh", ""), ("en", "/en")):
        assert client.get(f"/c/{codes[language]}")["Location"].startswith(f"{prefix}/{BOTH}/p/1/")
    basket = client.get("/basket.json", {"c": list(codes.values())}).json()
    assert {item["permalink"].partition("/p/")[0] for item in basket["items"]} == {
        f"http://testserver/{BOTH}", f"http://testserver/en/{BOTH}",
    }  # fmt: skip


def test_a_line_of_the_concordance_has_its_counterpart(client, texts, indexed):
    asked = {"q": "States", "beside": "1"}
    found = client.get("/concordance.json", asked).json()
    assert [[one["url"] for one in beside] for beside in found["beside"]] == [[f"/{BOTH}/p/2"]]
    assert "促请各国：" in client.get("/concordance", asked).getvalue().decode()
    assert "beside" not in client.get("/concordance.json", {"q": "States"}).json()


def test_a_search_finds_both_and_tells_the_language(client, texts, indexed):
    found = client.get("/search.json", {"q": "决议:1540"}).json()
    assert sorted(row["language"] for row in found["results"]) == ["en", "zh"]
    assert found["total"] == found["total"] | {"paragraphs": 2, "documents": 1}
    english = client.get("/search.json", {"q": "决议:1540", "language": "en"}).json()
    assert [row["url"] for row in english["results"]] == [f"/en/{BOTH}/p/1"]
    assert client.get("/search.json", {"q": "语文:英文"}).json()["total"]["paragraphs"] == 6


def test_a_bundle_proves_the_words_of_each_text(client, texts, tmp_path):
    data = Data(exported(tmp_path / "bundle"))
    words = {"": "促请各国：", "en/": "Calls upon States:"}
    for language, text in words.items():
        for address in words:
            link = f"https://any.host/{address}{BOTH}/p/2/{fingerprint(text)}"
            assert cite(data, link)[0] == (address == language)
    for link in ShortLink.objects.filter(symbol=BOTH, anchor="2"):
        proved, lines = cite(data, f"https://any.host/c/{link.code}")
        assert proved and words["en/" if link.language == "en" else ""] in "".join(lines)


def test_a_doubtful_number_says_so_beside_its_counterpart(client, texts):
    store(
        parsed(BOTH, ("1", "Recalls;"), language="en", doubts=[("number 2 is missing before it", "1")]),
        "en.txt",
    )
    (row,) = [row for row in client.get(f"/zh-en/{BOTH}.json").json()["rows"] if row["other"]]
    assert [doubt["anchor"] for doubt in row["other"]["doubts"]] == ["1"] and row["one"]["doubts"] == []
    assert "存疑：" in client.get(f"/zh-en/{BOTH}").getvalue().decode()


def test_what_two_texts_say_differently_is_listed_and_not_judged(client, texts):
    store(parsed(CHINESE, ("1", "决定在三十天内提交报告；"), ("2", "促请各国。")))
    store(
        parsed(
            CHINESE, ("1", "Decides to report within sixty days;"), ("2", "Calls upon States."), language="en"
        )
    )
    (found, _other) = client.get("/discordances.json").json()["documents"]
    assert (found["symbol"], found["compared"]) == (CHINESE, 2)
    (place,) = found["paragraphs"]
    assert (place["anchor"], place["url"]) == ("1", f"/zh-en/{CHINESE}#p-1")
    assert place["discordances"] == [{"kind": "number", "one": "三十", "other": "sixty"}]
    rows = client.get(f"/zh-en/{CHINESE}.json").json()["rows"]
    assert [row["discordances"] for row in rows] == [place["discordances"], []]
    for address in ("/discordances", "/discordances.csv", f"/zh-en/{CHINESE}"):
        assert "三十" in client.get(address).getvalue().decode()


def test_two_texts_are_handed_to_translators(client, texts):
    root = ElementTree.fromstring(client.get(f"/zh-en/{BOTH}.tmx").content)
    pairs = [[seg.text for seg in unit.iter("seg")] for unit in root.iter("tu")]
    assert pairs[2:] == [["促请各国：", "Calls upon States:"], ["行动；", "To act;"]]
    assert len(pairs) == 4


@each_row("PAIRS")
def test_texts_pair_by_official_number_alone(one, other, rows):
    sides = [[Numbered(*each.split(":")) for each in side.split()] for side in (one, other)]
    shown = [
        "=".join("" if at is None else side[at].anchor for side, at in zip(sides, row, strict=True))
        for row in pair_blocks(*sides)
    ]
    assert shown == rows.split()
