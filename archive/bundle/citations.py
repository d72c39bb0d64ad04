"""What a citation names: a link, a UN footnote in Chinese or English, with or without a quotation.

Documents are found by the core's own grammar of mentions, paragraphs by its pinpoints: in Chinese, and in
English as in ``S/2010/52, annex, para. 14``, ``S/RES/1540 (2004), paras. 3 (a) and 9``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.text.mentions import find_mentions
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.pinpoints import find_english_pinpoint, pinpoint_anchors
from archive.text.reference import load_reference

from .quotations import Answer, answer_link, look_up
from .verify import Data

QUOTED = re.compile('“([^“”]+)”|「([^「」]+)」|"([^"]+)"|‘([^‘’]+)’')
# Signs of ASCII alone: Chinese words and marks end a link.
LINK = re.compile(
    r"https?://[!-~]+?(?:/p/|/c/|#p-)[!-~]+|(?<![!-~])/?[A-Z][!-~]*?(?:/p/|#p-)[!-~]+|(?<![!-~])/c/[0-9A-Za-z-]+"
)
LINK_END = ",.;)]>\"'"


class UnreadableCitationError(ValueError):
    """What was given names no document."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A link; or a symbol with the paragraphs as cited, as anchors that may lack their part."""

    link: str = ""
    symbol: str = ""
    anchors: tuple[str, ...] = ()
    quotation: str = ""


def read_citation(text: str) -> Citation:
    """What ``text`` cites, of several citations the first; raises UnreadableCitationError where none is.

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
    """``annex II, paras. 3 (a) and 9`` → ``["annex2.3.a", "annex2.9"]``."""
    found = find_english_pinpoint(text)
    return found.anchors if found else []


def _as_stored(text: str) -> str:
    """As the core stores texts: a space only between Latin letters or digits."""
    return re.sub(r"(?<![0-9A-Za-z.,)])\s+|\s+(?![0-9A-Za-z(])", "", " ".join(text.split()))


def answer_citation(data: Data, citation: Citation, quotation: str = "") -> list[Answer]:
    """What a bundle proves of a citation: one answer for each paragraph that it names. ``quotation`` is what
    was quoted, where it does not stand in the citation itself.

    Raises ``verify.NotALinkError`` for a link to no paragraph, UnreadableCitationError for a document without
    paragraph.
    """
    quotation = quotation or citation.quotation
    if citation.link:
        return [answer_link(data, citation.link, quotation)]
    if not citation.anchors:
        raise UnreadableCitationError(citation.symbol)
    return [look_up(data, citation.symbol, anchor, quotation) for anchor in citation.anchors]
