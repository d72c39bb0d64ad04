"""The desk's way in: files sent by a librarian, read by a worker, seen, published, found, and undone."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.desk.uploads import receiving, worker
from archive.desk.uploads.corrections import correct, mark_of
from archive.intake.importing import ImportBatch
from archive.intake.retirement import withdraw_document, withdraw_paragraph, withhold_retired
from archive.models import Document, IntakeBatch, IntakeItem, IssuedText, RetiredDocument
from archive.readers import pool
from archive.site.presenters.relations import doubt_in_words
from archive.store.ingest.facts import correct_document, corrections_of_document
from archive.store.ingest.values import RefusedError, Source
from archive.text.document import parse_source
from archive.text.errors import SidecarError
from archive.text.fingerprint import fingerprint
from archive.text.parsed import ParsedDocument, Speaker
from archive.text.reader import source_of
from archive.text.reference import load_reference
from archive.text.sidecar import corrections_as_toml, sidecar_of, stated_in
from search.engine.live.update import update_index
from tests.core.test_readers_hostile import TABLE as READERS_TABLE
from tests.tables import each_row, rows_from
from tests.tools import corpus_file

pytestmark = pytest.mark.django_db
DOCUMENTS = Path(__file__).parents[1] / "documents"
DESK = "/admin/intake/"
State = IntakeItem.State
FRENCH = f"S/2021/9\n\n1. {'Le Conseil rappelle ses décisions et prie les États de suivre. ' * 9}".encode()


@pytest.fixture
def curator(client) -> Client:
    """Signed in as staff of the group that may fill the archive, and nothing else."""
    user = get_user_model().objects.create_user("librarian", password="x", is_staff=True)  # noqa: S106
    user.groups.add(Group.objects.get(name="curator"))
    client.force_login(user)
    return client


def words(number: int, more: str = "") -> bytes:
    head = f"S/2021/{number}\n\n2021年3月1日\n\n关于不扩散的报告\n\n"
    return f"{head}1. 回顾第1540(2004)号决议，这是第{number}份文件的文字。{more}\n".encode()


def send(client: Client, *files: tuple[str, bytes], follow: bool = True, **more: str):
    """Posts a form with ``files`` under the very names given, which Django's own client would tidy up. What
    was typed stands before them, as in the form of the page.
    """
    line = "----boundary"
    body = b"".join(
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in more.items()
    )
    body += b"".join(
        f'--{line}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, content in files
    )
    body += f"--{line}--\r\n".encode()
    kind = f"multipart/form-data; boundary={line}"
    return client.post(DESK, body, content_type=kind, follow=follow)


def work() -> None:
    call_command("read_uploads", "--once", verbosity=0)


def read(client: Client, *files: tuple[str, bytes], **more: str) -> IntakeItem:
    """Sends ``files`` and lets the worker read them; returns the first."""
    send(client, *files, **more)
    work()
    return IntakeBatch.objects.latest("pk").items.order_by("pk").first()


def publish(client: Client, name: str) -> None:
    item = items()[name]
    act(client, item.batch, "publish", item)
    work()


def page_of(client: Client, item: IntakeItem, query: str = "") -> str:
    return client.get(f"{DESK}{item.batch_id}/{item.pk}{query}").content.decode()


def act(client: Client, batch: IntakeBatch, name: str, item: IntakeItem | None = None, **more: str):
    """What the desk answers when an act was confirmed."""
    asked = {"act": name, "reason": "照馆里的决定", "confirmed": "1", **more}
    if item:
        asked = {"item": str(item.pk), "seen": item.digest, **asked}
    return client.post(f"{DESK}{batch.pk}/act", asked, follow=True)


def items() -> dict[str, IntakeItem]:
    return {item.name: item for item in IntakeItem.objects.all()}


# A librarian's path.

NAMES = ("S_2008_493_Corr.1.txt", "S_AC.44_2019_30.txt", "S_PRST_2014_7.txt")


def test_a_librarian_fills_the_archive_finds_cites_and_undoes(curator):
    page = send(curator, *((name, (DOCUMENTS / name).read_bytes()) for name in NAMES))
    batch = IntakeBatch.objects.get()
    assert page.redirect_chain[-1][0] == f"{DESK}{batch.pk}"
    assert all(name in page.content.decode() for name in NAMES)
    work()
    assert {item.state for item in items().values()} == {State.TO_CHECK}
    assert not Document.objects.exists(), "nothing is public before a person says so"
    item = items()["S_PRST_2014_7.txt"]
    preview = page_of(curator, item)
    assert "S/PRST/2014/7" in preview and "主席声明" in preview
    assert preview.index('id="doubts"') < preview.index('id="facts"') < preview.index('id="body"')
    chosen = {"act": "publish", "item": item.pk, "seen": item.digest}
    asked = curator.post(f"{DESK}{batch.pk}/act", chosen).content.decode()
    assert 'name="confirmed"' in asked, "an act is confirmed first"
    assert items()[item.name].state == State.TO_CHECK
    for each in items().values():
        act(curator, batch, "publish", each)
    work()
    assert {each.state for each in items().values()} == {State.PUBLISHED}
    assert all(each.content is None for each in items().values()), "the archive keeps the original now"
    update_index()
    document = Document.objects.get(symbol="S/PRST/2014/7")
    first = document.paragraphs.exclude(text="").order_by("-position")[0]
    texts = [*document.paragraphs.values_list("anchor", "text")]
    found = curator.get("/search.json", {"q": f'"{first.text[:12]}"'}).json()
    assert "S/PRST/2014/7" in {hit["symbol"] for hit in found["results"]}
    assert curator.get(f"/S/PRST/2014/7/p/{first.anchor}/cite").status_code == 200
    assert curator.get("/S/PRST/2014/7/source").status_code == 200
    report = b"".join(curator.get(f"{DESK}{batch.pk}/report").streaming_content).decode()
    assert report.count("已发布") == 3
    act(curator, batch, "undo")
    work()
    assert not Document.objects.exists()
    assert {each.state for each in items().values()} == {State.WITHDRAWN}
    assert curator.get("/S/PRST/2014/7").status_code == 410
    asked = curator.get(f"{DESK}{batch.pk}").content.decode()
    assert "恢复撤下的3份" in asked, "what was undone by mistake comes back without a terminal"
    act(curator, batch, "restore")
    work()
    assert {each.state for each in items().values()} == {State.PUBLISHED}
    again = Document.objects.get(symbol="S/PRST/2014/7")
    assert [*again.paragraphs.values_list("anchor", "text")] == texts
    assert curator.get(f"/S/PRST/2014/7/p/{first.anchor}").status_code == 200
    act(curator, batch, "undo")
    work()
    assert not Document.objects.exists(), "and goes again"
    acts = "\n".join(LogEntry.objects.values_list("change_message", flat=True))
    assert "发布" in acts and "撤下" in acts and "恢复" in acts and "照馆里的决定" in acts


def test_a_preview_shows_what_the_machine_doubts_what_is_held_and_its_twins(curator):
    ImportBatch().import_source(Source("held.txt", words(1, "旧的一句。")))
    numbers = "S/2021/2\n\n1. 第一段的文字在这里。\n\n2. 第二段在这里。\n\n5. 第五段在这里。\n".encode()
    read(curator, ("a.txt", words(1, "新的一句。")), ("b.txt", numbers), ("c.txt", words(2)))
    pages = {name: page_of(curator, item) for name, item in items().items()}
    assert "<del>旧</del>" in pages["a.txt"] and "<ins>新</ins>" in pages["a.txt"]
    assert "第2段之后是第5段，编号不连续" in pages["b.txt"]
    assert "c.txt" in pages["b.txt"] and "b.txt" in pages["c.txt"], "two of one symbol in one batch"


def test_all_without_doubts_are_published_in_one_go_and_no_others(curator):
    gap = "S/2021/2\n\n关于不扩散的报告\n\n1. 第一段的文字在这里。\n\n5. 第五段在这里。\n".encode()
    ImportBatch().import_source(Source("held.txt", words(3, "旧的一句。")))
    batch = read(
        curator,
        *(("1.txt", words(1)), ("gap.txt", gap), ("3.txt", words(3, "新的一句。"))),
        *(("4.txt", words(4)), ("4b.txt", words(4, "别的话。")), ("5.txt", words(5))),
    ).batch
    act(curator, batch, "publish_all")
    work()
    published = {name for name, item in items().items() if item.state == State.PUBLISHED}
    assert published == {"1.txt", "5.txt"}, "a gap, a changed text and two of one symbol are for eyes"


def test_undoing_a_batch_leaves_what_others_brought(curator):
    ImportBatch().import_source(Source("held.txt", words(1, "旧的一句。")))
    batch = read(curator, ("1.txt", words(1, "新的一句。")), ("2.txt", words(2)), ("3.txt", words(3))).batch
    for item in items().values():
        publish(curator, item.name)
    ImportBatch().import_source(Source("later.txt", words(3, "后来别人改的。")))
    page = act(curator, batch, "undo").content.decode()
    assert "撤下本批：3份" in page
    work()
    assert set(Document.objects.values_list("symbol", flat=True)) == {"S/2021/1", "S/2021/3"}
    updated = Document.objects.get(symbol="S/2021/1").paragraphs.get(anchor="1")
    assert updated.text.endswith("旧的一句。"), "what was updated has the text that it had before"
    assert "恢复" in items()["1.txt"].reason
    assert items()["2.txt"].state == State.WITHDRAWN
    assert items()["3.txt"].state == State.PUBLISHED and "没有撤下" in items()["3.txt"].reason


def test_undoing_a_batch_brings_no_withheld_words_back(curator):
    secret = "秘密计划第七号将于次年春季在北方三省同时展开。"
    ImportBatch().import_source(Source("held.txt", words(1, secret)))
    batch = read(curator, ("1.txt", words(1, f"\n\n2. {secret}"))).batch
    publish(curator, "1.txt")
    withdraw_paragraph(Document.objects.get(), "2", "编者甲", "依法", withheld=True)
    act(curator, batch, "undo")
    work()
    assert items()["1.txt"].state == State.PUBLISHED and "依法不予显示" in items()["1.txt"].reason
    assert not Document.objects.get().paragraphs.filter(text__contains="秘密").exists()


PUT_AWAY = [("set_aside", State.SET_ASIDE, "搁置"), ("refuse", State.REFUSED, "退回")]


@pytest.mark.parametrize(("name", "state", "word"), PUT_AWAY, ids=lambda value: str(value))
def test_what_is_put_away_can_be_read_again(curator, name, state, word):
    batch = read(curator, ("1.txt", words(1))).batch
    page = act(curator, batch, name, items()["1.txt"]).content.decode()
    assert items()["1.txt"].state == state and word in page and "照馆里的决定" in page
    publish(curator, "1.txt")
    assert not Document.objects.exists(), "what is put away is not published"
    act(curator, batch, "reread", items()["1.txt"])
    work()
    assert items()["1.txt"].state == State.TO_CHECK


def test_what_nobody_decides_is_gone_after_a_time_that_is_said(curator):
    batch = read(curator, ("1.txt", words(1))).batch
    assert f"{worker.KEPT.days}天" in curator.get(f"{DESK}{batch.pk}").content.decode()
    IntakeItem.objects.update(changed=timezone.now() - worker.KEPT - timedelta(minutes=1))
    work()
    item = items()["1.txt"]
    assert item.content is None and item.preview == {} and item.state == State.SET_ASIDE
    assert "重新上传" in item.reason
    assert curator.get(f"{DESK}{batch.pk}/{item.pk}").status_code == 200


# What people put right.

TEXTS = rows_from(__name__, "TEXTS")


def read_with(text: str, rows) -> ParsedDocument:
    told = [
        {"what": what, **({"words": fingerprint(words)} if words else {}), **more}
        for what, words, more in rows
    ]
    return parse_source(source_of(text), sidecar_of({"corrections": told}), load_reference())


def characters_of(read: ParsedDocument) -> str:
    return "".join(f"{block.prefix}{block.text}" for block in read.paragraphs).replace(" ", "")


def look_up(read: ParsedDocument, asked: str) -> str | None:
    """What stands where: a block's text by its anchor, or what is asked of it, or a fact."""
    what, _blank, anchor = asked.rpartition(" ")
    if what == "fact":
        return getattr(read.facts, anchor)
    if what == "mention":
        return next((one.symbol for one in read.mentions if one.anchor == anchor), None)
    block = next((one for one in read.paragraphs if one.anchor == anchor), None)
    value = getattr(block, what or "text", None)
    return value.name if isinstance(value, Speaker) else value


