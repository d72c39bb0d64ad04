"""Withdrawing, merging and taking back: by the commands, asked over HTTP."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.export.bundle import verify
from archive.intake.retirement import (
    merge_document,
    take_back_paragraph,
    withdraw_document,
    withdraw_paragraph,
)
from archive.models import Document, IssuedText, Paragraph, RetiredDocument
from archive.store.ingest.facts import kept_out
from archive.store.ingest.values import RefusedError
from archive.store.links.histories import Fate, Histories
from archive.text.fingerprint import fingerprint
from tests.tables import each_row, rows_from
from tests.tools.bundles import exported, fate_in
from tests.tools.factories import parsed, source, store, stored, taken_in
from tests.tools.pages import page

pytestmark = pytest.mark.django_db
WHY = {"by": "编者甲", "reason": "原件有误"}
TEXT = "S/2031/1\n\n1. 第一段的文字在这里。\n\n2. 第二段的文字在这里。\n\n3. 第三段的文字在这里。\n"
SIDECAR = 'symbol = "S/2031/1"\ntitle = "一封信"\n'


@pytest.fixture(autouse=True)
def _no_index(monkeypatch):
    """The index follows by a command of its own, tested where it lives."""
    asked = []
    command = "archive.management.commands.withdraw_document"
    monkeypatch.setattr(f"{command}.bring_along", lambda *given: asked.append(given))
    return asked


def run(command: str, *args: str, **options) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def import_text(text: str = TEXT, sidecar: str = SIDECAR) -> Document:
    return taken_in(source("x.txt", text, sidecar))


def link_to(document: Document, anchor: str) -> str:
    return f"/{document.symbol}/p/{anchor}/{document.paragraphs.get(anchor=anchor).fingerprint}"


# --- what another did meanwhile ---


@pytest.mark.parametrize("gone", ["S/2031/1", "S/2031/2"], ids=["the one", "the other"])
def test_what_another_has_just_withdrawn_is_not_merged(gone):
    """Both were looked up before the other's withdrawal was written."""
    one, other = (stored(parsed(symbol, ("1", f"{symbol}的一段。"))) for symbol in ("S/2031/1", "S/2031/2"))
    withdraw_document(Document.objects.get(symbol=gone), **WHY)
    with pytest.raises(RefusedError, match=f"{gone}刚刚已被他人撤下或并入"):
        merge_document(one, other, **WHY)
    assert [row.symbol for row in RetiredDocument.objects.all()] == [gone]


# --- a document ---


ENDINGS = ["", ".json", ".txt", "/p/1", "/p/1.json", "/p/1.txt", "/source", "/dropped", "/cited-by"]


@pytest.mark.parametrize("ending", [*ENDINGS, "/p/1/cited-by"])
def test_every_address_of_a_withdrawn_document_is_410_and_says_who_and_why(client, ending):
    import_text()
    assert client.get(f"/S/2031/1{ending}").status_code in (200, 404)
    run("withdraw_document", "S/2031/1", **WHY)
    response = client.get(f"/S/2031/1{ending}")
    said = response.json() if ending.endswith(".json") else response.content.decode()
    assert response.status_code == 410
    assert "编者甲" in str(said) and "原件有误" in str(said)


def test_a_cited_link_shows_the_words_of_a_withdrawn_document(client):
    link = link_to(import_text(), "2")
    run("withdraw_document", "S/2031/1", **WHY)
    tree = page(client, link, 410)
    assert "第二段的文字在这里。" in tree.text and "这一段已经撤下" in tree.text
    assert client.get(f"{link}.json").json()["fate"] == "withdrawn"
    assert "第二段的文字在这里。" in page(client, "/S/2031/1", 410).text


def test_withheld_words_are_shown_nowhere(client):
    link = link_to(import_text(), "2")
    run("withdraw_document", "S/2031/1", withheld=True, **WHY)
    own = [f"/S/2031/1{ending}" for ending in ("", ".json", ".txt", "/p/2", "/p/2.json", "/p/2.txt")]
    for address in (link, f"{link}.json", *own):
        response = client.get(address)
        assert response.status_code == 410 and "第二段的文字" not in response.content.decode(), address
    assert "依法不予显示" in page(client, link, 410).text


