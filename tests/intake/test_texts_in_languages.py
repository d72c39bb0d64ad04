"""A text in one language comes in, changes and goes by every door, and that in the other stays as it was."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from archive.intake.importing import ImportBatch, Status
from archive.models import Document, IssuedText, Paragraph, RetiredDocument
from archive.store.ingest.facts import correct_document
from archive.store.ingest.values import Source
from tests.desk.test_desk_intake import act, curator, items, send, work  # noqa: F401 - a fixture
from tests.tables import each_row
from tests.tools.corpus_file import layer, operative

pytestmark = pytest.mark.django_db
SYMBOL = "S/RES/1673(2006)"
NAMES = {"zh": "a.txt", "en": "b.txt"}
OTHER = {"zh": "en", "en": "zh"}
WHY = {"by": "编者甲", "reason": "误收"}


@pytest.fixture(autouse=True)
def both(monkeypatch):
    command = "archive.management.commands.withdraw_document"
    monkeypatch.setattr(f"{command}.bring_along", lambda *given: None)
    for language in NAMES:
        assert put(language).status is Status.CREATED


def text(language: str, more: str = "") -> bytes:
    """The text of a resolution; ``more`` stands in place of a word of its last paragraph."""
    last = operative(1673, language)["7"]
    return layer(1673, language).replace(last, f"{last[:-1]}{more}{last[-1]}").encode()


def put(language: str, more: str = "", name: str = "", sidecar: str = ""):
    return ImportBatch().import_source(Source(name or NAMES[language], text(language, more), sidecar))


def run(command: str, *args: str, **options: object) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def whole(language: str) -> list:
    """All that is held, and was ever issued, in a language."""
    named = {"symbol": SYMBOL, "language": language}
    columns = (
        "title",
        "provenance",
        "corrections",
        "doubts",
        "source__sha256",
    )  # which of them counts may change
    return [
        *Document.objects.filter(**named).values_list(*columns),
        *standing(language).items(),
        *IssuedText.objects.filter(**named).order_by("pk").values_list("anchor", "text", "until", "withheld"),
        *RetiredDocument.objects.filter(**named).values_list("ending", "lifted"),
    ]


def standing(language: str) -> dict[str, str]:
    rows = Paragraph.objects.filter(document__symbol=SYMBOL, document__language=language)
    return dict(rows.order_by("position").values_list("anchor", "text"))


def do(language: str, act: str, *args: str, expected: str = "") -> None:
    """Puts a file with other words, name or sidecar, corrects the title, or runs a command."""
    if act == "put":
        more, name, sidecar = (*args, "", "", "")[:3]
        assert put(language, more, NAMES[OTHER[language]] if name else "", sidecar).status == expected
    elif act == "correct":
        correct_document(Document.objects.get(symbol=SYMBOL, language=language), {"title": args[0]})
    else:
        run(act, SYMBOL, *args, "--language", language, **WHY)


@pytest.mark.parametrize("language", NAMES)
@each_row("ACTS")
def test_what_is_done_to_one_text_is_done_to_no_other(language, remark, acts, stands):
    twin = Source("c.txt", text(language).replace(b"1673", b"1674"), "")
    assert ImportBatch().import_source(twin).status is Status.CREATED, "to be merged into"
    before, there = whole(language), whole(OTHER[language])
    for name, *args, expected in acts:
        do(language, name, *args, expected=expected)
    assert [anchor for anchor in standing(language) if anchor in ("6", "7")] == [*stands]
    assert whole(language) != before
    assert whole(OTHER[language]) == there
    assert "全部相符" in run("verify_archive", "--quick")


def test_without_a_language_a_command_means_the_chinese_text():
    run("withdraw_document", SYMBOL, **WHY)
    assert Document.objects.get().language == "en"
    with pytest.raises(CommandError, match="本库没有"):
        run("withdraw_document", SYMBOL, "--paragraph", "7", **WHY)


def test_two_symbols_of_a_document_lead_to_it_in_each_language():
    words = {
        "zh": "各国应当清点库房中的钥匙并答复来函。" * 3,
        "en": "The States shall count the keys of stores. " * 5,
    }
    for language, told in words.items():
        paper = Source(f"{language}.txt", f"A/60/1-S/2006/9\n\n1. {told}\n".encode(), "")
        assert ImportBatch().import_source(paper).status is Status.CREATED
    for symbol, undo in (("S/2006/9", []), ("A/60/1", ["--undo"])):
        run("withdraw_document", symbol, "--language", "en", *undo, **WHY)
        assert Document.objects.under("S/2006/9").count() == 1 + bool(undo)


# --- the desk ---


@pytest.mark.parametrize("language", NAMES)
def test_the_desk_publishes_undoes_and_restores_a_text_in_its_language(curator, language):  # noqa: F811
    there = whole(OTHER[language])
    send(curator, ("new.txt", text(language, " 又")))
    work()
    item = items()["new.txt"]
    assert item.outcome == Status.UPDATED, item.reason
    page = curator.get(f"/admin/intake/{item.batch_id}/{item.pk}").content.decode()
    assert page.count("<ins>") == 1, "beside the text in its language one word is new"
    act(curator, item.batch, "publish", item)
    work()
    assert "又" in standing(language)["7"]
    act(curator, item.batch, "undo")
    work()
    assert standing(language)["7"] == operative(1673, language)["7"]
    assert whole(OTHER[language]) == there


def test_two_texts_of_a_document_in_one_batch_are_no_twins(curator):  # noqa: F811
    files = {f"{of}.txt": text(of).replace(b"1673", b"1674") for of in NAMES}
    send(curator, *files.items())
    work()
    batch = items()["zh.txt"].batch
    page = curator.get(f"/admin/intake/{batch.pk}/{items()['zh.txt'].pk}").content.decode()
    assert 'id="twins"' not in page
    act(curator, batch, "publish_all")
    work()
    assert set(Document.objects.under("S/RES/1674(2006)").values_list("language", flat=True)) == {*NAMES}


@pytest.mark.parametrize("language", NAMES)
def test_the_desk_takes_a_text_out_to_be_put_right_in_its_language(curator, language):  # noqa: F811
    there = whole(OTHER[language])
    curator.post(f"/admin/intake/take-out/{SYMBOL}?language={language}")
    work()
    item = items()[NAMES[language]]
    fields = {"do": "facts", "title": "编者的标题", "language": language}
    curator.post(f"/admin/intake/{item.batch_id}/{item.pk}/mend", fields)
    work()
    act(curator, item.batch, "publish", items()[NAMES[language]])
    work()
    assert Document.objects.get(language=language).title == "编者的标题" and whole(OTHER[language]) == there
    page = curator.get(f"/admin/intake/{item.batch_id}/{item.pk}").content.decode()
    address = f"/admin/intake/sidecar/{SYMBOL}?language={language}"
    assert address in page and "编者的标题" in curator.get(address).content.decode()


def test_the_desk_brings_back_the_english_text_that_it_took_out(curator):  # noqa: F811
    for language in NAMES:
        run("withdraw_document", SYMBOL, "--language", language, **WHY)
    RetiredDocument.objects.filter(language="en").delete()
    send(curator, ("new.txt", text("en")))
    work()
    for name in ("publish", "undo", "restore"):
        act(curator, items()["new.txt"].batch, name, *([items()["new.txt"]] if name == "publish" else []))
        work()
        assert Document.objects.filter(language="en").exists() == (name != "undo")
    assert not Document.objects.filter(language="zh").exists()
