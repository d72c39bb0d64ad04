"""Warming up: a worker loads the segmenter's dictionary before its first request, not during it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.core.exceptions import MiddlewareNotUsed

from .analysis import analyze
from .generations import IndexUnavailableError
from .library import live_index


class WarmUp:
    """Runs once when the handlers of a server process are made, and then takes itself out of the way.

    Management commands make no handlers and so do not wait for it.
    """

    def __init__(self, get_response: Callable) -> None:
        analyze("第1540(2004)号决议")
        with suppress(IndexUnavailableError):  # the page says so; an index may be switched in at any time
            live_index()
        raise MiddlewareNotUsed
