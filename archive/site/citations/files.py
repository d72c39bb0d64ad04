"""The files of citations: entries, and the briefing sheet (Word) of numbered quotations with notes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .facts import one_line
from .record import LANGUAGE, Record
from .styles import csl_item, facts_in_words

# Entries for reference managers: BibTeX, RIS, and what they read in the page (meta tags, JSON-LD).

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
        ("AU", record.author.chinese.replace(",", "，")),
        ("TI", record.title or f"[{record.kind_chinese}]"),
        ("SN", record.symbol),
        ("M3", record.kind_chinese),
        ("PY", str(record.issued.year) if record.issued else f"[{record.year}]" if record.year else ""),
        ("DA", _date(record.issued)),
        ("SP", record.place),
        ("UR", record.link),
        ("Y2", _date(record.accessed) if record.year else ""),
        ("LA", LANGUAGE),
        ("AB", record.words),
        ("N1", facts_in_words(record)),
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - "]) + "\r\n"


def _date(date: dt.date | None) -> str:
    return f"{date:%Y/%m/%d}/" if date else ""


# What harvesters read in the page: meta tags, schema.org JSON-LD.

# No sign in it can end the element or open a comment.
SAFE_IN_SCRIPT = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def meta_tags(record: Record) -> list[tuple[str, str]]:
    """Returns ``(name, content)`` of the meta tags, without those of unknown facts."""
    title = record.title or f"[{record.kind_chinese}]"
    date = record.issued.isoformat() if record.issued else ""
    tags = [
        ("z:itemType", "report"),
        ("citation_title", title),
        ("citation_author", unsplit(record.author.chinese)),
        ("citation_publication_date", date.replace("-", "/")),
        ("citation_technical_report_number", record.symbol),
        ("citation_firstpage", record.place),
        ("citation_public_url", record.link),
        ("citation_language", LANGUAGE),
        ("DC.title", title),
        ("DC.creator", record.author.chinese),
        ("DC.type", record.kind_chinese),
        ("DCTERMS.issued", date or (f"[{record.year}]" if record.year else "")),
        ("DC.language", LANGUAGE),
        ("DCTERMS.abstract", record.words),
        ("DC.description", facts_in_words(record)),
    ]
    return [(name, content) for name, content in tags if content]


def unsplit(name: str) -> str:
    """A corporate name that Zotero keeps whole: it parts names at ``;`` and at the last space, but not where
    the name ends in a comma."""
    name = name.replace(";", "；").replace(",", "，")
    return f"{name}," if " " in name else name


def json_ld(record: Record) -> SafeString:
    """Returns schema.org data: the document as a Report; a paragraph or range as a part of it."""
    document = {
        "@type": "Report",
        "name": record.title or f"[{record.kind_chinese}]",
        "reportNumber": record.symbol,
        "identifier": record.symbol,
        "genre": record.kind_chinese,
        "author": {"@type": "Organization", "name": record.author.chinese} if record.author.chinese else None,
        "datePublished": record.issued.isoformat() if record.issued else None,
        "inLanguage": LANGUAGE,
    }
    if record.pinpoint:
        data: dict[str, Any] = {
            "@type": "CreativeWork",
            "name": f"{record.symbol} {record.place}",
            "position": ",".join(record.pinpoint.anchors),
            "version": record.fingerprint,
            "text": record.words,
            "url": record.link,
            "inLanguage": LANGUAGE,
            "isPartOf": document,
        }
    else:
        data = document | {"url": record.link}
    return in_script(data)


def in_script(data: dict) -> SafeString:
    """Serialises schema.org ``data`` for a script element; unknown facts are left out."""
    text = json.dumps({"@context": "https://schema.org"} | _known(data), ensure_ascii=False)
    return mark_safe(text.translate(SAFE_IN_SCRIPT))  # noqa: S308


def _known(data: dict) -> dict:
    return {
        name: _known(value) if isinstance(value, dict) else value for name, value in data.items() if value
    }


# A day without meaning: the same basket is the same file, and no file tells when it was fetched but in words.
EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (the library takes no zone)
SERIF = "Noto Serif CJK SC"


@dataclass(frozen=True, slots=True)
class Line:
    """A quotation, its reference, and a further remark."""

    text: str
    note: str
    said: str = ""


def briefing_sheet(title: str, lines: Sequence[Line], left_out: Sequence[str], taken: str) -> bytes:
    """Writes a .docx: the numbered quotations, their notes, omissions with reasons, and the sources."""
    from docx import Document  # a library that few requests need

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = EPOCH
    properties.language = "zh-CN"
    _in_chinese(document)
    document.add_heading(title, level=1)
    for number, line in enumerate(lines, 1):
        quoted = document.add_paragraph(f"“{_printable(line.text)}”")
        quoted.add_run(str(number)).font.superscript = True
        if line.said:
            quoted.add_run(f"({line.said})")
    document.add_heading(_("注"), level=2)
    for number, line in enumerate(lines, 1):
        document.add_paragraph(f"{number}. {_printable(line.note)}")
    if left_out:
        document.add_heading(_("没有列入的"), level=2)
        for words in left_out:
            document.add_paragraph(_printable(words))
    document.add_paragraph(_printable(taken))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _in_chinese(document) -> None:
    """Sets Chinese characters in a font for them, headings in black."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for name, size in (("Normal", 11), ("Heading 1", 16), ("Heading 2", 13)):
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), SERIF)
        style.font.color.rgb = None


def _printable(text: str) -> str:
    """Removes control characters, which XML does not allow."""
    return "".join(sign for sign in text if sign in "\n\t" or sign >= " ")


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
