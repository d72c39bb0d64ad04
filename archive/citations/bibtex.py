"""BibTeX for biblatex and for the classic styles: ``@techreport``, which both know.

Classic styles print ``type``, ``number`` and ``year`` of it, biblatex ``date`` and ``pages`` too. Corporate
authors stand in double braces; special signs are written for LaTeX.
"""

from __future__ import annotations

from .csl import facts_in_words
from .facts import one_line
from .record import Record

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
    """One entry. The place is ``pages``, for entries of one paragraph; ``postnote`` serves as well."""
    fields = [
        ("author", f"{{{latex(record.author.chinese)}}}" if record.author.chinese else ""),
        ("title", f"{{{latex(record.title or f'[{record.kind_chinese}]')}}}"),
        ("institution", ""),
        ("type", latex(record.kind_chinese)),
        ("number", latex(record.symbol)),
        ("date", record.issued.isoformat() if record.issued else ""),
        ("year", _year(record)),
        ("pages", latex(record.place)),
        ("url", _verbatim(record.link)),
        ("urldate", record.accessed.isoformat() if record.accessed and record.year else ""),
        ("langid", "chinese"),
        ("language", "chinese"),
        ("abstract", latex(record.words)),
        ("note", latex(facts_in_words(record))),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value or name in REQUIRED]
    return "\n".join([f"@techreport{{{record.key},", *lines, "}"]) + "\n"


def _year(record: Record) -> str:
    """The year of issue; ``[2010]`` where only the year is told. biblatex takes ``date`` before it."""
    if record.issued:
        return f"{record.issued.year:04d}"
    return f"[{record.year}]" if record.year else ""


def latex(text: str) -> str:
    """A text as LaTeX prints it; on one line."""
    return one_line(text).translate(LATEX)


def _verbatim(link: str) -> str:
    """An address is read as it stands; what would end the field is escaped as in any address."""
    return one_line(link).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
