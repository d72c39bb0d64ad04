"""Whoosh as the engine, behind Haystack: what holds the postings, and reads and writes them."""
