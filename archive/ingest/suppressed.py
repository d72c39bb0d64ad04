"""Paragraphs that were withdrawn from a document that stays: no import brings them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from rapidfuzz import fuzz

from archive.models import Cause, Document, IssuedText
from archive.reading.alignment import ALIKE
from archive.text.fingerprint import fingerprint, normal_form
from archive.text.parsed import ParsedDocument, ParsedParagraph
from archive.withholding.words import repeats

# Beside the corrected facts in ``Document.corrections``: anchor → fingerprint of what is kept out, or a list
# of them, of several paragraphs that were withdrawn under that anchor one after the other.
KEPT_OUT = "withdrawn_paragraphs"

Decision = tuple[str, str]
"""The words that an editor withdrew: the anchor under which they stood, and their fingerprint."""


def decisions_of(corrections: Mapping[str, Any]) -> tuple[Decision, ...]:
    """What ``corrections`` of a document say is withdrawn from it."""
    written = corrections.get(KEPT_OUT, {}).items()
    each = ((anchor, [words] if isinstance(words, str) else words) for anchor, words in written)
    return tuple((anchor, one) for anchor, words in each for one in words)


def kept_out(document: Document | None) -> tuple[Decision, ...]:
    """What is withdrawn from ``document`` now."""
    return decisions_of(document.corrections) if document else ()


def keep_out(document: Document, kept: Iterable[Decision]) -> None:
    """Set what is withdrawn from ``document``. Does not save."""
    under: dict[str, list[str]] = defaultdict(list)
    for anchor, words in dict.fromkeys(kept):
        under[anchor].append(words)
    written = {anchor: words[0] if len(words) == 1 else words for anchor, words in under.items()}
    facts = {name: value for name, value in document.corrections.items() if name != KEPT_OUT}
    document.corrections = {**facts, KEPT_OUT: written} if written else facts


def find_kept_out(document: Document | None, parsed: ParsedDocument) -> dict[str, str]:
    """Where paragraphs withdrawn from ``document`` stand in ``parsed``: anchor → fingerprint.

    The same words, under whatever anchor; but twins that stand are other paragraphs: as many stay. Where the
    words are not found, what stands under their anchor and is like them is theirs, corrected, unless its
    words stood elsewhere: then the paragraphs were renumbered.
    """
    withdrawn = kept_out(document)
    if document is None or not withdrawn:
        return {}
    standing = dict(document.paragraphs.values_list("anchor", "fingerprint"))
    texts = {paragraph.anchor: paragraph.text for paragraph in parsed.paragraphs}
    words = {anchor: fingerprint(text) for anchor, text in texts.items()}
    under, places = defaultdict(list), defaultdict(list)
    for anchor, cited in withdrawn:
        under[cited].append(anchor)
    for anchor, cited in words.items():
        places[cited].append(anchor)
    found: set[str] = set()
    known = {*standing.values(), *under}
    for cited, anchors in under.items():
        if here := places.get(cited):
            found.update(_places(cited, anchors, here, standing))
            continue
        new = (anchor for anchor in anchors if anchor in words and words[anchor] not in known)
        found.update(anchor for anchor in new if _is_like(document, (anchor, cited), texts[anchor]))
    return {anchor: words[anchor] for anchor in found}


def remember(document: Document, found: Mapping[str, str]) -> bool:
    """Keep out what withdrawn paragraphs were corrected to (``find_kept_out``) wherever it may stand later;
    returns whether that is new. Does not save.
    """
    withdrawn = kept_out(document)
    known = {cited for _anchor, cited in withdrawn}
    new = [one for one in found.items() if one[1] not in known]
    keep_out(document, (*withdrawn, *new))
    return bool(new)


def _places(cited: str, anchors: list[str], here: list[str], standing: Mapping[str, str]) -> list[str]:
    """Which of the places that have the words ``cited`` ``here`` are those withdrawn under ``anchors``."""
    there = [place for place in here if place in anchors]
    if len(there) == len(anchors):
        return there
    others = sorted((place for place in here if place not in there), key=lambda at: standing.get(at) == cited)
    stay = sum(words == cited for words in standing.values())
    return there + others[: max(0, len(others) - stay)]


def _is_like(document: Document, decision: Decision, text: str) -> bool:
    """Whether ``text`` may be a correction of what was withdrawn; so it counts where nobody has the words."""
    anchor, cited = decision
    issued = IssuedText.objects.filter(symbol=document.symbol, language=document.language).exclude(text="")
    was = (
        issued.filter(fingerprint=cited).first() or issued.filter(anchor=anchor, cause=Cause.WITHDRAWN).last()
    )
    if was is None:
        return True
    then, now = normal_form(was.text), normal_form(text)
    return fuzz.ratio(then, now) >= ALIKE or repeats(now, then)


def leave_out(parsed: ParsedDocument, anchors: Collection[str]) -> ParsedDocument:
    """``parsed`` without the paragraphs under ``anchors``, and without what they mention. Blocks below them
    stand under the block above.
    """
    parents = {
        paragraph.anchor: paragraph.parent for paragraph in parsed.paragraphs if paragraph.anchor in anchors
    }
    if not parents:
        return parsed
    without: dict[str, Any] = {
        field.name: tuple(item for item in getattr(parsed, field.name) if _anchor(item) not in parents)
        for field in fields(parsed)
        if field.name != "facts"
    }
    without["paragraphs"] = tuple(_parted(paragraph, parents) for paragraph in without["paragraphs"])
    without["own_references"] = tuple(
        replace(item, target=None, doubt="absent") if item.target in parents else item
        for item in without["own_references"]
    )
    return replace(parsed, **without)


def _anchor(item: Any) -> str | None:
    return getattr(item, "anchor", None)


def _parted(paragraph: ParsedParagraph, parents: dict[str, str | None]) -> ParsedParagraph:
    parent = paragraph.parent
    while parent in parents:
        parent = parents[parent]
    notes = tuple(note for note in paragraph.notes if note.anchor not in parents)
    if parent == paragraph.parent and notes == paragraph.notes:
        return paragraph
    return replace(paragraph, parent=parent, notes=notes)
