"""What a bundle proves of quoted words, beside the fates of links that ``verify`` knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from . import verify
from .verify import (
    EDITED,
    IDENTICAL,
    IDENTICAL_BUT_FORM,
    MOVED,
    NEVER_ISSUED,
    PROVED,
    STANDING,
    WITHDRAWN,
    Answer,
    Data,
    words_of,
)

Row = dict[str, Any]
NOT_IN_PARAGRAPH, QUOTATION_DIFFERS = "not_in_paragraph", "quotation_differs"
LIKE = 0.6  # of a quotation, found in order in a text: it is that text misquoted
WORDS = verify.WORDS | {
    QUOTATION_DIFFERS: "引语有出入：所引的段落里没有这样一句；最接近的文字，与引语不同之处如下。",
    NOT_IN_PARAGRAPH: "不在此段：引语不在所引的段落，而在下列段落。",
}


def answer_link(data: Data, link: str, quotation: str) -> Answer:
    """What a link proves, and with ``quotation`` whether these words stood there.

    Raises ``verify.NotALinkError`` for a link to no paragraph.
    """
    found = verify.resolved(data, link)
    if not quotation or found is None:
        return verify.answer_link(data, link)
    symbol, anchor, cited = found
    if blocks := verify.range_of(data, symbol, anchor):
        return _of_range(verify.answer_range(data, symbol, anchor, cited, blocks), quotation)
    if cited:
        answer = verify.follow(data, symbol, anchor, cited)
        if words_of(quotation) in words_of((answer.issued or answer.now or {}).get("text") or ""):
            return _to_the_letter(answer, quotation)
    return look_up(data, symbol, anchor, quotation)


def look_up(data: Data, symbol: str, anchor: str, quotation: str) -> Answer:
    """Whether ``quotation`` stands, or once stood, in a paragraph cited without a fingerprint."""
    if not quotation:
        return verify.look_up(data, symbol, anchor)
    (symbol, language), anchors = verify.places_of(data, symbol, anchor)
    if len(anchors) > 1:
        found = [look_up(data, symbol, other, quotation) for other in anchors]
        proved = [answer for answer in found if answer.fate in {*PROVED, EDITED}]
        return proved[0] if len(proved) == 1 else verify.look_up(data, symbol, anchor)
    anchor, wanted = anchors[0], words_of(quotation)
    now, past = verify.standing_and_past(data, symbol, language, anchor)
    if now and wanted in words_of(now["text"]):
        moved = (now["anchor"], now["document"][0]) != (anchor, symbol)
        forms = [row for row in past if row["text"] not in (None, now["text"]) and quotation in row["text"]]
        return _to_the_letter(Answer(MOVED if moved else IDENTICAL, symbol, anchor, now), quotation, forms)
    for row in reversed(past):
        if row["text"] is not None and wanted in words_of(row["text"]):
            return Answer(EDITED if now else WITHDRAWN, symbol, anchor, now, row)
    others = [row for row in data.rows("paragraphs") if wanted in words_of(row["text"])]
    if others:
        return Answer(NOT_IN_PARAGRAPH, symbol, anchor, now, None, others)
    return _misquoted(symbol, anchor, now, past, quotation)


def lines_of(answer: Answer, as_of: str, quotation: str) -> Iterator[str]:
    """An answer for a reader, as ``verify.lines_of``, with how ``quotation`` differs."""
    yield from verify.lines_of(answer, as_of, WORDS)
    text = (answer.issued or answer.now or {}).get("text")
    if answer.fate == QUOTATION_DIFFERS and text:
        yield f"  引语：{_misquotations(quotation, text)}"


def _of_range(answer: Answer, quotation: str) -> Answer:
    """The answer for a range, asked of a quotation that may go over several of its paragraphs."""
    now = answer.now or {"text": ""}
    if words_of(quotation) not in words_of(now["text"]):
        return _misquoted(answer.symbol, answer.anchor, now, [], quotation)
    answer.form_differs = quotation not in now["text"]
    if answer.fate in {IDENTICAL, STANDING}:
        answer.fate = IDENTICAL_BUT_FORM if answer.form_differs else IDENTICAL
    return answer


def _to_the_letter(answer: Answer, quotation: str, forms: Sequence[Row] = ()) -> Answer:
    """An answer that says "but for form" where ``quotation`` is written otherwise than what stands."""
    if answer.fate in {IDENTICAL, MOVED} and answer.now and quotation not in answer.now["text"]:
        answer.fate, answer.forms, answer.form_differs = IDENTICAL_BUT_FORM, list(forms), True
    return answer


def _misquoted(symbol: str, anchor: str, now: Row | None, past: Sequence[Row], quotation: str) -> Answer:
    """The text that a quotation is most like, of those that stand or stood there; else that it never did."""
    texts = [row for row in (now, *reversed(past)) if row and row["text"]]
    likest = max(texts, key=lambda row: _likeness(quotation, row["text"]), default=None)
    if likest is None or _likeness(quotation, likest["text"]) < LIKE:
        return Answer(NEVER_ISSUED, symbol, anchor, now)
    return Answer(QUOTATION_DIFFERS, symbol, anchor, now, None if likest is now else likest)


def _likeness(quotation: str, text: str) -> float:
    quoted = words_of(quotation)
    blocks = SequenceMatcher(None, quoted, words_of(text), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(quoted), 1)


def _misquotations(quoted: str, text: str) -> str:
    """What a quotation leaves out, adds or has instead of what the text has."""
    meant, written = words_of(text), _as_written(text)
    said, given = words_of(quoted), _as_written(quoted)
    start, at, _size = SequenceMatcher(None, said, meant, autojunk=False).find_longest_match()
    room = len(said) // 4 + 4
    low, high = max(0, at - start - room), at + len(said) - start + room
    steps = SequenceMatcher(None, said, meant[low:high], autojunk=False).get_opcodes()
    told = []
    for place, (kind, a, b, c, d) in enumerate(steps):
        if kind == "insert" and 0 < place < len(steps) - 1:
            told.append(f"漏“{written[low + c : low + d]}”")
        elif kind == "delete":
            told.append(f"多“{given[a:b]}”")
        elif kind == "replace":
            told.append(f"“{given[a:b]}”应作“{written[low + c : low + d]}”")
    return "，".join(told)


def _as_written(text: str) -> str:
    """``words_of`` with the characters as they are written, where there are as many of them."""
    plain = "".join(text.split())
    return plain if len(plain) == len(words_of(text)) else words_of(text)
