"""A parsed document as the plain JSON object that ``parse_document`` prints."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from .cells import cell_spans
from .parsed import Kind, ParsedDocument

_LISTS = (
    "paragraphs",
    "mentions",
    "bodies",
    "treaties",
    "own_references",
    "themes",
    "states",
    "dropped",
    "doubts",
)


def as_json(parsed: ParsedDocument) -> dict[str, Any]:
    """``parsed`` as dicts, lists, strings, numbers and None only; its shape is a contract."""
    told = json.loads(json.dumps(msgspec.to_builtins(parsed)))  # tuples as lists
    for block in told["paragraphs"]:
        if block["ocr_confidence"] is None:  # only what was recognized says so
            del block["ocr_confidence"]
        block |= cells_as_json(block["kind"], block["anchor"], block["text"])
    for mention in told["mentions"]:
        if not mention["certain"]:  # it does not count, and says so to whoever counts
            mention["optional"] = True
    for body in told["bodies"]:
        if not body["unconfirmed"]:  # only what is says so
            del body["unconfirmed"]
    return {"document": told["facts"]} | {name: told[name] for name in _LISTS}


def cells_as_json(kind: str, anchor: str, text: str) -> dict[str, Any]:
    """The cells of a row with their anchors and offsets, under ``cells``; nothing for other blocks."""
    if kind != Kind.ROW:
        return {}
    spans = enumerate(cell_spans(text), start=1)
    return {
        "cells": [{"anchor": f"{anchor}.c{at}", "start": start, "end": end} for at, (start, end) in spans]
    }