@each_row("CORRECTED")
def test_what_was_put_right_is_so_at_every_reading(text, rows, stands, doubt, remark):
    read = read_with(TEXTS[text], rows)
    for asked, wanted in stands.items():
        found = look_up(read, asked)
        assert found == wanted or (wanted and (found or "").startswith(wanted)), (asked, found)
    said = [doubt_in_words(one.message) for one in read.doubts if one.message.startswith("correction")]
    assert len(said) == bool(doubt) and doubt in "".join(said)
    anchors = [block.anchor for block in read.paragraphs]
    assert len(anchors) == len(set(anchors)) and all(
        block.parent in (None, *anchors) for block in read.paragraphs
    )
    again = corrections_as_toml(read.corrections)
    assert sidecar_of(stated_in(again)).corrections == read.corrections, "a sidecar says the same"
    bare = read_with(TEXTS[text], ())
    if not any(row[0] in ("keep", "drop", "text") for row in rows):
        assert characters_of(read) == characters_of(bare), "no character is lost or added"


@each_row("WRONG_SIDECARS")
def test_a_sidecar_with_wrong_corrections_is_refused_by_name(toml, said):
    with pytest.raises(SidecarError, match=re.escape(said)):
        sidecar_of(stated_in(toml))


def mend(client: Client, name: str, do: str, anchor: str = "", **more: str):
    item = items()[name]
    blocks = {block["anchor"]: block for block in item.preview.get("blocks", ())}
    told = {"do": do, "anchor": anchor, **more}
    if anchor:
        told.setdefault("words", fingerprint(blocks[anchor]["text"]))
    if do == "undo":
        told["row"] = mark_of(item.corrections[int(more["row"])])
    return client.post(f"{DESK}{item.batch_id}/{item.pk}/mend", told, follow=True)


def stored(symbol: str) -> list[tuple]:
    rows = Document.objects.get(symbol=symbol).paragraphs.order_by("position")
    return list(rows.values_list("anchor", "kind", "number", "text", "speaker_name", "part"))


def test_a_curator_confirms_what_the_program_is_not_sure_of(curator):
    text = "S/2021/7\n\n关于不扩散的报告\n\n1. 请各国执行第1540(2005)号决议。\n"
    item = read(curator, ("a.txt", text.encode()))
    ((what, start, _surface, name, sure),) = item.preview["blocks"][-1]["named"]
    assert what == "mention" and not sure and item.doubts
    form = page_of(curator, item, "?mend=1")
    assert f'name="sure-mention-{start}"' in form
    mend(curator, "a.txt", "set", "1", **{f"sure-mention-{start}": "1"})
    work()
    item = items()["a.txt"]
    assert item.preview["blocks"][-1]["named"][0][3:] == [name, True] and not item.preview["uncertain"]
    assert "无误" in page_of(curator, item)


def test_a_curator_puts_right_what_was_read_and_it_stays_so(curator):
    text = TEXTS["报告"].encode()
    item = read(curator, ("a.txt", text))
    form = page_of(curator, item, "?mend=5")
    assert 'name="number" value="5"' in form and form.count('class="desk-form mend"') == 1
    page = mend(curator, "a.txt", "set", "5", number="3").content.decode()
    assert "编号，由“5”改为“3”" in page and items()["a.txt"].state == State.WAITING
    mend(curator, "a.txt", "split", "6", **{"from": "7.还"})
    mend(curator, "a.txt", "facts", title="更正后的标题")
    work()
    assert [block["anchor"] for block in items()["a.txt"].preview["blocks"]][4:8] == ["3", "3.a", "3.b", "6"]
    mend(curator, "a.txt", "set", "6", number="4")
    mend(curator, "a.txt", "drop", "8")
    mend(curator, "a.txt", "undo", row="4")
    work()
    publish(curator, "a.txt")
    document = Document.objects.get()
    held = stored("S/2021/2")
    assert [row[0] for row in held][4:] == ["3", "3.a", "3.b", "4", "7", "s2", "8"]
    assert document.title == "更正后的标题"
    assert "经编者更正" in curator.get("/S/2021/2").content.decode()
    # Read again, from the bare file, and from files alone.
    for source in (Source("a.txt", text), Source("another.txt", text + b"\n")):
        ImportBatch().import_source(source)
        assert stored("S/2021/2") == held and Document.objects.get().title == "更正后的标题"
    sidecar = curator.get(f"{DESK}sidecar/S/2021/2").content.decode()
    assert 'by = "librarian"' in sidecar
    withdraw_document(document, "编者", "重来")
    RetiredDocument.objects.all().delete()
    ImportBatch().import_source(Source("a.txt", text, sidecar))
    assert stored("S/2021/2") == held and Document.objects.get().title == "更正后的标题"
    # What no longer fits is said, and stays.
    ImportBatch().import_source(Source("a.txt", text.replace("第五段".encode(), "第五段新".encode())))
    assert "不再适合" in curator.get("/S/2021/2").content.decode()
    assert len(corrections_of_document(Document.objects.get())) == 4
    row = Document.objects.get()
    curator.force_login(get_user_model().objects.create_superuser("administrator"))
    desk = curator.get(f"/admin/archive/document/{row.pk}/change/").content.decode()
    assert "不再适合" in desk and "由“5”改为“3”（librarian）" in desk and f"{DESK}take-out/S/2021/2" in desk
    ImportBatch().import_source(Source("a.txt", text))
    assert stored("S/2021/2") == held
    acts = "\n".join(LogEntry.objects.values_list("change_message", flat=True))
    assert "更正：a.txt：5：编号" in acts and "撤回更正" in acts


