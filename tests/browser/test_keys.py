"""The keyboard, and the menu and contents of phones."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.long


def test_the_menu_of_a_phone_needs_no_script(opened):
    page = opened("/help", width=360, script=False)
    assert not page.locator(".site-menu a[href='/check']").is_visible()
    page.locator(".site-menu summary").click()
    page.locator(".site-menu a[href='/check']").click()
    assert page.url.endswith("/check")


@pytest.mark.parametrize("width", [360, 900])
def test_the_button_of_the_menu_stays_where_it_is(opened, width):
    page = opened("/help", width=width)
    button = page.locator(".site-menu summary")
    before = button.bounding_box()
    button.click()
    assert button.bounding_box() == before
    entry = page.locator(".site-menu a[href='/check']").bounding_box()
    assert entry["y"] >= before["y"] + before["height"] and entry["x"] >= 0
    page.locator(".site-header input[name=q]").click()  # which the menu does not cover


def test_a_paragraph_of_an_annex_is_few_keys_away(opened):
    page = opened("/S/2010/52")
    for _stop in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("14")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/S/2010/52#p-annex.14")
    assert page.locator("[id='p-annex.14']").is_visible()


def test_keys_go_through_the_paragraphs_and_are_off_where_text_is_typed(opened):
    page = opened("/S/2010/52")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.className").startswith("number")
    page.keyboard.press("/")
    page.keyboard.type("jk?")
    assert page.evaluate("document.activeElement.value") == "jk?"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    with page.expect_navigation():
        page.keyboard.press("?")
    assert page.url.endswith("/help#keys")


def test_a_reader_can_switch_the_keys_off(opened):
    page = opened("/help")
    page.locator("#keys-off").check()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement === document.body")


def test_the_contents_follow_the_place_on_phones(opened):
    page = opened("/A/74/140", width=360)
    page.evaluate("document.getElementById('p-s4').scrollIntoView()")
    page.locator(".here", has_text="集体安全条约组织").wait_for(state="attached")
    assert page.locator("details.contents > summary").is_visible()
    page.locator("details.contents > summary").click()
    page.locator(".contents nav a").first.click()
    page.locator("details.contents:not([open])").wait_for()
