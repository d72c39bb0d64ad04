"""Reads the whole archive at one moment, as plain rows and files. Nothing behind this reads the database."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from django.db import models
from django.db.models import DateTimeField

from archive.export.tables import BY_MODEL, HISTORY, HOLDINGS, TABLES, Table
from archive.models import SourceFile
from archive.readers.everything import all_words
from archive.store.database.bulk import one_moment
from archive.store.ingest.facts import KEPT_OUT
from archive.store.withholding.words import WORDLESS, Forbidden, forbidden_words, shows_withheld
from archive.text.formats import BY_SUFFIX

Row = dict[str, Any]
Key = tuple[Any, ...]
Document = tuple[str, str]
Tables = Mapping[str, list[Row]]


@dataclass
class Snapshot:
    """``tables``: rows by table, as they are written. ``files``: sources and sidecars, bytes by path.
    ``revoked``: the addresses whose words are withheld."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    revoked: list[Row] = field(default_factory=list)

    @property
    def changed(self) -> str:
        """The newest time in the archive's rows; "" where it is empty. Where a clock was ahead at an earlier
        act, times after the last act's are ignored.
        """
        times = {row[name] for table, name in CHANGES for row in self.tables[table] if row[name]}
        acts = [
            (row[f"{name}_revision"], row[name])
            for row in self.tables["issued_texts"]
            for name in ("since", "until")
            if row[f"{name}_revision"]
        ]
        last = max(acts, default=(0, ""))[1]
        if any(time > last for _revision, time in acts):
            times = {time for time in times if time <= last}
        return max(times, default="")

    def figures(self) -> dict[str, int]:
        return {name: len(rows) for name, rows in self.tables.items()}


# Where a time says that something public changed.
CHANGES = [
    (table.name, column.name)
    for table in (*HOLDINGS, *HISTORY)
    for column in table.columns
    if isinstance(column, DateTimeField) and (table in HOLDINGS or not table.private)
]


def read_archive() -> Snapshot:
    """Returns the archive as it is now, without the words that are withheld."""
    with one_moment():
        forbidden = forbidden_words()
        snapshot = Snapshot({table.name: _rows(table) for table in TABLES})
        sources = SourceFile.objects.values_list("pk", "name", "sha256", "sidecar", "content")
        names, contents = {}, {}
        for key, name, sha256, sidecar, content in sources:
            names[key] = (name, sha256, digest(sidecar))
            contents[names[key]] = bytes(content)
    for row in snapshot.tables["retired_documents"]:
        row["facts"] = with_sources(row["facts"], lambda source: as_json(names.get(source)))
    taken = withhold_texts(snapshot.tables, forbidden)
    snapshot.revoked = list(revocations(snapshot.tables))
    snapshot.files = put_sources(snapshot.tables, contents, taken, forbidden)
    return snapshot


def _rows(table: Table) -> list[Row]:
    """Returns the rows of a table in their order; a reference as what names the row that it refers to."""
    naming = {
        column.name: list(_spelt(table, [column.name], lambda other: other.key))
        for column in table.columns
        if column.is_relation
    }
    order = list(_spelt(table, _order(table), _order))
    paths = {path for parts in (order, *naming.values()) for path, _told in parts}
    read = list(table.rows.order_by("pk").values(*paths.union(column.attname for column in table.columns)))
    read.sort(key=lambda values: [told(values[path]) for path, told in order])
    return [
        {
            column.name: plain(column, values[column.attname])
            if column.name not in naming or values[column.attname] is None
            else as_json(tuple(told(values[path]) for path, told in naming[column.name]))
            for column in table.columns
        }
        for values in read
    ]


def _order(table: Table) -> tuple[str, ...]:
    return table.order or table.key


