"""Sources as files of the bundle, byte for byte, with their sidecars; named by their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from .rows import Key, as_json, as_key
from .withheld import shows_withheld

KINDS = (".txt", ".md")


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8; "" of none."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest() if text else ""


def put_sources(
    tables: Mapping[str, Sequence[dict[str, Any]]],
    contents: Mapping[Key, bytes],
    forbidden: Mapping[Key, Sequence[str]],
) -> dict[str, bytes]:
    """Make files of the sources and sidecars, bytes by path, and let the rows of ``source_files`` name them.

    A source that holds ``forbidden`` words (by document) of its own document, or of any where no document
    that is held came from it, is named by its digest alone (``file`` null).
    """
    files: dict[str, bytes] = {}
    own: dict[Key, list[str]] = {}
    for row in tables["documents"]:
        own.setdefault(as_key(row["source"]), []).extend(forbidden.get((row["symbol"], row["language"]), ()))
    every = [text for texts in forbidden.values() for text in texts]
    for row in tables["source_files"]:
        sidecar = row.pop("sidecar")
        key = (row["name"], row["sha256"], digest(sidecar))
        content = contents[key]
        row |= {"sidecar_sha256": key[2], "file": None, "sidecar_file": None}
        if _is_whole(content, row["sha256"]) and not shows_withheld(content, own.get(key, every)):
            row["file"] = _path(content, PurePath(row["name"]).suffix.lower())
            files[row["file"]] = content
        if sidecar:
            row["sidecar_file"] = _path(sidecar.encode("utf-8"), ".toml")
            files[row["sidecar_file"]] = sidecar.encode("utf-8")
    return files


def _is_whole(content: bytes, sha256: str) -> bool:
    """Whether the archive has the bytes: one restored from a bundle lacks those that were withheld there."""
    return hashlib.sha256(content).hexdigest() == sha256


def _path(content: bytes, suffix: str) -> str:
    suffix = suffix if suffix in (*KINDS, ".toml") else ""
    return f"sources/{hashlib.sha256(content).hexdigest()}{suffix}"


def name_sources(retired: Iterable[dict[str, Any]], names: Mapping[int, Key]) -> None:
    """In the facts of retired documents, name the source to which taking them back returns."""
    for row in retired:
        if "source" in row["facts"]:
            row["facts"]["source"] = as_json(names.get(row["facts"]["source"]))


def number_source(facts: Mapping[str, Any], numbers: Mapping[Key, int]) -> dict[str, Any]:
    """The facts of a retired document as the archive keeps them, with the number of the source's row."""
    named = as_key(facts.get("source"))
    return {**facts, "source": numbers[named] if named else None} if "source" in facts else dict(facts)


def take_source(bundle: Path, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of ``source_files`` as the columns of the table, bytes and sidecar read from their files."""
    columns = {name: row[name] for name in ("name", "sha256", "received")}
    columns["content"] = (bundle / row["file"]).read_bytes() if row["file"] else b""
    columns["sidecar"] = (
        (bundle / row["sidecar_file"]).read_bytes().decode("utf-8") if row["sidecar_file"] else ""
    )
    return columns
