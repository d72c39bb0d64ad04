"""In which of the UN's six languages a text is: by its script, and by its most frequent words."""

from __future__ import annotations

import re
from collections import Counter

SCRIPTS = {
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]"),
}
LATIN = re.compile(r"[A-Za-zÀ-ÿ]+")
# Only words that are frequent in one of the three.
WORDS = {
    "en": frozenset(("the", "of", "and", "to", "that", "with", "for", "by", "its", "which")),
    "fr": frozenset(("le", "les", "des", "et", "du", "une", "dans", "aux", "sur", "qui")),
    "es": frozenset(("el", "los", "las", "y", "del", "que", "por", "para", "con", "sus")),
}
SHARE = 0.3  # of all signs, of those that tell; a Chinese character counts as a word does
FEWEST = 20  # signs that tell anything


def language_of(text: str) -> str | None:
    """The code of the language, or None where the text is too short, or in none of the six."""
    scripts = {code: len(pattern.findall(text)) for code, pattern in SCRIPTS.items()}
    words = Counter(word.lower() for word in LATIN.findall(text))
    # A word of Russian or Arabic has about six letters.
    counts = {"zh": scripts["zh"], "ru": scripts["ru"] // 6, "ar": scripts["ar"] // 6}
    total = sum(counts.values()) + words.total()
    if total < FEWEST:
        return None
    code = max(counts, key=counts.__getitem__)
    if counts[code] >= total * SHARE:
        return code
    found = {code: sum(words[word] for word in known) for code, known in WORDS.items()}
    code = max(found, key=found.__getitem__)
    return code if found[code] >= words.total() * 0.05 else None
