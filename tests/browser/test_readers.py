"""Readers, each from the first page that they open to what they came for, in each language."""

from __future__ import annotations

import gettext
import io
import zipfile
from typing import NamedTuple

import pytest

from ..tables import each_row, rows_from
from ..tools.messages import LOCALES

pytestmark = pytest.mark.long

PERMALINK = "/S/2010/52/p/annex.14/3373bb0d"


class Reader(NamedTuple):
    """The locale of the browser, the catalogue of the interface, and the footnote that comes first in it."""

    locale: str
    catalogue: str
    footnote: str

    def said(self, words: str, count: int = 0) -> str:
        """What the interface says to this reader for Chinese words, a figure in them replaced."""
        told = gettext.translation("django", LOCALES, [self.catalogue], fallback=True).gettext(words).strip()
        return told.replace("0", str(count)) if count else told


@pytest.fixture(params=rows_from(__name__, "READERS"), ids=lambda row: row[1])
def reader(request) -> Reader:
    return Reader(*request.param)


def test_a_researcher_finds_who_cites_a_paragraph_and_reads_it_in_its_place(opened, reader):
    page = opened("/", locale=reader.locale)
    page.locator(".site-menu a[href='/resolutions']").click()
    page.locator("main a[href='/S/RES/1540(2004)']").first.click()
    # The sentences stand on the resolution's own page, before any figure.
    assert page.locator("main .rest h2").first.inner_text().startswith(reader.said("各段被谁引用"))
    page.locator("main a[href='/S/RES/1540(2004)/p/3/cited-by']").first.click()
    quoting = page.locator("main a[href*='/CD/2118/p/']").first
    assert "执行部分第3段" in page.locator("main").inner_text()
    quoting.click()
    assert "制定、执行和更新" in page.locator(".focus .text").inner_text()
    page.get_by_role("link", name=reader.said("在全文中读")).click()
    assert page.url.split("#")[0].endswith("/CD/2118")
    assert page.locator(f"[id='{page.url.split('#')[1]}']").is_visible()
    assert page.complaints == []


def test_a_briefing_writer_leaves_with_a_sheet_for_word(opened, reader):
    page = opened("/", locale=reader.locale)
    page.locator("#q1").fill("“收集有关第1540(2004)号决议执行情况资料”")
    page.locator("#q1").press("Enter")
    page.locator("main a[href*='/S/2010/52/p/annex.14']").first.click()
    assert page.locator("#c-first").input_value() == reader.footnote
    assert page.locator("#l2").input_value().endswith(PERMALINK)
    page.get_by_role("button", name=reader.said("放进引文篮")).click()
    page.locator(".steps a[rel=prev]").click()
    page.get_by_role("button", name=reader.said("放进引文篮")).click()
    page.get_by_role("link", name=reader.said("打开引文篮(0段)", 2)).click()
    page.wait_for_url("**/basket?c=*")
    assert page.url.count("c=") == 2
    with page.expect_download() as waiting:
        page.locator("#files a[href^='/basket.docx']").click()
    with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as sheet:
        assert "为提高收集有关" in sheet.read("word/document.xml").decode()
    # What was sent to a colleague is the same basket, and without script too.
    sent = opened("/" + page.url.split("/", 3)[3], script=False, locale=reader.locale)
    assert sent.locator("ol.basket > li").count() == 2
    sent.locator("ol.basket a[data-takes-out]").first.click()
    sent.locator("ol.basket > li:only-child").wait_for()
    assert page.complaints == []


def test_a_reader_of_traditional_chinese_finds_and_cites_the_text_as_it_is(opened, reader):
    page = opened("/", locale=reader.locale)
    page.locator("#q1").fill("執行情況資料的能力")
    page.locator("#q1").press("Enter")
    page.locator("main a[href*='/S/2010/52/p/annex.14']").first.click()
    assert "执行情况资料的能力" in page.locator(".focus .text").inner_text()
    assert page.locator("#c-first").input_value() == reader.footnote


def test_an_expert_who_types_english_has_an_english_footnote(opened, reader):
    page = opened("/", locale=reader.locale)
    page.locator("#q1").fill("S/2010/52, annex, para. 14")
    page.locator("#q1").press("Enter")
    page.locator("main a[href='/S/2010/52/p/annex.14']").first.click()
    page.wait_for_url("**/S/2010/52/p/annex.14")
    page.locator("#forms > summary").click()
    page.locator("label[for='c-un-en']").click()  # which lies over its button
    assert page.locator("#c-form-un-en").input_value() == "S/2010/52, annex, para. 14."


def test_a_blind_reader_is_told_where_things_are(opened, reader):
    page = opened("/", locale=reader.locale)
    told = page.locator("body").aria_snapshot()
    for landmark in ("- banner", "- search", "- main", "- contentinfo", "- heading", "- navigation"):
        assert landmark in told
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == reader.said("跳到正文")
    page.goto(page.url + "search?q=出口管制")
    headings = page.locator("main :is(h1, h2, h3, h4)")
    levels = [int(tag[1]) for tag in headings.evaluate_all("all => all.map(one => one.tagName)")]
    assert levels[0] == 1 and all(
        after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)
    )
    page.locator("main a[href*='/p/']").first.click()
    assert page.get_by_role("heading", level=1).count() == 1
    # Each field and button says what it is without its surroundings.
    assert page.get_by_role("textbox", name=reader.said("带指纹的链接"), exact=True).count() == 1
    assert page.get_by_role("link", name=reader.said("固定链接")).count() >= 1
    assert page.evaluate(
        "[...document.querySelectorAll('a, button')].every(one => one.checkVisibility() === false"
        " || one.textContent.trim() || one.getAttribute('aria-label'))"
    )


