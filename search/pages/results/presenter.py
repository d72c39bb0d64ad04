"""An answer as the page shows it: what was understood, where to jump, order and pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from archive.site.http.paging import list_page
from archive.site.http.parameters import FACETS as FACET_PARAMETERS
from archive.site.presenters.wording import date_in_words, label_of_place, moment_in_words
from archive.store.links.ranges import path_of_place
from archive.store.values import Schema
from search.engine.protocol import FACETS, Slice
from search.pages.http.addresses import search_address, with_parameters
from search.pages.jump.name_lookup import place_shown
from search.pages.suggest.corrections import By, OtherWriting
from search.query.entities.names import How, Kind
from search.query.entities.recognise import read_whole
from search.query.expansion.forms import is_single
from search.query.language.ast import Field, Phrase, Words, is_plain, within, without_fields
from search.query.language.conditions import SINGLE
from search.query.language.messages import message_of
from search.query.language.unparse import unparse
from search.query.planning.names import Names

from .additions import Expansion, additions, named_concepts, things
from .answer import Answer, HitsOfDocument
from .execution import MOST_VALUES

WAYS = {
    By.SCRIPT: gettext_lazy("只是繁简之别"),
    By.MARKS: gettext_lazy("不带其中的引号"),
    By.NUMBER: gettext_lazy("只是数字写法不同"),
}


class Jump(Schema, frozen=True):
    """The page that the query names."""

    label: str
    url: str
    held: bool

    lacking: ClassVar[str]  # the paragraph that was named, and that the document has not


def page_context(request: HttpRequest, answer: Answer) -> dict[str, Any]:
    """Returns the context of the results page."""
    parameters, found = request.GET, answer.found
    named, otherwise = things(answer), only_otherwise(answer)
    return {
        "answer": answer,
        "found": found,
        "asked": answer.asked,
        "hits": answer.hits,
        "problems": [message_of(problem) for problem in answer.plan.problems],
        "jump": jump_link(answer),
        "things": [
            thing
            for thing in named
            if thing.kind != Kind.SYMBOL or thing.how == How.LOOKALIKE or thing.place  # else the jump
        ],
        "unnamed": [thing for thing in named if not thing.paragraphs],
        "facets": facets(answer, parameters),
        "chips": chips(answer.asked.filters, answer.names, parameters),
        "groups": [_group(group, answer, parameters) for group in answer.groups]
        if answer.groups is not None
        else None,
        "grouping": with_parameters(parameters, group=None if answer.asked.group else "document", page=None),
        "years": years(answer, parameters),
        "table": reverse("search_csv") + with_parameters(parameters, page=None, group=None),
        "whole": reverse("search_whole") + with_parameters(parameters, page=None, group=None),
        "feed": reverse("search_atom") + with_parameters(parameters, page=None, sort=None, group=None),
        "in_lines": _in_lines(answer, parameters),
        "nears": [(pair.within, pair.ordered) for pair in answer.plan.marks.pairs],
        "patterns": answer.plan.marks.patterns,
        "listing": list_page(request, answer.asked.page, answer.pages, found.paragraphs if found else 0),
        "sorts": sorts(
            {"relevance": pgettext("order", "相关"), "date": _("日期"), "document": _("文件")},
            answer.asked.sort,
            parameters,
        ),
        "structured": not is_plain(answer.query.root),
        "understood": unparse(answer.query.root),
        "additions": [_removable(one, answer, parameters) for one in additions(answer)],
        "without": [
            (term, with_parameters(parameters, without=_toggled(answer.asked.without, term), page=None))
            for term in answer.asked.without
        ],
        "concepts": named_concepts(answer),
        "singles": [text for text in answer.plan.tokens if is_single(text)],
        "only_typed": with_parameters(parameters, variants="0", page=None),
        "quoted": search_address(f"“{answer.query.text}”"),
        "unquoted": search_address(answer.query.text.strip('"“”„‟＂「」『』')),
        "variants": [(v.text, v.count, _address_of(v)) for v in answer.variants if v not in otherwise],
        "corrections": [(c.meant, c.count, _offered(answer, c.piece, c.meant)) for c in answer.corrections],
        "absent": [
            (
                one.text,
                [(text, count, _offered(answer, one.text, text)) for text, count in one.pieces],
                (one.inside, search_address(f"“{one.text}”")) if one.inside else None,
                one.also,
                one.instead,
            )
            for one in answer.absent
            if not _says_the_verdict(answer, one.text)
        ],
        "otherwise": [(WAYS[By(one.by)], one.text, one.count, _address_of(one)) for one in otherwise],
        "nearby": [(text, count, search_address(f"“{text}”")) for text, count in answer.nearby],
        "twin": reverse("search_json") + with_parameters(parameters),
        "first_rank": answer.start + 1,
        "coverage": answer.coverage,
        "indexed_at": moment_in_words(dt.datetime.fromisoformat(answer.corpus.indexed_at)),
        "filtered": bool(answer.asked.filters or answer.plan.filters),
        "mentioned_instead": _mentioned_instead(answer),
        "unfiltered": search_address(unparse(without_fields(answer.query.root))) if answer.found else "",
    }


def _offered(answer: Answer, part: str, piece: str) -> str:
    """Returns the same search with ``piece`` in the place of ``part``."""
    return search_address(answer.query.text.replace(part, piece, 1))


def _removable(one: Expansion, answer: Answer, parameters: QueryDict) -> dict[str, Any]:
    """Returns the additions to a word, each with the address of the same search without it: empty for names,
    since what they name is found by any.
    """
    named = any(one.text == other.text for other in answer.plan.named)

    def linked(kinds: list[tuple[str, list[str]]]) -> list[tuple[str, list[tuple[str, str]]]]:
        out = answer.asked.without
        less = {
            term: with_parameters(parameters, without=[*out, term], page=None)
            for _, kind in kinds
            for term in kind
        }
        return [(label, [(term, "" if named else less[term]) for term in kind]) for label, kind in kinds]

    return {
        "text": one.text,
        "absent": one.absent,
        "kinds": linked(one.by_kind(True)),
        "raising": linked(one.by_kind(False)),
    }


def _address_of(one: OtherWriting) -> str:
    """Returns the search for another writing: of a number as words, where it is no piece of another."""
    return search_address(one.text if one.by == By.NUMBER else f"“{one.text}”")


def only_otherwise(answer: Answer) -> list[OtherWriting]:
    """Returns the other script or marks in which a phrase occurs that does not occur as typed."""
    if answer.mode != "literal" or (answer.found and any(answer.found.phrases)):
        return []
    return [one for one in answer.variants if one.by in WAYS]


def _says_the_verdict(answer: Answer, part: str) -> bool:
    """Returns True if a part of the query is its only phrase, which the verdict already reports as absent."""
    return isinstance(answer.query.root, Phrase) and part in (answer.query.root.text, *answer.plan.phrases)


def sorts(labels: Mapping[str, str], chosen: str, parameters: QueryDict) -> list[tuple[str, str, bool]]:
    """Returns label, address and selection of each order; the first is that which no address names."""
    usual = next(iter(labels))
    return [
        (label, with_parameters(parameters, sort=name if name != usual else None, page=None), name == chosen)
        for name, label in labels.items()
    ]


def years(answer: Answer, parameters: QueryDict) -> list[dict[str, Any]]:
    """Returns every year with documents, the number of matches, and a link to filter by it.

    Under a filter on years the counts of the other years are as they would be without it.
    """
    if not answer.found:
        return []
    counts = dict([*answer.found.facets["year"], *answer.found.facet_alternatives.get("year", [])])
    most = max(counts.values(), default=1)
    return [
        {
            "year": year,
            "count": counts.get(year, 0),
            "share": 100 * counts.get(year, 0) / most,
            "url": with_parameters(parameters, year=year, page=None),
        }
        for year in answer.corpus_years
    ]


def _group(group: HitsOfDocument, answer: Answer, parameters: QueryDict) -> dict[str, Any]:
    inside = within(answer.query.root, Field("symbol", (group.symbol,)))
    return {
        "told": group,
        "date": date_in_words(group.results[0].dates),
        "more": group.paragraphs > len(group.results),
        "url": with_parameters(parameters, q=unparse(inside), group=None, page=None),
    }


def _in_lines(answer: Answer, parameters: QueryDict) -> str:
    """Returns the address of the concordance of the only string of a query, quoted or not, under the same
    conditions; empty where there are several strings.
    """
    root = answer.query.root
    one = without_fields(root)
    if not isinstance(one, Phrase | Words) or answer.plan.marks.patterns:
        return ""
    q = one.text if one == root else unparse(root)
    given = {name: list(values) for name, values in answer.asked.filters.items()}
    return reverse("concordance") + with_parameters(QueryDict(), q=q, **given)


def jump_link(answer: Answer) -> Jump | None:
    """Returns the link to the one document or paragraph that the query names, else None."""
    read = read_whole(answer.query.text, answer.names.table)
    symbols = [one for one in read if one.kind is Kind.SYMBOL]
    if len(symbols) != 1:
        return None
    named = symbols[0].place
    place = place_shown(named, answer.names.table)
    held = place.symbol in answer.names.known.get("symbol", {})
    lacking = label_of_place(named) if named.anchor and not place.anchor else ""
    return Jump(label_of_place(place), path_of_place(place), held).carrying(lacking=lacking)


def _mentioned_instead(answer: Answer) -> str:
    """Returns the search for mentions of a body that is itself neither speaker nor author; else empty."""
    understood = unparse(answer.query.root)
    asked = re.sub(r"(?<!提及)机构:", "提及机构:", understood)
    return search_address(asked) if asked != understood else ""


# Facets of a list as links, and the chosen ones as chips.

SHOWN_VALUES = 8
TITLES = {facet.name: facet.label for facet in FACET_PARAMETERS}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet. ``url`` chooses it, or takes it back where ``chosen``. ``adds``: ``count``
    would come on top.
    """

    label: str
    count: int
    url: str
    chosen: bool = False
    adds: bool = False
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    choices: tuple[Choice, ...]
    rest: tuple[Choice, ...] = ()
    cut: bool = False  # whether there are more values, which only the JSON lists

    @property
    def is_bars(self) -> bool:
        return self.name == "year"


