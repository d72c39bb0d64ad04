"""Typed places: what a reader typed or pasted, read as a document or its paragraphs, however it is spelled.

The one reader of every box, address and link: ``read_places`` what names a place by itself, ``SymbolTable``
what is told only by the symbols that the archive knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from .aligned_folding import fold
from .folding import fold_words
from .numerals import number_of
from .pinpoints.anchors import split_part
from .pinpoints.value import Pinpoint, split_pinpoint
from .reference import load_reference
from .symbols.symbol import parsed_symbol

LONGEST_TYPED = 200  # characters
NAMESAKE = 1540  # whose paragraphs OP3 and 执行部分第3段 mean in an archive about it
ALONE = re.compile(
    r"(?:OP|PP)\s*\d{1,2}(?:\s*\([a-z0-9]{1,4}\))*|(?:执行|序言)部分第.{1,8}段.{0,12}|第.{1,4}段.{1,4}分段"
    r"|第[^段]{1,4}(?:段第?)?(?:\([a-z]{1,4}\)|(?<=段)[a-z])[项款目段]",
    re.IGNORECASE,
)
# paragraph 3 (a) of Security Council resolution 1540 (2004)
PLACE_FIRST = re.compile(
    r"(?P<place>.*\b(?:(?:sub-?)?para|annex|enclosure|op|pp).*?)\s+(?:of|in|to)\s+(?:the\s+)?(?P<document>.+)",
    re.IGNORECASE,
)
YEAR = r"(?:19[4-9]|20[0-9])\d"
# 安全理事会第1540(2004)号决议, 第1540号决议, 1540(2004), 1540, UNSCR 1540, resolution 1540 (2004)
COUNCIL = re.compile(
    r"(?:联合国)?(?:安全理事会|安理会)?(?:第|决议)?(?:(?:UN)?(?:SecurityCouncil|SC|S)?R(?:ES(?:OLUTION)?)?\.?|UNSC)?"
    rf"(?P<number>\d{{1,4}})(?:\((?P<year>{YEAR})\))?号?(?:决议)?",
    re.IGNORECASE,
)
# 大会第73/55号决议, 第72/513号决定, 第ES-10/13号决议
ASSEMBLY = re.compile(
    r"(?P<owner>大会|联大|联合国大会)?第?(?P<number>(?:ES-|S-)?\d{1,3}/\d{1,4})号?(?P<kind>决议|决定)?",
    re.IGNORECASE,
)
# 第一五四〇号, 一千五百四十号决议, 1540决议案
ACT = re.compile(
    r"([〇○零一二三四五六七八九]{3,4}|[一二三四五六七八九十百千零]{5,9})(?=号)|(?<=\d决议|号决议)案(?!文)"
)
# 1540号决议 3(d)
BARE_PLACE = re.compile(r"^(.+?(?:决议|号|[)）])|.+?\s)[\s,，]*(\d{1,2}\s*(?:\([a-z0-9]{1,4}\))+)$")
# 1540/3(d), S/RES/1540(2004)/3: a paragraph of a resolution of the Council
BEHIND_STROKE = re.compile(r"(?P<document>.*\d\)?)/(?P<place>\d{1,3}(?:\s?\([a-z0-9]{1,4}\))*)")
# S/2016/1013 (2016), A/74/140 (2019): a year is part of the symbol of a resolution alone
YEAR_BEHIND = re.compile(
    rf"(?P<symbol>[^()]*/(?P<of>\d{{1,4}})/\d+(?:/[a-z]+\.\d+)*)\s?\((?P<year>{YEAR})\)", re.IGNORECASE
)
FIRST_SESSION = 1945  # less one: the 74th began in 2019
# S_2010_52-ZH, as the UN's files are called
FILE_NAME = re.compile(
    r"([A-Z]+(?:_[A-Z0-9.()]+)+?)(?:[-_](?:ZH|CH|CN|C|EN?|FR?|ES?|SP|RU?|AR?))?", re.IGNORECASE
)
# 10-22570 (C), N10 225 70, /doc/UNDOC/GEN/N10/225/70/PDF/N1022570.pdf: the number of a printing
JOB_NUMBER = re.compile(
    r"(?:.*/)?(?:(?:[NVK]|GE)\.?(\d{2})-?(\d{5})|(\d{2})-(\d{5}))(?:\*|\(?[ACEFRS]\)?)?(?:\.pdf)?",
    re.IGNORECASE,
)
AROUND = re.compile(r"^(?:参?见|联合国|文件|文号|[:：\s])*|[\s.。;；,，]*$")
QUOTES = str.maketrans(dict.fromkeys('《》〈〉“”„"「」『』'))
FILE_ENDING = re.compile(r"\.(?:pdf|docx?|html?|txt)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """A place in the archive: a canonical symbol and, where they are named, the anchor of a paragraph and
    that of the last of a range (without the part, which is the same).
    """

    symbol: str
    anchor: str = ""
    last: str = ""

    @property
    def whole_last(self) -> str:
        """The anchor of the last with the part; empty where it is no range."""
        part, _rest = split_part(self.anchor)
        return f"{part}.{self.last}" if part and self.last else self.last


def read_places(typed: str) -> list[TypedPlace]:
    """Returns the places that ``typed`` names as a whole, in any word order: several of a list of paragraphs
    (第9和11段), none where it is more than a place, or less.

    >>> read_places("paragraph 3 (a) of resolution 1540 (2004)")
    [TypedPlace(symbol='S/RES/1540(2004)', anchor='3.a', last='')]
    """
    if len(typed) > LONGEST_TYPED:
        return []
    text = AROUND.sub("", typed.translate(QUOTES))
    text = acts_in_figures(text)
    if ALONE.fullmatch(fold(text)):
        text = f"{NAMESAKE} {text}"
    if places := _document_first(text):
        return places
    places = _document_first(place_last(text) or BARE_PLACE.sub(r"\g<1>第\g<2>段", text))
    return places if places and places[0].anchor else []


def _document_first(text: str) -> list[TypedPlace]:
    resolutions = load_reference().resolutions
    name, pinpoint = split_pinpoint(text)
    if symbol := _symbol(FILE_ENDING.sub("", name.strip(" ,，的")), resolutions):
        return places_at(symbol, pinpoint)
    found = BEHIND_STROKE.fullmatch(fold(text))
    symbol = _symbol(found["document"], resolutions) if found else None
    if found and symbol and symbol.startswith("S/RES/"):
        return places_at(symbol, Pinpoint.parse(found["place"]))
    return []


def acts_in_figures(text: str) -> str:
    """Returns ``text`` as typed but for numbers of acts that UN documents write in figures.

    >>> acts_in_figures("第一五四○號決議"), acts_in_figures("1540決議案")
    ('第1540号决议', '1540决议')
    """
    plain = fold_words(text)
    figures = ACT.sub(lambda found: str(number_of(found[1])) if found[1] else "", plain)
    return text if figures == plain else figures


def read_symbol(typed: str) -> str | None:
    """Returns the canonical symbol of the one document that ``typed`` names, without a paragraph or ending of
    a file; or None.
    """
    places = [] if FILE_ENDING.search(typed) else read_places(typed)
    return places[0].symbol if len(places) == 1 and not places[0].anchor else None


def place_last(text: str) -> str:
    """Moves a pinpoint to the end: paragraph 3 of SR.74 → SR.74 paragraph 3; empty for other texts."""
    found = PLACE_FIRST.fullmatch(text)
    return f"{found['document']} {found['place']}" if found else ""


def places_at(symbol: str, pinpoint: Pinpoint | None) -> list[TypedPlace]:
    """Returns the places of one document that a pinpoint names; the document itself without any."""
    if pinpoint is None:
        return [TypedPlace(symbol)]
    return [
        TypedPlace(symbol, first.anchor, last.anchor.removeprefix(f"{first.part}.") if last else "")
        for first, last in pinpoint.stretches
    ]


def _symbol(name: str, resolutions: Mapping[int, str]) -> str | None:
    plain = re.sub(r"\s+", "", fold(name))
    if found := COUNCIL.fullmatch(plain):
        number = int(found["number"])
        if found["year"]:
            return f"S/RES/{number}({found['year']})"
        return resolutions.get(number)
    if found := ASSEMBLY.fullmatch(plain):
        if not (found["owner"] or found["kind"]):
            return None
        series = "DEC" if found["kind"] == "决定" else "RES"
        return f"A/{series}/{found['number'].upper()}"
    name = name.removesuffix("号文件").removesuffix("號文件")
    if (found := YEAR_BEHIND.fullmatch(fold(name))) and _is_of(found["of"], int(found["year"])):
        name = found["symbol"]
    if found := FILE_NAME.fullmatch(plain):
        name = found[1].replace("_", "/")
    symbol = parsed_symbol(name)
    return str(symbol.completed(resolutions)) if symbol else None


def _is_of(year_or_session: str, year: int) -> bool:
    return year - int(year_or_session) in (0, FIRST_SESSION, FIRST_SESSION + 1)


def read_job_number(typed: str) -> str | None:
    """Returns the job number, 10-22570, that ``typed`` writes or a link of the UN carries; else None."""
    found = JOB_NUMBER.fullmatch("".join(fold(typed).split())) if len(typed) <= LONGEST_TYPED else None
    return "-".join(filter(None, found.groups())) if found else None


# Characters typed for others that look like them: а of Cyrillic in IАEA, l and O for 1 and 0 in a symbol.

CYRILLIC_AND_GREEK = "АВЕЅІЈКМНОРСТУХԌавеѕіјкморсухԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοικνρυχϳ"
LATIN = "ABESIJKMHOPCTYXGabesijkmopcyxdqwhABEZHIKMNOPTYXoikvpuxj"
AS_LATIN = str.maketrans(CYRILLIC_AND_GREEK, LATIN)
WORD = re.compile(r"[^\W\d_]+")
STROKES = str.maketrans("∕⁄╱⧸＼\\", "//////")
SYMBOL = re.compile(r"/.*\d")  # what a text with a symbol in it has
BESIDE_DIGITS = re.compile(r"(?<=[\d/])[lI|Oo]+(?=\d)|(?<=\d)[lI|Oo]+(?![A-Za-z])|(?<![A-Za-z])[lI|]+(?=\d)")
AS_DIGITS = str.maketrans("lI|Oo", "11100")


def without_lookalikes(text: str) -> str:
    """Replaces look-alike characters: words of two alphabets become Latin, with a symbol also those of
    another alphabet that all look Latin; strokes become strokes, and letters among digits digits.

    >>> without_lookalikes("决议154O"), without_lookalikes("S/RES/l540(2004)"), without_lookalikes("МАГАТЭ")
    ('决议1540', 'S/RES/1540(2004)', 'МАГАТЭ')
    """
    plain = unicodedata.normalize("NFKC", text).translate(STROKES)
    symbol = SYMBOL.search(plain) is not None
    words = WORD.sub(lambda found: _in_one_alphabet(found.group(), symbol), plain)
    return BESIDE_DIGITS.sub(lambda found: found.group().translate(AS_DIGITS), words)


def _in_one_alphabet(word: str, symbol: bool) -> str:
    plain = word.translate(AS_LATIN)
    mixed = any(letter.isascii() for letter in word)
    return plain if (mixed or symbol) and plain.isascii() else word


# Symbols that were typed without their marks: S_2010_52, CD2118, s20161013, SRES1540, 73/55, SR.74.

LONGEST = 60
PIECES = re.compile(r"[A-Z]+|\d+")
TYPED = re.compile(r"(?=.*\d)[A-Z0-9/_.,()\- ]+")
Key = tuple[str, ...]


class SymbolTable:
    """Known symbols, indexed without marks and without zeros before a number."""

    def __init__(self, symbols: Iterable[str]) -> None:
        self.symbols = dict.fromkeys(symbols)

    @cached_property
    def _by_key(self) -> dict[Key | str, list[str]]:
        table: dict[Key | str, list[str]] = {}
        for symbol in self.symbols:
            for key in dict.fromkeys(_keys(symbol)):
                table.setdefault(key, []).append(symbol)
        return table

    def read(self, typed: str) -> list[TypedPlace]:
        """Returns the places that ``typed`` names, of a known symbol wherever one is equal but for marks,
        zeros and characters that look alike.
        """
        for text in dict.fromkeys((typed, without_lookalikes(typed))):
            places = self.named(text) or self.unmarked(text)
            if places and places[0].symbol in self.symbols:
                return places
        return read_places(typed)

    def named(self, text: str) -> list[TypedPlace]:
        """Returns ``read_places``, of a known symbol where one is equal but for marks and zeros."""
        places = read_places(text)
        known = self.alike(places[0].symbol) if places and places[0].symbol not in self.symbols else []
        return [replace(place, symbol=known[0]) for place in places] if known else places

    def unmarked(self, text: str) -> list[TypedPlace]:
        """Returns the places of known symbols that were typed without their marks: CD2118, SR.74第14段."""
        if symbols := self.alike(text):
            return list(map(TypedPlace, symbols))
        name, pinpoint = split_pinpoint(place_last(text) or text)
        symbols = self.alike(name) if pinpoint else []
        return [place for symbol in symbols for place in places_at(symbol, pinpoint)]

    def alike(self, typed: str) -> list[str]:
        """Returns the symbols equal to ``typed`` but for marks and zeros; those with all letters first.

        >>> SymbolTable(["S/2016/1013", "S/AC.44/SR.74"]).alike("s20161013")
        ['S/2016/1013']
        """
        text = fold_words(typed).upper().strip(" .")
        named = COUNCIL.fullmatch("".join(text.split()))
        bare = named and not text.isdigit() and not named["year"]  # resolution 748, 第748号决议
        return self._alike(text) or (self._alike(f"SRES{named['number']}") if named and bare else [])

    def _alike(self, text: str) -> list[str]:
        if len(text) > LONGEST or not TYPED.fullmatch(text):
            return []
        wanted = key_of(text)
        if found := self._by_key.get(wanted) if len(wanted) > 1 else None:
            return found
        run_together = "".join(wanted)
        return self._by_key.get(run_together, []) if PIECES.match(text) and text[0].isalpha() else []


def key_of(text: str) -> Key:
    """Letters and numbers in turn.

    >>> key_of("S/AC.44/SR.74")
    ('SAC', '44', 'SR', '74')
    """
    joined: list[str] = []
    for piece in PIECES.findall(text):
        if joined and piece.isalpha() and joined[-1].isalpha():
            joined[-1] += piece
        else:
            joined.append(piece.lstrip("0") or "0" if piece.isdigit() else piece)
    return tuple(joined)


def _keys(symbol: str) -> Iterator[Key | str]:
    """The symbol, also with its numbers run together; a resolution of the Council without its year, what else
    three organs issue without its letters; the meeting or paper of a series without it (SR.74, PV.4956).
    """
    symbol = symbol.upper()
    key = key_of(symbol)
    yield key
    yield "".join(key)
    if symbol.startswith("S/RES/"):
        yield key[:2]
    if symbol.startswith(("A/", "E/", "S/")):
        yield key[1:]
    last = symbol.rpartition("/")[2]
    if last[0].isalpha() and last != symbol:
        yield key_of(last)
