"""Bringing the search index along: at the end of a command, or in a process of its own.

``archive`` knows of search only the command that brings its index up to date. Whoever changes the archive
calls ``bring_along`` when all is committed; what is killed before that leaves an index that is behind and
says so (``search.engine.index.coverage``), until the next act, or a server that meets it, brings it along.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError
from django.utils.translation import gettext as _
from haystack import connections

from archive.store.revision import current_revision
from archive.store.values import Schema


class Uncovered(Schema, frozen=True, kw_only=True):
    """A document whose present text the index does not have."""

    symbol: str
    url: str


class IndexCoverage(Schema, frozen=True, kw_only=True):
    """Of which revision of the archive the search index speaks, and which documents it does not cover."""

    revision: str
    index_revision: str
    certified: bool
    uncovered: list[Uncovered]
    uncovered_documents: int
    uncovered_paragraphs: int
    unreadable_paragraphs: int


COMMAND = "update_search"
BETWEEN = 600  # seconds between two updates within one long act
SHARE = 10  # an act that goes on is held up by updates for at most one part in so many of its time
PAUSE = 15  # seconds between two processes that one process starts
log = logging.getLogger(__name__)


def add_index_option(parser) -> None:
    """Adds the option ``--no-index`` of commands that change the archive."""
    parser.add_argument("--no-index", action="store_true", help="不更新检索索引；以后由update_search更新")


def bring_along(stdout=None, verbosity: int = 0) -> None:
    """Makes the index equal to the archive. Raises CommandError where that fails; what was stored stays."""
    if not settings.SEARCH_INDEX_FOLLOWS or COMMAND not in get_commands():
        return
    options = {"stdout": stdout} if stdout else {}
    try:
        call_command(COMMAND, verbosity=verbosity, **options)
    except Exception as error:
        log.exception("the search index could not be brought along")
        raise CommandError(
            _(
                "改动已经存好，但检索索引没有跟上：%(error)s。在此之前，检索页会写明哪些文件不在对照之内。"
                "请排除故障后执行update_search。"
            )
            % {"error": str(error).rstrip("。")}
        ) from error


class Following:
    """The index of an act of many steps: ``step`` brings it along from time to time, the end always does,
    where the archive has changed since, or may have ``before``.
    """

    def __init__(self, wanted: bool, stdout=None, verbosity: int = 0, *, before: bool = False) -> None:
        self._wanted, self._stdout, self._verbosity = wanted, stdout, verbosity
        self._seen = None if before else current_revision()
        self._next = time.monotonic() + BETWEEN

    def step(self) -> None:
        """To be called after each step."""
        if time.monotonic() >= self._next:
            self.finish()

    def finish(self) -> None:
        """To be called at the end."""
        now = current_revision()
        if not self._wanted or now == self._seen:
            return
        started = time.monotonic()
        bring_along(self._stdout, self._verbosity)
        self._seen = now
        ended = time.monotonic()
        self._next = ended + max(BETWEEN, SHARE * (ended - started))


@contextmanager
def following(wanted: bool, stdout=None, verbosity: int = 0) -> Iterator[Following]:
    """A ``Following`` that finishes also where the act is broken off, by Ctrl-C too; ``wanted``: if ever."""
    found = Following(wanted, stdout, verbosity)
    try:
        yield found
    except BaseException:
        with suppress(CommandError, DatabaseError):  # logged; what broke the act off is what must be told
            found.finish()
        raise
    found.finish()


def index_revision() -> str | None:
    """Returns the revision of the archive that the index was made from; None where it does not say."""
    try:
        return connections["default"].get_backend().index_revision()
    except Exception:  # whatever an engine may raise: a page that only tells of it must be served
        log.debug("the search index does not tell its revision", exc_info=True)
        return None


def index_coverage() -> Any | None:
    """Returns the coverage of the archive by the index (``certified``, numbers of uncovered ``documents`` and
    ``paragraphs``, ``facts()``); None where it cannot be read: then search says so.
    """
    try:
        return connections["default"].get_backend().coverage()
    except Exception:
        log.debug("the search index does not tell what it covers", exc_info=True)
        return None


_started: list[subprocess.Popen] = []
_last = -float(PAUSE)
_starting = Lock()


def request_update() -> None:
    """Starts bringing the index along in a process of its own, and returns at once.

    Where another is at work, the new one ends by itself (``update_search --queued``); the next search that
    meets an index which is behind asks again. From one process at most one is started every few seconds.
    """
    global _last
    if not settings.SEARCH_INDEX_FOLLOWS:
        return
    with _starting:
        _started[:] = [process for process in _started if process.poll() is None]
        now = time.monotonic()
        if _started or now - _last < PAUSE:
            return
        _last = now
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), COMMAND, "--queued", "--verbosity=0"]
        try:
            process = subprocess.Popen(  # noqa: S603, nothing in it comes from outside
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
            )
        except OSError:
            log.exception("the search index could not be brought along")
        else:
            _started.append(process)
