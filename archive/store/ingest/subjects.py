"""What paragraphs speak of: treaties and States by name, themes of resolution 1540 (2004) by their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from archive.models import (
    Document,
    Paragraph,
    State,
    StateMention,
    Theme,
    ThemeMention,
    Treaty,
    TreatyMention,
)
from archive.store.database.bulk import insert_rows
from archive.store.revision import RevisionMark, one_act, reference_revision
from archive.text.mentions import find_treaties
from archive.text.parsed import Kind, ParsedParagraph, ParsedStateMention, ParsedTheme, ParsedTreaty
from archive.text.reference import load_reference
from archive.text.states import find_states
from archive.text.themes import find_themes

from .names import cached_by_revision
from .values import PLACE, place_of


def write_themes_and_treaties(
    themes: Iterable[ParsedTheme],
    treaties: Iterable[ParsedTreaty],
    rows: Mapping[str, Paragraph],
    revision: RevisionMark,
) -> None:
    """Write what was found in the paragraphs ``rows`` (by anchor), which have no such rows yet.

    ``revision`` is that of the reference data.
    """
    known = _subjects(revision)
    insert_rows(
        TreatyMention,
        (*PLACE, "treaty_id", "article"),
        (
            (*place_of(found, rows), known.treaties[found.treaty].pk, found.article or "")
            for found in treaties
        ),
    )
    insert_rows(
        ThemeMention,
        (*PLACE, "theme_id"),
        ((*place_of(found, rows), known.themes[found.theme].pk) for found in themes),
    )


def write_states(
    states: Iterable[ParsedStateMention], rows: Mapping[str, Paragraph], revision: RevisionMark
) -> None:
    """Write where States are named in the paragraphs ``rows`` (by anchor), which have no such rows yet.

    ``revision`` is that of the reference data.
    """
    known = _subjects(revision).states
    insert_rows(
        StateMention,
        (*PLACE, "state_id"),
        ((*place_of(found, rows), known[found.state].pk) for found in states if found.state in known),
    )


@dataclass(frozen=True, slots=True)
class Subjects:
    """Rows of States by code, of treaties and themes by slug. A State that is not loaded is not there."""

    states: dict[str, State]
    treaties: dict[str, Treaty]
    themes: dict[str, Theme]


@cached_by_revision
def _subjects() -> tuple[Subjects, bool]:
    """All that paragraphs can speak of. Treaties and themes of the reference data that are not loaded yet
    are entered here; a State is not, since its row has more than its name."""
    reference = load_reference()
    treaties = {treaty.slug: treaty for treaty in Treaty.objects.all()}
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    loaded = True
    for known in reference.treaties:
        if known.slug not in treaties:
            loaded = False
            treaties[known.slug] = Treaty.objects.create(
                slug=known.slug, name=known.name, aliases=list(known.aliases), acronym=known.acronym or ""
            )
    for position, theme in enumerate(reference.themes, start=1):
        if theme.slug not in themes:
            loaded = False
            themes[theme.slug] = Theme.objects.create(
                slug=theme.slug, name=theme.name, position=position, words=list(theme.words)
            )
    return Subjects({state.alpha3: state for state in State.objects.all()}, treaties, themes), loaded


def relink_subjects() -> int:
    """Seek treaties, States and themes anew in all that is held, after the reference data changed.

    Only documents where something else is found are written; returns how many those are.
    """
    changed = 0
    for document in Document.objects.order_by("pk").iterator():
        with one_act():
            changed += _relink(document)
    return changed


def _relink(document: Document) -> bool:
    rows = {row.anchor: row for row in document.paragraphs.order_by("position")}
    blocks = [ParsedParagraph(row.anchor, Kind(row.kind), row.text) for row in rows.values()]
    reference = load_reference()
    themes, treaties = find_themes(blocks, reference), find_treaties(blocks, reference)
    revision = reference_revision()
    states, known = find_states(blocks, reference), _subjects(revision).states
    rows_of = [
        model._default_manager.filter(paragraph__document=document)
        for model in (ThemeMention, TreatyMention, StateMention)
    ]
    names = (("theme__slug",), ("treaty__slug", "article"), ("state__alpha3",))
    stored = tuple(
        set(found.values_list("paragraph__anchor", "start", "end", *columns))
        for found, columns in zip(rows_of, names, strict=True)
    )
    wanted = (
        {(found.anchor, found.start, found.end, found.theme) for found in themes},
        {(found.anchor, found.start, found.end, found.treaty, found.article or "") for found in treaties},
        {(found.anchor, found.start, found.end, found.state) for found in states if found.state in known},
    )
    if stored == wanted:
        return False
    # What is found as before stays: the index holds treaties and States, and no themes.
    new = [before != now for before, now in zip(stored, wanted, strict=True)]
    for found, changed in zip(rows_of, new, strict=True):
        if changed:
            found.delete()
    write_themes_and_treaties(themes if new[0] else (), treaties if new[1] else (), rows, revision)
    write_states(states if new[2] else (), rows, revision)
    Document.objects.filter(pk=document.pk).update(changed=timezone.now())
    return True
