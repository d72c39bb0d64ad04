"""Middleware of search: warming up, when the handlers of a server are made."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed


class WarmUp:
    """Warms up once and removes itself. Management commands make no handlers, and so neither wait nor load
    it.
    """

    def __init__(self, get_response: Callable) -> None:
        from search.warm_up import preload

        preload()
        raise MiddlewareNotUsed
