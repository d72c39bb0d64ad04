"""What law forbids to show is not exported: of such texts only the fingerprint goes into a bundle."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive.text.reader import decode_source

# So many characters on end are enough to take a source for one that holds the text.
RUN = 12


def withhold_texts(tables: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """Take the words out of the texts that are withheld, or whose document was retired so; returns them."""
    retired = {
        (row["symbol"], row["language"])
        for row in tables["retired_documents"]
        if row["withheld"] and not row["lifted"]
    }
    taken = []
    for row in tables["issued_texts"]:
        if row["withheld"] or (row["symbol"], row["language"]) in retired:
            taken.append(row["text"])
            row["withheld"], row["text"] = True, None
    return taken


def shows_withheld(content: bytes, forbidden: Iterable[str]) -> bool:
    """Whether a source holds a run of any text that is withheld. Rather once too often than once too little.

    White space does not count, so that line ends hide nothing; a page header between two lines cannot hide
    the runs on either side.
    """
    runs = {run for text in forbidden for run in _runs(_squeezed(text))}
    if not runs:
        return False
    try:
        source = _squeezed(decode_source("source", content).text)
    except ValueError:
        return True  # what cannot be read cannot be cleared
    sizes = {len(run) for run in runs}
    return any(not runs.isdisjoint(_runs(source, size)) for size in sizes)


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _runs(text: str, size: int = RUN) -> Iterator[str]:
    """Every run of ``size`` characters; a text that is shorter is one run."""
    if text:
        yield from (text[start : start + size] for start in range(max(len(text) - size, 0) + 1))
