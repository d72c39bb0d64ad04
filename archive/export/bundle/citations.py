"""Citation parser: a link, or a UN footnote in Chinese or English, with or without a quotation.

Documents are found by the core's own grammar of mentions, paragraphs by its pinpoints: in Chinese, and in
English as in ``S/2010/52, annex, para. 14``, ``S/RES/1540 (2004), paras. 3 (a) and 9``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from archive.text.aligned_folding import fold
from archive.text.mentions import find_mentions
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.pinpoints import find_english, pinpoint_anchors
from archive.text.reference import load_reference

from . import verify
from .verify import (
    EDITED,
    IDENTICAL,
    IDENTICAL_BUT_FORM,
    MOVED,
    NEVER_ISSUED,
    PROVED,
    RANGE_DIFFERS,
    WITHDRAWN,
    Data,
    digest,
    words_of,
)

QUOTED = re.compile('“([^“”]+)”|「([^「」]+)」|"([^"]+)"|‘([^‘’]+)’')
# Signs of ASCII alone: Chinese words and marks end a link.
LINK = re.compile(
    r"https?://[!-~]+?(?:/p/|/c/|#p-)[!-~]+|(?<![!-~])/?[A-Z][!-~]*?(?:/p/|#p-)[!-~]+|(?<![!-~])/c/[0-9A-Za-z-]+"
)
LINK_END = ",.;)]>\"'"


class UnreadableCitationError(ValueError):
    """A citation that names no document."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A link; or a symbol with the paragraphs as cited, as anchors that may lack their part."""

    link: str = ""
    symbol: str = ""
    anchors: tuple[str, ...] = ()
    quotation: str = ""


def read_citation(text: str) -> Citation:
    """Parses the first citation in ``text``. Raises UnreadableCitationError if there is none.

    >>> read_citation("S/2010/52, annex, para. 14")
    Citation(link='', symbol='S/2010/52', anchors=('annex.14',), quotation='')
    """
    quoted = [next(filter(None, found.groups())) for found in QUOTED.finditer(text)]
    rest = QUOTED.sub(" ", text)
    quotation = max(quoted, key=len, default="")
    if link := LINK.search(rest):
        return Citation(link=link[0].rstrip(LINK_END), quotation=quotation)
    symbol, anchors = _in_words(rest)
    return Citation(symbol=symbol, anchors=anchors, quotation=quotation)


def _in_words(text: str) -> tuple[str, tuple[str, ...]]:
    plain = re.sub(r"\bresolution (\d{1,4}) ?\((\d{4})\)", r"S/RES/\1(\2)", text, flags=re.IGNORECASE)
    paragraph = ParsedParagraph(anchor="u1", kind=Kind.PARAGRAPH, text=_as_stored(plain))
    mentions = [found for found in find_mentions((paragraph,), Facts(), load_reference()) if found.certain]
    if not mentions:
        raise UnreadableCitationError(text)
    first = mentions[0]
    anchors = pinpoint_anchors(first.paragraph) or _in_english(plain)
    return first.symbol, tuple(anchors)


def _in_english(text: str) -> list[str]:
    """Parses an English pinpoint: ``annex II, paras. 3 (a) and 9`` → ``["annex2.3.a", "annex2.9"]``."""
    found = next(find_english(" ".join(fold(text).lower().split())), None)
    return pinpoint_anchors(found[2]) if found else []


def _as_stored(text: str) -> str:
    """Normalises spaces as the core stores texts: only between Latin letters or digits."""
    return re.sub(r"(?<![0-9A-Za-z.,)])\s+|\s+(?![0-9A-Za-z(])", "", " ".join(text.split()))


def answer_citation(data: Data, citation: Citation, quotation: str = "") -> list[Answer]:
    """Answers a citation from a bundle, once for each paragraph that it names. ``quotation`` is the quoted
    text, where the citation itself does not contain it.

    Raises ``verify.NotALinkError`` for a link to no paragraph, UnreadableCitationError for a document without
    paragraph.
    """
    quotation = quotation or citation.quotation
    if citation.link:
        return [answer_link(data, citation.link, quotation)]
    if not citation.anchors:
        raise UnreadableCitationError(citation.symbol)
    return [look_up(data, citation.symbol, anchor, quotation) for anchor in citation.anchors]


# What a bundle proves of links and of quoted words:

Row = dict[str, Any]
Form = tuple[Row, str | None]
STANDING, AMBIGUOUS = "standing", "ambiguous"  # these prove no words: none were given
NO_SUCH_PARAGRAPH, NO_SUCH_DOCUMENT = "no_such_paragraph", "no_such_document"
NOT_IN_PARAGRAPH, QUOTATION_DIFFERS = "not_in_paragraph", "quotation_differs"
LIKE = 0.6  # of a quotation, found in order in a text: it is that text misquoted
SHOWN = 10  # paragraphs that an answer lists
WORDS = verify.WORDS | {
    AMBIGUOUS: "不止一段：这个编号在文件的几个部分里都有；请写明部分。",
    STANDING: "在库：该段文字如下。所给出处没有指纹，不能证明当时所引的字句。",
    NO_SUCH_PARAGRAPH: "没有这一段：这份文件在库，里面从来没有这一段。",
    NO_SUCH_DOCUMENT: "没有这份文件：本库从未公布过这个文号的文件。",
    QUOTATION_DIFFERS: "引语有出入：所引的段落里没有这样一句；最接近的文字，与引语不同之处如下。",
    NOT_IN_PARAGRAPH: "不在此段：引语不在所引的段落，而在下列段落。",
}


