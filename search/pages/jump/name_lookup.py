"""Lookup of named entities that have a page: States, bodies, treaties, speakers of records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from django.utils.translation import gettext_lazy as _

from archive.models import Document
from archive.store.addresses.paths import body_path, speaker_path, state_path, treaty_path
from archive.store.links.ranges import standing_places
from archive.store.values import Schema
from archive.text.typed_places import TypedPlace
from search.pages.http.addresses import search_address
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
        yield Destination.of(label, search_address(label), kind_in_words(kind))
    elif kind is Kind.SPEAKER:
        for whence in table.snapshot["speaker"].get(key, ()):
            yield Destination.of(f"{key}({whence})", speaker_path(key, whence), kind_in_words(kind))


def place_shown(place: TypedPlace, table: NameTable) -> TypedPlace:
    """Returns the place that has a page: of a held document the paragraph that is meant, or the document
    alone where it has none of that number. Asks the database only then.
    """
    may_be_held = place.anchor and place.symbol in table.snapshot.get("symbol", {})
    held = Document.objects.find(place.symbol) if may_be_held else None
    if held is None:
        return place
    standing = standing_places(held, place)
    return standing[0] if len(standing) == 1 else place if standing else TypedPlace(held.symbol)


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
