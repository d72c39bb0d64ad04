"""Warming up: a worker loads dictionary, glossary and index before its first request, not during it."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from contextlib import suppress

from django.core.exceptions import MiddlewareNotUsed

from .analysis import analyze
from .answer import answer
from .asked import Asked, AskedLines
from .concordance import concordance
from .generations import IndexUnavailableError
from .library import watch

WORDS = "第1540(2004)号决议 委员会"
PHRASE = "委员会"
log = logging.getLogger(__name__)


class WarmUp:
    """Asks one search and one concordance, so that all that they load is there.

    Runs once when the handlers of a server process are made, and then takes itself out of the way. Management
    commands make no handlers and so do not wait for it.
    """

    def __init__(self, get_response: Callable) -> None:
        analyze(WORDS)
        watch()
        try:
            with suppress(IndexUnavailableError):  # the page says so; an index may be switched in at any time
                answer(Asked(WORDS))
                concordance(AskedLines(PHRASE))
        except Exception:
            log.exception("warming up: a search failed")  # the pages that need no search must be served
        # Nearly a hundred thousand objects that never go away: to look through them for garbage takes fifty
        # milliseconds, in the middle of one search or another.
        gc.collect()
        gc.freeze()
        raise MiddlewareNotUsed
