"""What harvesters read in the page: meta tags, schema.org JSON-LD.

Written for Zotero's translator "Embedded Metadata" and for Google Scholar. ``z:itemType`` decides the type;
``citation_technical_report_institution`` would do so too, but becomes a publisher, which makes a book of a
report in GB/T styles. No ``og:type`` and no DC.publisher for the same reason. No identifier: Zotero takes
every ``10/`` in one (S/2010/52, A/HRC/RES/10/1) for the beginning of a DOI; the symbol is the number of the
report. No COinS span: it would outrank the tags, and has no field for the symbol. Lists are read by unAPI.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from .csl import facts_in_words
from .record import LANGUAGE, Record

# No sign in it can end the element or open a comment.
SAFE_IN_SCRIPT = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def meta_tags(record: Record) -> list[tuple[str, str]]:
    """``(name, content)`` of the tags, without those for which nothing is known."""
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
    """schema.org: the document as a Report; a paragraph or range as a part of it, with its own address."""
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
    """schema.org ``data`` as the content of a script element; what is not known is left out."""
    text = json.dumps({"@context": "https://schema.org"} | _known(data), ensure_ascii=False)
    return mark_safe(text.translate(SAFE_IN_SCRIPT))  # noqa: S308


def _known(data: dict) -> dict:
    return {
        name: _known(value) if isinstance(value, dict) else value for name, value in data.items() if value
    }
