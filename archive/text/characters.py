"""Characters of a source: the same one under several code points, those that are no text, and their sum.

Every format passes here once, in ``reader.source_of``. What is printed is what is stored, what is left out
with a reason, and what cannot be read, at its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from .aligned_folding import fold
from .errors import UnreadableTextError
from .parsed import INVISIBLE_MARK, Doubt, DroppedLine, ParsedParagraph
from .typography import code_points, is_blank

# --- One character, one code point ---

# CJK Radicals Supplement from U+2E81, as the ideographs that look like them (Unicode Character Database,
# EquivalentUnifiedIdeograph); most have no compatibility mapping. “ ” is unassigned.
_SUPPLEMENT = (
    "厂乛乚乙亻冂几刀刂卜㔾小小兀尣尢尢巳幺彑彐忄㣺扌攵 旡日月歺母民氵氺灬爫爫丬牛犭王疋"
    "目示礻竹糹纟罓罒㓁㓁网羊羊羊耂肀聿肉臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜"
    "阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_RADICAL = re.compile(r"[\u2e81-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5]")
# Windows-1252 that was taken for Latin-1, as browsers read it (HTML, 13.2.5.80); U+0085 ends a line.
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or None for code in {*range(0x80, 0xA0)} - {0x85}}
_CONTROL = re.compile(r"[\x80-\x9f]")
_LIGATURE = re.compile(r"[\ufb00-\ufb06]")
_BREAKS = re.compile(r"\r\n?|[\x0b\x85\u2028\u2029]")
_BLANK = r"[ \u3000\xa0\u2000-\u200a\u202f]"
_APART = rf"(?<![0-9A-Za-z.,])(?<![0-9A-Za-z]{_BLANK})[0-9](?:{_BLANK}[0-9])"
_ENDS = rf"(?!{_BLANK}?[0-9A-Za-z])"
_TIED = re.compile(
    rf"(?:(?<=[第(（/／])|(?<=[第(（/／]{_BLANK})){_APART}+{_ENDS}"
    rf"|{_APART}+(?={_BLANK}?[年月日号號次段届条项款页章节国名人个)）/／%％])|(?m:^){_APART}+(?={_BLANK}?[.．、])"
)
_WORD_APART = re.compile(rf"(?<![0-9A-Za-z])[A-Za-z](?:{_BLANK}[A-Za-z0-9.:]){{3,}}(?![0-9A-Za-z])")


def even_breaks(text: str) -> str:
    """``text`` with ``\\n`` for every sign that ends a line or paragraph; form feeds stay: they end pages."""
    return _BREAKS.sub("\n", text)


def unified(text: str) -> str:
    """``text`` with the usual code point for each character; width, punctuation and superscripts stay.

    Composed letters (NFC), ideographs for radicals and compatibility ideographs, letters for ligatures.
    In a text whose digits are set apart (第 1 5 4 0 号) those of one number stand together again.

    >>> unified("⺠⽤ 第 1 5 4 0 号")
    '民用 第 1540 号'
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text.translate(_WINDOWS) if _CONTROL.search(text) else text)
    if _RADICAL.search(text):
        plain = fold if _is_simplified(text) else str
        text = _RADICAL.sub(lambda match: plain(_ideograph(match[0])), text)
    text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    if any(len(match[0]) >= len("1 5 4") for match in _TIED.finditer(text)):
        for apart in (_TIED, _WORD_APART):
            text = apart.sub(lambda match: re.sub(_BLANK, "", match[0]), text)
        text = re.sub(rf"(?<=[A-Z0-9)]){_BLANK}/{_BLANK}(?=[A-Z0-9])", "/", text)
    return text


def _ideograph(radical: str) -> str:
    place = ord(radical) - 0x2E81
    return _SUPPLEMENT[place] if place < len(_SUPPLEMENT) else unicodedata.normalize("NFKC", radical)


def _is_simplified(text: str) -> bool:
    """A radical (⾴) has one form for 页 and 頁; the text around it tells which is meant."""
    traditional = sum(map(str.__ne__, text, fold(text)))  # and full width
    return traditional * 8 < len(text)


# --- Characters that are no text ---

