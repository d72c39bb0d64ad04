"""Resolution of typed names and filters to codes of the index: States, bodies, symbols, types, years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from archive.models import Document
from archive.text.folding import fold_words
from archive.text.language import READ
from archive.text.typed_places import read_symbol
from search.query.entities.names import Kind, name_table
from search.query.language.ast import FIELDS, Field, Problem, ProblemCode
from search.query.language.conditions import SINGLE, Filter
from search.query.text.folding import HONORIFIC, pronounced_alike

FIRST_YEAR, LAST_YEAR = 1945, 2100
RANGE = re.compile(r"(\d{4})?(?:年)?(?:-|–|—|~|～|至|到|\.\.)(\d{4})?年?")
DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
# Names of the languages of texts as they are typed, whatever the language of the interface.
NAMES_OF_LANGUAGES = {"zh": ("中文", "汉文", "chinese"), "en": ("英文", "english")}


class Names:
    """Resolves typed names by those in the manifest."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.known = names
        self.table = name_table(names)

    def label(self, field: str, code: str) -> str:
        """Returns the display name of a code: 印度, 1540(2004), 简要记录."""
        if field in ("state", "body", "mentioned"):
            found = self.known.get("state" if field == "state" else "body", {}).get(code)
            latin = [name for name in found or () if max(name) < "⺀" and get_language() == "en"]
            shown = next((name for name in latin if not name.isupper()), (latin or found or [code])[0])
            waits = field != "state" and code in self.known.get("unconfirmed", ())
            return _("%(name)s（待核）") % {"name": shown} if waits else shown
        if field == "document_type":
            return str(dict(Document.Type.choices).get(code, code))
        if field == "language":
            return _(NAMES_OF_LANGUAGES[code][0])
        if field == "cites":
            number = code.removeprefix("S/RES/")
            return re.sub(r"(?<=\d)\(", " (", number) if get_language() == "en" else number
        return code

    def all_of(self, field: str) -> list[str]:
        """Returns all names of States, or of bodies, each once."""
        known = self.known.get("state" if field == "state" else "body", {})
        return list(dict.fromkeys(name for names in known.values() for name in names if name))

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
                return frozenset(filter(None, [type_codes().get(value)]))
            case "language":
                return frozenset(code for code in READ if value in (code, *NAMES_OF_LANGUAGES[code]))
            case "symbol":
                return self._held(typed)
            case "cites":
                return _cited(typed)
            case "speaker":
                return frozenset([HONORIFIC.sub("", value)])
        return frozenset([value])

    def _held(self, typed: str) -> frozenset[str]:
        """Returns the stored documents of a symbol, or all of a series: S/AC.44."""
        wanted = read_symbol(typed) or fold_words(typed).upper().rstrip("/")
        held: Mapping[str, str] = self.known.get("symbol", {})
        return frozenset(
            target for symbol, target in held.items() if symbol == wanted or symbol.startswith(f"{wanted}/")
        )


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


def _cited(typed: str) -> frozenset[str]:
    """Resolves a cited symbol: 1540, 第1540(2004)号决议, 73/55, S/2008/493."""
    return frozenset(filter(None, [read_symbol(typed) or read_symbol(f"大会{typed.strip()}")]))


# The filters of a query, and messages on values that have no match.

ALIKE = 66  # percent of a name that must agree to be offered


def read_filter(node: Field, names: Names, problems: list[Problem]) -> Filter:
    """Returns the codes that the values of ``node`` mean; what means none goes to ``problems``."""
    codes: set[str] = set()
    for value in node.values:
        found = _titled(value) if node.name == "title" else names.codes(node.name, value)
        if not found:
            problems.append(Problem(ProblemCode.BAD_VALUE, value, node.at, _hint(node.name, value, names)))
        if node.name == "year" and (range_ := turned_round(value)):
            problems.append(Problem(ProblemCode.TURNED_ROUND, value, node.at, range_))
        codes |= found
    return Filter("symbol" if node.name == "title" else node.name, frozenset(codes))


def _titled(typed: str) -> frozenset[str]:
    """Returns the symbols of documents whose title contains ``typed``, in any width, case and script."""
    wanted = "".join(fold_words(typed).split())
    titles = Document.objects.order_by("symbol").values_list("symbol", "title") if wanted else ()
    return frozenset(symbol for symbol, title in titles if wanted in "".join(fold_words(title).split()))


def contradictions(fields: Sequence[Field], filters: Sequence[Filter]) -> Iterator[Problem]:
    """Generates problems for pairs of filters on a single-valued field that no paragraph satisfies."""
    held: dict[str, tuple[Field, frozenset[str]]] = {}
    for node, read in zip(fields, filters, strict=True):
        if node.name not in SINGLE or not read.values:
            continue
        before, values = held.get(node.name, (node, read.values))
        if not values & read.values:
            name = FIELDS[node.name][0]
            either = ",".join(dict.fromkeys((*before.values, *node.values)))
            yield Problem(ProblemCode.EXCLUSIVE, name, node.at, f"{name}:{either}")
        held[node.name] = (node, values & read.values or values)


def _hint(field: str, value: str, names: Names) -> str:
    """Suggests the value that was probably meant, or explains how values of the field are written."""
    if field == "year":
        return str(_("年份写作2016、2010-2016或2010-。"))
    if field == "document_type":
        types = _("、").join(type_names())
        return str(_("类型有%(types)s。") % {"types": types})
    if field == "language":
        return str(_("语文写作中文、英文。"))
    if field == "title":
        return str(_("没有一份文件的题名含有这几个字。"))
    known = names.all_of(field) if field in ("state", "body", "mentioned") else ()
    near = extractOne(value, known, scorer=_likeness, score_cutoff=ALIKE)
    return str(_("是否指“%(name)s”？") % {"name": near[0]}) if near else ""


@cache
def type_codes() -> dict[str, str]:
    """Returns the code of each document type by its names as they are typed: Chinese whatever the language of
    the interface, or the code, also with blanks.
    """
    with override(settings.LANGUAGE_CODE):
        named = [(code, (code, code.replace("_", " "), str(label))) for code, label in Document.Type.choices]
        return {fold_words(name): code for code, names in named for name in names}


def type_names() -> list[str]:
    """Returns the names of document types that can be typed, in the language of the interface."""
    if get_language() == "en":
        return [code.replace("_", " ") for code in Document.Type.values]
    return [str(label) for label in Document.Type.labels]


def _likeness(one: str, other: str, **_options: Any) -> float:
    """Returns how alike two names are, in percent; characters that sound alike count as equal."""
    pairs = [*zip(one, other, strict=False)]
    if len(one) == len(other) and any(a == b for a, b in pairs):
        return 100 * sum(a == b or pronounced_alike(a, b) for a, b in pairs) / len(one)
    return ratio(one, other)
