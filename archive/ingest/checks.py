"""What must hold of a parsed document before it may touch the store."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from archive.text.parsed import ParsedBody, ParsedDocument, ParsedMention

from .values import RefusedError


def check_parsed(parsed: ParsedDocument) -> None:
    """Raise RefusedError, with the place, for a document that lacks symbol or text or contradicts itself."""
    if not parsed.facts.symbol:
        raise RefusedError(_("正文和附带的元数据中都没有文号；请在同名的.toml文件中写明symbol。"))
    if not parsed.paragraphs:
        raise RefusedError(_("没有正文。"))
    _check_anchors(parsed)
    texts = {paragraph.anchor: paragraph.text for paragraph in parsed.paragraphs}
    for mention in (*parsed.mentions, *parsed.bodies):
        _check_offsets(mention, texts)


def _check_anchors(parsed: ParsedDocument) -> None:
    counted = Counter(paragraph.anchor for paragraph in parsed.paragraphs)
    repeated = [anchor for anchor, count in counted.items() if count > 1]
    if repeated:
        raise RefusedError(_("段落标记重复：%(anchors)s。") % {"anchors": "、".join(repeated[:5])})
    for paragraph in parsed.paragraphs:
        if paragraph.parent and paragraph.parent not in counted:
            places = {"anchor": paragraph.anchor, "parent": paragraph.parent}
            raise RefusedError(_("段落%(anchor)s的上级%(parent)s不存在。") % places)


def _check_offsets(mention: ParsedMention | ParsedBody, texts: dict[str, str]) -> None:
    text = texts.get(mention.anchor)
    inside = text is not None and 0 <= mention.start < mention.end <= len(text)
    if not inside or text[mention.start : mention.end] != mention.surface:
        place = {"anchor": mention.anchor, "surface": mention.surface}
        raise RefusedError(_("段落%(anchor)s的提及“%(surface)s”与原文位置不符。") % place)
