"""BibTeX for biblatex: ``@report``, corporate author in double braces, special signs written for LaTeX."""

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


def bibtex(record: Record) -> str:
    """One entry. The place is ``pages``, for entries of one paragraph; ``postnote`` serves as well."""
    fields = [
        ("author", f"{{{latex(record.author.chinese)}}}" if record.author.chinese else ""),
        ("title", f"{{{latex(record.title or f'[{record.kind_chinese}]')}}}"),
        ("type", latex(record.kind_chinese)),
        ("number", latex(record.symbol)),
        ("date", record.issued.isoformat() if record.issued else ""),
        ("year", f"[{record.year}]" if record.year and not record.issued else ""),
        ("pages", latex(record.place)),
        ("url", _verbatim(record.link)),
        ("urldate", record.accessed.isoformat() if record.accessed and record.year else ""),
        ("langid", "chinese"),
        ("language", "chinese"),
        ("note", latex(facts_in_words(record))),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    return "\n".join([f"@report{{{record.key},", *lines, "}"]) + "\n"


def latex(text: str) -> str:
    """A text as LaTeX prints it; on one line."""
    return one_line(text).translate(LATEX)


def _verbatim(link: str) -> str:
    """An address is read as it stands; what would end the field is escaped as in any address."""
    return one_line(link).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
