"""How much of a document comes back from its pages, and what does not."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from archive.readers import read_file
from archive.text.document import parse_source
from archive.text.reader import Source
from archive.text.reference import load_reference
from archive.text.sidecar import Sidecar, read_sidecar, sidecar_beside

from .copy import blocks_of, sources

Block = tuple[str | None, str, str]


def read_back(name: str, data: bytes) -> tuple[Block, ...]:
    """The blocks of the PDF ``data`` of the document ``name``, by the way that an import goes."""
    source = read_file(data, f"{name}.pdf")
    beside = sidecar_beside(sources()[name])
    sidecar = read_sidecar(beside) if beside else Sidecar()
    return blocks_of(parse_source(Source(source.text, source.evidence, name=name), sidecar, load_reference()))


def score(expected: Sequence[Block], found: Sequence[Block]) -> tuple[float, list[str]]:
    """The share of blocks that came back, in order, with their number, kind and text; and the others."""
    matcher = difflib.SequenceMatcher(None, expected, found, autojunk=False)
    same = sum(size for _, _, size in matcher.get_matching_blocks())
    report = []
    for what, i, j, k, n in matcher.get_opcodes():
        if what != "equal":
            report += [f"- {_told(block)}" for block in expected[i:j]]
            report += [f"+ {_told(block)}" for block in found[k:n]]
    return 2 * same / ((len(expected) + len(found)) or 1), report


def _told(block: Block) -> str:
    number, kind, text = block
    text = text.replace("\n", "/")
    return f"{kind} {number or ''} {text if len(text) < 90 else text[:44] + '…' + text[-44:]}"
