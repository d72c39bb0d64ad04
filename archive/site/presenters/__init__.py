"""Between the models and the templates: words, links, excerpts, contents, citations, JSON values.

Functions here take models or plain values and return plain values; none of them asks the database.
"""
