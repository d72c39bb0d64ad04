"""Lists of citing paragraphs: figures beside filters, files, what is in doubt, and lists that are empty."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode, urljoin

import pytest

from archive.models import Document, Mention
from archive.reading.matrix import By, matrix

from .factories import block, parsed, store
from .pages import page

pytestmark = pytest.mark.django_db
R1540 = "S/RES/1540(2004)"


def test_who_cites_a_resolution_is_told_alike_by_its_page_its_list_and_the_matrix(client, bundled_documents):
    record = client.get(f"/{R1540}.json").json()
    listed = client.get(f"/{R1540}/cited-by.json").json()
    cells = {cell.state.alpha3: cell.count for cell in matrix(By.RESOLUTIONS).cells_of(R1540) if cell.count}
    assert dict(record["by_state"]) == dict(listed["by_state"]) == cells
    assert cells["UKR"] == 1, "a note verbale is the words of its sender, what it transmits is not"
    bodies = dict(record["by_body"])
    assert bodies == dict(listed["by_body"])
    assert bodies["1540-committee"], "a letter of the committee is its words"
    links = page(client, f"/{R1540}/cited-by").links
    assert {"?state=UKR", "?body=1540-committee"} <= set(links)


FACETS = [
    # the list, further filters in force
    (f"/{R1540}/cited-by", {}),
    (f"/{R1540}/cited-by", {"year": "2016"}),
    (f"/{R1540}/cited-by", {"document": "A/74/140"}),
    (f"/{R1540}/cited-by", {"year": "2016", "relation": "implements"}),
    (f"/{R1540}/cited-by", {"state": "USA"}),
    (f"/{R1540}/p/3/cited-by", {"year": "2018"}),
    ("/treaties/npt", {"year": "2019"}),
    ("/bodies/1540-committee", {"year": "2016"}),
    ("/bodies/eu", {"with": "security-council"}),
    ("/states/USA", {"cites": R1540}),
    ("/uncertain", {"year": "2016"}),
]


@pytest.mark.parametrize(("address", "filters"), FACETS)
def test_every_figure_beside_a_filter_is_what_choosing_it_lists(client, bundled_documents, address, filters):
    tree = page(client, address + "?" + urlencode(filters))
    choices = [one for one in tree.all("a") if one.all("span", "figure") and "chosen" not in one.classes]
    assert choices or filters == {"state": "USA"} or "p/3" in address
    for choice in choices:
        path, _mark, query = urljoin(address, choice.attributes["href"]).partition("?")
        answer = client.get(f"{path}.json?{query}").json()
        listed = answer.get("listed") or answer.get("mentioned") or answer
        assert listed["page"]["total"] == int(choice.all("span", "figure")[0].text), choice.text
    for row in tree.all("table", "years")[0].all("tr"):
        for link in row.links:
            path, _mark, query = urljoin(address, link).partition("?")
            answer = client.get(f"{path}.json?{query}").json()
            listed = answer.get("listed") or answer.get("mentioned") or answer
            assert listed["page"]["total"] == int(row.all("td")[0].text), link


def test_what_is_in_doubt_is_listed_with_the_reason_and_never_cites(client, bundled_documents):
    answer = client.get("/uncertain.json").json()
    doubtful = Mention.objects.filter(certain=False)
    listed = {(row["symbol"], row["anchor"]) for row in answer["paragraphs"]}
    assert listed == set(doubtful.values_list("paragraph__document__symbol", "paragraph__anchor"))
    assert answer["references"] == doubtful.count()
    assert all(
        "存疑：" in remark and "可能指" in remark for row in answer["paragraphs"] for remark in row["remarks"]
    )
    for row in client.get("/coverage.json").json()["documents"]:
        found = client.get("/uncertain.json", {"document": row["symbol"]}).json()
        assert found["references"] == row["uncertain_mentions"]
    assert client.get("/about.json").json()["coverage"]["uncertain"] == answer["references"]


@pytest.mark.parametrize("address", [f"/{R1540}/cited-by", "/uncertain", "/states/UKR?kind=transmitted"])
def test_a_file_says_of_each_paragraph_what_the_page_says(client, bundled_documents, address):
    path, _mark, query = address.partition("?")
    answer = client.get(f"{path}.json?{query}").json()
    shown = [row.get("remarks", []) for row in (answer.get("listed") or answer)["paragraphs"]]
    table = b"".join(client.get(f"{path}.csv?{query}").streaming_content).decode("utf-8-sig")
    said = [line[-1] for line in list(csv.reader(io.StringIO(table)))[1:]]
    assert any(said)
    assert said[: len(shown)] == ["；".join(remarks) for remarks in shown]


EMPTY = [
    # address, what it says, where it leads, remark
    (
        f"/{R1540}/p/5/cited-by",
        "没有引用指明这一段",
        f"/{R1540}/cited-by",
        "no reference names the paragraph",
    ),
    (
        f"/{R1540}/cited-by?state=FRA",
        "本库没有法国的文件或发言，无从知道",
        "/coverage",
        "nothing of it is held",
    ),
    (f"/{R1540}/cited-by?state=ARG", "所藏文件中没有这样的引用", f"/{R1540}/cited-by", "held, nothing found"),
    (f"/{R1540}/cited-by?state=ARG", "所藏文件中没有这样的引用", f"/{R1540}", "the resolution itself"),
    ("/S/RES/2663(2022)", "本库所藏最近为2019年，都早于它", "/coverage", "all that is held is older"),
    ("/S/RES/2055(2012)", "所藏文件中也没有段落引用它", "/coverage", "later documents are held"),
    ("/states/CHN", "本库没有该国的文件或发言", "/states", "neither held nor named"),
    ("/states/SYR", "他人提及它的，见上表", "/states/SYR?kind=mentioned", "not held, but named"),
    ("/states/USA?cites=S/RES/2663(2022)", "没有这样的段落", "/states/USA", "held, nothing found"),
]


@pytest.mark.parametrize(("address", "words", "link", "remark"), EMPTY)
def test_an_empty_list_says_why_and_leads_on(client, bundled_documents, address, words, link, remark):
    tree = page(client, address)
    assert words in tree.text, remark
    assert link in tree.links, remark


def test_a_state_that_only_transmits_is_not_called_unheld(client, db):
    words = block("annex.1", "执行第1540(2004)号决议。", transmitted=True)
    mentions = [("annex.1", "第1540(2004)号决议", R1540)]
    store(parsed("S/2031/9", words, mentions=mentions, sender="法国", document_type="letter"))
    assert Document.objects.get().state.alpha3 == "FRA"
    answer = page(client, f"/{R1540}/cited-by?state=FRA").text
    assert "所藏文件中没有这样的引用" in answer and "无从知道" not in answer


def test_nothing_held_is_not_called_older(client, bundled_documents):
    assert "都早于它" not in page(client, "/S/RES/2055(2012)").text
