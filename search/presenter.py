"""An answer as the page shows it: what was understood, facets as links, chips, pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.addresses import document_path, paragraph_path
from archive.text.reference import load_reference

from .answer import PAGE_SIZE, Answer, Hit
from .backends.found import FACETS, SINGLE
from .jump import Jump, find_jump
from .messages import message_of
from .query import unparse

SHOWN_VALUES = 8


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

    @property
    def is_bars(self) -> bool:
        return self.name == "year"


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the page stands in the list; addresses are query strings, empty where there is none."""

    number: int
    pages: int
    previous: str
    next: str
    first: str


@dataclass(frozen=True, slots=True)
class JumpLink:
    label: str
    url: str
    held: bool


def facet_title(name: str) -> str:
    titles = {
        "year": _("年份"),
        "cites": _("引用"),
        "state": _("国家"),
        "body": _("机构"),
        "mentioned": _("提到的机构"),
        "document_type": _("文件类型"),
    }
    return titles[name]


def page_context(request: HttpRequest, answer: Answer) -> dict[str, Any]:
    """The context of the results page."""
    parameters = request.GET
    return {
        "answer": answer,
        "found": answer.found,
        "asked": answer.asked,
        "hits": answer.hits,
        "problems": [message_of(problem) for problem in answer.plan.problems],
        "jump": jump_link(answer),
        "facets": facets(answer, parameters),
        "chips": chips(answer, parameters),
        "listing": pages(answer, parameters),
        "sorts": sorts(answer, parameters),
        "understood": unparse(answer.query.root),
        "added": sorted({other for others in answer.plan.added.values() for other in others}),
        "only_typed": with_parameters(parameters, variants="0", page=None),
        "quoted": search_address(f"“{answer.query.text}”"),
        "unquoted": search_address(_without_quotes(answer.query.text)),
        "nearby": [(text, count, search_address(f"“{text}”")) for text, count in answer.nearby],
        "twin": reverse("search_json") + with_parameters(parameters),
        "first_rank": (answer.asked.page - 1) * PAGE_SIZE + 1,
        "indexed_at": dt.datetime.fromisoformat(answer.indexed_at).strftime("%Y-%m-%d %H:%M UTC"),
        "filtered": bool(answer.asked.filters or answer.plan.filters),
        "unfiltered": search_address(_without_filters(answer)) if answer.found else "",
    }


def search_address(q: str) -> str:
    """The address of a search for ``q`` alone."""
    query = QueryDict(mutable=True)
    query["q"] = q
    return f"{reverse('search')}?{query.urlencode()}"


def with_parameters(parameters: QueryDict, **changes: str | list[str] | None) -> str:
    """The query string with some parameters set to others, None takes one out."""
    query = parameters.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query.setlist(name, value if isinstance(value, list) else [value])
    for name in [name for name, values in query.lists() if not any(values)]:
        del query[name]
    return f"?{query.urlencode()}" if query else "?"


def facets(answer: Answer, parameters: QueryDict) -> list[Facet]:
    """The facets of the list, each with its values as links. Years in order, others by count."""
    return (
        [facet for name in FACETS if (facet := _facet(name, answer, parameters)).choices]
        if answer.found
        else []
    )


def _facet(name: str, answer: Answer, parameters: QueryDict) -> Facet:
    chosen = answer.asked.filters.get(name, ())
    counted = [(value, count, value in chosen, False) for value, count in answer.found.facets[name] if value]
    if name in answer.asked.filters:
        counted += [(value, count, False, True) for value, count in answer.found.more.get(name, []) if value]
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
    return Facet(name, facet_title(name), choices[:shown], choices[shown:])


def _toggled(chosen: tuple[str, ...], value: str) -> list[str] | None:
    values = [other for other in chosen if other != value] if value in chosen else [*chosen, value]
    return values or None


def chips(answer: Answer, parameters: QueryDict) -> list[tuple[str, str]]:
    """The chosen filters in words, with the address that takes each back."""
    return [
        (
            f"{facet_title(name)}：{answer.names.label(name, value)}",
            with_parameters(parameters, **{name: _toggled(values, value), "page": None}),
        )
        for name, values in answer.asked.filters.items()
        for value in values
    ]


