"""Warming up: what a server loads before its first request, not during it."""

from __future__ import annotations

import gc
import logging
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.template.loader import get_template
from django.urls import reverse

from archive.models.history import REFERENCE_DATA
from archive.site.cache.freshness import release_mark
from archive.site.http.parameters import ORDERS_OF_LINES
from archive.site.opendata.operations import components
from archive.site.views.concepts import concepts_at
from archive.store.revision import current_revision, document_revisions
from search.engine.index.generations import IndexUnavailableError
from search.engine.live.index import watch
from search.engine.meaning.model import model_name, pieces
from search.pages.checker import check
from search.pages.concordance.kwic import concordance
from search.pages.jump.views import find_destinations
from search.pages.results.answer import answer
from search.pages.suggest.completion import suggestions
from search.query.entities.names import mainland_forms
from search.query.language.request import Asked, AskedLines
from search.query.text.analyzer import analyze
from search.query.text.folding import in_both_scripts
from search.query.thesaurus.table import thesaurus_at

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


def preload() -> None:
    """Loads what all workers share: addresses, templates, dictionary and thesaurus. It may run before workers
    are forked, so it opens no index and starts no thread; data from the database are cached with their
    revision.
    """
    reverse("search")
    release_mark()
    if model_name():
        pieces()
    components()
    analyze(WORDS)
    in_both_scripts(WORDS)
    mainland_forms(WORDS)
    folder = Path(settings.BASE_DIR, "templates")
    for template in folder.rglob("*.html"):
        get_template(str(template.relative_to(folder)))
    try:
        thesaurus_at(str(current_revision()))
        concepts_at(document_revisions().get(REFERENCE_DATA, ""))
    except DatabaseError:
        log.exception("warming up: the database does not answer")
    watch()
    _keep()


def open_for_requests() -> None:
    """Asks one question of each kind, so that all is there that a worker has for itself: the index with its
    names and values, the models of meanings.
    """
    try:
        with suppress(IndexUnavailableError):  # the page says so; an index may be switched in at any time
            _ask_of_each_kind()
    except Exception:
        log.exception("warming up: a search failed")  # the pages that need no search must be served
    _keep()


def _keep() -> None:
    """Freezes the loaded objects: to look through nearly a hundred thousand that never go away for garbage
    takes fifty milliseconds, in the middle of one search or another, and unshares their memory in each
    worker.
    """
    gc.freeze()
