"""Signs of the fonts Symbol and Wingdings, which files give by a place in the font, as Unicode has them.

Symbol: Adobe's encoding, as Unicode's own mapping table has it. Of Wingdings only what texts use.
"""

from __future__ import annotations


def _table(pairs: str) -> dict[int, str]:
    return {int(pair[:2], 16): pair[2] for pair in pairs.split()}


_SYMBOL = dict(
    zip(
        range(0x41, 0x5B),
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ",
        strict=True,
    )
)
_SYMBOL |= dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
_SYMBOL |= _table(
    "A2′ A3≤ A5∞ AB↔ AC← AD↑ AE→ AF↓ B0° B1± B2″ B3≥ B4× B6∂ B7• B8÷ B9≠ BA≡ BB≈ BC… C5⊕ C6∅ C7∩ C8∪ CE∈ "
    "D0∠ D5∏ D6√ DB⇔ DE⇒ E5∑ F2∫ 2D− 22∀ 24∃ 40≅"
)
_WINGDINGS = _table(
    "6C● 6E■ 6F□ 71❑ 72❒ 75◆ 76❖ 77◆ 9E· 9F• A1○ A7▪ A8◻ B2✧ D8➢ E0→ E8➔ F0⇨ FB✗ FC✓ FD☒ FE☑ 28☎ 2A✉ 4A☺ 46☞"
)
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
_BULLETS = _table("B7• A7▪ D8➢ FC✓ 6C● 6E■ 75◆ 76❖ 6F○")


def sign_of(code: int, font: str) -> str | None:
    """The character at ``code`` (0x61, or 0xF061 as files write it) of ``font``; None where not known."""
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    table = _FONTS.get(font.lower().strip())
    if table is not None:
        return table.get(place) or (chr(place) if table is _SYMBOL and 0x20 <= place < 0x7F else None)
    if place == code:
        return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else None
    return None


def as_letters(text: str, font: str) -> str:
    """The sign of a list's bullet with the places of a symbol font told; others stay as they are."""
    if font.lower().strip() == "courier new" and text == "o":
        return "○"
    return "".join(
        sign_of(ord(char), font) or _BULLETS.get(ord(char) - 0xF000, char)
        if 0xF000 <= ord(char) <= 0xF0FF or font.lower().strip() in _FONTS
        else char
        for char in text
    )
