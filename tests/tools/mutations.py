"""Quotations cut from held paragraphs, each changed in one way by machine, as a draft would cite them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, islice

import opencc

from archive.models import Paragraph
from archive.site.presenters.wording import cited_paragraph_name
from archive.text.folding import fold_literally, fold_words

SHORTEST, LONGEST = 14, 80  # characters of a quotation
CITABLE = re.compile(r"(?:annex\.)?\d+(?:\.[a-z])?")
WIDTHS = {ord(one): chr(ord(one) + 0xFEE0) for one in "0123456789,:;()!?%"}
WIDTHS |= {wide: chr(plain) for plain, wide in ((one, ord(two)) for one, two in WIDTHS.items())}
COMMON = "和或各将可应请再已未均仅须与及亦"  # put in the place of a character
NUMERALS = "一二三四五六七八九"
HALF = f"([{NUMERALS}十百千万]+|[0-9., ]+|[A-Za-z]+)$"  # what may go on behind the end of words
STOPS = ",，、：；"
MOST_TRIED = 400  # texts, for one change
Rows = Sequence[Paragraph]
_folded = cache(fold_literally)
STATES = ("法国", "巴西", "尼日利亚", "越南")  # that speak in none of the documents


@dataclass(frozen=True, slots=True)
class Mutant:
    """Words of a paragraph, changed in the way ``kind``; cited as of ``anchor`` of ``symbol``."""

    kind: str
    words: str
    symbol: str
    anchor: str
    speaker: str = ""

    @property
    def draft(self) -> str:
        """One line of a draft."""
        place = cited_paragraph_name(self.anchor) if CITABLE.fullmatch(self.anchor) else ""
        return f"{self.speaker}在{self.symbol}{place}中说：『{self.words}』。"


def mutants(rows: Rows, count: int, seed: int = 1540) -> list[Mutant]:
    """Returns ``count`` mutants of ``rows``, of each kind in turn, the same for the same seed. What is meant
    to stand nowhere stands in none of ``rows``.
    """
    chance = random.Random(seed)  # noqa: S311
    everything = "\n".join(_folded(row.text) for row in rows)
    made: dict[Mutant, None] = {}
    kinds = cycle((*CHANGES, *MOVES))
    while len(made) < count:
        kind = next(kinds)
        of_kind = (_mutant(kind, chance.choice(rows), rows, chance) for _time in range(MOST_TRIED))
        found = (one for one in of_kind if one and (kind in KEPT or not _stands(one.words, everything)))
        made |= dict.fromkeys(islice((one for one in found if one not in made), 1))
    return list(made)


def _mutant(kind: str, row: Paragraph, rows: Rows, chance: random.Random) -> Mutant | None:
    """Returns words of a paragraph changed in one way; None where they give no such change."""
    who = row.state.name if row.state and (row.speaker_name or row.submitter_name) else ""
    words = _cut(row.text, chance)
    true = Mutant(kind, words, row.document.symbol, row.anchor, who)
    if not words:
        return None
    if kind in MOVES:
        one = MOVES[kind](true, rows, chance)
    else:
        one = replace(true, words=CHANGES[kind](words, chance))
    return one if len(one.words) >= SHORTEST and (kind == "none" or one != true) else None


def _stands(words: str, everything: str) -> bool:
    """Returns True if words stand somewhere, and not with a number that is cut at their ends."""
    edges = ("(?<![0-9])" if words[0].isdecimal() else "", "(?![0-9])" if words[-1].isdecimal() else "")
    return re.search(re.escape(fold_literally(words)).join(edges), everything) is not None


def _cut(text: str, chance: random.Random) -> str:
    """Returns some of a text, from one stop to another, or nothing."""
    pieces = re.findall(r"[^。；\n『』]+", text)
    words = chance.choice(pieces).strip(" ,，、") if pieces else ""
    words = re.sub(HALF, "", words[: chance.randint(SHORTEST, LONGEST)]).rstrip()
    return words if len(words) >= SHORTEST else ""


def _character(words: str, chance: random.Random) -> str:
    at = chance.choice([at for at, char in enumerate(words) if char > "一"] or [0])
    return words[:at] + chance.choice(COMMON) + words[at + 1 :]


def _number(words: str, chance: random.Random) -> str:
    at = chance.choice([found.start() for found in re.finditer(r"\d", words)] or [-1])
    return f"{words[:at]}{(int(words[at]) + 1) % 10}{words[at + 1 :]}" if at >= 0 else ""


def _negation(words: str, chance: random.Random) -> str:
    at = chance.randint(1, len(words) - 1)
    return words.replace("不", "", 1) if "不" in words else f"{words[:at]}不{words[at:]}"


def _script(words: str, _chance: random.Random) -> str:
    other = opencc.OpenCC("s2t").convert(words)
    return other if fold_words(other) == fold_words(words) else ""


def _numeral(words: str, chance: random.Random) -> str:
    at = chance.choice([at for at, char in enumerate(words) if char in NUMERALS] or [-1])
    return words[:at] + chance.choice(NUMERALS) + words[at + 1 :] if at >= 0 else ""


def _cut_number(words: str, chance: random.Random) -> str:
    """Leaves out digits at one end."""
    found = [one.start() + 1 for one in re.finditer(r"\d(?=\d)", words)]
    halves = [half for at in found for half in (words[at:], words[:at]) if len(half) >= SHORTEST]
    return chance.choice(halves or [""])


def _punctuation(words: str, chance: random.Random) -> str:
    at = chance.choice([at for at, char in enumerate(words[:-1]) if char in STOPS] or [-1])
    return words[:at] + chance.choice(["", *STOPS]) + words[at + 1 :] if at >= 0 else ""


def _clauses(words: str) -> list[str]:
    return re.split(f"(?<=[{STOPS}])", words)


def _order(words: str, chance: random.Random) -> str:
    clauses = _clauses(words)
    return "".join(chance.sample(clauses, len(clauses)))


def _skipped(words: str, _chance: random.Random) -> str:
    clauses = _clauses(words)
    return f"{clauses[0]}{clauses[-1]}" if len(clauses) > 2 else ""


def _script_and_character(words: str, chance: random.Random) -> str:
    return _script(_character(words, chance), chance)


def _joined(one: Mutant, rows: Rows, chance: random.Random) -> Mutant:
    other = _cut(chance.choice(rows).text, chance)
    return replace(one, words=f"{one.words}，{other}" if other else "")


def _speaker(one: Mutant, _rows: Rows, chance: random.Random) -> Mutant:
    return replace(one, speaker=one.speaker and chance.choice(STATES))


def _paragraph(one: Mutant, rows: Rows, chance: random.Random) -> Mutant:
    here = [row for row in rows if row.document.symbol == one.symbol]
    having = [row.anchor for row in here if fold_literally(one.words) in _folded(row.text)]
    others = [row.anchor for row in here if CITABLE.fullmatch(row.anchor)]
    others = [at for at in others if not any(f"{each}.".startswith(f"{at}.") for each in having)]
    return replace(one, anchor=chance.choice(others or [one.anchor]))


def _document(one: Mutant, rows: Rows, chance: random.Random) -> Mutant:
    words = fold_literally(one.words)
    having = {row.document.symbol for row in rows if words in _folded(row.text)}
    others = sorted({row.document.symbol for row in rows} - having)
    return replace(one, symbol=chance.choice(others), anchor="")


CHANGES: Mapping[str, Callable[[str, random.Random], str]] = {
    "none": lambda words, _chance: words,
    "character": _character,
    "number": _number,
    "numeral": _numeral,
    "cut_number": _cut_number,
    "negation": _negation,
    "punctuation": _punctuation,
    "order": _order,
    "skipped": _skipped,
    "script": _script,
    "script_and_character": _script_and_character,
    "width": lambda words, _chance: words.translate(WIDTHS),
}
MOVES = {"joined": _joined, "speaker": _speaker, "paragraph": _paragraph, "document": _document}
# The words of these stand in the archive all the same.
KEPT = {"none", "speaker", "paragraph", "document", "script", "width"}


def drafts(made: Sequence[Mutant], lines: int = 10) -> Iterator[tuple[str, Sequence[Mutant]]]:
    """Generates drafts of so many lines, a mutant each, with their mutants."""
    for start in range(0, len(made), lines):
        part = made[start : start + lines]
        yield "\n".join(one.draft for one in part), part
