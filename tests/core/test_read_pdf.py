"""PDF files: which lines come out, in which order, where paragraphs begin, and what is refused."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from archive.readers import NotReadableError, read_file
from archive.readers.page_images import DOTS_PER_INCH, draw_pages
from archive.text.cleaner import clean
from archive.text.segmenter import segment
from tests.pages_set.writer import (
    ABSENT,
    BOLD,
    UNMAPPED,
    Frame,
    Mark,
    Picture,
    Put,
    Rule,
    width_of,
    write_pdf,
)
from tests.tables import rows_from

FULL = "委员会审议了各国提交的报告并就执行情况提出了若干建议以便今后几年"  # 32 ideographs
LEFT, SIZE, STEP = 72.0, 12.0, 18.0


def column(*lines: str, left: float = LEFT, top: float = 100.0, size: float = SIZE, **more) -> list[Put]:
    """Lines below each other; blanks before a line set it in by as many ideographs."""
    marks = []
    for at, line in enumerate(lines):
        bare = line.lstrip("\u3000")
        if bare:
            x = left + (len(line) - len(bare)) * size
            marks.append(Put(x, top + at * STEP, bare, size, **more))
    return marks


def blocks(*pages: list, **more) -> list[tuple]:
    """Number, kind and text of every block of a PDF of ``pages``."""
    source = read_file(write_pdf(pages, **more), "unnamed")
    return [(p.number, str(p.kind), p.text) for p in segment(clean(source.text, source.evidence)).paragraphs]


def texts(*pages: list, **more) -> list[str]:
    return [text for _, _, text in blocks(*pages, **more)]


PRINTED = rows_from(__name__, "PRINTED")


@pytest.mark.parametrize("name", PRINTED)
def test_pages_printed_by_a_browser_and_by_an_office_come_back(name):
    source = read_file((Path(__file__).parents[1] / "printed" / f"{name}.pdf").read_bytes(), "unnamed")
    found = segment(clean(source.text, source.evidence)).paragraphs
    assert [(p.number, str(p.kind), p.text) for p in found] == list(PRINTED[name])


def test_a_line_that_ends_before_the_margin_ends_its_paragraph():
    page = column(FULL, FULL, "到此为止。", FULL, "后一段没有缩进。")
    assert texts(page) == [FULL * 2 + "到此为止。", FULL + "后一段没有缩进。"]


def test_a_full_line_that_ends_a_sentence_does_not_end_its_paragraph():
    stop = FULL[:-1] + "。"
    page = column("\u3000\u3000" + FULL[:-2], stop, FULL, "到此为止。", "\u3000\u3000" + FULL[:-2], "完。")
    assert texts(page) == [FULL[:-2] + stop + FULL + "到此为止。", FULL[:-2] + "完。"]


def test_columns_are_read_one_after_the_other_however_the_file_orders_them():
    half = FULL[:18]
    left = column(half, half, half, half, half, half + "", "左栏完。")
    right = column(half, half, half, half, half, half, "右栏完。", left=310.0)
    rows = [mark for pair in zip(left, right, strict=True) for mark in pair]
    expected = [half * 6 + "左栏完。", half * 6 + "右栏完。"]
    assert texts(left + right) == expected
    assert texts(rows) == expected
    assert texts(right + left) == expected


def test_a_masthead_behind_the_body_in_the_file_stands_above_it():
    head = column("联合国", top=40.0) + column("S/2016/1", left=400.0, top=40.0)
    source = read_file(write_pdf([column(FULL, "完。") + head]), "unnamed")
    assert source.text.split("\n")[0].startswith("联合国")
    assert clean(source.text, source.evidence).masthead.symbol == "S/2016/1"


def test_a_paragraph_goes_on_over_notes_running_heads_and_pages():
    foot = [Rule(72, 700, 200), *column("1 见第一次报告。", top=720.0, size=9.0)]
    first = [*column(FULL, FULL[:-1] + "，"), Put(LEFT + 31 * SIZE + SIZE, 113, "1", 7.0), *foot]
    heads = [column("会议文件", top=40.0) + column(f"第{at}页", top=800.0) for at in (1, 2)]
    assert blocks(first + heads[0], column("并且继续。") + heads[1]) == [
        (None, "paragraph", FULL + FULL[:-1] + "，并且继续。"),
        ("1", "footnote", "见第一次报告。"),
    ]


def test_the_mark_of_a_note_alone_on_its_line_belongs_to_the_text_above():
    foot = [Rule(72, 700, 200), *column("1 见第一次报告。", top=720.0, size=9.0)]
    page = [*column(FULL, FULL[:-1] + "。"), Put(LEFT, 131, "1", 7.0), *column("另一段。", top=154.0), *foot]
    assert texts(page) == [FULL + FULL[:-1] + "。", "另一段。", "见第一次报告。"]


def numbered(first: int, last: int, top: float, size: float = SIZE, stop: str = ".") -> list[Put]:
    """Paragraphs of two lines with numbers, 45 points each."""
    marks = []
    for at in range(first, last + 1):
        y = top + 45 * (at - first)
        full = (FULL * 2)[: int(len(FULL) * SIZE / size) - 2]
        marks += column(f"{at}{stop} {full}", "到此为止。", top=y, size=size)
    return marks


BEFORE = numbered(1, 3, 100.0)
CALLED = [Put(LEFT + 5 * SIZE, 203, mark, 7.0) for mark in "4"]
CELLS = [
    Put(x, y, text, SIZE) for y in (240.0, 260.0) for x, text in ((72, "非洲"), (250, "41"), (400, "76"))
]
DRAWN: dict[str, list[Mark]] = {
    "a line across the column": [Rule(72, 238, 456), *numbered(4, 6, 260.0)],
    "a short line": [Rule(72, 238, 150), *numbered(4, 6, 260.0)],
    "a line, and no more than one paragraph below it": [Rule(72, 238, 150), *numbered(4, 4, 260.0)],
    "the last line of a table": [
        *CELLS,
        *(Rule(72, y, 456) for y in (225, 246, 266)),
        *numbered(4, 6, 284.0),
    ],
    "a heading with a line below it": [
        *column("结论", top=240.0, font=BOLD),
        Rule(72, 246, 456),
        *numbered(4, 6, 266.0),
    ],
    "a box": [Frame(66, 245, 470, 290), *numbered(4, 6, 260.0)],
    "a box in smaller type, with text below it": [
        Frame(66, 245, 470, 290),
        *numbered(4, 4, 260.0, size=10.0),
        *numbered(5, 6, 310.0),
    ],
    "a mark that calls a note of that number, which stands at the foot": [
        *CALLED,
        Rule(72, 238, 150),
        *numbered(4, 6, 260.0),
        Rule(72, 710, 150),
        *column("4 见第一次报告。", top=726.0, size=9.0),
    ],
    "a mark that calls a note of that number on another page": [
        *CALLED,
        Rule(72, 238, 150),
        *numbered(4, 6, 260.0),
    ],
    "smaller type at the foot that no mark leads to": [
        Rule(72, 238, 150),
        *numbered(4, 6, 260.0, size=9.0),
    ],
}


@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("after", [[], [column(FULL, "完。")]], ids=["alone", "with a page behind"])
def test_a_drawn_line_alone_makes_no_notes(drawn, after):
    found = [number for number, kind, _ in blocks([*BEFORE, *DRAWN[drawn]], *after) if kind == "paragraph"]
    last = 4 if "no more than one" in drawn else 6
    assert [number for number in found if number] == [str(at) for at in range(1, last + 1)]


FEET: dict[str, list[Mark]] = {
    "of the text's size below a line": [Rule(72, 650, 150), *numbered(4, 5, 670.0, stop="")],
    "smaller below a line": [Rule(72, 650, 150), *numbered(4, 5, 670.0, size=9.0, stop="")],
    "smaller with stops": [Rule(72, 650, 150), *numbered(4, 5, 670.0, size=9.0)],
    "smaller without a line": numbered(4, 5, 670.0, size=9.0, stop=""),
    "of the text's size below a line, with raised marks": [
        Rule(72, 650, 150),
        Put(LEFT, 666, "4", 7.0),
        *column("  见第一次报告。", top=670.0),
        Put(LEFT, 686, "5", 7.0),
        *column("  见第二次报告。", top=690.0),
    ],
}


@pytest.mark.parametrize("foot", FEET)
@pytest.mark.parametrize("marks", [("4", "5"), ("[4]", "[5]")], ids=["raised", "boxed"])
def test_notes_at_the_foot_of_the_page_that_marks_lead_to_are_notes(foot, marks):
    boxed = marks[0][0] == "["
    calls = [
        Put(LEFT + 5 * SIZE, y if boxed else y - 5, mark, SIZE if boxed else 7.0)
        for y, mark in zip((163.0, 208.0), marks, strict=True)
    ]
    page = [mark for line in BEFORE for mark in (line, *(one for one in calls if one.y - line.y in (0, -5)))]
    found = [number for number, kind, _ in blocks([*page, *FEET[foot]]) if kind == "footnote"]
    assert found == ["4", "5"]


def test_a_mark_that_was_wrapped_to_the_head_of_a_line_leads_to_its_note():
    text = [Put(LEFT, 113, "1", 7.0), Put(LEFT + 4, 118, FULL[:-1], SIZE), *column("完。", top=136.0)]
    page = [*column(FULL[:-1] + "。"), *text, Rule(72, 650, 150), *column("1 见报告。", top=670.0, size=9.0)]
    assert [number for number, kind, _ in blocks(page) if kind == "footnote"] == ["1"]


def test_a_note_goes_on_at_the_foot_of_the_next_column():
    half = FULL[:15] + "，"
    left = [*column(half, top=482.0), Put(LEFT + 16 * SIZE, 477, "1", 7.0), *column(*[half] * 6, top=500.0)]
    left += [Rule(72, 640, 150)] + column("1 见委员会主席在本届会议上所作", top=656.0, size=9.0)
    right = [*column(*[half] * 7, "完。", left=310.0, top=500.0), Rule(310, 640, 380)]
    right += column("的第一次报告。", left=310.0, top=656.0, size=9.0)
    assert blocks(left + right) == [
        (None, "paragraph", half * 14 + "完。"),
        ("1", "footnote", "见委员会主席在本届会议上所作的第一次报告。"),
    ]


HEADS: dict[str, list[list[Mark]]] = {
    "a head that counts with the pages, of which there are two": [
        column(f"裁军文件汇编  {at}", top=40.0, size=8.0) for at in (1, 2)
    ],
    "the page's number beside it, on the only pages": [
        [*column("裁军文件汇编", top=40.0, size=8.0), *column(f"{at}", left=400.0, top=40.0, size=8.0)]
        for at in (1, 2)
    ],
    "symbols smaller than the text on its last line": [
        column("S/2016/1", left=500.0, top=172.0, size=9.0) for _ in (1, 2)
    ],
}


@pytest.mark.parametrize("heads", HEADS)
def test_running_heads_are_no_text(heads):
    pages = [column(FULL, FULL, FULL, FULL, "完。"), column(*[FULL[::-1]] * 3, FULL[:-1] + "。")]
    given = [page + head for page, head in zip(pages, HEADS[heads], strict=True)]
    assert texts(*given) == [FULL * 4 + "完。", FULL[::-1] * 3 + FULL[:-1] + "。"]


def test_a_heading_at_the_head_of_a_page_that_has_a_running_head_is_text():
    contents = column("目录", "\u3000一. 导言", "\u3000二. 收到的答复", "", FULL, "完。")
    pages = [contents, column("二. 收到的答复", "", "", FULL, "完。", font=BOLD)]
    heads = [column("A/75/133", left=480.0, top=40.0, size=8.0) for _ in pages]
    found = texts(*[page + head for page, head in zip(pages, heads, strict=True)])
    assert found.count("收到的答复") == 2


@pytest.mark.parametrize("head", ["约)2009年", "约]2009年"])
def test_a_number_behind_a_closing_bracket_cannot_be_parted_from_it(head):
    lines = FULL, FULL[:27] + "组织(", head + FULL[:27] + "，", FULL, "完。"
    assert texts(column(*lines, top=100.0)) == ["".join(lines)]


def test_a_sentence_that_ends_with_the_first_line_of_a_hanging_item_ends_no_item():
    marks, y = [], 100.0
    items = (FULL[:27] + "，", FULL[:28]), (FULL[:27] + "。", FULL[:20] + "；"), (FULL[:27] + "，", FULL[:28])
    for at, lines in enumerate(items):
        marks += column(f"({'abc'[at]})", top=y) + column(*lines, "完；"[at % 2 * 2 :], left=120.0, top=y)
        y += 3 * STEP + 8
    source = read_file(write_pdf([marks]), "unnamed")
    assert [line.opens for line in source.evidence.values()] == [
        True,
        False,
        False,
        True,
        False,
        *[True, False, False],
    ]


@pytest.mark.parametrize("office", ["主席", "代理主席", "常驻代表"])
def test_an_office_below_a_full_line_of_a_signature_stands_on_a_line_of_its_own(office):
    signed = column("安全理事会第1540(2004)号", office, "罗曼·奥亚尔孙(签名)", left=297.0, top=172.0)
    assert texts(column(FULL, FULL, "到此为止。") + signed)[-1] == (
        f"安全理事会第1540(2004)号\n{office}\n罗曼·奥亚尔孙(签名)"
    )


def test_an_indented_line_begins_a_paragraph_where_others_go_on_at_the_margin():
    page = column("\u3000\u3000" + FULL[:-3] + "，", "\u3000\u3000" + FULL[:-2], FULL, "完。")
    assert texts(page) == [FULL[:-3] + "，", FULL[:-2] + FULL + "完。"]


def test_lines_set_over_each_other_stay_apart():
    page = column(FULL[:-1] + "风", top=100.0) + column("险，", top=118.0) + column(FULL, top=120.25)
    assert texts(page) == [FULL[:-1] + "风险，" + FULL]


def test_letters_drawn_apart_are_one_word_and_words_are_not():
    apart = [Put(LEFT, 100, "第1540(2004)号决议执行情况", SIZE, spread=4.0)]
    words = [
        Put(LEFT, 100, "Operation", SIZE),
        Put(LEFT + 58, 100, "Cosmo", SIZE),
    ]
    assert texts(apart) == ["第1540(2004)号决议执行情况"]
    assert texts(words) == ["Operation Cosmo"]


@pytest.mark.parametrize("bold", ["关于“执行情况”和“全面审查”的说明", "“全面审查”的说明", "说明“方案”“预算”"])
def test_quotation_marks_that_come_last_in_the_file_stand_between_their_words(bold):
    marks = [Put(LEFT + at * SIZE, 100, char, SIZE, font=BOLD) for at, char in enumerate(bold)]
    words = [mark for mark in marks if mark.text not in "“”"]
    body = column(FULL, FULL, "完。", top=136.0)
    assert texts([*words, *body, *(mark for mark in marks if mark not in words)])[0] == bold


def test_stamps_and_line_numbers_are_no_text():
    lines = [FULL, FULL, FULL, FULL, FULL, "完。"]
    numbers = [Put(40, 100 + at * STEP, str(at + 1), 8.0) for at in range(6)]
    stamp = [Put(200, 300, "草稿草稿", 40.0, turn=45)]
    mixed = [mark for pair in zip(numbers, column(*lines), strict=True) for mark in pair]
    assert texts(mixed + stamp) == [FULL * 5 + "完。"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_reads_as_one_that_stands(turn):
    ways = {90: (1, 0), 180: (0, -1), 270: (-1, 0)}
    right, down = ways[turn]
    page = [
        Put(300 + right * STEP * at, 400 + down * STEP * at, line, SIZE, turn=turn)
        for at, line in enumerate([FULL[:20], FULL[:20], "完。"])
    ]
    assert texts(page, rotate=turn) == [FULL[:20] * 2 + "完。"]


def test_every_line_has_its_box_and_every_block_its_lines():
    source = read_file(write_pdf([column(FULL, "完。"), column("二、结论", font=BOLD)]), "unnamed")
    assert source.pages == 2
    assert [boxes[0][0] for boxes in source.boxes.values()] == [1, 1, 2]
    page, left, top, right, bottom = source.boxes[1][0]
    assert (left, right) == (LEFT, LEFT + width_of(FULL, SIZE))
    assert top < 100 < bottom < 118


REFUSED = [
    (b"%PDF-1.7\nnothing", "pdf_damaged", {}, "no objects"),
    (write_pdf([column(FULL)])[:400], "pdf_damaged", {}, "cut off"),
    (write_pdf([[]]), "pdf_no_text", {"pages": 1}, "a blank page"),
    (write_pdf([[Picture(0, 0, 595, 842)]] * 2), "pdf_scan", {"pages": 2}, "pictures of pages"),
    (write_pdf([column(FULL, font=UNMAPPED)]), "pdf_unmapped", {"page": 1, "characters": 32}, "no ToUnicode"),
    (write_pdf([]), "pdf_damaged", {}, "no pages"),
]


@pytest.mark.parametrize(("data", "code", "values", "remark"), REFUSED)
def test_what_cannot_be_read_is_refused_with_its_reason(data, code, values, remark):
    with pytest.raises(NotReadableError) as refused:
        read_file(data, "unnamed.pdf")
    assert (refused.value.code, refused.value.values) == (code, values), remark


def test_pages_that_are_pictures_are_named():
    source = read_file(write_pdf([column(FULL), [Picture(0, 0, 595, 842)]]), "unnamed")
    assert source.notes == ("pdf_pages_without_text:2",)


def test_a_text_layer_without_ink_is_the_scanners():
    source = read_file(write_pdf([[Picture(0, 0, 595, 842), *column(FULL, mode=3)]]), "unnamed")
    assert source.notes == ("pdf_text_of_scanner:1",)


@pytest.mark.parametrize("turn", [0, 90])
def test_boxes_lie_on_the_ink_of_the_page_images(turn):
    right, down = (0, 1) if turn == 0 else (1, 0)
    page = [
        Put(300 + right * STEP * at, 400 + down * STEP * at, line, SIZE, turn=turn)
        for at, line in enumerate([FULL[:20], FULL[:12]])
    ]
    data = write_pdf([page], rotate=turn)
    source = read_file(data, "unnamed")
    ((width, _, quarter),) = source.sheets
    (drawn,) = draw_pages(data, [(1, quarter)])
    with Image.open(BytesIO(b64decode(drawn))) as opened:
        picture = opened.convert("L")
    scale = DOTS_PER_INCH / 72
    assert abs(picture.width - width * scale) <= 1
    blank = picture.copy()
    for boxes in source.boxes.values():
        _, *edges = boxes[0]
        place = tuple(round(edge * scale) for edge in edges)
        assert picture.crop(place).getextrema()[0] < 100, "no ink in the box of a line"
        blank.paste(255, place)
    assert blank.getextrema()[0] > 200, "ink beside the boxes"


def test_a_block_tells_where_its_lines_stand():
    source = read_file(write_pdf([column(FULL, FULL, "完。", "", FULL, "完。")]), "unnamed")
    first, second = segment(clean(source.text, source.evidence)).paragraphs
    tops = [
        [
            round(source.boxes[line][0][2])
            for line in range(p.lines[0], p.lines[1] + 1)
            if line in source.boxes
        ]
        for p in (first, second)
    ]
    assert tops == [[89, 107, 125], [161, 179]]


def test_no_picture_is_made_of_a_damaged_file():
    with pytest.raises(NotReadableError):
        draw_pages(b"%PDF-1.7\nnothing", [(1, 0)])


def test_a_date_at_the_right_margin_is_no_column():
    reply = [*column("葡萄牙"), *column("[原件：英文]", left=384.0, top=118.0)]
    reply += [
        *column("[2020年5月14日]", left=348.0, top=136.0),
        *column(FULL, FULL[:-1] + "。", "完。", top=154.0),
    ]
    assert texts(reply)[-1] == FULL + FULL[:-1] + "。完。"
    assert not any("[" in text for text in texts(reply)[-1:])


# --- Tables in PDF files: the cells that drawn frames and the places of the text tell, and what is none ---

LEFTS = (72.0, 180.0, 380.0)
WIDTHS = (8, 16, 12)  # ideographs of a cell's line
HEAD = ("国家", "请求", "状况")
ROWS = tuple(rows_from(__name__, "ROWS"))
ABOVE = [*column(FULL, FULL, "下表列出各项请求。", top=60.0)]


def cells(rows, *, top: float = 200.0, ruled: bool, apart: float = 8.0, lefts=LEFTS) -> list[Mark]:
    """The rows below each other, their cells wrapped; ``apart`` is what stands between rows."""
    marks: list[Mark] = []
    y = top
    for row in rows:
        wrapped = [
            [text[at : at + wide] for at in range(0, len(text), wide)]
            for text, wide in zip(row, WIDTHS, strict=False)
        ]
        high = max(map(len, wrapped)) * STEP + apart
        for column_at, lines in enumerate(wrapped):
            left = lefts[column_at]
            marks += [Put(left, y + at * STEP, line, SIZE) for at, line in enumerate(lines) if line]
            if ruled:
                right = lefts[column_at + 1] if column_at + 1 < len(lefts) else 540.0
                marks.append(Frame(left - 3, y - STEP, right - 3, y - STEP + high))
        y += high
    return marks


def rows_of(*pages: list[Mark]) -> list[tuple[str, ...]]:
    source = read_file(write_pdf(pages), "x")
    parsed = segment(clean(source.text, source.evidence)).paragraphs
    return [tuple(p.text.split("\t")) for p in parsed if p.kind == "row"]


def others_of(*pages: list[Mark]) -> list[str]:
    source = read_file(write_pdf(pages), "x")
    parsed = segment(clean(source.text, source.evidence)).paragraphs
    return [p.text for p in parsed if p.kind != "row"]


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("order", ["rows", "columns", "backwards"])
def test_wrapped_cells_are_whole_in_their_row(ruled: bool, order: str):
    table = cells((HEAD, *ROWS), ruled=ruled)
    if order == "columns":
        table.sort(key=lambda mark: mark.left if isinstance(mark, Frame) else mark.x)
    elif order == "backwards":
        table.reverse()
    page = [*ABOVE, *table, *column(FULL, "以上是全部请求。", top=440.0)]
    assert rows_of(page) == [HEAD, *ROWS]
    assert others_of(page)[-1] == FULL + "以上是全部请求。"


def test_rows_no_further_apart_than_lines_are_told_by_their_first_cells():
    rows = (
        HEAD,
        ("乍得", "培训海关人员", "2021年"),
        ("蒙古", "起草法律", "2022年"),
        ("多哥", "检查", "2023年"),
    )
    assert rows_of([*ABOVE, *cells(rows, ruled=False, apart=0.0)]) == list(rows)


def test_a_ruled_table_goes_on_over_pages_and_its_head_is_set_once():
    first = [*ABOVE, *cells((HEAD, *ROWS[:2]), ruled=True, top=640.0), *column("1", left=300.0, top=820.0)]
    second = [
        *cells((HEAD, *ROWS[2:]), ruled=True, top=80.0),
        *column("2", left=300.0, top=820.0),
        *column(FULL, "完。", top=300.0),
    ]
    assert rows_of(first, second) == [HEAD, *ROWS]


def test_a_number_apart_from_its_paragraph_above_a_table_is_no_cell():
    above = [*column("1.", top=146.0), *column(FULL[:28], "下表列出各项请求。", left=108.0, top=146.0)]
    below = [*column("2.", top=392.0), *column(FULL[:28], "完。", left=108.0, top=392.0)]
    assert rows_of([*ABOVE, *above, *cells((HEAD, *ROWS), ruled=False), *below]) == [HEAD, *ROWS]


PAIRS = rows_from(__name__, "PAIRS")


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_table_of_two_columns_goes_on_over_pages(ruled: bool, at: int):
    lefts = (72.0, 240.0, 440.0)[: 2 if ruled else 3]
    first = [*column(FULL, FULL, "到此为止。"), *cells(PAIRS[:at], ruled=ruled, lefts=lefts, top=700.0)]
    second = [*cells(PAIRS[at:], ruled=ruled, lefts=lefts, top=80.0), *column("名单完。", top=300.0)]
    assert rows_of(first, second) == list(PAIRS)
    assert others_of(first, second) == [FULL * 2 + "到此为止。", "名单完。"]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_row_that_a_page_breaks_is_one(ruled: bool):
    broken = ("", ROWS[0][1][15:], "")
    first = [
        *ABOVE,
        *cells((HEAD, *ROWS[1:], (ROWS[0][0], ROWS[0][1][:15], ROWS[0][2])), ruled=ruled, top=640.0),
    ]
    second = [*cells((broken, *ROWS[1:]), ruled=ruled, top=80.0), *column(FULL, "完。", top=300.0)]
    assert rows_of(first, second) == [HEAD, *ROWS[1:], ROWS[0], *ROWS[1:]]


def test_a_running_head_with_the_pages_number_is_no_row():
    first = [*ABOVE, *cells((HEAD, *ROWS[:2]), ruled=False, top=640.0)]
    second = [*cells(ROWS[2:] * 3, ruled=False, top=100.0), *column(FULL, "完。", top=400.0)]
    pages = [
        [*column("委员会", top=60.0), *column(f"{at}", left=380.0, top=60.0), *page]
        for at, page in enumerate((first, second), start=1)
    ]
    assert rows_of(*pages) == [HEAD, *ROWS[:2], *ROWS[2:] * 3]


def test_a_table_at_the_head_of_the_second_column_goes_on_from_the_foot_of_the_first():
    lefts = (72.0, 150.0), (320.0, 398.0)
    rows = (("组织", "联络点"), ("非洲联盟", "和平与安全部"), ("欧安组织", "预防冲突中心"))
    text = column(*[FULL[:16]] * 8, "下表列出联络点。", top=500.0)
    foot = cells(rows[:1], ruled=True, lefts=(*lefts[0], 250.0)[:2], top=680.0)
    foot[-1] = Frame(147, 662, 225, 688)
    head = cells(rows[1:], ruled=True, lefts=lefts[1], top=500.0)
    head = [Frame(395, m.top, 473, m.bottom) if isinstance(m, Frame) and m.left > 390 else m for m in head]
    after = column(*[FULL[:12]] * 6, "完。", left=320.0, top=580.0)
    assert rows_of([*column("联合国", "安全理事会", top=60.0), *text, *foot, *head, *after]) == list(rows)
    assert others_of([*text, *foot, *head, *after])[-1] == FULL[:12] * 6 + "完。"


def test_a_frame_drawn_close_to_its_text_parts_cells_that_no_gap_parts():
    lefts = (72.0, 72.0 + 2 * SIZE + 3, 72.0 + 6 * SIZE + 6)
    rows = (("国家", "请求之事", "状况"), ("乍得", "培训人员", "启动"), ("蒙古", "起草法律", "等待"))
    assert rows_of([*ABOVE, *cells(rows, ruled=True, lefts=lefts, top=200.0)]) == list(rows)


def test_text_in_two_columns_is_no_table():
    left = column(*[FULL[:16]] * 9, "左栏完。", top=100.0)
    right = column(*[FULL[:16]] * 7, "右栏第一段完。", "第二段。", left=310.0, top=100.0)
    heads = column(FULL[:20], FULL[:21], left=130.0, top=50.0)
    assert rows_of([*heads, *left, *right]) == []


NO_TABLES = {
    "frame around text": [*column(FULL, FULL, "完。"), Frame(60, 80, 540, 150)],
    "frame around two columns": [
        *column(*[FULL[:16]] * 5, "完。"),
        *column(*[FULL[:16]] * 5, "完。", left=310.0),
        Frame(60, 80, 300, 220),
        Frame(300, 80, 540, 220),
    ],
    "masthead": [
        *column("联合国", "", "安全理事会", top=60.0),
        *column("S/2016/1", "Distr.: General", "5 May 2016", "Chinese", left=400.0, top=60.0),
        *column(FULL, FULL, "完。", top=200.0),
    ],
    "numbers apart from their text": [
        *column(FULL, FULL, "如下：", top=60.0),
        *column("(a)", "(b)", "(c)", top=130.0),
        *column("汇编有效做法；", "拟订技术参考指南；", "提供援助。", left=120.0, top=130.0),
    ],
    "signatures beside each other": [
        *column(FULL, "完。", top=60.0),
        *column("主席", "", "张三(签名)", top=150.0),
        *column("常驻代表", "", "李四(签名)", left=320.0, top=150.0),
    ],
}


@pytest.mark.parametrize("case", NO_TABLES)
def test_what_only_looks_like_a_table_stays_lines(case: str):
    assert rows_of(NO_TABLES[case]) == []


def test_nothing_of_a_page_is_lost_beside_a_table():
    page = [*ABOVE, *cells((HEAD, *ROWS), ruled=True), *column(FULL, "完。", top=480.0)]
    letters = sorted("".join(mark.text for mark in page if isinstance(mark, Put)))
    assert sorted("".join(read_file(write_pdf([page]), "x").text.split())) == letters


def test_a_masthead_above_a_column_of_a_table_parts_no_page():
    head = column("S/2031/1", "Distr.: General", "5 May 2031", "Chinese", left=LEFTS[2], top=40.0)
    short = (HEAD, ("乍得", "培训海关人员", "启动"), ("蒙古", "起草法律", "等待"), ("多哥", "检查", "等待"))
    text = column(FULL[:28] + "。", "下表列出各项请求。", top=130.0)
    page = [*head, *text, *cells(short, ruled=False, top=200.0), *column(FULL[:28] + "。", top=340.0)]
    assert rows_of(page) == list(short)


# ---
# Where the lines of PDF pages end, and what that says: marks in the margin, margins that few lines show.

HALF = FULL[:19]
SHORT = "谨随函转递报告。"


def centred(text: str, y: float, middle: float = 300.0) -> Put:
    return Put(middle - width_of(text, SIZE) / 2, y, text, SIZE)


def test_a_mark_that_hangs_in_the_margin_makes_no_line_short():
    page = column(HALF + "，", HALF, HALF + "、", HALF, HALF, "完。")
    assert texts(page) == [f"{HALF}，{HALF}{HALF}、{HALF}{HALF}完。"]


def test_a_hyphen_at_the_end_of_a_line_is_kept():
    page = column(FULL[:26] + "地址sc-", "1540-garden@un.org，完。")
    assert texts(page) == [FULL[:26] + "地址sc-1540-garden@un.org，完。"]


def test_an_address_keeps_the_word_before_it_on_its_line():
    page = column(FULL, FULL[:24] + "，网址", "为http://www.un.org/zh/sc1540，其他资料见下。", FULL, "完。")
    assert texts(page)[0].endswith("，网址为http://www.un.org/zh/sc1540，其他资料见下。")


def test_a_full_line_over_a_centred_one_is_one_title():
    title = "2017年4月18日八国常驻联合国代表给秘书长和安全理事会主席的同文信"
    head, tail = title[:-10], title[-10:]
    page = [
        Put(72, 100, head, SIZE),
        centred(tail, 118, 72 + width_of(head, SIZE) / 2),
        *column(FULL[:22], FULL[:22], "完。", top=160.0),
    ]
    assert texts(page)[0] == title


def test_lines_of_a_signature_that_are_nearly_as_wide_are_no_centred_title():
    body = column(SHORT, "", FULL, "完。", "", SHORT)
    assert (
        texts([*body, *column("委员会主席", "卢浣(签名)", left=290.0, top=230.0)])[-1]
        == "委员会主席\n卢浣(签名)"
    )


def test_the_middle_of_titles_shows_the_margin_that_no_line_reaches():
    """A page of two columns of which only the first is used."""
    middle = 72 + 10 * SIZE
    head = FULL[:18], FULL[18:30]
    page = [
        centred(head[0], 100, middle),
        centred(head[1], 114.4, middle),
        *column("　　" + SHORT, top=128.8),
        centred("附件", 150, middle),
        centred("全面审查的文件", 172, middle),
        centred("一. 导言", 194, middle),
        *column("1. 没有。", top=208.4),
    ]
    assert texts(page)[0] == "".join(head)


def test_lines_much_nearer_than_others_are_one_paragraph_where_the_margin_is_unknown():
    page: list[Mark] = []
    for at, line in enumerate((SHORT, "附件", "请求一览表", "一. 导言", SHORT)):
        page += column(line, top=100.0 + 24 * at)
    page += [Put(LEFT, 220, HALF, SIZE), Put(LEFT, 234.4, "来信的日期，没有别的。", SIZE)]
    assert texts(page)[-1] == HALF + "来信的日期，没有别的。"


def test_titles_set_far_apart_are_titles_each():
    page = [
        Put(LEFT, 100, FULL[:26], 14.0),
        Put(LEFT, 134, "主席的说明", 14.0),
        *column(FULL, FULL, "完。", top=170.0),
        Put(LEFT, 240, "附件一", 14.0),
        Put(LEFT, 274, "暂定日程", 14.0),
        *column(FULL, FULL, "完。", top=310.0),
    ]
    assert texts(page) == [
        FULL[:26],
        "主席的说明",
        FULL * 2 + "完。",
        "附件一",
        "暂定日程",
        FULL * 2 + "完。",
    ]


def test_paragraphs_set_in_begin_anew_where_others_go_on_at_the_margin():
    page = column(
        "　　" + FULL[:-2], FULL, "完。", "　　" + FULL[:-2], "　　反对：", "　　" + FULL[:-2], "完。"
    )
    assert texts(page) == [FULL[:-2] + FULL + "完。", FULL[:-2], "反对：", FULL[:-2] + "完。"]


@pytest.mark.parametrize("last", ["2005 124", "2005"])
def test_the_last_row_of_a_page_is_no_page_number(last: str):
    page = [
        mark
        for at, line in enumerate(["1. 甲。", "2. 乙。", "2003 59", "2004 87", last])
        for mark in column(line, top=650.0 + 22 * at)
    ]
    assert any(text.endswith(last) for text in texts(page))


def test_a_narrow_table_in_a_column_whose_cells_are_all_full_is_a_table():
    lefts, words = (72.0, 120.0, 190.0), ("国家", "提供者名", "现在状况")
    marks: list[Mark] = []
    for row in range(5):
        for left, word in zip(lefts, words, strict=True):
            marks.append(Put(left, 200 + row * 2 * STEP, word, SIZE))
            if row:
                marks.append(Put(left, 200 + row * 2 * STEP + 15, word, SIZE))
    head = column(FULL[:20], "下表列出。", top=100.0)
    assert len(rows_of([*head, *marks])) == 5


def test_what_stands_below_a_table_without_lines_is_not_of_its_first_cell():
    rows = [("非洲", "54", "40"), ("亚洲", "54", "50"), ("欧洲", "44", "44")]
    marks = [
        Put(left, 200 + at * STEP, cell, SIZE)
        for at, row in enumerate(rows)
        for left, cell in zip((72.0, 228.0, 384.0), row, strict=True)
    ]
    below = [Put(93, 254, "资料来源：1540委员会。", SIZE), Put(72, 272, "4. 表1显示了情况。", SIZE)]
    page = [*column(FULL, "如下。", top=100.0), *marks, *below]
    assert rows_of(page) == rows
    assert others_of(page)[-2:] == ["资料来源：1540委员会。", "表1显示了情况。"]


def test_leaders_stay_with_the_word_before_them():
    leaders = "．" * 12
    page = column(f"主席：{FULL[:20]}先", f"生{leaders}(德国)", FULL, "完。")
    assert texts(page)[0].startswith(f"主席：{FULL[:20]}先生{leaders}(德国)")


def test_a_word_with_accents_is_not_parted():
    page = column(FULL[:26] + "，", "Müllermünchen先生提交了报告，" + FULL[:10], FULL, "完。")
    assert texts(page)[0].startswith(FULL[:26] + "，Müllermünchen先生")


def test_a_table_of_narrow_cells_in_one_of_two_columns_is_read_by_itself():
    """Its cells are narrower than columns are, and two of its head hardly further apart than words."""
    lefts, half = (72.0, 128.0, 183.0, 238.0), FULL[:20]
    rows = [
        ("国家", "请求的内容", "提供者", "状况"),
        ("乍得", "培训海关人员识别物项", "世界海关组织", "二月启动"),
        ("蒙古", "起草生物安全法", "", "等待答复"),
        ("多哥", "加强港口的集装箱检查", "欧洲联盟", "完成"),
    ]
    marks: list[Mark] = []
    y = 200.0
    for row in rows:
        for left, cell in zip(lefts, row, strict=True):
            marks += [
                Put(left, y + 12 * at, cell[5 * at : 5 * at + 5], 9.0) for at in range(-(-len(cell) // 5))
            ]
        y += 12 * max(-(-len(cell) // 5) for cell in row) + 2
    left = [Put(72.0, 100 + 12 * at, line, 9.0) for at, line in enumerate([half] * 5 + ["见下表。"])]
    right = [Put(318.0, 100 + 12 * at, line, 9.0) for at, line in enumerate([half] * 9 + ["完。"])]
    page = [*left, *marks, *right]
    assert rows_of(page) == rows
    assert others_of(page) == [half * 5 + "见下表。", half * 9 + "完。"]


@pytest.mark.parametrize("end", ["报告。", "各国的报告；"])
def test_the_end_of_a_paragraph_at_the_head_of_a_page_is_no_running_head(end: str):
    first = [*column(f"1. 委员会审议了{end}", FULL, "完。"), *column(FULL, FULL[:-3] + "各国的", top=736.0)]
    second = [*column(end, top=60.0), *column(FULL, FULL, "完。", top=96.0)]
    assert any(text.endswith("各国的" + end) for text in texts(first, second))


LINES = ("1. 委员会审议了报告。", "2. 委员会注意到进展。", "3. 请将本信分发。")


@pytest.mark.parametrize("font", ["F1", ABSENT])
@pytest.mark.parametrize("again", [(0,), (0.3,), (0, 0), (0.3, 0.6)], ids=str)
def test_what_is_drawn_over_itself_is_read_once(font, again):
    page = column(*LINES, font=font)
    page[2:2] = [Put(LEFT + by, 118, LINES[1], SIZE, font) for by in again]
    assert texts(page) == [line[3:] for line in LINES]


def test_the_same_words_elsewhere_are_read_again():
    assert texts(column(*LINES, font=ABSENT), column(*LINES[:1], "2. 委员会审议了报告。", font=ABSENT)) == [
        *(line[3:] for line in LINES),
        "委员会审议了报告。",
        "委员会审议了报告。",
    ]
