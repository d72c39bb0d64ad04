"""What machines are told where no view of ours spoke: problems in place of empty or HTML errors."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .machines import is_machine_address
from .problems import problem

KEPT = ("Allow", "Retry-After", "Cache-Control", "Vary")


class Problems:
    """Gives errors of the frame (a refused method, a host not ours, a failure) the form of all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not is_machine_address(request.path_info):
            return response
        kind = response.get("Content-Type", "")
        # A text that was withdrawn says so itself, in a text.
        if "json" in kind or (response.status_code == 410 and kind.startswith("text/plain")):
            return response
        told = problem(response.status_code)
        for name in KEPT:
            if name in response:
                told[name] = response[name]
        if request.method == "HEAD":
            told.content = b""
        return told
