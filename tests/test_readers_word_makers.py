"""Word files by a library with the template that Word itself ships: styles of lists, captions, sections."""

from __future__ import annotations

import io

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from archive.readers import Source, read_file
from tests.test_readers_word import lines


def saved(made) -> Source:
    kept = io.BytesIO()
    made.save(kept)
    return read_file(kept.getvalue(), "x")


def test_styles_of_words_own_template() -> None:
    made = Document()
    made.add_heading("秘书长的报告", 0)
    made.add_heading("导言", 1)
    for text in ("大会", "安理会"):
        made.add_paragraph(text, style="List Number")
    for text in ("甲", "乙"):
        made.add_paragraph(text, style="List Bullet")
    made.add_paragraph("丙", style="List Number 2")
    source = saved(made)
    assert lines(source) == ["秘书长的报告", "导言", "1. 大会", "2. 安理会", "• 甲", "• 乙", "1. 丙"]
    assert [source.evidence[at].outline for at in (1, 2)] == [1, 1]


def test_sections_headers_and_page_breaks() -> None:
    made = Document()
    section = made.sections[0]
    section.different_first_page_header_footer = True
    head = section.first_page_header.add_table(2, 2, section.page_width)
    for row, texts in enumerate(
        (("联合国", "S/2010/52"), ("安全理事会", "Distr.: General\n29 January 2010\nChinese"))
    ):
        for column, text in enumerate(texts):
            head.cell(row, column).text = text
    section.header.paragraphs[0].text = "S/2010/52"
    section.footer.paragraphs[0].text = "10-22570 (C)"
    made.add_paragraph("第一页")
    made.paragraphs[-1].runs[0].add_break(WD_BREAK.PAGE)
    made.add_section().header.is_linked_to_previous = False
    made.add_paragraph("第二节")
    source = saved(made)
    told = [text for text in source.text.split("\n") if text]
    assert told[:6] == ["联合国", "S/2010/52", "安全理事会", "Distr.: General", "29 January 2010", "Chinese"]
    assert told[-3:] == ["第一页", "第二节", "10-22570 (C)"]


def test_merged_cells() -> None:
    made = Document()
    made.add_paragraph("表1")
    grid = made.add_table(3, 3)
    for row in range(3):
        for column in range(3):
            grid.cell(row, column).text = f"{row}{column}"
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "宽"
    grid.cell(1, 2).merge(grid.cell(2, 2)).text = "高"
    source = saved(made)
    told = {
        text: source.evidence[at].cell for at, text in enumerate(source.text.split("\n"), start=1) if text
    }
    assert told == {
        "表1": None,
        "宽": (1, 1, 1),
        "02": (1, 1, 3),
        "10": (1, 2, 1),
        "11": (1, 2, 2),
        "高": (1, 2, 3),
        "20": (1, 3, 1),
        "21": (1, 3, 2),
    }


def test_links_and_bookmarks_keep_their_words() -> None:
    made = Document()
    paragraph = made.add_paragraph("见")
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), "x")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "第1540(2004)号决议"
    run.append(text)
    link.append(run)
    paragraph._p.append(OxmlElement("w:bookmarkStart"))
    paragraph._p.append(link)
    paragraph.add_run("。")
    assert lines(saved(made)) == ["见第1540(2004)号决议。"]
