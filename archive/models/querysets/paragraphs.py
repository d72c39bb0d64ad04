"""Reading paragraphs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from archive.text.pinpoints.anchors import Anchors

from .languages import CHINESE, text_language
from .mentions import count_of, rows_of

if TYPE_CHECKING:
    from archive.models.documents import Paragraph

    from ..references import Body, State


# Reading paragraphs by whose words they are: what States and bodies say, write and only pass on.

# Blocks that say nothing: what a State or body says, writes or transmits is counted without them.
WORDLESS = ("heading", "signature", "closing")
SPOKEN = ~Q(speaker_name="")
# What a letter or note says in its sender's own name: no speech, no reply, nothing that it only passes on.
UNATTRIBUTED = Q(speaker_name="", submitter_name="", state=None, body=None)
OWN_LETTER = UNATTRIBUTED & Q(transmitted=False)


class AuthorQuerySet(models.QuerySet["Paragraph"]):
    """``author`` is a State or a body, in all methods."""

    def with_words(self) -> Self:
        """Filters out headings, signatures and closing formulas, and texts that do not count."""
        return self.registry().exclude(kind__in=WORDLESS)

    def registry(self) -> Self:
        """Filters the paragraphs of texts that count (``Document.counted``)."""
        return self.filter(document__counted=True)

    def with_author(self) -> Self:
        """Filters by ``with_words`` and annotates ``author``: the key of the State that speaks or writes."""
        return self.with_words().annotate(author=author_of("state")).exclude(author=None)

    def of_kind(self, kind: str, author: State | Body) -> Self:
        """Filters what ``author`` ``said``, has ``written`` or ``transmitted``; ``own``: said or wrote."""
        kinds = {
            "own": self.words_of,
            "said": self.said_by,
            "written": self.written_by,
            "transmitted": self.transmitted_by,
        }
        return kinds[kind](author)

    def said_by(self, author: State | Body) -> Self:
        """Filters the paragraphs that ``author`` (a delegation, an observer) said in meeting records."""
        return self.with_words().filter(SPOKEN, _is(author))

    def written_by(self, author: State | Body) -> Self:
        """Filters the paragraphs ``author`` wrote: replies, letters and notes, not their enclosures."""
        return self.with_words().filter((Q(speaker_name="") & _is(author)) | _letter_of(author))

    def words_of(self, author: State | Body) -> Self:
        """Filters the paragraphs that ``author`` said or wrote: the disjoint union of both."""
        return self.with_words().filter(_is(author) | _letter_of(author))

    def words_of_any(self, authors: models.QuerySet) -> Self:
        """Filters the paragraphs that any of several States, or bodies, said or wrote."""
        field = authors.model._meta.model_name
        return self.with_words().annotate(author=author_of(field)).filter(author__in=authors.values("pk"))

    def transmitted_by(self, author: State | Body) -> Self:
        """Filters the paragraphs that ``author`` transmitted without being their author."""
        return self.with_words().filter(_is(author, "document__"), transmitted=True)

    def count_kinds(self, author: State | Body) -> dict[str, tuple[int, int]]:
        """Counts paragraphs and documents that ``author`` said, wrote and transmitted; two queries."""
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
        """Filters the paragraphs in which others name ``state``: not its own words."""
        named = rows_of("StateMention").filter(state=state)
        own = _is(state) | _letter_of(state)
        return self.with_words().filter(pk__in=named.values("paragraph")).exclude(own)


def author_of(field: str) -> Case:
    """Returns the expression of a paragraph's author: the key of State or body (``field``), or null."""
    return Case(
        When(kind__in=WORDLESS, then=None),
        When(**{f"{field}__isnull": False}, then=F(field)),
        When(OWN_LETTER, then=F(f"document__{field}")),
    )


def _is(author: State | Body, of: str = "") -> Q:
    return Q(**{f"{of}{author._meta.model_name}": author})


def _letter_of(author: State | Body) -> Q:
    return OWN_LETTER & _is(author, "document__")


# In place of a paragraph: the document as a whole. No anchor is written so.
WHOLE = "whole"


def as_list(name: str, rows: models.QuerySet) -> Prefetch:
    """Returns the related ``rows`` as the list ``<name>_in_order``."""
    return Prefetch(name, rows, to_attr=f"{name}_in_order")


