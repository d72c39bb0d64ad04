"""Cutting a query into marks: words, phrases, fields, operators, brackets, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.query.text.quantities import MEASURE

from .ast import FIELD_NAMES, Problem, ProblemCode

DOUBLE = '"“”„‟＂〝〞〟'
CLOSERS = dict.fromkeys(DOUBLE, DOUBLE) | {"「": "」｣", "『": "』", "｢": "｣」"}
DIRECTED = {"“": "”", "「": "」｣", "『": "』", "｢": "｣」", "〝": "〞"}
STRAIGHT = '"＂'
# What may follow a phrase; a bracket closes behind one only where nothing is glued to it: not in "称("甲")的"
AFTER_QUOTE = re.compile(
    r"\s|$|[(（]|[)）]+(?:\s|$|[(（\"＂“「『\-])|(?:OR|AND|或|且)[\s\"＂“「『]|[\"＂](?=\w)"
)
EMPTY = re.compile(r"\s|$|[)）]")  # behind a phrase without text
OPERATORS = {
    "OR": "or",
    "或": "or",
    "|": "or",
    "｜": "or",
    "AND": "and",
    "且": "and",
    "&&": "and",
    "||": "or",
    "&": "and",
    "＆": "and",
    "NOT": "not",
}
# NEAR/5, 近/5: either way; THEN/5, 先/5: in this order; NEAR/S, 近/句, THEN/S, 先/句: in one sentence
NEAR = re.compile(
    r"(?:(?P<word>NEAR|THEN)(?:[/／](?P<within>\d{1,4}|[SＳ句]))?|(?P<han>近|先)[/／](?P<far>\d{1,4}|[SＳ句]))"
    r"(?=[\s()（）\"“”„‟＂〝〞〟「」『』｢｣]|$)"
)
ORDERED = frozenset({"THEN", "先"})
NEAR_DEFAULT, NEAR_MOST = 10, 200  # characters
OPEN, CLOSE = "(（", ")）"
MINUS = "-－−"
# Blanks that belong to a symbol: 第 1540 (2004) 号, as in text from a PDF; to a number, its measure, a date
SPACED_SYMBOL = re.compile(
    r"(?<=\d)\s[(（][12]\d{3}[)）]|(?<=第)\s(?=\d)|(?<=[)）])\s(?=[号號])"
    rf"|(?<=\d)\s+(?=(?:{MEASURE}|[号號%％])(?:[\s\d]|$))|(?<=\d年|\d月)\s+(?=\d{{1,2}}\s*[月日])"
    rf"|(?<=\d\s[年月])\s+(?=\d{{1,2}}\s*[月日])"
)
GROUPED = re.compile(r"(?<![\w/.,])\d{1,3}(?:\s\d{3})+(?!\d|[\s,，]\d)")
SMALL = frozenset({"or", "and", "not", "near", "then"})
WILDCARD = re.compile("[*＊]")
PLUS = re.compile(r"[+＋]\w")
BLANKS = re.compile(r"\s+")
LETTER = re.compile(r"[^\W_]")
COLON = re.compile(r"([^\W\d]{1,16})[:：]")
NO_FIELDS = frozenset({"http", "https", "eu"})  # begin addresses and symbols


@dataclass(slots=True)
class Mark:
    """A lexical piece: its kind (word, phrase, field, minus, or, and, not, near, open, close), place and
    content.
    """

    kind: str
    at: int
    text: str = ""
    values: tuple[str, ...] = ()


class MarkReader:
    """Cuts a query into marks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.depth = 0
        self.brackets = _bracket_pairs(text)

    def marks(self) -> Iterator[Mark]:
        at = 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            mark, at = self._mark(at)
            if mark:
                yield mark

    def _mark(self, at: int) -> tuple[Mark | None, int]:
        """Returns the mark at ``at`` and its end; None in its place where there is nothing to search for."""
        character, behind = self.text[at], self.text[at + 1 : at + 2]
        if character in CLOSERS:
            return self._phrase(at)
        if character in OPEN and self._is_group(at):
            self.depth += 1
            return Mark("open", at, character), at + 1
        if character in CLOSE and self.depth:
            self.depth -= 1
            return Mark("close", at, character), at + 1
        if character in CLOSE:
            self._complain(ProblemCode.UNBALANCED_BRACKET, character, at)
            return None, at + 1
        if character in MINUS and behind and not behind.isspace():
            return Mark("minus", at, character), at + 1
        if found := NEAR.match(self.text, at):
            return self._near(found), found.end()
        return self._field_or_word(at)

    def _near(self, found: re.Match[str]) -> Mark:
        order = "ordered" if (found["word"] or found["han"]) in ORDERED else ""
        within = found["within"] or found["far"] or str(NEAR_DEFAULT)
        if not within.isdecimal():
            return Mark("near", found.start(), found.group(), ("", order))
        if int(within) > NEAR_MOST:
            self.problems.append(Problem(ProblemCode.TOO_FAR, found.group(), found.start()))
        return Mark("near", found.start(), found.group(), (str(min(int(within), NEAR_MOST)), order))

    def _is_group(self, at: int) -> bool:
        """Returns True if a bracket opens a group: not glued to a word behind its close: (CFSP)2018/1939."""
        close = self.brackets.get(at)
        after = self.text[close + 1 : close + 2] if close is not None else ""
        return not after or after.isspace() or after in OPEN + CLOSE or after in CLOSERS

    def _phrase(self, at: int) -> tuple[Mark | None, int]:
        end = _closing_quote(self.text, at)
        if end is None:
            self._complain(ProblemCode.UNBALANCED_QUOTE, self.text[at], at)
            return None, at + 1
        inside = self.text[at + 1 : end]
        if not inside.strip():
            self._complain(ProblemCode.EMPTY_QUOTES, self.text[at : end + 1], at)
            return None, end + 1
        return Mark("phrase", at, inside.strip()), end + 1

    def _field_or_word(self, at: int) -> tuple[Mark | None, int]:
        if found := COLON.match(self.text, at):
            name = found[1].casefold()
            if name in FIELD_NAMES:
                return self._field(FIELD_NAMES[name], at, found.end())
            if (
                name not in NO_FIELDS
                and found[1] not in OPERATORS
                and not self.text.startswith("//", found.end())
            ):
                self._complain(ProblemCode.UNKNOWN_FIELD, found[1], at)
                return Mark("word", at, found[1]), found.end()
        end = self._word_end(at)
        word = self.text[at:end]
        if word not in OPERATORS and not LETTER.search(word):
            self._complain(ProblemCode.ONLY_PUNCTUATION, word, at)
            return None, end
        if found := WILDCARD.search(word):
            self._complain(ProblemCode.WILDCARD, word, at + found.start())
        if PLUS.match(word):
            self._complain(ProblemCode.PLUS, word, at)
            word, at = word[1:], at + 1
        if word in SMALL and not self.text.isascii():
            self._complain(ProblemCode.SMALL_OPERATOR, word, at, word.upper())
        return Mark(OPERATORS.get(word, "word"), at, word), end

    def _word_end(self, at: int) -> int:
        """Returns the end of the word: a blank, a quotation mark, or a bracket that closes a group."""
        inside, place = 0, at
        while place < len(self.text):
            character = self.text[place]
            if number := GROUPED.match(self.text, place):
                place = number.end()
                continue
            if character.isspace():
                if not (joined := SPACED_SYMBOL.match(self.text, place)) or place == at:
                    return place
                place = joined.end()
                continue
            if character in CLOSERS and place > at:
                return place
            if character in OPEN:
                inside += 1
            elif character in CLOSE:
                if not inside and self.depth:
                    return place
                inside -= 1
            place += 1
        return place

    def _complain(self, code: ProblemCode, text: str, at: int, instead: str = "") -> None:
        self.problems.append(Problem(code, text, at, instead))

    def _value_start(self, start: int) -> int:
        """Returns the start of a field's value, which may follow a blank, but is no operator or field."""
        blanks = BLANKS.match(self.text, start)
        if not blanks or blanks.end() == len(self.text):
            return start
        behind = blanks.end()
        word = self.text[behind : self._word_end(behind)]
        another = (found := COLON.match(self.text, behind)) and found[1].casefold() in FIELD_NAMES
        meant = (
            another or word in OPERATORS or word[:1] in OPEN + CLOSE + MINUS or NEAR.match(self.text, behind)
        )
        return start if meant else behind

    def _field(self, name: str, at: int, start: int) -> tuple[Mark | None, int]:
        start = self._value_start(start)
        if start < len(self.text) and self.text[start] in CLOSERS:
            end = _closing_quote(self.text, start)
            if end is None:
                self._complain(ProblemCode.UNBALANCED_QUOTE, self.text[start], start)
                start, end = start + 1, self._word_end(start + 1)
                value, after = self.text[start:end], end
            else:
                value, after = self.text[start + 1 : end], end + 1
            typed = [value]
        else:
            after = self._word_end(start)
            typed = re.split("[,，、]", self.text[start:after])
        values = tuple(filter(None, map(str.strip, typed)))
        if not values:
            self._complain(ProblemCode.EMPTY_FIELD, self.text[at:after], at)
            return None, max(after, start)
        return Mark("field", at, name, values), after


