"""Lookup of named entities that have a page: States, bodies, treaties, speakers of records; and of links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from urllib.parse import unquote

from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from archive.site.presenters.wording import cited_name
from archive.site.views.fallback import pasted_path
from archive.store.addresses.paths import (
    body_path,
    document_path,
    paragraph_path,
    query_string,
    speaker_path,
    state_path,
    treaty_path,
)
from archive.store.links.ranges import spell
from archive.store.values import Schema
from search.query.entities.documents import Jump
from search.query.entities.names import Entity, Kind, NameTable
from search.query.text.folding import name_key

MOST_NEAR = 6
PATHS: dict[Kind, Callable[[str], str]] = {
    Kind.STATE: state_path,
    Kind.BODY: body_path,
    Kind.TREATY: treaty_path,
}


class Destination(Schema, frozen=True):
    """A document or paragraph that was meant."""

    label: str
    url: str
    kind: str
    title: str | None  # or a sentence about it

    @classmethod
    def of(cls, label: str, url: str, kind: str, title: str = "") -> Destination:
        """Makes one whose title is null where it is empty."""
        return cls(label, url, kind, title or None)


KINDS = {
    Kind.STATE: _("国家"),
    Kind.BODY: _("机构"),
    Kind.TREATY: _("条约"),
    Kind.ORGANISATION: _("其他组织"),
    Kind.SPEAKER: _("发言人"),
    Kind.DATE: _("日期"),
    Kind.SYMBOL: _("文件"),
    Kind.MEETING: _("会议"),
    Kind.TERM: _("词语"),
}


def kind_in_words(kind: Kind) -> str:
    """Returns the display name of a kind of entity."""
    return str(KINDS[kind])


def pages_of(kind: Kind, key: str, label: str, table: NameTable) -> Iterator[Destination]:
    """Generates the pages of a named entity; of a speaker one for each delegation. Of an organisation the
    search for it.
    """
    if kind in PATHS:
        yield Destination.of(label, PATHS[kind](key), kind_in_words(kind))
    elif kind is Kind.ORGANISATION:
        yield Destination.of(label, reverse("search") + query_string(q=label), kind_in_words(kind))
    elif kind is Kind.SPEAKER:
        for whence in table.snapshot["speaker"].get(key, ()):
            yield Destination.of(f"{key}({whence})", speaker_path(key, whence), kind_in_words(kind))


def jump_path(jump: Jump) -> str:
    """Returns the address of a document, a paragraph of it, or a range."""
    if jump.last:
        return paragraph_path(jump.symbol, spell(jump.anchor, jump.whole_last))
    return paragraph_path(jump.symbol, jump.anchor) if jump.anchor else document_path(jump.symbol)


def named_targets(entities: tuple[Entity, ...], table: NameTable) -> list[Destination]:
    """Returns the pages of the entities, each once."""
    pages = (page for one in entities for page in pages_of(one.kind, one.key, one.label, table))
    return list(dict.fromkeys(pages))


def similar(text: str, table: NameTable) -> list[Destination]:
    """Returns the pages of names inside ``text`` (印度的答复), longest first, or of names spelt alike."""
    typed = name_key(text)[:60]
    inside = [key for key in table.by_key if key in typed and len(key) > (3 if key.isascii() else 1)]
    inside.sort(key=len, reverse=True)
    close = get_close_matches(typed, table.by_key, n=MOST_NEAR, cutoff=0.6)
    names = [name for key in (*inside[:2], *close) for name in table.by_key[key]]
    pages = (page for name in names for page in pages_of(name.kind, name.key, name.label, table))
    return list(dict.fromkeys(pages))[:MOST_NEAR]


# What a place to jump to is called.


def jump_label(jump: Jump) -> str:
    """Returns the place in words, as pages name it: S/2010/52 附件第14段, S/2010/52 附件第14至16段."""
    if not jump.anchor:
        return jump.symbol
    return f"{jump.symbol} {cited_name(jump.anchor, jump.whole_last)}"


# Links of ours, pasted where a symbol is expected: from a footnote, a chat, a bundle, another host.

UN = re.compile(r"https?:/+[^/]*\bun(?:docs)?\.org(?:/|$)", re.IGNORECASE)  # read as symbols
SCHEME = re.compile(r"https?:/+[^/]*", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?(?=/)")
# What tells an address without scheme from a symbol.
OF_OURS = re.compile(r"/[pc]/")


def path_of_link(text: str) -> str | None:
    """Returns the path that ``text`` leads to, where it is the link of a document, a paragraph, a range, or a
    short one, with or without its host; else None.

    The host is not compared: an archive is moved, copied and mirrored, and its paths stay what they are.

    >>> path_of_link("https://any.host/S/2010/52/p/annex.14/3373bb0d?utm_source=x")
    '/S/2010/52/p/annex.14/3373bb0d'
    """
    if UN.match(text.strip()):
        return None
    address, _mark, fragment = text.strip().partition("#")
    for path in _paths(address.partition("?")[0]):
        found = pasted_path(unquote(path))
        if found and resolve(found).captured_kwargs.keys() & {"symbol", "typed"}:  # type: ignore[attr-defined]
            place = f"#{fragment}" if re.fullmatch(r"p-[A-Za-z0-9_.]+", fragment) else ""
            return document_path(found.lstrip("/")) + place
    return None


def _paths(address: str) -> Iterator[str]:
    """Generates the possible paths in ``address``, the likelier first."""
    if scheme := SCHEME.match(address):
        yield address[scheme.end() :]
    elif OF_OURS.search(address):
        yield f"/{address.lstrip('/')}"
        if host := HOST.match(address):
            yield address[host.end() :]
