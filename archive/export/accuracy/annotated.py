"""Documents that somebody else annotated, in a folder of its own: how the parser does on what no rule knew.

The folder holds ``docs/NAME.txt`` and ``gold/NAME.json``: ``symbol`` (null for a law), ``mentions`` with
``canonical``, ``kind`` (only ``symbol`` is counted) and ``paragraphs``, ``bodies`` where ``bodies_complete``,
``title``, ``document_type``, ``organ``, ``paragraph_numbers``, ``articles``, ``blocks`` (``line``, ``kinds``,
``number``), and ``annotator``. Each may be lacking, and then is not measured.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from archive.text.document import parse_source
from archive.text.errors import DocumentError
from archive.text.reader import read_source
from archive.text.reference import load_reference
from archive.text.serialize import as_json
from archive.text.sidecar import sidecar_of

from .measures import Measure

# A law has no symbol, and the parser asks for one.
STAND_IN = "CHN/LAW/1"
_FACTS = ("title", "document_type", "organ")


def measure_folder(folder: Path) -> dict[str, Any]:
    """Measures the parser on the annotated documents of ``folder``: numbers measured, by annotator, refused.

    Raises ValueError where there is nothing to measure, or an annotation cannot be read.
    """
    golds = sorted(folder.glob("gold/*.json"))
    if not golds:
        raise ValueError(f"{folder}: no annotations (gold/NAME.json beside docs/NAME.txt).")
    total: dict[str, Measure] = {}
    by: Counter[str] = Counter()
    refused: list[str] = []
    for path in golds:
        gold = _read(path)
        by[str(gold.get("annotator") or "")] += 1
        try:
            source = read_source(folder / "docs" / f"{path.stem}.txt")
            stated = sidecar_of({"symbol": gold.get("symbol") or STAND_IN})
            parsed = as_json(parse_source(source, stated, load_reference()))
        except DocumentError as problem:
            refused.append(f"{path.stem}: {problem}")
            continue
        for measure in _measures(gold, parsed, source.text.split("\n")):
            total[measure.name] = total[measure.name] + measure if measure.name in total else measure
    return {
        "documents": len(golds) - len(refused),
        "by": sorted(by.items()),
        "refused": refused,
        "measures": list(total.values()),
    }


def _read(path: Path) -> Mapping[str, Any]:
    try:
        gold = json.loads(path.read_text("utf-8"))
    except ValueError as problem:
        raise ValueError(f"{path}: cannot be read as JSON ({problem}).") from problem
    if not isinstance(gold, dict):
        raise ValueError(f"{path}: no JSON object.")
    return gold


def _measures(gold: Mapping, parsed: Mapping, lines: list[str]) -> Iterator[Measure]:
    blocks = parsed["paragraphs"]
    wanted = [name for name in _FACTS if gold.get(name)]
    if wanted:
        there = [f"{name}: {_plain(gold[name])}" for name in wanted]
        yield _counted("facts", there, [f"{name}: {_plain(parsed['document'].get(name))}" for name in wanted])
    if "blocks" in gold:
        yield from _of_blocks(gold["blocks"], blocks, lines)
    numbers = [*gold.get("paragraph_numbers", ()), *gold.get("articles", ())]
    if numbers:
        found = Counter(numbers) & Counter(block["number"] for block in blocks)
        yield _counted("numbers", numbers, found.elements())
    if "mentions" in gold:
        yield from _of_mentions(gold["mentions"], parsed["mentions"])
    if gold.get("bodies_complete"):
        canonical = {_bare(body["canonical"]) for body in gold.get("bodies", ())}
        yield _counted("bodies", canonical, {_bare(body["body"]) for body in parsed["bodies"]} - {"联合国"})


def _of_blocks(marked: Iterable[Mapping], blocks: Iterable[Mapping], lines: list[str]) -> Iterator[Measure]:
    """Generates the blocks that begin and end with an annotated line of the source, and the kind of each."""
    by_text = {_plain(block["text"]): block for block in reversed(list(blocks))}
    by_text |= {_plain(f"{block['prefix']}{block['text']}"): block for block in by_text.values()}
    found, kinds = Measure("blocks"), Measure("kinds")
    for mark in marked:
        line = _plain(lines[mark["line"] - 1]) if 0 < mark["line"] <= len(lines) else ""
        block = by_text.get(line)
        if block is None or (block.get("number") or None) != mark.get("number"):
            found.missed.append(line[:60])
            continue
        found.right += 1
        if block["kind"] in mark["kinds"]:
            kinds.right += 1
        else:
            kinds.missed.append(f"{block['anchor']}: {'/'.join(mark['kinds'])}")
            kinds.wrong.append(f"{block['anchor']}: {block['kind']}")
    yield from (found, kinds)


def _of_mentions(marked: Iterable[Mapping], mentions: Iterable[Mapping]) -> Iterator[Measure]:
    """Mentions by the symbol they name, as often as it is named, and the paragraphs that they name."""
    named = [mark for mark in marked if mark.get("kind", "symbol") == "symbol"]
    soft = {_plain(mark["canonical"]) for mark in marked if mark.get("kind", "symbol") != "symbol"}
    certain = [mention for mention in mentions if mention.get("certain", True)]
    ours = [symbol for mention in certain if (symbol := _plain(mention["symbol"])) not in soft]
    yield _counted("mentions", (_plain(mark["canonical"]) for mark in named), ours)
    there = [
        (_plain(m["canonical"]), one) for m in named for p in m.get("paragraphs", ()) for one in _each(p)
    ]
    if there:
        found = [
            (_plain(mention["symbol"]), one)
            for mention in certain
            for one in _each(mention.get("paragraph") or "")
        ]
        kept = Counter(there) & Counter(found)
        yield _counted("pinpoints", map(" ".join, there), (" ".join(pair) for pair in kept.elements()))


def _counted(name: str, there: Iterable[str], ours: Iterable[str]) -> Measure:
    wanted, found = Counter(there), Counter(ours)
    right = wanted & found
    return Measure(
        name, right.total(), sorted((wanted - right).elements()), sorted((found - right).elements())
    )


def _each(paragraphs: Any) -> Iterator[str]:
    """Generates the single paragraphs of ``1-3`` or ``9,11``."""
    for piece in re.split("[,，]", _plain(str(paragraphs))):
        span = re.fullmatch(r"(\d{1,4})-(\d{1,4})", piece)
        yield from map(str, range(int(span[1]), int(span[2]) + 1)) if span else filter(None, (piece,))


def _bare(name: str) -> str:
    """Returns a body's name without 联合国 before it, which documents write or leave out."""
    return _plain(name).removeprefix("联合国") or name


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))
