"""Every way in which the document service may answer, end to end with real files: asked for, and again.

The table is what an operator gets. ``standin`` answers in the ways that public programs report.
"""

from __future__ import annotations

import pytest

from archive.intake.fetching import ods
from archive.intake.fetching.ods import KINDS
from archive.models import Document, FetchAttempt
from tests.pages_set.writer import Put, write_pdf
from tests.tables import rows_from
from tests.tools import standin
from tests.tools.standin import Clock, StandIn

from .test_fetch_documents import _timed, run

pytestmark = [pytest.mark.django_db, pytest.mark.long]
SYMBOL = "S/2031/7"
CHINESE = "委员会通过了第1540(2004)号决议执行情况的报告，并请各国提交资料。"
ENGLISH = "The Committee, having considered the report of the experts, requests more."


def pdf(first: str, sentence: str) -> bytes:
    """A page as the service has them: a masthead, and numbered paragraphs."""
    head = [Put(60, 60, first), Put(430, 60, SYMBOL), Put(430, 76, "Distr.: General")]
    body = [Put(60, 140 + 34 * at, f"{at}. {sentence}") for at in range(1, 16)]
    return write_pdf([[*head, *body]])


WAYS = rows_from(__name__, "WAYS")


@pytest.fixture(autouse=True)
def place(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    settings.FETCH_CONTACT = "desk@archive.example"
    clock = Clock()
    monkeypatch.setattr(ods.Pace, "__init__", _timed(ods.Pace.__init__, clock))


@pytest.fixture(scope="module")
def files() -> dict[tuple[str, str], bytes]:
    ours, english = pdf("联合国", CHINESE), pdf("United Nations", ENGLISH)
    return {(f"{SYMBOL}{of}", kind): file for of, file in (("", ours), (".en", english)) for kind in KINDS}


def act(service: StandIn, *symbols: str, **options: bool) -> str:
    """Outcome of the last attempt, exit status, and how many requests were sent."""
    before = len(service.paths)
    _out, _err, status = run(service, *symbols, **options)
    last = FetchAttempt.objects.order_by("pk").last()
    return f"{last.outcome} {status} {len(service.paths) - before}"


@pytest.mark.parametrize(("way", "asked", "again", "remark"), WAYS, ids=[row[0] for row in WAYS])
def test_every_way(way, asked, again, remark, files):
    with StandIn(way, files) as service:
        assert act(service, SYMBOL) == asked, remark
        held = Document.objects.filter(symbol=SYMBOL)
        assert held.exists() == asked.startswith("held")
        assert act(service, SYMBOL) == again, remark
        assert held.exists() == again.startswith("held")
        if held.exists():
            assert held.get().paragraphs.filter(text__contains="第1540(2004)号决议执行情况").count() == 15


def test_no_way_is_left_out():
    assert [row[0] for row in WAYS] == list(standin.WAYS)
