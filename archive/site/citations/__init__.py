"""Citations that a briefing can rest on.

``record_for`` makes one plain record of a document, paragraph or range; every form is a function of it:
``styles`` (footnotes of UN documents, GB/T 7714, CSL-JSON, Chicago, OSCOLA), ``reference_files`` (BibTeX,
RIS), ``page_metadata``, ``briefing_sheet``. ``panel`` gathers what a page shows. DERIVATION.md tells where
each field comes from and where the standards are silent.
"""
