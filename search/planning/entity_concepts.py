"""What a word search asks for where a query names a thing: the thing, under all its names, as one concept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from search.entities.dates import in_common_years, written_forms
from search.entities.entity import Entity, How, Kind
from search.entities.meetings import read_meeting, written_meetings
from search.entities.names import HAVE_NAMES, NameTable
from search.entities.recognise import entity_of, read_whole
from search.entities.regional import mainland_forms, regional_words
from search.query.conditions import (
    CONTEXT,
    TEXT,
    AllOf,
    AnyNode,
    AnyOf,
    Best,
    Concept,
    Constant,
    Contains,
    Term,
    Weighted,
)
from search.text.analyzer import Token, analyze
from search.text.folding import fold_words
from search.text.name_keys import name_key, unaccented
from search.text.segmenter import segmenter
from search.text.vocabulary import HAN_WORD
from search.thesaurus.relations import Expansion, Relation

from .concepts import CITED, HEADING_ABOVE, INSIDE, PART, SYNONYM, Concepts
from .entity_boost import OWN_WORDS, with_titles
from .like_names import LikeNames
from .short_forms import SHORT_FOR, ShortForms
from .titles import beside_titles, title_of

# A treaty that is called by that which it changes: its name, and what it is
LATER_ACT = re.compile(r"(?P<of>.{4,}?)[的之]?(?:\d{4}年)?(?P<act>修正案|(?:任择|附加|补充)?议定书)[》〉]?")
LONGEST_RUN, LONGEST_CITATION = 30, 9  # pieces between blanks that together may be one name, one citation
# … and added to a paragraph that names the thing, not only a longer name; that cites the very paragraph.
NAMED, PINPOINT = 2.0, 6.0
APART = 0.5  # … that names it in two words, with others between them
OWN_PLACE = 40.0  # … that is the very paragraph: above what words, titles and citations add
MOST_OF_A_RANGE = 30
PARTS_OF_A_CONCEPT = ("text", "context", "same", "narrower", "beside")


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of the query, one of the things that it names, and what finds that in a text."""

    text: str
    entity: Entity
    node: AnyNode = field(compare=False)


