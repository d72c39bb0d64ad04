"""Withdrawing, merging and taking back: by the commands, asked over HTTP."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from archive.editing.retirement import merge_document, withdraw_document
from archive.ingest import RefusedError
from archive.models import Document, IssuedText, Paragraph, RetiredDocument
from archive.text.fingerprint import fingerprint

from .factories import parsed, source, store, stored
from .pages import page

pytestmark = pytest.mark.django_db
WHY = {"by": "编者甲", "reason": "原件有误"}
TEXT = "S/2031/1\n\n1. 第一段的文字在这里。\n\n2. 第二段的文字在这里。\n\n3. 第三段的文字在这里。\n"
SIDECAR = 'symbol = "S/2031/1"\ntitle = "一封信"\n'


@pytest.fixture(autouse=True)
def _no_index(monkeypatch):
    """The index follows by a command of its own, tested where it lives."""
    asked = []
    command = "archive.management.commands._retiring"
    monkeypatch.setattr(f"{command}.bring_along", lambda *given: asked.append(given))
    return asked


def run(command: str, *args: str, **options) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def import_text(text: str = TEXT, sidecar: str = SIDECAR) -> Document:
    from archive.importing import parse_source
    from archive.ingest import store_document

    given = source("x.txt", text, sidecar)
    return Document.objects.get(pk=store_document(parse_source(given), given).document)


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


@pytest.mark.parametrize(
    ("command", "args", "options", "message"),
    [
        ("withdraw_document", ["S/2031/1"], {"by": "", "reason": "误"}, "由谁决定"),
        ("withdraw_document", ["S/2031/9"], WHY, "本库没有S/2031/9"),
        ("withdraw_document", ["S/2031/1"], {**WHY, "paragraph": "99"}, "没有标记为99的段落"),
        ("withdraw_document", ["S/2031/1"], {"undo": True}, "没有被撤下"),
        ("withdraw_document", ["S/2031/1"], {"undo": True, "paragraph": "1"}, "没有被撤下"),
        ("merge_document", ["S/2031/1"], WHY, "并入哪一份"),
        ("merge_document", ["S/2031/1", "S/2031/1"], WHY, "并入它自己"),
        ("merge_document", ["S/2031/1"], {"undo": True}, "没有并入"),
    ],
)
def test_what_cannot_be_done_is_explained(command, args, options, message):
    import_text()
    with pytest.raises(CommandError, match=message):
        run(command, *args, **options)
    assert Document.objects.count() == 1


@pytest.mark.parametrize("options", [WHY, {**WHY, "paragraph": "2"}])
def test_a_dry_run_writes_nothing(options):
    import_text()
    before = list(IssuedText.objects.values())
    assert "试运行" in run("withdraw_document", "S/2031/1", dry_run=True, **options)
    assert list(IssuedText.objects.values()) == before
    assert Document.objects.count() == 1 and Paragraph.objects.filter(anchor="2").exists()


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


@pytest.mark.parametrize(
    ("address", "status", "leads", "remark"),
    [
        ("/S/2031/2", 301, "/S/2031/3", "the document"),
        ("/S/2031/2.json", 301, "/S/2031/3.json", "its twin"),
        ("/S/2031/2/cited-by", 301, "/S/2031/3/cited-by", "who cites it"),
        ("/S/2031/2/p/1", 301, "/S/2031/3/p/2", "the words stand once"),
        ("/S/2031/2/p/1.json", 301, "/S/2031/3/p/2.json", "twin"),
        ("/S/2031/2/p/1/cited-by", 301, "/S/2031/3/p/2/cited-by", "who cites the paragraph"),
        ("/S/2031/2/p/3", 410, None, "the words stand nowhere"),
        (f"/S/2031/2/p/3/{fingerprint('丙文在此')}", 410, None, "the same, with fingerprint"),
        (f"/S/2031/2/p/1/{fingerprint('甲文在此')}", 200, None, "a page that says so"),
    ],
)
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
    from archive.ingest import correct_document

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
    from archive.ingest import correct_document

    document = import_text()
    words = document.paragraphs.get(anchor="2").fingerprint
    correct_document(document, {"symbol": "S/2031/100"})
    response = client.get("/S/2031/1" + tail.format(words=words))
    assert response.status_code == 301
    assert response["Location"] == "/S/2031/100" + tail.format(words=words)
    assert client.get(response["Location"]).status_code == 200
