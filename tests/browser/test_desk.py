"""A librarian's path: five PDFs in, a number and a speaker put right, published, found, cited, undone."""

from __future__ import annotations

import pytest

from .conftest import PASSWORD, new_page

pytestmark = pytest.mark.long
DATED = "<p>Distr.: General<br>1 March 2021<br>Chinese<br>Original: English</p>"
HEAD = f"<p>联合国 S/2021/{{0}}</p><p>安全理事会</p>{DATED}<h2>秘书长关于不扩散的报告之{{0}}</h2>"


def files_of(tens: int) -> dict[str, str]:
    """Name and HTML of five documents: a gap in numbers, a record, three without a doubt."""
    gap, record, *clear = (tens * 10 + one for one in range(1, 6))
    return {
        f"{gap}": HEAD.format(gap)
        + "<p>1. 回顾第1540(2004)号决议，请各国提交全面的报告。</p>"
        + f"<p>3. 紫色的独角兽委员会第{gap}次审议这些报告，并提出建议。</p>",
        f"{record}": f"<p>联合国 S/AC.44/SR.{record}</p>{DATED}<h2>第{record}次会议简要记录</h2>"
        + "<p>1. Simson女士(美利坚合众国)说，各国已经提交报告。</p>"
        + "<p>2. Lee先生(大韩民国)说，专家组应当延期，并说明理由。</p>",
        **{
            f"{n}": HEAD.format(n) + f"<p>1. 这是第{n}份文件，请各国执行第1540(2004)号决议。</p>"
            for n in clear
        },
    }


@pytest.fixture
def librarian(browser, site, manage, tmp_path):
    """Sends ``files`` as PDFs in a window of a new account; returns the window, at the page of the batch."""
    windows = []

    def send(files: dict[str, str], name: str, **how):
        printer, page = new_page(browser), new_page(browser, **how)
        windows.extend((printer, page))
        for number, html in files.items():
            printer.set_content(f'<html lang="zh"><body style="font-size: 14pt">{html}</body></html>')
            printer.pdf(path=str(tmp_path / f"{number}.pdf"))
        manage("createsuperuser", "--noinput", "--username", name, "--email", "a@example.org")
        page.goto(f"{site}/admin/login/?next=/admin/intake/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        page.set_input_files("#files", [str(tmp_path / f"{number}.pdf") for number in files])
        page.get_by_role("button", name="上传", exact=True).click()
        manage("read_uploads", "--once")
        page.reload()
        return page

    yield send
    for page in windows:
        page.context.close()


def press(page, name: str, reason: str = "") -> None:
    """Press a button of an act, and confirm it."""
    page.get_by_role("button", name=name).click()
    if reason:
        page.fill("#reason", reason)
    page.get_by_role("button", name="确定").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_librarian_fills_the_archive(site, manage, librarian, script):
    tens = 7 if script else 8
    gap, record = f"S/2021/{tens}1", f"S/AC.44/SR.{tens}2"
    page = librarian(files_of(tens), f"path-{tens}", width=1024, script=script)
    batch = page.url
    assert page.locator(".desk-list tbody tr").count() == 5

    page.get_by_role("link", name=gap).click()
    item = page.url
    assert "第1段之后是第3段" in page.locator("section[aria-labelledby=doubts]").inner_text()
    assert page.locator(".sheet rect.doubted").count() == 1, "the line is marked on the page"
    if script:
        page.locator(".leaf img").evaluate("one => { one.loading = 'eager'; return one.decode() }")
        page.keyboard.press("n")
        assert page.evaluate("document.activeElement.id") == "b-3"
        with page.expect_navigation():
            page.keyboard.press("e")
    else:
        page.get_by_label("更正3").click()
    page.fill("#m-number", "第几")
    page.get_by_role("button", name="照此更正").click()
    page.locator("#m-number:focus").wait_for()  # the first field that is wrong, once the page is drawn
    page.fill("#m-number", "2")
    page.get_by_role("button", name="照此更正").click()
    assert "编号，由“3”改为“2”" in page.locator("#main").inner_text()

    page.goto(batch)
    page.get_by_role("link", name=record).click()
    page.get_by_label("更正1", exact=True).click()
    page.fill("#m-speaker", "Simpson女士(美利坚合众国)")
    page.get_by_role("button", name="照此更正").click()
    manage("read_uploads", "--once")
    page.goto(item)
    assert "程序没有疑点" in page.locator("#main").inner_text()

    page.goto(batch)
    press(page, "发布没有疑点的5份")
    manage("read_uploads", "--once")
    page.goto(f"{site}/search?q=“紫色的独角兽委员会第{tens}1次”")
    page.get_by_role("link", name=gap).first.click()
    page.goto(f"{site}/{gap}/p/2/cite")
    assert gap in page.locator("#main").inner_text()
    page.goto(f"{site}/{record}/p/1")
    assert "Simpson" in page.content()

    page.goto(batch)
    press(page, "撤下本批收入的5份", "试过了")
    manage("read_uploads", "--once")
    assert page.goto(f"{site}/{gap}").status == 410
    assert page.complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1024, False), (400, True)])
def test_the_pages_of_the_desk_keep_the_rules_and_their_width(site, librarian, broken_rules, width, dark):
    page = librarian(dict([*files_of(9).items()][:2]), f"rules-{width}", width=width, dark=dark)
    item = page.locator(".desk-list tbody th a").first.get_attribute("href")
    for path in ("/admin/intake/", page.url.removeprefix(site), item, f"{item}?mend=1", f"{item}?mend=facts"):
        page.goto(site + path)
        assert broken_rules(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(f"{site}{item}?mend=1")
    page.fill("#m-number", "第几")
    page.fill("#m-speaker", "Simpson女士")
    page.get_by_role("button", name="照此更正").click()
    page.locator("#m-number:focus").wait_for()  # which a page gets when it is drawn
    assert page.input_value("#m-speaker") == "Simpson女士"
    assert broken_rules(page) == [], "a form that was refused"
    page.goto(site + item)
    page.locator("[name=pick]").first.check()
    assert broken_rules(page) == [], "a block chosen"
    assert page.complaints == []