class EntityConcepts:
    """Makes concepts of entities; ``found`` are those of the query. ``speakers``: their names count inside of
    a piece, too.
    """

    def __init__(self, words: Concepts, table: NameTable, shortened: LikeNames, speakers: bool) -> None:
        self.words, self.table, self.speakers = words, table, speakers
        self._in_short = ShortForms(words, table, shortened).meant
        self.found: list[Named] = []

    def split(self, pieces: list[str]) -> Iterator[tuple[str, tuple[Entity, ...]]]:
        """The pieces of a query, those joined by a blank that together are a name, with what they name."""
        pieces, at = [part for piece in pieces for part in self._apart(piece)], 0
        while at < len(pieces):
            size, entities = self._longest(pieces[at : at + LONGEST_RUN], len(pieces))
            yield " ".join(pieces[at : at + size]), entities
            at += size

    def _apart(self, piece: str) -> list[str]:
        """``piece``, cut at the titles in it, or between terms in pinyin; whole where it is a name."""
        if "《" in piece and not self.table.named(piece):
            return beside_titles(piece)
        return self._pronounced_apart(piece) or [piece]

    def _pronounced_apart(self, piece: str) -> list[str]:
        """The terms in pinyin that ``piece`` consists of, where it is nothing else."""
        if not _is_latin(piece) or self.table.named(piece) or self.words.thesaurus.knows(piece):
            return []
        if self.table.pronounced(piece) or any(self.words.frequency(t.term) for t in analyze(piece)):
            return []
        return self.table.pronounced_apart(piece)

    def _longest(self, pieces: list[str], of: int) -> tuple[int, tuple[Entity, ...]]:
        for size in range(len(pieces), 0, -1):
            text = " ".join(pieces[:size])
            citation = size <= LONGEST_CITATION and any(map(str.isdigit, text))
            if size > 1 and not citation and not _is_latin(text):
                continue
            if size > LONGEST_CITATION and not self.table.named(text):
                continue
            entities = tuple(self._meant(text, whole=size == of)) or self._title(text, size)
            if size == 1 and not entities:
                entities = self._in_short(text)
            if entities and (size == 1 or _is_latin(text) or entities[0].kind is Kind.SYMBOL):
                return size, entities
        return 1, ()

    def _title(self, text: str, size: int) -> tuple[Entity, ...]:
        title = title_of(text, self.words.vocabulary) if size == 1 else None
        return (title,) if title else ()

    def _meant(self, text: str, whole: bool) -> Iterator[Entity]:
        """What ``text`` names in a search: no weak names, codes in small letters and pinyin only in need."""
        for entity in read_whole(text, self.table).entities:
            if entity.how is How.PINYIN and any(self.words.frequency(t.term) for t in analyze(text)):
                continue
            if entity.kind in HAVE_NAMES and entity.how in (How.NAME, How.FORMER):
                names = [n for n in self.table.named(text) if n.key == entity.key]
                if names and names[0].weak and not (self._always_so(text, entity) or self._only_so(text)):
                    continue
                if names and names[0].is_code and not (whole or text.isupper()):
                    continue
            yield entity

    def _only_so(self, text: str) -> bool:
        """Whether no text holds a shortened name as a word, and one thing alone has it: 一委, 禁化武."""
        same = {(name.kind, name.key) for name in self.table.named(text)}
        return len(same) == 1 and not self.words.stand(analyze(text), text)

    def _always_so(self, text: str, entity: Entity) -> bool:
        """Whether a shortened name stands in the texts, and nowhere but in the names of that body."""
        if not HAN_WORD.fullmatch(text) or len(text) < 4:
            return False
        longer = [form for form in self.table.forms_of(entity.kind, entity.key) if form.startswith(text)]
        longer = [form for form in longer if not any(o != form and form.startswith(o) for o in longer)]
        standing = self.words.count(text)
        return 0 < standing <= sum(self.words.count(form) for form in longer)

    def joined(self, groups: list[list[Token]], piece: str) -> Iterator[list[Token]]:
        """The groups of tokens of a piece, those in one that together are a name: 日内瓦|议定书."""
        at = 0
        while at < len(groups):
            size = max(self._sizes(groups[at:], piece), default=1)
            yield [token for group in groups[at : at + size] for token in group]
            at += size

    def _sizes(self, groups: list[list[Token]], piece: str) -> Iterator[int]:
        start = groups[0][0].start
        known = name_key(piece[start : start + 2]) in self.table.beginnings
        for size, group in enumerate(groups[1:], start=2):
            if group[-1].end - start > self.table.longest:
                return
            surface = piece[start : group[-1].end]
            if (known or SHORT_FOR.fullmatch(surface)) and self.named_by(surface):
                yield size

    def named_by(self, surface: str) -> tuple[Entity, ...]:
        """What a word inside a piece names."""
        named = tuple(
            entity_of(name, 0, len(surface))
            for name in self.table.named(surface)[:1]
            if not name.weak
            and (self.speakers or name.kind is not Kind.SPEAKER)
            and (surface.isupper() or not name.is_code)
        )
        return named or self._in_short(surface)

    # --- concepts ---

    def concepts(self, text: str, entities: tuple[Entity, ...]) -> list[Concept]:
        """The concepts of what ``text`` names: one, and for a paragraph of a document a second."""
        made = [list(self._of(text, entity)) for entity in entities]
        first = _either([concepts[0] for concepts in made])
        places = [concepts[1] for concepts in made if len(concepts) > 1]
        found = [first, *([_either(places)] if places else [])]
        for entity, concepts in zip(entities, made, strict=True):
            self.found.append(Named(text, entity, self._named_by_texts(entity, concepts)))
        return found

    def _named_by_texts(self, entity: Entity, concepts: list[Concept]) -> AnyNode:
        """Where texts name the thing; a term, where they hold it and not only another word for it."""
        return self.words.as_words(entity.key, 1.0) if entity.kind is Kind.TERM else concepts[-1].text

    def _of(self, text: str, entity: Entity) -> Iterator[Concept]:
        match entity.kind:
            case Kind.SYMBOL:
                yield from self._symbol(entity)
            case Kind.MEETING:
                yield Concept(self._meeting(entity), AnyOf(()))
            case Kind.DATE:
                yield self._date(entity)
            case Kind.TERM:
                how = Relation.ABBREVIATION if entity.how is How.SHORT else Relation.TRANSLATION
                yield self.words.translated(text, entity.key, how)
            case Kind.TITLE:
                rarity = self.words.rarity(self.words.count(entity.key))
                yield Concept(self.words.as_words(entity.key, rarity), AnyOf(()))
            case Kind.SPEAKER:
                yield self._speaker(entity)
            case _:
                yield self._thing(text, entity)

    def _symbol(self, entity: Entity) -> Iterator[Concept]:
        tokens = analyze(entity.key)
        if len(tokens) == 1 and tokens[0].kind == "symbol":
            concept = self.words.concept(tokens, entity.key)
        else:
            concept = self._act(entity)
        if read_meeting(entity.form):
            concept = Concept(AnyOf((concept.text, self._meeting(entity))), concept.context)
        yield with_titles(concept, self.table.snapshot.get("symbol", {}).get(entity.key))
        if entity.anchor:
            held = self.table.snapshot.get("symbol", {}).get(entity.key)
            places = (place for anchor in _anchors(entity) for place in _places(entity.key, held, anchor))
            yield Concept(Best(tuple(places)), AnyOf(()))

    def _act(self, entity: Entity) -> Concept:
        """What is cited by a number that is no symbol: (CFSP)2017/809."""
        written = entity.key.partition(":")[2] or entity.key
        self.words.symbols.add(entity.key)
        self.words.strings.append(written)
        cited = Constant(Term("cites", entity.key), CITED)
        return Concept(AnyOf((cited, self.words.literally(written, 1.0))), _in_context(written))

    def _date(self, entity: Entity) -> Concept:
        self.words.terms.add(entity.key)
        forms = [form for form in written_forms(entity.key) if self.words.count(form)]
        self.words.strings += forms
        literal = (Contains(form, 1.0) for form in forms)
        return Concept(Best((Term(TEXT, entity.key), *literal)), Term(CONTEXT, entity.key, HEADING_ABOVE))

    def _meeting(self, entity: Entity) -> AnyNode:
        """Where a text speaks of the meeting of that number, of whichever body."""
        meeting = read_meeting(entity.form)
        written = written_meetings(meeting.number) if meeting else ()
        forms = [form for form in written if self.words.count(form)]
        self.words.strings += forms
        return Best(tuple(Contains(form, 1.0) for form in forms))

    def _speaker(self, entity: Entity) -> Concept:
        names = self.table.forms_of(entity.kind, entity.key)
        self.words.strings += names
        literal = (Contains(name, 2.0) for name in names)
        spoken = Constant(Term("speaker", fold_words(entity.key)), 1.0)
        return Concept(Best((spoken, *literal)), AnyOf(()))

    def _thing(self, text: str, entity: Entity) -> Concept:
        """A State, body or treaty: where a text names it, or writes one of its names."""
        words, code = self.words, f"{entity.kind}:{entity.key}"
        typed = name_key(text)
        names = self.table.forms_of(entity.kind, entity.key)
        single = {term: 1.0 if term == typed else SYNONYM for name in names if (term := _term(name))}
        strings = [name for name in names if not _term(name) and words.count(name)]
        words.symbols.add(code)
        words.strings += strings
        others = [
            name
            for name in names
            if name_key(name) != typed and (name in strings or words.frequency(_term(name)))
        ]
        if others:
            distinct = list({name_key(name): name for name in reversed(others)}.values())[::-1]
            words.add(text, [Expansion(name, Relation.SAME, SYNONYM) for name in distinct])
        held = sum(words.frequency(term) for term in single) + sum(map(words.count, strings))
        rarity = words.rarity(held)
        found = (
            words.same(list(single.items()), inner=False),
            *(Contains(name, rarity) for name in strings),
            *(words.as_words(name, INSIDE * rarity) for name in self._inside(entity, single)),
            Constant(Term("named", code), INSIDE * rarity),
            *self._named_apart(entity, names, APART * rarity),
        )
        if typed in single or entity.kind is not Kind.STATE:
            self._parts([typed if typed in single else name_key(entity.label)])
        above = [_in_context(name) for name in names if _term(name) in single or name in strings]
        own = Constant(Term(entity.kind, entity.key), OWN_WORDS)
        if not held:  # only by 委员会, where the context tells which
            found = (*found, Constant(Term("mentioned", entity.key), INSIDE))
        node = AnyOf((Best(found), Constant(Term("named", code), NAMED)))
        return Concept(node, AnyOf((Best(tuple(above)), own)) if above else own)

    def _named_apart(self, entity: Entity, names: Iterable[str], score: float) -> Iterator[AnyNode]:
        """Where a text names the treaty that ``entity`` changes or adds to, and speaks of such an act:
        《…公约》及其2005年修正案.
        """
        if entity.kind is not Kind.TREATY:
            return
        acts = [found for name in names if (found := LATER_ACT.fullmatch(name))]
        changed = {(of.key, found["act"]) for found in acts for of in self.table.named(found["of"])[:1]}
        for key, act in sorted(changed):
            named = f"{Kind.TREATY}:{key}"
            self.words.symbols.add(named)
            yield Constant(AllOf((Term("named", named), self.words.as_words(act, score))), score)

    def _inside(self, entity: Entity, terms: Iterable[str]) -> list[str]:
        """Names that longer ones may hold: 禁化武组织 in 禁化武组织-联合国联合调查机制. Not of States."""
        if entity.kind is Kind.STATE:
            return []
        return [term for term in terms if len(term) > 3 and not term.isascii()]

    def _parts(self, names: Iterable[str]) -> None:
        """What a name consists of raises a paragraph, and finds none."""
        for part in dict.fromkeys(part for name in names for part in segmenter().parts(name)):
            self.words.helping.append(Weighted(self.words.same([(part, 1.0)], marked=False), PART))


