"""Mentions of resolutions, decisions, documents and acts in running Chinese text."""

from .finder import find_mentions

__all__ = ["find_mentions"]
