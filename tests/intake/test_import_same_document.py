"""One document in several formats is one document: one file is taken, the other is told beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from archive.intake.importing.same_document import in_order_of_trust, trust_between, words_of
from archive.intake.importing.words import OTHER, REFUSALS
from archive.intake.retirement import withdraw_paragraph
from archive.models import Document, ImportOutcome, IssuedText, Paragraph
from archive.site.presenters.relations import doubt_in_words
from archive.store.ingest.values import Source
from archive.text.formats import NAMES
from tests.conftest import ROOT
from tests.intake.test_import_documents import run
from tests.tables import each_row, rows_from
from tests.tools.word_files import definition, level, listing, numbered, paragraph, word
from tests.tools.word_files import run as words

pytestmark = pytest.mark.django_db
SENTENCES = ("回顾第1540(2004)号决议第3段。", "请各国提交报告，并说明已采取的步骤。", "感谢各国的合作。")
OTHERS = tuple(rows_from(__name__, "OTHERS"))


def write(path: Path, sentences: tuple[str, ...] = SENTENCES, stated: str = "") -> Path:
    """A file of the format that its name says, and a sidecar with the symbol."""
    numbered = [f"{at}. {sentence}" for at, sentence in enumerate(sentences, start=1)]
    if path.suffix == ".docx":
        path.write_bytes(word("".join(map(paragraph, numbered))))
    elif path.suffix == ".html":
        body = "".join(f"<p>{line}</p>" for line in numbered)
        path.write_text(f"<!doctype html><html><body><main>{body}</main></body></html>", "utf-8")
    else:
        path.write_text("\n\n".join(numbered) + "\n", "utf-8")
    path.with_suffix(".toml").write_text(f'symbol = "S/2020/1"\n{stated}', "utf-8")
    return path


def held() -> str:
    return Document.objects.get(symbol="S/2020/1").source.name


@each_row("TAKEN")
def test_one_file_is_taken_and_the_others_are_no_failure(tmp_path, names, stated, taken, remark):
    files = [write(tmp_path / name, stated=stated) for name in names]
    out, err, failed = run(*files)
    assert not failed, err
    assert held() == taken
    assert "文字相同" in out or "：同一文件的另一格式" in out
    issued = list(IssuedText.objects.values_list("pk", "text", "until"))
    out, err, failed = run(*files)
    assert not failed and held() == taken, err
    assert f"另一格式 {len(names) - 1}" in out and "不变 1" in out, "run again, nothing takes turns"
    assert list(IssuedText.objects.values_list("pk", "text", "until")) == issued
    assert [until for _pk, _text, until in issued] == [None] * 3, "the words were never another's"


def test_in_a_folder_the_most_trusted_is_read_first(tmp_path):
    for name in ("a.txt", "a.html", "a.docx"):
        write(tmp_path / name)
    out, _err, failed = run(tmp_path, report=str(tmp_path.parent / "r.json"))
    assert not failed and "新建 1  更新 0  不变 0  拒收 0  另一格式 2" in out
    rows = json.loads((tmp_path.parent / "r.json").read_text("utf-8"))
    assert [(Path(row["path"]).name, row["outcome"], row["symbol"]) for row in rows] == [
        ("a.docx", "created", "S/2020/1"),
        ("a.html", "set_aside", "S/2020/1"),
        ("a.txt", "set_aside", "S/2020/1"),
    ]
    assert all("a.docx是同一文件，文字相同" in row["reason"] for row in rows[1:])
    assert ImportOutcome.objects.count() == 1


def test_a_difference_is_told_with_its_place_and_what_to_do(tmp_path):
    docx = write(tmp_path / "a.docx")
    html = write(tmp_path / "a.html", (SENTENCES[0], SENTENCES[1].replace("步骤", "措施"), SENTENCES[2]))
    out, _err, failed = run(docx, html)
    assert not failed and held() == "a.docx"
    assert "文字有不同：自2段“提交报告，并说明已采取的”之后起（这一份" in out and 'format = "html"' in out
    write(html, stated='format = "html"\n')
    assert not run(html)[2] and held() == "a.html"


@each_row("SAME")
def test_spaces_are_no_difference(tmp_path, sentences, remark):
    out, err, failed = run(write(tmp_path / "a.docx"), write(tmp_path / "a.html", sentences))
    assert not failed and "文字相同" in out, (out, err)


def test_two_documents_with_one_symbol_are_still_a_clash(tmp_path):
    files = write(tmp_path / "a.docx"), write(tmp_path / "b.html", OTHERS)
    for _time in range(2):
        _out, err, failed = run(*files)
        assert failed and "已由" in err and "a.docx" in err


def test_the_same_words_in_two_files_of_one_format_are_no_failure(tmp_path):
    first = write(tmp_path / "a.txt")
    second = write(tmp_path / "b.txt")
    second.write_text(first.read_text("utf-8") + "\n\n", "utf-8")
    for _time in range(2):
        out, err, failed = run(first, second)
        assert not failed and "文字相同" in out, err
        assert held() == "a.txt"


def test_a_dry_run_tells_it_too(tmp_path):
    out, err, failed = run(write(tmp_path / "a.docx"), write(tmp_path / "a.html"), dry_run=True)
    assert not failed and "新建 1" in out and "另一格式 1" in out, err
    assert not Document.objects.exists()


def test_a_later_file_of_a_lesser_format_does_not_take_the_place(tmp_path):
    assert not run(write(tmp_path / "a.docx"))[2]
    out, _err, failed = run(write(tmp_path / "later.txt"))
    assert not failed and held() == "a.docx" and "与a.docx是同一文件" in out


def test_withheld_words_are_in_no_reason(tmp_path):
    """The other file still has the words; what is told of it shows only what is held."""
    docx, html = write(tmp_path / "a.docx"), write(tmp_path / "a.html")
    run(docx)
    document = Document.objects.get(symbol="S/2020/1")
    withdraw_paragraph(document, "2", by="某人", reason="依法", withheld=True)
    out, err, _failed = run(html)
    assert "另一格式" in out and "步骤" not in out + err and "文字相同" in out
    changed = write(html, (SENTENCES[0], SENTENCES[1].replace("报告", "呈文"), SENTENCES[2]))
    out, err, _failed = run(changed)
    assert "步骤" not in out + err and "呈文" not in out + err


TRUST = [
    # this file, the other, sign, remark
    (b"%PDF-1.7", b"1. text", "", -1, "PDF least"),
    (b"<!doctype html><p>a", b"1. text", "", 1, "the web before text"),
    (b"{\\rtf1 a}", b"<html><p>a", "", 1, "Word's formats before the web"),
    (b"1. text", b"2. text", "", 0, "two of one format"),
    (b"%PDF-1.7", b"<html><p>a", 'format = "pdf"', 1, "as stated"),
    (b"%PDF-1.7", b"<html><p>a", 'format = "docx"', -1, "stated, but neither of them"),
    (b"%PDF-1.7", b"<html><p>a", "format = [", -1, "a sidecar that is none"),
]


@pytest.mark.parametrize(("mine", "theirs", "stated", "sign", "remark"), TRUST)
def test_which_format_is_trusted(mine, theirs, stated, sign, remark):
    first, second = Source("a", mine, stated), Source("b", theirs)
    assert trust_between(first, second) == sign
    if not stated:
        assert trust_between(second, first) == -sign


def test_the_order_of_files_in_a_folder():
    names = ["b.txt", "a.pdf", "a.txt", "a.html", "a.docx", "a.md", "a.toml", "a.zip"]
    ordered = sorted(map(Path, names), key=in_order_of_trust)
    assert [path.name for path in ordered[:5]] == ["a.docx", "a.html", "a.md", "a.toml", "a.txt"]
    assert ordered[-1].name == "b.txt"


def test_notes_stand_last_wherever_the_format_has_them():
    blocks = [("paragraph", "甲 乙"), ("footnote", "注"), ("paragraph", "丙\n丁")]
    assert words_of(blocks) == "甲乙丙丁注"


def test_an_unknown_format_is_refused_by_its_name(tmp_path):
    _out, err, failed = run(write(tmp_path / "a.txt", stated='format = "word"\n'))
    assert failed and "word" in err and "docx" in err


# ---
# Documents as people have them: imported from any format, the original kept and handed over as it was.

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
    codes -= set(NAMES)
    assert len(codes) > 15
    assert codes <= REFUSALS.keys()
    assert all(str(words).endswith("。") for words in (*REFUSALS.values(), OTHER))


@pytest.mark.parametrize(
    "note",
    ["tracked_changes:3", "hidden_text:1", "unknown_signs:2", "converted", "pdf_pages_without_text:2,5"],
)
def test_every_remark_has_its_words(note: str) -> None:
    assert "解析程序的说明" not in doubt_in_words(note)
