"""Which bodies a document names, and where."""

from .finder import find_bodies

__all__ = ["find_bodies"]
