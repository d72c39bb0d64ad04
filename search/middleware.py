"""Warming up: a worker loads dictionary, glossary and index before its first request, not during it."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from contextlib import suppress

from django.core.exceptions import MiddlewareNotUsed
from django.urls import reverse

from archive.freshness import release_mark
from archive.http.parameters import ORDERS_OF_LINES

from .checker import check
from .concordance.kwic import concordance
from .index.generations import IndexUnavailableError
from .jump.resolve import find_destinations
from .live.index import watch
from .query.request import Asked, AskedLines
from .results.answer import answer
from .suggest.completion import suggestions
from .text.analyzer import analyze

WORDS = "第1540(2004)号决议 委员会"
PHRASE = "委员会"
EVERYDAY = "没有钱办事的国家怎样得到帮助"
MISTYPED = "威斯巴顿进程"
ENGLISH = "export control precursor chemicals"
DRAFT = "“各国应当采取有效措施”(第1540(2004)号决议，第3(a)段)。"
log = logging.getLogger(__name__)


def _ask_of_each_kind() -> None:
    answer(Asked(WORDS))
    answer(Asked(ENGLISH, sort="date"))
    answer(Asked(MISTYPED))
    answer(Asked(EVERYDAY))
    for sort in ORDERS_OF_LINES:
        concordance(AskedLines(PHRASE, sort=sort))
    suggestions(PHRASE)
    find_destinations(WORDS)
    check(DRAFT)


class WarmUp:
    """Reads the addresses of the site and its own files, and asks of each kind of question one, so that all
    that they load is there: dictionaries, glossaries, names, pronunciations, columns, suffix array,
    the model of meanings.

    Runs once when the handlers of a server process are made, and then takes itself out of the way. Management
    commands make no handlers and so do not wait for it.
    """

    def __init__(self, get_response: Callable) -> None:
        analyze(WORDS)
        watch()
        try:
            reverse("search")
            release_mark()
            with suppress(IndexUnavailableError):  # the page says so; an index may be switched in at any time
                _ask_of_each_kind()
        except Exception:
            log.exception("warming up: a search failed")  # the pages that need no search must be served
        # Nearly a hundred thousand objects that never go away: to look through them for garbage takes fifty
        # milliseconds, in the middle of one search or another.
        gc.collect()
        gc.freeze()
        raise MiddlewareNotUsed
