"""Following words through the history of their document, and of those that it was merged into.

Each step rests on equality: what ended and what began at the same revision of the archive under the same
anchor, or with the same words. Likeness plays no part.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from archive.models import Cause, Document, IssuedText, MovedAnchor, RetiredDocument
from archive.models.querysets.languages import text_language
from archive.store.ingest.facts import Decision, decisions_of

MOVED, WITHDRAWN, RESTORED = IssuedText.Ending.MOVED, IssuedText.Ending.WITHDRAWN, "restored"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a text: ``moved``, ``edited``, ``withdrawn``, or ``restored`` after that.

    It stood under ``anchor`` of ``symbol``; ``new_symbol`` and ``new_anchor`` are where it stands since then,
    None where nowhere. ``form_only``: what was edited is the form of characters, the fingerprint stayed.
    """

    ending: str
    at: datetime
    symbol: str
    anchor: str
    new_symbol: str | None = None
    new_anchor: str | None = None
    cause: str = ""
    reason: str = ""
    by: str = ""
    form_only: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of ``IssuedText`` without its words."""

    pk: int
    symbol: str
    anchor: str
    fingerprint: str
    since: datetime
    since_revision: int
    since_cause: str
    since_reason: str
    since_by: str
    until: datetime | None
    until_revision: int | None
    ending: str
    cause: str
    reason: str
    by: str

    @property
    def ended_at(self) -> int:
        """The revision in which the text ended; greater than any for a current text.

        A row that was closed by hand, without a revision, ended in that in which it came.
        """
        if self.until is None:
            return sys.maxsize
        return self.since_revision if self.until_revision is None else self.until_revision

    def comes_before(self, other: Row) -> bool:
        """Returns True if it began before ``other``; keys decide where both began at one revision."""
        return (self.since_revision, self.pk) < (other.since_revision, other.pk)


COLUMNS = tuple(column.name for column in fields(Row))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate of a cited text.

    ``symbol`` and ``anchor`` are its present address, or that of its successor; ``anchor`` None where there
    is none. ``same_words`` says whether it is still the same text, ``withdrawn`` that an editor decided it
    should be seen no more. ``twins`` are the anchors that have the same words without being certainly the
    cited text. ``cited`` is the key of the cited row.
    """

    cited: int
    symbol: str
    anchor: str | None
    same_words: bool
    withdrawn: bool
    steps: tuple[Step, ...]
    twins: tuple[str, ...] = ()


class History:
    """All that was issued of one document, oldest first, and the moves and decisions about it."""

    def __init__(
        self,
        rows: Iterable[Row],
        moves: Iterable[MovedAnchor] = (),
        retired: RetiredDocument | None = None,
        corrections: Mapping[str, Any] | None = None,
    ) -> None:
        self.rows = list(rows)
        self.moves = {move.old_anchor: move for move in moves}
        self.retired = retired
        self.kept_out = decisions_of(corrections or {})
        self.under: dict[str, list[Row]] = defaultdict(list)
        self.cited: dict[tuple[str, str], Row] = {}
        self.opened: dict[tuple[int, str], list[Row]] = defaultdict(list)
        self.standing: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            self.under[row.anchor].append(row)
            self.cited[row.anchor, row.fingerprint] = row
            self.opened[row.since_revision, row.fingerprint].append(row)
            if row.until is None:
                self.standing[row.fingerprint].append(row)

    def reopened(self, row: Row) -> Row | None:
        """Returns the next text under the anchor of ``row``, issued when that ended or later."""
        after = (new for new in self.under[row.anchor] if new.since_revision >= row.ended_at)
        return next((new for new in after if row.comes_before(new)), None)

    def moved_to(self, row: Row) -> Row | None:
        """Returns the row to which the words of ``row`` moved when it ended; of several, that of its recorded
        move.
        """
        opened = self.opened.get((row.ended_at, row.fingerprint), [])
        opened = [new for new in opened if row.comes_before(new)]
        if len(opened) > 1 and row.anchor in self.moves:
            opened = [new for new in opened if new.anchor == self.moves[row.anchor].new_anchor]
        return opened[0] if len(opened) == 1 else None

    def standing_at(self, anchor: str, fingerprint: str, revision: int) -> Row | None:
        """Returns the text with ``fingerprint`` current under ``anchor`` at ``revision``, or None."""
        for row in self.under.get(anchor, ()):
            if row.since_revision <= revision < row.ended_at and row.fingerprint == fingerprint:
                return row
        return None

    def is_withdrawn(self, row: Row) -> bool:
        """Returns True if ``row`` ended by an editor's withdrawal that is still in force."""
        if row.ending != WITHDRAWN or row.cause != Cause.WITHDRAWN:
            return False
        return self.retired is not None or any(self._is_about(decision, row) for decision in self.kept_out)

    def _is_about(self, decision: Decision, row: Row) -> bool:
        """Returns True if ``decision`` withdrew ``row``. A decision may also name the corrected text, which
        was never issued; earlier versions recorded that alone, or another anchor.
        """
        anchor, words = decision
        if decision in self.cited:
            return decision == (row.anchor, row.fingerprint)
        alone = not any(one in self.cited for one in self.kept_out if one[0] == anchor)
        return row.fingerprint == words or (alone and row.anchor == anchor)


def read_history(symbol: str, language: str) -> History:
    """Reads the history of a document of this archive, in four queries."""
    of_document = {"symbol": symbol, "language": language}
    rows = IssuedText.objects.filter(**of_document).order_by("since_revision", "pk")
    return History(
        (Row(*values) for values in rows.values_list(*COLUMNS)),
        MovedAnchor.objects.filter(**of_document),
        RetiredDocument.objects.filter(**of_document, lifted=None).first(),
        Document.objects.filter(**of_document).values_list("corrections", flat=True).first(),
    )


