"""What programs that take the article out of a page must find, Firefox's Reader View among them.

They drop a ``div``, list, table or form that is mostly links. A short paragraph that names a resolution is
that, with the link on its number: no paragraph may stand in one. `make test-clients` asks the real program.
"""

from __future__ import annotations

import pytest

from archive.http.addresses import document_path

from .pages import page

pytestmark = pytest.mark.django_db

DROPPED = {"div", "ul", "ol", "table", "form", "fieldset", "aside", "footer", "nav", "header"}


def _between(element, outer):
    """The elements in which ``element`` stands inside ``outer``."""
    while element.parent is not None and element is not outer:
        element = element.parent
        yield element


def test_no_paragraph_of_the_article_stands_in_what_readers_drop(client, bundled_documents):
    for symbol, document in bundled_documents.items():
        tree = page(client, document_path(symbol))
        (article,) = tree.all("article")
        for anchor, text in document.paragraphs.values_list("anchor", "text"):
            block = tree.with_id(f"p-{anchor}")
            if block.tag == "h1":  # the title, which they show above the article
                assert block.text == text
                continue
            (words,) = [element for element in block.walk() if "text" in element.classes]
            assert words.text == text
            around = {element.tag for element in _between(words, article)}
            assert "article" in around and not around & DROPPED, (symbol, anchor, around)


def test_the_paragraph_of_a_page_does_not_stand_in_what_readers_drop(client, bundled_documents):
    for address in ("/S/AC.44/SR.74/p/14", "/A/74/140/p/s2.h1.u5", "/S/2010/52/p/annex.14-16"):
        tree = page(client, address)
        blocks = tree.all(css="focus") or tree.all("article")[0].all(css="paragraph")
        assert blocks and {block.tag for block in blocks} == {"section"}, address
