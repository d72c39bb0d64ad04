"""Documents and acts, named in the text by their symbols: S/2008/493, CD/1299, (CFSP)2018/1939."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..symbols.symbol import Symbol, parsed_symbol
from .tokens import Found, Shape, Token

# A/73/12和Corr.1, E/1996/31、Add.1
_JOIN = re.compile(r" ?(?:[、,]|以及|和|与|及|并) ?")
# The 2 of S/AC.44/2004/(02)/5/Add.1和2, the 3 of Add.1-3, the 53 of S/2010/52和53, the 2 of SR.1和2
_MORE = re.compile(r" ?(?:和|及|、|至|与|[-–—]) ?(?P<number>[0-9]{1,4})(?=[,。;:、)]|和|及|与|号|$| [^0-9])")
_NOUN = re.compile(
    r" ?(?:主席声明|决议草案|决议案|决议|决定草案|决定|文件|条例|执行条例|执行决定|共同立场|联合行动|指令)"
)


def find_documents(folded: str, found: list[Token], resolutions: Mapping[int, str]) -> Iterator[Found]:
    """The documents and acts among the tokens ``found`` of ``folded``, each with the noun behind 号.

    ``resolutions`` completes the year of a Council resolution that is cited as S/RES/1540.
    """
    before: tuple[Token, Symbol] | None = None
    for token in found:
        match token.shape:
            case Shape.SYMBOL:
                symbol = _document(token, resolutions)
            case Shape.EU_ACT:
                symbol = parsed_symbol(token.text.replace("第", ""))
            case Shape.SUFFIX if before and _JOIN.fullmatch(folded, before[0].outer_end, token.outer_start):
                symbol = parsed_symbol(f"{before[1].base}/{token.text}")
            case _:
                continue
        before = (token, symbol) if symbol else None
        if symbol is not None:
            yield from _places(folded, token, symbol)


def _document(token: Token, resolutions: Mapping[int, str]) -> Symbol | None:
    symbol = parsed_symbol(token.text)
    if symbol is None:
        return None
    series, *rest = symbol.components
    if len(series) == 1 and len(rest) == 1 and (symbol.number or 0) < 100 and not token.framed:
        return None  # A/4 is a size of paper more often than a document of 1946
    return symbol.completed(resolutions)


def _places(folded: str, token: Token, symbol: Symbol) -> Iterator[Found]:
    """The token's own place, or two for a range, and the numbers that go on behind a suffix."""
    end = _end_with_noun(folded, token)
    first, *others = symbol.parts
    if others and others[0].components[:-1] == first.components[:-1]:
        # S/2019/1–S/2019/50 are two documents; A/77/895-S/2023/363 is one
        dash = token.start + max(token.text.rfind(dash, 0, token.text.rindex("/")) for dash in "-–—")
        yield Found(token.outer_start, dash, first)
        yield Found(dash + 1 + folded.startswith(" ", dash + 1), end, others[0])
    else:
        yield Found(token.outer_start, end, symbol)
        yield from _next_numbers(folded, token.end, symbol)


def _next_numbers(folded: str, end: int, symbol: Symbol) -> Iterator[Found]:
    """S/2010/52和53, A/BUR/54/SR.1和2, Add.1和2: the numbers of what follows in the series, which go up."""
    *above, own = (*symbol.components, *symbol.suffixes)
    nature, point, last = own.rpartition(".")
    while last.isdecimal() and (match := _MORE.match(folded, end)):
        number, before = match["number"], last
        other = parsed_symbol("/".join((*above, f"{nature}{point}{number}")))
        if other is None or not int(before) < int(number) or len(number) - len(before) not in (0, 1):
            return
        yield Found(match.start("number"), match.end("number"), other)
        end, last = match.end("number"), number


def _end_with_noun(folded: str, token: Token) -> int:
    """Behind the noun, which belongs to a symbol only behind 号: S/RES/1540(2004)决定 would be a verb."""
    noun = _NOUN.match(folded, token.outer_end)
    return noun.end() if noun and token.outer_end > token.end else token.outer_end
