"""Search is true at every moment: what the index does not vouch for is named, and nothing else is shown."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from urllib.parse import quote

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from archive.models import (
    Document,
    Mention,
    Paragraph,
    Pinpoint,
    State,
    StateMention,
    SymbolAlias,
    ThemeMention,
)
from archive.store.ingest.subjects import relink_subjects
from search.engine.index.generations import live_name, read_live
from search.engine.live import index as library
from search.engine.live.index import live_index
from search.engine.live.update import update_index
from search.pages.results.answer import answer
from search.query.language.request import Asked
from tests.tables import each_row, rows_from
from tests.tools.factories import parsed, stored
from tests.tools.searching import at, using

FIRST = parsed("S/2010/52", ("1", "出口管制措施。"), ("2", "核安全与核保安。"), title="甲的信")
SECOND = parsed("CD/2118", ("1", "生物武器与出口管制。"), ("2", "出口管制的清单。"), title="乙的信")
CHANGED = parsed("S/2010/52", ("1", "出口控制办法。"), ("2", "核安全与核保安。"), title="甲的信")
COUNTING = ("/index.json", "/coverage.json")
BY = {"by": "编者甲", "reason": "原件有误"}


@pytest.fixture(autouse=True)
def root(tmp_path, db):
    with at(tmp_path / "index"):
        stored(FIRST)
        stored(SECOND)
        update_index()
        yield tmp_path / "index"


@pytest.fixture
def killed(monkeypatch):
    """Commands are killed before they bring the index along."""
    monkeypatch.setattr("archive.management.commands.withdraw_document.bring_along", lambda *given: None)


def twin(client, q: str, address: str = "/search.json", **more) -> dict:
    return client.get(address, {"q": q, **more}).json()


def uncovered(answered: dict) -> list[str]:
    return [one["symbol"] for one in answered["corpus"]["uncovered"]]


def test_an_index_of_the_same_revision_certifies_everything(client):
    corpus = twin(client, "“出口管制”")["corpus"]
    assert corpus["revision"] == corpus["index_revision"] != ""
    assert (corpus["certified"], corpus["uncovered"], corpus["uncovered_paragraphs"]) == (True, [], 0)
    assert "结果完整" in client.get("/search", {"q": "“出口管制”"}).content.decode()


@each_row()
def test_a_changed_sentence_without_an_update(client, q, paragraphs, remark):
    stored(CHANGED)
    answered = twin(client, q)
    assert answered["total"]["paragraphs"] == paragraphs
    assert {one["symbol"] for one in answered["results"]} <= {"CD/2118"}
    assert answered["corpus"]["certified"] is False
    assert uncovered(answered) == ["S/2010/52"]
    assert answered["corpus"]["uncovered_paragraphs"] == 2
    assert answered["corpus"]["revision"] != answered["corpus"]["index_revision"]
    assert answered["facets"]["document_type"] == ([["document", paragraphs]] if paragraphs else [])
    page = client.get("/search", {"q": q}).content.decode()
    assert "结果完整" not in page
    assert "本库现藏" not in page, "the archive holds more than was looked at"
    assert "出口管制措施" not in page.replace(q.strip("“”"), "")
    assert 'href="/S/2010/52"' in page
    assert "不在对照之内" in page


def test_every_other_answer_says_so_too(client):
    stored(CHANGED)
    lines = twin(client, "出口管制", "/concordance.json")
    assert (lines["total"]["occurrences"], uncovered(lines)) == (2, ["S/2010/52"])
    page = client.get("/concordance", {"q": "出口控制办法"}).content.decode()
    assert "结果完整" not in page
    assert "不在对照之内" in page
    table = b"".join(client.get("/search.csv", {"q": "“出口管制”"}).streaming_content).decode()
    assert "CD/2118" in table
    assert "S/2010/52" not in table
    feed = client.get("/search.atom", {"q": "出口管制"}).content.decode()
    assert "/CD/2118/p/" in feed and "/S/2010/52/p/" not in feed
    terms = {one["text"]: one["count"] for one in suggested(client, "出口")}
    assert terms["出口管制"] == 2
    alike = client.get("/CD/2118/p/1/parallels.json").json()
    assert uncovered(alike) == ["S/2010/52"]


LOST = [("unreadable characters (1): 3 U+FFFD", "2"), ("unreadable characters (2): 1 U+FFFD; 5 U+E000", "2")]


def test_no_answer_speaks_for_characters_that_could_not_be_read(client):
    """They may be what is looked for: certificate, what is found nowhere and exports say so."""
    blocks = ("1", "核材料。"), ("2", "采取\ufffd口管制措施。")
    stored(parsed("S/2010/53", *blocks, doubts=LOST, title="丙的信"))
    update_index()
    for q in ("“出口管制”", "“南极条约”", "出口管制", "南极条约"):
        corpus = twin(client, q)["corpus"]
        assert (corpus["certified"], corpus["unreadable_paragraphs"]) == (True, 1)
        page = client.get("/search", {"q": q}).content.decode()
        assert "段有无法辨认的字符" in page
        assert "结果完整" not in page and "<b>没有出现。</b>" not in page
    page = client.get("/concordance", {"q": "出口管制"}).content.decode()
    assert "段有无法辨认的字符" in page and "结果完整" not in page
    assert client.get("/search.csv", {"q": "出口管制"})["X-Unreadable-Paragraphs"] == "1"
    assert "1段有无法辨认的字符" in client.get("/search.atom", {"q": "出口管制"}).content.decode()
    assert [one["anchor"] for one in client.get("/S/2010/53/p/2.json").json()["doubts"]] == ["2", "2"]
    assert "此段有2处字符无法辨认" in client.get("/S/2010/53/p/2").content.decode()
    call_command("withdraw_document", "S/2010/53", **BY)
    assert "结果完整" in client.get("/search", {"q": "“出口管制”"}).content.decode()


@pytest.mark.parametrize("address", ["/search.csv", "/search.atom", "/concordance.csv"])
def test_exports_tell_what_is_not_in_them(client, address):
    """The rows of a table are data alone: its name tells people, headers tell programs."""
    whole = client.get(address, {"q": "出口管制"})
    assert whole["X-Uncovered-Documents"] == whole["X-Uncovered-Paragraphs"] == "0"
    assert whole["X-Archive-Revision"] == whole["X-Index-Revision"]
    assert "X-Uncovered" not in whole
    before = whole.getvalue().decode()
    assert "不在其中" not in before
    stored(CHANGED)
    lacking = client.get(address, {"q": "出口管制"})
    assert (lacking["X-Uncovered-Documents"], lacking["X-Uncovered-Paragraphs"]) == ("1", "2")
    assert lacking["X-Uncovered"] == "/S/2010/52"
    assert lacking["X-Archive-Revision"] != lacking["X-Index-Revision"]
    if address.endswith(".csv"):
        name = quote("（缺1份文件）.csv")
        assert name in lacking["Content-Disposition"] and name not in whole["Content-Disposition"]
        assert set(lacking.getvalue().decode().splitlines()) < set(before.splitlines())
    else:
        told = "检索索引还没有跟上最近的改动：1份文件、2段不在其中（S/2010/52）。"
        assert f"<subtitle>{told}</subtitle>" in lacking.getvalue().decode()


def suggested(client, q: str) -> list[dict]:
    found = client.get("/suggest", {"q": q}).json()
    return found["suggestions"] if isinstance(found, dict) else found


def test_after_the_update_all_is_certified_again(client):
    stored(CHANGED)
    etag = client.get("/search.json", {"q": "“出口控制”"})["ETag"]
    update_index()
    answered = client.get("/search.json", {"q": "“出口控制”"}, headers={"If-None-Match": etag})
    assert answered.status_code == 200
    assert answered.json()["total"]["paragraphs"] == 1
    assert answered.json()["corpus"]["certified"] is True


def test_a_new_document_is_not_covered_and_search_counts_what_home_counts(client):
    stored(parsed("A/74/1", ("1", "新来的出口管制。")))
    answered = twin(client, "“新来”")
    assert (answered["total"]["paragraphs"], uncovered(answered)) == (0, ["A/74/1"])
    corpus = answered["corpus"]
    assert corpus["documents"] + corpus["uncovered_documents"] == Document.objects.count()
    assert corpus["paragraphs"] + corpus["uncovered_paragraphs"] == Paragraph.objects.count()


def test_pages_that_count_documents_tell_what_search_lacks_of_them(client):
    changed = {"/index.json": CHANGED, "/coverage.json": FIRST}
    for address in COUNTING:
        assert client.get(address).json()["index"]["certified"]
        stored(changed[address])
        index = client.get(address).json()["index"]
        assert (index["uncovered_documents"], index["uncovered_paragraphs"]) == (1, 2), address
        page = address.removesuffix(".json").replace("/index", "/")
        before = client.get(page)
        assert "检索索引还没有跟上" in before.content.decode()
        update_index()
        after = client.get(page, headers={"if-none-match": before["ETag"]})
        assert (after.status_code, "检索索引还没有跟上" in after.content.decode()) == (200, False)


def test_what_is_withdrawn_is_shown_nowhere_from_the_moment_it_is(client, killed):
    etag = client.get("/search", {"q": "核安全"})["ETag"]
    call_command("withdraw_document", "S/2010/52", **BY, stdout=StringIO())
    for address in ("/search", "/search.json", "/concordance", "/search.atom", "/suggest"):
        response = client.get(address, {"q": "核安全"}, headers={"If-None-Match": etag})
        assert response.status_code == 200
        assert "核安全与核保安" not in response.content.decode()
        assert "甲的信" not in response.content.decode()
    answered = twin(client, "“核安全”")
    assert answered["total"]["paragraphs"] == 0
    assert answered["corpus"]["certified"] is True  # what is held no more is no part of the archive
    assert answered["corpus"]["documents"] == 1


def test_a_row_changed_by_sql_is_noticed(client):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archive_paragraph SET text = '别的文字。' WHERE text = '出口管制措施。'")
    assert uncovered(twin(client, "“出口管制措施”")) == ["S/2010/52"]


def test_a_state_renamed_is_called_by_its_new_name_before_the_index_follows(client):
    State.objects.filter(alpha3="FRA").update(name="新法国")
    assert any(one["text"] == "新法国" for one in suggested(client, "新法国"))
    assert twin(client, "“出口管制”")["corpus"]["certified"] is True
    generation = live_name(library.index_root())
    update = update_index()
    assert (update.indexed, update.switched) == (0, True)  # the same files under the new revision
    assert live_name(library.index_root()) != generation
    assert any(one["text"] == "新法国" for one in suggested(client, "新法国"))
    assert update_index().switched is False


def test_without_a_database_search_says_nothing(client, monkeypatch):
    def broken():
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr("search.engine.index.coverage.current_revision", broken)
    for address in ("/search", "/search.json", "/concordance.json", "/suggest", "/search.atom"):
        assert client.get(address, {"q": "出口管制"}).status_code == 503


def test_a_cursor_by_relevance_ends_with_its_index_and_shows_nothing_withdrawn(client, killed):
    for number in range(25):
        stored(parsed(f"S/2011/{number}", ("1", f"核出口管制第{number}号。")))
    update_index()
    following = twin(client, "核出口管制")["next"]
    stored(parsed("S/2012/1", ("1", "别的。")))
    update_index()
    for number in range(25):
        call_command("withdraw_document", f"S/2011/{number}", **BY, stdout=StringIO())
    shown = client.get(following)
    assert shown.status_code == 410
    assert "核出口管制第" not in shown.content.decode()


def test_the_manifest_holds_the_revision_of_archive_and_documents(root):
    _name, manifest = read_live(root)
    assert manifest.revision.count("-") == 1
    assert set(map(int, manifest.documents)) == set(Document.objects.values_list("pk", flat=True))
    assert all(mark.count("-") == 1 for mark in manifest.documents.values())


QUERIES = tuple(rows_from(__name__, "QUERIES"))


@pytest.mark.parametrize("engine", settings.SEARCH_ENGINES)
def test_documents_left_out_are_as_if_they_had_never_been_indexed(tmp_path, engine):
    """The law behind it: what is left of an index answers like a new index of what is left."""
    with using(engine):
        for number in range(6):
            words = f"第{number}份关于出口管制、核安全和武器清单的文件。" * (1 + number % 3)
            stored(parsed(f"S/2014/{number}", ("1", words), ("2", "生物武器。" if number % 2 else "清单。")))
        gone = [f"S/2014/{number}" for number in (0, 3, 4)]
        with at(tmp_path / "whole"):
            update_index()
            Document.objects.filter(symbol__in=gone).delete()
            left = [figures(q) for q in QUERIES]
            assert live_index().coverage.left_out
        with at(tmp_path / "anew"):
            update_index()
            assert live_index().coverage.left_out == frozenset()
            assert left == [figures(q) for q in QUERIES]


def figures(q: str) -> tuple:
    found = answer(Asked(q, sort="relevance"))
    index = live_index()
    phrase = index.literal.find("管制")
    whole = found.found
    parts = (whole.paragraphs, whole.documents, whole.occurrences, whole.facets) if whole else ()
    hits = [(hit.symbol, hit.anchor, hit.text) for hit in found.hits]
    counts = (phrase.total, index.literal.count("武器"), found.corpus_years)
    return hits, parts, counts, found.variants, found.nearby, index.reader.frequency("text", "武器")


def test_readers_of_one_revision_share_what_was_left_out(client):
    stored(CHANGED)
    first = live_index()
    assert live_index() is first
    stored(parsed("A/74/1", ("1", "新来的。")))
    second = live_index()
    assert second is not first
    assert second.literal is first.literal  # nothing more is left out
    assert np.array_equal(second.literal.ids, first.literal.ids)


def checked(client, text: str) -> list[tuple[str, str]]:
    answered = client.post("/check.json", {"text": text}, content_type="application/json").json()
    return [(one["verdict"], one["beside"]) for one in answered["quotations"]]


NEW = parsed(
    "S/2010/52", ("1", "各国应当建立出口控制办法的清单。"), ("2", "核安全与核保安。"), title="甲的信"
)


@each_row()
def test_a_draft_is_compared_with_what_the_index_does_not_cover_yet(client, draft, verdict, remark):
    stored(NEW)
    assert checked(client, draft) == [verdict]


def test_where_too_much_is_not_covered_a_quotation_is_not_called_wrong(client, monkeypatch):
    stored(NEW)
    monkeypatch.setattr("search.engine.live.uncovered.MOST", 1)
    right = "“各国应当建立出口控制办法的清单”(S/2010/52，第1段)。"
    assert checked(client, right)[0][0] == "not_covered"
    assert "还没有对照到" in client.post("/check", {"text": right}).content.decode()
    assert checked(client, "“生物武器与出口管制”(CD/2118，第1段)。") == [("exact", "agrees")]


CITED = "S/RES/1540(2004)"
CITING = parsed(
    "S/2011/1",
    ("1", "第1540(2004)号决议第3(a)段要求出口管制。法国加入了《不扩散核武器条约》。"),
    mentions=[("1", "第1540(2004)号决议", CITED, "3(a)")],
    title="丙的信",
)
COMES = parsed(CITED, ("3", "决定各国应"), ("3.a", "建立衡算和保安。"), document_type="resolution")


def withdraw(symbol: str) -> None:
    call_command("withdraw_document", symbol, **BY, no_index=True, stdout=StringIO())


def come_and_go() -> None:
    stored(COMES)
    update_index()
    withdraw(CITED)


def another_parser() -> None:
    for document in (FIRST, SECOND, CITING):
        stored(document, parser_version="next")


def seek_themes() -> None:
    ThemeMention.objects.all().delete()
    assert relink_subjects() == 3 and ThemeMention.objects.exists() and StateMention.objects.exists()


OF_OTHERS = [
    # act, what the index does not cover then, remark
    (lambda: stored(COMES), [CITED], "what is cited comes"),
    (come_and_go, [], "and is withdrawn"),
    (lambda: stored(replace(CHANGED, mentions=CITING.mentions[:0])), ["S/2010/52"], "its own words change"),
    (lambda: Mention.objects.update(target=None, target_paragraph=None), [], "by SQL"),
    (lambda: Mention.objects.update(target=None, certain=False), ["S/2011/1"], "with what is indexed"),
    (lambda: Pinpoint.objects.update(anchor="4"), ["S/2011/1"], "a pinpoint, which is indexed"),
    (lambda: Paragraph.objects.update(text=F("text")), [], "written as it stood"),
    (another_parser, [], "read by the next release with the same result"),
    (seek_themes, [], "themes, which no index holds"),
    (lambda: Document.objects.update(changed=timezone.now(), place="纽约"), [], "facts that are not indexed"),
    (lambda: Document.objects.update(title=Concat("title", Value("等"))), "all", "facts that are"),
    (lambda: SymbolAlias.objects.create(symbol="S/2010/520", document=Document.objects.first()), [], "alias"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "lacking", "remark"), OF_OTHERS)
def test_only_documents_whose_own_indexed_words_changed_are_uncovered(client, act, lacking, remark):
    stored(CITING)
    relink_subjects()
    update_index()
    before = twin(client, "出口管制")
    act()
    every = sorted(Document.objects.values_list("symbol", flat=True))
    answered = twin(client, "出口管制")
    assert uncovered(answered) == (every if lacking == "all" else lacking), remark
    if lacking in ([], [CITED]):
        assert answered["total"] == before["total"], remark
        assert answered["facets"]["cites"] == before["facets"]["cites"], remark


def test_what_comes_is_shown_as_held_before_the_index_follows(client):
    stored(CITING)
    update_index()
    page = "/S/2011/1/p/1"
    before = client.get(page)
    assert client.get(f"/{CITED}.json").json()["held"] is False
    stored(COMES)
    after = client.get(page, headers={"if-none-match": before["ETag"]})
    assert (after.status_code, f'href="/{CITED}/p/3.a' in after.content.decode()) == (200, True)
    hit = twin(client, "决议", cites=CITED)
    assert [one["symbol"] for one in hit["results"]] == ["S/2011/1"]
    update = update_index()
    assert (update.indexed, update.removed) == (1, 0)
    assert uncovered(twin(client, "出口管制")) == []
