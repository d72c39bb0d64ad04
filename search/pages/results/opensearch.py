"""The site's search for browsers (OpenSearch)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

ANSWERS = (
    ("text/html", "search"),
    ("application/json", "search_json"),
    ("application/atom+xml", "search_atom"),
    ("text/csv", "search_csv"),
)


@csrf_exempt
@require_safe
@cache_control(max_age=86400)
def description(request: HttpRequest) -> HttpResponse:
    """Returns the OpenSearch description, with which a browser or another archive can search here."""
    kinds = [(kind, request.build_absolute_uri(reverse(name))) for kind, name in ANSWERS]
    here, icon = request.build_absolute_uri(request.path), request.build_absolute_uri(static("favicon.svg"))
    return render(
        request,
        "search/opensearch.xml",
        {
            "kinds": kinds,
            "here": here,
            "icon": icon,
            "suggestions": request.build_absolute_uri(reverse("suggestions")),
        },
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
