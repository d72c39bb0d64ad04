"""What an OCR engine or a Markdown writer adds to a text, and how it is taken off again.

Seen in S/AC.44/SR.74: bold marks around names, ``- `` before paragraphs, the symbol as ``$S_{AC.44/SR.74}$``.
Each step returns the text without its marks and the marks, so that nothing disappears unrecorded.
"""

from __future__ import annotations

import re

_HEADING = re.compile(r"(#{1,6})[ \t]+")
_BULLET = re.compile(
    r"([-*+])[ \t]+(?=\S)|"
    r"([“「]?[•·●▪■◦‣∙➢➤►▶◆◇□\uf0b7\uf0a7\uf0d8\uf0fc]|○(?=[ \t\u3000]))[ \t\u3000]*|"
    r"([–—－])(?:[ \t\u3000]+(?=\S)|(?<=—)(?=[\u4e00-\u9fff《]))"
)
_QUOTE = re.compile(r">[ \t]+")
_DRAWN = r"(?:[-–—─━－*_=~～＿﹍·•∙◇][ \t]*)"
# Drawn signs alone, or around the circle that ends a paper: - - - o - - -
_RULE = re.compile(rf"{_DRAWN}{{3,}}|{_DRAWN}{{1,40}}[oO0○◯Ｏ]{{1,3}}[ \t]*{_DRAWN}{{1,40}}|\*(?:[ \t]*\*)?")
_FRAME = re.compile(r"[\u2500-\u257f \t]{3,}|\|+")
_SIDES = re.compile(r"^[\u2500-\u257f]+[ \t\u3000]*|[ \t\u3000]*[\u2500-\u257f]+$")
_COMMENT = re.compile(r"<!--.{0,300}-->")
_IMAGE = re.compile(r"!\[[^\]]{0,200}\]\([^)]{0,400}\)")
_TABLE_RULE = re.compile(r"\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?)?[ \t]*")
_TAG = re.compile(
    r"</?(?:b|i|u|em|strong|br|p|div|span|center|font|small|big|sub)(?:\s[^<>]{0,200})?/?>", re.I
)
_MD_LINK = re.compile(
    r"\[([^\[\]\n]{1,200})\]\(<?(?:https?://|mailto:|/|#)[^\s()<>]{0,300}(?:\([^\s()<>]{0,60}\)[^\s()<>]{0,60})*>?\)"
)
_BOLD = re.compile(r"(\*{2,3}|__)(_?)(?=\S)([^*_\n]{1,300}?)\2\1")
_ITALIC = re.compile(
    r"(?:^|(?<=[\s，。；：、（(“]))\*(?=[^\s*])([^*\n]{1,80})(?<=\S)\*"
    r"(?=[\s\u4e00-\u9fff，。；：、）)”《“]|$)"
)
_ESCAPE = re.compile(r"\\(?=[.\-*_()#\[\]])")
_TEX_SYMBOL = re.compile(r"\$\s*([A-Z]{1,4})_\{([^{}$]{1,60})\}\s*\$")
_TEX = re.compile(r"\$([^$]{1,80})\$")
_TEX_MARK = re.compile(
    r"\$\s*\{?\s*\}?\s*\^\s*\{?\s*([0-9]{1,3}|\*{1,3})\s*\}?\s*\$|<sup>\s*\[?(\d{1,3})\]?\s*</sup>|\[\^(\d{1,3})\]",
    re.I,
)
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]{1,20}|[{}^_]|\\[ ,;!%]")
_SUPERSCRIPT = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))


def is_rule(text: str) -> bool:
    """True for a line that is only drawn: a Markdown or typewriter rule."""
    return _RULE.fullmatch(text) is not None


def is_image(text: str) -> bool:
    """True for a line that only shows a picture, or a remark that a converter left (<!-- page 2 -->)."""
    return _IMAGE.fullmatch(text) is not None or _COMMENT.fullmatch(text) is not None


def is_frame(text: str) -> bool:
    """True for a line that is drawn around a box or between the rows of a table: no rule, no page's end."""
    return _TABLE_RULE.fullmatch(text) is not None or (
        _FRAME.fullmatch(text) is not None and not is_rule(text)
    )


def split_heading(text: str) -> tuple[int, str, str]:
    """Depth of a Markdown heading (0 for none), its mark, and the rest."""
    match = _HEADING.match(text)
    if not match:
        return 0, "", text
    return len(match[1]), match[1], text[match.end() :]


def split_bullet(text: str) -> tuple[str, str]:
    """The bullet that opens ``text`` (or ``""``), with a quotation's mark before it, and the rest; a dash
    counts where a space follows it."""
    match = _BULLET.match(text)
    if not match or match.end() == len(text):
        return "", text
    return match[0].strip(), text[match.end() :]


def read_tex_symbol(text: str) -> str:
    """``text`` with a symbol that OCR took for a formula written out: ``$S_{AC.44/SR.74}$``."""
    return _TEX_SYMBOL.sub(lambda match: f"{match[1]}/{match[2]}", text)


def without_edges(text: str) -> tuple[str, list[str]]:
    """``text`` without the bars around it, where it is the only cell of its row, and the bars taken off.

    The drawn sides of a box are bars too, as around the decisions and recommendations of a report.
    """
    sides: list[str] = _SIDES.findall(text)
    if sides:
        return _SIDES.sub("", text), [side.strip() for side in sides]
    inner = text.strip("| \t\u3000")
    if "|" not in text or "|" in inner or not inner:
        return text, []
    return inner, ["|" * text.count("|")]


def without_marks(text: str) -> tuple[str, list[str]]:
    """``text`` without bold marks, escapes, tags and formula signs, and the pieces taken out.

    A raised footnote number keeps its place as superscript digits.
    """
    removed: list[str] = []

    def take(match: re.Match[str]) -> str:
        removed.append(match[0])
        return ""

    def raise_mark(match: re.Match[str]) -> str:
        digits = match[1] or match[2] or match[3]
        removed.append(match[0].replace(digits, "", 1))
        return "".join(_SUPERSCRIPT.get(char, char) for char in digits)

    def untex(match: re.Match[str]) -> str:
        removed.append("$$")
        return _TEX_COMMAND.sub(take, match[1])

    if "$" in text or "[^" in text or "<" in text:
        text = _TEX_MARK.sub(raise_mark, text)
    if "$" in text:
        text = _TEX.sub(untex, text)
    if "<" in text:
        text = _TAG.sub(take, text)

    def plain(match: re.Match[str]) -> str:
        removed.append(f"{match[1]}{match[2] * 2}{match[1]}")
        return match[3]

    def upright(match: re.Match[str]) -> str:
        removed.append("**")
        return match[1]

    def unlink(match: re.Match[str]) -> str:
        removed.append(f"[]{match[0][len(match[1]) + 2 :]}")
        return match[1]

    if "](" in text:
        text = _MD_LINK.sub(unlink, text)
    if quote := _QUOTE.match(text):
        removed.append(quote[0].strip())
        text = text[quote.end() :]
    text = _BOLD.sub(plain, text)
    return _ESCAPE.sub(take, _ITALIC.sub(upright, text) if "*" in text else text), removed