class ParagraphQuerySet(AuthorQuerySet):
    def with_since(self) -> Self:
        """Adds ``since`` and ``since_revision``, when the words became public under their anchor; None for
        words never issued."""
        issued = rows_of("IssuedText").filter(
            symbol=OuterRef("document__symbol"),
            language=OuterRef("document__language"),
            anchor=OuterRef("anchor"),
            until=None,
        )
        columns = ("since", "since_revision")
        return self.annotate(**{name: Subquery(issued.values(name)[:1]) for name in columns})

    def citing(self, symbol: str, paragraph: str | None = None, relation: str | None = None) -> Self:
        """Paragraphs that cite ``symbol``; with ``paragraph`` (an anchor), that paragraph of it.

        With ``relation``, those that cite it so; with an empty one, those that do not say how. Not those that
        name it only as part of a body's name, nor headings: see ``only_naming``.
        """
        mentions = rows_of("Mention").citing().of(symbol)
        if paragraph is not None:
            mentions = mentions.at_paragraph(paragraph)
        if relation is not None:
            mentions = mentions.filter(relation=relation)
        return self.filter(pk__in=mentions.values("paragraph"))

    def only_naming(self, symbol: str, headings: bool = False) -> Self:
        """Paragraphs that name ``symbol`` only inside a body's name; or the ``headings`` that name it."""
        mentions = rows_of("Mention").certain().of(symbol)
        if headings:
            return self.filter(pk__in=mentions.values("paragraph"), kind="heading")
        citing = mentions.citing().filter(paragraph=OuterRef("pk"))
        inside = mentions.filter(in_body_name=True)
        return self.filter(~Exists(citing), pk__in=inside.values("paragraph")).exclude(kind="heading")

    def doubtfully_naming(self, symbol: str) -> Self:
        """Paragraphs that may name ``symbol``, but do not do so for certain anywhere."""
        doubtful = rows_of("Mention").registry().filter(certain=False).of(symbol)
        certain = rows_of("Mention").certain().of(symbol)
        return self.filter(pk__in=doubtful.values("paragraph")).exclude(pk__in=certain.values("paragraph"))

    def naming_treaty(self, treaty: models.Model, article: str | None = None) -> Self:
        """Paragraphs that name ``treaty``; with ``article``, that article of it."""
        named = rows_of("TreatyMention").filter(treaty=treaty)
        if article is not None:
            named = named.filter(article=article)
        return self.registry().filter(pk__in=named.values("paragraph"))

    def mentioning(self, body: models.Model) -> Self:
        """Paragraphs that name ``body``."""
        return self.registry().filter(pk__in=rows_of("BodyMention").filter(body=body).values("paragraph"))

    def of_theme(self, theme: models.Model) -> Self:
        """Filters the paragraphs with a word of ``theme``."""
        return self.registry().filter(pk__in=rows_of("ThemeMention").filter(theme=theme).values("paragraph"))

    def citing_as_such(self, symbol: str, paragraph: str = "") -> Self:
        """Paragraphs that cite ``symbol`` under this symbol; with ``paragraph``, that one or a part of it.

        ``WHOLE`` as the paragraph: those that somewhere cite it without naming any paragraph of it.
        """
        mentions = rows_of("Mention").citing().filter(symbol=symbol)
        if paragraph == WHOLE:
            mentions = mentions.filter(pinpoints=None)
        elif paragraph:
            part = Q(anchor=paragraph) | Q(anchor__startswith=f"{paragraph}.")
            pinpoints = rows_of("Pinpoint").filter(part, mention__symbol=symbol)
            mentions = mentions.filter(pk__in=pinpoints.values("mention"))
        return self.filter(pk__in=mentions.values("paragraph"))

    def with_whence(self, whence: models.Expression | models.F | None = None) -> Self:
        """Filters spoken paragraphs and annotates ``whence``: the printed delegation, else the organ that
        meets (a committee's own heading, or the issuer of the record); or the given expression.
        """
        if whence is None:
            heading = (
                rows_of("Paragraph").filter(document=OuterRef("document"), role="organ").order_by("position")
            )
            organ = Coalesce(
                Subquery(heading.values("text")[:1]), F("document__organ"), output_field=models.TextField()
            )
            whence = Case(
                When(speaker_delegation="", then=organ),
                default=F("speaker_delegation"),
                output_field=models.TextField(),
            )
        return self.registry().exclude(speaker_name="").filter(turn__isnull=False).annotate(whence=whence)

    def by_speaker(self, name: str, whence: str) -> Self:
        """Filters the spoken paragraphs of a speaker, distinguished from namesakes by ``whence``."""
        return self.filter(speaker_name=name).with_whence().filter(whence=whence)

    def opening_turns(self) -> Self:
        """Returns the first paragraph of each turn of speech."""
        before = rows_of("Paragraph").filter(
            document=OuterRef("document"), turn=OuterRef("turn"), position__lt=OuterRef("position")
        )
        return self.filter(~Exists(before), turn__isnull=False)

    def with_mentions(self) -> Self:
        """Prefetches the rows needed to link a paragraph's text, in five further queries.

        They are lists (``mentions_in_order`` and so on): a queryset for each paragraph took a third of the
        time of a long document's page.
        """
        pinpoints = rows_of("Pinpoint").select_related("target_paragraph").order_by("mention", "position")
        mentions = (
            rows_of("Mention")
            .select_related("target", "target_paragraph")
            .order_by("start", "-end")
            .prefetch_related(as_list("pinpoints", pinpoints))
        )
        if (language := text_language()) != CHINESE:
            there = rows_of("Document").filter(symbol=OuterRef("symbol"), language=language)
            held = When(Exists(there), then=Value(language))
            mentions = mentions.annotate(language_held=Case(held, default=Value(CHINESE)))
        bodies = rows_of("BodyMention").select_related("body").order_by("start", "-end")
        own = rows_of("OwnReference").select_related("target_paragraph").order_by("start", "pk")
        treaties = rows_of("TreatyMention").select_related("treaty").order_by("start")
        return self.prefetch_related(
            as_list("mentions", mentions),
            as_list("body_mentions", bodies),
            as_list("treaty_mentions", treaties),
            as_list("own_references", own),
        )

    def with_citing_counts(self) -> Self:
        """Adds ``cited_by_count`` and ``cited_by_documents``: who cites each, and in how many."""
        pinpoints = rows_of("Pinpoint").citing().filter(target_paragraph=OuterRef("pk"))
        return self.annotate(
            cited_by_count=count_of(pinpoints, "target_paragraph", "mention__paragraph"),
            cited_by_documents=count_of(pinpoints, "target_paragraph", "mention__paragraph__document"),
        )

    def neighbours(self, paragraph: Paragraph) -> Self:
        """Returns ``paragraph`` and those before and after it in its document, in order."""
        around = (paragraph.position - 1, paragraph.position + 1)
        return self.filter(document=paragraph.document_id, position__range=around).order_by("position")

    def anchors(self) -> Anchors:
        """Returns the anchors of these paragraphs of one document, for lookup by citation."""
        return Anchors(self.order_by("position").values_list("anchor", "parent__anchor"))
