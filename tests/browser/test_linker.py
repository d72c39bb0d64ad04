"""The linker in pages of another site, under a content policy that allows it and nothing else."""

from __future__ import annotations

import html

import pytest

from tests.tools.linked_pages import MARKUP, NOTHING, PAGES

pytestmark = pytest.mark.long

HOST = "http://host.localhost:9"
ALLOWED = ["local-network-access"]  # else browsers ask before other sites may read one of this machine
LAYOUTS = [
    "<p>{}</p>",
    "<li>{}</li>",
    "<table><tr><td>{}</td><td>1</td></tr></table>",
    "<div><em>{}</em></div>",
    "<h2>{}</h2>",
]
BOXES = """() => [...document.querySelectorAll("main *:not(a)")].map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [x, y, width, height]; })"""
LINKS = (
    "(css) => [...document.querySelectorAll(css)].map((one) => [one.textContent, decodeURI(one.pathname)])"
)


@pytest.fixture
def host(opened, site):
    """Shows a page of another site, without the linker yet; ``page.asked`` are the requests."""

    def show(body: str, lang: str = "zh", **how):
        page = opened("/healthz", permissions=ALLOWED, **how)
        policy = f"default-src 'none'; script-src {site}; connect-src {site}"
        head = f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>x</title>'
        answer = {
            "body": f"{head}<main>{body}</main>",
            "headers": {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy},
        }
        page.route(f"{HOST}/**", lambda route: route.fulfill(**answer))
        page.goto(f"{HOST}/a-secret-page")
        page.asked = []
        page.on("request", lambda request: page.asked.append(request))
        return page

    return show


@pytest.fixture
def linked(host, site):
    def show(body: str, **how):
        page = host(body, **how)
        before = page.evaluate(BOXES)
        page.add_script_tag(url=f"{site}/linker.js")
        after = page.evaluate(BOXES)  # a letter stands a fraction of a pixel nearer to one in another element
        assert all(one == pytest.approx(other, abs=1) for one, other in zip(after, before, strict=True))
        assert [request.url for request in page.asked] == [f"{site}/linker.js"]
        assert not page.complaints
        return page

    return show


def test_thirty_pages_are_linked_to_what_they_cite_and_stay_as_they_lie(linked):
    for number, rows in enumerate(PAGES):
        layout = LAYOUTS[number % len(LAYOUTS)]
        page = linked(
            "".join(layout.format(html.escape(text)) for text, _links in rows), dark=bool(number % 2)
        )
        assert page.evaluate(LINKS, "a") == [list(one) for _text, links in rows for one in links]
        page.context.close()


def test_what_is_no_citation_or_goes_on_in_other_markup_is_left_alone(linked):
    page = linked("".join(f"<p>{html.escape(text)}</p>" for text in NOTHING))
    assert page.evaluate(LINKS, "a") == []
    for body, paths in MARKUP:
        page = linked(body)
        assert [path for _words, path in page.evaluate(LINKS, "a.archive-1540")] == list(paths), body
        assert page.locator("a a").count() == 0
        page.context.close()


@pytest.mark.parametrize(("lang", "dark", "gone"), [("zh", False, "本库未藏"), ("en", True, "does not hold")])
def test_a_paragraph_is_shown_where_a_reader_points_and_for_the_keyboard(
    linked, site, broken_rules, lang, dark, gone
):
    page = linked(
        "<h1>h</h1><p>S/2010/52, annex, para. 14; 第1540(2004)号决议第3(d)段。S/2010/52.</p>",
        lang=lang,
        dark=dark,
    )
    card = page.locator("[role=tooltip]")
    assert card.count() == 0
    page.locator("a").nth(0).hover()
    card.get_by_text("为提高收集有关").wait_for()
    assert card.inner_text().startswith("S/2010/52 附件第14段")
    (asked,) = [
        request for request in page.asked if ".js" not in request.url or request.url.endswith(".json")
    ][-1:]
    assert asked.url == f"{site}/S/2010/52/p/annex.14.json"
    assert not {"referer", "cookie"} & asked.all_headers().keys()
    assert "secret" not in "".join(request.url for request in page.asked)
    assert page.locator("a").nth(0).get_attribute("aria-describedby") == card.get_attribute("id")
    assert [one for one in broken_rules(page) if one[0] != "region"] == []  # it describes, and is in none
    page.keyboard.press("Escape")
    assert not card.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    card.get_by_text(gone).wait_for()
    page.keyboard.press("Tab")
    card.get_by_text("主席给安全理事会主席的信").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("a[aria-describedby]").count() == 0
    paper = page.evaluate("getComputedStyle(document.querySelector('[role=tooltip]')).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") is not dark
    assert not page.complaints


def test_a_site_that_does_not_answer_is_said_so(linked, site):
    page = linked("<p>S/2010/52, annex, para. 14</p>")
    page.route(f"{site}/S/**", lambda route: route.abort())
    page.locator("a").hover()
    page.get_by_text("现在取不到").wait_for()


def test_the_form_that_tries_it_sends_nothing(opened, broken_rules):
    page = opened("/linker")
    asked = []
    page.on("request", lambda request: "favicon" in request.url or asked.append(request.url))
    page.locator(".linker-try button").click()
    assert page.evaluate(LINKS, "#linker-result a")[0] == [
        "第1540(2004)号决议第3(d)段",
        "/S/RES/1540(2004)/p/3.d",
    ]
    assert asked == [] and page.complaints == [] and broken_rules(page) == []
