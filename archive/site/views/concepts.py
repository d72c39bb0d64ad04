"""``/concepts``: the thesaurus of the field, and its download as SKOS. One concept's page is one of search,
which knows the paragraphs that use its terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from archive.models import ThesaurusConcept
from archive.site.http.formats import MEDIA
from archive.site.http.paging import ListPage, choice_parameter, paginate, text_parameter
from archive.site.opendata import tables
from archive.site.presenters.concepts import (
    BRANCHES,
    OTHERS,
    ConceptLine,
    all_terms,
    as_skos,
    branch_name,
    in_order,
    letter_of,
)
from archive.store.revision import document_revisions
from archive.store.values import Counted, Schema, answers
from archive.text.folding import fold_words
from archive.text.skos import write_skos

from .page import page
from .respond import respond


class Concepts(Schema, frozen=True, kw_only=True):
    """The concepts in use; ``branches``: slug, name and how many, ``letters`` of pinyin and how many."""

    page: ListPage
    branches: list[tuple[str, str, int]]
    letters: list[Counted]
    concepts: list[ConceptLine]


PER_PAGE = 300


class Listed(NamedTuple):
    """A concept for filtering a list: its letter, and its terms and slug, folded, a line each."""

    row: ThesaurusConcept
    letter: str
    terms: str


@lru_cache(maxsize=2)
def concepts_at(_reference_data: str) -> tuple[Listed, ...]:
    """Returns the concepts in use by pinyin, at a revision of the reference data: to sort and fold thousands
    of them for each reader would take half a second.
    """
    return tuple(
        Listed(row, letter_of(row.name), "\n".join(map(fold_words, (*all_terms(row), row.slug))))
        for row in sorted(ThesaurusConcept.objects.current(), key=in_order)
    )


@answers(Concepts)
@page
def concept_list(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows all concepts in use by pinyin; ``?q=`` a part of any term, ``?branch=``, ``?letter=``."""
    concepts = concepts_at(document_revisions().get(0, ""))
    q = text_parameter(request, "q")
    known = {one.row.branch for one in concepts}
    branches = [name for name in BRANCHES if name in known] + sorted(known - BRANCHES.keys())
    branch = choice_parameter(request, "branch", dict.fromkeys(branches), _("门类"))
    letters = dict.fromkeys([*map(chr, range(ord("A"), ord("Z") + 1)), OTHERS])
    letter = choice_parameter(request, "letter", letters, _("字母"))
    key = fold_words(q)
    found = [one for one in concepts if key in one.terms]
    # Each count is that of the list its link leads to: under the other conditions, without its own.
    of_branch = Counter(one.row.branch for one in found if letter in ("", one.letter))
    of_letter = Counter(one.letter for one in found if branch in ("", one.row.branch))
    rows = [one.row for one in found if branch in ("", one.row.branch) and letter in ("", one.letter)]
    if twin == "jsonld":
        return skos_response(request, rows, "thesaurus")
    listing = paginate(request, rows, PER_PAGE, key=in_order)
    counted = [(name, branch_name(name), of_branch[name]) for name in branches]
    return respond(
        request,
        "archive/concept_list.html",
        {
            "listing": listing,
            "groups": _by_letter(listing.items),
            "q": q,
            "branch": branch,
            "branch_name": branch_name(branch),
            "letter": letter,
            "branches": counted,
            "letters": [(name, of_letter[name]) for name in letters if of_letter[name]],
            "whole": len(concepts),
        },
        lambda: Concepts(
            page=listing,
            branches=counted,
            letters=[(name, of_letter[name]) for name in letters if of_letter[name]],
            concepts=list(map(ConceptLine.of, listing.items)),
        ),
        twin,
        table=lambda: tables.concepts(request, rows),
    )


def _by_letter(rows: Iterable[ThesaurusConcept]) -> list[tuple[str, list[ThesaurusConcept]]]:
    groups: dict[str, list[ThesaurusConcept]] = {}
    for row in rows:
        groups.setdefault(letter_of(row.name), []).append(row)
    return list(groups.items())


def skos_response(request: HttpRequest, concepts: Iterable[ThesaurusConcept], name: str) -> HttpResponse:
    """Returns ``concepts`` as a file of SKOS in JSON-LD whose names are addresses of this site."""
    base = request.build_absolute_uri("/concepts/")
    content = "".join(write_skos(map(as_skos, concepts), base))
    response = HttpResponse(content, content_type=MEDIA["jsonld"])
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.jsonld") or "inline"
    return response
