"""Pages that are pictures: text is recognized where a program does it, and says so wherever it stands."""

from __future__ import annotations

import gzip
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from django.core.management import call_command
from django.urls import get_resolver

from archive.intake.importing.words import refusal_of
from archive.models import Document, Paragraph
from archive.readers import NotReadableError, ocr, read_file
from archive.readers.ocr import Word, read_table
from archive.readers.pdf_notes import glyphs_of
from archive.readers.pool import Pool
from archive.site.http.ocr_budget import RecognizeLittle
from archive.site.presenters.relations import doubt_in_words
from archive.store.addresses.shortlinks import codes_of_paragraphs
from archive.store.values import Schema
from search.engine.live.update import update_index
from tests.pages_set.writer import Picture, Put, width_of, write_pdf
from tests.store.test_withheld_everywhere import ALONE, addresses_of
from tests.tables import rows_from
from tests.tools.pages import page
from tests.tools.searching import at as index_at

from .test_read_pdf import FULL, column

SCAN = write_pdf([[Picture(0, 0, 595, 842)]])
HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
POINT = 300 / 72  # pixels
WORDS = [
    *column("S/2031/7", left=400.0, top=50.0),
    *column("1.  " + FULL[:30], FULL, "到此为止。", "2.  第二段说明第1540(2004)号决议的执行情况。"),
]


def table_of(marks: list[Put], confidence: float = 91.5) -> str:
    """What the program tells of a page: a word for each character, as it does of ideographs."""
    rows = [HEAD, "1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t"]
    for line, mark in enumerate(marks, start=1):
        x = mark.x
        for at, char in enumerate(mark.text, start=1):
            wide = width_of(char, mark.size)
            box = (x, mark.y - 0.8 * mark.size, wide, 0.92 * mark.size)
            x += wide
            if char != " ":
                places = "\t".join(str(round(edge * POINT)) for edge in box)
                rows.append(f"5\t1\t1\t1\t{line}\t{at}\t{places}\t{confidence}\t{char}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Installs a program that recognizes what it is told to, whatever the picture shows."""

    def install(script: str = "", told: str = "") -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "told.tsv").write_text(told, "utf-8")
        program = folder / "tesseract"
        program.write_text(f"#!/bin/sh\n{script or f'cat > /dev/null; cat {folder}/told.tsv'}\n", "utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        monkeypatch.setattr(ocr, "find_spec", lambda name: None)  # no other engine
        return program

    return install


@pytest.fixture
def pool():
    one = Pool()
    yield one
    one.close()


def refusal(pool: Pool, data: bytes) -> str:
    with pytest.raises(NotReadableError) as refused:
        pool.read(data, "x")
    return refused.value.code


@pytest.fixture
def imported(db, tmp_path: Path, tesseract) -> None:
    tesseract(told=table_of(WORDS))
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "scan.pdf").write_bytes(SCAN)
    call_command("import_documents", str(folder))


# --- what the program tells ---


def test_the_table_of_words_is_read_and_what_is_no_word_is_not():
    table = f"{HEAD}\n4\t1\t2\t1\t3\t0\t0\t0\t9\t9\t-1\t\n5\t1\t2\t1\t3\t1\t40\t80\t20\t10\t96.1\t决 议\n"
    broken = "5\t1\t2\t1\t3\t2\tx\t80\t20\t10\t96\t文\n5\t1\t2\t1\t3\t3\t60\t80\t20\t10\t-1\t \n5\t1\n"
    assert list(read_table(table + broken, 2.0)) == [Word("决议", 20, 30, 40, 45, (2, 1, 3), 96.1)]


def test_boxes_that_reach_over_their_neighbours_are_cut_where_these_begin():
    words = [
        Word("第", 100, 112, 50, 62, (1, 1, 1), 90),
        Word("1540", 112, 300, 52, 62, (1, 1, 1), 90),
        Word("号", 136, 148, 50, 62, (1, 1, 1), 90),
        Word("一", 148, 160, 56, 57, (1, 1, 1), 90),
    ]
    glyphs = glyphs_of(words)
    assert "".join(glyph.char for glyph in glyphs) == "第1540号一"
    assert [glyph.right <= after.x + 0.01 for glyph, after in zip(glyphs, glyphs[1:], strict=False)] == [
        True
    ] * 6
    assert len({(glyph.size, glyph.y) for glyph in glyphs}) == 1


