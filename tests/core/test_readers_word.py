"""Word files are read as Word prints them: markup as Word, WPS, Google Docs and LibreOffice write it."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from archive.readers import NotReadableError, Source, read_file
from archive.readers.word_numbering import counted
from tests.tables import rows_from
from tests.tools.word_files import (
    STRICT,
    definition,
    drawn,
    level,
    lines,
    listing,
    numbered,
    paragraph,
    rows_of,
    run,
    table,
    whole,
    word,
)


def read(body: str, **parts: str) -> list[str]:
    return lines(read_file(word(body, **parts), "x"))


NUMERALS = tuple(rows_from(__name__, "NUMERALS"))


@pytest.mark.parametrize(("form", "values", "written"), NUMERALS, ids=[row[0] for row in NUMERALS])
def test_counts_are_written_as_word_writes_them(form: str, values: tuple, written: tuple) -> None:
    assert tuple(counted(value, form) for value in values) == written


DECIMAL = definition(
    1, level(0, "decimal", "%1."), level(1, "lowerLetter", "(%2)"), level(2, "lowerRoman", "(%3)")
)
THREE = (
    numbered("甲")
    + numbered("乙", level=1)
    + numbered("丙", level=1)
    + numbered("丁")
    + numbered("戊", level=1)
)


def test_levels_begin_anew_below_the_next_number() -> None:
    assert read(THREE, numbering=DECIMAL + listing(1, 1)) == ["1. 甲", "(a) 乙", "(b) 丙", "2. 丁", "(a) 戊"]


LISTS = {
    "two lists of one definition count on": (
        numbered("甲", 1) + numbered("乙", 2) + numbered("丙", 1),
        DECIMAL + listing(1, 1) + listing(2, 1),
        ["1. 甲", "2. 乙", "3. 丙"],
    ),
    "startOverride begins anew, once": (
        numbered("甲", 1) + numbered("乙", 2) + numbered("丙", 2) + numbered("丁", 1),
        DECIMAL
        + listing(1, 1)
        + listing(2, 1, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
        ["1. 甲", "1. 乙", "2. 丙", "3. 丁"],
    ),
    "a list begins where its level says": (
        numbered("甲") + numbered("乙"),
        definition(1, level(0, "decimal", "%1.", start=14)) + listing(1, 1),
        ["14. 甲", "15. 乙"],
    ),
    "an override redefines the level": (
        numbered("甲") + numbered("乙"),
        DECIMAL
        + listing(1, 1, f'<w:lvlOverride w:ilvl="0">{level(0, "chineseCounting", "%1、")}</w:lvlOverride>'),
        ["一、 甲", "二、 乙"],
    ),
    "numbers of several levels": (
        numbered("甲") + numbered("乙", level=1) + numbered("丙", level=1),
        definition(1, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
        + listing(1, 1),
        ["I. 甲", "1.1 乙", "1.2 丙"],
    ),
    "a level that never begins anew": (
        numbered("甲") + numbered("乙", level=1) + numbered("丙") + numbered("丁", level=1),
        definition(
            1, level(0, "chineseCounting", "%1、"), level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>')
        )
        + listing(1, 1),
        ["一、 甲", "1. 乙", "二、 丙", "2. 丁"],
    ),
    "第一条": (
        numbered("缔约国") + numbered("会议"),
        definition(1, level(0, "chineseCountingThousand", "第%1条")) + listing(1, 1),
        ["第一条 缔约国", "第二条 会议"],
    ),
    "an empty paragraph counts as Word counts it": (
        numbered("甲") + numbered("") + numbered("乙"),
        DECIMAL + listing(1, 1),
        ["1. 甲", "3. 乙"],
    ),
    "numId 0 takes a number away": (
        numbered("甲", 0) + numbered("乙"),
        DECIMAL + listing(1, 1),
        ["甲", "1. 乙"],
    ),
    "a list that is nowhere defined": (numbered("甲", 9), DECIMAL + listing(1, 1), ["甲"]),
    "a level beyond the ninth": (numbered("甲", 1, 99), DECIMAL + listing(1, 1), ["1. 甲"]),
    "bullets are signs, not numbers": (
        numbered("甲") + numbered("乙", level=1) + numbered("丙", level=2),
        definition(
            1,
            level(0, "bullet", "\uf0b7", '<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr>'),
            level(1, "bullet", "o", '<w:rPr><w:rFonts w:ascii="Courier New"/></w:rPr>'),
            level(2, "bullet", "\uf0a7", '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'),
        )
        + listing(1, 1),
        ["• 甲", "○ 乙", "▪ 丙"],
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_lists(case: str) -> None:
    body, numbering, expected = LISTS[case]
    assert read(body, numbering=numbering) == expected


STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="标题 2"/><w:basedOn w:val="1"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="S"><w:name w:val="SingleTxt"/>'
    '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="SS"><w:name w:val="Own"/><w:basedOn w:val="S"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="loop"><w:basedOn w:val="pool"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="pool"><w:basedOn w:val="loop"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="character" w:styleId="hid"><w:name w:val="hid"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="ref"><w:name w:val="ref"/>'
    '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
)
OF_STYLES = (
    definition(1, level(0, "chineseCounting", "%1."), level(1, "upperLetter", "%2.", '<w:pStyle w:val="2"/>'))
    + definition(2, level(0, "decimal", "%1."))
    + listing(1, 1)
    + listing(2, 2)
)


def styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def test_numbers_come_from_styles() -> None:
    body = (
        styled("导言", "1")
        + styled("大会", "S")
        + styled("又", "SS")
        + styled("背景", "2")
        + styled("绕圈", "loop")
    )
    source = read_file(word(body, styles=STYLES, numbering=OF_STYLES), "x")
    assert lines(source) == ["一. 导言", "1. 大会", "2. 又", "A. 背景", "绕圈"]
    assert [source.evidence[at].outline for at in range(1, 6)] == [1, None, None, 2, None]


def test_list_style_is_followed() -> None:
    numbering = (
        definition(1, more='<w:numStyleLink w:val="L"/>')
        + definition(2, level(0, "decimal", "%1)"), more='<w:styleLink w:val="L"/>')
        + listing(1, 1)
    )
    assert read(numbered("甲") + numbered("乙"), numbering=numbering) == ["1) 甲", "2) 乙"]


def test_heading_style_on_a_sentence_is_no_heading() -> None:
    source = read_file(word(styled("大会通过了决议。", "2"), styles=STYLES, numbering=OF_STYLES), "x")
    assert source.evidence[1].outline is None


def note(name: int, text: str) -> str:
    mark = '<w:r><w:rPr><w:rStyle w:val="ref"/></w:rPr><w:footnoteRef/></w:r>'
    return f'<w:footnote w:id="{name}"><w:p>{mark}{run(" " + text)}</w:p></w:footnote>'


def called(name: int, more: str = "") -> str:
    return f'<w:r><w:footnoteReference w:id="{name}"{more}/></w:r>'


def test_notes_follow_the_paragraph_that_calls_them_in_the_order_of_calls() -> None:
    notes = (
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        + note(7, "见S/2008/493。")
        + note(3, "同上。")
    )
    body = paragraph(run("报告") + called(3) + run("和附件") + called(7) + run("。")) + paragraph("下一段。")
    source = read_file(word(body, footnotes=notes, styles=STYLES), "x")
    assert lines(source) == ["报告¹和附件²。", "1 同上。", "2 见S/2008/493。", "下一段。"]
    assert [source.evidence[at].note for at in (2, 3)] == [True, True]


def test_counted_mark_takes_no_digit_of_its_note() -> None:
    body = paragraph(run("甲") + called(1) + called(2))
    notes = note(1, "1999年。") + note(2, "2019年报告。")
    assert read(body, footnotes=notes, styles=STYLES) == ["甲¹²", "1 1999年。", "2 2019年报告。"]


def test_note_with_a_mark_of_its_own() -> None:
    own = called(1, ' w:customMarkFollows="1"').replace("</w:r>", "<w:t>*</w:t></w:r>")
    text = '<w:footnote w:id="1"><w:p><w:r><w:t>* A/73/50。</w:t></w:r></w:p></w:footnote>'
    assert read(paragraph(run("暂定议程") + own), footnotes=text) == ["暂定议程*", "* A/73/50。"]


def test_endnotes_are_read() -> None:
    body = paragraph(run("报告") + '<w:r><w:endnoteReference w:id="2"/></w:r>')
    notes = f'<w:endnote w:id="2">{paragraph("见上文。")}</w:endnote>'
    assert read(body, endnotes=notes) == ["报告¹", "1 见上文。"]


def field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


BOX = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
TEXTS = {
    "field with a result": (paragraph(run("见第") + field(" REF x ", "3") + run("段")), ["见第3段"]),
    "page field": (paragraph(run("第") + field(" PAGE \\* MERGEFORMAT ", "7") + run("页")), ["第页"]),
    "simple field": (
        paragraph('<w:fldSimple w:instr=" DATE "><w:r><w:t>今日</w:t></w:r></w:fldSimple>'),
        ["今日"],
    ),
    "field left open": (
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("甲")) + paragraph("乙"),
        ["乙"],
    ),
    "link": (paragraph('<w:hyperlink r:id="r9">' + run("联合国") + "</w:hyperlink>"), ["联合国"]),
    "taken out and put in": (
        paragraph(
            '<w:del w:id="1"><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins w:id="2">'
            + run("新")
            + "</w:ins>"
        ),
        ["新"],
    ),
    "moved": (
        paragraph("<w:moveFrom>" + run("走") + "</w:moveFrom>")
        + paragraph("<w:moveTo>" + run("来") + "</w:moveTo>"),
        ["来"],
    ),
    "paragraph's end taken out": (
        paragraph("前半", '<w:rPr><w:del w:id="3"/></w:rPr>') + paragraph("后半。"),
        ["前半后半。"],
    ),
    "text box once": (
        paragraph(
            run("文")
            + f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{BOX}</wps:txbx></mc:Choice>"
            + f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        ),
        ["文", "框内"],
    ),
    "old text box": (paragraph(f"<w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r>"), ["框内"]),
    "hidden": (
        paragraph(run("见") + run("藏", "<w:vanish/>") + run("。", '<w:vanish w:val="0"/>')),
        ["见。"],
    ),
    "hidden by style": (paragraph(run("见") + run("藏", '<w:rStyle w:val="hid"/>')), ["见"]),
    "raised digits": (paragraph(run("决议") + run("12", '<w:vertAlign w:val="superscript"/>')), ["决议¹²"]),
    "raised letters stay": (paragraph(run("2") + run("nd", '<w:vertAlign w:val="superscript"/>')), ["2nd"]),
    "signs": (
        paragraph(
            '<w:r><w:sym w:font="Symbol" w:char="F062"/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
        ),
        ["β✓"],
    ),
    "sign of an unknown font": (paragraph('<w:r><w:sym w:font="Own" w:char="F041"/></w:r>'), ["\ufffd"]),
    "line break": (
        paragraph("<w:r><w:t>主席</w:t><w:br/><w:t>张三(签名)</w:t></w:r>"),
        ["主席", "张三(签名)"],
    ),
    "hyphens": (
        paragraph("<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>1</w:t><w:softHyphen/></w:r>"),
        ["A-1\u00ad"],
    ),
    "typed number and tab": (paragraph("<w:r><w:t>1.</w:t><w:tab/><w:t>大会</w:t></w:r>"), ["1. 大会"]),
    "content control": (
        "<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>"
        + paragraph("甲")
        + "</w:sdtContent></w:sdt>",
        ["甲"],
    ),
    "reading above a word": (
        paragraph(
            "<w:r><w:ruby><w:rt><w:r><w:t>yù</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>喻</w:t></w:r></w:rubyBase>"
            "</w:ruby></w:r>"
        ),
        ["喻"],
    ),
    "formula": (paragraph("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"), ["x=1"]),
    "comment": (paragraph(run("文") + '<w:r><w:commentReference w:id="0"/></w:r>'), ["文"]),
    "contents list": (
        styled("<w:r><w:t>导言</w:t><w:tab/><w:t>3</w:t></w:r>", "T1"),
        ["导言……3"],
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_texts(case: str) -> None:
    body, expected = TEXTS[case]
    assert read(body, styles=STYLES) == expected


def test_strict_files_are_read() -> None:
    assert lines(read_file(word(paragraph("联合国"), STRICT), "x")) == ["联合国"]


def test_what_is_left_out_is_said() -> None:
    body = paragraph(
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>" + run("藏", "<w:vanish/>") + run("文")
    )
    assert read_file(word(body), "x").notes == ("hidden_text:1", "tracked_changes:1")


def test_cells_of_a_table_are_told() -> None:
    wide = f'<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("宽")}'
    body = paragraph("表1") + table(("国家", "日期", "文号"), ("古巴", "2004", "S/1"), (wide, "尾"))
    source = read_file(word(body), "x")
    cells = {source.text.split("\n")[at - 1]: known.cell for at, known in source.evidence.items()}
    assert cells == {
        "表1": None,
        "国家": (1, 1, 1),
        "日期": (1, 1, 2),
        "文号": (1, 1, 3),
        "古巴": (1, 2, 1),
        "2004": (1, 2, 2),
        "S/1": (1, 2, 3),
        "宽": (1, 3, 1),
        "尾": (1, 3, 3),
    }


LAYOUTS = {
    "masthead": (
        table(("联合国", "", "S/2010/52"), ("安全理事会", "", "Distr.: General")),
        ["联合国", "S/2010/52", "安全理事会", "Distr.: General"],
    ),
    "box": (table(("甲",), ("乙",)), ["甲", "乙"]),
    "side by side": (table(("甲", "乙")), ["甲", "乙"]),
}


@pytest.mark.parametrize("case", LAYOUTS)
def test_tables_that_only_set_text(case: str) -> None:
    body, expected = LAYOUTS[case]
    source = read_file(word(body), "x")
    assert lines(source) == expected
    assert not any(known.cell for known in source.evidence.values())


def test_masthead_in_the_header_begins_the_text_and_feet_end_it() -> None:
    head = table(("联合国", "S/2010/52"), ("安全理事会", "Distr.: General"))
    source = read_file(
        word(
            paragraph("正文。"),
            header1=head,
            header2=paragraph("机密"),
            footer1=paragraph(run("10-22570 (C)") + field("PAGE", "1")),
        ),
        "x",
    )
    assert source.text.split("\n")[:4] == ["联合国", "S/2010/52", "安全理事会", "Distr.: General"]
    told = {
        text: source.evidence[at].furniture
        for at, text in enumerate(source.text.split("\n"), start=1)
        if text
    }
    assert (told["机密"], told["正文。"], told["10-22570 (C)"]) == ("running header", None, "running footer")


def test_text_elsewhere_is_refused() -> None:
    with pytest.raises(NotReadableError) as refused:
        read_file(word('<w:altChunk r:id="x"/>'), "x")
    assert refused.value.code == "text_elsewhere"


# ---
# Word files by a library with the template that Word itself ships: styles of lists, captions, sections.


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


LEVELS = [("decimal", "%1."), ("lowerLetter", "(%2)"), ("lowerRoman", "(%3)")]
LEVELS += [("lowerLetter", "(%4)"), ("lowerLetter", "(%5)")]
COUNTED = definition(1, *(level(at, *form) for at, form in enumerate(LEVELS))) + listing(1, 1)


@pytest.mark.parametrize("row", rows_of(__name__, "KNOWN"))
def test_what_the_file_knows_is_not_guessed(row: tuple) -> None:
    text, expected, *parts = row
    assert whole(word(drawn(text), numbering=COUNTED, **(parts[0] if parts else {}))) == expected
