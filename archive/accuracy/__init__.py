"""Accuracy of the parser, measured against human annotations of the bundled documents.

``gold`` reads the annotations (``fixtures/gold``), ``measures`` compares one document, ``report`` puts the
run of a build together and keeps it where the site reads it.
"""

from .annotated import measure_folder
from .measures import Measure, gold_of, measure_document
from .report import measure_all, publish, published

__all__ = ["Measure", "gold_of", "measure_all", "measure_document", "measure_folder", "publish", "published"]
