"""``/verify``: what a signed receipt of a verification says, and what became of its words since."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.export.bundle.receipts import site_key
from archive.export.bundle.verify import PARAGRAPH, UNREADABLE, WORDS, open_receipt
from archive.models.querysets.languages import CHINESE, texts_in
from archive.site.http.paging import BadRequestError
from archive.store.links.permalinks import follow
from archive.store.values import Schema, answers

from .fallback import document_as_cited
from .page import page
from .respond import respond

LONGEST = 8_000  # characters of a receipt; ours stay below


class OpenedReceipt(Schema, frozen=True, kw_only=True):
    """What a receipt says (``said``; null where none was given), and the ``fate`` of its words since: as
    permalinks tell it, null where the receipt names no place. ``public_key`` is the site's, which signed it.
    """

    said: dict[str, Any] | None
    fate: str | None
    public_key: str | None


@answers(OpenedReceipt)
@page
def verify(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows the form; or what the receipt says that is given; 400 for one that is not ours."""
    given, key = request.GET.get("receipt", "").strip(), site_key()
    said = _said(given, key) if given else None
    fate = _fate(said["url"]) if said and said["url"] else None
    context = {"given": given, "said": said, "fate": fate, "words": WORDS.get(fate or ""), "key": key}
    return respond(
        request, "archive/verify.html", context, OpenedReceipt(said=said, fate=fate, public_key=key), twin
    )


def _said(receipt: str, key: str | None) -> dict[str, Any]:
    try:
        if key is None or len(receipt) > LONGEST:
            raise ValueError(key)
        return open_receipt(receipt, key)
    except UNREADABLE as error:
        words = _(
            "这不是本站现在的钥匙所签的存证，或者残缺、被改动过。较早的钥匙所签的，可用存证包里的verify.py核对。"
        )
        raise BadRequestError(words) from error


def _fate(url: str) -> str:
    """Returns what became of the words that a permalink cites."""
    cited = PARAGRAPH.fullmatch(unquote(urlsplit(url).path))
    if cited is None:
        raise BadRequestError(_("存证里的链接不是本库的段落。"))
    symbol, anchor, fingerprint = cited.groups("")
    code, _stroke, rest = symbol.partition("/")
    with texts_in(code if code.islower() else CHINESE):
        symbol = rest if code.islower() else symbol
        return str(follow(symbol, document_as_cited(symbol), anchor, fingerprint).fate)
