"""The image of a page beside its text: made once, marked, refused where law forbids, gone with a document."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from PIL import Image

from archive.intake.importing import read_and_parse
from archive.models import Document, Paragraph
from archive.readers import NotReadableError
from archive.readers.source import Source as Read
from archive.store.ingest.values import Source
from archive.store.page_images import making
from archive.store.page_images.places import Place, Places, folder_of, has_pages, places_in, read_places
from archive.store.withholding.act import unclean_copies
from archive.text.lines import Evidence
from archive.text.parsed import DroppedLine, Facts, Kind, ParsedDocument, ParsedParagraph
from tests.core.test_read_pdf import FULL, column
from tests.pages_set.writer import Put, write_pdf
from tests.store.test_withholding import run, status
from tests.tables import each_row
from tests.tools.pages import page

from .test_page_markup import _headings_do_not_skip, _ids_are_unique, _links_and_fields_have_names

pytestmark = pytest.mark.django_db
SECRET = "秘密计划第七号将于次年春季在北方三省同时展开。"
PAGES = [
    column("S/2031/1", left=400.0, top=40.0)
    + column("1.  " + FULL[:31], "到此为止。", "2.  第一页上的另一段。", "3.  " + FULL[:31], FULL),
    column(FULL[:20] + "。", "4.  " + SECRET),
    column("5.  末段。"),
]


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.OPEN_DATA_DIR = settings.DATA_DIR / "dump"
    settings.DATA_DIR.mkdir()
    return tmp_path


@pytest.fixture
def letter(folder) -> Document:
    return bring(folder)


def bring(folder: Path, pages: list[list[Put]] = PAGES, *options: str) -> Document:
    (folder / "letter.pdf").write_bytes(write_pdf(pages))
    (folder / "letter.toml").write_text('title = "一封信"\n')
    run("import_documents", str(folder / "letter.pdf"), *options)
    return Document.objects.get(symbol="S/2031/1")


def lying(document: Document, name: str) -> Path:
    """A file beside the images of a document, in the data folder."""
    return Path(settings.DATA_DIR) / folder_of(document.source.sha256) / name


def files(document: Document) -> list[str]:
    parent = lying(document, "")
    return sorted(path.name for path in parent.iterdir()) if parent.is_dir() else []


def leaves(client, anchor: str) -> dict:
    return client.get(f"/S/2031/1/p/{anchor}/original.json").json()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.4\n", True),
        (b"\r\n" * 500 + b"%PDF-1.4", True),
        (b" " * 1100 + b"%PDF-1.4", False),
        (b"PK\x03\x04%PDF-1.4", False),
        (b"<!doctype html><p>%PDF-1.4", False),
        (b"", False),
    ],
)
def test_what_has_pages_says_so_at_its_beginning(content, expected):
    assert has_pages(content) is expected
    assert has_pages(memoryview(content)) is expected  # as PostgreSQL gives it


def test_the_page_is_well_formed(client, letter):
    for check in (_ids_are_unique, _headings_do_not_skip, _links_and_fields_have_names):
        for anchor in ("2", "3"):
            check(anchor, page(client, f"/S/2031/1/p/{anchor}/original"))


@pytest.mark.parametrize("anchor", ["2", "3"])
def test_the_queries_of_the_page_do_not_grow(client, letter, anchor, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        client.get(f"/S/2031/1/p/{anchor}/original")


def test_the_page_stands_beside_its_paragraph_with_its_lines_marked(client, letter):
    assert files(letter) == ["1.webp", "2.webp", "3.webp", "places.json"]
    response = client.get("/S/2031/1/pages/1")
    assert response.status_code == 200 and response["Content-Type"] == "image/webp"
    width, height = Image.open(io.BytesIO(response.getvalue())).size
    first = leaves(client, "2")["pages"][0]
    assert width / height == pytest.approx(first["width"] / first["height"], abs=0.01)
    assert first["image"] == "/S/2031/1/pages/1" and not first["withheld"]
    # The third line of a column that begins at 100 points, in steps of 18; a mark is wider than its line.
    [(left, top, _width, tall)] = first["marks"]
    assert left == pytest.approx(70, abs=1) and top < 136 < top + tall
    page = client.get("/S/2031/1/p/2/original").content.decode()
    assert 'src="/S/2031/1/pages/1"' in page and page.count("<rect ") == 1
    assert "style=" not in page.split("<main", 1)[1] and "/S/2031/1/source#page=1" in page
    assert 'href="/S/2031/1/p/2/original"' in client.get("/S/2031/1/p/2").content.decode()


def test_a_paragraph_over_two_pages_is_marked_on_both(client, letter):
    told = leaves(client, "3")
    assert told["pages_in_all"] == 3
    assert [(leaf["page"], len(leaf["marks"])) for leaf in told["pages"]] == [(1, 2), (2, 1)]


@each_row()
def test_what_has_no_page_is_told_in_words(client, letter, address, code, words):
    response = client.get(address)
    assert response.status_code == code and words in response.content.decode()


def test_images_are_made_once_and_again_where_they_are_missing(letter, folder, monkeypatch):
    drawn = []
    draw = making.draw_pages
    monkeypatch.setattr(making, "draw_pages", lambda data, pages: drawn.extend(pages) or draw(data, pages))
    run("import_documents", "S/2031/1", reparse=True)
    assert "0页" in run("make_page_images")
    assert drawn == []
    lying(letter, "2.webp").unlink()
    assert "1份文件的1页" in run("make_page_images", "S/2031/1")
    assert drawn == [(2, 0)]
    assert "3页" in run("make_page_images", anew=True)


def test_a_page_made_without_images_says_so_until_they_are_made(client, folder):
    bring(folder, PAGES, "--no-page-images")
    assert "尚未制作" in client.get("/S/2031/1/p/2/original").content.decode()
    assert status(client, "/S/2031/1/pages/1") == 404
    run("make_page_images")
    assert "<rect " in client.get("/S/2031/1/p/2/original").content.decode()
    assert status(client, "/S/2031/1/pages/1") == 200


def test_a_dry_run_makes_none(folder):
    (folder / "letter.pdf").write_bytes(write_pdf(PAGES))
    run("import_documents", str(folder / "letter.pdf"), dry_run=True)
    assert not (folder / "data" / "pages").exists()


def test_other_words_are_not_marked_by_an_older_place(client, letter):
    Paragraph.objects.filter(anchor="2").update(fingerprint="00000000")
    told = leaves(client, "2")
    assert told["pages"] == [] and "哪一页" in told["remark"]


def test_a_page_that_cannot_be_drawn_refuses_no_import(client, folder, monkeypatch):
    def broken(data, pages):
        raise NotReadableError("too_slow", seconds=0)

    monkeypatch.setattr(making, "draw_pages", broken)
    bring(folder)
    assert "这一页的图像尚未制作" in client.get("/S/2031/1/p/2/original").content.decode()


def test_a_text_has_no_pages(client, folder):
    (folder / "a.txt").write_text("S/2031/2\n\n1. 回顾第1540(2004)号决议。\n")
    run("import_documents", str(folder / "a.txt"))
    assert "没有可以对照的页面" in client.get("/S/2031/2/p/1/original").content.decode()
    assert "与原件的页面对照" not in client.get("/S/2031/2/p/1").content.decode()
    assert not (folder / "data" / "pages").exists()


def test_the_page_of_a_withheld_paragraph_is_not_served_and_removed(client, letter):
    assert status(client, "/S/2031/1/pages/2") == 200
    run("withdraw_document", "S/2031/1", paragraph="4", withheld=True, by="编者甲", reason="依法")
    assert files(letter) == ["1.webp", "3.webp", "places.json"]
    run("make_page_images", anew=True)
    run("import_documents", "S/2031/1", reparse=True)
    assert files(letter) == ["1.webp", "3.webp", "places.json"]
    assert unclean_copies(deep=True) == []
    response = client.get("/S/2031/1/pages/2")
    assert response.status_code == 410 and "依法" in response.content.decode()
    assert [status(client, f"/S/2031/1/pages/{page}") for page in (1, 3)] == [200, 200]
    told = leaves(client, "3")["pages"]
    assert [(leaf["withheld"], leaf["image"] is None, leaf["marks"] == []) for leaf in told] == [
        (False, False, False),
        (True, True, True),
    ]
    run("withdraw_document", "S/2031/1", paragraph="4", undo=True, by="编者乙")
    run("make_page_images")
    assert status(client, "/S/2031/1/pages/2") == 200


def test_an_image_that_is_left_is_told_and_not_served(client, letter):
    image = lying(letter, "2.webp")
    content = image.read_bytes()
    run("withdraw_document", "S/2031/1", paragraph="4", withheld=True, by="编者甲", reason="依法")
    image.write_bytes(content)
    assert status(client, "/S/2031/1/pages/2") == 410
    assert [one.producer for one in unclean_copies()] == ["page_images"]


@pytest.mark.parametrize("left", ["2.webp", "2.webp.writing-1f", "9.webp"])
def test_what_a_killed_run_left_is_not_served_and_goes(client, letter, left):
    """Killed while it drew: where paragraphs stand is not told yet."""
    lying(letter, "places.json").unlink()
    lying(letter, left).write_bytes(b"")
    assert status(client, "/S/2031/1/pages/2") == 404 and unclean_copies() == []
    run("withdraw_document", "S/2031/1", paragraph="4", withheld=True, by="编者甲", reason="依法")
    assert files(letter) == [] and unclean_copies() == []


def test_a_page_half_written_is_told_and_goes(letter):
    lying(letter, "2.webp.writing-1f").write_bytes(b"")
    run("withdraw_document", "S/2031/1", paragraph="4", withheld=True, by="编者甲", reason="依法")
    assert files(letter) == ["1.webp", "3.webp", "places.json"] and unclean_copies() == []


def test_what_is_withheld_while_a_page_is_drawn_is_not_kept(letter, monkeypatch):
    draw = making.draw_pages

    def slowly(data, pages):
        run("withdraw_document", "S/2031/1", paragraph="4", withheld=True, by="编者甲", reason="依法")
        return draw(data, pages)

    monkeypatch.setattr(making, "draw_pages", slowly)
    run("make_page_images", anew=True)
    assert files(letter) == ["1.webp", "3.webp", "places.json"] and unclean_copies() == []


def test_the_images_of_a_document_withdrawn_while_they_are_drawn_are_not_kept(letter, monkeypatch):
    draw = making.draw_pages

    def slowly(data, pages):
        run("withdraw_document", "S/2031/1", by="编者甲", reason="误收")
        return draw(data, pages)

    monkeypatch.setattr(making, "draw_pages", slowly)
    run("make_page_images", anew=True)
    assert files(letter) == []


def test_withheld_words_that_nobody_can_place_keep_back_every_page(client, letter):
    places = read_places(letter.source.sha256)
    unknown = Places(places.sheets, {**places.paragraphs, "4": Place("00000000", (3,))})
    lying(letter, "places.json").write_text(unknown.as_json())
    run("withdraw_document", "S/2031/1", paragraph="4", withheld=True, by="编者甲", reason="依法")
    assert [status(client, f"/S/2031/1/pages/{page}") for page in (1, 2, 3)] == [410] * 3
    assert files(letter) == ["places.json"]


@pytest.mark.parametrize("withheld", [True, False])
def test_the_images_of_a_withdrawn_document_go_with_it(
    client, letter, withheld, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        run("withdraw_document", "S/2031/1", withheld=withheld, by="编者甲", reason="误收")
    assert files(letter) == []
    assert status(client, "/S/2031/1/pages/1") == 410
    assert unclean_copies(deep=True) == []


def test_lines_of_others_and_heads_of_pages_between_are_not_marked():
    """A footnote and a running head stand between the lines of a paragraph that goes on behind them."""
    box = {line: ((1 if line < 3 else 2, 10.0, 10.0 * line, 90.0, 10.0 * line + 8),) for line in range(1, 6)}
    read = Read(
        "a\nb\nc\nd\ne", {3: Evidence(page=2, furniture="head")}, boxes=box, sheets=((100, 100, 0),) * 2
    )
    parsed = ParsedDocument(
        Facts(symbol="S/2031/1"),
        (
            ParsedParagraph("1", Kind.PARAGRAPH, "ae", lines=(1, 5)),
            ParsedParagraph("fn1", Kind.FOOTNOTE, "b", lines=(2, 2)),
        ),
        dropped=(DroppedLine(4, "d", "page number"),),
    )
    places = places_in(read, parsed)
    assert [box[2] for box in places.paragraphs["1"].boxes] == [10.0, 50.0]
    assert places.paragraphs["1"].pages == (1, 2)
    assert [box[2] for box in places.paragraphs["fn1"].boxes] == [20.0]


def test_a_page_that_is_turned_is_drawn_upright(folder):
    source = Source("letter.pdf", write_pdf(PAGES[:1]), 'symbol = "S/2031/1"\n')
    read, _parsed = read_and_parse(source)
    [(width, height, turn)] = read.sheets
    [upright], [turned] = (making.draw_pages(source.content, [(1, by)]) for by in (turn, turn + 90))
    sizes = [Image.open(io.BytesIO(image)).size for image in (upright, turned)]
    assert sizes[0] == sizes[1][::-1] and (sizes[0][0] < sizes[0][1]) == (width < height)


def test_the_command_names_what_it_cannot_do(folder):
    with pytest.raises(CommandError, match="1份"):
        run("make_page_images", "S/2031/8")
