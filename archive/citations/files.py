"""The files of a citation: what each is called, holds and is served as."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .bibtex import bibtex
from .csl import csl_item
from .record import Record
from .ris import ris


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the end of its address, its name for readers, its media type, and how it is written."""

    ending: str
    label: str
    media_type: str
    write: Callable[[Record], str]


def csl_json(record: Record) -> str:
    """A CSL-JSON file: a list of one item."""
    return collected("csl.json", [record])


FILES = {
    kind.ending: kind
    for kind in (
        FileKind("ris", "RIS", "application/x-research-info-systems", ris),
        FileKind("bib", "BibTeX", "application/x-bibtex", bibtex),
        FileKind("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
    )
}


def collected(ending: str, records: Sequence[Record]) -> str:
    """One file of many records."""
    if ending == "csl.json":
        return json.dumps([csl_item(record) for record in records], ensure_ascii=False, indent=1) + "\n"
    return "\n".join(FILES[ending].write(record) for record in records)