def facets(answer: Answer, parameters: QueryDict) -> list[Facet]:
    """Returns the facets of the list, each with its values as links. Years in order, others by count."""
    found = answer.found
    if not found:
        return []
    told = [_facet(name, answer, found, parameters) for name in FACETS]
    # Nothing is to be chosen where all is in one language.
    alone = len(found.facets["language"]) < 2 and "language" not in answer.asked.filters
    return [one for one in told if one.choices and not (alone and one.name == "language")]


def _facet(name: str, answer: Answer, found: Slice, parameters: QueryDict) -> Facet:
    chosen = answer.asked.filters.get(name, ())
    held = found.facets[name]
    counted = [(value, count, value in chosen, False) for value, count in held[:MOST_VALUES] if value]
    if name in answer.asked.filters:
        counted += [
            (value, count, False, True) for value, count in found.facet_alternatives.get(name, []) if value
        ]
    most = max((count for _, count, _, _ in counted), default=1)
    if name == "year":
        counted.sort()
    choices = tuple(
        Choice(
            answer.names.label(name, value),
            count,
            with_parameters(parameters, **{name: _toggled(chosen, value), "page": None}),
            is_chosen,
            adds,
            100 * count / most,
        )
        for value, count, is_chosen, adds in counted
    )
    shown = len(choices) if name in SINGLE else SHOWN_VALUES
    if len(choices) == shown + 1:
        shown += 1
    return Facet(name, str(TITLES[name]), choices[:shown], choices[shown:], len(held) > MOST_VALUES)


def _toggled(chosen: tuple[str, ...], value: str) -> list[str] | None:
    values = [other for other in chosen if other != value] if value in chosen else [*chosen, value]
    return values or None


def chips(
    filters: Mapping[str, tuple[str, ...]], names: Names, parameters: QueryDict
) -> list[tuple[str, str]]:
    """Returns the chosen filters in words, with the address that takes each back."""
    return [
        (
            pgettext("a label and what it is of", "%(before)s：%(after)s")
            % {"before": TITLES[name], "after": names.label(name, value)},
            with_parameters(parameters, **{name: _toggled(values, value), "page": None}),
        )
        for name, values in filters.items()
        for value in values
    ]
