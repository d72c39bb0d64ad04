"""Concordance (keyword in context, KWIC): every occurrence of a phrase in its line."""
