"""A database put back to an earlier backup, under an index, caches and readers that know what came later."""

from __future__ import annotations

import pytest
from django.db import transaction

from archive.models import ShortLink
from archive.site.cache import page_cache
from archive.store.revision import current_revision
from search.engine.live.update import update_index
from tests.tables import rows_from
from tests.tools.factories import parsed, stored
from tests.tools.searching import at

pytestmark = pytest.mark.django_db
SYMBOL = "S/2035/1"
PAGES = tuple(rows_from(__name__, "PAGES"))


def letter(text: str):
    return parsed(SYMBOL, ("1", text), ("2", "会议的安排。"), title="信")


@pytest.fixture(autouse=True)
def site(settings, tmp_path):
    settings.PAGE_CACHE_MB = 4
    page_cache.forget()
    with at(tmp_path / "index"):
        stored(letter("出口管制措施。"))
        update_index()
        yield
    page_cache.forget()


def asked(client) -> dict[str, tuple[str, bytes]]:
    """Address → mark and content."""
    answers = {}
    for address in PAGES:
        response = client.get(address)
        assert response.status_code == 200, address
        answers[address] = (response.headers.get("ETag", ""), response.content)
    return answers


def marks(answers: dict[str, tuple[str, bytes]]) -> dict[str, str]:
    return {address: mark for address, (mark, _content) in answers.items()}


def test_nothing_of_what_came_after_the_backup_is_shown_or_certified(client):
    backup = asked(client)
    with transaction.atomic():
        stored(letter("核安全办法。"))
        update_index()
        lost = asked(client)
        lost_revision = current_revision()
        transaction.set_rollback(True)  # the backup is put back, under the index of what came after it
    corpus = client.get("/search.json?q=核安全办法").json()["corpus"]
    assert corpus["certified"] is False
    assert [one["symbol"] for one in corpus["uncovered"]] == [SYMBOL]
    for address in PAGES:
        held = marks(lost)[address]
        answer = client.get(address, headers={"if-none-match": held} if held else {})
        assert answer.status_code == 200, address
        assert "核安全办法" not in answer.content.decode(), address
    update_index()
    assert client.get("/search.json?q=“出口管制”").json()["corpus"]["certified"] is True
    for address, (mark, content) in asked(client).items():
        if "search" not in address and "concordance" not in address:  # the index is another
            assert (mark, content) == backup[address], address
    # The archive goes on from the backup, and comes to the same number by other words.
    stored(letter("军控与裁军。"))
    update_index()
    assert current_revision().number == lost_revision.number
    assert current_revision().token != lost_revision.token
    for address, (mark, _content) in lost.items():
        answer = client.get(address, headers={"if-none-match": mark} if mark else {})
        assert answer.status_code == 200, address
        assert "核安全办法" not in answer.content.decode(), address


def test_a_short_link_that_the_backup_lacks_makes_another_page(client):
    """What gives a short link out raises no revision, and after the backup another may get its key."""
    last = ShortLink.objects.order_by("pk").last()
    given = {"symbol": last.symbol, "anchor": last.anchor, "fingerprint": "12345678"}
    seen = []
    for code in ("aaaaaaaa", "bbbbbbbb"):
        with transaction.atomic():
            ShortLink.objects.create(pk=last.pk + 1, code=code, **given)
            seen.append(client.get(f"/{SYMBOL}/p/1")["ETag"])
            transaction.set_rollback(True)
    assert len({*seen, client.get(f"/{SYMBOL}/p/1")["ETag"]}) == 3
