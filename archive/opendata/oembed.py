"""oEmbed 1.0: the card of a paragraph, for other sites to show where they link to it.

The card is a quotation with its source, every character escaped, no script and no style of ours.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.translation import gettext as _

from archive import reads
from archive.addresses import document_path, paragraph_path
from archive.links.permalinks import Fate, find_paragraph, follow
from archive.models import Document, Paragraph
from archive.paging import BadRequestError
from archive.presenters.reading import Reader
from archive.presenters.wording import date_in_words

WIDTH = 600
CARDS = {"paragraph", "cited_words"}
LONGEST_ADDRESS = 2000


def card(request: HttpRequest, address: str, most_wide: int | None = None) -> dict:
    """The answer for the ``address`` of a paragraph's page.

    Raises Http404 where the address is no paragraph of ours that stands as it was cited, and BadRequestError
    where it is no address.
    """
    document, paragraph, fate = _find(request, address)
    name = Reader(document, [paragraph], reads.ancestors([paragraph])).name_of(paragraph)
    absolute = request.build_absolute_uri
    permalink = absolute(paragraph_path(document.symbol, paragraph.anchor, paragraph.fingerprint))
    width = min(WIDTH, most_wide) if most_wide else WIDTH
    return {
        "version": "1.0",
        "type": "rich",
        "title": f"{document.symbol} {name}",
        "author_name": document.organ or document.symbol,
        "author_url": absolute(document_path(document.symbol)),
        "provider_name": _("1540文献库"),
        "provider_url": absolute("/"),
        "cache_age": 3600,
        "width": width,
        "height": None,
        "fate": fate,
        "html": format_html(
            '<blockquote class="archive-1540" lang="zh-Hans" cite="{}"><p>{}</p>'
            '<footer><a href="{}">{} {}</a>, {}{}</footer></blockquote>',
            permalink,
            paragraph.text,
            permalink,
            document.symbol,
            name,
            date_in_words(document),
            _("（文字与引用时相同，字形或有不同）") if fate == Fate.IDENTICAL_BUT_FORM else "",
        ),
    }


def _find(request: HttpRequest, address: str) -> tuple[Document, Paragraph, Fate | None]:
    """What the address leads to, and what became of the words where it cites them with a fingerprint."""
    if not address or len(address) > LONGEST_ADDRESS or "\x00" in address:
        raise BadRequestError(_("请在url中给出一段的网址。"))
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise BadRequestError(_("url不是网址。")) from error
    if parts.netloc and parts.netloc.lower() != request.get_host().lower():
        raise Http404(_("这个网址不在本库。"))
    try:
        match = resolve(unquote(parts.path))
    except Resolver404 as error:
        raise Http404(_("这个网址不在本库。")) from error
    if match.url_name not in CARDS:
        raise Http404(_("只有段落的网址可以嵌入。"))
    symbol, anchor = match.kwargs["symbol"], match.kwargs["anchor"]
    document = Document.objects.select_related("state", "source").find(symbol)
    paragraph, fate = _standing(symbol, document, anchor, match.kwargs.get("fingerprint", ""))
    if document is None or paragraph is None:
        raise Http404(_("没有这一段，或者文字已经改动。"))
    return document, paragraph, fate


def _standing(
    symbol: str, document: Document | None, anchor: str, fingerprint: str
) -> tuple[Paragraph | None, Fate | None]:
    """The paragraph; with a ``fingerprint`` only where it still has the words that were cited."""
    if document is None:
        return None, None
    if not fingerprint:
        return find_paragraph(document, anchor), None
    link = follow(symbol, document, anchor, fingerprint)
    same = link.fate in (Fate.IDENTICAL, Fate.MOVED, Fate.IDENTICAL_BUT_FORM)
    return (link.paragraph, link.fate) if same else (None, link.fate)
