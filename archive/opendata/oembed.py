"""oEmbed 1.0: the card of a passage, for other sites to show where they link to it.

The card is a quotation with its source, every character escaped, no script and no style of ours. It tells
what the JSON twin of the page tells, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.http.addresses import document_path
from archive.links.fates import Fate
from archive.models import Document
from archive.presenters.recognition import with_mark
from archive.presenters.wording import date_in_words
from archive.schemas.site import Card

WIDTH = 600
# The pages that have a card: their words are quoted.
PAGES = ("paragraph", "cited_words", "range", "cited_range", "short")
REMARKS: Mapping[str, object] = {
    Fate.IDENTICAL_BUT_FORM: gettext_lazy("（文字与引用时相同，字形或有不同）"),
    Fate.EDITED: gettext_lazy("（引用时的文字，后来已经改动）"),
}


@dataclass(frozen=True, slots=True)
class Passage:
    """Words as a card quotes them: of what, called what, at which address, and what became of them."""

    symbol: str
    name: str
    text: str
    path: str
    fate: str | None

    @classmethod
    def told_by(cls, twin: Mapping[str, Any], path: str) -> Passage | None:
        """The passage that the ``twin`` of the page at ``path`` tells: as it stands or, where it was edited,
        as it was cited. None where the page shows no such words.
        """
        if shown := twin.get("paragraph") or twin.get("range") if "document" in twin else None:
            symbol = twin["document"]["symbol"]
            return cls(symbol, shown["name"], shown["text"], shown["permalink"], twin["fate"])
        then = twin.get("then")
        if twin.get("fate") == Fate.EDITED and then and then["text"]:
            return cls(twin["symbol"], twin["name"], then["text"], path, Fate.EDITED)
        return None


def card(
    passage: Passage, document: Document, absolute: Callable[[str], str], most_wide: int | None = None
) -> Card:
    """The answer for ``passage`` of ``document``; ``absolute`` makes a path an address."""
    permalink = absolute(passage.path)
    lines = format_html_join("", "<p>{}</p>", ((line,) for line in passage.text.split("\n")))
    return Card(
        version="1.0",
        type="rich",
        title=f"{passage.symbol} {passage.name}",
        author_name=document.organ or document.symbol,
        author_url=absolute(document_path(document.symbol)),
        provider_name=_("1540文献库"),
        provider_url=absolute("/"),
        cache_age=3600,
        width=min(WIDTH, most_wide) if most_wide else WIDTH,
        height=None,
        fate=passage.fate,
        html=format_html(
            '<blockquote class="archive-1540" lang="zh-Hans" cite="{}">{}'
            '<footer><a href="{}">{} {}</a>, {}{}</footer></blockquote>',
            permalink,
            lines,
            permalink,
            passage.symbol,
            passage.name,
            with_mark(date_in_words(document), document.ocr_confidence),
            REMARKS.get(passage.fate or "", ""),
        ),
    )
