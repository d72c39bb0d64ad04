"""What was recognized in pictures: how sure the program was of each paragraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .lines import Evidence
from .parsed import ParsedParagraph


def mark_recognized(
    paragraphs: Sequence[ParsedParagraph], evidence: Mapping[int, Evidence]
) -> tuple[ParsedParagraph, ...]:
    """``paragraphs`` with the mean confidence of their lines in whole per cent, where any was recognized.

    Lines between that are the page's own do not count.
    """
    if not any(known.confidence is not None for known in evidence.values()):
        return tuple(paragraphs)
    return tuple(replace(one, ocr_confidence=_confidence_of(one, evidence)) for one in paragraphs)


def _confidence_of(paragraph: ParsedParagraph, evidence: Mapping[int, Evidence]) -> int | None:
    first, last = paragraph.lines
    known = (evidence.get(line) for line in range(first, last + 1))
    told = [one.confidence for one in known if one and one.confidence is not None and not one.furniture]
    return int(sum(told) / len(told)) if told else None
