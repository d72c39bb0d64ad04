"""Addresses that were public and went: 410, with a sentence that names what stands in their place."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from .respond import respond

# Route, whether programs asked it, what stands in its place, and the sentence that says so. A symbol is
# called otherwise here: what is withdrawn was asked for, too.
GONE = (
    (
        "oembed",
        True,
        "/api",
        gettext_lazy(
            "本库不再提供oEmbed卡片；段落地址之后加.json，就是它的文字、出处和链接，说明见%(instead)s。"
        ),
    ),
    (
        "<symbol:of>.akn.xml",
        True,
        "/{of}.json",
        gettext_lazy("本库不再提供Akoma Ntoso；同一份文件的数据见%(instead)s，纯文本以.txt结尾。"),
    ),
    (
        "data/citations.graphml",
        False,
        "/data/citations.csv",
        gettext_lazy("本库不再提供GraphML；同样的引用关系见%(instead)s，或以.xlsx结尾的Excel工作簿。"),
    ),
)


@csrf_exempt
@require_safe
def gone(request: HttpRequest, twin: bool, instead: str, words: str, **parts: str) -> HttpResponseBase:
    """410 in ``words``; ``instead`` is an address, with ``{name}`` for what the route takes."""
    place = instead.format(**parts)
    context = {"no_twins": True, "message": words % {"instead": place}, "instead": place}
    return respond(request, "archive/gone.html", context, {"error": context["message"]}, twin, 410)


def gone_addresses() -> list[URLPattern]:
    """The routes of ``GONE``."""
    return [
        path(route, gone, {"twin": twin, "instead": instead, "words": words}, name="gone")
        for route, twin, instead, words in GONE
    ]
