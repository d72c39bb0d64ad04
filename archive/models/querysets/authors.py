"""Reading paragraphs by whose words they are: what States and bodies say, write and only pass on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When

from .counting import rows_of

if TYPE_CHECKING:
    from ..paragraphs import Paragraph
    from ..references import Body, State


# Blocks that say nothing: what a State or body says, writes or transmits is counted without them.
WORDLESS = ("heading", "signature", "closing")
SPOKEN = ~Q(speaker_name="")
# What a letter or note says in its sender's own name: no speech, no reply, nothing that it only passes on.
UNATTRIBUTED = Q(speaker_name="", submitter_name="", state=None, body=None)
OWN_LETTER = UNATTRIBUTED & Q(transmitted=False)


class AuthorQuerySet(models.QuerySet["Paragraph"]):
    """``author`` is a State or a body, in all methods."""

    def with_words(self) -> Self:
        """Without headings, signatures and closing formulas."""
        return self.exclude(kind__in=WORDLESS)

    def with_author(self) -> Self:
        """With words, and with ``author``: the key of the State whose words they are, spoken or written."""
        return self.with_words().annotate(author=author_of("state")).exclude(author=None)

    def said_by(self, author: State | Body) -> Self:
        """What ``author`` (a delegation, an observer) said in meeting records."""
        return self.with_words().filter(SPOKEN, _is(author))

    def written_by(self, author: State | Body) -> Self:
        """What ``author`` wrote: its replies, and its letters and notes without what they transmit."""
        return self.with_words().filter((Q(speaker_name="") & _is(author)) | _letter_of(author))

    def words_of(self, author: State | Body) -> Self:
        """What ``author`` said or wrote: ``said_by`` and ``written_by`` together, which share nothing."""
        return self.with_words().filter(_is(author) | _letter_of(author))

    def words_of_any(self, authors: models.QuerySet) -> Self:
        """What one of several States, or bodies, said or wrote."""
        field = authors.model._meta.model_name
        return self.with_words().annotate(author=author_of(field)).filter(author__in=authors.values("pk"))

    def transmitted_by(self, author: State | Body) -> Self:
        """What ``author`` only passed on."""
        return self.with_words().filter(_is(author, "document__"), transmitted=True)

    def count_kinds(self, author: State | Body) -> dict[str, tuple[int, int]]:
        """What ``author`` said, wrote and transmitted: paragraphs, and of how many documents; two queries."""
        spoken = Case(When(speaker_name="", then=Value("written")), default=Value("said"))
        passed_on = When(transmitted=True, then=Value("transmitted"))
        sent = Case(passed_on, When(OWN_LETTER, then=Value("written")), default=Value(""))
        found: dict[str, Counter] = {kind: Counter() for kind in ("said", "written", "transmitted", "")}
        for whose, kind in ((_is(author), spoken), (_is(author, "document__"), sent)):
            rows = self.with_words().filter(whose).order_by().annotate(sort=kind)
            for sort, document, figure in rows.values_list("sort", "document").annotate(Count("pk")):
                found[sort][document] += figure
        del found[""]
        return {kind: (figures.total(), len(figures)) for kind, figures in found.items()}

    def naming_state(self, state: State) -> Self:
        """Where others name ``state``: not in its own words."""
        named = rows_of("StateMention").filter(state=state)
        own = _is(state) | _letter_of(state)
        return self.with_words().filter(pk__in=named.values("paragraph")).exclude(own)


def author_of(field: str) -> Case:
    """Whose words a paragraph has: the key of the State (``field`` is ``state``) or ``body``, or null."""
    return Case(
        When(kind__in=WORDLESS, then=None),
        When(**{f"{field}__isnull": False}, then=F(field)),
        When(OWN_LETTER, then=F(f"document__{field}")),
    )


def _is(author: State | Body, of: str = "") -> Q:
    return Q(**{f"{of}{author._meta.model_name}": author})


def _letter_of(author: State | Body) -> Q:
    return OWN_LETTER & _is(author, "document__")
