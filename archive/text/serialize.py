"""A parsed document as the plain JSON object that ``parse_document`` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .cells import cell_spans
from .parsed import Kind, ParsedBody, ParsedDocument, ParsedMention, ParsedParagraph


def as_json(parsed: ParsedDocument) -> dict[str, Any]:
    """``parsed`` as dicts, lists, strings, numbers and None only; its shape is a contract."""
    return {
        "document": _plain(asdict(parsed.facts)),
        "paragraphs": [_paragraph(paragraph) for paragraph in parsed.paragraphs],
        "mentions": [_mention(mention) for mention in parsed.mentions],
        "bodies": [_body(body) for body in parsed.bodies],
        "treaties": [asdict(treaty) for treaty in parsed.treaties],
        "own_references": [asdict(reference) for reference in parsed.own_references],
        "themes": [asdict(theme) for theme in parsed.themes],
        "states": [asdict(state) for state in parsed.states],
        "dropped": [asdict(line) for line in parsed.dropped],
        "doubts": [asdict(doubt) for doubt in parsed.doubts],
    }


def _paragraph(paragraph: ParsedParagraph) -> dict[str, Any]:
    values = _plain(asdict(paragraph))
    if paragraph.ocr_confidence is None:  # only what was recognized says so
        del values["ocr_confidence"]
    return values | cells_as_json(paragraph.kind, paragraph.anchor, paragraph.text)


def cells_as_json(kind: str, anchor: str, text: str) -> dict[str, Any]:
    """The cells of a row with their anchors and offsets, under ``cells``; nothing for other blocks."""
    if kind != Kind.ROW:
        return {}
    spans = enumerate(cell_spans(text), start=1)
    return {
        "cells": [{"anchor": f"{anchor}.c{at}", "start": start, "end": end} for at, (start, end) in spans]
    }


def _mention(mention: ParsedMention) -> dict[str, Any]:
    """A mention that is not certain does not count, and says so to whoever counts."""
    return _plain(asdict(mention)) | ({} if mention.certain else {"optional": True})


def _body(body: ParsedBody) -> dict[str, Any]:
    """Only what is unconfirmed says so."""
    return {key: value for key, value in asdict(body).items() if key != "unconfirmed" or value}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Tuples as lists and enumeration members as their values."""
    return {key: _value(value) for key, value in values.items()}


def _value(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return _plain(value)
    return str(value) if isinstance(value, str) else value
