"""Every page has a JSON twin at its address with .json, linked from the page, with the same facts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.text.serialize import as_json

from .addresses import READ
from .conftest import BUNDLED
from .pages import page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", READ)
def test_every_page_links_its_twin_and_the_twin_answers(client, bundled_index, address):
    tree = page(client, address)
    twins = [
        link.attributes["href"]
        for link in tree.all("link")
        if link.attributes.get("rel") == "alternate" and link.attributes.get("type") == "application/json"
    ]
    assert len(twins) == 1
    response = client.get(twins[0])
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)


def test_the_documents_twin_has_the_shape_of_the_parser_and_its_content(client, bundled_documents):
    """DESIGN section 6: keys may be added, none changed."""
    from archive.text import parse_document

    for path in sorted(BUNDLED.iterdir()):
        if path.suffix == ".toml":
            continue
        parsed = as_json(_parsed(parse_document, path))
        twin = client.get(f"/{parsed['document']['symbol']}.json").json()
        assert [_some(row, parsed["paragraphs"][0]) for row in twin["paragraphs"]] == [
            _some(row, parsed["paragraphs"][0]) for row in parsed["paragraphs"]
        ]
        for name in ("anchor", "start", "end", "surface", "symbol", "paragraph"):
            assert [row[name] for row in _ordered(twin["mentions"])] == [
                row[name] for row in _ordered(parsed["mentions"])
            ]
        assert [(row["line"], row["text"], row["reason"]) for row in twin["dropped"]] == sorted(
            ((row["line"], row["text"], row["reason"]) for row in parsed["dropped"]), key=lambda row: row[0]
        )


def _parsed(parse_document, path: Path):
    sidecar = path.with_suffix(".toml")
    return parse_document(path, sidecar if sidecar.exists() else None)


def _some(row: dict, _model: dict) -> dict:
    return {name: row.get(name) for name in ("anchor", "kind", "number", "parent", "text")}


def _ordered(mentions: list[dict]) -> list[dict]:
    return sorted(mentions, key=lambda row: (row["anchor"], row["start"], row["symbol"]))


def test_offsets_in_twins_point_at_the_surface(client, bundled_documents):
    twin = client.get("/A/74/140.json").json()
    texts = {row["anchor"]: row["text"] for row in twin["paragraphs"]}
    for row in twin["mentions"] + twin["bodies"]:
        assert texts[row["anchor"]][row["start"] : row["end"]] == row["surface"]


def test_highlights_in_lists_point_at_the_mention(client, bundled_documents):
    twin = client.get("/S/RES/1810(2008)/cited-by.json").json()
    for row in twin["paragraphs"]:
        assert row["highlights"]
        for start, end in row["highlights"]:
            assert "1810(2008)" in row["text"][start:end]


def test_the_export_equals_the_screen(client, bundled_documents):
    address = "/S/RES/1540(2004)/cited-by"
    shown = [hit.links[0] for hit in page(client, address).all("li", "hit")]
    assert [row["url"] for row in client.get(f"{address}.json").json()["paragraphs"]] == shown


def test_chinese_is_not_escaped_and_unknown_is_null(client, bundled_documents):
    response = client.get("/S/2010/52.json")
    assert "安全理事会" in response.content.decode()
    assert response.json()["document"]["date"] is None


def test_twins_of_what_does_not_exist_are_json_too(client, bundled_documents):
    for address, status in (
        ("/S/2099/9.json", 404),
        ("/documents.json?page=x", 400),
        ("/S/2010/52/p/9.z.json", 404),
    ):
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert response.json()["error"]


def test_the_text_twin_holds_every_paragraph(client, bundled_documents):
    text = client.get("/S/2010/52.txt").content.decode()
    for paragraph in bundled_documents["S/2010/52"].paragraphs.all():
        assert paragraph.text in text
    paragraph = bundled_documents["S/2010/52"].paragraphs.get(anchor="annex.14")
    assert client.get("/S/2010/52/p/annex.14.txt").content.decode() == paragraph.text + "\n"
