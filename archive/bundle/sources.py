"""Sources as files of the bundle, byte for byte, with their sidecars; named by their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from archive.readers.everything import all_words
from archive.withholding.words import Forbidden, shows_withheld

from .rows import Key, as_key

# A page's file gets no ending: a server would show it as a page, with all that it runs.
KINDS = (".txt", ".md", ".pdf", ".docx", ".doc", ".odt", ".rtf")


# What a restored archive has in the place of a sidecar that a bundle held back: a remark of TOML.
HELD_BACK = "#withheld sha256:"


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8; "" of none. Of a text that a bundle held back, that which it had."""
    if text.startswith(HELD_BACK):
        return text.removeprefix(HELD_BACK).strip()
    return hashlib.sha256(text.encode("utf-8")).hexdigest() if text else ""


def put_sources(
    tables: Mapping[str, Sequence[dict[str, Any]]],
    contents: Mapping[Key, bytes],
    taken: Mapping[Key, Sequence[str]],
    forbidden: Forbidden,
) -> dict[str, bytes]:
    """Make files of the sources and sidecars, bytes by path, and let the rows of ``source_files`` name them.

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
    """Whether the archive has the bytes: one restored from a bundle lacks those that were withheld there."""
    return hashlib.sha256(content).hexdigest() == sha256


def _path(content: bytes, suffix: str) -> str:
    suffix = suffix if suffix in (*KINDS, ".toml") else ""
    return f"sources/{hashlib.sha256(content).hexdigest()}{suffix}"


def with_sources(facts: Mapping[str, Any], told: Callable[[Any], Any]) -> dict[str, Any]:
    """The facts of a retired document, each source to which taking it back returns as ``told`` says; None
    where that is gone.
    """
    changed = dict(facts)
    if "source" in facts:
        changed["source"] = told(facts["source"])
    if "second_originals" in facts:
        seconds = ((told(source), format_) for source, format_ in facts["second_originals"])
        changed["second_originals"] = [[source, format_] for source, format_ in seconds if source is not None]
    return changed


def take_source(bundle: Path, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of ``source_files`` as the columns of the table, bytes and sidecar read from their files."""
    columns = {name: row[name] for name in ("name", "sha256", "received")}
    columns["content"] = (bundle / row["file"]).read_bytes() if row["file"] else b""
    if row["sidecar_file"]:
        columns["sidecar"] = (bundle / row["sidecar_file"]).read_bytes().decode("utf-8")
    else:
        columns["sidecar"] = f"{HELD_BACK}{row['sidecar_sha256']}\n" if row["sidecar_sha256"] else ""
    return columns
