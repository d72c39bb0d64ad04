"""Mentions alone: cost of find_mentions and Symbol.parse per character on one paragraph, hostile and not.

One paragraph is the worst case: nothing is bounded by the ends of paragraphs. The ratio compares the cost per
character with that of the small input of the same kind; 1 is linear.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

from archive.text.mentions import find_mentions
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference
from archive.text.symbols import Symbol, SymbolError

from .results import Table, sizes_of

SIZES = (50_000, 1_000_000)
QUICK_SIZES = (10_000, 100_000)
RESOLUTION = Facts(symbol="S/RES/1810(2008)", document_type=DocumentType.RESOLUTION)

REPEATED = (
    "全面审查承认，促进援助是加强全面执行第1540(2004)号决议工作中的关键因素。",
    "大会2018年12月5日题为“措施”的第73/55号决议第3(a)和(b)段，",
    "第1540(2004)、",
    "第1540(2004)号决议第3、",
    "1540(2004)",
    "第1540号、",
    "其第73/55号决议",
    "该决议第1540(2004)号决议",
    "大会关于的的第73/55号决议",
    "A/73/12和Corr.1、",
    "S/2006/257-S/2010/52-",
    "(",
    "1",
    "1234567890 ",
    "第",
    "大会",
    "A/",
    "a.",
    "题为“",
    "关于",
    "二零零四年",
    "附件",
    "A B C ",
    "决议1540、",
    "安理会第一五四〇(二〇〇四)号、",
    "第48/264号(A/52/856)、",
    "S/2010/52和53、",
    "第1540号和第1673号决议分别在第3段和第4段",
    " ",
)


def _mentions(text: str) -> None:
    find_mentions([ParsedParagraph("1", Kind.PARAGRAPH, text)], RESOLUTION, load_reference())


def _symbol(text: str) -> None:
    try:
        Symbol.parse(text)
    except SymbolError:
        return


def _cost(work: Callable[[str], None], unit: str, size: int) -> tuple[float, int]:
    """Processor seconds for about ``size`` characters of ``unit``, and how many they were."""
    text = unit * (size // len(unit) + 1)
    start = time.process_time()
    work(text)
    return time.process_time() - start, len(text)


def _rows(work: Callable[[str], None], sizes: tuple[int, ...]) -> Iterator[tuple[str, ...]]:
    for unit in REPEATED:
        base = None
        for size in sizes:
            seconds, length = _cost(work, unit, size)
            cost = seconds / length * 1e6
            base = base or cost or 1e-9
            yield f"{unit[:16]} …", f"{length:,}", f"{seconds:.3f}", f"{cost:.2f}", f"{cost / base:.2f}"


def run(options: argparse.Namespace) -> Iterator[Table]:
    sizes = sizes_of(options, SIZES, QUICK_SIZES)
    columns = ("repeated", "characters", "CPU s", "µs/char", "ratio")
    for title, work in (("find_mentions, one paragraph", _mentions), ("Symbol.parse", _symbol)):
        work("S/2010/52")  # the tables are loaded before anything is measured
        yield Table(title, columns, tuple(_rows(work, sizes)))
