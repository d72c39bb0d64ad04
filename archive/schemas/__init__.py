"""The answers of the interface as types: what a view gives, and what ``/openapi.json`` says of it.

A name whose value may be unknown is always there, with null; what is left out in some answers is ``UNSET``.
"""

from .base import Schema, answers

__all__ = ["Schema", "answers"]
