"""What the markup owes to keyboards and screen readers; and that pages work without script."""

from __future__ import annotations

from collections import Counter

import pytest

from .pages import page

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/documents",
    "/documents?year=2016",
    "/resolutions",
    "/bodies",
    "/bodies/1540-committee",
    "/states",
    "/states/ESP",
    "/states/FRA",
    "/years",
    "/years/2016",
    "/years/2004",
    "/about",
    "/help",
    "/S/2010/52",
    "/A/74/140",
    "/S/AC.44/SR.74",
    "/S/2016/1013",
    "/CD/2118",
    "/S/AC.44/SR.74/p/14",
    "/A/74/140/p/s2.h1.u3",
    "/S/2010/52/dropped",
    "/S/RES/1540(2004)",
    "/S/RES/1540(2004)/cited-by",
    "/S/RES/1540(2004)/cited-by?relation=implements",
    "/treaties",
    "/treaties/cwc",
    "/wanted",
    "/uncertain",
    "/resolutions?relation=extended_by",
    "/S/RES/2663(2022)",
]
ERRORS = [("/S/AC44/SR.47", 404), ("/documents?page=x", 400), ("/S/2010/52/p/annex.14/00000000", 404)]


@pytest.fixture
def trees(client, bundled_documents):
    answered = [(address, page(client, address)) for address in PAGES]
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
                assert element.attributes["action"] in (
                    "/search",
                    "/documents",
                    f"{address}/range",
                ), address


def test_the_present_place_is_marked_in_the_navigation(client, bundled_documents):
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
    """Follows each address on the pages once; what asks the index of search has tests of its own."""
    seen = set()
    for address, tree in trees:
        for href in tree.links:
            target = href.partition("#")[0]
            if target.startswith("?"):
                target = address.partition("?")[0] + target
            searched = target.startswith(("/search", "/concordance"))
            searched = searched or target.endswith(("/parallels", "/similar"))
            if not target.startswith("/") or searched or target in seen:
                continue
            seen.add(target)
            many = "/p/" in target or target.startswith(("/concepts/", "/bodies/"))
            if not many or len(seen) % 8 == 0:
                assert client.get(target, follow=True).status_code == 200, (address, target)
    assert len(seen) > 300
