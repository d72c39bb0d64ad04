"""Mozilla's Readability, which is Reader View in Firefox and in many programs that keep pages for later."""

from __future__ import annotations

import unicodedata

import pytest

from archive.store.addresses.paths import document_path

pytestmark = pytest.mark.long


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_reader_view_loses_no_paragraph_of_any_document(client, all_documents, run_node):
    held = {document_path(document.symbol): document for document in all_documents}
    kept = run_node(
        "reader_view.js",
        [{"address": address, "html": client.get(address).content.decode()} for address in held],
    )
    lost = [
        f"{each['address']} {anchor}"
        for each in kept
        for words in [plain(each["text"])]
        for anchor, text in held[each["address"]].paragraphs.values_list("anchor", "text")
        if plain(text) not in words
    ]
    assert len(kept) == len(all_documents) > 100
    assert not lost


def test_reader_view_keeps_the_paragraph_that_a_page_is_of(client, bundled_documents, run_node):
    pages = {
        address: paragraph.text
        for document in bundled_documents.values()
        for paragraph in document.paragraphs.exclude(kind="heading")
        for address in [f"{document_path(document.symbol)}/p/{paragraph.anchor}"]
        if paragraph.position % 10 == 0
    }
    given = [{"address": address, "html": client.get(address).content.decode()} for address in pages]
    lost = [
        each["address"]
        for each in run_node("reader_view.js", given)
        if plain(pages[each["address"]]) not in plain(each["text"])
    ]
    assert not lost
