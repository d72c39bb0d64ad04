"""The desk as curators reach it: gunicorn, nginx before it where it is installed, a client with its token."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator

import pytest

from tests.tables import each_row, rows_from
from tests.tools import desk, hostile
from tests.tools.desk import DESK, Curator, Site, body_of, site, words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # its database is copied for the site
PDF = b"%PDF-1.7\n"
TOKEN = "csrfmiddlewaretoken"


@pytest.fixture(scope="module")
def running(tmp_path_factory, ready_database) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("desk"), database=ready_database) as started:
        yield started


@pytest.fixture(scope="module", params=["gunicorn", "nginx"])
def address(request, running, tmp_path_factory) -> Iterator[str]:
    if request.param == "gunicorn":
        yield running.address
    elif not shutil.which("nginx"):
        pytest.skip("there is no nginx: apt-get install nginx-light")
    else:
        with hostile.proxy(tmp_path_factory.mktemp("proxy"), running.port) as port:
            yield f"http://127.0.0.1:{port}"


@pytest.fixture
def curator(address) -> Curator:
    return Curator(address)


def files_of(count: int, size: int, kind: str) -> list:
    if kind == "pdf":
        return [(f"{n}.pdf", (size, PDF)) for n in range(count)]
    return [(f"{n}.txt", words(n, size)) for n in range(count)]


@each_row("SENT")
def test_what_the_page_promises_is_taken_and_what_is_beyond_it_refused_in_words(
    running, curator, count, size, kind, status, said
):
    before = running.rows("SELECT count(*) FROM archive_intakeitem")[0][0]
    page = curator.send(files_of(count, size, kind), name="春季一批")
    assert page.status_code == status and said in page.text, page.text[:2000]
    after = running.rows("SELECT count(*) FROM archive_intakeitem")[0][0]
    assert after - before == (count if status == 200 else 0)
    assert "春季一批" in page.text, "what was typed is not lost"
    assert running.temporary() == 0, "nothing is left on the disk"


def test_a_form_without_its_token_is_refused_and_leaves_nothing(running, curator):
    page = curator.send([("1.txt", words(1))], token="x" * 64)
    assert page.status_code == 403 and running.temporary() == 0


def test_half_of_what_was_sent_is_not_taken(running, curator):
    before = running.states()
    token = curator.browser.cookies["csrftoken"]
    parts = [part().read() for _size, part in body_of([("1.txt", words(1, 3_000_000))], [(TOKEN, token)])]
    assert curator.raw(DESK, len(b"".join(parts)), b"".join(parts)[:2_000_000]) in (0, 400)
    assert running.states() == before and running.temporary() == 0


def test_what_nginx_refuses_by_itself_it_refuses_in_our_words(running, address):
    if address == running.address:
        pytest.skip("of nginx alone")
    for head, status, said in rows_from(__name__, "BY_NGINX"):
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=10) as sent:
            sent.sendall(f"{head.format(long='a' * 70_000)}Connection: close\r\n\r\n".encode())
            answer = sent.recv(1 << 16).decode()
        assert answer.startswith(f"HTTP/1.1 {status} ") and said in answer, (head[:60], answer[:600])
        assert 'lang="zh-Hans"' in answer


WHO = [("", 302), ("reader", 403)]


@pytest.mark.parametrize(("name", "status"), WHO, ids=["a stranger", "who is no curator"])
def test_who_may_not_send_is_answered_before_the_body_is_here(running, address, name, status):
    assert Curator(address, name).raw(DESK, 150_000_000) == status
    assert running.temporary() == 0


@pytest.mark.long
def test_the_tier_runs_of_little(running, capsys):
    """``make test-desk``, tiny, on the site that is there."""
    running.rows("DELETE FROM archive_intakeitem")
    assert desk.main(["--files", "4", "--megabytes", "1", "--kills", "2", "--small"], running) == 0
    assert capsys.readouterr().out.count("all is well") == 3
