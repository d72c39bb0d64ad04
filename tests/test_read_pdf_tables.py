"""Tables in PDF files: the cells that drawn frames and the places of the text tell, and what is none."""

from __future__ import annotations

import pytest

from archive.readers import read_file
from archive.text.cleaner import clean
from archive.text.segmenter import segment

from .pages_set.writer import Frame, Mark, Put, write_pdf
from .test_read_pdf import FULL, SIZE, STEP, column

LEFTS = (72.0, 180.0, 380.0)
WIDTHS = (8, 16, 12)  # ideographs of a cell's line
HEAD = ("国家", "请求", "状况")
ROWS = (
    ("乍得", "培训海关人员识别两用物项，并提供便携式检测设备", "2021年6月启动"),
    ("蒙古", "", "等待答复"),
    ("多哥", "起草法律", "第一期已完成，第二期在下一年继续进行"),
)
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
