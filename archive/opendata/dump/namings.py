"""The tables of what paragraphs name beside documents and bodies: treaties, themes, States, themselves; and
the thesaurus."""

from __future__ import annotations

from archive.models import (
    OwnReference,
    StateMention,
    Theme,
    ThemeMention,
    ThesaurusConcept,
    Treaty,
    TreatyMention,
)
from archive.text.skos import LISTS

from .table import IN_ORDER, DumpTable, of_paragraph, same

PLACE = of_paragraph("paragraph__") | same("start", "end", "surface")
KEY = ("symbol", "language", "anchor", "start")


def tables() -> list[DumpTable]:
    return [
        DumpTable(
            "treaties",
            same("slug", "name", "english", "acronym", "aliases", "signed"),
            Treaty.objects.order_by("slug"),
            ("slug",),
        ),
        DumpTable(
            "themes",
            same("slug", "name", "position", "words", "paragraphs"),
            Theme.objects.order_by("slug"),
            ("slug",),
        ),
        DumpTable(
            "thesaurus",
            same("slug", "name", "branch", *LISTS, "retired", "successor"),
            ThesaurusConcept.objects.order_by("slug"),
            ("slug",),
        ),
        DumpTable(
            "treaty_mentions",
            PLACE | {"treaty": "treaty__slug", "article": "article"},
            TreatyMention.objects.order_by(*IN_ORDER),
            KEY,
        ),
        DumpTable(
            "theme_mentions",
            PLACE | {"theme": "theme__slug"},
            ThemeMention.objects.order_by(*IN_ORDER, "theme__slug"),
            (*KEY, "theme"),
        ),
        DumpTable(
            "state_mentions",
            PLACE | {"state": "state__alpha3"},
            StateMention.objects.order_by(*IN_ORDER, "state__alpha3"),
            (*KEY, "state"),
        ),
        DumpTable(
            "own_references",
            PLACE | {"cited_anchor": "anchor", "held_anchor": "target_paragraph__anchor", "doubt": "doubt"},
            OwnReference.objects.order_by(*IN_ORDER, "anchor"),
            (*KEY, "cited_anchor"),
            {("symbol", "language", "held_anchor"): "paragraphs"},
        ),
    ]
