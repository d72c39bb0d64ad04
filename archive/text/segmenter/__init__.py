"""The segmenter: from blocks to paragraphs with kind, number, parent, anchor, speaker and submitter."""

from .segment import Segmented, segment

__all__ = ["Segmented", "segment"]