# --- who recognizes, and what comes of it ---


def test_without_the_program_a_scan_is_refused_with_advice(pool, monkeypatch):
    monkeypatch.setattr(ocr, "engines", tuple)
    assert refusal(pool, SCAN) == "pdf_scan"


FAILING = {
    "no data for Chinese": "exit 1",
    "nothing recognized": f"cat > /dev/null; printf '{HEAD}\\n'",
    "no table": "cat > /dev/null; head -c 3000 /dev/urandom",
    "killed": "kill -9 $$",
    "reads nothing": "exit 0",
}


@pytest.mark.parametrize("case", FAILING)
def test_where_the_program_fails_a_scan_is_refused_as_without_it(case, pool, tesseract):
    tesseract(FAILING[case])
    assert refusal(pool, SCAN) == "pdf_scan"


def test_the_program_has_the_limits_of_the_reader_and_can_write_no_file(pool, tesseract, tmp_path):
    tesseract(f"cat > /dev/null; echo {'x' * 100} > {tmp_path}/written; ulimit -v > /dev/null; exit 1")
    assert refusal(pool, SCAN) == "pdf_scan"
    written = tmp_path / "written"
    assert not written.exists() or written.stat().st_size == 0


def test_a_scan_of_too_many_pages_is_not_recognized(pool, tesseract):
    tesseract(told=table_of(WORDS))
    many = write_pdf([[Picture(0, 0, 595, 842)]] * (ocr.MOST_PAGES + 1))
    assert refusal(pool, many) == "pdf_scan"


@pytest.mark.parametrize(
    ("marks", "most", "code", "remark"),
    [
        ([[Picture(0, 0, 595, 842)]] * 3, 2, "pdf_scan_online", "more pictures than may be recognized"),
        ([[Picture(0, 0, 595, 842)]], 0, "pdf_scan_online", "none may be"),
        (
            [column(FULL), *[[Picture(0, 0, 595, 842)]] * 3],
            2,
            "pdf_scan_online",
            "pictures behind a page of text",
        ),
        ([[Picture(0, 0, 595, 842)]] * 2, 2, None, "as many as may be"),
        ([column(FULL)], 0, None, "nothing to recognize"),
        ([[Picture(0, 0, 595, 842)]] * 3, None, None, "nobody waits: a command"),
    ],
)
def test_while_somebody_waits_few_pages_are_recognized(pool, tesseract, marks, most, code, remark):
    tesseract(told=table_of(column("认出的一段。")))
    before = ocr.ONLINE.set(most)
    try:
        refused = None
        pool.read(write_pdf(marks), "x")
    except NotReadableError as error:
        refused = error.code
        assert str(error.values["pages"]) in str(refusal_of(error)) and "import_documents" in str(
            refusal_of(error)
        )
    finally:
        ocr.ONLINE.reset(before)
    assert refused == code, remark


def test_the_time_to_recognize_is_bounded_while_somebody_waits(pool, tesseract, monkeypatch):
    tesseract("sleep 60")
    monkeypatch.setattr(ocr, "ONLINE_SECONDS", 0.2)
    before = ocr.ONLINE.set(1)
    try:
        assert refusal(pool, SCAN) == "too_slow"
    finally:
        ocr.ONLINE.reset(before)


def test_requests_are_those_where_somebody_waits(settings):
    settings.OCR_PAGES_IN_REQUESTS = 7
    seen = []
    RecognizeLittle(lambda request: seen.append(ocr.ONLINE.get()))(None)
    assert (seen, ocr.ONLINE.get()) == ([7], None)
    assert "archive.site.http.ocr_budget.RecognizeLittle" in settings.MIDDLEWARE


def test_only_the_pages_that_are_pictures_are_recognized(pool, tesseract):
    tesseract(told=table_of(column("认出的一段。")))
    data = write_pdf([column(FULL, "完。"), [Picture(0, 0, 595, 842)]])
    source = pool.read(data, "x")
    assert source.notes == ("pdf_ocr:2:tesseract",)
    told = {
        source.text.split("\n")[at - 1].strip(): known.confidence for at, known in source.evidence.items()
    }
    assert told == {FULL: None, "完。": None, "认出的一段。": 91.5}


