"""In which language a text is: by its script, and by its most frequent words."""

from __future__ import annotations

import re
from collections import Counter

from .languages import TABLES

FIRST = "zh"  # of a text that does not tell its language, and of addresses without a language
READ = (FIRST, *TABLES)  # whose conventions the reader knows
WITHOUT_BLANKS = ("zh", "ja")  # between words
UNKNOWN = "und"  # ISO 639-2, undetermined
SCRIPTS = {
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]"),
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
}
LETTERS_OF_A_WORD = {"zh": 1, "ru": 6, "ar": 6, "ja": 2, "ko": 3}
# Characters without break, with one that joins words: what names and lists of names do not have.
PROSE = re.compile(r"[\u4e00-\u9fff，、]{8,}")
JOINING = re.compile("[的了和与及在于对为应将并其不]")
FEWEST_OF_PROSE = 30  # characters that make a text Chinese, whatever stands in its annexes
SHARE_OF_PROSE = 0.005  # of all signs
LATIN = re.compile(r"[A-Za-zÀ-ÿ]+")
# Only words that are frequent in one language.
WORDS = {
    **{code: frozenset(table["frequent"]) for code, table in TABLES.items()},
    "fr": frozenset(("le", "les", "des", "et", "du", "une", "dans", "aux", "sur", "qui")),
    "es": frozenset(("el", "los", "las", "y", "del", "que", "por", "para", "con", "sus")),
}
SHARE = 0.3  # of all signs that tell
FEWEST = 20  # signs that tell anything


def language_of(text: str) -> str | None:
    """The code of the language, ``UNKNOWN`` where it is surely not Chinese, None where that cannot be told.

    A text with Chinese sentences is Chinese, though it pass on more words in other languages. Of few words
    those tell that are frequent in one language alone, where no other script stands beside them.
    """
    words = Counter(word.lower() for word in LATIN.findall(text))
    counts = {code: len(one.findall(text)) // LETTERS_OF_A_WORD[code] for code, one in SCRIPTS.items()}
    total = sum(counts.values()) + words.total()
    found = {code: sum(words[word] for word in known) for code, known in WORDS.items()}
    if total < FEWEST:
        first, second, *_others = sorted(found.values(), reverse=True)
        told = first > second and not any(counts.values())
        return max(found, key=found.__getitem__) if told else None
    others = counts["ja"] + counts["ko"]
    if counts["zh"] > 3 * others and _prose(text) >= max(FEWEST_OF_PROSE, total * SHARE_OF_PROSE):
        return "zh"
    if counts["zh"] and 10 * counts["ja"] > counts["zh"]:
        return "ja"  # whose sentences may have more Chinese characters than its own
    code = max(counts, key=counts.__getitem__)
    if counts[code] >= total * SHARE:
        return code
    code = max(found, key=found.__getitem__)
    if found[code] >= words.total() * 0.05:
        return code
    return None if counts["zh"] else UNKNOWN


def _prose(text: str) -> int:
    """The characters of Chinese sentences."""
    return sum(len(run) for run in PROSE.findall(text) if JOINING.search(run))