def test_on_a_phone_a_paragraph_is_found_and_put_into_the_basket(opened, reader):
    page = opened("/", locale=reader.locale, width=360, has_touch=True, is_mobile=True)
    page.locator(".site-menu > summary").tap()
    page.locator(".site-menu a[href='/documents']").tap()
    page.locator("main a[href='/S/2010/52']").first.tap()
    page.locator("details.contents > summary").tap()
    page.locator("#at").fill("14")
    page.locator("#at").press("Enter")
    page.wait_for_url("**/S/2010/52#p-annex.14")
    page.locator("[id='p-annex.14'] > .number").tap()
    put = page.get_by_role("button", name=reader.said("放进引文篮"))
    assert put.bounding_box()["height"] >= 44
    put.tap()
    page.get_by_role("link", name=reader.said("打开引文篮(0段)", 1)).tap()
    page.wait_for_url("**/basket?c=*")
    assert page.locator("ol.basket > li").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.complaints == []


def test_by_keyboard_alone_words_are_found_and_their_footnote_copied(opened, reader):
    page = opened("/", locale=reader.locale, permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("/")
    page.keyboard.type("执行情况资料的能力")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".focus .text").count() == 1
    for _stop in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#c-first + .copy')"):
            break
    page.keyboard.press("Enter")
    page.get_by_text(reader.said("已复制")).first.wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#c-first").input_value()


def test_a_range_goes_into_the_basket_paragraph_by_paragraph(opened):
    page = opened("/S/2010/52/p/annex.15")
    page.get_by_role("button", name="放进引文篮").click()
    page.goto(page.url.replace("annex.15", "annex.14-16"))
    page.get_by_role("button", name="逐段放进引文篮").click()
    page.get_by_role("button", name="逐段从引文篮移出").click()
    page.get_by_role("button", name="逐段放进引文篮").click()
    page.get_by_role("link", name="打开引文篮(3段)").click()
    page.wait_for_url("**/basket?c=*")
    assert page.locator("ol.basket > li").count() == 3
    assert page.complaints == []


def in_basket(page) -> int:
    """As many paragraphs as the link in the head says."""
    told = page.locator(".site-menu a[href^='/basket']:not([lang])").inner_text()
    return int("".join(filter(str.isdigit, told)) or 0)


def put_in(page, address: str) -> None:
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + address)
    page.get_by_role("button", name="放进引文篮").click()


def test_a_basket_is_kept_whatever_page_is_opened_and_is_one_for_all_tabs(opened):
    page = opened("/")
    for anchor in ("14", "15"):
        put_in(page, f"/S/2010/52/p/annex.{anchor}")
    for came_from in ("/help", "/", "/basket"):
        page.goto(page.url.split("/S/")[0].split("/basket")[0].split("/help")[0].rstrip("/") + came_from)
        if came_from == "/help":
            page.locator("main #citing a", has_text="引文篮").click()
        else:
            page.locator(".site-menu a[href^='/basket']:not([lang])").click()
        page.wait_for_url("**/basket?c=*")
        assert page.locator("ol.basket > li").count() == 2, came_from
    other = page.context.new_page()
    other.goto(page.url.split("/basket")[0] + "/S/2010/52/p/annex.16")
    assert in_basket(other) == 2
    other.get_by_role("button", name="放进引文篮").click()
    page.wait_for_function(
        "document.querySelector('.site-menu a[href^=\\'/basket\\']').textContent.includes('3')"
    )
    page.locator(".site-menu a[href^='/basket']:not([lang])").click()
    page.locator("ol.basket > li:nth-child(3)").wait_for()
    assert page.complaints == []


def test_what_is_taken_out_stays_out_and_another_s_basket_replaces_none(opened):
    page = opened("/")
    for anchor in ("14", "15"):
        put_in(page, f"/S/2010/52/p/annex.{anchor}")
    page.locator(".site-menu a[href^='/basket']:not([lang])").click()
    page.wait_for_url("**/basket?c=*")
    whole = page.url
    page.locator("ol.basket a", has_text="从篮中移出").first.click()
    page.locator("ol.basket > li:only-child").wait_for()
    assert in_basket(page) == 1
    page.go_back()
    page.wait_for_url(whole)
    assert in_basket(page) == 1
    page.goto(whole.split("?")[0] + "?c=4yswv3b2&c=nowhere0")  # a colleague's
    assert in_basket(page) == 1
    page.locator(".site-menu a[href^='/basket']:not([lang])").click()
    page.locator("ol.basket a", has_text="从篮中移出").click()
    page.wait_for_url("**/basket")
    assert in_basket(page) == 0 and page.locator("ol.basket").count() == 0


def test_without_storage_a_paragraph_still_has_its_link_to_a_basket(opened):
    page = opened("/")
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('off'); }})")
    page.goto(page.url + "S/2010/52/p/annex.14")
    page.locator(".to-basket a", has_text="放进引文篮").click()
    page.wait_for_url("**/basket?c=*")
    assert page.locator("ol.basket > li").count() == 1
    assert page.complaints == []


SELECT = """([first, last]) => { const text = (id) => document.getElementById(id).querySelector('.text');
    document.getSelection().setBaseAndExtent(text(first), 0, text(last), text(last).childNodes.length); }"""


@each_row("SELECTED")
def test_selected_words_are_copied_with_their_footnote(opened, address, first, last, note):
    page = opened(address, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate(SELECT, [f"p-{first}", f"p-{last}"])
    page.get_by_role("button", name="连同脚注").click()
    page.get_by_text("已复制", exact=True).last.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    words = page.locator(f"[id='p-{first}'] > .text").inner_text()
    assert copied.startswith("“" + words) and note in copied and "被引" not in copied
    assert page.complaints == []
