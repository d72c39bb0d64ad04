"""The segmenter: from blocks to paragraphs with kind, number, parent, anchor, speaker and submitter."""

from .corrections import KINDS, is_number, numbers_inside, speaker_printed, unfit
from .segment import Segmented, segment

__all__ = ["KINDS", "Segmented", "is_number", "numbers_inside", "segment", "speaker_printed", "unfit"]
