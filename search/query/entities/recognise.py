"""Entity recognition for a text as a whole. Names inside a query: ``search.query.expansion``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from archive.text.pinpoints.value import split_pinpoint
from archive.text.typed_places import TypedPlace, place_last, places_at, without_lookalikes
from search.query.text.folding import HONORIFIC, name_key

from .dates import Meeting, in_chinese, meeting_label, read_date, read_meeting
from .names import SHORTEST_PINYIN, Entity, How, Kind, Name, NameTable, mainland_forms

LONGEST = 200


def read_whole(text: str, table: NameTable) -> tuple[Entity, ...]:
    """Recognises ``text`` as a whole: as a symbol, else a date, a name, a symbol without its marks, a
    meeting, pinyin, or one of these typed with look-alike characters. Several are alternatives.
    """
    typed = text.strip()
    if not typed or len(typed) > LONGEST:
        return ()
    entities = tuple(
        _symbols(typed, table)
        or _dates(typed)
        or _names(typed, table)
        or _lenient(typed, table)
        or _meetings(typed, table)
    ) or tuple(_pronounced(typed, table))
    if not any(_is_known(one, table) for one in entities):
        entities = tuple(_alike(typed, table)) or entities
    return entities


def _is_known(entity: Entity, table: NameTable) -> bool:
    return entity.kind is not Kind.SYMBOL or entity.key in table.symbols.symbols


def _alike(text: str, table: NameTable) -> list[Entity]:
    """Recognises a text typed with look-alike characters; of symbols only known ones."""
    plain = without_lookalikes(text)
    if plain == text:
        return []
    return [
        replace(one, form=one.form or one.label, how=How.LOOKALIKE)
        for one in read_whole(plain, table)
        if _is_known(one, table)
    ]


# --- the whole text ---


def _symbols(text: str, table: NameTable) -> list[Entity]:
    return _entities(table.symbols.named(text), How.NAME)


def _lenient(text: str, table: NameTable) -> list[Entity]:
    """Recognises symbols without their marks: CD2118; records by their meetings: 第74次会议第14段."""
    places = table.symbols.unmarked(text)
    if not places:
        name, pinpoint = split_pinpoint(place_last(text) or text)
        records = _records(read_meeting(name), table) if pinpoint else []
        places = [place for symbol in records for place in places_at(symbol, pinpoint)]
    return _entities(places, How.SPELLING)


def _entities(places: Iterable[TypedPlace], how: How) -> list[Entity]:
    return [
        Entity(Kind.SYMBOL, one.symbol, one.symbol, one.symbol, how, one.anchor, one.last) for one in places
    ]


def _meetings(text: str, table: NameTable) -> list[Entity]:
    """Returns the records of a meeting; where none is known the meeting, which texts may speak of."""
    meeting = read_meeting(text)
    if meeting is None:
        return []
    label = meeting_label(meeting.number)
    if records := _records(meeting, table):
        return [Entity(Kind.SYMBOL, symbol, symbol, label) for symbol in records]
    owned = not meeting.owner or any(name.kind is Kind.BODY for name in table.named(meeting.owner))
    if not owned or not (meeting.sure or table.adopted_at(meeting.number)):
        return []
    return [Entity(Kind.MEETING, str(meeting.number), label, label)]


def _records(meeting: Meeting | None, table: NameTable) -> list[str]:
    return table.records_of(meeting) if meeting else []


def _dates(text: str) -> list[Entity]:
    iso = read_date(text)
    return [Entity(Kind.DATE, iso, in_chinese(iso), text)] if iso else []


def _names(text: str, table: NameTable) -> list[Entity]:
    """Returns all things of that name; those of which it is a weak name only where there are no others."""
    for how, forms in ((How.NAME, (text, HONORIFIC.sub("", text))), (How.REGION, mainland_forms(text))):
        for form in dict.fromkeys(forms):
            if names := table.named(form):
                strong = [name for name in names if not name.weak] or names
                return [entity_of(name, how) for name in strong]
    return []


def entity_of(name: Name, how: How = How.NAME) -> Entity:
    """Returns the entity that ``name`` refers to."""
    how = How.FORMER if name.former and how is How.NAME else how
    return Entity(name.kind, name.key, name.label, name.form, how)


# --- pinyin ---


def _pronounced(text: str, table: NameTable) -> list[Entity]:
    """Returns the things and terms so pronounced."""
    found: list[Entity] = []
    for form in table.pronounced(text) if len(name_key(text)) >= SHORTEST_PINYIN else ():
        names = [name for name in table.named(form) if not name.weak]
        found += [replace(entity_of(name, How.PINYIN), form=form) for name in names]
        if not names:
            found.append(Entity(Kind.TERM, form, form, form, How.PINYIN))
    return found
