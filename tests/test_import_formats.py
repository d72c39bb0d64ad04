"""Documents as people have them: imported from any format, the original kept and handed over as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from archive.editing.retirement import withdraw_paragraph
from archive.importing.words import OTHER, REFUSALS
from archive.models import Document, ImportOutcome, Paragraph
from archive.presenters.remarks import doubt_in_words
from archive.readers.formats import READ

from .conftest import ROOT
from .test_import_documents import run
from .word_files import definition, level, listing, numbered, paragraph, word
from .word_files import run as words

LETTER = (
    paragraph("S/2020/1")
    + paragraph("2020年1月3日法国常驻联合国代表给秘书长的信")
    + numbered("回顾第1540(2004)号决议第3段。")
    + numbered("请将本函作为文件分发。")
)
NUMBERS = definition(1, level(0, "decimal", "%1.")) + listing(1, 1)
PAGE = (
    "<!doctype html><html><head><title>S/2020/2 | 联合国</title></head><body><nav>首页</nav><main>"
    "<h1>2020年1月3日法国常驻联合国代表给秘书长的信</h1><ol><li>回顾第1540(2004)号决议第3段。</li>"
    "<li>请将本函作为文件分发。</li></ol></main><script>alert(1)</script></body></html>"
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "信.docx").write_bytes(word(LETTER, numbering=NUMBERS))
    (tmp_path / "page.html").write_bytes(PAGE.encode("gb18030"))
    return tmp_path


def test_word_and_web_come_in_with_their_numbers(folder: Path) -> None:
    out, err, failed = run(folder)
    assert not failed, err
    assert "新建 2" in out
    for symbol in ("S/2020/1", "S/2020/2"):
        rows = Paragraph.objects.filter(document__symbol=symbol, kind="paragraph").order_by("position")
        assert list(rows.values_list("number", "anchor", "text")) == [
            ("1", "1", "回顾第1540(2004)号决议第3段。"),
            ("2", "2", "请将本函作为文件分发。"),
        ]
    assert "不变 2" in run(folder)[0]


def test_original_is_kept_and_handed_over_never_shown(folder: Path, client: Client) -> None:
    run(folder)
    for symbol, name, kind in (
        ("S/2020/1", "信.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("S/2020/2", "page.html", "application/octet-stream"),
    ):
        answer = client.get(f"/{symbol}/source")
        assert answer.content == (folder / name).read_bytes()
        assert answer["Content-Type"] == kind
        assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert name in client.get(f"/{symbol}").content.decode()


def test_format_is_told_by_content_whatever_the_name_says(folder: Path) -> None:
    (folder / "信.docx").rename(folder / "信.pdf")
    (folder / "page.html").rename(folder / "page.txt")
    assert "新建 2" in run(folder)[0]
    (folder / "信.pdf").rename(folder / "信")  # a file that is given is read, whatever it is called
    assert "不变 1" in run(folder / "信")[0]


def test_what_the_reader_remarked_is_shown(folder: Path, client: Client) -> None:
    changed = LETTER + paragraph("<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>" + words("新。"))
    (folder / "信.docx").write_bytes(word(changed, numbering=NUMBERS))
    out, _, _ = run(folder / "信.docx")
    said = "文件里有修订标记1处，按全部接受后的文字收录"
    assert said in out
    assert said in client.get("/S/2020/1").content.decode()


def test_sidecar_states_facts_of_any_format(folder: Path) -> None:
    (folder / "信.toml").write_text('date = 2020-01-07\nprovenance = "代表团网站"\n', "utf-8")
    run(folder / "信.docx")
    held = Document.objects.get()
    assert (str(held.date), held.provenance) == ("2020-01-07", "代表团网站")


def test_refusal_is_a_sentence_with_the_remedy_and_is_recorded(folder: Path) -> None:
    (folder / "信.docx").write_bytes(word(LETTER)[:-60])
    out, err, failed = run(folder)
    assert failed and "新建 1" in out
    assert "文件打不开：已损坏，或没有下载完整" in err
    assert ImportOutcome.objects.filter(result="refused", file_name="信.docx").exists()


def test_parsing_again_reads_the_stored_original(folder: Path) -> None:
    run(folder)
    assert "不变 2" in run(reparse=True)[0]


HIDDEN = "这句话已从文件中撤下不得再示人，谁也不应看见。"


def test_original_with_withheld_words_is_not_handed_over(folder: Path, client: Client) -> None:
    """Not even where the words stand only in what a change took out."""
    (folder / "信.docx").write_bytes(word(LETTER + paragraph(HIDDEN), numbering=NUMBERS))
    run(folder / "信.docx")
    withheld = Paragraph.objects.get(text=HIDDEN)
    withdraw_paragraph(withheld.document, withheld.anchor, "编者", "法律", withheld=True)
    assert client.get("/S/2020/1/source").status_code == 410
    taken = paragraph(f"<w:del><w:r><w:delText>{HIDDEN}</w:delText></w:r></w:del>")
    (folder / "信.docx").write_bytes(word(LETTER + taken, numbering=NUMBERS))
    run(folder / "信.docx")
    assert client.get("/S/2020/1/source").status_code == 410


def test_every_code_of_a_reader_has_its_words() -> None:
    import re

    codes = set()
    for path in (ROOT / "archive" / "readers").glob("*.py"):
        text = path.read_text("utf-8")
        codes |= set(re.findall(r'NotReadableError\(\s*"(\w+)"', text))
        if path.name == "sniff.py":
            codes |= set(re.findall(r'return "(\w+)"', text)) | {"picture", "packed", "program"}
    codes -= set(READ)
    assert len(codes) > 15
    assert codes <= REFUSALS.keys()
    assert all(str(words).endswith("。") for words in (*REFUSALS.values(), OTHER))


@pytest.mark.parametrize(
    "note",
    ["tracked_changes:3", "hidden_text:1", "unknown_signs:2", "converted", "pdf_pages_without_text:2,5"],
)
def test_every_remark_has_its_words(note: str) -> None:
    assert "解析程序的说明" not in doubt_in_words(note)
