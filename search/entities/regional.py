"""Words of other regions and times put into those of UN documents: 飛彈 → 导弹, 核子武器 → 核武器."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import opencc

LIST = Path(__file__).resolve().parent / "regional.txt"


@functools.lru_cache(maxsize=4096)
def mainland_forms(text: str) -> tuple[str, ...]:
    """How ``text`` is said in the mainland's usage, by Taiwan's words, Hong Kong's and the kept list; those
    that differ from ``text`` in simplified characters, each once.

    >>> mainland_forms("核子武器"), mainland_forms("飛彈")
    (('核武器',), ('导弹',))
    """
    plain = _converter("t2s").convert(text)
    typed = dict.fromkeys((text, _converter("s2t").convert(text)))
    converted = [_converter(rule).convert(form) for form in typed for rule in ("tw2sp", "hk2sp")]
    forms = dict.fromkeys(_replaced(form) for form in (plain, *converted))
    return tuple(form for form in forms if form != plain)


def _replaced(text: str) -> str:
    return _words().sub(lambda found: _table()[found.group()], text)


@functools.cache
def _table() -> dict[str, str]:
    lines = (line.partition("#")[0].strip() for line in LIST.read_text("utf-8").splitlines())
    return dict(line.split(" = ") for line in lines if line)


@functools.cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _table()), key=len, reverse=True)))


@functools.cache
def _converter(rule: str) -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC(rule)
