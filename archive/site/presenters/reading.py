"""Prepares a document's blocks for reading: text with links, hanging numbers, turns of speech."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from archive.models import BodyMention, Document, Mention, Paragraph
from archive.store.addresses.locations import TITLE_ROLES, note_number, printed_number
from archive.store.addresses.paths import (
    body_path,
    cited_by_path,
    document_path,
    mention_path,
    paragraph_path,
    place_path,
    short_path,
    treaty_path,
)

from .linked_text import Mark, Span, link_text
from .relations import own_doubt
from .wording import (
    clauses,
    day_in_words,
    language_name,
    name_in_words,
    paragraph_name,
    person_in_words,
    spoken_symbol,
)

COVER_ROLES = {"contents", "contents_title", "date_place", "chair", "corrections"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block as a template places it."""

    paragraph: Paragraph
    address: str
    name: str
    number: str
    html: SafeString
    css: str
    tag: str
    cited_by: int = 0
    cited_by_documents: int = 0
    cited_by_address: str = ""
    returns: tuple[tuple[str, str], ...] = ()

    @property
    def anchor(self) -> str:
        return self.paragraph.anchor


@dataclass(slots=True)
class Turn:
    """Blocks that one speaker or replying State is responsible for, or that nobody is."""

    blocks: list[Block] = field(default_factory=list)
    who: str = ""
    capacity: str = ""
    state_code: str = ""
    is_reply: bool = False
    facts: tuple[str, ...] = ()
    cover: bool = False
    passed_on: bool = False


class Reader:
    """Makes blocks of one document's paragraphs.

    The paragraphs come with their mentions (``with_mentions``); ``ancestors`` are further paragraphs that
    only name the sections; ``cited_by`` counts citing paragraphs by anchor.
    """

    def __init__(
        self,
        document: Document,
        paragraphs: Sequence[Paragraph],
        ancestors: Iterable[Paragraph] = (),
        cited_by: Mapping[str, int] | None = None,
        on_page: bool = True,
    ) -> None:
        self.document = document
        self.by_id = {paragraph.pk: paragraph for paragraph in [*ancestors, *paragraphs]}
        self.cited_by = cited_by or {}
        # Footnote links stay on the page where the whole document is shown.
        self.base = "" if on_page else document_path(document.symbol)
        self.marks = _numbered_marks(paragraphs)
        self.tags = _heading_tags(paragraphs)
        self.returns: dict[str, int] = {}
        for places in self.marks.values():
            for _at, anchor, place in places:
                self.returns[anchor] = place + 1

    def parent_of(self, paragraph: Paragraph) -> Paragraph | None:
        return self.by_id.get(paragraph.parent_id or 0)

    def name_of(self, paragraph: Paragraph) -> str:
        return paragraph_name(paragraph, self.parent_of)

    def block(self, paragraph: Paragraph) -> Block:
        """Returns the block of one paragraph, its text linked."""
        symbol, count = self.document.symbol, self.cited_by.get(paragraph.anchor, 0)
        return Block(
            paragraph=paragraph,
            address=paragraph_path(symbol, paragraph.anchor),
            name=self.name_of(paragraph),
            number=printed_number(paragraph),
            html=self._html(paragraph),
            css=_css(paragraph),
            tag=self.tags.get(paragraph.pk, "p"),
            cited_by=count,
            cited_by_documents=getattr(paragraph, "cited_by_documents", 0),
            cited_by_address=cited_by_path(symbol, paragraph.anchor) if count else "",
            returns=tuple(
                (f"{self.base}#{mark_id(paragraph.anchor, place)}", _("回到脚注标记"))
                for place in range(self.returns.get(paragraph.anchor, 0))
            ),
        )

    def _html(self, paragraph: Paragraph) -> SafeString:
        bold = 0
        speaker = paragraph.speaker_name + paragraph.speaker_honorific  # as the record prints it
        if paragraph.speaker_name and paragraph.text.startswith(speaker):
            bold = len(speaker)
        spans = [] if paragraph.kind == Paragraph.Kind.HEADING else self._spans(paragraph)
        return link_text(paragraph.text, spans, self._marks(paragraph), bold)

    def _spans(self, paragraph: Paragraph) -> list[Span]:
        spans = [_mention_span(mention) for mention in paragraph.mentions_in_order if _is_linked(mention)]
        seen: set[int] = set()
        for mention in paragraph.body_mentions_in_order:
            # 委员会 alone is no link, and a body is linked once in a paragraph: the text stays a text.
            if mention.form == BodyMention.Form.CONTEXTUAL or mention.body_id in seen:
                continue
            seen.add(mention.body_id)
            waits = mention.body.unconfirmed
            css, title = ("body doubtful", _("待核")) if waits else ("body", "")
            spans.append(Span(mention.start, mention.end, body_path(mention.body.slug), css, title))
        for treaty in paragraph.treaty_mentions_in_order:
            spans.append(Span(treaty.start, treaty.end, treaty_path(treaty.treaty.slug)))
        return spans + self._own_spans(paragraph)

    def _own_spans(self, paragraph: Paragraph) -> list[Span]:
        """Returns links of 上文第6段 to the first paragraph named; a doubtful one has a reason."""
        spans: dict[int, Span] = {}
        for own in paragraph.own_references_in_order:
            if own.start in spans:
                continue
            target = own.target_paragraph
            href = f"{self.base}#p-{target.anchor}" if target else ""
            title = "" if target else own_doubt(own)
            css = "mention" if target else "mention doubtful"
            spans[own.start] = Span(own.start, own.end, href, css, title)
        return list(spans.values())

    def _marks(self, paragraph: Paragraph) -> list[Mark]:
        marks = []
        for at, anchor, place in self.marks.get(paragraph.pk, ()):
            number = note_number(anchor)
            label = _("脚注%(number)s") % {"number": number}
            marks.append(Mark(at, f"{self.base}#p-{anchor}", number, label, mark_id(anchor, place)))
        return marks


