"""What all pages share: methods, conditional requests, plain answers to what cannot be found or read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from archive.freshness import fresh
from archive.http.paging import BadRequestError
from archive.opendata.signposts import link_header, of_form

from .not_found import not_found
from .respond import respond
from .retired import once_issued, retired_answer
from .short_forms import as_short_form
from .typed import redirect_to_meant, without_ending


def page(
    view: Callable[..., HttpResponseBase],
    beside: Callable[[], object] = lambda: None,
    own_mark: bool = False,
) -> Callable[..., HttpResponseBase]:
    """Make a function a page: GET and HEAD only, 304 where nothing changed, errors explained in words.

    The view is called with ``twin=True`` for the JSON twin of its address. Addresses of documents that were
    withdrawn or merged, and what was once issued and is no more, never come to a view, nor to 404; nor does a
    number without its part. Http404 leads to the archive's own page in development too: it is part of the
    product, unlike the framework's.
    ``beside``: what the page depends on beside the archive (``page_beside``). ``own_mark``: the view gives
    the ETag itself, since its answer outlives changes of the archive.
    """

    @wraps(view)
    def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = (retired_answer(request, kwargs) if "symbol" in kwargs else None) or view(
                request, *args, **kwargs
            )
        except Http404 as error:
            response = _as_meant(request) or once_issued(request, kwargs) or not_found(request, error)
        except BadRequestError as error:
            context = {"message": str(error), "here": request.path, "no_twins": True}
            twin = {"error": str(error)}
            template = "archive/bad_request.html"
            response = respond(request, template, context, twin, kwargs.get("twin", False), error.status)
        if response.status_code == HTTPStatus.OK and (links := of_form(request)):
            response["Link"] = link_header(request, links)
        if response.status_code != HTTPStatus.NOT_FOUND:
            return response
        return as_short_form(request, kwargs) or without_ending(request) or response

    # Nothing is changed by any page: what would change something is 405, not a missing token.
    return csrf_exempt(require_safe(careful if own_mark else fresh(careful, beside)))


def page_beside(beside: Callable[[], object]) -> Callable[[Callable[..., HttpResponseBase]], Callable]:
    """A page that is made anew also where what ``beside`` gives has changed."""
    return partial(page, beside=beside)


def _as_meant(request: HttpRequest) -> HttpResponse | None:
    """A redirect where what was read as a symbol is a page of ours in capitals, or a symbol misspelled."""
    typed = request.path_info[1:]
    return redirect_to_meant(request, typed) if typed[:1].isupper() else None
