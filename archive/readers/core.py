"""A file to what the core parses: the source as ``archive.text`` knows it, parsed also in a child process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import msgspec

from archive.text import errors
from archive.text import reader as core
from archive.text.characters import unified
from archive.text.parsed import ParsedDocument

from .source import Source


def as_core(read: Source, name: str) -> core.Source:
    """The source for ``archive.text.parse_source``. Raises UnreadableSourceError where there is no text."""
    facts = {name: unified(value) for name, value in read.facts.items()}
    return replace(read, text=core.source_of(read.text, name).text, name=name, facts=facts)


def parse_plain(head: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """The child's side: what the core makes of a source, or what it refuses, as values that JSON knows."""
    from archive.text.document import parse_source
    from archive.text.reference import load_reference
    from archive.text.sidecar import corrections_of, sidecar_of, stated_in

    held = corrections_of(head["held"])
    try:
        sidecar = sidecar_of(stated_in(head["stated"]), head["name"])
        source = as_core(Source.of_plain(read), head["name"])
        return {"parsed": asdict(parse_source(source, sidecar, load_reference(), lambda _facts: held))}
    except errors.DocumentError as error:
        return {"error": type(error).__name__, "told": str(error), "more": vars(error)}


def parsed_of(answer: Mapping[str, Any]) -> ParsedDocument:
    """The parent's side: the document that ``parse_plain`` told. Raises the DocumentError that it met."""
    if "error" in answer:
        kind: type[errors.DocumentError] = getattr(errors, answer["error"])
        error = kind.__new__(kind, answer["told"])
        vars(error).update(answer["more"])
        raise error
    return msgspec.convert(answer["parsed"], ParsedDocument)
