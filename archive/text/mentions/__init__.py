"""Mentions of resolutions, decisions, documents, acts, treaties and own paragraphs in Chinese text."""

from .finder import find_mentions
from .own import find_own_references
from .treaties import find_treaties

__all__ = ["find_mentions", "find_own_references", "find_treaties"]
