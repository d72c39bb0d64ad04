"""Thirty pages with citations: texts, and the links that they must have."""

from __future__ import annotations

from tests.tables import rows_from

Row = tuple[str, list[tuple[str, str]]]


def _row(text: str, links: tuple, resolution: tuple[str, str], document: str) -> Row:
    written, number = resolution
    address = written.replace(" ", "").replace("（", "(").replace("）", ")")

    def filled(words: str) -> str:
        return (
            words.replace("{R}", written)
            .replace("{r}", address)
            .replace("{N}", number)
            .replace("{D}", document)
        )

    return filled(text), [(filled(words), filled(path)) for words, path in links]


def _pages() -> list[list[Row]]:
    rows, resolutions, documents = (
        rows_from(__name__, name) for name in ("CITATIONS", "RESOLUTIONS", "DOCUMENTS")
    )
    every = [
        _row(text, links, resolution, document)
        for resolution, document in zip(resolutions, documents, strict=True)
        for text, links in rows
    ]
    return [every[at::30] for at in range(30)]


PAGES = _pages()
NOTHING = rows_from(__name__, "NOTHING")  # texts without a citation
MARKUP = rows_from(__name__, "MARKUP")  # and the addresses of its links