def _spelt(
    table: Table, names: Iterable[str], way: Callable[[Table], tuple[str, ...]]
) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Generates the columns ``names`` as paths of a query, each with its conversion to JSON; a reference as
    the columns of its table that ``way`` returns.
    """
    columns = {column.name: column for column in table.columns}
    for name in names:
        if columns[name].is_relation:
            other = BY_MODEL[columns[name].related_model]
            yield from ((f"{name}__{path}", told) for path, told in _spelt(other, way(other), way))
        else:
            yield name, digest if name in table.digested else partial(plain, columns[name])


# Sources as files of the bundle, byte for byte, with their sidecars; named by their digests.
# A page's file gets no ending: a server would show it as a page, with all that it runs.
ENDINGS = frozenset((".toml", *(suffix for suffix, one in BY_SUFFIX.items() if not one.runs)))
# What a restored archive has in the place of a sidecar that a bundle held back: a remark of TOML.
HELD_BACK = "#withheld sha256:"


def digest(text: str) -> str:
    """Returns the SHA-256 of a text in UTF-8; "" of none. Of a redacted text, that which it had."""
    if text.startswith(HELD_BACK):
        return text.removeprefix(HELD_BACK).strip()
    return hashlib.sha256(text.encode("utf-8")).hexdigest() if text else ""


def put_sources(
    tables: Mapping[str, Sequence[dict[str, Any]]],
    contents: Mapping[Key, bytes],
    taken: Mapping[Key, Sequence[str]],
    forbidden: Forbidden,
) -> dict[str, bytes]:
    """Makes files of the sources and sidecars, bytes by path, and lets the rows of ``source_files`` name
    them.

    A source that holds words ``taken`` (by document) from its own document, or from any where no document
    that is held came from it, is named by its digest alone (``file`` null); so is one, and a sidecar, that
    holds a ``forbidden`` run.
    """
    files: dict[str, bytes] = {}
    own: dict[Key, list[str]] = {}
    for row in tables["documents"]:
        own.setdefault(as_key(row["source"]), []).extend(taken.get((row["symbol"], row["language"]), ()))
    for row in tables["second_originals"]:
        own.setdefault(as_key(row["source"]), []).extend(taken.get(as_key(row["document"]), ()))
    every = [text for texts in taken.values() for text in texts]
    for row in tables["source_files"]:
        sidecar = row.pop("sidecar")
        key = (row["name"], row["sha256"], digest(sidecar))
        content = contents[key]
        row |= {"sidecar_sha256": key[2], "file": None, "sidecar_file": None}
        held_back = shows_withheld(content, own.get(key, every)) or _holds(content, forbidden)
        if _is_whole(content, row["sha256"]) and not held_back:
            row["file"] = _path(content, PurePath(row["name"]).suffix.lower())
            files[row["file"]] = content
        if sidecar and not sidecar.startswith(HELD_BACK) and not forbidden.found_in(sidecar):
            row["sidecar_file"] = _path(sidecar.encode("utf-8"), ".toml")
            files[row["sidecar_file"]] = sidecar.encode("utf-8")
    return files


def _holds(content: bytes, forbidden: Forbidden) -> bool:
    if not forbidden:
        return False
    try:
        return bool(forbidden.found_in(all_words(content)))
    except ValueError:
        return True  # what cannot be read cannot be cleared


def _is_whole(content: bytes, sha256: str) -> bool:
    """Returns True if the bytes match the digest: an archive restored from a bundle lacks withheld ones."""
    return hashlib.sha256(content).hexdigest() == sha256


def _path(content: bytes, suffix: str) -> str:
    suffix = suffix if suffix in ENDINGS else ""
    return f"sources/{hashlib.sha256(content).hexdigest()}{suffix}"


def with_sources(facts: Mapping[str, Any], told: Callable[[Any], Any]) -> dict[str, Any]:
    """Returns the facts of a retired document with ``told`` applied to each source that a restoration needs;
    None where that is gone.
    """
    changed = dict(facts)
    if "source" in facts:
        changed["source"] = told(facts["source"])
    if "second_originals" in facts:
        seconds = ((told(source), format_) for source, format_ in facts["second_originals"])
        changed["second_originals"] = [[source, format_] for source, format_ in seconds if source is not None]
    return changed


def take_source(bundle: Path, row: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a row of ``source_files`` as columns, bytes and sidecar read from their files."""
    columns = {name: row[name] for name in ("name", "sha256", "received")}
    columns["content"] = (bundle / row["file"]).read_bytes() if row["file"] else b""
    if row["sidecar_file"]:
        columns["sidecar"] = (bundle / row["sidecar_file"]).read_bytes().decode("utf-8")
    else:
        columns["sidecar"] = f"{HELD_BACK}{row['sidecar_sha256']}\n" if row["sidecar_sha256"] else ""
    return columns


# A row is an object of its columns by name. A reference to another row is what names that row for ever, never
# a number of the database: a document is ["S/2010/52", "zh"], a paragraph ["S/2010/52", "zh", "14"].


def plain(field: models.Field, value: Any) -> Any:
    """Returns a column's value as JSON. Times are in UTC, with microseconds."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(field, models.JSONField):
        return json.loads(json.dumps(value, sort_keys=True))
    return value


def line(row: dict[str, Any]) -> str:
    """Returns one line of a JSONL file."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def as_json(key: Key | None) -> Any:
    """Returns a reference: null, the one word that names a row, or the list of them."""
    if key is None:
        return None
    return key[0] if len(key) == 1 else list(key)


def as_key(reference: Any) -> Key:
    """Returns a reference as read from JSON, which is not null, as a key."""
    return tuple(reference) if isinstance(reference, list) else (reference,)


# What law forbids to show is not exported: of such texts only the fingerprint goes into a bundle, and the
# list of them, by which whoever has an older bundle learns what to show no more.

# Of every other table each column is shown on the site, or is taken care of below.
HIDDEN_COLUMNS = {
    "documents": ("parsed_facts", "corrections", "doubts"),
    "import_outcomes": ("file_name", "reason"),
}


def withhold_texts(tables: Tables, forbidden: Forbidden) -> dict[Document, list[str]]:
    """Redacts texts that are withheld, or whose document is retired and withheld, and all facts about them;
    returns the removed words by document (symbol, language).
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
    """Returns the documents that are retired so, and when."""
    return {
        (row["symbol"], row["language"]): row["at"]
        for row in tables["retired_documents"]
        if row["withheld"] and not row["lifted"]
    }


def _without_words(facts: Mapping[str, Any]) -> Row:
    """Returns the facts of a retired document without those that contain its words."""
    kept = {name: value for name, value in facts.items() if name in WORDLESS}
    out = (facts.get("corrections") or {}).get(KEPT_OUT)
    return kept | {"corrections": {KEPT_OUT: out} if out else {}}


def revocations(tables: Tables) -> Iterator[Row]:
    """Generates every address whose words are withheld, in order: symbol, language, anchor, fingerprint, and
    since when (``since``), as far as the rows tell: when the document, or a paragraph of it, was withdrawn.
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
