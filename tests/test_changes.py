"""The change log, the history of a document, and the check of the whole archive."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from archive.ingest import Why
from archive.models import Cause, Document, IssuedText, Mention, Paragraph, SourceFile
from archive.text.fingerprint import fingerprint

from .factories import parsed, store
from .pages import page

pytestmark = pytest.mark.django_db
SIDECAR = 'symbol = "S/2031/1"\nchange_cause = "corrigendum"\nchange_reason = "S/2031/1/Corr.1"\n'


def versions(*texts: dict[str, str], **options) -> Document:
    for number, text in enumerate(texts):
        outcome = store(parsed("S/2031/1", *text.items()), content=f"{number}", **options)
    return Document.objects.get(pk=outcome.document)


EVENTS = [
    # remark, versions, (kind, counts that are not zero) newest first
    ("a new document is one entry", [{"1": "甲", "2": "乙"}], [("new", {"added": 2})]),
    ("edited", [{"1": "甲"}, {"1": "乙"}], [("changed", {"edited": 1}), ("new", {"added": 1})]),
    (
        "renumbered behind an insertion",
        [{"1": "甲", "2": "乙"}, {"1": "子", "2": "甲", "3": "乙"}],
        [("changed", {"moved": 2, "added": 1}), ("new", {"added": 2})],
    ),
    (
        "only added: it has a cause too",
        [{"1": "甲"}, {"1": "甲", "2": "乙"}],
        [("changed", {"added": 1}), ("new", {"added": 1})],
    ),
    ("gone", [{"1": "甲", "2": "乙"}, {"1": "甲"}], [("changed", {"gone": 1}), ("new", {"added": 2})]),
]


@pytest.mark.parametrize(("remark", "texts", "expected"), EVENTS, ids=[row[0] for row in EVENTS])
def test_each_import_that_changed_something_is_one_event(client, remark, texts, expected):
    versions(*texts)
    for address in ("/changes.json", "/S/2031/1/history.json"):
        told = client.get(address).json()["changes"]
        counts = [{kind: n for kind, n in event["counts"].items() if n} for event in told]
        assert list(zip([event["kind"] for event in told], counts, strict=True)) == expected
        assert all(event["cause"] == "source" for event in told if event["kind"] == "changed")


def test_the_pages_show_what_was_struck_and_what_was_put_in(client):
    versions({"1": "各国应提交报告"}, {"1": "各国必须提交报告"})
    for address in ("/changes", "/S/2031/1/history"):
        tree = page(client, address)
        assert [e.text for e in tree.all("del")] == ["应"] and [e.text for e in tree.all("ins")] == ["必须"]
        assert "来源更正：来源文件已更换" in tree.text
    assert "/changes" in page(client, "/").links
    assert "/S/2031/1/history" in page(client, "/S/2031/1").links


EDITS = [
    ("鼓励各国指定联络点", "鼓励各会员国指定国家联络点"),
    ("鼓励各会员国指定国家联络点", "鼓励各国指定联络点"),
    ("甲乙丙丁戊己庚辛", "子乙丑丁寅己卯辛"),
    ("各国应提交报告，并说明情况", "各国必须提交报告，同时说明各种情况。"),
]


@pytest.mark.parametrize(("then", "now"), EDITS)
def test_every_wording_that_is_shown_was_stored(client, then, now):
    versions({"3.b": then}, {"3.b": now})
    link = f"/S/2031/1/p/3.b/{fingerprint(then)}"
    shown = [
        row
        for address in ("/changes", "/S/2031/1/history")
        for row in page(client, address).all("p", "change")
    ]
    assert len(shown) > 1
    for row in shown:
        assert (
            "".join(
                each if isinstance(each, str) else each.text
                for each in row.children
                if getattr(each, "tag", "") != "ins"
            )
            in then
        )
        assert (
            "".join(
                each if isinstance(each, str) else each.text
                for each in row.children
                if getattr(each, "tag", "") != "del"
            )
            in now
        )
    table = page(client, link).all("table", "changes")[0]
    for row in table.all("tr")[1:]:
        old, new = (cell.text for cell in row.all("td"))
        assert old in then and new in now


def test_an_event_has_a_page_and_the_same_id_in_every_feed_for_ever(client):
    from archive.ingest import correct_document

    document = versions({"1": "甲"}, {"1": "乙"})
    event = client.get("/changes.json").json()["changes"][0]
    assert page(client, event["url"]).all("del")
    assert event["id"] in client.get("/changes.atom").content.decode()
    correct_document(document, {"symbol": "S/2031/7"})
    assert client.get("/S/2031/7/history.json").json()["changes"][0]["id"] == event["id"]
    assert client.get("/S/2031/1/history")["Location"] == "/S/2031/7/history"


@pytest.mark.parametrize(
    ("query", "events"),
    [("", 2), ("cause=source", 1), ("cause=new", 1), ("cause=parsing", 0), ("document=S/2031/1", 2)],
)
def test_events_are_filtered(client, query, events):
    versions({"1": "甲"}, {"1": "乙"})
    assert len(client.get(f"/changes.json?{query}").json()["changes"]) == events


@pytest.mark.parametrize("query", ["cause=x", "year=x", "at=x"])
def test_what_cannot_be_read_is_explained(client, query):
    versions({"1": "甲"})
    assert (
        client.get(f"/S/2031/1/history?{query}" if query == "at=x" else f"/changes?{query}").status_code
        == 400
    )


# --- causes ---

CAUSES = [
    ({"parser_version": "next"}, {}, "parsing", "another parser, the same source"),
    ({"content": "new"}, {}, "source", "other bytes"),
    ({"why": Why(Cause.CORRECTION, "错字", "编者甲")}, {}, "correction", "an editor's decision"),
]


@pytest.mark.parametrize(("options", "_unused", "cause", "remark"), CAUSES)
def test_why_words_changed_is_kept(options, _unused, cause, remark):
    store(parsed("S/2031/1", ("1", "甲")), content="old")
    store(parsed("S/2031/1", ("1", "乙")), **{"content": "old", **options})
    closed, opened = IssuedText.objects.order_by("since")
    assert closed.cause == opened.since_cause == cause and closed.reason, remark


def test_a_sidecar_says_why_once(client):
    from archive.ingest import store_document

    from .factories import source

    for number, sidecar in enumerate(["", SIDECAR, SIDECAR]):
        store_document(parsed("S/2031/1", ("1", f"第{number}稿")), source("x.txt", str(number), sidecar))
    closed = IssuedText.objects.exclude(until=None).order_by("since")
    assert [row.cause for row in closed] == ["corrigendum", "source"]
    assert "S/2031/1/Corr.1" in page(client, "/S/2031/1/history").text


# --- verify_archive ---

DAMAGE = [
    (lambda: SourceFile.objects.update(content=b"other"), "SHA-256不符"),
    (lambda: IssuedText.objects.filter(anchor="1").update(text="别的"), "文字与指纹不符"),
    (lambda: Paragraph.objects.filter(anchor="1").update(fingerprint="00000000"), "文字与指纹不符"),
    (lambda: Paragraph.objects.filter(anchor="1").delete(), "仍算公开"),
    (lambda: IssuedText.objects.filter(anchor="1").delete(), "没有记入历次文字"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGE)
def test_verify_archive_finds_what_was_damaged(capsys, damage, message):
    versions({"1": "甲", "2": "乙"}, {"1": "子", "2": "甲", "3": "乙"})
    call_command("verify_archive", "--quick")
    assert "全部相符" in capsys.readouterr().out
    damage()
    with pytest.raises(CommandError):
        call_command("verify_archive", "--quick")
    assert message in capsys.readouterr().err


def test_verify_archive_passes_on_the_bundled_documents(bundled_documents, capsys):
    call_command("verify_archive", "--quick")
    assert Mention.objects.exists() and "全部相符" in capsys.readouterr().out


def test_an_address_that_moved_twice_with_an_edit_between_tells_what_stood_there(client):
    words = ["第一段的文字在这里。", "第一段的文字改在这里。"]
    for anchor, text in (("14", words[0]), ("15", words[0]), ("15", words[1]), ("16", words[1])):
        store(parsed("S/2031/9", (anchor, text), ("u1", "另一段的文字不变。")))
    response = client.get("/S/2031/9/p/14.json")
    assert (response.status_code, response["Location"]) == (301, "/S/2031/9/p/16.json")
    told = client.get("/S/2031/9/p/16.json").json()
    assert {move["from"] for move in told["moved_here"]} == {"/S/2031/9/p/14", "/S/2031/9/p/15"}
    earlier = {row["url"].split("/p/")[1].split("/")[0] for row in told["earlier_texts"]}
    assert earlier == {"14", "15"}
    assert "有过改动" in client.get("/S/2031/9/p/16").content.decode()
