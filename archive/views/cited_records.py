"""The record of words that were cited and were edited since: what was cited, and that it stands no more."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from archive.citations import Record, record_for
from archive.citations.record import Pinpoint
from archive.http.addresses import paragraph_path, range_path
from archive.links.past_ranges import PastRange
from archive.links.permalinks import Edited
from archive.links.ranges import Stretch
from archive.presenters.reading import Reader
from archive.presenters.wording import cited_paragraph_name, until_in_words
from archive.reading import queries as reads


def edited_record(request: HttpRequest, link: Edited, fingerprint: str) -> Record:
    """Returns the words of then, at the link of then."""
    held, now, then = link.document, link.paragraph, link.issued
    reader = Reader(held, [now], reads.ancestors([now]), on_page=False)
    record = record_for(
        held,
        [now],
        request.build_absolute_uri(paragraph_path(then.symbol, then.anchor, fingerprint)),
        fingerprint,
        parent_of=reader.parent_of,
    )
    if (then.symbol, then.anchor) != (held.symbol, now.anchor):
        name = cited_paragraph_name(then.anchor)
        record = replace(record, symbol=then.symbol, pinpoint=Pinpoint((then.anchor,), (name,), (name,)))
    current = request.build_absolute_uri(paragraph_path(held.symbol, now.anchor, now.fingerprint))
    return _of_then(record, then.text, until_in_words(then), current)


def edited_range_record(
    request: HttpRequest, spelled: str, fingerprint: str, then: PastRange, now: Stretch
) -> Record:
    """Returns the record of an edited range: the words cited, and the present ones."""
    held = now.document
    reader = Reader(held, now.blocks, reads.ancestors(now.blocks), on_page=False)
    ends = {block.anchor: block for block in now.blocks}
    record = record_for(
        held,
        [ends[now.first], ends[now.last]],
        request.build_absolute_uri(range_path(held.symbol, spelled, fingerprint)),
        fingerprint,
        parent_of=reader.parent_of,
    )
    current = request.build_absolute_uri(range_path(held.symbol, now.spelled, now.fingerprint))
    return _of_then(record, then.text, until_in_words(then), current)


def _of_then(record: Record, words: str, until: str, current: str) -> Record:
    remark = _("这是引用时的文字，%(until)s起已有改动，现在的文字见%(link)s") % {
        "until": until,
        "link": current,
    }
    return replace(record, words=words, remark=remark)
