"""The table of names: everything that has a name and a page, found by any spelling of the name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.text.reference import load_reference
from archive.text.typed_places import SymbolTable, TypedPlace
from search.query.text.folding import name_key
from search.query.text.segmenter import HAN

from .dates import Meeting, records_by_number

if TYPE_CHECKING:
    import opencc


# The values of the layer: what a stretch of a query names.


class Kind(StrEnum):
    """The kind of a named entity. The key of each: alpha-3 code, slug, slug, name, name, ISO date or month,
    symbol, number, the term.
    """

    STATE = "state"
    BODY = "body"
    TREATY = "treaty"
    ORGANISATION = "organisation"  # private or of another kind than bodies; it has no page
    SPEAKER = "speaker"
    DATE = "date"
    SYMBOL = "symbol"
    MEETING = "meeting"
    TERM = "term"


class How(StrEnum):
    """The way in which typed words were matched to an entity."""

    NAME = "name"  # one of its names, in any script and spelling
    FORMER = "former"  # a name that it had
    PINYIN = "pinyin"  # the pronunciation of one
    REGION = "region"  # a word of another region or time
    LOOKALIKE = "lookalike"  # with characters that look like those of a name or symbol
    SPELLING = "spelling"  # a symbol without its marks


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that a text names: ``form`` is the name that was recognised, ``anchor`` and ``last`` the
    paragraph of a document, or the first and the last of a range.
    """

    kind: Kind
    key: str
    label: str
    form: str = ""
    how: How = How.NAME
    anchor: str = ""
    last: str = ""

    @property
    def place(self) -> TypedPlace:
        """The place that a symbol names."""
        return TypedPlace(self.key, self.anchor, self.last)


WHAT_IT_IS = re.compile(r"(\w{3,})(?:组织|机构|机制|集团|倡议|联盟|小组|办公室|委员会)")
SHORTEST_PINYIN = 4  # letters
OF_THE_UN, LEAST_FIRST_WORD = "United Nations ", 5
OF_TEXTS = (Kind.STATE, Kind.BODY, Kind.TREATY)
HAVE_NAMES = (Kind.STATE, Kind.BODY, Kind.TREATY, Kind.ORGANISATION)


@dataclass(frozen=True, slots=True)
class Name:
    """``form`` as a name of the thing ``kind`` ``key``, which is shown as ``label``.

    ``weak`` names count only where a whole text is one: codes of two letters, 理事会 of a certain council.
    ``former``: it had the name once.
    """

    kind: Kind
    key: str
    label: str
    form: str
    weak: bool = False
    former: bool = False

    @property
    def is_code(self) -> bool:
        """An acronym or code, which in small letters may be another word: WHO, CAN."""
        return self.form.isascii() and self.form.isupper()


