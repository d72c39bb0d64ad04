"""Answers of a search as values, pages, JSON, tables and feeds."""
