"""Pinpoints: from the paragraphs as cited (``3(a)``, ``9,11``, ``1-3``) to anchors."""

from archive.text.mentions.ranges import LONGEST_RANGE, pinpoint_anchors

__all__ = ["LONGEST_RANGE", "pinpoint_anchors"]
