"""A file of catalogue records, by what its bytes are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.readers import format_of

from .marc import BadFileError, read_marcxml
from .record import BadRecordError, Record
from .table import read_table

LARGEST = 100_000_000  # bytes
REASONS = {
    "no_symbol": gettext_lazy("没有文号"),
    "bad_symbol": gettext_lazy("文号认不出"),
    "too_long": gettext_lazy("某一项过长"),
    "says_nothing": gettext_lazy("除文号外什么也没有"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that is left aside; ``number`` counts records from 1. ``fatal``: nothing after it is read."""

    number: int
    reason: str
    fatal: bool = False


def read_records(content: bytes) -> Iterator[Record | Problem]:
    """Each record of a MARCXML or CSV file, in its order, or what is wrong with it."""
    number = 0
    try:
        for number, found in enumerate(_reader(content)(content), start=1):
            yield _problem(number, found) if isinstance(found, BadRecordError) else found
    except BadFileError as error:
        yield Problem(number + 1, _file_problem(error), fatal=True)


def _reader(content: bytes):
    beginning = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t").replace(b"\0", b"")
    if beginning.startswith(b"<"):
        return read_marcxml
    if (kind := format_of(content)) != "text":
        raise BadFileError(None, kind)
    return read_table


def _problem(number: int, error: BadRecordError) -> Problem:
    detail = f"（{error.detail}）" if error.detail else ""
    return Problem(number, f"{REASONS[error.code]}{detail}")


def _file_problem(error: BadFileError) -> str:
    if error.reason == "DOCTYPE":
        return _("文件里有DOCTYPE，MARCXML没有；不读。")
    if error.reason == "symbol":
        return _("第一行没有“symbol”（文号）一栏；可用的栏名见docs/editing.md。")
    if error.line is None:
        return _("这不是MARCXML，也不是CSV（%(kind)s）。") % {"kind": error.reason}
    return _("第%(line)d行起读不下去：%(reason)s。") % {
        "line": error.line,
        "reason": error.reason.rstrip("。."),
    }
