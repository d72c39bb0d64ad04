"""A file to what the core parses: the source as ``archive.text`` knows it."""

from __future__ import annotations

from dataclasses import replace

from archive.text import reader as core
from archive.text.characters import unified

from .source import Source


def as_core(read: Source, name: str) -> core.Source:
    """The source for ``archive.text.parse_source``. Raises UnreadableSourceError where there is no text."""
    facts = {name: unified(value) for name, value in read.facts.items()}
    return replace(core.source_of(read.text, name), evidence=read.evidence, facts=facts, notes=read.notes)
