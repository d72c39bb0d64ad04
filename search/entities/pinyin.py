"""Pinyin keys of names and terms. Made where an index is built; no reader's request needs it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence

from search.text.vocabulary import HAN

HAN_NAME = re.compile(f"[{HAN}]{{2,24}}")


def pinyin_table(
    names: Iterable[str], before: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[str]]:
    """Pronunciation without tones and blanks → the names of Han characters so pronounced. Of names that
    stand in the table ``before`` nothing is asked anew.

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
    """How ``name`` is typed in pinyin; ü as v and as u."""
    from pypinyin import lazy_pinyin  # 30 MB of tables, which a process that only reads never loads

    syllables = "".join(lazy_pinyin(name))
    return tuple(dict.fromkeys((syllables, syllables.replace("v", "u"))))
