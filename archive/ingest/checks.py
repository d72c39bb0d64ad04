"""What must hold of a parsed document before it may touch the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple
from itertools import chain

from django.utils.translation import gettext as _

from archive.text.parsed import ParsedDocument, ParsedMention

from .bounds import LONGEST_FACT, LONGEST_NAME
from .places import Named
from .values import RefusedError


def check_parsed(parsed: ParsedDocument) -> None:
    """Raise RefusedError, with the place, for a document that lacks symbol or text or contradicts itself."""
    if not parsed.facts.symbol:
        raise RefusedError(without_symbol())
    if not parsed.paragraphs:
        raise RefusedError(_("没有正文。"))
    _check_anchors(parsed)
    _check_names(parsed)
    texts = {paragraph.anchor: paragraph.text for paragraph in parsed.paragraphs}
    places: Iterable[Named] = chain(
        parsed.mentions, parsed.bodies, parsed.treaties, parsed.own_references, parsed.themes, parsed.states
    )
    for place in places:
        _check_offsets(place, texts)
    for mention in parsed.mentions:
        _check_relation(mention, texts)


def without_symbol() -> str:
    """What is wrong with a document whose symbol stands nowhere, and what to do."""
    return _("正文和附带的元数据中都没有文号；请在同名的.toml文件中写明symbol。")


def _check_anchors(parsed: ParsedDocument) -> None:
    counted = Counter(paragraph.anchor for paragraph in parsed.paragraphs)
    repeated = [anchor for anchor, count in counted.items() if count > 1]
    if repeated:
        raise RefusedError(_("段落标记重复：%(anchors)s。") % {"anchors": "、".join(repeated[:5])})
    for paragraph in parsed.paragraphs:
        if paragraph.parent and paragraph.parent not in counted:
            places = {"anchor": paragraph.anchor, "parent": paragraph.parent}
            raise RefusedError(_("段落%(anchor)s的上级%(parent)s不存在。") % places)


def _check_names(parsed: ParsedDocument) -> None:
    """Names that stand in lists have the length of names."""
    for block in parsed.paragraphs:
        names = [*astuple(block.speaker)] if block.speaker else []
        names += [*astuple(block.submitter)] if block.submitter else []
        if longest := max((len(name) for name in names if name), default=0):
            _check_length(block.anchor, longest, LONGEST_FACT)
    for body in parsed.bodies:
        _check_length(body.anchor, len(body.body), LONGEST_NAME)


def _check_length(anchor: str, length: int, longest: int) -> None:
    if length > longest:
        names = {"anchor": anchor, "length": length, "longest": longest}
        raise RefusedError(_("段落%(anchor)s中的名称有%(length)d字，最多%(longest)d字；请核对来源。") % names)


def _check_offsets(mention: Named, texts: dict[str, str]) -> None:
    text = texts.get(mention.anchor)
    start, end = mention.start, mention.end
    if text is None or not 0 <= start < end <= len(text) or text[start:end] != mention.surface:
        place = {"anchor": mention.anchor, "surface": mention.surface}
        raise RefusedError(_("段落%(anchor)s的提及“%(surface)s”与原文位置不符。") % place)


def _check_relation(mention: ParsedMention, texts: dict[str, str]) -> None:
    """The word that says how a document is cited stands in the paragraph; without relation there is none."""
    start, end = mention.relation_start, mention.relation_end
    if mention.relation is None:
        right = start is None and end is None
    else:
        right = start is not None and end is not None and 0 <= start < end <= len(texts[mention.anchor])
    if not right:
        place = {"anchor": mention.anchor, "surface": mention.surface}
        raise RefusedError(_("段落%(anchor)s中“%(surface)s”的引用方式与原文位置不符。") % place)