class Histories:
    """Answers for many links: the history of each document is read once, by ``read``."""

    def __init__(self, language: str = "", read: Callable[[str, str], History] = read_history) -> None:
        self._language, self._read = language or text_language(), read
        self._known: dict[str, History] = {}

    def of(self, symbol: str) -> History:
        if symbol not in self._known:
            self._known[symbol] = self._read(symbol, self._language)
        return self._known[symbol]

    def verdict(self, symbol: str, anchor: str, fingerprint: str) -> Verdict | None:
        """Returns the fate of a cited text; None where it was never issued there."""
        cited = self.of(symbol).cited.get((anchor, fingerprint))
        return self.became(cited) if cited else None

    def verdict_of(self, text: IssuedText) -> Verdict:
        """Returns the fate of an issued text."""
        return self.became(next(row for row in self.of(text.symbol).rows if row.pk == text.pk))

    def became(self, cited: Row) -> Verdict:
        """Returns the fate of the text of a row."""
        fingerprint = cited.fingerprint
        end, steps = self._trace(cited)
        if end.until is None and end.fingerprint == fingerprint:
            return Verdict(cited.pk, end.symbol, end.anchor, True, False, tuple(steps))
        kept_back = self.of(end.symbol).is_withdrawn(end)
        if kept_back and end.fingerprint == fingerprint:
            return Verdict(cited.pk, end.symbol, None, False, True, tuple(steps))
        home = self.home(end.symbol)
        twins = self.of(home).standing.get(fingerprint, [])
        if len(twins) == 1 and twins[0].since_revision >= cited.ended_at:
            steps.append(_came_again(end, twins[0]))
            return Verdict(cited.pk, home, twins[0].anchor, True, False, tuple(steps))
        now = end.anchor if end.until is None else None
        places = tuple(row.anchor for row in twins)
        return Verdict(cited.pk, home, now, False, kept_back, tuple(steps), places)

    def fate(self, symbol: str, anchor: str, fingerprint: str) -> Fate:
        """Returns the fate alone, as ``permalinks.follow`` gives it."""
        history = self.of(symbol)
        under = history.under.get(anchor)
        if under and under[-1].until is None and under[-1].fingerprint == fingerprint:
            return Fate.IDENTICAL
        verdict = self.verdict(symbol, anchor, fingerprint)
        if verdict is None:
            return Fate.NEVER_ISSUED
        if verdict.same_words:
            return Fate.MOVED
        return Fate.EDITED if verdict.anchor else Fate.WITHDRAWN

    def leading_to(self, symbol: str, key: int) -> list[int]:
        """Returns the keys of the texts of ``symbol`` that became the one with ``key``, that one included."""
        return [row.pk for row in self.of(symbol).rows if self._trace(row)[0].pk == key]

    def home(self, symbol: str) -> str:
        """Returns the document into which that of ``symbol`` was merged, or itself."""
        seen = {symbol}
        while (retired := self.of(symbol).retired) and retired.successor not in {"", *seen}:
            symbol = retired.successor
            seen.add(symbol)
        return symbol

    def _trace(self, row: Row) -> tuple[Row, list[Step]]:
        """Follows ``row`` to its last successor, step by step; each is a later text, so the walk ends."""
        steps: list[Step] = []
        while (ended := row.until) is not None:
            new = self._next(row)
            steps += _steps(row, ended, new)
            if new is None:
                break
            row = new
        return row, steps

    def _next(self, row: Row) -> Row | None:
        history = self.of(row.symbol)
        if row.ending == MOVED:
            return history.moved_to(row) or self._in_another_document(row)
        if history.is_withdrawn(row):
            return None
        return history.reopened(row)

    def _in_another_document(self, row: Row) -> Row | None:
        move = self.of(row.symbol).moves.get(row.anchor)
        if move is None or not move.new_symbol:
            return None
        return self.of(move.new_symbol).standing_at(move.new_anchor, row.fingerprint, row.ended_at)


def _steps(row: Row, ended: datetime, new: Row | None) -> list[Step]:
    why = (row.cause, row.reason, row.by)
    if new is None:
        ending = WITHDRAWN if row.ending == MOVED else row.ending
        return [Step(ending, ended, row.symbol, row.anchor, None, None, *why)]
    if row.ending == WITHDRAWN:
        return [Step(WITHDRAWN, ended, row.symbol, row.anchor, None, None, *why), _came_again(row, new)]
    form_only = row.ending == IssuedText.Ending.EDITED and row.fingerprint == new.fingerprint
    return [Step(row.ending, ended, row.symbol, row.anchor, new.symbol, new.anchor, *why, form_only)]


def _came_again(row: Row, new: Row) -> Step:
    """Returns the step after an absence: the same words elsewhere, or a text under the same anchor."""
    why = (new.since_cause, new.since_reason, new.since_by)
    return Step(RESTORED, new.since, row.symbol, row.anchor, new.symbol, new.anchor, *why)


# The answers that a link with a fingerprint can have.


class Fate(StrEnum):
    """``IDENTICAL_BUT_FORM``: the fingerprint is the same, the characters are or may be others (， for ,)."""

    IDENTICAL = "identical"
    IDENTICAL_BUT_FORM = "identical_but_form"
    MOVED = "moved"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    NEVER_ISSUED = "never_issued"