def within_marks(text: str) -> str:
    """Returns the text inside quotation marks around the whole of ``text``; ``text`` without such."""
    whole = text[:1] in CLOSERS and text[-1:] in CLOSERS[text[0]] and len(text) > 2
    inside = text[1:-1].strip() if whole else ""
    return text if not inside or any(mark in inside for mark in CLOSERS[text[0]]) else inside


def _closing_quote(text: str, at: int) -> int | None:
    """Returns the end of the phrase that is opened at ``at``; None if it is not closed.

    The text of a phrase may itself contain quotation marks (UN documents put names in them): directed marks
    are counted as pairs, and a straight mark closes only where a blank, a bracket, an operator or the end
    follows.
    """
    opener = text[at]
    if opener in DIRECTED:
        end = _matching_mark(text, at, DIRECTED[opener])
        if end is not None:
            return _beyond_lone_mark(text, end, opener)
    own = DIRECTED.get(opener, STRAIGHT if opener in STRAIGHT else opener)
    for closers in (own, CLOSERS[opener]):
        places = [place for place in range(at + 1, len(text)) if text[place] in closers]
        if places:
            if places[0] == at + 1 and len(places) > 1 and not EMPTY.match(text, places[0] + 1):
                places = places[1:]
            return next((place for place in places if AFTER_QUOTE.match(text, place + 1)), places[0])
    return None


def _matching_mark(text: str, at: int, closers: str) -> int | None:
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == text[at]) - (text[place] in closers)
        if not depth:
            while text[place + 1 : place + 2] and text[place + 1] in closers:
                place += 1
            return place
    return None


def _beyond_lone_mark(text: str, end: int, opener: str) -> int:
    """Returns ``end``, or the end of a phrase pasted with a closing mark that has no partner: 程”的 in
    “程”的”. Such a mark is glued to what follows, and another closes the phrase before one opens.
    """
    if AFTER_QUOTE.match(text, end + 1) or text[end + 1] in CLOSERS:
        return end
    for place in range(end + 1, len(text)):
        if text[place] == opener:
            break
        if text[place] in DIRECTED[opener] and AFTER_QUOTE.match(text, place + 1):
            return place
    return end


def _bracket_pairs(text: str) -> dict[int, int]:
    """Returns the closing position of each matched bracket; those inside a phrase do not count."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    place = 0
    while place < len(text):
        character = text[place]
        if character in CLOSERS and (end := _closing_quote(text, place)) is not None:
            place = end
        elif character in OPEN:
            opened.append(place)
        elif character in CLOSE and opened:
            pairs[opened.pop()] = place
        place += 1
    return pairs
