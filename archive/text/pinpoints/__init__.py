"""Pinpoints: which paragraphs of a document are meant. One grammar for documents, citations and readers.

``Pinpoint`` is the value; ``grammar`` reads Chinese running text, ``english`` footnotes.
"""

from .anchors import LONGEST_RANGE, PART, Anchors, numbered_as, occurrence_told_by, split_part, split_place
from .grammar import paragraphs_after, pinpoint_after, pinpoints_of_each
from .value import (
    Pinpoint,
    Place,
    endings,
    english_pinpoint_beside,
    find_english_pinpoint,
    split_pinpoint,
)

__all__ = [
    "LONGEST_RANGE",
    "PART",
    "Anchors",
    "Pinpoint",
    "Place",
    "endings",
    "english_pinpoint_beside",
    "find_english_pinpoint",
    "numbered_as",
    "occurrence_told_by",
    "paragraphs_after",
    "pinpoint_after",
    "pinpoint_anchors",
    "pinpoints_of_each",
    "split_part",
    "split_pinpoint",
    "split_place",
]


def pinpoint_anchors(pinpoint: str | None) -> list[str]:
    """The anchors that a pinpoint in its canonical form names; none for None, and for what is no pinpoint."""
    try:
        return Pinpoint.parse(pinpoint).anchors if pinpoint else []
    except ValueError:
        return []
