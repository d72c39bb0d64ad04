"""The interface described (OpenAPI 3.1).

Paths come from the routes themselves, words from one table, answers from their types, which tests hold
every answer to. So it says what is: a route without a row, or an answer with another key, is a failing test.
"""

from .description import describe

__all__ = ["describe"]
