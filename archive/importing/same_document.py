"""One document in several formats: which file's text is taken, and where the words of the other differ.

A folder often holds a document as Word file and as PDF. Both are the same document, not two with one symbol:
the text is that of the format that tells most of it, or of the one that the sidecar names (``format``).
"""

from __future__ import annotations

from collections.abc import Iterable
from os.path import commonprefix
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from archive.ingest import Source
from archive.ingest.suppressed import find_kept_out, leave_out
from archive.models import Document
from archive.readers import format_of
from archive.text.fingerprint import normal_form
from archive.text.parsed import Kind, ParsedDocument
from archive.text.sidecar import FORMAT_KEY, FORMATS, TomlError, stated_in
from archive.withholding.words import PIECE, runs_of

_BY_NAME = {
    **dict.fromkeys((".docx", ".docm"), "docx"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".mht", ".mhtml"), "mhtml"),
    **{f".{name}": name for name in ("odt", "doc", "rtf", "pdf")},
}
SHOWN = 12  # characters before a difference


class Beside(NamedTuple):
    """The document that is held, seen from another file of it.

    ``document`` and ``source`` are the keys of the document and of its file. ``trust`` is positive where the
    new file's format is trusted more than that of the file held, negative where less,
    0 where neither. ``difference`` tells where the words differ; empty where they are the same.
    """

    document: int
    source: int
    file: str
    trust: int
    difference: str


def in_order_of_trust(path: Path) -> tuple[Path, int, str]:
    """The key that sorts files so that of those with one name the most trusted format comes first."""
    return path.with_suffix(""), FORMATS.index(_BY_NAME.get(path.suffix.lower(), "text")), path.name


def trust_between(mine: Source, theirs: Source) -> int:
    """How much more the format of one file is trusted than that of another, as ``Beside.trust``.

    What the sidecar of the first names as ``format`` is trusted most, or else what that of the other names.
    """
    stated = _stated(mine) or _stated(theirs)

    def rank(source: Source) -> tuple[bool, int]:
        found = format_of(source.content)
        return found != stated, FORMATS.index(found) if found in FORMATS else len(FORMATS)

    return (rank(theirs) > rank(mine)) - (rank(theirs) < rank(mine))


def find_beside(parsed: ParsedDocument, source: Source) -> Beside | None:
    """The document of this symbol that is held from other bytes with mostly the same words, if one is."""
    facts = parsed.facts
    same = Document.objects.filter(symbol=facts.symbol, language=facts.language)
    if (key := same.values_list("pk", flat=True).first()) is None:  # as for most: without building the row
        return None
    held = same.select_related("source").get(pk=key)
    if held.source.sha256 == source.sha256:
        return None
    theirs = Source(held.source.name, bytes(held.source.content), held.source.sidecar)
    rows = list(held.paragraphs.order_by("position").values_list("kind", "anchor", "text"))
    parsed = leave_out(parsed, find_kept_out(held, parsed))
    mine = words_of((block.kind, block.text) for block in parsed.paragraphs)
    held_words = words_of((kind, text) for kind, _anchor, text in rows)
    if mine == held_words:
        return Beside(held.pk, held.source_id, theirs.name, trust_between(source, theirs), "")
    if not _is_mostly(normal_form(mine), normal_form(held_words)):
        return None
    difference = _difference(mine, held_words, rows)
    return Beside(held.pk, held.source_id, theirs.name, trust_between(source, theirs), difference)


def words_of(blocks: Iterable[tuple[str, str]]) -> str:
    """The words of paragraphs (kind, text) without white space, the notes last, wherever they stand."""
    blocks = list(blocks)
    body = [text for kind, text in blocks if kind != Kind.FOOTNOTE]
    notes = [text for kind, text in blocks if kind == Kind.FOOTNOTE]
    return "".join("".join([*body, *notes]).split())


def _is_mostly(mine: str, theirs: str) -> bool:
    """Whether at least half of the shorter text stands in the other: else they are two documents."""
    first, second = set(runs_of(mine, PIECE)), set(runs_of(theirs, PIECE))
    return 2 * len(first & second) >= min(len(first), len(second)) > 0


def _difference(mine: str, theirs: str, rows: list[tuple[str, str, str]]) -> str:
    """Where the words begin to differ. Only words that are held are shown: others may be withheld."""
    at = len(commonprefix([mine, theirs]))
    names = {"before": theirs[max(0, at - SHOWN) : at], "mine": len(mine), "theirs": len(theirs)}
    in_order = sorted(rows, key=lambda row: row[0] == Kind.FOOTNOTE)
    anchor, end = "", 0
    for _kind, anchor, text in in_order:  # noqa: B007 - the last one where all of it is the same
        end += len("".join(text.split()))
        if end > at:
            break
    names["anchor"] = anchor
    if not names["before"]:
        return _("自%(anchor)s段开头起（这一份%(mine)d字，库中%(theirs)d字）") % names
    return _("自%(anchor)s段“%(before)s”之后起（这一份%(mine)d字，库中%(theirs)d字）") % names


def _stated(source: Source) -> str | None:
    try:
        return stated_in(source.sidecar).get(FORMAT_KEY)
    except TomlError:
        return None


def reason_of(file: str, difference: str, format_: str) -> str:
    """Why a file is set aside beside ``file``, in words."""
    if not difference:
        return _("与%(file)s是同一文件，文字相同；已取%(file)s") % {"file": file}
    return _(
        "与%(file)s是同一文件，文字有不同：%(difference)s；已取%(file)s，"
        '要改取这一份，请在同名的.toml文件中写明format = "%(format)s"'
    ) % {"file": file, "difference": difference, "format": format_}
