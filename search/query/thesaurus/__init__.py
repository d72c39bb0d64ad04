"""Thesaurus for query expansion: the terms to search in addition to a word, their kinds and weights."""
