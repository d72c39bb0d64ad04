"""Mentions of a paragraph, for the list below it: each target once, with the words used for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.http.addresses import paragraph_path, range_path, treaty_path
from archive.links.ranges import spell
from archive.models import Mention, OwnReference, Paragraph, Pinpoint, TreatyMention

from .ranges import range_name
from .relations import doubt, own_doubt
from .wording import cited_articles, cited_paragraph_name, shortened

SHORTEST_RUN = 3  # 第9和10段 are two places, 第1至3段 is a range


@dataclass(slots=True)
class Mentioned:
    """One target: ``links`` are (address, name) of the paragraphs named, ``count`` how often it stands."""

    mention: Mention
    links: list[tuple[str, str]]
    surfaces: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def doubt(self) -> str:
        """The reason why the target is uncertain; empty where it is certain."""
        return "" if self.mention.certain else doubt(self.mention)


@dataclass(slots=True)
class Named:
    """A treaty, or paragraphs of the document's own: ``links`` are (address, name), ``doubt`` a reason."""

    links: list[tuple[str, str]]
    surfaces: list[str] = field(default_factory=list)
    doubt: str = ""


def mentioned(mentions: Iterable[Mention]) -> list[Mentioned]:
    """Returns ``mentions`` with their pinpoints, equal ones together, in the order of their first places."""
    found: dict[tuple, Mentioned] = {}
    for mention in mentions:
        pinpoints = mention.pinpoints_in_order
        anchors = tuple(pinpoint.anchor for pinpoint in pinpoints)
        key = (mention.symbol, anchors, mention.target_id, mention.certain, mention.in_body_name)
        if key not in found:
            found[key] = Mentioned(mention, list(_links(mention.symbol, pinpoints)))
        row = found[key]
        row.count += 1
        if mention.surface not in row.surfaces:
            row.surfaces.append(mention.surface)
    return list(found.values())


def treaties(mentions: Iterable[TreatyMention]) -> list[Named]:
    """Returns the treaties that a paragraph names, by article, in the order of first places."""
    found: dict[tuple[str, str], Named] = {}
    for mention in mentions:
        slug, article = mention.treaty.slug, mention.article
        name = mention.treaty.name + cited_articles(article)
        row = found.setdefault((slug, article), Named([(treaty_path(slug, article=article), name)]))
        if mention.surface not in row.surfaces:
            row.surfaces.append(mention.surface)
    return list(found.values())


def own_places(symbol: str, references: Iterable[OwnReference]) -> list[Named]:
    """Returns the references to paragraphs of the same document, a row for each place."""
    found: dict[int, Named] = {}
    for reference in references:
        row = found.setdefault(reference.start, Named([], [reference.surface]))
        if target := reference.target_paragraph:
            row.links.append((paragraph_path(symbol, target.anchor), _own_name(target)))
        else:
            row.doubt = own_doubt(reference)
    return list(found.values())


def _own_name(target: Paragraph) -> str:
    """Returns the name of a paragraph of the same document: 第6段; of a heading, its words."""
    if target.kind == Paragraph.Kind.HEADING:
        return f"“{shortened(target.text, 20)}”"
    return cited_paragraph_name(target.anchor)


def _links(symbol: str, pinpoints: Sequence[Pinpoint]) -> Iterator[tuple[str, str]]:
    for run in _runs(pinpoints):
        first, last = run[0], run[-1]
        if len(run) >= SHORTEST_RUN:
            name = range_name(cited_paragraph_name(first.anchor), cited_paragraph_name(last.anchor))
            yield range_path(symbol, spell(_anchor(first), _anchor(last))), name
            continue
        yield from ((paragraph_path(symbol, _anchor(one)), cited_paragraph_name(one.anchor)) for one in run)


def _anchor(pinpoint: Pinpoint) -> str:
    return pinpoint.target_paragraph.anchor if pinpoint.target_paragraph else pinpoint.anchor


def _runs(pinpoints: Sequence[Pinpoint]) -> Iterator[list[Pinpoint]]:
    """Groups stored paragraphs with consecutive numbers."""
    run: list[Pinpoint] = []
    for pinpoint in pinpoints:
        if run and not _follows(run[-1], pinpoint):
            yield run
            run = []
        run.append(pinpoint)
    if run:
        yield run


def _follows(before: Pinpoint, after: Pinpoint) -> bool:
    if not (before.target_paragraph and after.target_paragraph):
        return False
    (parent, label), (other, following) = (_split(_anchor(one)) for one in (before, after))
    return (
        parent == other and label.isdecimal() and following.isdecimal() and int(following) == int(label) + 1
    )


def _split(anchor: str) -> tuple[str, str]:
    parent, _dot, label = anchor.rpartition(".")
    return parent, label
