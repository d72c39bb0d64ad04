"""Answering conditions from postings: scores, order, page, facets; the same for every engine."""
