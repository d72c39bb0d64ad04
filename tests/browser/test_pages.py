"""Every kind of page in a browser: accessible, quiet, no wider than a phone, and whole without script."""

from __future__ import annotations

import re

import pytest

from tests.tools.addresses import LOOKED_AT

pytestmark = pytest.mark.long


@pytest.mark.parametrize("address", LOOKED_AT)
def test_a_page_is_accessible_quiet_and_no_wider_than_a_phone(windows, site, broken_rules, address):
    for name in ("wide", "night", "english"):
        page = windows[name]
        page.complaints.clear()
        page.goto(site + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert broken_rules(page) == [], name
        assert page.complaints == [], name
    bare = windows["bare"]
    bare.goto(site + address)
    assert bare.locator("h1").count() == 1 and bare.locator("main").inner_text().strip()


def test_a_draft_is_checked_and_coloured(opened, broken_rules):
    page = opened("/check")
    page.fill("#draft", "在质的方面，有一些会员国在政府机构之间建立了新的工作关系。这一句是新写的。")
    page.locator(".check-send button").first.click()
    page.wait_for_selector(".origin-draft a.origin")
    assert broken_rules(page) == []
    assert page.complaints == []


@pytest.mark.parametrize("address", ["/coverage", "/wanted"])
def test_what_a_cell_holds_runs_on_behind_its_label_on_a_phone(opened, address):
    """The marks between links stood on lines of their own below the label, numbers broke in their midst."""
    page = opened(address, width=360)
    heights = page.evaluate(
        """() => [...document.querySelectorAll("td[data-label]:has(> a), td[data-label].figure")]
             .filter((cell) => cell.children.length < 2).map((cell) => cell.getBoundingClientRect().height)"""
    )
    assert heights and max(heights) < 40


@pytest.mark.parametrize(
    "address", ["/CD/2118/p/annex.3", "/S/AC.44/SR.74/p/2", "/A/74/140/p/s3.u11", "/S/2010/52/p/annex.14"]
)
@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en-GB"])
def test_a_paragraph_is_printed_on_one_sheet(opened, address, locale):
    """Also one that names nine bodies and documents, whose list went on over the page with its last line."""
    sheets = re.findall(rb"/Type\s*/Page\b", opened(address, locale=locale).pdf(format="A4"))
    assert len(sheets) == 1


LABELLED = """() => document.querySelectorAll('.paragraph:has(> .number:not(.unnumbered))').forEach((block) =>
    block.insertAdjacentHTML('beforeend', '<a class="cited-by" href="#">被引128段<wbr>·27份</a>'))"""
EDGES = """() => { const words = (css) => [...document.querySelectorAll(css)].flatMap((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        return [...range.getClientRects()];
    });
    return [Math.max(...words('.contents a').map((box) => box.right)),
            Math.min(...words('.cited-by').map((box) => box.left))]; }"""


@pytest.mark.parametrize(("width", "beside"), [(800, False), (1130, True), (1280, True), (1440, True)])
def test_a_count_of_citations_lies_over_nothing_beside_it(opened, width, beside):
    """Counts lay over the numbers of the contents."""
    page = opened("/S/2010/52", width=width)
    page.evaluate(LABELLED)  # the bundled documents do not cite each other's paragraphs
    contents, counts = page.evaluate(EDGES)
    assert counts >= (contents if beside else 0)
