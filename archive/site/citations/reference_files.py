"""Files for reference managers: BibTeX, RIS and CSL-JSON of a record."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence

from .facts import one_line
from .record import Record
from .styles import csl_item, facts_in_words

# Entries for reference managers: BibTeX, RIS.

# Braces are written by name: BibTeX counts them even behind a backslash.
LATEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{sign: f"\\{sign}" for sign in "%&#$_"},
    }
)
# Some processors of classic styles stop where one is missing: what is not known is there, and empty. Never an
# institution: with one, styles of GB/T 7714 take the report for a book.
REQUIRED = ("author", "title", "institution", "year")


def bibtex(record: Record) -> str:
    """Returns one entry. The pinpoint is ``pages``, for entries of one paragraph, or ``postnote``."""
    fields = [
        ("author", f"{{{latex(record.author_name)}}}" if record.author_name else ""),
        ("title", f"{{{latex(record.shown_title)}}}"),
        ("institution", ""),
        ("type", latex(record.kind_chinese)),
        ("number", latex(record.symbol)),
        ("date", record.issued.isoformat() if record.issued else ""),
        ("year", _year(record)),
        ("pages", latex(record.place)),
        ("url", _verbatim(record.link)),
        ("urldate", record.accessed.isoformat() if record.accessed and record.year else ""),
        ("langid", "english" if record.language == "en" else "chinese"),
        ("language", "english" if record.language == "en" else "chinese"),
        ("abstract", latex(record.words)),
        ("note", latex(facts_in_words(record))),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value or name in REQUIRED]
    return "\n".join([f"@techreport{{{record.key},", *lines, "}"]) + "\n"


def _year(record: Record) -> str:
    """Returns the year of issue; ``[2010]`` if inferred. biblatex takes ``date`` before it."""
    if record.issued:
        return f"{record.issued.year:04d}"
    return f"[{record.year}]" if record.year else ""


def latex(text: str) -> str:
    """Returns a text as LaTeX prints it; on one line."""
    return one_line(text).translate(LATEX)


def _verbatim(link: str) -> str:
    """Escapes in a link the characters that would end a field, and leaves the rest unchanged."""
    return one_line(link).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


# RIS, as Zotero and EndNote read it. By hand: the library for it writes the number under another tag.


def ris(record: Record) -> str:
    """Returns one entry, lines ended as the format wants them."""
    fields = [
        ("TY", "RPRT"),
        ("ID", record.key),
        ("AU", record.author_name.replace(",", "，")),
        ("TI", record.shown_title),
        ("SN", record.symbol),
        ("M3", record.kind_chinese),
        # four digits or nothing; that it is inferred stands in N1
        ("PY", str(record.issued.year if record.issued else record.year or "")),
        ("DA", _date(record.issued)),
        ("SP", record.place),
        ("UR", record.link),
        ("Y2", _date(record.accessed) if record.year else ""),
        ("LA", record.language),
        ("AB", record.words),
        ("N1", facts_in_words(record)),
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - "]) + "\r\n"


def _date(date: dt.date | None) -> str:
    return f"{date:%Y/%m/%d}/" if date else ""


# The files of a citation: format → how a record is written. What each is called and served as: ``FORMATS``.


def csl_json(record: Record) -> str:
    """Returns a CSL-JSON file: a list of one item."""
    return collected("csl.json", [record])


FILES: dict[str, Callable[[Record], str]] = {"ris": ris, "bib": bibtex, "csl.json": csl_json}


def collected(ending: str, records: Sequence[Record]) -> str:
    """Returns one file of many records."""
    if ending == "csl.json":
        return json.dumps([csl_item(record) for record in records], ensure_ascii=False, indent=1) + "\n"
    return "\n".join(FILES[ending](record) for record in records)
