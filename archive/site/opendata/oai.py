"""The catalogue for harvesters: OAI-PMH 2.0 (openarchives.org/OAI/openarchivesprotocol.html), all six verbs,
Dublin Core, deleted records, resumption tokens.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from lxml import etree
from lxml.etree import _Element as Element

from archive.models import Document, IssuedText
from archive.site.opendata.feeds import writable
from archive.store.addresses.paths import document_path

PER_ANSWER = 100
PREFIX = "oai_dc"
DAY, SECOND = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"
SIGNED = Signer(salt="oai-pmh resumption token")
BEFORE_ALL = dt.datetime(2004, 4, 28, tzinfo=dt.UTC)


class OaiError(Exception):
    """An error of the protocol; ``code`` is one that it names."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of a request, each given once; ``host`` names the archive in identifiers,
    ``absolute`` makes an address of a path, ``email`` is that of who runs the archive.
    """

    arguments: Mapping[str, str]
    host: str
    absolute: Callable[[str], str]
    email: str

    @property
    def prefix(self) -> str:
        """What precedes a symbol in its identifier."""
        return f"oai:{self.host}:"


def identify(asked: Asked, parent: Element) -> None:
    add(parent, "repositoryName", _("1540文献库"))
    add(parent, "baseURL", asked.absolute("/oai"))
    add(parent, "protocolVersion", "2.0")
    add(parent, "adminEmail", asked.email)
    add(parent, "earliestDatestamp", stamp(earliest() or BEFORE_ALL))
    add(parent, "deletedRecord", "persistent")
    add(parent, "granularity", "YYYY-MM-DDThh:mm:ssZ")


def list_metadata_formats(asked: Asked, parent: Element) -> None:
    if "identifier" in asked.arguments:
        _find(asked)
    known = add(parent, "metadataFormat")
    add(known, "metadataPrefix", PREFIX)
    add(known, "schema", SCHEMA)
    add(known, "metadataNamespace", OAI_DC)


def list_sets(asked: Asked, _parent: Element) -> None:
    if "resumptionToken" in asked.arguments:
        raise OaiError("badResumptionToken", _("这不是本库给出的续取标记。"))
    raise OaiError("noSetHierarchy", _("本库不分集合。"))


def get_record(asked: Asked, parent: Element) -> None:
    _check_format(asked.arguments["metadataPrefix"])
    add_record(parent, _find(asked), asked)


OF_LISTS = ("from", "until", "set", "resumptionToken")
VERBS: Mapping[str, tuple[Callable[[Asked, Element], None], tuple[str, ...], tuple[str, ...]]] = {
    # verb → the answer, arguments that must be given, those that may; a token is given alone
    "Identify": (identify, (), ()),
    "ListMetadataFormats": (list_metadata_formats, (), ("identifier",)),
    "ListSets": (list_sets, (), ("resumptionToken",)),
    "GetRecord": (get_record, ("identifier", "metadataPrefix"), ()),
    "ListIdentifiers": (lambda *told: _list(add_header, *told), ("metadataPrefix",), OF_LISTS),
    "ListRecords": (lambda *told: _list(add_record, *told), ("metadataPrefix",), OF_LISTS),
}


def check_arguments(given: Mapping[str, list[str]]) -> dict[str, str]:
    """Returns the arguments by name, verb included. Raises OaiError if the verb does not take them."""
    verbs = given.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise OaiError("badVerb", _("没有这个verb。有%(verbs)s。") % {"verbs": _("、").join(VERBS)})
    _answer, required, optional = VERBS[verbs[0]]
    arguments = {name: values[-1] for name, values in given.items()}
    unknown = [name for name in given if name not in ("verb", *required, *optional)]
    repeated = [name for name, values in given.items() if len(values) > 1]
    alone = "resumptionToken" in arguments and "resumptionToken" in optional
    missing = [] if alone else [name for name in required if name not in arguments]
    beside = [name for name in arguments if name not in ("verb", "resumptionToken")] if alone else []
    for names, words in (
        (unknown, _("不认识的参数：%(names)s。")),
        (repeated, _("参数给了不止一次：%(names)s。")),
        (beside, _("有resumptionToken时不可以有别的参数：%(names)s。")),
        (missing, _("缺少参数：%(names)s。")),
    ):
        if names:
            raise OaiError("badArgument", words % {"names": _("、").join(name[:40] for name in names)})
    return arguments


def _find(asked: Asked) -> Item:
    identifier = asked.arguments["identifier"]
    symbol = identifier.removeprefix(asked.prefix)
    known = symbol != identifier and "\x00" not in symbol
    item = next(iter(items(Q(symbol=symbol), 1)), None) if known else None
    if item is None:
        words = _("没有这个标识。本库的标识如%(prefix)sS/2010/52。")
        raise OaiError("idDoesNotExist", words % {"prefix": asked.prefix})
    return item


def _check_format(prefix: str) -> None:
    if prefix != PREFIX:
        raise OaiError("cannotDisseminateFormat", _("只有oai_dc一种格式。"))


def _list(write: Callable[[Element, Item, Asked], object], asked: Asked, parent: Element) -> None:
    """Adds a part of the list, and the resumption token of the next, which encodes request and position."""
    token = asked.arguments.get("resumptionToken")
    since, until, after = _resumed(token) if token is not None else (*_asked_dates(asked), ())
    found = items(Q(), PER_ANSWER + 1, since, until, after)
    if not found and token is None:
        raise OaiError("noRecordsMatch", _("这段时间里没有记录。"))
    shown = found[:PER_ANSWER]
    for item in shown:
        write(parent, item, asked)
    if len(found) > PER_ANSWER:
        last = [shown[-1].stamp.isoformat(), shown[-1].symbol]
        dates = [moment.isoformat() if moment else "" for moment in (since, until)]
        add(parent, "resumptionToken", SIGNED.sign_object([*dates, *last]))
    elif token is not None:
        add(parent, "resumptionToken")  # empty: the list is complete


def _resumed(token: str) -> tuple[dt.datetime | None, dt.datetime | None, tuple]:
    try:
        since, until, moment, symbol = SIGNED.unsign_object(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise OaiError("badResumptionToken", _("这不是本库给出的续取标记。")) from error
    moments = [dt.datetime.fromisoformat(one) if one else None for one in (since, until)]
    return moments[0], moments[1], (dt.datetime.fromisoformat(moment), symbol)


def _asked_dates(asked: Asked) -> tuple[dt.datetime | None, dt.datetime | None]:
    arguments = asked.arguments
    _check_format(arguments["metadataPrefix"])
    if "set" in arguments:
        raise OaiError("noSetHierarchy", _("本库不分集合。"))
    since, until = arguments.get("from"), arguments.get("until")
    if since and until and len(since) != len(until):
        raise OaiError("badArgument", _("from和until要写到同样精细。"))
    first, last = _moment(since, "from"), _moment(until, "until")
    if last and len(until or "") == len("2004-04-28"):
        last += dt.timedelta(days=1, seconds=-1)
    if first and last and first > last:
        raise OaiError("badArgument", _("from比until晚。"))
    return first, last


def _moment(written: str | None, name: str) -> dt.datetime | None:
    if written is None:
        return None
    if match := re.fullmatch(r"\d{4}-\d\d-\d\d(?P<time>T\d\d:\d\d:\d\dZ)?", written, re.ASCII):
        try:
            form = SECOND if match["time"] else DAY
            return dt.datetime.strptime(written, form).replace(tzinfo=dt.UTC)
        except ValueError:
            pass
    raise OaiError(
        "badArgument", _("%(name)s不是UTC日期，如2004-04-28或2004-04-28T00:00:00Z。") % {"name": name}
    )


# Items as XML: headers, and descriptions in unqualified Dublin Core.

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = f"{OAI}oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOCATION = f"{{{XSI}}}schemaLocation"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"


def stamp(moment: dt.datetime) -> str:
    """Returns a UTCdatetime of the protocol, to the second."""
    return moment.astimezone(dt.UTC).strftime(SECOND)


def add(parent: Element, name: str, text: str = "", namespace: str = OAI, **attributes: str) -> Element:
    """Returns a new last child of ``parent``; characters that XML cannot hold are left out."""
    element = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
    element.text = writable(text) or None
    return element


def add_header(parent: Element, item: Item, asked: Asked) -> Element:
    header = add(parent, "header")
    if item.document is None:
        header.set("status", "deleted")
    add(header, "identifier", asked.prefix + item.symbol)
    add(header, "datestamp", stamp(item.stamp))
    return header


def add_record(parent: Element, item: Item, asked: Asked) -> None:
    record = add(parent, "record")
    add_header(record, item, asked)
    if item.document is not None:
        add_dublin_core(add(record, "metadata"), item.document, asked.absolute)


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
        ("identifier", absolute(document_path(document.symbol, document.language))),
        ("identifier", document.symbol),
        ("language", document.language),
    )
    for name, text in told:
        if text:
            add(record, name, text, DC)


# What is harvested: one item for each document that is or once was held, by its datestamp.


@dataclass(frozen=True, slots=True)
class Item:
    """``document`` is None where it is deleted: withdrawn, merged into another, or imported no more."""

    symbol: str
    stamp: dt.datetime
    document: Document | None


def items(
    chosen: Q,
    most: int,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    after: tuple = (),
) -> Sequence[Item]:
    """Returns ``most`` items at most, by datestamp and symbol, from ``since`` to ``until`` (inclusive, to the
    second), behind the place ``after`` (datestamp, symbol): an item that changes during a harvest comes once
    more, and none is missed. Two queries.
    """
    held = Document.objects.registry().filter(chosen)
    gone = (
        IssuedText.objects.filter(chosen)
        .filter(~Exists(Document.objects.filter(symbol=OuterRef("symbol"))))
        .values("symbol")
        .annotate(stamp=Greatest(Max("until"), Max("since")))
    )
    found = [
        Item(row.symbol, row.changed, row)
        for row in _between(held, "changed", since, until, after).order_by("changed", "symbol")[:most]
    ]
    found += [
        Item(row["symbol"], row["stamp"], None)
        for row in _between(gone, "stamp", since, until, after).order_by("stamp", "symbol")[:most]
    ]
    return sorted(found, key=lambda item: (item.stamp, item.symbol))[:most]


def earliest() -> dt.datetime | None:
    """Returns the earliest datestamp; None of an empty archive."""
    return next((item.stamp for item in items(Q(), 1)), None)


def _between(
    rows: QuerySet, stamp: str, since: dt.datetime | None, until: dt.datetime | None, after: tuple
) -> QuerySet:
    if since:
        rows = rows.filter(**{f"{stamp}__gte": since})
    if until:
        rows = rows.filter(**{f"{stamp}__lte": until.replace(microsecond=999_999)})
    if after:
        moment, symbol = after
        rows = rows.filter(Q(**{f"{stamp}__gt": moment}) | Q(**{stamp: moment, "symbol__gt": symbol}))
    return rows