def _term(name: str) -> str:
    """The one token that a name is; empty where it is several."""
    terms = _terms(name)
    return terms[0] if len(terms) == 1 else ""


@lru_cache(maxsize=8192)  # the analysis of texts is kept for these
def _terms(name: str) -> tuple[str, ...]:
    return tuple(token.term for token in analyze(name))


def _in_context(name: str) -> AnyNode:
    return AllOf(tuple(Term(CONTEXT, term, HEADING_ABOVE) for term in _terms(name)))


def _either(concepts: list[Concept]) -> Concept:
    if len(concepts) == 1:
        return concepts[0]
    return Concept(*(Best(tuple(getattr(c, part) for c in concepts)) for part in PARTS_OF_A_CONCEPT))


def _places(cited: str, held: str | None, anchor: str) -> Iterator[AnyNode]:
    """The paragraph of that anchor itself, where its document is held, before those that cite it; of several
    that end so the one in the main part.
    """
    yield Constant(Term("pinpoint", f"{cited} {anchor}"), PINPOINT)
    if held:
        for field, score in (("anchor", OWN_PLACE), ("ending", OWN_PLACE - 1)):
            yield Constant(AllOf((Term("symbol", held), Term(field, anchor))), score)


def _anchors(entity: Entity) -> Iterable[str]:
    if entity.last.isdigit() and entity.anchor.isdigit():
        first, last = int(entity.anchor), int(entity.last)
        return (str(number) for number in range(first, min(last, first + MOST_OF_A_RANGE) + 1))
    return dict.fromkeys(filter(None, (entity.anchor, entity.last)))


