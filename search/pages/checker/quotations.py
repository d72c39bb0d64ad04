"""Quotations of a draft: what is quoted, and what is the archive's though not quoted; with verdicts."""

from __future__ import annotations

import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice

import numpy as np
from msgspec import structs

from archive.models import Document
from archive.text.folding import fold_literally, fold_words
from archive.text.folding import fold_literally_with_places as fold_with_places
from search.query.text.folding import in_both_scripts

from .nearest import nearest_texts
from .origins import LEAST, runs
from .places import COMPARED, MOST_PLACES, Places
from .quoting import Neighbours, agreement, cited_rows, extent, is_unsettled, language_of_words
from .report import ELSEWHERE, CheckedCitation, CheckedQuotation, Match, NearestText, QuotedPlace, Verdict
from .speakers import Draft

TERM = 8  # shorter quotations are words that are spoken of, rather than texts
FEW = 3  # places of a term
WIDESPREAD = 5  # unquoted words of more documents than these are set phrases


def quotations(draft: Draft, places: Places, most: int) -> list[CheckedQuotation]:
    """Returns the quotations in order: the first ``most`` with marks, and the first ``most`` without."""
    judge = _Judge(draft, places)
    quoted = judge.with_nearest([judge.quoted(*span) for span in islice(judge.single(), most)])
    unquoted = [judge.unquoted(*span) for span in islice(judge.unquoted_runs(quoted), most)]
    return sorted([*quoted, *unquoted], key=lambda one: (one.start, one.end))


