"""Items as XML: headers, and descriptions in unqualified Dublin Core."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element as Element

from archive.http.addresses import document_path
from archive.models import Document
from archive.opendata.feeds import writable

from .items import Item

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = f"{OAI}oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOCATION = f"{{{XSI}}}schemaLocation"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"


def stamp(moment: dt.datetime) -> str:
    """A UTCdatetime of the protocol, to the second."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add(parent: Element, name: str, text: str = "", namespace: str = OAI, **attributes: str) -> Element:
    """A new last child of ``parent``; characters that XML cannot hold are left out."""
    element = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
    element.text = writable(text) or None
    return element


def add_header(parent: Element, item: Item, prefix: str) -> Element:
    """``prefix`` stands before the symbol in an identifier: ``oai:host:``."""
    header = add(parent, "header")
    if item.document is None:
        header.set("status", "deleted")
    add(header, "identifier", prefix + item.symbol)
    add(header, "datestamp", stamp(item.stamp))
    return header


def add_record(parent: Element, item: Item, prefix: str, absolute: Callable[[str], str]) -> None:
    record = add(parent, "record")
    add_header(record, item, prefix)
    if item.document is not None:
        add_dublin_core(add(record, "metadata"), item.document, absolute)


def add_dublin_core(parent: Element, document: Document, absolute: Callable[[str], str]) -> None:
    """The facts of a document; what is not known is left out, and never taken from another fact."""
    record = etree.SubElement(parent, f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": XSI})
    record.set(LOCATION, f"{OAI_DC} {SCHEMA}")
    told = (
        ("title", document.title or document.symbol),
        ("creator", document.organ),
        ("contributor", document.sender),
        ("date", document.date.isoformat() if document.date else ""),
        ("type", str(document.get_document_type_display())),
        ("format", "text/html"),
        ("identifier", absolute(document_path(document.symbol))),
        ("identifier", document.symbol),
        ("language", document.language),
    )
    for name, text in told:
        if text:
            add(record, name, text, DC)
