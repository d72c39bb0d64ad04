"""A body's paragraphs: where it is named, alone or beside another; what it said, wrote and transmitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.http.addresses import query_string
from archive.http.paging import BadRequestError, choice_parameter, text_parameter
from archive.models import Body, Paragraph
from archive.models.querysets import ParagraphQuerySet
from archive.reading import queries as reads

from .state_filters import kind_rows

MENTIONED = "mentioned"
KINDS = {
    MENTIONED: gettext_lazy("提到它的段落"),
    "own": gettext_lazy("自己的发言和书面意见"),
    "said": gettext_lazy("发言"),
    "written": gettext_lazy("答复和来文"),
    "transmitted": gettext_lazy("转递的文字"),
}


@dataclass(frozen=True, slots=True)
class BodyFilters:
    """Which paragraphs of a body are listed; ``beside`` is a body that they name too."""

    body: Body
    kind: str
    beside: Body | None

    @classmethod
    def of(cls, request: HttpRequest, body: Body) -> BodyFilters:
        """As the address says. Raises BadRequestError."""
        kind = choice_parameter(request, "kind", KINDS, _("类别")) or MENTIONED
        return cls(body, kind, _other(body, text_parameter(request, "with")))

    @property
    def paragraphs(self) -> ParagraphQuerySet:
        rows = self._beside
        return {
            MENTIONED: rows.mentioning,
            "own": rows.words_of,
            "said": rows.said_by,
            "written": rows.written_by,
            "transmitted": rows.transmitted_by,
        }[self.kind](self.body)

    @property
    def _beside(self) -> ParagraphQuerySet:
        return Paragraph.objects.mentioning(self.beside) if self.beside else Paragraph.objects.all()

    def places(self, shown: Sequence[Paragraph]) -> dict:
        """Where in each paragraph stands what it is listed for."""
        return reads.body_places(shown, self.body) if self.kind == MENTIONED else {}

    @property
    def counts(self) -> list[dict]:
        """For each kind of its own its name and how many paragraphs of how many documents."""
        return kind_rows(KINDS, self._beside.count_kinds(self.body))

    @property
    def name(self) -> str:
        if self.beside and self.kind == MENTIONED:
            return _("与%(name)s同段提到") % {"name": self.beside.name}
        return str(KINDS[self.kind])

    @property
    def narrowed(self) -> bool:
        return self.kind != MENTIONED or self.beside is not None

    @property
    def query(self) -> str:
        """The filters as part of a query string."""
        beside = self.beside.slug if self.beside else ""
        return query_string(kind=self.own_kind, **{"with": beside}).lstrip("?")

    @property
    def own_kind(self) -> str:
        """The kind of its own words that is asked for; empty where others mention it."""
        return self.kind if self.kind != MENTIONED else ""


def _other(body: Body, slug: str) -> Body | None:
    if not slug:
        return None
    other = Body.objects.filter(slug=slug).exclude(pk=body.pk).first()
    if other is None:
        what = {"what": _("机构"), "value": slug[:40]}
        raise BadRequestError(_("没有这样的%(what)s：“%(value)s”。") % what)
    return other