def in_usual_words(piece: str, words: Concepts) -> str:
    """``piece`` with the words that stand nowhere put as UN documents put them, where that stands: 核子鑑識 →
    核法证.
    """
    if words.count(piece):
        return piece
    text, kept = _in_common_years(piece), regional_words(piece)
    for word, usual in kept.items():
        put = fold_words(text).replace(word, usual)
        if not words.count(word) or len(analyze(put)) < len(analyze(text)):
            text = put
    changed, at = "", 0
    for token in analyze(text):
        surface = text[token.start : token.end]
        if len(token.term) > 1 and token.kind == "word" and words.nowhere(token.term):
            surface = next(_known(mainland_forms(surface), words), surface)
        changed += text[at : token.start] + surface
        at = token.end
    return changed + text[at:]


def _is_latin(text: str) -> bool:
    """Whether ``text`` is of Latin letters, with or without accents: jūn mín."""
    return text.isascii() or unaccented(text).isascii()


def _in_common_years(piece: str) -> str:
    """``piece`` as typed but for years and decades that UN documents write otherwise."""
    plain = fold_words(piece)
    common = in_common_years(plain)
    return piece if common == plain else common


def _known(forms: Iterable[str], words: Concepts) -> Iterator[str]:
    return (form for form in forms if all(words.findable(token.term) for token in analyze(form)))