def test_what_was_withheld_since_does_not_come_back_with_its_batch(curator):
    batch = read(curator, ("1.txt", words(1))).batch
    publish(curator, "1.txt")
    act(curator, batch, "undo")
    work()
    withhold_retired(RetiredDocument.objects.get(), "编者", "依法")
    act(curator, batch, "restore")
    work()
    assert items()["1.txt"].state == State.WITHDRAWN and "依法" in items()["1.txt"].reason
    assert not Document.objects.exists()


def test_other_bytes_of_what_is_held_are_told_to_be_the_same(curator):
    read(curator, ("1.txt", words(1)))
    publish(curator, "1.txt")
    item = read(curator, ("again.txt", words(1) + b"\n\n"))
    assert item.state == State.SET_ASIDE and "内容相同" in item.reason


def test_a_published_document_is_taken_out_put_right_and_undone(curator):
    ImportBatch().import_source(Source("a.txt", TEXTS["记录"].encode()))
    before = stored("S/AC.44/SR.99")
    curator.post(f"{DESK}take-out/S/AC.44/SR.99")
    work()
    mend(curator, "a.txt", "set", "1", speaker="Rice女士(美利坚合众国)")
    work()
    batch = IntakeBatch.objects.get()
    publish(curator, "a.txt")
    assert [row[4] for row in stored("S/AC.44/SR.99")][-3:] == ["Rice", "Rice", "Lee"]
    act(curator, batch, "undo")
    work()
    assert stored("S/AC.44/SR.99") == before and not corrections_of_document(Document.objects.get())


def test_a_symbol_that_only_the_name_of_a_file_says_is_proposed(curator):
    item = read(curator, ("S_2021_9.txt", "1. 没有文号的文件。\n".encode()))
    page = page_of(curator, item)
    assert 'value="S/2021/9"' in page and "照文件名" in page
    assert not item.symbol, "a person says so, not the program"


def test_what_has_no_symbol_is_asked_for_it(curator):
    item = read(curator, ("a.txt", "1. 没有文号的文件。\n".encode()))
    page = page_of(curator, item)
    assert 'name="symbol"' in page and "照文件名" not in page
    mend(curator, "a.txt", "facts", symbol="s/2021/9", document_type="", title="")
    assert [row["what"] for row in items()["a.txt"].corrections] == ["symbol"], "the rest is as it is read"
    work()
    assert (items()["a.txt"].state, items()["a.txt"].symbol) == (State.TO_CHECK, "S/2021/9")
    assert [row["what"] for row in items()["a.txt"].corrections] == ["symbol"]
    read(curator, ("b.txt", FRENCH))
    assert "法文" in items()["b.txt"].reason
    mend(curator, "b.txt", "facts", language="zh")
    work()
    assert items()["b.txt"].state == State.TO_CHECK, "a person knows better which language it is"


@each_row("REFUSED_FORMS")
def test_a_form_that_says_what_cannot_be_changes_nothing(curator, given, said):
    item = read(curator, ("a.txt", TEXTS["报告"].encode()))
    told = {"anchor": "5", "words": fingerprint("第五段在这里。"), **given}
    page = curator.post(f"{DESK}{item.batch_id}/{item.pk}/mend", told)
    assert page.status_code == 400 and said in page.content.decode()
    assert items()["a.txt"].corrections == [] and items()["a.txt"].state == State.TO_CHECK


def test_of_two_who_put_right_at_once_the_second_is_told(curator):
    read(curator, ("a.txt", TEXTS["报告"].encode()))
    stale = items()["a.txt"]
    mend(curator, "a.txt", "drop", "5")
    with pytest.raises(RefusedError, match="刚刚已有改动"):
        correct(stale, {"do": "facts", "title": "另一标题"}, "other")
    assert worker.take("one").corrections and len(items()["a.txt"].corrections) == 1


# What a form that was refused gives back, and who was faster.


@each_row("GIVEN_BACK")
def test_a_refused_form_comes_back_as_it_was_filled_in_with_the_error_beside_its_field(
    curator, given, field, shown
):
    item = read(curator, ("a.txt", TEXTS["报告"].encode()))
    told = {"anchor": "5", "words": fingerprint("第五段在这里。"), **given}
    page = curator.post(f"{DESK}{item.batch_id}/{item.pk}/mend", told).content.decode()
    for typed in shown:
        assert typed in page
    assert re.search(r'<div class="notice refused" role="alert"', page)
    (element,) = re.findall(rf'<(?:input|select|textarea)[^>]* id="{field}"[^>]*>', page)
    for wanted in ('aria-invalid="true"', f'aria-describedby="e-{field}"', "autofocus"):
        assert wanted in element, element
    assert f'id="e-{field}"' in page and f'href="#{field}"' in page
    assert page.count("autofocus") == 1


