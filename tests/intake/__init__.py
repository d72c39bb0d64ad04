"""Tests of every way in: files, fetching, the corpus, the catalogue."""
