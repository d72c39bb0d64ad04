"""Where readers and editors see what was asked of the UN and what its catalogue says."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from archive.intake.catalogue import store_records
from archive.intake.catalogue.marc import record_of
from archive.intake.importing import ImportBatch
from archive.intake.retirement import withdraw_document
from archive.models import CatalogueRecord, Document, FetchAttempt
from archive.store.ingest.values import Source
from archive.store.revision import current_revision

from .test_fetch_documents import text_of

pytestmark = pytest.mark.django_db
SYMBOL = "S/2020/1"


@pytest.fixture(autouse=True)
def citing():
    ImportBatch().import_source(Source("a.txt", text_of("S/2031/1", f"见{SYMBOL}号文件。")))


def attempt(outcome: str, **fields) -> FetchAttempt:
    run = f"run {FetchAttempt.objects.count()}"
    return FetchAttempt.objects.create(
        run=run, symbol=SYMBOL, outcome=outcome, asked=timezone.now(), **fields
    )


def catalogued(**facts) -> None:
    store_records([record_of([SYMBOL], **facts)], "records.xml")


def test_the_last_attempt_stands_beside_what_is_cited_and_not_held(client):
    assert "向联合国" not in client.get("/wanted").content.decode()
    attempt("broken")
    attempt("not_published", reason="答复是空的。")
    attempt("planned")
    row = next(row for row in client.get("/wanted.json").json()["wanted"] if row["symbol"] == SYMBOL)
    assert (row["asked"]["outcome"], row["asked"]["reason"]) == ("not_published", "答复是空的。")
    for address in ("/wanted", f"/{SYMBOL}"):
        page = client.get(address).content.decode()
        assert "未公布" in page and "中断" not in page, address
    assert "未公布" in b"".join(client.get("/wanted.csv").streaming_content).decode()
    assert client.get(f"/{SYMBOL}.json").json()["asked"]["meaning"] == "未公布"


def test_what_the_catalogue_says_is_shown_as_what_it_is(client):
    assert client.get(f"/{SYMBOL}.json").json()["catalogue"] is None
    catalogued(
        title="Letter <b>dated</b>",
        date="2020-01",
        subjects=["TERRORISM"],
        links=[("https://undocs.org/x", "")],
    )
    page = client.get(f"/{SYMBOL}").content.decode()
    assert "Letter &lt;b&gt;dated" in page and "records.xml" in page and "TERRORISM" in page
    assert 'href="https://undocs.org/x"' in page
    told = client.get(f"/{SYMBOL}.json").json()["catalogue"]
    assert (told["title"], told["source"], told["links"][0]["url"]) == (
        "Letter <b>dated</b>", "records.xml", "https://undocs.org/x",
    )  # fmt: skip


def test_both_are_seen_at_once_on_pages_that_are_kept(client):
    before = current_revision()
    attempt("broken")
    catalogued(title="A letter")
    assert current_revision().number > before.number


def test_the_page_costs_as_many_queries_with_them_as_without(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as without:
        client.get(f"/{SYMBOL}")
    for _number in range(5):
        attempt("broken")
    catalogued(title="A letter")
    with django_assert_max_num_queries(len(without) + 1):  # a template that is met for the first time
        client.get(f"/{SYMBOL}")


def test_nothing_of_the_catalogue_stays_of_what_is_withheld():
    for title in ("A letter", "Another"):
        ImportBatch().import_source(Source("b.txt", text_of(SYMBOL)))
        catalogued(title=title)
        if Document.objects.filter(symbol=SYMBOL).exists():
            withdraw_document(Document.objects.get(symbol=SYMBOL), "编者", "依法", withheld=True)
        assert not CatalogueRecord.objects.exists()


def test_the_desk_tells_how_to_get_the_resolutions_until_one_is_held(client):
    client.force_login(get_user_model().objects.create_superuser("boss", password="x" * 12))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.conf.settings.SECOND_FACTOR", False)
        assert "CR-UNSC" in client.get("/admin/").content.decode()
        attempt("not_a_document", reason="答复不是文件。")
        assert "答复不是文件" in client.get("/admin/archive/fetchattempt/").content.decode()
        assert client.get("/admin/archive/cataloguerecord/").status_code == 200
        ImportBatch().import_source(Source("c.txt", text_of("S/RES/1540(2004)")))
        assert "fetch_documents" not in client.get("/admin/").content.decode()
