"""Pinpoints: which paragraphs of a document are meant. One grammar for documents, citations and readers.

``Pinpoint`` is the value; ``grammar`` reads Chinese running text, ``english`` footnotes.
"""

from .anchors import LONGEST_RANGE, PART, Anchors, numbered_as, occurrence_told_by, split_part, split_place
from .english import find_english
from .grammar import paragraphs_after, pinpoint_after, pinpoints_of_each, sub_levels
from .value import (
    Pinpoint,
    Place,
    endings,
    english_pinpoint_beside,
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
    "find_english",
    "numbered_as",
    "occurrence_told_by",
    "paragraphs_after",
    "pinpoint_after",
    "pinpoint_anchors",
    "pinpoints_of_each",
    "split_part",
    "split_pinpoint",
    "split_place",
    "sub_levels",
]


def pinpoint_anchors(pinpoint: str | None) -> list[str]:
    """The anchors that a pinpoint in its canonical form names; none for None, and for what is no pinpoint."""
    try:
        return Pinpoint.parse(pinpoint).anchors if pinpoint else []
    except ValueError:
        return []
