"""A site with the bundled documents, and Debian's Chromium to look at it.

``BROWSER_SITE`` names a site that is running already, which saves a minute.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.hosts import web

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# As root Chromium starts without its sandbox only; in a container /dev/shm is too small for long pages.
PASSWORD = "of the browser's librarian"  # noqa: S105, of a site that lives a minute
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def manage(tmp_path_factory):
    """Runs a command on the machine of the site: ``manage("read_uploads", "--once")``."""
    if os.environ.get("BROWSER_SITE"):
        pytest.skip("the site is another's")
    environment = {**os.environ, "ARCHIVE_DATA_DIR": str(tmp_path_factory.mktemp("site")), "DEBUG": "1"}
    environment["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
    for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "SEARCH_ENGINE"):
        environment.pop(name, None)

    def run(*command: str, env: dict[str, str]) -> None:
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)

    return partial(run, env=environment)


@pytest.fixture(scope="session")
def site(request):
    """The address of a site, without a stroke at its end."""
    if running := os.environ.get("BROWSER_SITE"):
        yield running.rstrip("/")
        return
    manage = request.getfixturevalue("manage")
    manage("prepare")
    port = web.free_port()
    with web.running(web.gunicorn(port, workers=1), port, env=manage.keywords["env"]):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def browser():
    """Chromium; skipped where there is none, or no Playwright."""
    driver = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium fonts-noto-cjk")
    with driver.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def new_page(browser, width=1280, script: bool = True, dark: bool = False, locale="zh-CN", **more):
    """A window of its own, with ``complaints``: what its console says, beside the status of an error page."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
        color_scheme="dark" if dark else "light",
        locale=locale,
        **more,
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.complaints = []
    page.on("console", lambda said: said.type in ("error", "warning") and _complain(page, said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def _complain(page, words: str) -> None:
    if "Failed to load resource: the server responded with a status of 4" not in words:
        page.complaints.append(words)


@pytest.fixture(scope="session")
def windows(browser):
    """Windows in which page after page is opened: wide, a phone at night, one in English, without script."""
    found = {
        "wide": new_page(browser),
        "night": new_page(browser, width=320, dark=True),
        "english": new_page(browser, width=320, locale="en-GB"),
        "bare": new_page(browser, width=360, script=False, locale="zh-TW"),
    }
    yield found
    for page in found.values():
        page.context.close()


@pytest.fixture
def opened(browser, site):
    """Opens an address of the site in a window of its own: ``opened("/help", width=320, script=False)``."""
    pages = []

    def open_page(path: str, **how):
        page = new_page(browser, **how)
        pages.append(page)
        page.goto(site + path)
        return page

    yield open_page
    for page in pages:
        page.context.close()


@pytest.fixture(scope="session")
def broken_rules():
    """What axe finds on a page: each rule that is broken, with its first three places."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def run(page) -> list[tuple[str, list]]:
        found = axe.run(page).response["violations"]
        return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found]

    return run
