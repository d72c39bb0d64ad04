"""The core: cost of parse_document, find_mentions and Symbol.parse per character, on prose and hostile input.

Every measurement runs in a fresh process, so that peak memory is its own; time is processor time, so that
a busy machine does not count. The text is made from the bundled documents with a fixed seed. What is to be
seen: the cost per character stays flat. For mentions one paragraph is the worst case: nothing is bounded by
the ends of paragraphs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archive.text import parse_document
from archive.text.errors import DocumentError
from archive.text.mentions import find_mentions
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference
from archive.text.symbols.errors import SymbolError
from archive.text.symbols.symbol import Symbol

from ..tables import rows_from
from .results import Table, peak, sizes_of

DOCUMENTS = Path(__file__).resolve().parents[2] / "fixtures" / "documents"
SEED = 1540
MASTHEAD = "S/2010/52\n\n"
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
QUICK_SIZES = (10_000, 100_000, 1_000_000)
HOSTILE_SIZES = (100_000, 1_000_000)
QUICK_HOSTILE_SIZES = (10_000, 100_000)
MENTION_SIZES = (50_000, 1_000_000)


@cache
def stretches() -> tuple[str, ...]:
    """The bundled documents cut into stretches of some forty lines."""
    lines = [
        line
        for path in sorted(DOCUMENTS.iterdir())
        if path.suffix in (".txt", ".md")
        for line in path.read_text("utf-8").splitlines(keepends=True)
    ]
    return tuple("".join(lines[start : start + 40]) for start in range(0, len(lines), 40))


def mixed(size: int) -> str:
    """About ``size`` bytes of UN prose: stretches of the bundled documents in a random, fixed order."""
    rng, parts, length = random.Random(SEED), [MASTHEAD], 0  # noqa: S311
    while length < size:
        parts.append(rng.choice(stretches()))
        length += len(parts[-1].encode())
    return "".join(parts)


def _repeated(unit: str) -> Callable[[int], str]:
    """Makes text of about ``size`` bytes that is nothing but ``unit``."""
    return lambda size: MASTHEAD + unit * (size // len(unit.encode()) + 1)


def _unbroken_prose(size: int) -> str:
    return MASTHEAD + "".join(mixed(size).split())


def _numbered(pattern: str) -> Callable[[int], str]:
    """Makes text of about ``size`` bytes: ``pattern`` again and again, with a running number for ``{n}``."""
    unit = len(pattern.encode())
    return lambda size: MASTHEAD + "".join(pattern.format(n=n) for n in range(1, size // unit + 2))


HOSTILE: dict[str, Callable[[int], str]] = {
    "((( …": _repeated("("),
    "digits": _repeated("1234567890"),
    "第1540(2004)、 …": _repeated("第1540(2004)、"),
    "one line of prose": _unbroken_prose,
    "one line of spaces": _repeated(" "),
    "**bold** …": _repeated("**"),
    "“ never closed": _repeated("“委员会"),
    "A/B/C/ …": _repeated("A/B/"),
    "blank lines": _numbered("\n"),
    "form feeds": _numbered("\f\n"),
    "heading-like lines": _numbered("委员会的工作{n}\n"),
    "headings 一.": _numbered("一. 导言\n\n"),
    "numbered paragraphs": _numbered("{n}. 委员会说。\n\n"),
    "the same number": _numbered("1. 委员会说。\n\n"),
    "(a) never ending": _numbered("(a) 委员会；\n\n"),
    "annexes": _numbered("附件\n\n1. 委员会说。\n\n"),
    "footnotes": _numbered("__________\n {n} 见S/2010/52。\n\n"),
    "footers and links": _numbered("http://undocs.org/ch/S/RES/1540(2004)\n10-22570 (C) {n}\n"),
    "articles": _numbered("第{n}条 各国应当说明。\n"),
    "the same article": _numbered("第八条之二 各国应当：\n(一) 说明；\n"),
    "captions": _numbered("图{n} 各港灯塔\n"),
    "captions with titles": _numbered("表{n}\n\n各港灯塔\n\n"),
    "rows with bars": _numbered("|东港|{n}|\n"),
    "rows with tabs": _numbered("东港\t{n}\t座\n"),
    "rows with blanks": _numbered("东港    {n}    座\n"),
    "numbers with tabs": _numbered("{n}.\t灯塔\n"),
    "rows that do not stand above each other": _numbered("东港    座\n东港的灯塔  座\n    {n}\n"),
    "one row of bars": _repeated("|甲"),
    "one row of tabs": _repeated("甲\t"),
    "one row of blanks": _repeated("甲  "),
    "bodies": _repeated("联合国环境规划署世界卫生组织"),
    "bodies inside names": _repeated("联合国联合国"),
    "short names of bodies": _repeated("环境署、开发署、"),
    "committees": _repeated("委员会小组委员会"),
    "definitions 甲(乙)": _numbered("第{n}组织(组织{n})说。"),
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run: ``seconds`` is the best of several; ``memory`` megabytes of it above the start."""

    characters: int
    bytes: int
    seconds: float
    memory: float
    refused: bool

    @property
    def cost(self) -> float:
        """Microseconds per character."""
        return self.seconds / self.characters * 1e6