@dataclass
class Answer:
    """The answer to a citation. ``now`` is the current paragraph, ``issued`` the text as cited; ``others``
    have the same words.

    ``forms`` are other texts that a link may cite, public under its address with the same fingerprint but not
    the same characters, each with the one shown. ``form_differs``: that is certainly none of those cited.
    """

    fate: str
    symbol: str = ""
    anchor: str = ""
    now: Row | None = None
    issued: Row | None = None
    others: list[Row] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    form_differs: bool = False


def answer_link(data: Data, link: str, quotation: str = "") -> Answer:
    """Answers a link from a bundle, and with ``quotation`` whether the paragraph contained these words.

    Raises ``verify.NotALinkError`` for a link to no paragraph.
    """
    found = verify.resolved(data, link)
    if found is None:
        return Answer(NEVER_ISSUED, f"/c/{verify.read_link(link)[0]}")
    symbol, anchor, cited = found
    if blocks := verify.range_of(data, symbol, anchor):
        answer = _answer_range(data, symbol, anchor, cited, blocks)
        return _of_range(answer, quotation) if quotation else answer
    if cited:
        answer = _follow(data, symbol, anchor, cited)
        if not quotation:
            return answer
        if words_of(quotation) in words_of((answer.issued or answer.now or {}).get("text") or ""):
            return _to_the_letter(answer, quotation)
    return look_up(data, symbol, anchor, quotation)


def look_up(data: Data, symbol: str, anchor: str, quotation: str) -> Answer:
    """Looks up the present or past text at an address without a fingerprint, and ``quotation`` in it."""
    (symbol, language, anchor), *others = verify.places_of(data, symbol, anchor)
    if (symbol, language, anchor) not in data.issued and others:
        if len(others) > 1:
            return _look_up_each(data, symbol, anchor, others, quotation)
        anchor = others[0][2]
    place, wanted = (symbol, language, anchor), words_of(quotation)
    past, led = data.issued.get(place, []), [row["now"] for row in data.answers.get(place, ()) if row["now"]]
    now = data.paragraphs.get(place) or (data.paragraphs[tuple(led[-1])] if led else None)
    if not quotation:
        if now or past:
            return Answer(STANDING if now else WITHDRAWN, symbol, anchor, now, None if now else past[-1])
        retired = {(row["symbol"], row["language"]) for row in data.rows("retired_documents")}
        known = (symbol, language) in data.known | retired
        return Answer(NO_SUCH_PARAGRAPH if known else NO_SUCH_DOCUMENT, symbol, anchor)
    if now and wanted in words_of(now["text"]):
        moved = (now["anchor"], now["document"][0]) != (anchor, symbol)
        forms = _forms((row for row in past if row["text"] and quotation in row["text"]), now)
        return _to_the_letter(Answer(MOVED if moved else IDENTICAL, symbol, anchor, now), quotation, forms)
    for row in reversed(past):
        if row["text"] is not None and wanted in words_of(row["text"]):
            return Answer(EDITED if now else WITHDRAWN, symbol, anchor, now, row)
    elsewhere = [row for row in data.rows("paragraphs") if wanted in words_of(row["text"])]
    if elsewhere:
        return Answer(NOT_IN_PARAGRAPH, symbol, anchor, now, None, elsewhere)
    return _misquoted(symbol, anchor, now, past, quotation)


def _look_up_each(data: Data, symbol: str, number: str, places: Iterable[tuple], quotation: str) -> Answer:
    """Looks up a quotation in several paragraphs of a number: the one that has it; else which they are."""
    found = [look_up(data, symbol, anchor, quotation) for _symbol, _language, anchor in places]
    proved = [answer for answer in found if answer.fate in {*PROVED, EDITED}]
    if len(proved) == 1:
        return proved[0]
    standing = [data.paragraphs[place] for place in places if place in data.paragraphs]
    return Answer(AMBIGUOUS, symbol, number, others=standing)


