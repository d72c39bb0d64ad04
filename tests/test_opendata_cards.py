"""What search engines of data sets and cards of links read in the head of a page."""

from __future__ import annotations

import json
import re

import pytest

from archive.opendata.dump import write_dump
from archive.withholding.withheld import withheld_state

from .factories import block, parsed, store
from .pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def dump(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "dump"
    return settings.OPEN_DATA_DIR


def described(client) -> dict:
    response = client.get("/data")
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return json.loads(script)


def test_the_data_are_described_as_a_data_set_with_its_files(client, db, dump):
    store(parsed("S/2016/9", block("1", "甲"), communication_date="2016-03-01"))
    told = described(client)
    assert (told["@context"], told["@type"]) == ("https://schema.org", "Dataset")
    assert told["name"] and 50 <= len(told["description"]) <= 5000
    assert [file["name"] for file in told["distribution"]] == ["citations.csv"]
    manifest = write_dump(dump)
    told = described(client)
    files = {file["name"]: file for file in told["distribution"]}
    for file in manifest.files:
        assert files[file.name]["sha256"] == file.sha256
        assert files[file.name]["contentSize"] == str(file.bytes)
    for file in files.values():
        response = client.get(file["contentUrl"].removeprefix("http://testserver"))
        assert response.status_code == 200
        assert response["Content-Type"].startswith(file["encodingFormat"])
        response.getvalue()
    assert (told["version"], told["temporalCoverage"]) == (manifest.revision, "2016/2016")
    assert withheld_state() == manifest.withheld


EVIL = '"><script>alert(1)</script>&'


def card(client, address: str) -> dict[str, str]:
    tree = page(client, address)
    return {
        tag.attributes["property"]: tag.attributes["content"]
        for tag in tree.all("meta")
        if tag.attributes.get("property", "").startswith("og:")
    }


def test_links_to_pages_have_cards(client, db):
    store(parsed("S/2016/9", block("1", f"甲{EVIL}"), title="关于措施的信"))
    one = card(client, "/S/2016/9/p/1")
    assert one["og:title"] == "S/2016/9 第1段：关于措施的信"
    assert one["og:description"] == f"S/2016/9 第1段：甲{EVIL}"
    assert one["og:url"] == "http://testserver/S/2016/9/p/1"
    assert "og:type" not in one  # which Zotero would take for that of the document
    assert card(client, "/S/2016/9")["og:title"] == "S/2016/9 关于措施的信"
    home = card(client, "/")
    assert (home["og:title"], home["og:type"], home["og:locale"]) == ("1540文献库", "website", "zh_CN")
    assert card(client, "/documents")["og:title"] == "文件"
