"""Citations that a briefing can rest on.

``record_for`` makes one plain record of a document, paragraph or range; every form is a function of it:
``un`` (footnotes of UN documents), ``gbt7714``, ``processor`` (Chicago, OSCOLA), ``ris``, ``bibtex``,
``csl``, ``harvest`` (meta tags, JSON-LD). ``panel`` gathers what a page shows. DERIVATION.md tells
where each field comes from and where the standards are silent.
"""

from .build import record_for, records_for
from .files import FILES
from .forms import forms
from .panel import Panel, panel
from .pinpoints import place_of
from .record import Record

__all__ = ["FILES", "Panel", "Record", "forms", "panel", "place_of", "record_for", "records_for"]
