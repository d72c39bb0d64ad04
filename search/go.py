"""Going straight there: what was typed, read as the name of documents, paragraphs, States, bodies, years.

One target is a place to go to, several are a choice; where there is none, what stands nearest is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.urls import reverse
from django.utils.translation import gettext as _

from archive import reads
from archive.addresses import body_path, document_path, paragraph_path, query_string, state_path
from archive.models import Body, Document, Mention, Paragraph, Pinpoint, Resolution, State
from archive.presenters.symbols import Part, nearest, read_aloud
from archive.text.reference import load_reference

from .folding import fold_words
from .jump import Jump, find_jump, jump_label

MOST = 30
LONGEST = 200
YEAR_AND_KIND = re.compile(r"(?:([12]\d{3})年?的?)?(\D{2,12})?")
ANY_KIND = "文件"


@dataclass(frozen=True, slots=True)
class Target:
    """A page to go to: its address, its name and what kind of thing it is, all in words."""

    label: str
    url: str
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Destinations:
    """``understood``: how the typed text was read; ``parts``: a symbol read part by part, where it is one."""

    typed: str
    targets: tuple[Target, ...] = ()
    nearest: tuple[Target, ...] = ()
    understood: str = ""
    parts: tuple[Part, ...] = field(default=())


def find_destinations(typed: str) -> Destinations:
    """Where ``typed`` may lead. Issues a fixed number of queries at most."""
    text = typed.replace("\x00", "").strip()[:LONGEST]
    if not text:
        return Destinations(text)
    if jump := find_jump(text, load_reference().resolutions):
        return _of_symbol(text, jump)
    targets = tuple(dict.fromkeys([*_named(text), *_documents_of_kind(text)]) or _titled(text))
    if targets:
        return Destinations(text, targets)
    return Destinations(text, (), tuple(_similar_names(text)), "", ())


# --- symbols and paragraphs ---


def _of_symbol(text: str, jump: Jump) -> Destinations:
    label = jump_label(jump)
    held = Document.objects.find(jump.symbol)
    if held is None:
        return _not_held(text, jump, label)
    symbol = held.symbol
    if not jump.anchor:
        return Destinations(text, (_document(held),), understood=label)
    anchors = Paragraph.objects.filter(document=held, anchor__endswith=jump.anchor).order_by("position")
    fitting = [
        anchor
        for anchor in anchors.values_list("anchor", flat=True)
        if anchor == jump.anchor or anchor.endswith(f".{jump.anchor}")
    ]
    exact = [anchor for anchor in fitting if anchor == jump.anchor] or fitting
    targets = tuple(
        Target(jump_label(Jump(symbol, anchor)), paragraph_path(symbol, anchor), _("段落"), held.title)
        for anchor in exact[:MOST]
    )
    return Destinations(text, targets, () if targets else (_document(held),), label)


def _not_held(text: str, jump: Jump, label: str) -> Destinations:
    """A symbol that others cite has a page all the same; one that nobody knows has none."""
    known = (
        Resolution.objects.filter(symbol=jump.symbol).exists()
        or Mention.objects.certain().filter(symbol=jump.symbol).exists()
    )
    if known:
        pinpoints = Pinpoint.objects.filter(mention__symbol=jump.symbol, anchor=jump.anchor)
        cited = bool(jump.anchor) and pinpoints.exists()
        url = paragraph_path(jump.symbol, jump.anchor) if cited else document_path(jump.symbol)
        return Destinations(text, (Target(label, url, _("未藏，可看谁引用了它")),), understood=label)
    near = nearest(jump.symbol, reads.known_symbols())
    held = {document.symbol: _document(document) for document in Document.objects.filter(symbol__in=near)}
    others = {symbol: Target(symbol, document_path(symbol), _("未藏，可看谁引用了它")) for symbol in near}
    near = [held.get(symbol, others[symbol]) for symbol in near]
    return Destinations(text, (), tuple(near), label, tuple(read_aloud(jump.symbol)))


def _document(document: Document) -> Target:
    return Target(document.symbol, document_path(document.symbol), _("文件"), document.title)


# --- names ---


def _plain(name: str) -> str:
    return re.sub(r"[\s《》“”\"]", "", fold_words(name))


def _all_names() -> Iterator[tuple[str, Target]]:
    """Every name of a State or body, folded, with its page."""
    for state in State.objects.order_by("alpha3"):
        target = Target(state.name, state_path(state.alpha3), _("国家"))
        names = (state.name, state.official_name, state.english, state.alpha3, state.alpha2, *state.aliases)
        yield from ((_plain(name), target) for name in names if name)
    for body in Body.objects.order_by("slug"):
        target = Target(body.name, body_path(body.slug), _("机构"))
        names = (body.name, body.english, body.acronym, *body.aliases, *body.contextual_aliases)
        yield from ((_plain(name), target) for name in (*names, *body.traditional) if name)


def _named(text: str) -> list[Target]:
    wanted = _plain(text)
    return [target for name, target in _all_names() if name == wanted]


def _similar_names(text: str) -> list[Target]:
    """States and bodies whose names are nearest to what was typed."""
    by_name = dict(_all_names())
    close = get_close_matches(_plain(text)[:60], by_name, n=6, cutoff=0.6)
    return list(dict.fromkeys(by_name[name] for name in close))


# --- years and kinds of documents ---


def _documents_of_kind(text: str) -> list[Target]:
    """2016年简要记录, 简要记录, 2016年文件, 2016年."""
    found = YEAR_AND_KIND.fullmatch(_plain(text))
    if not found or not any(found.groups()):
        return []
    year, kind = found.groups()
    kinds = {fold_words(str(label)): code for code, label in Document.Type.choices}
    codes = [kinds[kind]] if kind in kinds and not (year and kind == ANY_KIND) else []
    if kind and not codes and not (year and kind == ANY_KIND):
        return []
    rows = Document.objects.newest_first()
    rows = rows.of_type(codes[0]) if codes else rows
    rows = rows.in_year(int(year)) if year else rows
    documents = list(rows[: MOST + 1])
    if not kind and documents:
        return [Target(_("%(year)s年") % {"year": year}, reverse("year", args=[int(year)]), _("年份"))]
    return [*map(_document, documents[: MOST - 1]), *_rest(documents, codes, year)]


def _rest(documents: list[Document], codes: list[str], year: str | None) -> list[Target]:
    """The whole list, where it is longer than a choice should be."""
    if len(documents) < MOST:
        return []
    address = reverse("documents") + query_string(type=codes[0] if codes else "", year=year or "")
    return [Target(_("全部列出"), address, _("文件"))]


def _titled(text: str) -> list[Target]:
    """Documents whose title holds what was typed."""
    if len(text) < 4:
        return []
    documents = list(Document.objects.filter(title__icontains=text).newest_first()[:MOST])
    return [_document(document) for document in documents]
