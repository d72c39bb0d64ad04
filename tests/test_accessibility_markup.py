"""What the markup owes to keyboards and screen readers; and that pages work without script."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from .addresses import ERRORS, READ
from .pages import page

pytestmark = pytest.mark.django_db
ASKING = ("/search", "/concordance")


@pytest.fixture(scope="module")
def trees(bundled_index):
    client = Client()
    answered = [(address, page(client, address)) for address in READ]
    return answered + [(address, page(client, address, status)) for address, status in ERRORS]


def test_pages_are_well_formed_in_language_order_and_names(client, trees):
    for address, tree in trees:
        assert tree.all("html")[0].attributes["lang"] == "zh-Hans", address
        _ids_are_unique(address, tree)
        _headings_do_not_skip(address, tree)
        _links_and_fields_have_names(address, tree)
        _fragments_exist(address, tree)
        _landmarks(address, tree)
        _tables_have_headers(address, tree)


def _ids_are_unique(address, tree):
    counts = Counter(element.attributes["id"] for element in tree.walk() if element.attributes.get("id"))
    assert not [ident for ident, count in counts.items() if count > 1], address


def _headings_do_not_skip(address, tree):
    levels = [
        int(element.tag[1]) for element in tree.walk() if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6")
    ]
    assert levels.count(1) == 1, (address, levels)
    main = tree.with_id("main")
    inside = [int(e.tag[1]) for e in main.walk() if e.tag in ("h1", "h2", "h3", "h4")]
    for before, after in zip(inside, inside[1:], strict=False):
        assert after <= before + 1, (address, inside)


def _links_and_fields_have_names(address, tree):
    labels = {label.attributes.get("for") for label in tree.all("label")}
    for link in tree.all("a"):
        assert link.text.strip() or link.attributes.get("aria-label"), (address, link.attributes)
    for name in ("input", "textarea"):
        for element in tree.all(name):
            if element.attributes.get("type") == "hidden":
                continue
            assert element.attributes.get("id") in labels, (address, element.attributes)


def _fragments_exist(address, tree):
    for href in tree.links:
        if href.startswith("#"):
            assert tree.with_id(href[1:]) is not None, (address, href)


def _landmarks(address, tree):
    assert len(tree.all("main")) == len(tree.all("header", "site-header")) == 1, address
    for nav in tree.all("nav"):
        assert nav.attributes.get("aria-label"), address
    skip = tree.all("a", "skip")[0]
    assert tree.with_id(skip.attributes["href"][1:]).tag == "main"


def _tables_have_headers(address, tree):
    for table in tree.all("table"):
        assert table.attributes.get("aria-labelledby") or table.all("caption") or table.all("thead"), address
        for label in (table.attributes.get("aria-labelledby") or "").split():
            assert tree.with_id(label) is not None, (address, label)
        for header in table.all("th"):
            assert header.attributes.get("scope") in ("row", "col"), address


def test_everything_on_the_pages_works_without_script(trees):
    """Links lead somewhere, forms are sent with GET, nothing waits for a click handler."""
    for address, tree in trees:
        for element in tree.walk():
            assert not [name for name in element.attributes if name.startswith("on")], address
            if element.tag == "a":
                assert element.attributes.get("href"), (address, element.attributes)
            if element.tag == "form":
                assert element.attributes.get("method", "get") == "get"
                action = element.attributes["action"]
                assert action == f"{address}/range" or resolve(action), address


def test_the_present_place_is_marked_in_the_navigation(client, bundled_index):
    for address, entry in (
        ("/bodies", "机构"),
        ("/S/2010/52", "文件"),
        ("/S/RES/1540(2004)", "决议"),
        ("/years/2016", "年份"),
    ):
        current = [
            link.text for link in page(client, address).all("a") if link.attributes.get("aria-current")
        ]
        assert entry in current, address


@pytest.mark.slow
def test_every_link_of_our_own_leads_to_a_page_that_exists(client, trees):
    """Follows two links of each kind; what asks the index of search has tests of its own."""
    kinds: Counter[str | None] = Counter()
    for address, tree in trees:
        for target in sorted({urldefrag(urljoin(address, href)).url for href in tree.links}):
            elsewhere = not target.startswith("/") or target.startswith(ASKING)
            if elsewhere or urlsplit(target).path.removesuffix(".json") == urlsplit(address).path:
                continue
            kind = resolve(unquote(urlsplit(target).path)).url_name
            kinds[kind] += 1
            if kinds[kind] <= 2:
                with closing(client.get(target, follow=True)) as answer:
                    assert answer.status_code == 200, (address, target)
    assert len(kinds) > 50
