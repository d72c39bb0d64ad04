"""Quotations cut from held paragraphs, each changed in one way by machine, as a draft would cite them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def mutants(rows: Sequence[Paragraph], count: int, seed: int = 1540) -> list[Mutant]:
    """Returns ``count`` mutants of ``rows``, as many of each kind, the same for the same seed. Words that are
    meant to stand nowhere do stand in none of ``rows``.
    """
    chance = random.Random(seed)  # noqa: S311
    everything = "\n".join(fold_literally(row.text) for row in rows)
    made: dict[Mutant, None] = {}
    for kind, change in islice(cycle(KINDS.items()), 100 * count):
        if len(made) == count:
            break
        row = chance.choice(rows)
        if words := _cut(row.text, chance):
            who = row.state.name if row.state and (row.speaker_name or row.submitter_name) else ""
            one = change(Mutant(kind, words, row.document.symbol, row.anchor, who), rows, chance)
            if one and (kind in KEPT or fold_literally(one.words) not in everything):
                made[one] = None
    return list(made)


def _cut(text: str, chance: random.Random) -> str:
    """Returns some of a text, from one stop to another, or nothing."""
    pieces = re.findall(r"[^。；\n『』]+", text)
    words = chance.choice(pieces).strip(" ,，、") if pieces else ""
    words = words[: chance.randint(SHORTEST, LONGEST)].rstrip()
    return words if len(words) >= SHORTEST else ""


Rows = Sequence[Paragraph]


def _character(one: Mutant, _rows: Rows, chance: random.Random) -> Mutant | None:
    at = chance.choice([at for at, char in enumerate(one.words) if char > "一"] or [0])
    return replace(one, words=one.words[:at] + chance.choice(COMMON) + one.words[at + 1 :])


def _number(one: Mutant, _rows: Rows, chance: random.Random) -> Mutant | None:
    figures = [found.start() for found in re.finditer(r"\d", one.words)]
    if not figures:
        return None
    at = chance.choice(figures)
    return replace(one, words=f"{one.words[:at]}{(int(one.words[at]) + 1) % 10}{one.words[at + 1 :]}")


def _negation(one: Mutant, _rows: Rows, chance: random.Random) -> Mutant | None:
    if "不" in one.words:
        return replace(one, words=one.words.replace("不", "", 1))
    at = chance.randint(1, len(one.words) - 1)
    return replace(one, words=f"{one.words[:at]}不{one.words[at:]}")


def _joined(one: Mutant, rows: Rows, chance: random.Random) -> Mutant | None:
    other = _cut(chance.choice(rows).text, chance)
    return replace(one, words=f"{one.words}，{other}") if other else None


def _speaker(one: Mutant, _rows: Rows, chance: random.Random) -> Mutant | None:
    return replace(one, speaker=chance.choice(STATES)) if one.speaker else None


def _paragraph(one: Mutant, rows: Rows, chance: random.Random) -> Mutant | None:
    words = fold_literally(one.words)
    others = [
        row.anchor
        for row in rows
        if row.document.symbol == one.symbol and CITABLE.fullmatch(row.anchor)
        and not any(words in fold_literally(under.text) for under in _below(row, rows))
    ]  # fmt: skip
    return replace(one, anchor=chance.choice(others)) if others else None


def _below(row: Paragraph, rows: Rows) -> Iterable[Paragraph]:
    same = (one for one in rows if one.document_id == row.document_id)
    return (one for one in same if one.anchor == row.anchor or one.anchor.startswith(f"{row.anchor}."))


def _script(one: Mutant, _rows: Rows, _chance: random.Random) -> Mutant | None:
    words = opencc.OpenCC("s2t").convert(one.words)
    alike = fold_words(words) == fold_words(one.words)
    return replace(one, words=words) if alike and words != one.words else None


def _width(one: Mutant, _rows: Rows, _chance: random.Random) -> Mutant | None:
    words = one.words.translate(WIDTHS)
    return replace(one, words=words) if words != one.words else None


KINDS: Mapping = {
    "none": lambda one, _rows, _chance: one,
    "character": _character,
    "number": _number,
    "negation": _negation,
    "joined": _joined,
    "speaker": _speaker,
    "paragraph": _paragraph,
    "script": _script,
    "width": _width,
}
KEPT = {"none", "speaker", "paragraph", "script", "width"}  # whose words stand in the archive all the same


def drafts(made: Sequence[Mutant], lines: int = 50) -> Iterator[tuple[str, Sequence[Mutant]]]:
    """Generates drafts of so many lines, a mutant each, with their mutants."""
    for start in range(0, len(made), lines):
        part = made[start : start + lines]
        yield "\n".join(one.draft for one in part), part
