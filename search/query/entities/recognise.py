"""Entity recognition for a text as a whole. Names inside a query: ``search.query.expansion``."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.text.pinpoints import split_pinpoint
from archive.text.reference import load_reference
from search.query.text.folding import HONORIFIC, name_key

from .dates import Meeting, in_chinese, meeting_label, read_date, read_meeting
from .documents import Jump, find_jumps, jumps_to, without_lookalikes
from .names import SHORTEST_PINYIN, Entity, How, Kind, Name, NameTable, Reading, mainland_forms

LONGEST = 200
NAMESAKE = 1540  # whose paragraphs OP3 and 执行部分第3段 mean in an archive about it
ALONE = re.compile(
    r"(?:OP|PP)\s*\d{1,2}(?:\s*\([a-z0-9]{1,4}\))*|(?:执行|序言)部分第.{1,8}段.{0,12}|第.{1,4}段.{1,4}分段",
    re.IGNORECASE,
)
# paragraph 3 (a) of Security Council resolution 1540 (2004)
PLACE_FIRST = re.compile(
    r"(?P<place>.*\b(?:(?:sub-?)?para|annex|enclosure|op|pp).*?)\s+(?:of|in|to)\s+(?:the\s+)?(?P<document>.+)",
    re.IGNORECASE,
)


def read_whole(text: str, table: NameTable) -> Reading:
    """Recognises ``text`` as a whole: as a symbol, else a date, a name, a symbol without its marks, a
    meeting, pinyin, or one of these typed with look-alike characters.
    """
    typed = text.strip()
    if not typed or len(typed) > LONGEST:
        return Reading(text)
    entities = tuple(
        _symbols(typed, table)
        or _dates(typed)
        or _names(typed, table)
        or _lenient(typed, table)
        or _meetings(typed, table)
    ) or tuple(_pronounced(typed, table))
    if not any(_is_known(one, table) for one in entities):
        entities = tuple(_alike(typed, table)) or entities
    return Reading(text, entities, bool(entities))


def _is_known(entity: Entity, table: NameTable) -> bool:
    return entity.kind is not Kind.SYMBOL or entity.key in table.symbols.symbols


def _alike(text: str, table: NameTable) -> list[Entity]:
    """Recognises a text typed with look-alike characters; of symbols only known ones."""
    plain = without_lookalikes(text)
    if plain == text:
        return []
    return [
        replace(one, start=0, end=len(text), form=one.form or one.label, how=How.LOOKALIKE)
        for one in read_whole(plain, table).entities
        if _is_known(one, table)
    ]


# --- the whole text ---


def _symbols(text: str, table: NameTable) -> list[Entity]:
    jumps = jumps_of(text)
    if not jumps:
        return []
    cited = jumps[0].symbol
    known = [cited] if cited in table.symbols.symbols else table.symbols.alike(cited)[:1]
    symbol = known[0] if known else cited
    return [
        Entity(Kind.SYMBOL, symbol, symbol, 0, len(text), symbol, How.NAME, jump.anchor, jump.last)
        for jump in jumps
    ]


def jumps_of(text: str) -> list[Jump]:
    """Returns the document, or its paragraphs, that ``text`` cites in any word order; else empty."""
    resolutions = load_reference().resolutions
    if ALONE.fullmatch(text):
        return find_jumps(f"{NAMESAKE} {text}", resolutions)
    if jumps := find_jumps(text, resolutions):
        return jumps
    jumps = find_jumps(_place_last(text), resolutions)
    return jumps if jumps and jumps[0].anchor else []


def _place_last(text: str) -> str:
    """Moves a pinpoint to the end: paragraph 3 of SR.74 → SR.74 paragraph 3; empty for other texts."""
    found = PLACE_FIRST.fullmatch(text)
    return f"{found['document']} {found['place']}" if found else ""


def _lenient(text: str, table: NameTable) -> list[Entity]:
    """Recognises symbols without their marks: CD2118, SR.74第14段."""
    if symbols := table.symbols.alike(text):
        return [Entity(Kind.SYMBOL, symbol, symbol, 0, len(text), symbol, How.SPELLING) for symbol in symbols]
    name, pinpoint = split_pinpoint(_place_last(text) or text)
    if pinpoint is None:
        return []
    return [
        Entity(Kind.SYMBOL, symbol, symbol, 0, len(text), symbol, How.SPELLING, jump.anchor, jump.last)
        for symbol in table.symbols.alike(name) or _records(read_meeting(name), table)
        for jump in jumps_to(symbol, pinpoint)
    ]


def _meetings(text: str, table: NameTable) -> list[Entity]:
    """Returns the records of a meeting; where none is known the meeting, which texts may speak of."""
    meeting = read_meeting(text)
    if meeting is None:
        return []
    label = meeting_label(meeting.number)
    if records := _records(meeting, table):
        return [Entity(Kind.SYMBOL, symbol, symbol, 0, len(text), label) for symbol in records]
    owned = not meeting.owner or any(name.kind is Kind.BODY for name in table.named(meeting.owner))
    if not owned or not (meeting.sure or table.adopted_at(meeting.number)):
        return []
    return [Entity(Kind.MEETING, str(meeting.number), label, 0, len(text), label)]


def _records(meeting: Meeting | None, table: NameTable) -> list[str]:
    return table.records_of(meeting) if meeting else []


def _dates(text: str) -> list[Entity]:
    iso = read_date(text)
    return [Entity(Kind.DATE, iso, in_chinese(iso), 0, len(text), text)] if iso else []


def _names(text: str, table: NameTable) -> list[Entity]:
    """Returns all things of that name; those of which it is a weak name only where there are no others."""
    for how, forms in ((How.NAME, (text, HONORIFIC.sub("", text))), (How.REGION, mainland_forms(text))):
        for form in dict.fromkeys(forms):
            if names := table.named(form):
                strong = [name for name in names if not name.weak] or names
                return [entity_of(name, 0, len(text), how) for name in strong]
    return []


def entity_of(name: Name, start: int, end: int, how: How = How.NAME) -> Entity:
    """Returns the entity that ``name`` refers to, for a match at ``start`` to ``end`` of a text."""
    how = How.FORMER if name.former and how is How.NAME else how
    return Entity(name.kind, name.key, name.label, start, end, name.form, how)


# --- pinyin ---


def _pronounced(text: str, table: NameTable) -> list[Entity]:
    """Returns the things and terms so pronounced."""
    found: list[Entity] = []
    for form in table.pronounced(text) if len(name_key(text)) >= SHORTEST_PINYIN else ():
        names = [name for name in table.named(form) if not name.weak]
        found += [replace(entity_of(name, 0, len(text), How.PINYIN), form=form) for name in names]
        if not names:
            found.append(Entity(Kind.TERM, form, form, 0, len(text), form, How.PINYIN))
    return found
