"""Sets documents on pages: the stored structure of a document as PDF files in seeded layouts.

``writer`` writes a PDF of strings at places, ``setter`` breaks blocks into lines and pages, ``browser``
prints them by Chromium; ``python -m tests.pages_set`` reads all back and prints how well (``make layouts``).
"""