# The most frequent of UN documents: a third of any Chinese text, one in thirty of one in a wrong encoding.
_FREQUENT = frozenset(
    "的会国议和第员行决全安年理一在事号委以家有联为月日主作合大武器了关其提工面组执及生动法件定对"
    "所性际核方发表与加各制席进分于不学用规文这报能应约通并要成是化恐中次重织告项取止散出助到义可"
    "查公将设附过模利怖请时代"
)
_LETTERS = re.compile(
    r"[\u2500-\u25ff\u3040-\u312f\u3400-\u9fff\uac00-\ud7af\ue000-\uf8ff\uff61-\uff9f\ufffd]"
)
FEWEST_LETTERS, FEWEST_OF_PARAGRAPH, LEAST_FREQUENT = 30, 16, 0.08  # letters: different ones
MOST_NAMED, MOST_BOXES, _NEAR = 20, 1000, 200  # places in a doubt; characters before one that tell of it
MOST_LOST = 0.1  # of all characters with ink: such a text is not worth its doubts

_HAN, _WEST = r"[\u3400-\u9fff]", "€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ\x80-\xff"
_BOX = "[□▯◻■☐]"
_STOPS = "，。、；："
_LOST = re.compile(
    r"[〓\ufffd\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]+|(?:\(cid:\d{1,6}\))+"
    rf"|(?:锟斤拷?|斤拷)+|(?:[ÂÃ][\xa1-\xbf])+|(?P<west>[{_WEST}]{{4,}})"
    rf"|(?P<asked>\?{{3,}}|(?<={_HAN})\?+(?=[0-9{_STOPS}]|{_HAN})|(?<=[{_STOPS}（《“])\?+(?={_HAN}))"
    r"|(?P<plain>(?<=[A-Za-z])\?+(?=[A-Za-z])|(?:%[89A-F][0-9A-F]){2,}|(?:\\u[0-9a-f]{4})+"
    r"|&(?:#\d{2,6}|#x[0-9a-f]{2,6}|nbsp|amp|lt|gt|quot);)"
    rf"|(?P<box>(?<={_HAN}){_BOX}+(?={_HAN}|[{_STOPS}])|{_BOX}{{2,}}(?={_HAN}))"
    r"|(?P<digits>(?<![0-9A-Za-z])(?=[lOI]*[0-9])(?=[0-9]*[lOI])[0-9lOI]{2,}(?![0-9A-Za-z]))"
    rf"|(?P<noise>[^\w\s{_STOPS}？！（）《》“”‘’…—]{{4,}})"
)
_ASKS = re.compile(r"[吗呢么何哪谁几怎]|[是能可会应]否|有无|有没有|多少|难道|是不是")
_SENTENCE = re.compile("[。！？!；\n]")
_NO_NUMBER = re.compile(r"[OI]\d|\d+l")  # O2, I2; 5l
_TICKED = re.compile(f"[是否有无他意成对权]{_BOX}")
_UNIT = re.compile(r"\(cid|%E|&|\\u|(?<![0-9])[0-9lOI]{2,}$")  # what stands for one character, in many
_ADDRESS = re.compile(r"[/=@]")


UNREADABLE = "unreadable characters"
"""How the doubt about a place begins."""


def find_lost(text: str, printed: str | None = None) -> list[tuple[int, int]]:
    """The places in ``text`` of what is no text, start and end, in order.

    Code points that stand for nothing, what programs put for a letter (� ? □), letters of a wrong encoding,
    noise of a scan, letters among digits. ``printed`` is the text with the blanks of its source: a box beside
    a blank is one to be ticked.
    """
    return [match.span() for match in _LOST.finditer(text) if _is_lost(match, printed or text)]


def _is_lost(match: re.Match[str], printed: str) -> bool:
    text, (start, end) = match.string, match.span()
    kind, found, before = match.lastgroup, match[0], match.string[max(0, start - _NEAR) : start]
    if kind == "noise":
        return len(set(found)) > 4 or (len(set(found)) > 1 and not set(found) - set("{}|~^\\¦¬¤"))
    if kind == "asked":
        return not _ASKS.search(_SENTENCE.split(before)[-1])
    if kind == "plain":
        token = re.split("[^!-~]", before)[-1] + re.split("[^!-~]", text[start : start + _NEAR])[0]
        return not _ADDRESS.search(token)
    if kind == "box":
        stands = printed is text or text[max(0, start - 1) : end + 1] in printed
        return stands and not _TICKED.search(before + found)
    if kind == "digits":
        return not _NO_NUMBER.fullmatch(found)
    return kind != "west" or sum("\xc0" <= char <= "\xff" for char in found) > 1


