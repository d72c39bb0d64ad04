"""Filters of a cited-by list: how it is cited, together with what, by whom speaking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from archive.http.addresses import query_string
from archive.http.paging import choice_parameter, text_parameter
from archive.models import Body, Document, Mention, Paragraph, State
from archive.models.querysets import ParagraphQuerySet
from archive.presenters.relations import NONE, choices, relation_name, stored_relation
from archive.presenters.wording import spoken_symbol
from archive.reading import queries as reads
from archive.schemas import citing
from archive.schemas.base import CountOfKind


@dataclass(frozen=True, slots=True)
class CitingFilters:
    """The citing paragraphs of one document, or of one paragraph of it, as far as the address narrows them.

    ``relation`` is as in the address; ``together`` a symbol cited in the same paragraph; ``state`` (ISO
    3166 alpha-3) and ``body`` (slug) whose words it has, spoken or written.
    """

    symbol: str
    anchor: str | None
    only: str
    relation: str
    together: str
    state: str
    body: str

    @classmethod
    def of(cls, request: HttpRequest, symbol: str, anchor: str | None, only: str) -> CitingFilters:
        """As the address says. Raises BadRequestError."""
        together = text_parameter(request, "with")
        return cls(
            symbol,
            anchor,
            only,
            choice_parameter(request, "relation", choices(), _("引用方式")),
            reads.canonical(together) or together,
            text_parameter(request, "state"),
            text_parameter(request, "body"),
        )

    @property
    def mentions(self) -> QuerySet[Mention]:
        """The mentions that make a paragraph one of the list."""
        match self.only:
            case "":
                mentions = Mention.objects.citing()
            case "uncertain":
                mentions = Mention.objects.filter(certain=False)
            case _:
                mentions = Mention.objects.certain()
        mentions = mentions.of(self.symbol)
        if self.anchor is not None:
            mentions = mentions.at_paragraph(self.anchor)
        if self.relation:
            mentions = mentions.filter(relation=stored_relation(self.relation))
        return mentions

    @property
    def paragraphs(self) -> ParagraphQuerySet:
        if self.only == "uncertain":
            rows = Paragraph.objects.doubtfully_naming(self.symbol)
        elif self.only:
            rows = Paragraph.objects.only_naming(self.symbol, headings=self.only == "headings")
        else:
            rows = Paragraph.objects.citing(self.symbol, self.anchor, stored_relation(self.relation))
        return self._narrowed(rows)

    def _narrowed(self, rows: ParagraphQuerySet) -> ParagraphQuerySet:
        if self.together:
            rows = rows.filter(pk__in=Paragraph.objects.citing(self.together).order_by().values("pk"))
        if self.state:
            rows = rows.words_of_any(State.objects.filter(alpha3=self.state))
        if self.body:
            rows = rows.words_of_any(Body.objects.filter(slug=self.body))
        return rows

    def relations(self, year: int | None = None, document: str = "") -> list[dict]:
        """How often each relation occurs among what the other filters leave, in a year, in a document."""
        mentions = Mention.objects.citing().of(self.symbol)
        if self.anchor is not None:
            mentions = mentions.at_paragraph(self.anchor)
        if self.together or self.state or self.body:
            narrowed = self._narrowed(Paragraph.objects.all()).order_by()
            mentions = mentions.filter(paragraph__in=narrowed.values("pk"))
        if year:
            mentions = mentions.filter(paragraph__document__year=year)
        if document:
            mentions = mentions.filter(paragraph__document__symbol=document)
        return named(mentions.by_relation())

    @property
    def chips(self) -> list[tuple[str, str]]:
        """Parameter and words of each filter in force, for taking it away."""
        chips = []
        if self.relation:
            chips.append(("relation", _("引用方式：%(name)s") % {"name": relation_name(self.relation)}))
        if self.together:
            chips.append(("with", _("同时引用%(name)s") % {"name": spoken_symbol(self.together)}))
        if self.state:
            state = State.objects.filter(alpha3=self.state).first()
            chips.append(("state", state.name if state else self.state))
        if self.body:
            body = Body.objects.filter(slug=self.body).first()
            chips.append(("body", body.name if body else self.body))
        return chips

    @property
    def unheard(self) -> str:
        """The name of the State or body asked for, where nothing of it is held: it cannot be told what it
        cites. Empty where some word or document is."""
        asked: dict[str, QuerySet[State] | QuerySet[Body]] = {
            "state": State.objects.filter(alpha3=self.state),
            "body": Body.objects.filter(slug=self.body),
        }
        for field, found in asked.items():
            sent = Document.objects.filter(**{f"{field}__in": found})
            if found and not (sent.exists() or Paragraph.objects.words_of_any(found).exists()):
                return found[0].name
        return ""

    @property
    def query(self) -> str:
        """The filters as part of a query string."""
        return query_string(**self._given).lstrip("?")

    @property
    def _given(self) -> dict[str, str]:
        return {
            "relation": self.relation,
            "with": self.together,
            "state": self.state,
            "body": self.body,
        }

    def as_json(self) -> citing.CitingFilters:
        return citing.CitingFilters(
            relation=self.relation or None,
            with_=self.together or None,
            state=self.state or None,
            body=self.body or None,
        )


def named(rows: Iterable[dict]) -> list[dict]:
    """Counts by relation with the word of the address and the words of the page; the unread last."""
    rows = sorted(rows, key=lambda row: not row["relation"])
    return [{**row, "code": row["relation"] or NONE, "name": relation_name(row["relation"])} for row in rows]


def relation_counts(rows: Iterable[dict]) -> list[CountOfKind]:
    return [(row["code"], row["paragraphs"], row["documents"]) for row in rows]