class NameTable:
    """The names of a snapshot (``search.query.entities.snapshot``), each under its normal form.

    A snapshot maps ``state``, ``body``, ``treaty``, ``organisation`` to code → names (the label first),
    ``weak`` to the same for names that are weak, ``former`` to slug → those of a body that it had once,
    ``speaker`` to name → delegations, ``symbol`` to what is held, ``cited`` to the other symbols that texts
    cite, ``series`` to beginning of symbols → body, ``adopted`` to number of a meeting of the Council →
    resolutions, ``pinyin`` to pronunciation → names and terms.
    """

    def __init__(self, snapshot: Mapping[str, Any]) -> None:
        self.snapshot = snapshot

    @cached_property
    def by_key(self) -> dict[str, list[Name]]:
        """Normal form → the names so spelled, those that are not weak first."""
        table: dict[str, list[Name]] = {}
        for name in sorted(self.names(), key=lambda name: name.weak):
            held = table.setdefault(name_key(name.form), [])
            if not any((name.kind, name.key) == (other.kind, other.key) for other in held):
                held.append(name)
        table.pop("", None)
        for key, name in self._shortened_in_latin().items():
            table.setdefault(key, [name])
        return table

    def _shortened_in_latin(self) -> dict[str, Name]:
        """Returns short Latin names of one thing alone by normal form: its name without United Nations,
        weakly its first word (Stimson).
        """
        found: dict[str, set[Name]] = {}
        for name in self.names():
            first, _, rest = name.form.partition(" ")
            if name.kind in HAVE_NAMES and name.form.isascii() and rest:
                if name.form.startswith(OF_THE_UN):
                    whole = replace(name, form=name.form.removeprefix(OF_THE_UN))
                    found.setdefault(name_key(whole.form), set()).add(whole)
                elif len(first) >= LEAST_FIRST_WORD:
                    found.setdefault(name_key(first), set()).add(replace(name, form=first, weak=True))
        return {
            key: next(iter(names))
            for key, names in found.items()
            if len({(name.kind, name.key) for name in names}) == 1
        }

    def names(self) -> Iterator[Name]:
        """Generates every name of everything, in the order of the snapshot."""
        weak, former = self.snapshot.get("weak", {}), self.snapshot.get("former", {})
        for kind in HAVE_NAMES:
            for key, forms in self.snapshot.get(kind, {}).items():
                label, further = forms[0], weak.get(kind, {}).get(key, ())
                old = former.get(key, ()) if kind is Kind.BODY else ()
                yield from (
                    Name(kind, key, label, form, former=form in old) for form in dict.fromkeys(forms) if form
                )
                yield from (Name(kind, key, label, form, weak=True) for form in further if form)
                if kind is Kind.BODY:
                    yield from (Name(kind, key, label, form, weak=True) for form in shortened(forms))
        for name, spoken_for in self.snapshot.get("speaker", {}).items():
            yield Name(Kind.SPEAKER, name, name, name)
            yield from (Name(Kind.SPEAKER, name, name, f"{name}({whence})") for whence in spoken_for)
            if (
                " " in name
            ):  # the family's name is the last one, or of two the first: García Guiza, Kim Heun Jin
                yield from (Name(Kind.SPEAKER, name, name, name.split()[at]) for at in (-1, 0))

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The names of all States, bodies and treaties, each once; none that is weak."""
        named = (name for name in self.names() if name.kind in OF_TEXTS and not name.weak)
        return tuple(dict.fromkeys(name.form.strip("《》") for name in named))

    @cached_property
    def symbols(self) -> SymbolTable:
        """All known symbols, found without their marks."""
        held, cited = self.snapshot.get("symbol", {}), self.snapshot.get("cited", ())
        return SymbolTable([*held, *load_reference().resolutions.values(), *cited])

    @cached_property
    def _records(self) -> dict[int, list[str]]:
        return records_by_number(self.symbols.symbols)

    def records_of(self, meeting: Meeting) -> list[str]:
        """Returns the known records of a meeting; of several bodies if no owner is named."""
        found = self._records.get(meeting.number, [])
        if not meeting.owner:
            return found
        owners = {name.key for name in self.named(meeting.owner) if name.kind is Kind.BODY}
        return [symbol for symbol in found if self._body_of(symbol) in owners]

    def _body_of(self, symbol: str) -> str | None:
        series: Mapping[str, str] = self.snapshot.get("series", {})
        longest = max((prefix for prefix in series if symbol.startswith(prefix)), key=len, default="")
        return series.get(longest)

    def adopted_at(self, number: int) -> list[str]:
        """Returns the known resolutions that the Council adopted at its meeting of that number."""
        return list(self.snapshot.get("adopted", {}).get(str(number), ()))

    def named(self, text: str) -> list[Name]:
        """Returns the names that equal ``text`` after folding."""
        return self.by_key.get(name_key(text), [])

    def forms_of(self, kind: Kind, key: str) -> list[str]:
        """Returns the names of one thing that are not weak."""
        if kind is Kind.SPEAKER:
            return list(dict.fromkeys((key, key.split()[-1])))
        return [form for form in dict.fromkeys(self.snapshot.get(kind, {}).get(key, ())) if form]

    def pronounced(self, text: str) -> list[str]:
        """Returns the names and terms that ``text`` writes in pinyin."""
        key = name_key(text)
        return list(self.snapshot.get("pinyin", {}).get(key, ())) if key.isascii() else []

    def beginning(self, text: str) -> Iterator[Name]:
        """Generates the names whose normal form begins with that of ``text``, the shorter first."""
        wanted = name_key(text)
        keys = [key for key in self.by_key if key.startswith(wanted)] if wanted else []
        for key in sorted(keys, key=lambda key: (len(key), key)):
            yield from self.by_key[key]


def shortened(names: Iterable[str]) -> Iterator[str]:
    """Generates names without the word for their kind of body: 国际刑警 of 国际刑警组织."""
    for name in filter(None, names):
        if found := WHAT_IT_IS.fullmatch(name):
            yield found[1]


_kept: list[NameTable] = []


def name_table(snapshot: Mapping[str, Any]) -> NameTable:
    """Returns the table of a snapshot; those of the last few are kept, with what was worked out for them."""
    for table in tuple(_kept):
        if table.snapshot is snapshot or table.snapshot == snapshot:
            return table
    _kept[:] = [NameTable(snapshot), *_kept[:3]]
    return _kept[0]


# Pinyin keys of names and terms. Made where an index is built; no reader's request needs it.

HAN_NAME = re.compile(f"[{HAN}]{{2,24}}")


def pinyin_table(
    names: Iterable[str], before: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[str]]:
    """Returns pinyin without tones and blanks → the names of Han characters so pronounced. Those of the table
    ``before`` are taken over.

    >>> pinyin_table(("核武器",))
    {'hewuqi': ['核武器']}
    """
    known: dict[str, list[str]] = {}
    for key, alike in (before or {}).items():
        for name in alike:
            known.setdefault(name, []).append(key)
    table: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        if HAN_NAME.fullmatch(name):
            for key in known.get(name) or pronunciations(name):
                table.setdefault(key, []).append(name)
    return dict(sorted(table.items()))


@functools.lru_cache(maxsize=65536)  # more than there are names: asked in turn, a smaller one keeps none
def pronunciations(name: str) -> tuple[str, ...]:
    """Returns the pinyin spellings of ``name``, with ü typed as v and as u."""
    from pypinyin import lazy_pinyin  # 30 MB of tables, which a process that only reads never loads

    syllables = "".join(lazy_pinyin(name))
    return tuple(dict.fromkeys((syllables, syllables.replace("v", "u"))))


# Words of other regions and times put into those of UN documents: 飛彈 → 导弹, 核子武器 → 核武器.

LIST = Path(__file__).resolve().parent / "regional.txt"


@functools.lru_cache(maxsize=4096)
def mainland_forms(text: str) -> tuple[str, ...]:
    """Returns the mainland wordings of ``text``, converted from Taiwan's and Hong Kong's usage and by the
    kept list, without ``text`` itself; each once.

    >>> mainland_forms("核子武器"), mainland_forms("飛彈")
    (('核武器',), ('导弹',))
    """
    plain = _converter("t2s").convert(text)
    typed = dict.fromkeys((text, _converter("s2t").convert(text)))
    converted = [_converter(rule).convert(form) for form in typed for rule in ("tw2sp", "hk2sp")]
    replaced = (_words().sub(lambda found: _table()[found.group()], form) for form in (plain, *converted))
    forms = dict.fromkeys(replaced)
    return tuple(form for form in forms if form != plain)


@functools.cache
def _table() -> dict[str, str]:
    lines = (line.partition("#")[0].strip() for line in LIST.read_text("utf-8").splitlines())
    return dict(line.split(" = ") for line in lines if line)


@functools.cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _table()), key=len, reverse=True)))


@functools.cache
def _converter(rule: str) -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC(rule)
