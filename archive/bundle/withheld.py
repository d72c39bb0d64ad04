"""What law forbids to show is not exported: of such texts only the fingerprint goes into a bundle, and the
list of them, by which whoever has an older bundle learns what to show no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from archive.ingest.suppressed import KEPT_OUT
from archive.withholding.withheld import WORDLESS
from archive.withholding.words import Forbidden

Document = tuple[str, str]
Row = dict[str, Any]
Tables = Mapping[str, list[Row]]
# Of every other table each column is shown on the site, or is taken care of below.
HIDDEN_COLUMNS = {
    "documents": ("parsed_facts", "corrections", "doubts"),
    "import_outcomes": ("file_name", "reason"),
}


def withhold_texts(tables: Tables, forbidden: Forbidden) -> dict[Document, list[str]]:
    """Take the words out of the texts that are withheld, or whose document was retired so, and out of all
    that is told of these; returns the words by document (symbol, language).
    """
    retired = _retired(tables)
    taken: dict[Document, list[str]] = defaultdict(list)
    for row in tables["issued_texts"]:
        document = (row["symbol"], row["language"])
        if row["withheld"] or document in retired:
            taken[document].append(row["text"])
            row["withheld"], row["text"] = True, None
    for row in tables["retired_documents"]:
        if (row["symbol"], row["language"]) in retired and row["withheld"]:
            row["facts"] = _without_words(row["facts"])
        else:
            row["facts"] = forbidden.cleaned(row["facts"])
    for table, columns in HIDDEN_COLUMNS.items():
        for row in tables[table]:
            row |= {name: forbidden.cleaned(row[name]) for name in columns}
    return dict(taken)


def _retired(tables: Tables) -> dict[Document, str]:
    """The documents that are retired so, and when."""
    return {
        (row["symbol"], row["language"]): row["at"]
        for row in tables["retired_documents"]
        if row["withheld"] and not row["lifted"]
    }


def _without_words(facts: Mapping[str, Any]) -> Row:
    """The facts of a retired document that hold none of its words."""
    kept = {name: value for name, value in facts.items() if name in WORDLESS}
    out = (facts.get("corrections") or {}).get(KEPT_OUT)
    return kept | {"corrections": {KEPT_OUT: out} if out else {}}


def revocations(tables: Tables) -> Iterator[Row]:
    """Every address whose words are withheld, in order: symbol, language, anchor, fingerprint, and since when
    (``since``), as far as the rows tell: when the document, or a paragraph of it, was withdrawn.
    """
    retired = _retired(tables)
    rows = [row for row in tables["issued_texts"] if row["withheld"]]
    decided: dict[Document, list[str]] = defaultdict(list)
    for row in rows:
        if row["until"] and row["cause"] == "withdrawn":
            decided[row["symbol"], row["language"]].append(row["until"])
    told = {}
    for row in rows:
        document = (row["symbol"], row["language"])
        later = [moment for moment in decided[document] if moment >= (row["until"] or "")]
        since = min(later, default=retired.get(document) or row["until"])
        told[(*document, row["anchor"], row["fingerprint"])] = since
    for key in sorted(told):
        yield dict(zip(("symbol", "language", "anchor", "fingerprint"), key, strict=True)) | {
            "since": told[key]
        }
