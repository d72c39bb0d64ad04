"""Keyword in context: every occurrence of a phrase in its line."""