def mark_id(anchor: str, place: int) -> str:
    """Returns the element id of the place where a footnote is marked; a note may be marked more than once."""
    return f"r-{anchor}" if place == 0 else f"r-{anchor}-{place + 1}"


def turns(blocks: Sequence[Block]) -> list[Turn]:
    """Groups consecutive blocks by speaker or submitter, and the cover's blocks together.

    The first block that the sender only passes on begins a turn that says so (``passed_on``).
    """
    result = []
    seen = False
    for (cover, transmitted, *key), group in groupby(blocks, key=_turn_key):
        members = list(group)
        turn = Turn(blocks=members, cover=cover, passed_on=transmitted and not seen)
        seen = seen or transmitted
        if any(key):
            _introduce(turn, members[0].paragraph)
        result.append(turn)
    return result


def _turn_key(block: Block) -> tuple[bool, bool, str, str, str]:
    p = block.paragraph
    if p.kind == Paragraph.Kind.FOOTNOTE:
        return (False, p.transmitted, "", "", "")
    speaker = f"{p.speaker_name}{p.speaker_honorific}"
    if p.kind == Paragraph.Kind.HEADING and p.role == "submitter":
        return (False, p.transmitted, "", "", "")
    cover = p.role in COVER_ROLES and p.part == "main"
    return (cover, p.transmitted, speaker, p.speaker_delegation, p.submitter_name)


def _introduce(turn: Turn, paragraph: Paragraph) -> None:
    turn.state_code = paragraph.state.alpha3 if paragraph.state else ""
    if paragraph.submitter_name:
        turn.is_reply = True
        turn.who = name_in_words(paragraph.submitter_name)
        original = paragraph.submitter_original_language
        turn.facts = tuple(
            fact
            for fact in (
                _("原件：%(language)s") % {"language": language_name(original)} if original else "",
                day_in_words(paragraph.submitter_date),
            )
            if fact
        )
        return
    turn.who = person_in_words(paragraph.speaker_name, paragraph.speaker_honorific)
    turn.capacity = name_in_words(paragraph.speaker_delegation)
    if paragraph.speaker_status == "observer":
        turn.capacity = _("%(delegation)s观察员") % {"delegation": turn.capacity}
    turn.facts = (paragraph.speaker_capacity,) if paragraph.speaker_capacity else ()


def _is_linked(mention: Mention) -> bool:
    """Returns False for 该决议 and the like, and for a number inside a body's name
    (第1540(2004)号决议所设委员会).

    A doubtful number is linked and says so.
    """
    if mention.in_body_name:
        return False
    return mention.certain or any(character.isdigit() for character in mention.surface)


def _mention_span(mention: Mention) -> Span:
    if not mention.certain:
        title = _("存疑：可能指%(symbol)s") % {"symbol": mention.symbol}
        return Span(mention.start, mention.end, mention_path(mention), "mention doubtful", title)
    return Span(mention.start, mention.end, mention_path(mention))


