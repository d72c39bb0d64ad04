"""Where the words of a text that ended stand now as they were, inside longer paragraphs or across several."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from archive.models import Document, Paragraph
from archive.text.fingerprint import normal_form

# Shorter ones (附件, 古巴) may stand anywhere: that they do says nothing.
SHORTEST = 8


def containing(document: Document, words: str) -> list[Paragraph]:
    """The run of paragraphs in which ``words`` stand whole and unbroken, where that is one place only.

    Compared as fingerprints compare: NFKC, no white space. So a paragraph that was split is found as the run
    of its parts, one that was joined to another as that one. No likeness is measured.
    """
    wanted = normal_form(words)
    if len(wanted) < SHORTEST:
        return []
    rows = list(document.paragraphs.order_by("position").values_list("pk", "text"))
    texts = [normal_form(text) for _key, text in rows]
    whole = "".join(texts)
    start = whole.find(wanted)
    if start < 0 or whole.find(wanted, start + 1) >= 0:
        return []
    ends = list(accumulate(map(len, texts)))
    first, last = bisect_right(ends, start), bisect_right(ends, start + len(wanted) - 1)
    keys = [
        key
        for (key, _text), bare in zip(rows[first : last + 1], texts[first : last + 1], strict=True)
        if bare
    ]
    return list(Paragraph.objects.filter(pk__in=keys).order_by("position"))