def _follow(data: Data, symbol: str, anchor: str, cited: str) -> Answer:
    """Returns the archive's answer to a link with 8 to 64 digits of a fingerprint, with the texts."""
    answers = verify.answers_to(data, symbol, anchor, cited)
    if not answers:
        place = (*data.held(symbol), anchor)
        return Answer(NEVER_ISSUED, place[0], anchor, data.paragraphs.get(place))
    told = answers[-1]
    place = verify.place_of(told)
    issued = verify.forms_of(data, told)
    now = data.paragraphs[tuple(told["now"])] if told["now"] else None
    others = [data.paragraphs[tuple(other)] for other in told["others"]]
    shown = now if now and told["fate"] in PROVED else issued[-1]
    forms = _forms(issued, shown)
    differs = told["fate"] == IDENTICAL_BUT_FORM and all(row["text"] != shown["text"] for row in issued)
    stands = shown is now and tuple(told["now"]) == place
    past = None if stands else issued[-1]
    return Answer(told["fate"], place[0], place[2], now, past, others, forms, differs)


def _forms(issued: Iterable[Row], shown: Row) -> list[Form]:
    others = {row["text"]: row for row in issued if row["text"] != shown["text"]}
    return [(row, shown["text"]) for row in others.values()]


def _answer_range(data: Data, symbol: str, anchor: str, cited: str, blocks: list[Row]) -> Answer:
    """Answers a range: its words are those of its blocks, one after another; its forms are theirs."""
    text = "\n".join(block["text"] for block in blocks)
    now = {"document": blocks[0]["document"], "anchor": anchor, "fingerprint": digest(text)[:8], "text": text}
    if not digest(text).startswith(cited):
        return Answer(RANGE_DIFFERS, symbol, anchor, now)
    forms = (
        [form for block in blocks for form in _forms(verify.forms_of(data, block), block)] if cited else []
    )
    fate = IDENTICAL_BUT_FORM if forms else IDENTICAL if cited else STANDING
    return Answer(fate, symbol, anchor, now, forms=forms)


def lines_of(answer: Answer, as_of: str, quotation: str = "") -> Iterator[str]:
    """An answer for a reader; ``as_of`` is the day up to which the bundle knows the archive. Says how
    ``quotation`` differs, and in what the forms of characters do."""
    place = f"{answer.symbol}/p/{answer.anchor}" if answer.anchor else answer.symbol
    yield f"[{answer.fate}] {place}：{WORDS[answer.fate]}"
    yield from verify.told("所引文字", [answer.issued] if answer.issued else [])
    yield from verify.told("本包中的文字", [answer.now] if answer.now else [])
    for form, shown in answer.forms:
        yield from verify.told("同一指纹的另一种字形", [form])
        yield f"    不同的字：{_differing(form['text'] or '', shown or '')}"
    if answer.fate == IDENTICAL_BUT_FORM and not answer.form_differs:
        yield "  所引的是哪一种字形，从指纹不能断定。"
    if len(answer.others) > SHOWN:
        yield f"  共{len(answer.others)}段，先列{SHOWN}段。"
    yield from verify.told("所指或是" if answer.fate == AMBIGUOUS else "同样的字句", answer.others[:SHOWN])
    text = (answer.issued or answer.now or {}).get("text")
    if answer.fate == QUOTATION_DIFFERS and text:
        yield f"  引语：{_misquotations(quotation, text)}"
    yield verify.AS_OF.format(as_of)


def _differing(then: str, now: str) -> str:
    """Returns the characters that differ, with their numbers, since ， and , look alike."""
    steps = SequenceMatcher(None, then, now, autojunk=False).get_opcodes()
    pairs = [(then[a:b], now[c:d]) for kind, a, b, c, d in steps if kind != "equal"]
    return "，".join("→".join(map(_numbered, pair)) for pair in pairs)


def _numbered(characters: str) -> str:
    return f"“{characters}”({' '.join(f'U+{ord(each):04X}' for each in characters)})" if characters else "无"


def _of_range(answer: Answer, quotation: str) -> Answer:
    """Compares a quotation, possibly of several paragraphs, with the text of a range; returns the answer."""
    now = answer.now or {"text": ""}
    if words_of(quotation) not in words_of(now["text"]):
        return _misquoted(answer.symbol, answer.anchor, now, [], quotation)
    answer.form_differs = quotation not in now["text"]
    if answer.fate in {IDENTICAL, STANDING}:
        answer.fate = IDENTICAL_BUT_FORM if answer.form_differs else IDENTICAL
    return answer


def _to_the_letter(answer: Answer, quotation: str, forms: Sequence[Form] = ()) -> Answer:
    """Changes the answer to "but for form" where ``quotation`` differs in characters from the text."""
    if answer.fate in {IDENTICAL, MOVED} and answer.now and quotation not in answer.now["text"]:
        answer.fate, answer.forms, answer.form_differs = IDENTICAL_BUT_FORM, list(forms), True
    return answer


def _misquoted(symbol: str, anchor: str, now: Row | None, past: Sequence[Row], quotation: str) -> Answer:
    """Returns the present or past text most similar to a quotation, or the answer that it was never there."""
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
    """Describes the omissions, additions and replacements in a quotation, compared with the text."""
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
    """Returns ``words_of`` with the characters as they are written, where there are as many of them."""
    plain = "".join(text.split())
    return plain if len(plain) == len(words_of(text)) else words_of(text)
