"""Completions for the search box, and what is offered beside an answer."""
