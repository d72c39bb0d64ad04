"""What law forbids to show is not exported: of such texts only the fingerprint goes into a bundle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive.text.fingerprint import normal_form
from archive.text.reader import decode_source

# Texts are compared by runs of so many characters, because page headers may stand between two lines.
RUN = 12
Document = tuple[str, str]


def withhold_texts(tables: Mapping[str, list[dict[str, Any]]]) -> dict[Document, list[str]]:
    """Take the words out of the texts that are withheld, or whose document was retired so; returns them by
    document (symbol, language).
    """
    retired = {
        (row["symbol"], row["language"])
        for row in tables["retired_documents"]
        if row["withheld"] and not row["lifted"]
    }
    taken: dict[Document, list[str]] = defaultdict(list)
    for row in tables["issued_texts"]:
        document = (row["symbol"], row["language"])
        if row["withheld"] or document in retired:
            taken[document].append(row["text"])
            row["withheld"], row["text"] = True, None
    return dict(taken)


def shows_withheld(content: bytes, forbidden: Iterable[str]) -> bool:
    """Whether a source holds at least half of the runs of a withheld text. White space does not count.

    Half, because a header between two lines hides a few runs; not one, because documents share phrases.
    """
    texts = [normal_form(text) for text in forbidden]
    if not any(texts):
        return False
    try:
        source = normal_form(decode_source("source", content).text)
    except ValueError:
        return True  # what cannot be read cannot be cleared
    held = {size: set(_runs(source, size)) for size in {min(len(text), RUN) for text in texts if text}}
    return any(_share(text, held) >= 1 / 2 for text in texts if text)


def _share(text: str, held: Mapping[int, set[str]]) -> float:
    runs = list(_runs(text))
    return sum(run in held[min(len(text), RUN)] for run in runs) / len(runs)


def _runs(text: str, size: int = RUN) -> Iterator[str]:
    """Every run of ``size`` characters; a text that is shorter is one run."""
    if text:
        yield from (text[start : start + size] for start in range(max(len(text) - size, 0) + 1))
