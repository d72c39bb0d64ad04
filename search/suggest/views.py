"""``/suggest?q=``: suggestions for the search box as JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from archive.http.parameters import LONGEST_TYPED
from archive.schemas import answers
from archive.views.respond import json_response
from search.entities.entity import How
from search.http.addresses import plain_text
from search.http.serving import answering
from search.schemas import results

from .completion import Suggestion, suggestions

SUGGESTIONS = "application/x-suggestions+json"


@answers(results.Suggestions)
@require_safe
@cache_control(max_age=60)
@answering
def suggest(request: HttpRequest) -> HttpResponse:
    """``{"query": …, "suggestions": [{"text", "kind", "label", "url", "count", "why"}]}``."""
    typed = plain_text(request.GET.get("q", ""), LONGEST_TYPED)
    labels = {
        "symbol": _("文件"),
        "body": _("机构"),
        "state": _("国家"),
        "treaty": _("条约"),
        "organisation": _("其他组织"),
        "speaker": _("发言人"),
        "title": _("题名"),
        "term": _("词语"),
    }
    found = [
        results.Suggestion(
            text=suggestion.text,
            kind=suggestion.kind,
            label=labels[suggestion.kind],
            url=suggestion.url,
            count=suggestion.count,
            why=_why(suggestion),
        )
        for suggestion in suggestions(typed)
    ]
    return json_response(results.Suggestions(query=typed, suggestions=found))


@require_safe
@cache_control(max_age=60)
@answering
def opensearch(request: HttpRequest) -> HttpResponse:
    """The same in the form that browsers read (OpenSearch Suggestions 1.1): what was typed, and three lists
    of one length: completions, what they are, where they lead.
    """
    typed = plain_text(request.GET.get("q", ""), LONGEST_TYPED)
    found = suggestions(typed)
    lists = [
        [suggestion.text for suggestion in found],
        [_why(suggestion) or "" for suggestion in found],
        [request.build_absolute_uri(suggestion.url) for suggestion in found],
    ]
    written = {"ensure_ascii": False}
    return JsonResponse([typed, *lists], safe=False, json_dumps_params=written, content_type=SUGGESTIONS)


def _why(suggestion: Suggestion) -> str | None:
    """Why something with another name is suggested."""
    if suggestion.how == How.PINYIN:
        return _("按拼音：%(name)s") % {"name": suggestion.form or suggestion.text}
    if suggestion.how == How.FORMER:
        return _("旧称%(name)s") % {"name": suggestion.form}
    return _("又称%(name)s") % {"name": suggestion.form} if suggestion.form else None
