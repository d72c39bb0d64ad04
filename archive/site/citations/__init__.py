"""Citations that a briefing can rest on.

``record_for`` makes one plain record of a document, paragraph or range; every form is a function of it:
``styles`` (footnotes of UN documents, GB/T 7714, CSL-JSON, Chicago, OSCOLA), ``reference_files`` (BibTeX,
RIS), ``page_metadata``, ``briefing_sheet``. ``panel`` gathers what a page shows. DERIVATION.md tells where
each field comes from and where the standards are silent.
"""

from .build import record_at, record_for, records_for
from .forms import Panel, forms, panel
from .in_english import address_in_english
from .pinpoints import place_of
from .record import Record
from .reference_files import FILES

__all__ = [
    "FILES",
    "Panel",
    "Record",
    "address_in_english",
    "forms",
    "panel",
    "place_of",
    "record_for",
    "record_at",
    "records_for",
]
