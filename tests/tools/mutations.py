"""Quotations cut from held paragraphs, each changed in one way by machine, as a draft would cite them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
Rows = Sequence[Paragraph]
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
    """Returns ``count`` mutants of ``rows``, of each kind in turn as far as a text gives one, the same for
    the same seed. What is meant to stand nowhere stands in none of ``rows``.
    """
    chance = random.Random(seed)  # noqa: S311
    everything = "\n".join(fold_literally(row.text) for row in rows)
    made: dict[Mutant, None] = {}
    for kind in islice(cycle((*CHANGES, *MOVES)), 100 * count):
        row = chance.choice(rows)
        if len(made) == count or not (words := _cut(row.text, chance)):
            continue
        who = row.state.name if row.state and (row.speaker_name or row.submitter_name) else ""
        one = Mutant(kind, words, row.document.symbol, row.anchor, who)
        one = (
            MOVES[kind](one, rows, chance)
            if kind in MOVES
            else replace(one, words=CHANGES[kind](words, chance))
        )
        stands = fold_literally(one.words) in everything
        same = kind != "none" and (one.words, one.anchor, one.speaker) == (words, row.anchor, who)
        if one.words and not same and (kind in KEPT or not stands):
            made[one] = None
    return list(made)


def _cut(text: str, chance: random.Random) -> str:
    """Returns some of a text, from one stop to another, or nothing."""
    pieces = re.findall(r"[^。；\n『』]+", text)
    words = chance.choice(pieces).strip(" ,，、") if pieces else ""
    words = words[: chance.randint(SHORTEST, LONGEST)].rstrip()
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


def _joined(one: Mutant, rows: Rows, chance: random.Random) -> Mutant:
    other = _cut(chance.choice(rows).text, chance)
    return replace(one, words=f"{one.words}，{other}" if other else "")


def _speaker(one: Mutant, _rows: Rows, chance: random.Random) -> Mutant:
    return replace(one, speaker=one.speaker and chance.choice(STATES))


def _paragraph(one: Mutant, rows: Rows, chance: random.Random) -> Mutant:
    here = [row for row in rows if row.document.symbol == one.symbol]
    having = [row.anchor for row in here if fold_literally(one.words) in fold_literally(row.text)]
    others = [row.anchor for row in here if CITABLE.fullmatch(row.anchor)]
    others = [at for at in others if not any(f"{each}.".startswith(f"{at}.") for each in having)]
    return replace(one, anchor=chance.choice(others or [one.anchor]))


CHANGES: Mapping[str, Callable[[str, random.Random], str]] = {
    "none": lambda words, _chance: words,
    "character": _character,
    "number": _number,
    "negation": _negation,
    "script": _script,
    "width": lambda words, _chance: words.translate(WIDTHS),
}
MOVES = {"joined": _joined, "speaker": _speaker, "paragraph": _paragraph}
KEPT = {"none", "speaker", "paragraph", "script", "width"}  # whose words stand in the archive all the same


def drafts(made: Sequence[Mutant], lines: int = 50) -> Iterator[tuple[str, Sequence[Mutant]]]:
    """Generates drafts of so many lines, a mutant each, with their mutants."""
    for start in range(0, len(made), lines):
        part = made[start : start + lines]
        yield "\n".join(one.draft for one in part), part
