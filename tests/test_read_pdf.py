"""PDF files: which lines come out, in which order, where paragraphs begin, and what is refused."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image

from archive.readers import NotReadableError, read_file
from archive.readers.page_images import DOTS_PER_INCH, draw_pages
from archive.text.cleaner import clean
from archive.text.segmenter import segment
from tests.pages_set.writer import BOLD, UNMAPPED, Frame, Mark, Picture, Put, Rule, width_of, write_pdf

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
