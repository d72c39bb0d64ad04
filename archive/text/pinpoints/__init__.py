"""Pinpoints: which paragraphs of a document are meant. One grammar for documents, citations and readers.

``Pinpoint`` is the value; ``grammar`` reads Chinese running text, ``english`` footnotes.
"""
