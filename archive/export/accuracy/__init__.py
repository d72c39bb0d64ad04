"""Accuracy of the parser, measured against human annotations of the bundled documents.

``measures`` compares one document with its annotations (``fixtures/gold``); ``report`` puts all together in
``fixtures/accuracy.json``, which the page shows.
"""

from .measures import Measure, gold_of, measure_document
from .report import measure_all

__all__ = ["Measure", "gold_of", "measure_all", "measure_document"]