class _Judge:
    """The quotations of a draft, judged by its citations and names, and the ``places`` of their words."""

    def __init__(self, draft: Draft, places: Places) -> None:
        self.draft, self.places, self.text, self.citations = draft, places, draft.text, draft.citations
        self.neighbours = Neighbours(draft.text, draft.citations, draft.passages)
        self.stand = Lookup(places)
        self._ends = [one.end for one in draft.citations]

    def single(self) -> Iterator[tuple[int, int]]:
        """Generates the passages; one that stands nowhere as a whole and has several lines, line by line."""
        for start, end in self.draft.passages:
            if "\n" not in self.text[start:end].strip() or self.stand(self.text[start:end]):
                yield self._trimmed(start, end)
                continue
            for line in re.finditer(r"[^\n]+", self.text[start:end]):
                if line.group().strip():
                    yield self._trimmed(start + line.start(), start + line.end())

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        words = self.text[start:end]
        if not words.strip():
            return start, end
        return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())

    def quoted(self, start: int, end: int) -> CheckedQuotation:
        words = self.text[start:end]
        term = extent(words) < TERM
        number = self.neighbours.of(start, end, before=not term)
        one = CheckedQuotation.of(start, end, words, Verdict.NOT_FOUND, term=term, citation=number)
        return self._standing(one, self.stand(words))

    def _standing(self, one: CheckedQuotation, stand: Stand | None) -> CheckedQuotation:
        """Adds places, and the agreement with its citation, to a quotation that occurs."""
        if stand is None:
            return one
        beside, first = self._agreement(one, stand.rows)
        rows = first if len(first) else stand.rows
        return structs.replace(
            one,
            **({} if beside is Match.CANNOT_TELL else self.draft.told(one, rows, self.places)),
            verdict=Verdict.WRONG_PLACE if beside in ELSEWHERE else Verdict.EXACT,
            places=stand.places(self.places, first, FEW if one.term or one.formula else MOST_PLACES),
            occurrences=stand.occurrences,
            paragraphs=len(stand.rows),
            liberty=stand.liberty or self._form(one.surface, stand),
            beside=beside,
        )

    def _agreement(self, one: CheckedQuotation, rows: np.ndarray) -> tuple[Match | None, np.ndarray]:
        if one.citation is None:
            return None, rows[:0]
        return agreement(self.citations[one.citation], rows, self.places)

    def _form(self, words: str, stand: Stand) -> str | None:
        """Returns "form" where the words do not occur in these very characters, white space aside."""
        written = "".join(words.split())
        rows = stand.rows[:COMPARED].tolist()
        return None if any(written in "".join(self.places.text(row).split()) for row in rows) else "form"

    def with_nearest(self, found: list[CheckedQuotation]) -> list[CheckedQuotation]:
        """Adds the nearest text to quotations that are not exact; the same words are compared once."""
        missing = ((one.surface, one.citation) for one in found if one.verdict == Verdict.NOT_FOUND)
        keys = list(dict.fromkeys(missing))
        beside = [
            cited_rows(self.citations[number], self.places).tolist() if number is not None else []
            for _, number in keys
        ]
        texts = nearest_texts([words for words, _ in keys], beside, self.places)
        nearest = dict(zip(keys, texts, strict=True))
        return [self._differing(one, nearest.get((one.surface, one.citation))) for one in found]

    def _differing(self, one: CheckedQuotation, nearest: NearestText | None) -> CheckedQuotation:
        if one.verdict != Verdict.NOT_FOUND:
            return one
        if nearest is None:
            return self._absent(one)
        if _unscripted(one.surface) == _unscripted(nearest.text):
            return self._standing(one, self.stand.of_script(nearest.text))
        beside, rows = self._agreement(one, self.places.rows_of([place.key for place in nearest.places]))
        told = self.draft.told(one, rows, self.places) if beside is Match.AGREES else {}
        return structs.replace(one, verdict=Verdict.DIFFERS, nearest=nearest, beside=beside, **told)

    def _absent(self, one: CheckedQuotation) -> CheckedQuotation:
        """Says of words that stand nowhere whether what is cited for them is held, and what it says."""
        if one.citation is None or one.term:
            return one
        cited = self.citations[one.citation]
        rows = cited_rows(cited, self.places)
        if agreement(cited, rows[:0], self.places)[0] is Match.CANNOT_TELL:
            return one
        texts = map(self.places.text, rows.tolist())
        language = language_of_words(one.surface)
        text = next((text for text in texts if language_of_words(text) == language), None)
        return structs.replace(one, beside=Match.NOT_THERE, cited_text=text)

    # --- without marks ---

    def unquoted_runs(self, quoted: Sequence[CheckedQuotation]) -> Iterator[tuple[int, int]]:
        """Generates the runs of which at least as much lies outside quotation marks as makes a run."""
        folded = fold_with_places(self.text)
        starts, ends = [one.start for one in quoted], [one.end for one in quoted]
        for first, last in runs(folded.text, self.places.folded):
            start, end = folded.span(first, last)
            low, high = bisect_right(ends, start), bisect_left(starts, end)
            inside = sum(min(end, ends[i]) - max(start, starts[i]) for i in range(low, high))
            if end - start - inside >= LEAST <= extent(self.text[start:end], 1):
                yield start, end

    def unquoted(self, start: int, end: int) -> CheckedQuotation:
        words = self.text[start:end]
        found = self.places.find(words)  # which may halve a number: it is as long as it can be
        stand = Stand(found.rows, found.total)
        documents = np.unique(self.places.folded.documents[stand.rows])
        formula = len(documents) > WIDESPREAD or self._beyond_names(start, end) < LEAST
        number = self.neighbours.of(start, end, before=False)
        told = {"marked": False, "formula": formula, "citation": number}
        return self._standing(CheckedQuotation.of(start, end, words, Verdict.EXACT, **told), stand)

    def _beyond_names(self, start: int, end: int) -> int:
        """Counts the characters from ``start`` to ``end`` outside of citations and names of organs."""
        kept, at = [], start
        for one in islice(self.citations, bisect_right(self._ends, start), None):
            if one.start >= end:
                break
            kept.append(self.text[at : max(at, one.start)])
            at = max(at, one.end)
        kept.append(self.text[at:end])
        return len(fold_literally(_NAME.sub("", "".join(kept))))


_NAME = re.compile(r"所设(?:立的)?委员会|(?:\d{3,4})?委员会|(?:联合国)?(?:安全理事会|安理会|大会)")


