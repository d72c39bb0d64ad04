"""Nearness in meaning: paragraphs and queries as vectors of a small model of the language."""