def commonness(text: str) -> int:
    """How much of ``text`` are the most frequent letters of Chinese, less what no bytes stand for."""
    return sum(char in _FREQUENT for char in fold(text)) - text.count("\ufffd")


def _is_misread(text: str, fewest: int) -> bool:
    """Whether the letters of ``text`` are hardly ever those of Chinese, where it has so many."""
    letters = _LETTERS.findall(fold(text))
    frequent = sum(char in _FREQUENT for char in letters)
    return len(set(letters)) >= fewest and frequent < LEAST_FREQUENT * len(letters)


def refuse_no_text(name: str, text: str, *, chinese: bool) -> None:
    """Raise UnreadableTextError where much of ``text`` cannot be read, or, where it is to be ``chinese``, its
    letters are not those of Chinese."""
    places = [(0, len(text))] if chinese and _is_misread(text, FEWEST_LETTERS) else find_lost(text)
    lost = sum(len(_UNIT.findall(text[start:end])) or end - start for start, end in places)
    if lost > MOST_LOST * sum(not char.isspace() for char in text):
        raise UnreadableTextError(name, lost, text.count("\n", 0, places[0][0]) + 1)


def doubts_about(
    paragraphs: Sequence[ParsedParagraph], dropped: Iterable[DroppedLine], text: str
) -> Iterator[Doubt]:
    """A doubt for each paragraph and masthead line that holds what is no text; ``text`` is the source's."""
    lines = text.split("\n")
    for one in paragraphs:
        first, last = one.lines
        printed = "".join(line.strip() for line in lines[first - 1 : last])
        many = sum(map(one.text.count, _BOX)) > MOST_BOXES  # no form, and dear to compare
        places = find_lost(one.text, None if many else printed)
        if _is_misread(one.text, FEWEST_OF_PARAGRAPH):
            places = [(0, len(one.text))]
        if places:
            yield Doubt(_told(places, one.text), first, one.anchor)
    for left in dropped:
        if left.reason in ("masthead", "running header") and (places := find_lost(left.text)):
            yield Doubt(_told(places, left.text), left.line)


def _told(places: Sequence[tuple[int, int]], text: str) -> str:
    """How many places, and each by its character from 1 and by its code points."""
    named = [f"{start + 1} {code_points(text[start:end][:4])}" for start, end in places[:MOST_NAMED]]
    return f"{UNREADABLE} ({len(places)}): {'; '.join(named)}{' …' * (len(places) > MOST_NAMED)}"


# --- The sum: printed = stored + left out with a reason ---

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−", "0123456789-+-")  # a note's mark is raised by the reader, or by hand


def ink(*texts: str) -> Counter[str]:
    """How often each character that leaves ink stands in ``texts``; raised digits and signs are digits and
    signs.
    """
    counted = Counter("".join(texts).translate(_RAISED))
    return Counter({char: count for char, count in counted.items() if not is_blank(char)})


def unbalanced(printed: Counter[str], kept: Counter[str]) -> str:
    """A doubt that names what is printed and not kept, or kept and not printed; empty where nothing is."""
    parts = (("missing", printed - kept), ("added", kept - printed))
    told = [f"{what} {rest.total()} “{''.join(sorted(rest)[:20])}”" for what, rest in parts if rest]
    return f"the sum of the characters does not hold: {', '.join(told)}" if told else ""


def doubts_of_sum(
    text: str, beside: Iterable[str], paragraphs: Sequence[ParsedParagraph], dropped: Sequence[DroppedLine]
) -> list[Doubt]:
    """A doubt, at the first line that it is about, where the sum of a parsed text does not hold.

    ``beside`` is what the file prints and no line of the text holds: numbers of its format's, struck words.
    """
    left = [one for one in dropped if one.reason != INVISIBLE_MARK]
    kept = ink(*(one.text + one.prefix for one in paragraphs), *(one.text for one in left))
    rest = unbalanced(ink(text, *beside), kept)
    if not rest:
        return []
    near: dict[int, list[str]] = defaultdict(list)
    for one in paragraphs:
        for number in range(one.lines[0], one.lines[1] + 1):
            near[number].append(one.text + one.prefix)
    for line in left:
        near[line.line].append(line.text)
    for number, printed in enumerate(text.split("\n"), start=1):
        if ink(printed) - ink(*near[number]):
            return [Doubt(rest, number)]
    return [Doubt(rest)]