def settled(
    found: Sequence[CheckedQuotation], citations: Sequence[CheckedCitation], likeness: bool
) -> list[CheckedQuotation]:
    """Marks as uncheckable the quotations whose citation is of a document not held, or in a language in which
    what is cited is not held. Their other occurrences stay; similar texts are left out but with ``likeness``.
    """
    held = cache(lambda: set(Document.objects.values_list("language", flat=True).distinct()))

    def doubt(one: CheckedQuotation) -> Match | None:
        cited = None if one.citation is None else citations[one.citation]
        if cited and one.beside in (None, Match.CANNOT_TELL) and is_unsettled(cited):
            return Match.CANNOT_TELL
        stands = one.verdict == Verdict.EXACT and one.beside in (None, Match.AGREES)
        language = language_of_words(one.surface)
        if stands or not language or language in ((cited and cited.languages) or held()):
            return None
        return Match.OTHER_LANGUAGE

    return [
        structs.replace(
            one, verdict=Verdict.CANNOT_BE_CHECKED, beside=why, nearest=one.nearest if likeness else None
        )
        if (why := doubt(one))
        else one
        for one in found
    ]


# Looks words of a draft up literally; says what leave they took where they are exact all the same.

MOST_PIECES = 20  # that …… may divide a quotation into
_ENDING = string.whitespace + "\u3000，。、；：！？…—,.;:!?"
_ALTERED = re.compile(r"\[([A-Za-z])\]")  # [A]ll States: of another letter than there
_OMISSION = re.compile(r"…+|\.{3,}|[(\[（［〔【](?:…+|\.{3,}|略)[)\]）］〕】]|⋯+")


@dataclass(frozen=True, slots=True)
class Stand:
    """The matches of quoted words: rows, number of occurrences, and the liberty taken in quoting."""

    rows: np.ndarray
    occurrences: int
    liberty: str = ""
    known: dict[int, list[QuotedPlace]] = field(default_factory=dict)

    def places(self, places: Places, first: np.ndarray, most: int) -> list[QuotedPlace]:
        """Returns the first places, ``first`` before others; read once for all that quote the same words."""
        if len(first):
            return places.of_rows(self.rows, first, most)
        if most not in self.known:
            self.known[most] = places.of_rows(self.rows, first, most)
        return self.known[most]


class Lookup:
    """Looks up words literally; the same words once."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known: dict[str, Stand | None] = {}

    def __call__(self, words: str) -> Stand | None:
        """Looks up ``words``: literally, else without their ending or with omissions (……), else in the other
        script; None if absent.
        """
        words = _ALTERED.sub(r"\1", words)
        key = fold_literally(words)
        if key not in self._known:
            forms = map(self.of_script, in_both_scripts(words)[1:])
            self._known[key] = self._any(words) or next(filter(None, forms), None)
        return self._known[key]

    def of_script(self, words: str) -> Stand | None:
        """Looks up ``words`` for a quotation that writes them in another script, and says so."""
        stand = self._any(words)
        return stand and replace(stand, liberty="-".join(filter(None, ("script", stand.liberty))))

    def _any(self, words: str) -> Stand | None:
        return self._find(words) or self._without_ending(words) or self._with_omissions(words)

    def _find(self, words: str, liberty: str = "") -> Stand | None:
        rows, counts = self._places.whole(words)
        return Stand(rows, int(counts.sum()), liberty) if len(rows) else None

    def _without_ending(self, words: str) -> Stand | None:
        shorter = words.rstrip(_ENDING)
        return self._find(shorter, "ending") if 0 < len(shorter) < len(words) else None

    def _with_omissions(self, words: str) -> Stand | None:
        pieces = [fold_literally(piece.rstrip(_ENDING)) for piece in _OMISSION.split(words)]
        pieces = [piece for piece in pieces if piece]
        if not 2 <= len(pieces) <= MOST_PIECES or min(map(len, pieces)) < 2:
            return None
        rows = self._places.find(pieces[0]).rows
        for piece in pieces[1:]:
            rows = np.intersect1d(rows, self._places.find(piece).rows, assume_unique=True)
        fitting = [row for row in rows.tolist() if _in_order(pieces, fold_literally(self._places.text(row)))]
        return Stand(np.array(fitting, rows.dtype), len(fitting), "omission") if fitting else None


def _unscripted(words: str) -> str:
    return fold_literally(fold_words(words))


def _in_order(pieces: Sequence[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True
