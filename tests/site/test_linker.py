"""The script that other sites embed: which citations of a text it links, and how it is served."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tools.linked_pages import NOTHING, PAGES

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "linker.js"
# Reads texts from a list, and prints the links of each as words and address.
READ = """const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
eval(require("fs").readFileSync(process.argv[1], "utf8"));
const links = (text) => archive1540.find(text).map((one) => [text.slice(one.start, one.end), one.path]);
console.log(JSON.stringify(texts.map(links)));"""


def found(texts: list[str]) -> list[list]:
    if not (node := shutil.which("node")):
        pytest.skip("node is not installed; `make test-browser` asks the same in Chromium")
    done = subprocess.run(
        [node, "-e", READ, SCRIPT], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_each_citation_is_linked_to_its_paragraph_and_nothing_else():
    rows = [row for page in PAGES for row in page]
    wanted = [[list(one) for one in links] for _text, links in rows]
    assert sum(map(len, wanted)) >= 300 and len(PAGES) == 30
    assert found([text for text, _links in rows]) == wanted


def test_what_is_no_citation_is_left_alone():
    assert found(NOTHING) == [[] for _text in NOTHING]


def test_numbers_of_resolutions_are_as_old_as_the_archive_says():
    from archive.text.mentions.serials import COUNCIL_NUMBERS

    texts = [f"resolution {number} ({year})" for year, ends in COUNCIL_NUMBERS.items() for number in ends]
    assert [len(links) for links in found(texts)] == [1] * len(texts)


@pytest.mark.django_db
def test_the_script_is_small_and_may_be_embedded_by_anybody(client):
    response = client.get("/linker.js")
    assert response.content == SCRIPT.read_bytes()
    assert len(gzip.compress(response.content)) < 10_000
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert (
        client.get("/linker.js", headers={"origin": "https://example.org"})["Access-Control-Allow-Origin"]
        == "*"
    )
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert client.get("/linker.js", headers={"if-none-match": response["ETag"]}).status_code == 304
    assert client.post("/linker.js").status_code == 405
    assert not re.search(r"innerHTML|eval\(|document\.cookie|localStorage", SCRIPT.read_text("utf-8"))


@pytest.mark.django_db
def test_a_page_says_how_to_embed_it(client):
    page = client.get("/linker").content.decode()
    assert "&lt;script src=&quot;http://testserver/linker.js&quot; defer&gt;&lt;/script&gt;" in page
    assert "connect-src http://testserver" in page