def _numbered_marks(paragraphs: Iterable[Paragraph]) -> dict[int, list[tuple[int, str, int]]]:
    """Returns by paragraph: (offset, anchor of the note, how often the note was marked before)."""
    before: dict[str, int] = {}
    marks: dict[int, list[tuple[int, str, int]]] = {}
    for paragraph in paragraphs:
        for at, anchor in paragraph.notes:
            marks.setdefault(paragraph.pk, []).append((at, anchor, before.get(anchor, 0)))
            before[anchor] = before.get(anchor, 0) + 1
    return marks


def _css(paragraph: Paragraph) -> str:
    names = ["paragraph"]
    kinds: dict[str, str] = {
        Paragraph.Kind.HEADING: "heading",
        Paragraph.Kind.SUBPARAGRAPH: "subparagraph",
        Paragraph.Kind.SIGNATURE: "signature",
        Paragraph.Kind.FOOTNOTE: "footnote",
        Paragraph.Kind.ROW: "row",
    }
    if paragraph.kind in kinds:
        names.append(kinds[paragraph.kind])
    if paragraph.role == "note_paragraph":
        names.append("footnote")
    if paragraph.kind == Paragraph.Kind.LIST_ITEM:
        names.append("subparagraph" if paragraph.number else "list-item")
    if paragraph.kind == Paragraph.Kind.HEADING:
        if paragraph.anchor == paragraph.part:
            names += ["annex", "annex-label"] if paragraph.role == "annex_label" else ["annex", "annex-title"]
        elif paragraph.role == "annex_title":
            names.append("annex-title")
        elif paragraph.role in ("subtitle", "organ"):
            names.append("subtitle")
    return " ".join(names)


def _heading_tags(paragraphs: Iterable[Paragraph]) -> dict[int, str]:
    """Returns h2 to h4 for each heading, by part and level, no step left out; the page's title is h1."""
    headings = [paragraph for paragraph in paragraphs if paragraph.kind == Paragraph.Kind.HEADING]
    levels: dict[str, set[int]] = {}
    for heading in headings:
        if heading.role not in TITLE_ROLES and heading.anchor != heading.part:
            levels.setdefault(heading.part, set()).add(heading.level or 1)
    tags, before = {}, 1
    for heading in headings:
        if heading.anchor == heading.part:
            rank = 2
        elif heading.role in TITLE_ROLES:
            rank = 3
        else:
            lower = sum(level < (heading.level or 1) for level in levels[heading.part])
            rank = lower + (2 if heading.part == "main" else 3)
        if heading.part == "main" and heading.role in ("title", "organ"):
            rank = 2
        before = min(rank, before + 1, 4)
        tags[heading.pk] = f"h{before}"
    return tags


# The links that a reader takes along: plain, with fingerprint, with the words, short.

WHOLE = 24
END = 8


@dataclass(frozen=True, slots=True)
class Links:
    """The absolute addresses of one passage, and the text quoted with them. ``short`` may be empty.

    ``fragment`` highlights the words in the whole document where the browser can; where it cannot, it leads
    to the paragraph all the same.
    """

    plain: str
    permalink: str
    fingerprint: str
    source: str
    text: str
    short: str
    fragment: str


def links(
    request: HttpRequest,
    held: Document,
    name: str,
    address: str,
    anchor: str,
    text: str,
    fingerprint: str,
    code: str = "",
) -> Links:
    """Returns the links of the passage ``name`` at ``address`` with its ``anchor`` and ``text``."""
    absolute = request.build_absolute_uri
    return Links(
        plain=absolute(address),
        permalink=absolute(f"{address}/{fingerprint}"),
        fingerprint=fingerprint,
        source=clauses((_spoken(held), name)),
        text=text,
        short=absolute(short_path(code)) if code else "",
        fragment=absolute(document_path(held.symbol)) + _fragment(held.symbol, anchor, text),
    )


def _spoken(held: Document) -> str:
    """Returns 安全理事会第1540(2004)号决议 for a resolution, named by number; else the symbol."""
    is_resolution = held.document_type in (Document.Type.RESOLUTION, Document.Type.DECISION)
    return spoken_symbol(held.symbol) if is_resolution else held.symbol


def _fragment(symbol: str, anchor: str, text: str) -> str:
    """Returns a text fragment, ``#p-14:~:text=大韩民国还希望,制度协作的机制。``: of long texts by both ends.

    https://wicg.github.io/scroll-to-text-fragment/. A text with a line break is given by its first line.
    """
    lines = text.split("\n")
    ends = [text] if len(text) <= WHOLE and len(lines) == 1 else [lines[0][:END], lines[-1][-END:]]
    place = place_path(symbol, anchor).removeprefix(document_path(symbol))
    return f"{place}:~:text=" + ",".join(quote(end, safe="").replace("-", "%2D") for end in ends)
