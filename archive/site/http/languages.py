"""Language of the interface: ``ui=`` of the address, else what the browser asks for; never a cookie.

Everything below sees an address without ``ui``: canonical links, permalinks, lists and caches know nothing of
it. It is taken off first, and put on the links of the page again as it goes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header

from archive.site.http.formats import has_one_language

CHINESE, TRADITIONAL, ENGLISH = "zh-hans", "zh-hant", "en"
TRADITIONAL_TAGS = {"hant", "tw", "hk", "mo"}
_ASKED = re.compile(r"(?:^|&)ui=([^&]*)")
# Attributes that lead to pages of this site. Static files, the desk and files for programs have no ``ui``.
_LINK = re.compile(
    rb"(?<=<form)(?=[\s>])[^>]*>"
    rb'|\s(?:href|action|data-basket|data-address|data-help)="(?=[/?])(?!//|/static/|/admin/)([^"#]*)'
)
# Catalogues have ⟨paragraph ∣ paragraphs⟩ behind a number; compiled, between characters that no text holds.
_NOUN = re.compile("\ufdd0([^\ufdd1]*)\ufdd1([^\ufdd2]*)\ufdd2")
_TAG, _FIGURE = re.compile("<[^>]*>"), re.compile(r"\d[\d,]*")
NEAR = 400  # characters before a noun among which its figure stands


def languages() -> list[str]:
    """Returns the languages that are offered: Chinese, and those whose catalogue is complete."""
    return [code for code, _name in settings.LANGUAGES]


def asked_for(header: str) -> str:
    """Returns the language of the interface for an Accept-Language header: Chinese without one or for ``*``,
    and where the language that is meant is not offered.

    >>> asked_for("zh-CN,zh;q=0.9"), asked_for("")
    ('zh-hans', 'zh-hans')
    """
    first = next((code for code, _weight in parse_accept_lang_header(header)), "*")
    language, *subtags = first.split("-")
    meant = ENGLISH
    if language in ("zh", "*"):
        meant = TRADITIONAL if TRADITIONAL_TAGS.intersection(subtags) else CHINESE
    return meant if meant in languages() else CHINESE


class Languages:
    """Chooses the language of the answer, and carries the reader's own choice from page to page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = taken_off(request)
        one = has_one_language(request.path_info)
        code = CHINESE if one else chosen or asked_for(request.headers.get("Accept-Language", ""))
        with override(code):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        if one:
            return response
        if not chosen and len(languages()) > 1:
            patch_vary_headers(response, ("Accept-Language",))
        if chosen and response.get("Location", "").startswith("/"):
            response["Location"] = with_choice(response["Location"], chosen)
        kind = response.get("Content-Type", "")
        if not response.streaming and ("json" in kind or kind.startswith("text/")):
            response.content = as_sent(response.content, chosen if kind.startswith("text/html") else "")
            if "Content-Length" in response.headers:
                response["Content-Length"] = str(len(response.content))
        return response


def taken_off(request: HttpRequest) -> str:
    """Takes ``ui`` off the address before anything reads it; returns the language, if it is offered."""
    query = request.META.get("QUERY_STRING", "")
    found = _ASKED.search(query)
    if found is None:
        return ""
    request.META["QUERY_STRING"] = _ASKED.sub("", query).removeprefix("&")
    request.__dict__.pop("GET", None)
    return found[1] if found[1] in languages() else ""


def with_choice(address: str, language: str, mark: str = "&") -> str:
    """Returns an address of this site with ``ui``; what leads to a place in the page stays behind it.

    >>> with_choice("/S/2010/52#p-14", "en"), with_choice("/search?q=a", "en")
    ('/S/2010/52?ui=en#p-14', '/search?q=a&ui=en')
    """
    path, hash_, place = address.partition("#")
    if has_one_language(path.partition("?")[0]) or _ASKED.search(
        path.partition("?")[2].replace("&amp;", "&")
    ):
        return address
    return f"{path}{mark if '?' in path else '?'}ui={language}{hash_}{place}"


def as_sent(page: bytes, chosen: str) -> bytes:
    """Returns an answer with the reader's choice in its links, and the numbers of its nouns settled."""
    if chosen:
        page = _LINK.sub(lambda link: _carrying(link, chosen), page)
    return counted(page.decode()).encode() if b"\xef\xb7\x90" in page else page


def _carrying(link: re.Match[bytes], language: str) -> bytes:
    if link[1] is not None:
        head = link[0][: link.start(1) - link.start()]
        return head + with_choice(link[1].decode(), language, "&amp;").encode()
    tag = _LINK.sub(lambda inner: _carrying(inner, language), link[0])
    if b'method="post"' in tag.lower():
        return tag
    # What a form sends takes the place of its action's query.
    return tag + f'<input type="hidden" name="ui" value="{language}">'.encode()


def counted(page: str) -> str:
    """Returns ``page`` with one or the other form of each noun, as the figure before it asks."""

    def settled(noun: re.Match[str]) -> str:
        before = _TAG.sub(" ", page[max(0, noun.start() - NEAR) : noun.start()])
        return noun[1] if _FIGURE.findall(before)[-1:] == ["1"] else noun[2]

    return _NOUN.sub(settled, page)
