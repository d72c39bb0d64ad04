"""The pages of a bundle: plain HTML that works from a disk, made of the same rows as the data beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from . import blocks
from .paths import cited_page, document_page, place
from .searching import search_files
from .snapshot import Row, Snapshot

FILES = Path(__file__).resolve().parent / "files"
# Site's sheet first, so that a page looks as it did.
COPIED = {
    "static/site.css": Path(settings.BASE_DIR) / "static" / "css" / "site.css",
    "static/bundle.css": FILES / "bundle.css",
    "static/search.js": FILES / "search.js",
}
CITES_NOTHING = "heading"


def pages(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Every page, script and style sheet: (path, text)."""
    for path, file in COPIED.items():
        yield path, file.read_text("utf-8")
    searching = search_files(snapshot)
    yield from searching
    yield (
        "search.html",
        _page("search", "", files=len(searching) - 1, paragraphs=len(snapshot.tables["paragraphs"])),
    )
    cited = _citing(snapshot)
    yield "index.html", _index(snapshot, cited)
    yield from _documents(snapshot, cited)
    yield from _cited(snapshot, cited)


def _page(template: str, root: str, **context: object) -> str:
    """A page; ``root`` leads from its folder to that of the bundle."""
    return render_to_string(f"bundle/{template}.html", {"root": root, **context})


def _index(snapshot: Snapshot, cited: dict[str, list[Row]]) -> str:
    figures = snapshot.figures()
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    for row in snapshot.tables["paragraphs"]:
        counts[tuple(row["document"])] += 1
    documents = [
        blocks.document_line(row, counts[row["symbol"], row["language"]])
        for row in snapshot.tables["documents"]
    ]
    documents.sort(key=lambda line: line.sort_date, reverse=True)
    held = {row["symbol"] for row in snapshot.tables["documents"]}
    gone = sorted({row["symbol"] for row in snapshot.tables["retired_documents"] if not row["lifted"]} - held)
    family = [
        {**row, "page": cited_page(row["symbol"]), "count": len(cited[row["symbol"]])}
        for row in snapshot.tables["resolutions"]
        if row["symbol"] in cited
    ]
    others = sorted(cited.keys() - {row["symbol"] for row in snapshot.tables["resolutions"]})
    return _page(
        "index",
        "",
        documents=documents,
        figures=figures,
        changed=snapshot.changed[:10],
        gone=[(symbol, document_page(symbol)) for symbol in gone],
        family=family,
        others=[(symbol, cited_page(symbol), len(cited[symbol])) for symbol in others],
    )


def _documents(snapshot: Snapshot, cited: dict[str, list[Row]]) -> Iterator[tuple[str, str]]:
    """A page for every symbol that was ever public: what is held, what was withdrawn, and other symbols."""
    library = blocks.Library(snapshot.tables)
    symbols = {(row["symbol"], row["language"]) for row in snapshot.tables["documents"]}
    for symbol, language in sorted(symbols | library.once_public()):
        path = document_page(symbol, language)
        context = library.document(symbol, language)
        if cited.get(symbol):
            context["cited_by"] = (place(cited_page(symbol)), len(cited[symbol]))
        yield path, _page("document", "../", **context)
    for alias in snapshot.tables["symbol_aliases"]:
        path = document_page(alias["symbol"])
        target = tuple(alias["document"])
        if (alias["symbol"], "zh") not in symbols:
            yield (
                path,
                _page(
                    "alias", "../", symbol=alias["symbol"], now=target[0], to=place(document_page(*target))
                ),
            )


def _citing(snapshot: Snapshot) -> dict[str, list[Row]]:
    """Symbol → the paragraphs that cite it as the site counts: certainly, in running text."""
    paragraphs = {(*row["document"], row["anchor"]): row for row in snapshot.tables["paragraphs"]}
    citing: dict[str, dict[tuple[str, ...], Row]] = defaultdict(dict)
    for mention in snapshot.tables["mentions"]:
        key = tuple(mention["paragraph"])
        cites = mention["certain"] and not mention["in_body_name"]
        if cites and paragraphs[key]["kind"] != CITES_NOTHING:
            citing[mention["symbol"]][key] = paragraphs[key]
    return {symbol: list(rows.values()) for symbol, rows in citing.items()}


def _cited(snapshot: Snapshot, cited: dict[str, list[Row]]) -> Iterator[tuple[str, str]]:
    held = {row["symbol"] for row in snapshot.tables["documents"]}
    names = blocks.paragraph_names(snapshot.tables["paragraphs"])
    for symbol, rows in sorted(cited.items()):
        context = {
            "symbol": symbol,
            "held": place(document_page(symbol)) if symbol in held else "",
            "paragraphs": [
                (
                    row,
                    names[*row["document"], row["anchor"]],
                    place(document_page(*row["document"]), row["anchor"]),
                )
                for row in rows
            ],
        }
        yield cited_page(symbol), _page("cited", "../", **context)
