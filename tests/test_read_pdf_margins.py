"""Where the lines of PDF pages end, and what that says: marks in the margin, margins that few lines show."""

from __future__ import annotations

import pytest

from .pages_set.writer import Mark, Put, width_of
from .test_read_pdf import FULL, LEFT, SIZE, STEP, column, texts
from .test_read_pdf_tables import others_of, rows_of

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
