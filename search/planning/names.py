"""Resolution of typed names to codes of the index: States, bodies, symbols, types, years."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from archive.models import Document
from archive.text.reference import load_reference
from archive.text.symbols import Symbol, SymbolError
from search.entities.names import Kind, name_table
from search.text.folding import HONORIFIC, fold_words

FIRST_YEAR, LAST_YEAR = 1945, 2100
RANGE = re.compile(r"(\d{4})?(?:年)?(?:-|–|—|~|～|至|到|\.\.)(\d{4})?年?")
DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
COUNCIL = re.compile(r"(?:第)?(\d{1,4})(?:\((\d{4})\))?号?(?:决议)?")
ASSEMBLY = re.compile(r"(?:第)?((?:(?:es|s)-)?\d{1,3}/\d{1,4})号?(?:决议)?")


class Names:
    """Resolves typed names by those in the manifest."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.known = names
        self.table = name_table(names)

    def label(self, field: str, code: str) -> str:
        """Returns the display name of a code: 印度, 1540(2004), 简要记录."""
        if field in ("state", "body", "mentioned"):
            found = self.known.get("state" if field == "state" else "body", {}).get(code)
            shown = found[0] if found else code
            waits = field != "state" and code in self.known.get("unconfirmed", ())
            return _("%(name)s（待核）") % {"name": shown} if waits else shown
        if field == "document_type":
            return str(dict(Document.Type.choices).get(code, code))
        return code.removeprefix("S/RES/") if field == "cites" else code

    def all_of(self, field: str) -> list[str]:
        """Returns all names of States, or of bodies, each once."""
        known = self.known.get("state" if field == "state" else "body", {})
        return list(dict.fromkeys(name for names in known.values() for name in names if name))

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The names of all States, bodies and treaties, each once."""
        return tuple(dict.fromkeys((*self.all_of("state"), *self.all_of("body"), *sorted(self.treaties))))

    @cached_property
    def treaties(self) -> frozenset[str]:
        """All names of treaties, folded, without title marks."""
        return frozenset(
            fold_words(name).strip("《》")
            for treaty in load_reference().treaties
            for name in (treaty.name, *treaty.aliases)
        )

    def codes(self, field: str, typed: str) -> frozenset[str]:
        """Returns the codes that ``typed`` means in a filter on ``field``; empty where it means none."""
        value = fold_words(typed).strip()
        match field:
            case "year":
                return _years(value)
            case "state" | "body" | "mentioned":
                kind = Kind.STATE if field == "state" else Kind.BODY
                found = [name.key for name in self.table.named(typed) if name.kind is kind]
                return frozenset(found[:1])
            case "document_type":
                return frozenset(
                    code for code, label in Document.Type.choices if value in (code, fold_words(str(label)))
                )
            case "symbol":
                return self._held(typed)
            case "cites":
                return _cited(value, typed)
            case "speaker":
                return frozenset([HONORIFIC.sub("", value)])
        return frozenset([value])

    def held(self, typed: str) -> str | None:
        """Returns the symbol of the one stored document that ``typed`` spells; None where there is none."""
        held: Mapping[str | None, str] = self.known.get("symbol", {})
        return held.get(canonical_symbol(typed))

    def _held(self, typed: str) -> frozenset[str]:
        """Returns the stored documents of a symbol, or all of a series: S/AC.44."""
        wanted = canonical_symbol(typed) or fold_words(typed).upper().rstrip("/")
        held: Mapping[str, str] = self.known.get("symbol", {})
        return frozenset(
            target for symbol, target in held.items() if symbol == wanted or symbol.startswith(f"{wanted}/")
        )


def canonical_symbol(text: str) -> str | None:
    """Returns the canonical symbol that ``text`` spells, with the year where the reference data knows it;
    else None.
    """
    try:
        return str(Symbol.parse(text).completed(load_reference().resolutions))
    except SymbolError:
        return None


_kept: list[Names] = []


def names_of(known: Mapping[str, Any]) -> Names:
    """Returns the names of a manifest; those of the last few are kept, with what was worked out for them."""
    for names in _kept:
        if names.known is known:
            return names
    _kept[:] = [Names(known), *_kept[:3]]
    return _kept[0]


def turned_round(typed: str) -> str | None:
    """Returns a range of years whose end comes first, the right way round; None for anything else."""
    found = RANGE.fullmatch(fold_words(typed).strip())
    if found and found[1] and found[2] and found[1] > found[2]:
        return f"{found[2]}-{found[1]}"
    return None


def _years(value: str) -> frozenset[str]:
    value = value.translate(DIGITS)
    if found := re.fullmatch(r"(\d{4})年?", value):
        return frozenset([found[1]])
    found = RANGE.fullmatch(value)
    if not found or not (found[1] or found[2]):
        return frozenset()
    first, last = sorted((int(found[1] or FIRST_YEAR), int(found[2] or LAST_YEAR)))
    return frozenset(str(year) for year in range(max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1))


def _cited(value: str, typed: str) -> frozenset[str]:
    """Resolves a cited symbol: 1540, 第1540(2004)号决议, 73/55, S/2008/493."""
    if found := COUNCIL.fullmatch(value):
        number, year = int(found[1]), found[2]
        known = load_reference().resolutions.get(number)
        return frozenset([f"S/RES/{number}({year})" if year else known or f"S/RES/{number}"])
    if found := ASSEMBLY.fullmatch(value):
        return frozenset([f"A/RES/{found[1].upper()}"])
    symbol = canonical_symbol(typed)
    return frozenset([symbol] if symbol else [])
