"""What a page says of itself to reference managers and search engines: meta tags and JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from .record import Record
from .styles import facts_in_words

# No sign in it can end the element or open a comment.
SAFE_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def meta_tags(record: Record) -> list[tuple[str, str]]:
    """Returns ``(name, content)`` of the meta tags, without those of unknown facts."""
    date = record.issued.isoformat() if record.issued else ""
    tags = [
        ("z:itemType", "report"),
        ("citation_title", record.shown_title),
        ("citation_author", unsplit(record.author_name)),
        ("citation_publication_date", date.replace("-", "/")),
        ("citation_technical_report_number", record.symbol),
        ("citation_firstpage", record.place),
        ("citation_public_url", record.link),
        ("citation_language", record.language),
        ("DC.title", record.shown_title),
        ("DC.creator", record.author_name),
        ("DC.type", record.kind_chinese),
        ("DCTERMS.issued", date or (f"[{record.year}]" if record.year else "")),
        ("DC.language", record.language),
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
        "name": record.shown_title,
        "reportNumber": record.symbol,
        "identifier": record.symbol,
        "genre": record.kind_chinese,
        "author": {"@type": "Organization", "name": record.author_name} if record.author_name else None,
        "datePublished": record.issued.isoformat() if record.issued else None,
        "inLanguage": record.language,
    }
    if record.pinpoint:
        data: dict[str, Any] = {
            "@type": "CreativeWork",
            "name": f"{record.symbol} {record.place}",
            "position": ",".join(record.pinpoint.anchors),
            "version": record.fingerprint,
            "text": record.words,
            "url": record.link,
            "inLanguage": record.language,
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
