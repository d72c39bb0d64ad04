"""The sidecar ``NAME.toml`` beside a source: metadata that the text does not state, or states wrongly.

symbol = "S/2016/1013"
date = 2016-12-01
provenance = "copied from the official document system, without its masthead"

A new copy of a source may say why it differs from the one before: ``change_cause`` (source, corrigendum,
correction, parsing) and ``change_reason``, in words for readers.

``format`` names the format whose text is taken, where one document lies there in several.

``[compare]`` is what a record beside the text says (a catalogue, a table): it fills what the text leaves
open, and where the two differ, a doubt is shown.

``transmitted`` lists the parts that a sender only passes on (``["annex"]``; ``[]`` for none), where the rule
of ``transmitted.py`` reads the covering text wrongly.

``[[corrections]]`` are what people put right at the desk, in the order in which they did: see ``Correction``.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .errors import OtherDocumentError, SidecarError, UnreadableSourceError
from .formats import NAMES
from .parsed import BLOCK_CORRECTIONS, Correction, DocumentType, Doubt, Facts
from .pinpoints.anchors import PART
from .reader import read_bytes
from .symbols.errors import SymbolError
from .symbols.symbol import Symbol
from .typography import code_points, invisible_of

KEYS = tuple(item.name for item in fields(Facts))
# What a sidecar says of the change that it brings, not of the document: read where documents are stored.
CHANGE_KEYS = ("change_cause", "change_reason")
FORMAT_KEY = "format"  # of the files of one document, the one whose text is taken
PART_KEY = "transmitted"
COMPARE_KEY = "compare"
CORRECTIONS_KEY = "corrections"
CORRECTED = tuple(name for name in KEYS if name != "other_symbols")
"""The facts that a correction may be of."""
COMPARED = ("symbol", "year", "meeting", "date", "communication_date", "meeting_date")
LARGEST_SIDECAR = 64 * 1024  # bytes
MOST_SYMBOLS = 50  # that one document can have beside its own
CHANGE_CAUSES = ("source", "corrigendum", "correction", "parsing")
_NEVER_EMPTY = ("symbol", "document_type", "language")
_DATES = frozenset({"date", "communication_date", "meeting_date"})


@dataclass(frozen=True, slots=True)
class Sidecar:
    """Facts that a sidecar states; they overrule what was read from the text.

    ``transmitted`` are the parts that are not the sender's own words; None where the sidecar does not say.
    ``compare`` is what a record beside the text says, by the names of ``COMPARED``. ``corrections`` are what
    people put right, the later ones last; those of facts are among what is ``stated``.
    """

    stated: Mapping[str, Any] = field(default_factory=dict)
    transmitted: tuple[str, ...] | None = None
    compare: Mapping[str, str] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()

    def differences(self, read: Facts, name: str) -> tuple[Doubt, ...]:
        """A doubt for each fact of which text (``read``) and record say different things.

        Raises OtherDocumentError where they are of two documents.
        """
        told = self.compare.get("symbol", read.symbol)
        if told not in (read.symbol, *read.other_symbols):
            raise OtherDocumentError(name, str(read.symbol), str(told))
        mine = {key: getattr(read, key) for key in COMPARED if key != "year"}
        if "year" in self.compare:
            mine["year"] = str(Symbol.parse(str(read.symbol)).year or "")
        return tuple(
            Doubt(f"the text says {key} {mine[key]}, the record beside it {theirs}")
            for key, theirs in self.compare.items()
            if key != "symbol" and mine[key] and mine[key] != theirs
        )

    def overrule(self, facts: Facts) -> Facts:
        """``facts`` with what the sidecar states."""
        return replace(facts, **self.stated)


def sidecar_beside(source: Path) -> Path | None:
    """The path of the sidecar that belongs to ``source``, where one lies there, be it readable or not."""
    path = source.with_name(f"{source.stem}.toml")
    return path if path != source and os.path.lexists(path) else None


def read_sidecar(path: Path) -> Sidecar:
    """Read the sidecar at ``path``; raises SidecarError that names file, key and remedy."""
    try:
        content = read_bytes(path, LARGEST_SIDECAR).decode("utf-8-sig")
    except UnreadableSourceError as error:
        raise SidecarError(str(error)) from error
    except UnicodeDecodeError as error:
        raise SidecarError(f"{path}: byte {error.start} is not UTF-8. TOML files are UTF-8.") from error
    try:
        return sidecar_of(stated_in(content), str(path))
    except TomlError as error:
        raise SidecarError(f"{path}: this is no TOML: {error}.") from error


class TomlError(ValueError):
    """A text is no TOML, or nested deeper than any sidecar."""


def stated_in(content: str) -> dict[str, Any]:
    """What the TOML text ``content`` states, unchecked. Raises TomlError with the place and the reason."""
    if len(content) > LARGEST_SIDECAR:
        raise TomlError(f"longer than {LARGEST_SIDECAR:,} characters")
    try:
        return tomllib.loads(content)
    except RecursionError:
        raise TomlError("values are nested too deep") from None
    except ValueError as error:  # TOMLDecodeError, and numbers of more digits than Python reads
        raise TomlError(str(error)) from error


def sidecar_of(stated: Mapping[str, Any], name: str = "sidecar") -> Sidecar:
    """A sidecar from values at hand, each checked as if read from a file called ``name``."""
    known = (*KEYS, PART_KEY, COMPARE_KEY, CORRECTIONS_KEY, FORMAT_KEY, *CHANGE_KEYS)
    unknown = sorted(set(stated) - set(known))
    if unknown:
        raise SidecarError(f"{name}: unknown key {_short(unknown[0])}. Known keys are {', '.join(known)}.")
    compare = _compared(stated.get(COMPARE_KEY, {}), name)
    tables = (COMPARE_KEY, CORRECTIONS_KEY)
    checked = {key: _checked(key, value, name) for key, value in stated.items() if key not in tables}
    corrections = corrections_of(stated.get(CORRECTIONS_KEY, []), name)
    facts = (one for one in corrections if one.what in CORRECTED and one.before != one.after)
    checked |= {one.what: _checked(one.what, one.after, name) if one.after else None for one in facts}
    transmitted = checked.pop(PART_KEY, None)
    if "symbol" in checked:
        _split_double(checked)
    of_document = {key: value for key, value in checked.items() if key not in (FORMAT_KEY, *CHANGE_KEYS)}
    return Sidecar(of_document, transmitted, compare, corrections)


def corrections_of(rows: Any, name: str = "sidecar") -> tuple[Correction, ...]:
    """Corrections from plain values, each checked; raises SidecarError that names the row."""
    if not isinstance(rows, list):
        raise SidecarError(f"{name}: {CORRECTIONS_KEY} must be tables, each under [[{CORRECTIONS_KEY}]].")
    return tuple(_correction(row, f"{name}, {CORRECTIONS_KEY} {at}") for at, row in enumerate(rows, start=1))


def _correction(row: Any, name: str) -> Correction:
    kinds = {item.name: int if item.name == "place" else str for item in fields(Correction)}
    if not isinstance(row, dict) or any(type(value) is not kinds.get(key) for key, value in row.items()):
        raise SidecarError(
            f"{name}: a table of {', '.join(kinds)} is wanted; place is a number, all else text."
        )
    if row.get("what") not in (*CORRECTED, *BLOCK_CORRECTIONS):
        known = ", ".join((*CORRECTED, *BLOCK_CORRECTIONS))
        raise SidecarError(f"{name}: what is {_short(row.get('what'))}. Known are {known}.")
    if any("\0" in str(value) for value in row.values()):
        raise SidecarError(f"{name}: it holds a NUL character, which no text has.")
    correction = Correction(**row)
    if correction.what in CORRECTED and (correction.after or correction.what in _NEVER_EMPTY):
        return replace(correction, after=str(_checked(correction.what, correction.after, name)))
    if correction.what == "mention" and correction.after:
        return replace(correction, after=_symbol("after", correction.after, name))
    if marks := invisible_of(correction.after):
        raise SidecarError(f"{name}: after holds {code_points(dict.fromkeys(marks))}, which nobody sees.")
    return correction


def corrections_as_toml(corrections: Iterable[Correction]) -> str:
    """``corrections`` as the end of a sidecar."""
    rows = ({key: value for key, value in asdict(one).items() if value} for one in corrections)
    return "".join(
        f"\n[[{CORRECTIONS_KEY}]]\n"
        + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in row.items())
        for row in rows
    )


def _split_double(checked: dict[str, Any]) -> None:
    """``A/77/895-S/2023/363`` states the symbol and the other symbol of one document."""
    first, *others = map(str, Symbol.parse(checked["symbol"]).parts)
    if others:
        stated = (*others, *checked.get("other_symbols", ()))
        checked |= {"symbol": first, "other_symbols": tuple(dict.fromkeys(stated))}


def _checked(key: str, value: Any, name: str) -> Any:
    if key in _DATES:
        return _date(key, value, name)
    if key == "other_symbols":
        if not isinstance(value, list):
            raise SidecarError(f"{name}: {key} must be a list of symbols.")
        if len(value) > MOST_SYMBOLS:
            raise SidecarError(f"{name}: {key} lists {len(value)} symbols; at most {MOST_SYMBOLS} are read.")
        return tuple(_symbol(key, item, name) for item in value)
    if key == PART_KEY:
        return _parts(value, name)
    if not isinstance(value, str) or not value.strip():
        raise SidecarError(f"{name}: {key} must be a text in quotation marks, not {_short(value)}.")
    if key == "symbol":
        return _symbol(key, value, name)
    if marks := invisible_of(value):
        raise SidecarError(
            f"{name}: {key} holds {code_points(dict.fromkeys(marks))}, which nobody sees. Take it out."
        )
    if key == "document_type":
        return _document_type(value, name)
    if key == "change_cause" and value.strip() not in CHANGE_CAUSES:
        raise SidecarError(f"{name}: {key} {_short(value)} is unknown. Known are {', '.join(CHANGE_CAUSES)}.")
    if key == FORMAT_KEY and value.strip() not in NAMES:
        raise SidecarError(f"{name}: {key} {_short(value)} is unknown. Known are {', '.join(NAMES)}.")
    return value.strip()


def _parts(value: Any, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(
        isinstance(part, str) and PART.fullmatch(part) for part in value
    ):
        raise SidecarError(
            f'{name}: {PART_KEY} must be a list of parts such as ["annex", "annex2", "enclosure"], or [].'
        )
    return tuple(value)


def _compared(value: Any, name: str) -> dict[str, str]:
    if not isinstance(value, dict) or not set(value) <= set(COMPARED):
        raise SidecarError(f"{name}: {COMPARE_KEY} must be a table of any of {', '.join(COMPARED)}.")
    year = value.get("year", 1)
    if type(year) is not int or not 0 < year < 10_000:
        raise SidecarError(f"{name}: year in {COMPARE_KEY} must be a year such as 2016, not {_short(year)}.")
    return {
        key: str(year) if key == "year" else _checked(key, of, f"{name}, {COMPARE_KEY}")
        for key, of in value.items()
    }


def _symbol(key: str, value: Any, name: str) -> str:
    try:
        return str(Symbol.parse(value if isinstance(value, str) else repr(value)))
    except SymbolError as error:
        raise SidecarError(f"{name}: {key} is no symbol: {error}") from error


def _document_type(value: str, name: str) -> DocumentType:
    try:
        return DocumentType(value.strip())
    except ValueError:
        known = ", ".join(DocumentType)
        raise SidecarError(
            f"{name}: document_type {_short(value)} is unknown. Known types are {known}."
        ) from None


def _date(key: str, value: Any, name: str) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise SidecarError(f"{name}: {key} must be a date such as 2016-12-01, not {_short(value)}.") from None


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"
