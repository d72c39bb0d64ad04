"""``/oembed?url=…``: the card of a passage, found as a reader finds it: by its page and where that leads."""

from __future__ import annotations

import json
from urllib.parse import quote, unquote, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from archive.http.addresses import SAFE
from archive.http.internal_requests import answer_at
from archive.http.paging import BadRequestError
from archive.http.problems import problem
from archive.models import Document
from archive.opendata.oembed import PAGES, Passage, card
from archive.schemas import answers, site

from .page import page
from .respond import json_response
from .typed import pasted_path

LONGEST_ADDRESS = 2000
LEADS = 5  # redirects followed: another spelling, a number without its part, a short code, a merge
TWIN = ".json"


@answers(site.Card)
@page
def oembed(request: HttpRequest, twin: bool) -> HttpResponse:
    """The card of the paragraph or range whose address is given; else what its page answers."""
    if request.GET.get("format", "json") != "json":
        return problem(501, _("只有json格式。"))
    path, most_wide = _path(request, request.GET.get("url", "")), _width(request)
    for _lead in range(LEADS):
        path, answer = path.removesuffix(TWIN), _answer(request, path.removesuffix(TWIN))
        if "Location" in answer:
            path = unquote(urlsplit(answer["Location"]).path)
            continue
        told = json.loads(answer.content)
        if answer.status_code != 200:
            return problem(answer.status_code, told.get("error", ""))
        passage = Passage.told_by(told, quote(path, safe=SAFE))
        if passage and (document := Document.objects.find(passage.symbol)):
            return json_response(card(passage, document, request.build_absolute_uri, most_wide))
        if "permalink" not in told:
            break
        path = unquote(told["permalink"])
    raise Http404(_("没有这一段，或者文字已经改动。"))


def _answer(request: HttpRequest, path: str) -> HttpResponse:
    """What the twin of the page at ``path`` answers. Raises Http404 where that is no passage of ours."""
    try:
        if resolve(path).url_name in PAGES:
            return answer_at(request, path + TWIN)
    except Resolver404 as error:
        raise Http404(_("这个网址不在本库。")) from error
    raise Http404(_("只有段落和区间的网址可以嵌入。"))


def _path(request: HttpRequest, address: str) -> str:
    """The path of an ``address`` of ours, as its page has it: in another spelling, with a full stop behind it
    it leads there. Raises BadRequestError where it is no address, Http404 where it is another site's.
    """
    if not address or len(address) > LONGEST_ADDRESS or "\x00" in address:
        raise BadRequestError(_("请在url中给出一段的网址。"))
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise BadRequestError(_("url不是网址。")) from error
    if parts.netloc and parts.netloc.lower() != request.get_host().lower():
        raise Http404(_("这个网址不在本库。"))
    path = unquote(parts.path)
    return pasted_path(path) or path


def _width(request: HttpRequest) -> int | None:
    given = request.GET.get("maxwidth", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and 0 < len(given) < 6 and int(given)):
        raise BadRequestError(_("maxwidth不是数字。"))
    return int(given)