def test_a_withdrawn_document_leaves_lists_and_counts_and_the_index_is_refreshed(client, _no_index):
    import_text()
    before = client.get("/documents")
    run("withdraw_document", "S/2031/1", **WHY)
    after = client.get("/documents", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200 and "S/2031/1" not in after.content.decode()
    assert client.get("/index.json").json() is not None and not Document.objects.exists()
    assert len(_no_index) == 1


def test_import_refuses_a_withdrawn_symbol_and_says_what_to_do():
    import_text()
    run("withdraw_document", "S/2031/1", **WHY)
    with pytest.raises(RefusedError, match=r"S/2031/1.*编者甲撤下（原件有误）.*--undo"):
        import_text(TEXT + "\n4. 第四段。\n")
    assert not Document.objects.exists()


def test_taken_back_everything_is_as_it_was(client):
    document = import_text()
    link, texts = link_to(document, "2"), list(document.paragraphs.values_list("anchor", "text"))
    run("withdraw_document", "S/2031/1", withheld=True, **WHY)
    run("withdraw_document", "S/2031/1", undo=True, by="编者乙")
    back = Document.objects.get()
    assert list(back.paragraphs.values_list("anchor", "text")) == texts
    assert client.get(f"{link}.json").json()["fate"] == "identical"
    assert client.get("/S/2031/1").status_code == 200
    assert not IssuedText.objects.filter(withheld=True).exists()
    assert RetiredDocument.objects.get().lifted


@each_row()
def test_what_cannot_be_done_is_explained(command, args, options, message):
    import_text()
    with pytest.raises(CommandError, match=message):
        run(command, *args, **options)
    assert Document.objects.count() == 1


@each_row("TRIED")
def test_a_dry_run_writes_nothing_and_says_what_would_be(command, args, options, before, said):
    import_text()
    store(parsed("S/2031/2", ("1", "第二份文件的第一段，与别的不同。")))
    if before is not None:
        run(command, *args, **WHY, **before)
    state = [list(model.objects.values()) for model in (IssuedText, Document, RetiredDocument)]
    told = run(command, *args, dry_run=True, **WHY, **options)
    assert "试运行" in told and said in told and not re.search("(?:^|；)已", told, re.MULTILINE)
    assert [list(model.objects.values()) for model in (IssuedText, Document, RetiredDocument)] == state


# --- one paragraph ---


def test_a_withdrawn_paragraph_is_410_and_no_import_brings_it_back(client):
    link = link_to(import_text(), "2")
    run("withdraw_document", "S/2031/1", paragraph="2", **WHY)
    assert "编者甲" in page(client, "/S/2031/1/p/2", 410).text
    import_text(TEXT.replace("第三段", "第叁段"))
    assert page(client, link, 410)
    assert "第二段的文字" not in page(client, "/S/2031/1").text


def test_a_withdrawn_paragraph_stays_out_when_it_is_renumbered(client):
    link = link_to(import_text(), "2")
    run("withdraw_document", "S/2031/1", paragraph="2", **WHY)
    rest = "".join(f"\n{place}. 第{name}段的文字在这里。\n" for place, name in enumerate("一二三", start=2))
    import_text(f"S/2031/1\n\n1. 新的第一段文字。\n{rest}")
    assert client.get(f"{link}.json").json()["fate"] == "withdrawn"
    assert "第二段的文字" not in page(client, "/S/2031/1").text
    assert "现在是另一段文字" in page(client, link, 410).text


def test_a_withdrawn_paragraph_is_taken_back(client):
    link = link_to(import_text(), "2")
    run("withdraw_document", "S/2031/1", paragraph="2", withheld=True, **WHY)
    assert "第二段的文字" not in client.get(link).content.decode()
    run("withdraw_document", "S/2031/1", paragraph="2", undo=True, by="编者乙")
    assert client.get(f"{link}.json").json()["fate"] == "identical"


WORDS = rows_from(__name__, "WORDS")


def copy_of(order: str) -> str:
    """A copy of the document with these paragraphs, numbered from 1; 空 is a number that it leaves out."""
    numbered = enumerate(order, start=1)
    return "S/2031/1\n" + "".join(f"\n{at}. {WORDS[one]}\n" for at, one in numbered if one != "空")


def shown() -> str:
    """The paragraphs of the document, in order."""
    names = {text: name for name, text in WORDS.items()}
    texts = Paragraph.objects.filter(document__symbol="S/2031/1").order_by("position")
    return "".join(names[text] for text in texts.values_list("text", flat=True))


def withdraw(anchor: str, **options) -> str:
    return run("withdraw_document", "S/2031/1", paragraph=anchor, **(WHY | options))


def undo(place: str) -> str:
    return run("withdraw_document", "S/2031/1", paragraph=place, undo=True, by="编者乙")


def act(step: str) -> None:
    if step.isdigit():
        withdraw(step)
    else:
        import_text(copy_of(step))


@each_row("KEPT_OUT")
def test_no_copy_brings_back_what_was_withdrawn(acts, left, remark):
    for step in acts:
        act(step)
    assert shown() == left, remark


COPIES = st.tuples(st.permutations("甲乙丙丁戊空"), st.integers(2, 6)).map(lambda drawn: drawn[0][: drawn[1]])
ACTS = st.lists(
    st.one_of(
        COPIES.map("".join), st.sampled_from(["withdraw 1", "withdraw 2", "withdraw 3", "undo 0", "undo 1"])
    ),
    min_size=3,
    max_size=10,
)


def act_at_random(step: str) -> None:
    """What cannot be done is left out."""
    kind, _blank, number = step.partition(" ")
    with suppress(RefusedError):
        if not number:
            import_text(copy_of(step))
        elif (document := Document.objects.find("S/2031/1")) and kind == "withdraw":
            withdraw_paragraph(document, number, "编者甲", "误录")
        elif (kept := kept_out(document)[int(number) :]) and document:
            take_back_paragraph(document, "/".join(kept[0]), "编者乙")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_came_after_it_a_decision_holds_and_a_link_tells_the_truth(tmp_path, acts):
    with transaction.atomic(), TemporaryDirectory(dir=tmp_path) as folder:
        for step in acts:
            act_at_random(step)
        document = Document.objects.find("S/2031/1")
        standing = dict(Paragraph.objects.values_list("fingerprint", "anchor"))
        out = {words for _anchor, words in kept_out(document)}
        assert not out & standing.keys(), "no text is twice in a copy"
        data = verify.Data(exported(Path(folder) / "bundle", None))
        for row in IssuedText.objects.all():
            fate = Histories().fate(row.symbol, row.anchor, row.fingerprint)
            there = standing.get(row.fingerprint)
            if there is not None:
                assert fate is (Fate.IDENTICAL if there == row.anchor else Fate.MOVED)
            elif row.fingerprint in out:  # edited, where the words came to stand elsewhere before that
                assert fate in (Fate.WITHDRAWN, Fate.EDITED)
            link = f"/{row.symbol}/p/{row.anchor}/{row.fingerprint}"
            assert fate_in(data, link) == fate.value, "a bundle says the same"
        transaction.set_rollback(True)


def test_of_two_withdrawn_under_one_number_each_is_taken_back_by_itself(client):
    first = link_to(import_text(copy_of("甲乙丙丁")), "2")
    withdraw("2", withheld=True)
    second = link_to(import_text(copy_of("甲丙丁")), "2")
    withdraw("2")
    with pytest.raises(CommandError, match="先后撤下过几段文字") as refusal:
        undo("2")
    places = [link.removeprefix("/S/2031/1/p/") for link in (first, second)]
    assert all(place in str(refusal.value) for place in places)
    assert WORDS["乙"] not in page(client, first, 410).text
    with pytest.raises(CommandError, match="没有被撤下"):
        undo("2/ffffffff")
    undo(places[0])
    import_text(copy_of("甲乙丙丁"))
    assert shown() == "甲乙丁" and client.get(f"{first}.json").json()["fate"] == "identical"
    assert client.get(f"{second}.json").json()["fate"] == "withdrawn"
    undo(places[1])
    assert shown() == "甲乙丙丁"


def test_what_was_corrected_meanwhile_is_taken_back_as_it_is_now(client):
    link = link_to(import_text(copy_of("甲乙丙")), "2")
    withdraw("2")
    import_text(copy_of("甲更丙"))
    assert "已恢复" in undo("2")
    assert shown() == "甲更丙" and client.get(f"{link}.json").json()["fate"] == "edited"
    withdraw("2")
    import_text(copy_of("甲丙"))
    assert "没有这段文字" in undo("2")
    import_text(copy_of("甲更丙"))
    assert shown() == "甲更丙"


def test_the_advice_of_a_refusal_works(tmp_path, capsys):
    """Of what was withheld under a number under which another paragraph was withdrawn since."""
    for step in ("甲乙丙丁", "甲丙丁"):
        import_text(copy_of(step))
        withdraw("2", withheld=step == "甲乙丙丁")
    other = tmp_path / "other.txt"
    other.write_text(f"S/2031/2\n\n1. {WORDS['乙']}\n", "utf-8")
    said = io.StringIO()
    with pytest.raises(CommandError, match="1份文件未能入库"):
        call_command("import_documents", str(other), stdout=said, stderr=said)
    undo(said.getvalue().partition("--paragraph ")[2].partition(" ")[0])
    assert "新建 S/2031/2" in run("import_documents", str(other))
    import_text(copy_of("甲乙丙丁"))
    assert shown() == "甲乙丁"


def test_words_that_stand_are_never_said_to_be_withdrawn(client):
    link = link_to(import_text(copy_of("甲乙丙")), "2")
    withdraw("2")
    import_text(copy_of("甲丁乙丙"))
    undo("2")
    assert client.get(f"{link}.json").json()["fate"] == "moved"
    withdraw("2")
    assert shown() == "甲乙丙" and client.get(f"{link}.json").json()["fate"] == "moved"


def test_nor_where_what_had_their_number_is_kept_out_in_other_words(client):
    import_text(copy_of("甲乙丙"))
    withdraw("2")
    import_text(copy_of("甲更丙"))
    link = link_to(import_text(copy_of("甲丁丙")), "2")
    withdraw("2")
    undo(link.removeprefix("/S/2031/1/p/"))
    import_text(copy_of("甲丙丁"))
    assert client.get(f"{link}.json").json()["fate"] == "moved"


def test_a_page_and_a_report_tell_what_is_kept_out(client, tmp_path):
    link = link_to(import_text(copy_of("甲乙丙")), "2")
    withdraw("2")
    again = tmp_path / "again.txt"
    again.write_text(copy_of("甲乙丙丁"), "utf-8")
    again.with_suffix(".toml").write_text(SIDECAR, "utf-8")
    assert "来源中有1段已由编者撤下，没有收入：2" in run("import_documents", str(again))
    assert f'href="{link}"' in client.get("/S/2031/1").content.decode()


def test_the_source_is_kept_back_while_it_holds_withheld_words(client):
    import_text()
    run("withdraw_document", "S/2031/1", paragraph="2", **WHY)
    assert client.get("/S/2031/1/source").status_code == 200, "withdrawn, but its words may be shown"
    run("withdraw_document", "S/2031/1", paragraph="2", undo=True, by="编者乙")
    run("withdraw_document", "S/2031/1", paragraph="2", withheld=True, **WHY)
    answer = client.get("/S/2031/1/source")
    assert answer.status_code == 410 and "第二段" not in answer.content.decode()
    run("withdraw_document", "S/2031/1", paragraph="2", undo=True, by="编者乙")
    assert "第二段" in client.get("/S/2031/1/source").content.decode()


# --- merging ---

TWO = [
    parsed("S/2031/2", ("1", "甲文在此"), ("2", "乙文在此"), ("3", "丙文在此")),
    parsed("S/2031/3", ("1", "乙文在此"), ("2", "甲文在此"), ("3", "丁文在此"), ("4", "丁文在此")),
]


@pytest.fixture
def merged(db):
    for document in TWO:
        store(document)
    return run("merge_document", "S/2031/2", "S/2031/3", by="编者甲", reason="同一文件的两份副本")


@each_row()
def test_addresses_of_a_merged_document_lead_to_the_same_words(
    client, merged, address, status, leads, remark
):
    response = client.get(address)
    assert response.status_code == status, remark
    assert not leads or response["Location"] == leads


def test_a_cited_link_of_a_merged_document_says_where_the_words_are(client, merged):
    link = f"/S/2031/2/p/1/{fingerprint('甲文在此')}"
    text = page(client, link).text
    assert "S/2031/2的第1段" in text and "同一文件的两份副本" in text and "编者甲" in text
    told = client.get(f"{link}.json").json()
    assert (told["fate"], told["paragraph"]["url"]) == ("moved", "/S/2031/3/p/2")


def test_import_refuses_a_merged_symbol():
    for document in TWO:
        store(document)
    run("merge_document", "S/2031/2", "S/2031/3", **WHY)
    with pytest.raises(RefusedError, match=r"并入S/2031/3.*更换S/2031/3的来源文件"):
        store(TWO[0])


def test_a_merged_document_that_is_renamed_or_withdrawn_later_still_leads_on(client, merged):
    from archive.store.ingest.facts import correct_document

    correct_document(Document.objects.get(), {"symbol": "S/2031/33"})
    assert client.get("/S/2031/2/p/1")["Location"] == "/S/2031/33/p/2"
    run("withdraw_document", "S/2031/33", **WHY)
    link = f"/S/2031/2/p/1/{fingerprint('甲文在此')}"
    assert client.get(f"{link}.json").json()["fate"] == "withdrawn"
    assert client.get("/S/2031/3")["Location"] == "/S/2031/33"


# --- a symbol corrected ---


OF_PARAGRAPH = ["/p/2", "/p/2.json", "/p/2.txt", "/p/2/{words}", "/p/2/{words}.json", "/p/2/cited-by"]


@pytest.mark.parametrize("tail", ["", ".json", ".txt", "/cited-by", "/source", *OF_PARAGRAPH])
def test_every_address_under_a_corrected_symbol_leads_on(client, tail):
    from archive.store.ingest.facts import correct_document

    document = import_text()
    words = document.paragraphs.get(anchor="2").fingerprint
    correct_document(document, {"symbol": "S/2031/100"})
    response = client.get("/S/2031/1" + tail.format(words=words))
    assert response.status_code == 301
    assert response["Location"] == "/S/2031/100" + tail.format(words=words)
    assert client.get(response["Location"]).status_code == 200