def test_an_upload_that_is_refused_keeps_the_name_of_its_batch(curator, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_FILES", 1)
    page = send(curator, ("1.txt", words(1)), ("2.txt", words(2)), name="春季一批").content.decode()
    assert 'value="春季一批"' in page and "请重新选择文件" in page
    assert re.search(r'<input type="file" id="files"[^>]*aria-invalid="true"', page)


def mark_in(page: str) -> str:
    return re.search(r'name="shown" value="(\w+)"', page)[1]


def test_a_form_that_somebody_overtook_says_so_and_takes_nothing_back(curator):
    item = read(curator, ("a.txt", TEXTS["报告"].encode()))
    address = f"{DESK}{item.batch_id}/{item.pk}"
    facts = mark_in(curator.get(f"{address}?mend=facts").content.decode())
    block = mark_in(curator.get(f"{address}?mend=6").content.decode())
    mend(curator, "a.txt", "facts", title="别人改的标题")
    mend(curator, "a.txt", "set", "6", kind="list_item")
    work()
    page = mend(curator, "a.txt", "facts", title="关于不扩散的报告", date="2021-03-02", shown=facts)
    assert page.status_code == 400 and "已有改动" in page.content.decode()
    assert 'value="2021-03-02"' in page.content.decode() and "别人改的标题" in page.content.decode()
    page = mend(curator, "a.txt", "set", "6", kind="paragraph", number="4", shown=block)
    assert page.status_code == 400 and "已有改动" in page.content.decode()
    assert len(items()["a.txt"].corrections) == 2, "what another put right is not undone by the way"
    gone = mark_of(items()["a.txt"].corrections[0])
    mend(curator, "a.txt", "undo", row="0")
    told = {"do": "undo", "row": gone}
    assert curator.post(f"{address}/mend", told).status_code == 400
    assert [row["what"] for row in items()["a.txt"].corrections] == ["kind"], "not what has its place now"


def test_what_is_typed_for_a_block_that_is_gone_is_shown(curator):
    read(curator, ("a.txt", TEXTS["报告"].encode()))
    mend(curator, "a.txt", "drop", "5")
    work()
    item = items()["a.txt"]
    told = {"do": "set", "anchor": "5", "words": fingerprint("第五段在这里。"), "speaker": "Sison女士"}
    page = curator.post(f"{DESK}{item.batch_id}/{item.pk}/mend", told)
    assert page.status_code == 400 and "Sison女士" in page.content.decode()


# The original.

ORIGINALS = [
    ("a.txt", words(1), "text/plain", "inline"),
    ("a.html", b"<html><script>alert(1)</script></html>", "application/octet-stream", "attachment"),
    ("a.pdf", b"%PDF-1.7\n%%EOF", "application/pdf", "attachment"),
]


@pytest.mark.parametrize(("name", "content", "kind", "how"), ORIGINALS, ids=[row[0] for row in ORIGINALS])
def test_the_original_is_handed_to_curators_and_runs_nothing(curator, name, content, kind, how):
    read(curator, (name, content))
    item = items()[name]
    address = f"{DESK}{item.batch_id}/{item.pk}"
    assert f'href="{address}/original"' in curator.get(address).content.decode()
    answer = curator.get(f"{address}/original")
    assert answer.content == content and answer["Content-Type"].startswith(kind)
    assert answer["Content-Disposition"].startswith(how) and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    IntakeItem.objects.update(content=None)
    assert curator.get(f"{address}/original").status_code == 404
    assert f"{address}/original" not in curator.get(address).content.decode()


# Several at once, and misread words.


def test_several_blocks_are_put_right_in_one_go(curator):
    text = "S/2021/2\n\n2021年3月1日\n\n关于不扩散的报告\n\n" + "".join(
        f"{n}. 第{n}段的文字在这里。\n\n这一行是误收的页眉。\n\n" for n in range(1, 6)
    )
    item = read(curator, ("a.txt", text.encode()))
    page = page_of(curator, item)
    picks = re.findall(r'name="pick" value="([^"]+)"', page)
    twins = [one for one in picks if one.endswith(fingerprint("这一行是误收的页眉。"))]
    assert len(twins) == 5
    send_many(curator, "a.txt", "drop", twins[:4])
    work()
    item = items()["a.txt"]
    assert sum(block["text"].startswith("这一行") for block in item.preview["blocks"]) == 1
    assert not item.preview["doubts"] and item.preview["blocks"][-1]["text"].startswith("这一行")
    assert "第5段" in item.preview["blocks"][-2]["text"], "the one that was not chosen stands where it stood"
    picks = [f"{n}|{fingerprint(f'第{n}段的文字在这里。')}" for n in (2, 3)]
    send_many(curator, "a.txt", "join", picks)
    work()
    assert "第3段" in items()["a.txt"].preview["blocks"][1]["text"]
    picks = [f"{n}|{fingerprint(f'第{n}段的文字在这里。')}" for n in (4, 5)]
    send_many(curator, "a.txt", "many", picks, kind="list_item")
    work()
    kinds = {block["number"]: block["kind"] for block in items()["a.txt"].preview["blocks"]}
    assert (kinds["4"], kinds["5"]) == ("list_item", "list_item")
    assert len(items()["a.txt"].corrections) == 8
    for wrong, said in (
        ([], "没有选"),
        (["4|00000000"], "已有改动"),
        (["x"], "已有改动"),
        ([picks[0], f"99|{'0' * 8}"], "已有改动"),
    ):
        answer = send_many(curator, "a.txt", "drop", wrong)
        assert answer.status_code == 400 and said in answer.content.decode()
    assert f'value="{picks[0]}" checked' in answer.content.decode(), "what was chosen stays so"
    assert len(items()["a.txt"].corrections) == 8


def send_many(client: Client, name: str, do: str, picks: list[str], **more: str):
    item = items()[name]
    return client.post(
        f"{DESK}{item.batch_id}/{item.pk}/mend", {"do": do, "pick": picks, **more}, follow=True
    )


def test_misread_words_are_put_right_told_to_readers_and_stay_so(curator):
    text = "S/2021/2\n\n2021年3月1日\n\n关于不扩散的报告\n\n1. 各国己经提交报告，共日本等12国的的许可证。\n"
    read(curator, ("a.txt", text.encode()))
    right = "各国已经提交报告，共曰本等12国的照。"
    page = mend(curator, "a.txt", "set", "1", text=right).content.decode()
    assert len(items()["a.txt"].corrections) == 3, "one for each place"
    assert "由“己”改为“已”" in page and "由“日”改为“曰”" in page
    mend(curator, "a.txt", "set", "1", speaker="Sison女士")  # while what is read is still the old
    work()
    item = items()["a.txt"]
    assert item.preview["blocks"][-1]["text"] == right and item.preview["blocks"][-1]["speaker"]
    assert item.doubts == 0, "what a person did is no doubt of the program"
    publish(curator, item.name)
    document = Document.objects.get()
    assert document.paragraphs.get(anchor="1").text == right
    told = "文字经编者更正：“己”改为“已”"
    for address in ("/S/2021/2", "/S/2021/2/p/1", "/S/2021/2/p/1/cite"):
        page = curator.get(address).content.decode()
        assert told in page and "文字未动" not in page, address
    sidecar = curator.get(f"{DESK}sidecar/S/2021/2").content.decode()
    assert 'what = "text"' in sidecar and 'after = "已"' in sidecar
    ImportBatch().import_source(Source("another.txt", text.encode() + b"\n"))
    assert Document.objects.get().paragraphs.get(anchor="1").text == right
    ImportBatch().import_source(Source("a.txt", text.replace("各国", "四国").encode()))
    assert "己" in Document.objects.get().paragraphs.get(anchor="1").text
    assert "由“己”改为“已”" in curator.get("/S/2021/2").content.decode(), "a doubt, and not lost"


def test_a_number_printed_inside_of_a_paragraph_is_proposed(curator):
    text = "S/2021/2\n\n2021年3月1日\n\n关于不扩散的报告\n\n各国提交了2.5亿元。5. 委员会注意到。\n"
    item = read(curator, ("a.txt", text.encode()))
    (block,) = (one for one in item.preview["blocks"] if "亿元" in one["text"])
    page = curator.get(f"{DESK}{item.batch_id}/{item.pk}?mend={block['anchor']}").content.decode()
    (at,) = re.findall(r'name="at" value="(\d+)"', page)
    mend(curator, "a.txt", "split", block["anchor"], at=at)
    work()
    told = {one["anchor"]: one["text"] for one in items()["a.txt"].preview["blocks"]}
    assert told["5"] == "委员会注意到。" and block["text"][: int(at)] in told.values()


# Doubts about the facts.


@each_row("FACTS_IN_DOUBT")
def test_facts_that_cannot_be_are_doubts_until_somebody_looked(curator, name, text, sidecar, fact, said):
    files = [(name, text.encode())]
    files += [(str(Path(name).with_suffix(".toml")), sidecar.encode())] if sidecar else []
    read(curator, *files)
    item = items()[name]
    assert item.state == State.TO_CHECK, item.reason
    assert item.doubts == bool(fact)
    if not fact:
        return
    address = f"{DESK}{item.batch_id}/{item.pk}"
    page = curator.get(address).content.decode()
    assert said in page and f'href="?mend=facts#f-{fact}"' in page
    mend(curator, name, "sure", sure="all")
    work()
    item = items()[name]
    assert item.doubts == 0, "a person looked"
    assert said not in curator.get(address).content.decode()
    publish(curator, item.name)
    assert "文件信息经编者更正" not in curator.get(f"/{item.symbol}").content.decode(), "nothing was changed"


def test_a_file_without_a_symbol_says_what_to_do_and_offers_the_field_there(curator):
    item = read(curator, ("a.txt", "1. 没有文号的文件。\n".encode()))
    page = page_of(curator, item)
    assert ".toml" not in page, "a librarian has no such file"
    told, field = page.index("没有文号"), page.index('name="symbol"')
    assert told < field and "填上文号" in page
    assert "重新读取" in page[told : field + 800] and "退回" in page[told : field + 800]
    refused = mend(curator, "a.txt", "facts", symbol="不是文号").content.decode()
    assert 'value="不是文号"' in refused and 'aria-invalid="true"' in refused


# Two curators, two batches, and a worker between them.


def test_what_another_batch_brought_meanwhile_is_not_overwritten_unseen(curator):
    for name, more in (("甲", "先来的。"), ("乙", "后来的。")):
        read(curator, (f"{name}.txt", words(1, more)), name=name)
    for name in ("甲", "乙"):
        act(curator, IntakeBatch.objects.get(name=name), "publish_all")
        work()
    assert Document.objects.get().paragraphs.get(anchor="1").text.endswith("先来的。")
    second = items()["乙.txt"]
    assert (second.state, second.outcome) == (State.TO_CHECK, "updated") and "再核对" in second.reason
    publish(curator, second.name)
    assert Document.objects.get().paragraphs.get(anchor="1").text.endswith("后来的。"), "once it was seen"


def test_what_was_read_anew_since_the_page_was_opened_is_not_published(curator):
    read(curator, ("1.txt", words(1)))
    seen = items()["1.txt"].digest
    batch = IntakeBatch.objects.get()
    assert (
        f'name="seen" value="{seen}"'
        in curator.get(f"{DESK}{batch.pk}/{items()['1.txt'].pk}").content.decode()
    )
    mend(curator, "1.txt", "facts", title="别人改的标题")
    work()
    for stale in ({"seen": seen}, {"seen": ""}):
        page = act(curator, batch, "publish", items()["1.txt"], **stale)
        assert page.status_code == 409 and "已有改动" in page.content.decode()
    bare = {"act": "publish", "item": items()["1.txt"].pk, "confirmed": "1"}
    assert curator.post(f"{DESK}{batch.pk}/act", bare).status_code == 409, (
        "nor without a word of what was seen"
    )
    assert items()["1.txt"].state == State.TO_CHECK
    act(curator, batch, "publish", items()["1.txt"], seen=items()["1.txt"].digest)
    assert items()["1.txt"].state == State.ACCEPTED


def test_undoing_a_batch_leaves_what_another_curator_put_right_since(curator):
    batch = read(curator, ("1.txt", words(1))).batch
    publish(curator, "1.txt")
    curator.post(f"{DESK}take-out/S/2021/1")
    work()
    mend(curator, "1.txt", "set", "1", number="2")
    work()
    publish(curator, "1.txt")
    act(curator, batch, "undo")
    work()
    first = batch.items.get()
    assert first.state == State.PUBLISHED and "没有撤下" in first.reason
    assert Document.objects.get().paragraphs.filter(anchor="2").exists(), "the same bytes, put right since"


def test_undoing_a_batch_with_two_of_one_document_leaves_none_of_them(curator):
    batch = read(curator, ("a.txt", words(1, "先来的。")), ("b.txt", words(1, "后来的。"))).batch
    for name in ("a.txt", "b.txt", "b.txt"):  # the second is seen again, beside what the first brought
        publish(curator, name)
    assert {item.state for item in items().values()} == {State.PUBLISHED}
    act(curator, batch, "undo")
    work()
    assert not Document.objects.exists()
    assert {item.state for item in items().values()} == {State.WITHDRAWN}


def test_what_failed_is_not_said_to_be_kept_once_it_is_gone(curator):
    send(curator, ("1.txt", words(1)))
    IntakeItem.objects.update(state=State.FAILED, reason="试了三次；原件保留着。")
    IntakeItem.objects.update(changed=timezone.now() - worker.KEPT - timedelta(minutes=1))
    work()
    item = items()["1.txt"]
    assert item.content is None and "保留着" not in item.reason and "重新上传" in item.reason


def test_a_file_that_is_read_again_as_it_is_is_not_said_to_be_put_right(curator):
    item = read(curator, ("1.txt", words(1)))
    batch = item.batch
    act(curator, batch, "reread", item)
    page = page_of(curator, item)
    assert "正在重新读取" in page and "照更正" not in page


def test_a_long_document_is_shown_in_parts_and_every_doubt_leads_to_its_own(curator):
    item = IntakeItem.objects.create(
        batch=IntakeBatch.objects.create(by="librarian"), name="a.txt", size=1, sha256="x", symbol="S/2021/1",
        state=State.TO_CHECK, content=b"x",
        preview={
            "facts": {"symbol": "S/2021/1"}, "doubts": [
                {"message": "paragraph 3 follows paragraph 1", "line": 3, "anchor": "3"},
                {"message": "paragraph 950 follows paragraph 948", "line": 950, "anchor": "950"},
            ],
            "blocks": [block(at) for at in range(1, 1001)], "dropped": [], "uncertain": [], "bodies": [],
            "lines": ["文字"] * 1000, "sheets": [],
        },
    )  # fmt: skip
    address = f"{DESK}{item.batch_id}/{item.pk}"
    page = curator.get(address).content.decode()
    assert 'id="b-3"' in page and 'id="b-950"' not in page and page.count('id="b-') <= 250
    assert 'href="#b-3"' in page and 'href="?at=950#b-950"' in page
    assert re.search(r'href="\?at=950#b-950"[^>]*data-doubt="1"', page), "the next doubt is in another part"
    there = curator.get(f"{address}?at=950").content.decode()
    assert 'id="b-950"' in there and re.search(r'href="\?at=3#b-3"[^>]*data-doubt="-1"', there)
    assert 'id="b-950"' in curator.get(f"{address}?mend=950").content.decode()
    parts = [curator.get(f"{address}?page={n}").content.decode() for n in range(1, 6)]
    anchors = [one for part in parts for one in re.findall(r'id="b-(\d+)"', part)]
    assert anchors == [str(at) for at in range(1, 1001)], "each once, in order"
    mended = curator.post(f"{address}/mend", {
        "do": "set", "anchor": "950", "words": fingerprint(block(950)["text"]), "number": "949",
    })  # fmt: skip
    assert mended["Location"] == f"{address}?at=950#b-950"


def test_what_another_put_away_is_not_brought_back_by_the_way(curator):
    item = read(curator, ("a.txt", TEXTS["报告"].encode()))
    address = f"{DESK}{item.batch_id}/{item.pk}"
    forms = set(re.findall(r'action="([^"]*/mend[^"]*)"', curator.get(f"{address}?mend=5").content.decode()))
    assert len(forms) == 1
    act(curator, item.batch, "refuse", item)
    told = {"do": "drop", "anchor": "5", "words": fingerprint("第五段在这里。")}
    page = curator.post(forms.pop(), told)
    assert page.status_code == 400 and "已有改动" in page.content.decode()
    assert items()["a.txt"].state == State.REFUSED
    again = set(re.findall(r'action="([^"]*/mend[^"]*)"', curator.get(f"{address}?mend=5").content.decode()))
    assert curator.post(again.pop(), told).status_code == 302, "who sees that it was put away may take it up"


def test_a_document_put_right_again_is_not_said_to_have_another_source(curator):
    read(curator, ("a.txt", words(1)))
    publish(curator, "a.txt")
    curator.post(f"{DESK}take-out/S/2021/1")
    work()
    mend(curator, "a.txt", "set", "1", text=items()["a.txt"].preview["blocks"][-1]["text"] + "完。")
    work()
    publish(curator, "a.txt")
    assert Document.objects.get().paragraphs.get(anchor="1").text.endswith("完。")
    history = curator.get("/S/2021/1/history").content.decode()
    assert "编辑更正" in history and "来源文件已更换" not in history


def test_a_paragraph_of_very_many_mentions_and_very_many_corrections_can_be_put_right(curator):
    cited = "、".join(f"S/2019/{n}" for n in range(1, 301))
    item = read(curator, ("a.txt", words(1, f"又见{cited}。")))
    rows = [
        {"what": "title", "before": f"{n}", "after": f"{n + 1}", "by": "甲", "at": f"{n}"} for n in range(300)
    ]
    IntakeItem.objects.update(corrections=rows)
    page = page_of(curator, item, "?mend=1")
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        assert len(re.findall(r' name="', form)) < 250, "more fields than the server takes"
    mend(curator, "a.txt", "set", "1", number="2")
    assert items()["a.txt"].corrections[-1]["after"] == "2"


def test_a_sidecar_says_that_a_fact_was_taken_away(curator):
    ImportBatch().import_source(Source("a.txt", words(1)))
    document = correct_document(Document.objects.get(), {"date": "", "chair": "某人"})
    sidecar = curator.get(f"{DESK}sidecar/S/2021/1").content.decode()
    withdraw_document(document, "编者", "重来")
    RetiredDocument.objects.all().delete()
    ImportBatch().import_source(Source("a.txt", words(1), sidecar))
    again = Document.objects.get()
    assert (again.date, again.chair) == (None, "某人")


def test_what_law_forbids_to_show_is_not_taken_out_to_the_desk(curator):
    ImportBatch().import_source(Source("a.txt", words(1)))
    withdraw_paragraph(Document.objects.get(), "1", "编者", "依法", withheld=True)
    page = curator.post(f"{DESK}take-out/S/2021/1")
    assert page.status_code == 400 and "依法不予显示" in page.content.decode()
    assert not IntakeBatch.objects.exists()


# Hostile uploads.


def zipped(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return file.getvalue()


def tarred(name: str, content: bytes, kind: bytes = tarfile.REGTYPE, to: str = "") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as packed:
        member = tarfile.TarInfo(name)
        member.type, member.linkname, member.size = kind, to, len(content)
        packed.addfile(member, io.BytesIO(content))
    return file.getvalue()


def nested(depth: int) -> bytes:
    content = zipped(("1.txt", words(1)))
    for at in range(depth):
        content = zipped((f"{at}.zip", content))
    return content


CHECK = (State.TO_CHECK, "")
HOSTILE = [
    # files, what becomes of each (name → state and a part of the reason), remark
    ([("a.txt", b"")], {"a.txt": (State.REFUSED, "空")}, "no bytes"),
    ([("a.txt", b" \n \n")], {"a.txt": (State.REFUSED, "。")}, "nothing but blanks"),
    ([("../../etc/passwd.txt", words(1))], {"passwd.txt": CHECK}, "a name that leads out"),
    ([("C:\\\\x\\\\..\\\\a.txt", words(1))], {"a.txt": CHECK}, "a name of another system"),
    ([("a\u202etxt.exe.txt", words(1))], {"atxt.exe.txt": CHECK}, "a name that reads backwards"),
    ([("x" * 300 + ".txt", words(1))], {"x" * 251 + ".txt": CHECK}, "a name without end"),
    ([("a.txt", b"MZ\x90\x00" + bytes(400))], {"a.txt": (State.REFUSED, "程序")}, "a program called text"),
    ([("a.pdf", b"\x89PNG\r\n\x1a\n" + bytes(99))], {"a.pdf": (State.REFUSED, "图片")}, "a picture"),
    ([("a.pdf", b"%PDF-1.7\n%%EOF")], {"a.pdf": (State.REFUSED, "打不开")}, "a PDF of nothing"),
    ([("a.docx", zipped(("x", b"y"))[:40])], {"a.docx": (State.REFUSED, "损坏")}, "half a Word file"),
    ([("a.zip", zipped(("1.txt", words(1)))[:60])], {"a.zip": (State.REFUSED, "损坏")}, "half an archive"),
    (
        [("a.zip", zipped(("../1.txt", words(1)), ("/etc/2.txt", words(2)), ("3.txt", words(3))))],
        {
            "a.zip": (State.UNPACKED, "1份"),
            "a.zip/3.txt": CHECK,
            "a.zip/../1.txt": (State.REFUSED, "压缩包之外"),
            "a.zip//etc/2.txt": (State.REFUSED, "压缩包之外"),
        },
        "members that lead out",
    ),
    (
        [("a.tgz", tarred("1.txt", b"", tarfile.SYMTYPE, "/etc/passwd"))],
        {"a.tgz": (State.REFUSED, "没有文字"), "a.tgz/1.txt": (State.REFUSED, "链接")},
        "a link",
    ),
    ([("a.zip", zipped(("x.bin", b"1")))], {"a.zip": (State.REFUSED, "没有文字")}, "nothing to read in it"),
    (
        [("a.zip", zipped(("1.txt", bytes(55_000_000))))],
        {"a.zip": (State.REFUSED, "过大")},
        "a bomb",
    ),
    (
        [("1.txt", words(1)), ("2.txt", words(1))],
        {"1.txt": CHECK, "2.txt": (State.SET_ASIDE, "与1.txt内容相同")},
        "the same twice",
    ),
    ([("a.txt", words(91))], {"a.txt": (State.SET_ASIDE, "库中已有")}, "held"),
    ([("a.txt", words(92))], {"a.txt": (State.REFUSED, "撤下")}, "withdrawn"),
    ([("a.txt", "1. 没有文号的文件。\n".encode())], {"a.txt": (State.REFUSED, "文号")}, "no symbol"),
    ([("a.txt", "S/2021/9 S/2021/8\n大会\n\n甲。".encode())], {"a.txt": (State.REFUSED, "S/2021/8")}, "two"),
    ([("a.txt", FRENCH)], {"a.txt": (State.REFUSED, "法文")}, "another language"),
    ([("a.toml", b'symbol = "S/2021/9"')], {"a.toml": (State.REFUSED, "元数据")}, "a sidecar alone"),
    (
        [("a.toml", b"symbol = "), ("a.txt", words(1))],
        {"a.txt": (State.REFUSED, "TOML")},
        "a sidecar that is none",
    ),
    (
        [("a.txt", "1. 没有文号的文件。\n".encode()), ("a.toml", b'symbol = "S/2021/9"')],
        {"a.txt": CHECK},
        "a sidecar that says what the text does not",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected", "remark"), HOSTILE, ids=[row[2] for row in HOSTILE])
def test_whatever_is_sent_ends_in_a_state_with_a_reason(curator, files, expected, remark):
    ImportBatch().import_source(Source("held.txt", words(91)))
    ImportBatch().import_source(Source("gone.txt", words(92)))
    withdraw_document(Document.objects.get(symbol="S/2021/92"), "编者", "有误")
    assert send(curator, *files).status_code == 200
    work()
    found = {name: (item.state, item.reason) for name, item in items().items()}
    assert found.keys() == expected.keys()
    for name, (state, part) in expected.items():
        assert (found[name][0], part in found[name][1]) == (state, True), found[name]
    batch = IntakeBatch.objects.get()
    assert curator.get(f"{DESK}{batch.pk}").status_code == 200
    for item in items().values():
        assert curator.get(f"{DESK}{batch.pk}/{item.pk}").status_code == 200
    assert Document.objects.count() == 1


LARGE = [
    ("10,000 files in an archive", "a.zip", lambda: zipped(*((f"{n}.txt", b"1") for n in range(10_000)))),
    ("a PDF of more than 60 MB", "a.pdf", lambda: b"%PDF-1.7\n".ljust(60_000_001)),
]


@pytest.mark.parametrize(("remark", "name", "made"), LARGE, ids=[row[0] for row in LARGE])
def test_what_is_far_too_large_is_refused_and_not_kept(curator, remark, name, made):
    assert send(curator, (name, made())).status_code == 200
    work()
    item = items()[name]
    assert item.state == State.REFUSED and re.search("最多|过大|太多|过多", item.reason)
    assert IntakeItem.objects.count() <= 1 + receiving.MOST_ASIDE


@pytest.mark.slow
def test_what_readers_refuse_is_refused_at_this_door_and_nothing_of_it_is_public(curator):
    one_of_each = {answer: made for made, answer in READERS_TABLE.values()}
    files = [(f"{at}.pdf", made()) for at, made in enumerate(one_of_each.values())]
    read(curator, *[(name, content) for name, content in files if content])
    for item in items().values():
        told = item.name, item.state, item.reason
        assert item.state in (State.REFUSED, State.SET_ASIDE, State.TO_CHECK, State.UNPACKED), told
        assert item.state == State.TO_CHECK or re.search("[\u4e00-\u9fff]", item.reason), told
        assert curator.get(f"{DESK}{item.batch_id}/{item.pk}").status_code == 200, told
    assert not Document.objects.exists()


def test_archives_in_archives_end_somewhere(curator):
    read(curator, ("a.zip", nested(6)))
    assert any("层数过多" in item.reason for item in items().values())
    assert all(item.state != State.WAITING for item in items().values())


LIMITS = [
    ("MOST_FILES", 1, [("1.txt", words(1)), ("2.txt", words(2))], "最多1份"),
    ("MOST_BYTES", 50, [("1.txt", words(1))], "过大"),
    ("MOST_KEPT", 50, [("1.txt", words(1))], "还没有处理"),
    ("MOST_FREE", 1 << 62, [("1.txt", words(1))], "磁盘"),
    ("MOST_FILES", 500, [], "选择"),
]


@pytest.mark.parametrize(("limit", "value", "files", "said"), LIMITS, ids=[row[3] for row in LIMITS])
def test_what_is_too_much_is_refused_in_words_and_leaves_nothing(
    curator, monkeypatch, limit, value, files, said
):
    monkeypatch.setattr(receiving, limit, value)
    page = send(curator, *files)
    assert page.status_code == 400 and said in page.content.decode()
    assert not IntakeBatch.objects.exists()


def test_an_archive_of_too_many_files_is_refused_whole(curator, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_FILES", 2)
    read(curator, ("a.zip", zipped(*((f"{n}.txt", words(n)) for n in range(1, 4)))))
    assert {name: item.state for name, item in items().items()} == {"a.zip": State.REFUSED}
    assert "最多2份" in items()["a.zip"].reason


def test_more_files_than_the_server_takes_are_refused_in_words(curator, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    page = send(curator, *((f"{n}.txt", words(n)) for n in range(1, 4)))
    assert page.status_code == 400 and "份" in page.content.decode()


def test_a_large_file_is_taken_and_one_that_is_too_large_for_any_reader_is_named(curator, monkeypatch):
    monkeypatch.setattr(receiving, "LARGEST_FILE", 4_000_000)
    send(curator, ("a.txt", words(1).ljust(3_500_000, b"\n")), ("b.txt", words(2).ljust(4_500_000)))
    assert items()["a.txt"].size == 3_500_000, "Django keeps no more than 2.5 million bytes in memory"
    assert items()["b.txt"].state == State.REFUSED and items()["b.txt"].content is None


def test_a_folder_comes_in_by_command_as_a_batch(curator, tmp_path, capsys):
    (tmp_path / "more").mkdir()
    (tmp_path / "1.txt").write_bytes("1. 没有文号的文件。\n".encode())
    (tmp_path / "1.toml").write_text('symbol = "S/2021/1"\n', "utf-8")
    (tmp_path / "more" / "2.txt").write_bytes(words(2))
    (tmp_path / "more" / "3.zip").write_bytes(zipped(("3.txt", words(3)), ("../4.txt", words(4))))
    call_command("read_uploads", "--from", str(tmp_path))
    batch = IntakeBatch.objects.get()
    assert f"{DESK}{batch.pk}" in capsys.readouterr().out
    assert {item.state for item in items().values()} == {State.WAITING, State.REFUSED}
    work()
    found = {name: item.symbol for name, item in items().items() if item.state == State.TO_CHECK}
    assert found == {"1.txt": "S/2021/1", "more/2.txt": "S/2021/2", "more/3.zip/3.txt": "S/2021/3"}
    for nothing in (str(tmp_path / "nowhere"), str(tmp_path / "more" / "none")):
        with pytest.raises(CommandError, match="没有"):
            call_command("read_uploads", "--from", nothing)


# A worker that is killed.


class KilledError(BaseException):
    """What no handler of errors may catch."""


def killed(*_args, **_more):
    raise KilledError


def work_until_killed(monkeypatch, place: str) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(place, killed)
        with pytest.raises(KilledError):
            work()


def time_passes() -> None:
    leased = IntakeItem.objects.exclude(lease_until=None)
    leased.update(lease_until=timezone.now() - timedelta(seconds=1))


@each_row("STEPS")
def test_a_worker_killed_anywhere_leaves_each_file_to_be_taken_up_again(curator, monkeypatch, place, phase):
    send(curator, ("1.txt", words(1)))
    batch = IntakeBatch.objects.get()
    for now in ("reading", "publishing", "undoing", "restoring"):
        if now == phase:
            work_until_killed(monkeypatch, place)
            work()
            assert items()["1.txt"].state in (*IntakeItem.TO_DO, State.PUBLISHED)
            time_passes()
        work()
        if now == "reading":
            assert items()["1.txt"].state == State.TO_CHECK
            act(curator, batch, "publish", items()["1.txt"])
        elif now == "publishing":
            assert items()["1.txt"].state == State.PUBLISHED
            assert Document.objects.get().symbol == "S/2021/1"
            act(curator, batch, "undo")
        elif now == "undoing":
            assert items()["1.txt"].state == State.WITHDRAWN and not Document.objects.exists()
            act(curator, batch, "restore")
    assert items()["1.txt"].state == State.PUBLISHED and Document.objects.count() == 1
    standing = IssuedText.objects.filter(symbol="S/2021/1", until=None)
    assert standing.count() == standing.values("anchor").distinct().count(), "nothing was written twice"


def test_what_killed_three_workers_is_not_tried_again(curator, monkeypatch):
    send(curator, ("1.txt", words(1)), ("2.txt", words(2)))
    for _time in range(worker.TRIES):
        work_until_killed(monkeypatch, "archive.desk.uploads.worker.is_archive")
        IntakeItem.objects.filter(name="2.txt").update(lease_until=timezone.now() + timedelta(hours=1))
        time = timezone.now() - timedelta(seconds=1)
        IntakeItem.objects.filter(name="1.txt").update(lease_until=time)
    work()
    item = items()["1.txt"]
    assert item.state == State.FAILED and "三次" in item.reason
    act(curator, IntakeBatch.objects.get(), "reread", item)
    work()
    assert items()["1.txt"].state == State.TO_CHECK, "a person may ask for it once more"


def test_two_workers_never_take_one_file(curator):
    send(curator, ("1.txt", words(1)))
    assert worker.take("one").name == "1.txt"
    assert worker.take("two") is None


def lose_the_lease(*_args) -> str:
    """While a worker works, its time ends and another takes the file up."""
    IntakeItem.objects.update(lease_owner="two", tries=2)
    return ""


@pytest.mark.parametrize(
    ("place", "state"), [("preview_of", State.WAITING), ("_hash_in_archive", State.ACCEPTED)]
)
def test_a_worker_that_took_too_long_writes_nothing(curator, monkeypatch, place, state):
    send(curator, ("1.txt", words(1)))
    if state == State.ACCEPTED:
        work()
        act(curator, IntakeBatch.objects.get(), "publish", items()["1.txt"])
    monkeypatch.setattr(worker, place, lambda *args: lose_the_lease() or {})
    monkeypatch.setattr(worker, "doubts_in", lambda _preview: 0)
    worker.work("one")
    item = items()["1.txt"]
    assert (item.state, item.lease_owner, item.tries) == (state, "two", 2)
    assert not Document.objects.exists()


def test_a_text_that_takes_too_long_is_refused_and_others_go_on(curator, monkeypatch):
    """The core is bounded, too: by seconds of the processor, here by three."""
    bounded = "from archive.readers import child; child.MOST_SECONDS = 3; child.main()"
    started = pool.COMMAND[2].replace("from archive.readers.child import main; main()", bounded)
    monkeypatch.setattr(pool, "POOL", pool.Pool((*pool.COMMAND[:2], started)))
    long = "".join(f"{n}. 回顾第1540(2004)号决议，请各国提交报告{n}。\n\n" for n in range(2, 30_000))
    read(curator, ("1.txt", words(1, f"\n\n{long}")), ("2.txt", words(2)))
    pool.POOL.close()
    assert (items()["1.txt"].state, items()["2.txt"].state) == (State.REFUSED, State.TO_CHECK)
    assert "用时过长" in items()["1.txt"].reason


def test_what_a_new_program_reads_otherwise_is_looked_at_again_before_it_is_public(curator):
    read(curator, ("1.txt", words(1)))
    IntakeItem.objects.update(digest="of another program")
    publish(curator, "1.txt")
    assert items()["1.txt"].state == State.TO_CHECK and not Document.objects.exists()
    assert "再核" in items()["1.txt"].reason


# The fast lane.


def test_the_corpus_of_the_ten_is_taken_like_any_file_and_an_archive_holds_1540(curator):
    call_command("load_reference", verbosity=0)
    table = "".join(corpus_file.as_csv(corpus_file.family())).encode()
    batch = read(curator, ("CR-UNSC_2024-05-19_ALL_CSV_FULL.zip", zipped((corpus_file.TABLE, table)))).batch
    both = batch.items.filter(state=State.TO_CHECK)
    assert both.count() == 20, [(one.name, one.state, one.reason) for one in batch.items.all()]
    page = curator.get(f"{DESK}{batch.pk}?all=1").content.decode()
    picks = re.findall(r'name="pick" value="([^"]+)" checked', page)
    assert len(picks) == 20
    act(curator, batch, "publish_picked", pick=picks)
    work()
    assert curator.get("/S/RES/1540(2004)").status_code == 200
    assert all(Document.objects.filter(language=one).count() == 10 for one in corpus_file.WORDS)


NO_CORPUS = [(b"a,b\n1,2\n", "语料库"), (b"symbol,body,doctype,text_zh\n" + b"\n" * 51_000_000, "解开后过大")]


@pytest.mark.parametrize(("table", "told"), NO_CORPUS, ids=["another", "a bomb"])
def test_a_table_that_is_no_corpus_is_refused_in_words(curator, table, told):
    read(curator, ("a.zip", zipped(("a.csv", table))))
    assert items()["a.zip"].state == State.REFUSED and told in items()["a.zip"].reason


def test_ticked_files_are_published_together_with_their_doubts_in_sight(curator):
    gap = TEXTS["报告"].encode()
    batch = read(curator, ("1.txt", words(1)), ("2.txt", gap), ("3.txt", words(3))).batch
    page = curator.get(f"{DESK}{batch.pk}").content.decode()
    picks = re.findall(r'name="pick" value="([^"]+)"', page)
    assert len(picks) == 3 and 'value="publish_picked"' in page
    address = f"{DESK}{batch.pk}/act"
    asked = curator.post(address, {"act": "publish_picked", "pick": picks[:2]}).content.decode()
    assert "编号不连续" in asked and asked.count('name="pick"') == 2 and 'name="confirmed"' in asked
    mend(curator, "1.txt", "facts", title="别人改的标题")
    work()
    page = act(curator, batch, "publish_picked", pick=picks[:2]).content.decode()
    assert "后来有了改动" in page, "what was read anew since is not published unseen"
    work()
    assert {name: item.state for name, item in items().items()} == {
        "1.txt": State.TO_CHECK,
        "2.txt": State.PUBLISHED,
        "3.txt": State.TO_CHECK,
    }
    nothing = curator.post(address, {"act": "publish_picked", "confirmed": "1"}, follow=True)
    assert nothing.status_code == 200 and items()["3.txt"].state == State.TO_CHECK


UNSURE = (
    "S/2021/2\n\n关于不扩散的报告\n\n1. 请各国执行第1540(2005)号决议。\n\n"
    "3. 独角兽问题国际联合审议委员会(独角兽委)举行了会议。独角兽委提交了报告。\n"
).encode()


@pytest.mark.parametrize("one_by_one", [True, False], ids=["one by one", "all"])
def test_any_doubt_is_settled_where_it_is_shown(curator, one_by_one):
    item = read(curator, ("a.txt", UNSURE))
    kinds = ("of_facts", "doubts", "uncertain", "bodies")
    assert all(item.preview[of] for of in kinds), {of: item.preview[of] for of in kinds}
    address, before = f"{DESK}{item.batch_id}/{item.pk}", item.preview["blocks"]
    for turn in range(item.doubts if one_by_one else 1):
        page = curator.get(address).content.decode()
        marks = re.findall(r'name="sure" value="(\w+)"', page)
        assert len(marks) == (item.doubts - turn) + (item.doubts - turn > 1)
        shown = re.search(r'name="shown" value="(\w+)"', page)[1]
        told = {"do": "sure", "shown": shown, "sure": marks[0] if one_by_one else "all"}
        answer = curator.post(f"{address}/mend", told, follow=True)
        assert "无误" in answer.content.decode()
        assert curator.post(f"{address}/mend", {**told, "sure": "0" * 16}).status_code == 400
        work()
    item = items()["a.txt"]
    assert item.doubts == 0 and "程序没有疑点" in curator.get(address).content.decode()
    texts = [(block["anchor"], block["text"]) for block in item.preview["blocks"]]
    assert texts == [(block["anchor"], block["text"]) for block in before], "nothing was changed"
    publish(curator, item.name)
    assert "编号不连续" not in curator.get("/S/2021/2").content.decode()
    other = UNSURE.replace("举行了".encode(), "又举行了".encode())
    ImportBatch().import_source(Source("a.txt", other))
    assert "编号不连续" in curator.get("/S/2021/2").content.decode(), "of other words nobody said so"


def test_the_text_stands_beside_the_form_that_asks_for_the_symbol(curator):
    read(curator, ("a.txt", "1. 没有文号的文件。\n".encode()), ("b.txt", FRENCH))
    pages = {
        name: curator.get(f"{DESK}{one.batch_id}/{one.pk}").content.decode() for name, one in items().items()
    }
    for name, begins in (("a.txt", "没有文号的文件"), ("b.txt", "Le Conseil rappelle")):
        beside = pages[name][pages[name].index('id="asked"') :]
        assert beside.index('name="symbol"') < beside.index(begins)
    assert "文号不明，不能收入" in pages["a.txt"] and "文号不明，不能收入" not in pages["b.txt"]
    assert "确是中文的" in pages["b.txt"]


def test_a_kind_of_block_changes_no_fact_in_silence(curator):
    read(curator, ("a.txt", corpus_file.layer(2572).encode()))
    facts = items()["a.txt"].preview["facts"]
    assert facts["meeting_date"] == "2021-04-22"
    page = mend(curator, "a.txt", "set", "u1", kind="closing").content.decode()
    assert "由“段落”改为“结语”" in page and "closing”" not in page
    work()
    assert items()["a.txt"].preview["facts"] == facts


def test_who_takes_a_document_out_is_told_what_comes_next(curator):
    ImportBatch().import_source(Source("a.txt", words(1)))
    page = curator.post(f"{DESK}take-out/S/2021/1", follow=True).content.decode()
    assert "读完后在这里更正，再按“发布”" in page


def test_the_way_to_the_desk_stands_below_no_refusal(curator):
    page = curator.get("/admin/").content.decode()
    assert "收文：上传文件" in page and "权限" not in page and "manage.py" not in page


# Who may.


def test_an_archive_without_the_resolutions_says_how_to_get_them(curator):
    page = curator.get(DESK).content.decode()
    assert "CR-UNSC" in page and "上传" in page
    ImportBatch().import_path(DOCUMENTS / "S_RES_1673.txt")
    assert "CR-UNSC" not in curator.get(DESK).content.decode()


def test_who_is_no_curator_gets_nowhere(client, django_user_model):
    send_it = lambda: send(client, ("1.txt", words(1)), follow=False)  # noqa: E731
    assert client.get(DESK)["Location"].startswith("/admin/login/")
    assert send_it()["Location"].startswith("/admin/login/")
    client.force_login(django_user_model.objects.create_user("editor", is_staff=True))
    assert client.get(DESK).status_code == 403
    assert send_it().status_code == 403
    for address in ("1/act", "1/1/mend", "take-out/S/2021/1"):
        assert client.post(f"{DESK}{address}", {"act": "undo", "do": "drop"}).status_code == 403
    for address in ("1/1/pages/1", "sidecar/S/2021/1"):
        assert client.get(f"{DESK}{address}").status_code == 403
    assert not IntakeBatch.objects.exists()


def test_administrators_may_all(admin_client):
    assert send(admin_client, ("1.txt", words(1))).status_code == 200
    assert "收文" in admin_client.get("/admin/").content.decode()


def test_no_other_site_can_send_or_act_in_a_curator_s_name(curator):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = curator.cookies
    assert send(strict, ("1.txt", words(1)), follow=False).status_code == 403
    send(curator, ("1.txt", words(1)))
    batch = IntakeBatch.objects.get()
    assert strict.post(f"{DESK}{batch.pk}/act", {"act": "undo", "confirmed": "1"}).status_code == 403


def test_what_is_sent_without_permission_is_written_to_no_disk(client, monkeypatch):
    def refused(*_args, **_more):
        raise AssertionError("written to a disk")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", refused)
    send(client, ("1.txt", bytes(4_000_000)), follow=False)


@pytest.mark.parametrize("address", [f"{DESK}999", f"{DESK}999/1", f"{DESK}999/report", f"{DESK}1/999"])
def test_what_is_not_there_is_said(curator, address):
    assert curator.get(address).status_code == 404


def test_an_act_that_is_none_is_refused(curator):
    send(curator, ("1.txt", words(1)))
    batch = IntakeBatch.objects.get()
    for asked in ({"act": "x"}, {"act": "publish", "item": "x"}, {"act": "publish", "item": "0"}, {}):
        assert curator.post(f"{DESK}{batch.pk}/act", {**asked, "confirmed": "1"}).status_code == 404
    page = curator.post(f"{DESK}{batch.pk}/act", {"act": "undo", "confirmed": "1", "reason": " "})
    assert "原因" in page.content.decode() and page.status_code == 400


# Many.


def block(at: int) -> dict:
    """A block as previews keep it."""
    told = {"anchor": str(at), "kind": "paragraph", "number": str(at), "level": "", "part": "main"}
    return told | {"speaker": "", "text": f"第{at}段的文字", "lines": [at, at], "named": [], "boxes": []}


def test_a_thousand_files_are_listed_and_previewed_in_constant_queries(curator):
    counted = []
    for many in (10, 1000):
        batch = IntakeBatch.objects.create(name=str(many), by="librarian")
        blocks = [block(at) for at in range(1, many + 1)]
        IntakeItem.objects.bulk_create(
            IntakeItem(
                batch=batch, name=f"{n}.txt", size=1, sha256=f"{many}-{n}", symbol=f"S/2021/{n}",
                state=State.TO_CHECK, changed=timezone.now(),
                preview={
                    "facts": {"symbol": f"S/2021/{n}"}, "doubts": [],
                    "blocks": [] if n else blocks,
                    "dropped": [[1, "S/2021/1", "running header"]], "uncertain": [], "bodies": [],
                    "lines": [] if n else ["文字"] * many, "sheets": [],
                },
            )
            for n in range(many)
        )  # fmt: skip
        first = batch.items.first()
        for address in (
            DESK,
            f"{DESK}{batch.pk}",
            f"{DESK}{batch.pk}?state=to_check",
            f"{DESK}{batch.pk}/{first.pk}",
        ):
            curator.get(address)  # what is kept for a while, as content types are
            with CaptureQueriesContext(connection) as queries:
                assert curator.get(address).status_code == 200
            counted.append(len(queries))
    assert counted[:4] == counted[4:] and min(counted) > 0 and max(counted) <= 20
    page = curator.get(f"{DESK}{batch.pk}?page=2").content.decode()
    assert "第2页" in page and "1000" in page
    page = curator.get(f"{DESK}{batch.pk}?state=published").content.decode()
    assert f"{DESK}{batch.pk}/{first.pk}" not in page, "of one state where it is asked for"
    assert curator.get(f"{DESK}{batch.pk}?page=x&state=nonsense").status_code == 200
