"""Plants one difference in a pair of texts that say the same, Chinese and English, by a seed.

What is planted is told by patterns of its own, not by those that are to find it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from archive.text.languages import TABLES
from tests.tables import rows_from

KINDS = ("date", "force", "list", "negation", "number", "symbol")
_MONTHS = TABLES["en"]["months"]
_ANY_MONTH = "|".join(_MONTHS)
_SYMBOL = r"\d+ ?\(\d{4}\)|\b[A-Z]{1,2}(?:/[A-Z]+)*/\d+/?\d*|\d+/\d+"
_DATE = rf"\d+ (?:{_ANY_MONTH})(?: \d{{4}})?|\d{{4}}年(?:\d+月(?:\d+日)?)?|\d+月\d+日(?:至\d+日)?"
_PINPOINT = r"第\d+[^。，；第]{0,12}段|paragraphs? \d+(?: \([a-z]\))?(?:(?:,| and| to) \d+)*"
_DIGITS = r"(?<![\w/.()（])\d+(?:[ ,]\d{3})*(?:\.\d+)?(?![\d/(]|[A-Za-z])|\d[\d ]*\d(?=[万名份个])"
_WORDS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twelve",
    "thirty",
    "ninety",
)
_NUMERALS = "二三四五六七八九"
_LABEL = r"(?<![\dA-Za-z] )(?<![\dA-Za-z])\((?:[a-d]|i{1,3}|[一二三甲乙])\) ?(?!段)|[㈠㈡㈢] ?(?!和)"
_SWAPS = rows_from("pairs", "SWAPS")
_FORCE = re.compile(
    r"(?i:\b(?:shall|must|should)\b(?! not| never)|(?-i:\bmay\b)(?! not| require))"
    r"|(?i:\b(?:calls upon|urges|encourages|decides|requests(?! for)|invites|demands|reaffirms|stresses)\b)"
    r"|(?i:\b(?:emphasizes|recognizes|welcomes|condemns|authorizes)\b)"
    r"|(?<![不相响适供反])应(?![当该用对请缔不]|要求|秘书)|(?<![不许认])可(?![能用以])|(?<!必)须|必须"
    r"|[吁促]请|敦促|鼓励|决定(?=将|各|所|本|延)|(?<![邀申吁促])请(?=秘|委|各)|邀请|要求(?=各|所|伊)"
    r"|重申|强调|确认|欢迎|谴责|授权"
)
_BY_NOBODY = re.compile(r"\b(?:[Nn]o|[Nn]othing|[Nn]either)\b[^,;.]*$")
_NOT = (
    r"\b(?<!if )(?<!whether or )(?:not|never) (?!only|less|least)"
    r"|(?<=[^毫绝])不(?=得|应|适用|使用|要求|能)|没有(?=接|收)|未(?=获|能)"
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A pair with a difference: of which ``kind``, on which ``side`` (0 Chinese, 1 English), and where."""

    kind: str
    texts: tuple[str, str]
    side: int
    start: int
    end: int


def plant_each(pairs: Sequence[tuple[str, str]], seeds: range) -> Iterator[Planted]:
    """Generates a planted pair for each seed, the kinds in turn, each in a pair that can have it."""
    for seed in seeds:
        drawn = Random(seed).sample(pairs, len(pairs))
        planted = (_plant(pair, Random(seed), KINDS[seed % len(KINDS)]) for pair in drawn)
        yield next(one for one in planted if one)


def _plant(pair: tuple[str, str], random: Random, kind: str) -> Planted | None:
    """Returns ``pair`` with one difference of ``kind``; None where none can be: a word of force becomes
    another one only where both texts have as many.
    """
    found = [list(_PLACES[kind](text, random)) for text in pair]
    if kind == "force" and len(found[0]) != len(found[1]):
        return None
    places = [(side, *place) for side in (0, 1) for place in found[side]]
    if not places:
        return None
    side, start, end, new = random.choice(places)
    texts = [*pair]
    texts[side] = pair[side][:start] + new + pair[side][end:]
    return Planted(kind, (texts[0], texts[1]), side, start, start + len(new))


_Place = tuple[int, int, str]


def _dates(text: str, random: Random) -> Iterator[_Place]:
    for found in re.finditer(_DATE, text):
        part = random.choice([*re.finditer(rf"\d+|{_ANY_MONTH}", found[0])])
        month = found[0][part.end() :].startswith("月")
        new = _other(part[0], random)
        if month:
            new = str(int(part[0]) % 12 + 1)
        yield found.start() + part.start(), found.start() + part.end(), new


def _symbols(text: str, random: Random) -> Iterator[_Place]:
    for found in re.finditer(f"{_SYMBOL}|{_PINPOINT}", text):
        part = random.choice([*re.finditer(r"\d+", found[0])])
        yield found.start() + part.start(), found.start() + part.end(), _other(part[0], random)


def _numbers(text: str, random: Random) -> Iterator[_Place]:
    taken = [found.span() for found in re.finditer(f"{_DATE}|{_SYMBOL}|{_PINPOINT}", text)]
    for found in re.finditer(_DIGITS, text):
        if not any(start < found.end() and found.start() < end for start, end in taken):
            yield *found.span(), _other(found[0], random)
    for found in re.finditer(rf"\b(?:{'|'.join(_WORDS)})\b(?!-)", text):
        yield *found.span(), random.choice([word for word in _WORDS if word != found[0]])
    for found in re.finditer(rf"(?<![十百千月〇至九])[{_NUMERALS}](?=[个名份人国天年条章])", text):
        yield *found.span(), random.choice([char for char in _NUMERALS if char != found[0]])


def _labels(text: str, _random: Random) -> Iterator[_Place]:
    return ((*found.span(), "") for found in re.finditer(_LABEL, text))


def _force(text: str, _random: Random) -> Iterator[_Place]:
    for found in _FORCE.finditer(text):
        if not _BY_NOBODY.search(text[: found.start()]):
            new = _SWAPS[found[0].lower()]
            yield *found.span(), new.capitalize() if found[0][0].isupper() else new


def _negations(text: str, _random: Random) -> Iterator[_Place]:
    return ((*found.span(), "") for found in re.finditer(_NOT, text))


_PLACES = dict(zip(KINDS, (_dates, _force, _labels, _negations, _numbers, _symbols), strict=True))


def _other(text: str, random: Random) -> str:
    """Another number of the same shape, or another month."""
    if text in _MONTHS:
        return random.choice([month for month in _MONTHS if month != text])
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return str(int(text) + random.choice([-3, -2, -1, 1, 2, 3]))
    first = random.choice("123456789" if len(text) == 1 else "1" if len(text) == 2 else text[0])
    other = first + "".join(random.choice("0123456789") if char.isdecimal() else char for char in text[1:])
    return other if other != text else text[:-1] + str((int(text[-1]) + 1) % 10 or 1)