def sorts(answer: Answer, parameters: QueryDict) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the present order."""
    labels = {"relevance": _("相关"), "date": _("日期"), "document": _("文件")}
    return [
        (
            label,
            with_parameters(parameters, sort=None if name == "relevance" else name, page=None),
            name == answer.asked.sort,
        )
        for name, label in labels.items()
    ]


def pages(answer: Answer, parameters: QueryDict) -> Pages:
    number, last = answer.asked.page, answer.pages

    def address(page: int) -> str:
        return with_parameters(parameters, page=None if page == 1 else str(page))

    return Pages(
        number,
        last,
        address(number - 1) if number > 1 else "",
        address(number + 1) if number < last else "",
        address(1) if number > 1 else "",
    )


def jump_link(answer: Answer) -> JumpLink | None:
    """Where the whole query names one document or paragraph, the way there."""
    jump = find_jump(answer.query.text, load_reference().resolutions)
    if jump is None:
        return None
    return JumpLink(_jump_label(jump), jump_path(jump), jump.symbol in answer.names.known.get("symbol", {}))


def jump_path(jump: Jump) -> str:
    return paragraph_path(jump.symbol, jump.anchor) if jump.anchor else document_path(jump.symbol)


def _jump_label(jump: Jump) -> str:
    if not jump.anchor:
        return jump.symbol
    *part, number = (
        jump.anchor.split(".", 1) if jump.anchor[0].isalpha() and "." in jump.anchor else [jump.anchor]
    )
    first, *items = number.split(".")
    place = _("第%(number)s段") % {
        "number": first.removeprefix("pp") + "".join(f"({item})" for item in items)
    }
    before = _("序言部分") if first.startswith("pp") else ""
    named = {"annex": _("附件"), "enclosure": _("附文"), "appendix": _("附录")}
    of = "".join(
        named.get(name.rstrip("0123456789"), name) + name.lstrip("abcdefghijklmnopqrstuvwxyz")
        for name in part
    )
    return f"{jump.symbol} {of}{before}{place}"


def _without_quotes(text: str) -> str:
    return text.strip('"“”„‟＂「」『』')


def _without_filters(answer: Answer) -> str:
    from .plan import without_fields

    return unparse(without_fields(answer.query.root))


def as_json(answer: Answer) -> dict[str, Any]:
    """The machine twin of the results page: DESIGN.md section 7, with more keys."""
    found = answer.found
    jump = jump_link(answer)
    return {
        "query": answer.query.text,
        "understood": unparse(answer.query.root),
        "mode": answer.mode,
        "tokens": answer.plan.tokens,
        "added": answer.plan.added,
        "total": {
            "occurrences": _occurrences(answer),
            "paragraphs": found.paragraphs if found else 0,
            "documents": found.documents if found else 0,
            "all_words": found.complete if found and answer.plan.concepts else None,
        },
        "literal": answer.literal_count,
        "results": [_hit_as_json(hit) for hit in answer.hits],
        "facets": {name: found.facets[name] if found else [] for name in FACETS},
        "filters": {name: list(values) for name, values in answer.asked.filters.items()},
        "sort": answer.asked.sort,
        "page": answer.asked.page,
        "pages": answer.pages,
        "jump": {"label": jump.label, "url": jump.url, "held": jump.held} if jump else None,
        "nearby": [list(pair) for pair in answer.nearby],
        "corpus": {
            "paragraphs": answer.corpus_paragraphs,
            "documents": answer.corpus_documents,
            "indexed_at": answer.indexed_at,
        },
        "errors": [
            {
                "code": str(problem.code),
                "at": problem.at,
                "text": problem.text,
                "message": message_of(problem),
            }
            for problem in answer.plan.problems
        ],
    }


def _occurrences(answer: Answer) -> int | None:
    """Certain where all that was asked is quoted; None where words were asked, whose occurrences nobody
    counts.
    """
    return answer.found.occurrences if answer.found and answer.mode in ("literal", "mixed") else None


def _hit_as_json(hit: Hit) -> Mapping[str, Any]:
    return {
        "url": hit.url,
        "symbol": hit.symbol,
        "anchor": hit.anchor,
        "place": hit.place,
        "title": hit.title,
        "date": hit.date or None,
        "who": hit.who or None,
        "kind": hit.kind,
        "text": hit.text,
        "snippet": f"{'…' if hit.snippet.before else ''}{hit.snippet.html}{'…' if hit.snippet.after else ''}",
        "highlights": [list(span) for span in hit.marks],
    }