def time_once(path: Path) -> tuple[float, bool]:
    """Processor seconds that parsing takes, and whether the document was refused in due form."""
    start = time.process_time()
    try:
        parse_document(path)
    except DocumentError:
        return time.process_time() - start, True
    return time.process_time() - start, False


def measure(text: str, repeat: int = 1) -> Measurement:
    """Parse ``text`` ``repeat`` times, after one small document that warms up the reference data."""
    with tempfile.TemporaryDirectory() as folder:
        warm, path = Path(folder, "warm.txt"), Path(folder, "document.txt")
        warm.write_text(mixed(1), "utf-8")
        path.write_text(text, "utf-8")
        time_once(warm)
        before = peak()
        runs = [time_once(path) for _ in range(repeat)]
        return Measurement(
            characters=len(text),
            bytes=path.stat().st_size,
            seconds=min(seconds for seconds, _ in runs),
            memory=peak() - before,
            refused=runs[0][1],
        )


def _measure_case(name: str | None, size: int) -> Measurement:
    return measure((HOSTILE[name] if name else mixed)(size), repeat=3 if size <= 100_000 else 1)


def _series(name: str | None, sizes: Iterable[int], patience: float) -> Iterator[tuple[str, ...]]:
    """One row for each size; the ratio is to the cost per character at the smallest size."""
    base = None
    for size in sizes:
        found = _in_fresh_process(name, size, patience)
        label = name or "prose"
        if found is None:
            yield (label, f"{size:,}", f"> {patience:g}", "", "", "")
            return
        base = base or found.cost
        yield (
            f"{label} (refused)" if found.refused else label,
            f"{found.bytes:,}",
            f"{found.seconds:.3f}",
            f"{found.cost:.2f}",
            f"{found.cost / base:.2f}",
            f"{found.memory:,.0f}",
        )


def _in_fresh_process(name: str | None, size: int, patience: float) -> Measurement | None:
    """The measurement, or None where it took longer than ``patience`` seconds."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        future = pool.submit(_measure_case, name, size)
        try:
            return future.result(timeout=patience)
        except TimeoutError:
            for child in multiprocessing.active_children():
                child.kill()
            return None
        except BrokenProcessPool:
            return None


# --- mentions alone ---

RESOLUTION = Facts(symbol="S/RES/1810(2008)", document_type=DocumentType.RESOLUTION)

REPEATED = tuple(rows_from(__name__, "REPEATED"))


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


def _repeated_rows(work: Callable[[str], None], sizes: tuple[int, ...]) -> Iterator[tuple[str, ...]]:
    for unit in REPEATED:
        base = None
        for size in sizes:
            seconds, length = _cost(work, unit, size)
            cost = seconds / length * 1e6
            base = base or cost or 1e-9
            yield f"{unit[:16]} …", f"{length:,}", f"{seconds:.3f}", f"{cost:.2f}", f"{cost / base:.2f}"


COLUMNS = ("input", "bytes", "CPU s", "µs/char", "ratio", "peak MB")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--patience", type=float, default=600, help="give up a core measurement after so many seconds"
    )


def run(options: argparse.Namespace) -> Iterator[Table]:
    """Prose first, then every hostile kind at two sizes."""
    sizes = sizes_of(options, SIZES, QUICK_SIZES)
    yield Table("parse_document, UN prose", COLUMNS, tuple(_series(None, sizes, options.patience)))
    sizes = sizes_of(options, HOSTILE_SIZES, QUICK_HOSTILE_SIZES)
    rows = tuple(row for name in HOSTILE for row in _series(name, sizes, options.patience))
    note = "ratio: cost per character against the smallest input of the same kind; 1 is linear."
    yield Table("parse_document, hostile input", COLUMNS, rows, (note,))
    sizes = sizes_of(options, MENTION_SIZES, QUICK_HOSTILE_SIZES)
    columns = ("repeated", "characters", "CPU s", "µs/char", "ratio")
    for title, work in (("find_mentions, one paragraph", _mentions), ("Symbol.parse", _symbol)):
        work("S/2010/52")  # the tables are loaded before anything is measured
        yield Table(title, columns, tuple(_repeated_rows(work, sizes)))