def test_where_the_better_engine_breaks_off_the_other_is_asked(pool, tesseract, monkeypatch):
    program = str(tesseract(told=table_of(column("认出的一段。"))))
    monkeypatch.setattr(ocr, "engines", lambda: (f"{program}-that-is-not-there", program))
    assert pool.read(SCAN, "x").text.strip() == "认出的一段。"


def test_an_engine_tells_its_version(tesseract):
    assert ocr.name_of(str(tesseract("echo tesseract v5.3.0-rc1"))) == "tesseract 5.3.0"


# --- where it is said ---


def test_paragraphs_come_out_as_of_any_file_and_know_their_confidence(imported):
    document = Document.objects.get()
    rows = list(Paragraph.objects.values_list("anchor", "text", "ocr_confidence"))
    assert (document.symbol, document.ocr_confidence) == ("S/2031/7", 91)
    assert [doubt_in_words(one["message"]) for one in document.doubts if "ocr" in one["message"]] == [
        "PDF第1页是图片，文字由文字识别程序（OCR，tesseract）认出，可能有误"
    ]
    assert rows == [
        ("1", FULL[:30] + FULL + "到此为止。", 91),
        ("2", "第二段说明第1540(2004)号决议的执行情况。", 91),
    ]


@pytest.mark.parametrize(
    "address",
    ["/S/2031/7", "/S/2031/7/p/1", "/S/2031/7/p/1/original", "/S/2031/7/p/1/cite", "/S/2031/7/cite"],
)
def test_every_page_that_shows_or_cites_the_text_says_how_it_came_about(imported, client, address):
    text = page(client, address).text
    assert "OCR" in text and "91%" in text, address


SHOWN = rows_from(__name__, "SHOWN")
TOLD = rows_from(__name__, "TOLD")


# The same text again in two resolutions: what stands beside the paragraph and what is quoted was recognized.
RESOLUTIONS = ("S/RES/2901(2031)", "S/RES/2902(2032)")
DESKS = ("/check", "/check.json")
DRAFT = (
    f"委员会说：“{FULL}”，并说“第二段说明第1540(2004)号决议的执行的情况”。"
    "第二段说明第1540(2004)号决议的执行情况。"
)


@pytest.fixture
def scanned(imported, tmp_path: Path) -> Document:
    """The document, and two resolutions that repeat it; all are pictures."""
    for number, symbol in enumerate(RESOLUTIONS, start=1):
        folder = tmp_path / f"more{number}"
        folder.mkdir()
        facts = f'symbol = "{symbol}"\ndocument_type = "resolution"\ndate = "203{number}-01-02"\n'
        (folder / f"scan{number}.toml").write_text(facts, "utf-8")
        (folder / f"scan{number}.pdf").write_bytes(SCAN.replace(b"%%EOF", b"%%EOF" + b" " * number))
        call_command("import_documents", str(folder))
    return Document.objects.get(symbol="S/2031/7")


