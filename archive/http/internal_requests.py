"""Asking another address of ours while a request is answered, without a way out and back."""

from __future__ import annotations

from copy import copy

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve


def answer_at(request: HttpRequest, path: str) -> HttpResponse:
    """What ``path``, without parameters, answers to the reader of ``request``, unconditionally. Raises
    Resolver404 where there is no such address.
    """
    match = resolve(path)
    asked = copy(request)
    asked.path = asked.path_info = path
    asked.GET, asked.resolver_match = QueryDict(), match
    unconditional = {key: value for key, value in request.META.items() if not key.startswith("HTTP_IF_")}
    asked.META = {**unconditional, "QUERY_STRING": ""}
    asked.__dict__.pop("headers", None)  # made from META
    return match.func(asked, *match.args, **match.kwargs)
