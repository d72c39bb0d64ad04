"""Characters that sound alike, by their places in the order of GB 2312, which is that of their pinyin."""

from __future__ import annotations

ALIKE = 24  # characters of one syllable stand together in the order


def pronounced_alike(one: str, other: str) -> bool:
    """Whether two common characters stand so near in the order of pronunciation that they sound alike."""
    codes = [character.encode("gb18030") for character in (one, other)]
    if not all(len(code) == 2 and 0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1 for code in codes):
        return False
    first, second = ((code[0] - 0xB0) * 94 + code[1] - 0xA1 for code in codes)
    return abs(first - second) <= ALIKE