def words_of(answer) -> str:
    """What an answer says, whatever it is: a page, a file of text, of Word, a PDF."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"".join(package.read(name) for name in package.namelist())
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    if content.startswith(b"%PDF"):
        with pdfium.PdfDocument(content) as pages:
            return "".join(one.get_textpage().get_text_range() for one in pages)
    return content.decode("utf-8", "replace")


def says_so(words: str) -> bool:
    plain = "".join(words.split()).replace("\\", "")
    return bool(re.search('（OCR）(认出，平均|，)置信度91|"ocr_confidence":91', plain))


def shows_text(words: str) -> bool:
    plain = "".join(re.sub(r"<[^>]*>", "", unescape(words)).split())
    return FULL in plain or "第二段说明" in plain


def silent(client, addresses: Iterable[str], always: bool) -> str:
    """The addresses that say nothing of recognition: of all (``always``), or of those that show the text."""
    found = []
    for address in addresses:
        answer = client.get(address, follow=True)
        words = words_of(answer)
        if not says_so(words) and (always or shows_text(words)):
            found.append(f"{answer.status_code} {address}")
    return "\n".join(found)


def test_every_answer_with_the_text_says_how_it_came_about(scanned, client, tmp_path):
    """One table over all that makes answers: pages, files of text and of citations, feeds, baskets, hits."""
    paragraph = scanned.paragraphs.get(anchor="2")
    told = {
        "fingerprint": paragraph.fingerprint,
        "code": codes_of_paragraphs(scanned, [paragraph])[paragraph.pk],
    }
    with index_at(tmp_path / "index"):
        update_index(rebuild=True)
        assert silent(client, [address.format_map(told) for address in SHOWN + TOLD], always=True) == ""
        answers = {desk: client.post(desk, {"text": DRAFT}) for desk in DESKS}
    assert [desk for desk, answer in answers.items() if not says_so(words_of(answer))] == []


@pytest.mark.long
def test_no_address_of_the_document_shows_the_text_without_saying_so(scanned, client, tmp_path):
    """Over all addresses at which withholding is tried, which are those of every route."""
    with index_at(tmp_path / "index"):
        update_index(rebuild=True)
        assert silent(client, [*addresses_of(scanned), *ALONE], always=False) == ""


def test_what_was_withdrawn_still_says_so(imported, client):
    call_command("withdraw_document", "S/2031/7", by="编者", reason="副本")
    places = ("/S/2031/7", "/S/2031/7.txt", "/S/2031/7.json")
    assert [place for place in places if not says_so(words_of(client.get(place)))] == []


# Types whose text is none of a paragraph, or that stand inside of an answer that tells.
OTHER_TEXTS = rows_from(__name__, "OTHER_TEXTS")


def test_a_type_of_answer_with_a_text_tells_the_confidence():
    assert get_resolver().url_patterns  # which brings in all of them
    silent = {
        one.__name__
        for one in types_of(Schema)
        if "text" in one.__struct_fields__ and "ocr_confidence" not in one.__struct_fields__
    }
    known = {name for names in OTHER_TEXTS.values() for name in names.split()}
    assert silent - known == set(), "show how surely its text was recognized"


def types_of(base: type) -> Iterator[type]:
    for one in base.__subclasses__():
        yield one
        yield from types_of(one)


def test_programs_are_told_the_confidence(imported, client):
    (first, _) = client.get("/S/2031/7.json").json()["paragraphs"]
    assert first["ocr_confidence"] == 91
    assert client.get("/S/2031/7/p/1.json").json()["paragraph"]["ocr_confidence"] == 91


def test_text_with_characters_of_its_own_says_nothing_of_recognition(db, tmp_path, client):
    (tmp_path / "S_2031_8.txt").write_text("S/2031/8\n\n1. 一段文字。\n", "utf-8")
    call_command("import_documents", str(tmp_path / "S_2031_8.txt"))
    assert "OCR" not in client.get("/S/2031/8").content.decode()
    assert client.get("/S/2031/8.json").json()["paragraphs"][0]["ocr_confidence"] is None


@pytest.mark.long
@pytest.mark.parametrize("name", ["rapidocr", "tesseract"])
def test_the_engine_itself_recognizes_a_page(pool, name, monkeypatch):
    """A page of the size of a letter, drawn with a font that the machine has, as a picture."""
    here = [engine for engine in ocr.engines() if name in engine]
    if not here:
        pytest.skip(f"{name} is not installed")
    monkeypatch.setattr(ocr, "engines", lambda: here)
    fonts = [
        path
        for path in Path("/usr/share/fonts").rglob("*.tt[cf]")
        if "CJK" in path.name or "wqy" in path.name
    ]
    if not fonts:
        pytest.skip("no font with Chinese is installed")
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(fonts[0]), 36)
    lines = [
        "安全理事会审议了各国提交的报告，并就执行情况提出了若干",
        "建议，以便会员国在今后几年中加强国际合作。",
    ]
    for at, line in enumerate(lines):
        draw.text((200, 300 + at * 60), line, 0, font)
    kept = io.BytesIO()
    picture.save(kept, "PDF", resolution=200)
    assert len(pdfium.PdfDocument(kept.getvalue())) == 1
    with pytest.raises(NotReadableError):
        read_file(kept.getvalue(), "x")
    source = pool.read(kept.getvalue(), "x")
    assert re.fullmatch(rf"pdf_ocr:1:{name} [0-9.]+", source.notes[0])
    assert all(known.confidence for known in source.evidence.values() if not known.furniture)
    read = "".join(source.text.split())
    wanted = "".join(lines)
    assert sum(char in read for char in wanted) >= 0.95 * len(wanted)
