"""What a hostile document, a hostile address or a curious operator must not be able to do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from archive.models import Body
from archive.text.parsed import DocumentType, Kind, Speaker, Submitter

from .factories import block, parsed, source
from .pages import page, read

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[1]

FREE_FACTS = [
    "organ",
    "sender",
    "addressee",
    "chair",
    "session",
    "agenda_item",
    "job_number",
    "meeting",
    "place",
    "original_language",
    "provenance",
]
SCRIPTS = {f"/static/js/{name}.js" for name in ("copy", "suggest", "keys")}  # on every page
MORE_SCRIPTS = {
    f"/static/js/{name}.js" for name in ("select", "styles", "contents", "basket", "quote")
}  # where one chooses
DATA = "application/ld+json"  # a block of data: no browser runs it
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"


@pytest.fixture
def hostile(db):
    """A document whose every field and word is markup, that cites and is cited."""
    from archive.ingest import store_document

    text = f"{EVIL}见S/2031/1第1段。"
    document = parsed(
        "S/2031/1",
        block("h1", EVIL, kind=Kind.HEADING, role="title", number=None, level=1),
        block("1", text, speaker=Speaker(EVIL, EVIL, EVIL, "observer", EVIL)),
        block("u1", text, submitter=Submitter(EVIL, EVIL)),
        block("u2", f"{EVIL}\n{EVIL}", kind=Kind.SIGNATURE),
        mentions=[("1", "S/2031/1", "S/2031/1", "1"), ("u1", "S/2031/1", "S/2031/1", "1")],
        title=EVIL,
        document_type=DocumentType.LETTER,
        **dict.fromkeys(FREE_FACTS, EVIL),
    )  # fmt: skip
    store_document(document, source('evil"><script>.html', f"<html>{EVIL}"))


def scripts(tree) -> list[str]:
    """The scripts of a page by their addresses; what is data must be data, and hold no markup."""
    for element in tree.all("script"):
        if element.attributes.get("type") == DATA:
            assert "src" not in element.attributes
            assert "<" not in element.text
            json.loads(element.text)
    return [e.attributes["src"] for e in tree.all("script") if e.attributes.get("type") != DATA]


HOSTILE_PAGES = [
    "/",
    "/documents",
    "/S/2031/1",
    "/S/2031/1/p/1",
    "/S/2031/1/p/u1",
    "/S/2031/1/p/u2",
    "/S/2031/1/cite",
    "/S/2031/1/p/1/cite",
    "/S/2031/1/cited-by",
    "/S/2031/1/p/1/cited-by",
    "/S/2031/1/dropped",
    "/years/2031",
    "/bodies",
]


@pytest.mark.parametrize("address", HOSTILE_PAGES)
def test_words_of_documents_never_become_markup(client, hostile, address):
    tree = page(client, address)
    assert SCRIPTS <= set(scripts(tree)) <= SCRIPTS | MORE_SCRIPTS
    assert len(scripts(tree)) == len(set(scripts(tree)))
    assert not [img for img in tree.all("img") if not img.attributes["src"].startswith("/c/")]
    for element in tree.walk():
        assert not [name for name in element.attributes if name.startswith("on")]


def test_hostile_text_is_shown_unchanged(client, hostile):
    tree = page(client, "/S/2031/1")
    assert tree.with_id("p-1").all(css="text")[0].text == f"{EVIL}见S/2031/1第1段。"


@pytest.mark.parametrize(
    "address",
    [
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/S/2031/%3Cscript%3E",
        "/documents?organ=%3Cscript%3E&series=%22%3E%3Cscript%3E",
        "/documents?year=%3Cscript%3E",
        "/documents?%3Cscript%3E=1",
        "/S/2031/1/cited-by?document=%22%3E%3Cscript%3E",
    ],
)
def test_words_of_addresses_never_become_markup(client, hostile, address):
    tree, problems = read(client.get(address, follow=True).content)
    assert not problems
    assert set(scripts(tree)) == SCRIPTS


@pytest.mark.parametrize(
    "address", ["/", "/S/2031/1", "/S/2031/1/p/1", "/nothing", "/documents?page=x", "/S/2031/1.json"]
)
def test_readers_get_no_cookie_and_the_policy_forbids_inline_code(client, hostile, address):
    response = client.get(address)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", [*HOSTILE_PAGES, "/about", "/help", "/nothing"])
def test_pages_keep_to_their_policy(client, hostile, address):
    """No inline style or script, nothing from another host."""
    response = client.get(address)
    tree, _ = read(response.content)
    for element in tree.walk():
        assert "style" not in element.attributes
        assert element.tag != "style"
        if element.tag == "script" and element.attributes.get("type") == DATA:
            continue
        if element.tag == "script":
            assert not element.text
        if element.tag in ("script", "img", "iframe", "object"):
            assert element.attributes["src"].startswith(("/static/", "/c/"))
        if element.tag == "link" and element.attributes["rel"] in ("stylesheet", "icon"):
            assert element.attributes["href"].startswith("/static/")


def test_the_source_file_comes_as_what_cannot_run(client, hostile):
    """Plain text is shown as such; a web page is only handed over to be kept."""
    response = client.get("/S/2031/1/source")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert not re.search(r"[\r\n\"<>]", response["Content-Disposition"])


def test_the_source_file_comes_byte_for_byte(client, bundled_documents):
    for symbol, document in bundled_documents.items():
        assert client.get(f"/{symbol}/source").content == bytes(document.source.content)


def test_json_is_served_as_json(client, hostile):
    response = client.get("/S/2031/1.json")
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/", "/S/2031/1", "/documents", "/S/2031/1/source"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_can_only_be_read(client, hostile, address, method):
    assert getattr(client, method)(address).status_code == 405


def test_nothing_is_logged_of_who_reads_what(client, hostile, caplog):
    with caplog.at_level("DEBUG"):
        client.get("/S/2031/1", REMOTE_ADDR="203.0.113.7")
    assert "203.0.113.7" not in caplog.text


def test_a_bodys_names_are_escaped(client):
    Body.objects.create(
        name=EVIL, slug="evil", aliases=[EVIL], traditional=[EVIL], english=EVIL, acronym="<b>"
    )
    tree = page(client, "/bodies/evil")
    assert set(scripts(tree)) == SCRIPTS
    assert tree.all("h1")[0].text == EVIL


def test_the_page_for_errors_of_ours_asks_nothing_of_the_database(rf, django_assert_num_queries):
    from archive.views.typed import server_error

    with django_assert_num_queries(0):
        response = server_error(rf.get("/S/2031/1"))
    assert response.status_code == 500
    assert "链接不会失效" in response.content.decode()


@pytest.mark.slow
def test_cookies_of_a_production_site_are_bound_to_their_host():
    """A neighbour under the same domain, or whoever listens to one page without TLS, can set no other."""
    names = "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"
    bound = "SECURE", "PATH", "DOMAIN"
    told = "import json; from archive import settings as s; from django.conf import global_settings as g; "
    told += f"print(json.dumps([getattr(s, n) for n in {names}] + ["
    told += (
        f"getattr(s, k, getattr(g, k)) for n in {names} for k in (n.replace('NAME', e) for e in {bound})]))"
    )
    done = run_in_production("-c", told)
    assert json.loads(done.stdout) == ["__Host-sessionid", "__Host-csrftoken", *[True, "/", None] * 2]
    done = run_in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def run_in_production(*arguments: str) -> subprocess.CompletedProcess[str]:
    place = {"DEBUG": "0", "SECRET_KEY": "k" * 25 + "0123456789" * 5, "ALLOWED_HOSTS": "archive.example"}
    place |= {"ARCHIVE_DATA_DIR": str(django_settings.DATA_DIR), "DJANGO_SETTINGS_MODULE": "archive.settings"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | place, capture_output=True, text=True
    )
