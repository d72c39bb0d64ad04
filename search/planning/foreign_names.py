"""Names of persons in Latin letters: which pieces of a query are one, and how texts write it by sound.

迈克尔•道格拉斯 for Michael Douglas: the consonants of one are looked for in the syllables of the other. Names
that are written in Chinese characters at home (潘基文) are not found so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from search.query.vocabulary import Vocabulary
from search.text.name_keys import unaccented

NAME = re.compile(r"[A-Z][^\W\d_]*(?:['’][^\W\d_]+)*(?:-[^\W\d_]+)*\.?")
MOST_IN_A_NAME = 5  # pieces
LEAST_HEARD = 4  # consonants
SYLLABLES = Path(__file__).resolve().parent / "syllables.txt"
GLIDES = re.compile("[YWH]")  # which prove little

# Each consonant of a Latin name, and the sounds by which Chinese writes it; "?" where it may be left out.
LETTERS = (
    (r"t?sch|sh|cz|tch", "[JS]"),
    (r"ch", "[JKSH]"),
    (r"ph|f", "F"),
    (r"th", "[TSJ]"),
    (r"ck|[kq]|c(?![eiy])", "K"),
    (r"c", "[SJ]"),
    (r"x", "K?[SHJ]"),
    (r"gh?(?=[aeiouylr])", "[KJHY]"),
    (r"g", "K?"),
    (r"[dt]", "[TJ]"),
    (r"[bp]", "P"),
    (r"v", "[FW]"),
    (r"w", "[WFH]"),
    (r"j", "[JHY]"),
    (r"[sz]", "[SJ]"),
    (r"h", "H?"),
    (r"[lr](?=[aeiouy])", "L"),
    (r"[lr]", "L?"),
    (r"m", "[MN]"),
    (r"ng|n", "N"),
    (r"[aeiouy]+", "[YWH]?"),
)
LETTER = re.compile("|".join(f"({pattern})" for pattern, _sounds in LETTERS))


def names_in(
    read: Sequence[tuple[str, str | None]], held: Callable[[str], bool]
) -> Iterator[tuple[str, str | None, bool]]:
    """The pieces of a query, each with the Chinese term that it is in English, if any. Those joined that
    together are a person's name which the texts do not have: of words in capitals that stand side by side
    at least half are no terms, nor ``held``.
    """
    at = 0
    while at < len(read):
        size = next(
            (n for n, (piece, _) in enumerate(read[at:]) if not NAME.fullmatch(piece)), len(read) - at
        )
        run = read[at : at + max(1, size)]
        absent = sum(not term and not held(piece) for piece, term in run)
        if 1 < size <= MOST_IN_A_NAME and absent * 2 >= size:
            yield " ".join(piece for piece, _ in run), None, True
        else:
            yield from ((*pair, False) for pair in run)
        at += len(run)


def heard(name: str, vocabulary: Vocabulary) -> Counter[str]:
    """The names on both sides of a dot in the texts that sound like ``name``, with their occurrences; of one
    word, those on either side.
    """
    words = [_sounds(word) for word in name.split()]
    if not words or not all(words):
        return Counter()
    first, last = re.compile(words[0]), re.compile(words[-1])
    found: Counter[str] = Counter()
    for before, dot, behind in vocabulary.around_dots():
        given, family = _ending(before, first), _beginning(behind, last)
        whole = f"{given}{dot}{family}" if len(words) > 1 else family or given
        complete = given and family if len(words) > 1 else whole
        if complete and len(GLIDES.sub("", _heard(whole))) >= LEAST_HEARD:
            found[whole] = vocabulary.occurrences(whole)
    return found


def _sounds(word: str) -> str:
    """A pattern of the sounds of ``word``; empty where it has other letters than Latin ones."""
    plain = re.sub(r"(.)\1", r"\1", unaccented(word.casefold()).strip("."))
    plain = plain.replace("-", "").replace("'", "").replace("’", "")
    if not plain.isascii() or not plain.isalpha():
        return ""
    return LETTER.sub(lambda found: LETTERS[(found.lastindex or 1) - 1][1], plain)


def _ending(run: str, wanted: re.Pattern[str]) -> str:
    return next((run[at:] for at in range(len(run)) if _likely(run[at:], wanted)), "")


def _beginning(run: str, wanted: re.Pattern[str]) -> str:
    return next((run[:end] for end in range(len(run), 0, -1) if _likely(run[:end], wanted)), "")


def _likely(string: str, wanted: re.Pattern[str]) -> bool:
    return len(string) > 1 and wanted.fullmatch(_heard(string)) is not None


def _heard(string: str) -> str:
    return "".join(_table().get(character, "") for character in string)


@cache
def _table() -> dict[str, str]:
    """Character → the consonants of its syllable, in classes."""
    lines = [line.split() for line in SYLLABLES.read_text("utf-8").splitlines() if line[0] != "#"]
    return {character: _classes(syllable) for syllable, characters in lines for character in characters}


INITIALS = (
    ("zh", "J"),
    ("ch", "J"),
    ("sh", "J"),
    *zip("bpmfdtnlrgkhjqxzcswy", "PPMFTTNLLKKHJJJSSSWY", strict=True),
)


def _classes(syllable: str) -> str:
    if syllable == "er":
        return "L"
    initial = next((sound for letters, sound in INITIALS if syllable.startswith(letters)), "")
    return initial + ("N" if re.search("[^n]ng?$", syllable) else "")
