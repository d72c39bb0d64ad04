"""What a hostile document, a hostile address or a curious operator must not be able to do."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings
from gunicorn.http.parser import RequestParser

from archive.models import Body
from archive.site.http.middleware import LONGEST, OneLine, without_addresses
from archive.text.parsed import DocumentType, Kind, Speaker, Submitter
from tests.site.test_gunicorn import config  # noqa: F401 - a fixture
from tests.tables import each_row, rows_from
from tests.tools.factories import block, parsed, source
from tests.tools.pages import page, read

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]

FREE_FACTS = rows_from(__name__, "FREE_FACTS")
SCRIPTS = {f"/static/js/{name}.js" for name in ("copy", "suggest", "keys", "basket")}  # on every page
MORE_SCRIPTS = {f"/static/js/{name}.js" for name in ("select", "styles", "contents")}  # where one chooses
DATA = "application/ld+json"  # a block of data: no browser runs it
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"


@pytest.fixture
def hostile(db):
    """A document whose every field and word is markup, that cites and is cited."""
    from archive.store.ingest.store import store_document

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


HOSTILE_PAGES = rows_from(__name__, "HOSTILE_PAGES")


@each_row("HOSTILE_PAGES")
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


@each_row()
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
    from archive.site.views.fallback import server_error

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


# --- What strangers may claim in a request, and what is left of them afterwards ---

CLAIMS = rows_from(__name__, "CLAIMS")
ALL_CLAIMS = ({name: value for claim, _remark in CLAIMS for name, value in claim.items()}, "all of them")


@pytest.mark.parametrize("address", ["/", "/robots.txt", "/S/2010/52", "/sitemap.xml", "/search?q=x"])
def test_a_claim_of_a_client_changes_nothing(bundled_documents, address):
    plain = Client().get(address)
    for claim, remark in [ALL_CLAIMS, *(CLAIMS if address == "/robots.txt" else [])]:
        claimed = Client().get(address, **claim)
        assert claimed.status_code == plain.status_code, remark
        assert claimed.content == plain.content, remark
        assert claimed.headers.get("Location") == plain.headers.get("Location"), remark


def test_a_claimed_scheme_or_path_does_not_pass_the_server(config):  # noqa: F811
    claims = b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: on\r\nScript_Name: /evil\r\n"
    lines = b"GET / HTTP/1.1\r\nHost: a\r\n" + claims + b"\r\n"
    request = next(RequestParser(config, iter([lines]), ("127.0.0.1", 1)))
    assert request.scheme == "http"
    assert not [name for name, _ in request.headers if name.upper() == "SCRIPT_NAME"]


SMUGGLED = [
    # what two servers may read as one request or as two
    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
    b"Content-Length: 4\r\nContent-Length: 5\r\n",
    b"Content-Length: +4\r\n",
    b"Content-Length: 4, 4\r\n",
    b"Transfer-Encoding: chunked, identity\r\n",
    b"Transfer-Encoding: xchunked\r\n",
    b"Transfer-Encoding : chunked\r\n",
    b"Transfer-Encoding:\x0bchunked\r\n",
    b"X: a\r\n Transfer-Encoding: chunked\r\n",
    b"Content_Length: 4\r\nContent-Length : 3\r\n",
]


@pytest.mark.parametrize("headers", SMUGGLED)
def test_a_request_that_can_be_read_as_two_is_refused(config, headers):  # noqa: F811
    content = (
        b"POST /check HTTP/1.1\r\nHost: a\r\n"
        + headers
        + b"\r\n0\r\n\r\nGET /admin/ HTTP/1.1\r\nHost: a\r\n\r\n"
    )
    with pytest.raises(Exception) as refused:  # noqa: PT011, B017 - any of the server's own
        next(RequestParser(config, iter([content]), ("127.0.0.1", 1)))
    assert refused.type.__module__.startswith("gunicorn.http")


@pytest.fixture
def lines(monkeypatch):
    """What the site's log prints, line by line."""
    import logging.config

    from django.conf import settings

    written: list[str] = []

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.extend(self.format(record).split("\n"))

    form = settings.LOGGING["formatters"]["line"]
    handler = Lines()
    handler.setFormatter(logging.Formatter(form["format"], style=form["style"]))
    handler.addFilter(OneLine())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:99999", "a b", "", "%0d%0aevil", "[::1"])
@pytest.mark.parametrize("address", ["/", "/S/2010/52.json", "/nothing"])
def test_a_wrong_host_is_one_line(lines, host, address):
    with override_settings(ALLOWED_HOSTS=["archive.example"]):
        response = Client().get(address, HTTP_HOST=host, REMOTE_ADDR="203.0.113.7")
    assert response.status_code == 400
    said = [line for line in lines if "Host" in line or "HOST" in line]
    assert len(said) <= 1 and len(lines) <= 2 and not [line for line in lines if "Traceback" in line]
    assert not [line for line in lines if "203.0.113.7" in line]


@each_row("ADDRESSES")
def test_addresses_are_taken_out_of_lines(line, kept):
    assert without_addresses(line) == kept


def test_the_server_logs_what_it_cannot_read_without_its_sender(config, caplog):  # noqa: F811
    with caplog.at_level("WARNING", "gunicorn.error"):
        logging.getLogger("gunicorn.error").warning("Invalid request from ip=%s: %s", "203.0.113.7", "x")
    assert caplog.messages == ["Invalid request from ip=-: x"]


def test_a_line_of_the_log_has_an_end(config, caplog, lines):  # noqa: F811
    """What looks for addresses in a line is not made to look through 64,000 characters of a stranger."""
    with caplog.at_level("WARNING", "gunicorn.error"):
        logging.getLogger("gunicorn.error").warning("Invalid request from ip=%s: %s", "::1", "a" * 64_000)
    logging.getLogger("django.request").warning("Not Found: %s", "/" + "a" * 64_000)
    assert caplog.messages[0].startswith("Invalid request from ip=-: aaa")
    assert all(len(line) < LONGEST + 50 for line in (caplog.messages[0], *lines))
    assert lines[-1].endswith("… (64,012 characters)")


@each_row("HEADED")
def test_every_answer_says_what_it_needs_of_a_device_and_who_may_embed_it(client, bundled_documents, address):
    response = client.get(address)
    assert (
        "camera=()" in response["Permissions-Policy"] and "geolocation=()" in response["Permissions-Policy"]
    )
    assert response["Cross-Origin-Resource-Policy"] == (
        "cross-origin" if address.endswith(".json") else "same-origin"
    )
    response.close()


def test_static_files_get_these_headers_too(settings):
    order = settings.MIDDLEWARE
    assert order.index("archive.site.http.middleware.PolicyHeaders") < order.index(
        "whitenoise.middleware.WhiteNoiseMiddleware"
    )


def test_security_txt_names_the_contact_and_an_end_within_a_year(client):
    assert client.get("/.well-known/security.txt").status_code == 404
    with override_settings(SECURITY_CONTACT=["mailto:security@archive.example", "https://a.example/report"]):
        response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert [value for name, value in fields if name == "Contact"] == [
        "mailto:security@archive.example",
        "https://a.example/report",
    ]
    expires = datetime.fromisoformat(dict(fields)["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=366)
    assert dict(fields)["Canonical"].endswith("/.well-known/security.txt")


def test_metrics_are_for_who_knows_the_token(client, bundled_documents):
    for token, given in (
        ("", ""),
        ("", "Bearer "),
        ("secret", ""),
        ("secret", "Bearer x"),
        ("秘", "Bearer x"),
    ):
        with override_settings(METRICS_TOKEN=token):
            assert client.get("/metrics", HTTP_AUTHORIZATION=given).status_code == 404
    with override_settings(METRICS_TOKEN="secret"):
        told = metrics_of()
        # A page that there is twice, a page that there is not, words that must not be counted as a page.
        for address in ("/S/2010/52", "/S/2010/52", "/nothing-here", "/search?q=机密"):
            Client().get(address)
        after = metrics_of()
    assert told["archive_documents"] == 5 and told["archive_paragraphs"] == 301
    assert told["archive_database_up"] == 1 and "archive_index_up" in told

    def risen(name: str) -> float:
        return after.get(name, 0) - told.get(name, 0)

    assert risen('archive_answers_total{page="document",status="200"}') == 2
    assert sum(risen(name) for name in after if name.endswith('status="404"}')) == 1
    assert risen('archive_request_seconds_count{page="document"}') == 2
    assert after["archive_requests_in_progress"] == 1  # who asks for it
    assert not any("机密" in name or "nothing" in name for name in after)


def metrics_of() -> dict[str, float]:
    response = Client().get("/metrics", HTTP_AUTHORIZATION="Bearer secret")
    assert response["Cache-Control"].count("no-store")
    rows = [line.rsplit(" ", 1) for line in response.content.decode().splitlines() if line[0] != "#"]
    return {name: float(value) for name, value in rows}
