"""What paragraphs speak of: treaties and States by name, themes of resolution 1540 (2004) by their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
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
from archive.revision import lock_revision
from archive.text.mentions import find_treaties
from archive.text.parsed import Kind, ParsedParagraph, ParsedStateMention, ParsedTheme, ParsedTreaty
from archive.text.reference import load_reference
from archive.text.states import find_states
from archive.text.themes import find_themes


def write_themes_and_treaties(
    themes: Iterable[ParsedTheme], treaties: Iterable[ParsedTreaty], rows: Mapping[str, Paragraph]
) -> None:
    """Write what was found in the paragraphs ``rows`` (by anchor), which have no such rows yet."""
    known_treaties, known_themes = _treaties(), _themes()
    TreatyMention.objects.bulk_create(
        (
            TreatyMention(
                paragraph=rows[found.anchor],
                start=found.start,
                end=found.end,
                surface=found.surface,
                treaty=known_treaties[found.treaty],
                article=found.article or "",
            )
            for found in treaties
        ),
        batch_size=200,
    )
    ThemeMention.objects.bulk_create(
        (
            ThemeMention(
                paragraph=rows[found.anchor],
                start=found.start,
                end=found.end,
                surface=found.surface,
                theme=known_themes[found.theme],
            )
            for found in themes
        ),
        batch_size=500,
    )


def write_states(states: Iterable[ParsedStateMention], rows: Mapping[str, Paragraph]) -> None:
    """Write where States are named in the paragraphs ``rows`` (by anchor), which have no such rows yet."""
    known = _states()
    StateMention.objects.bulk_create(
        (
            StateMention(
                paragraph=rows[found.anchor],
                start=found.start,
                end=found.end,
                surface=found.surface,
                state=known[found.state],
            )
            for found in states
            if found.state in known
        ),
        batch_size=500,
    )


def _states() -> dict[str, State]:
    """States by code. One that is not loaded is not entered here: its row has more than its name."""
    return {state.alpha3: state for state in State.objects.all()}


def _treaties() -> dict[str, Treaty]:
    """The treaties of the reference data by slug; entered here where they are not loaded yet."""
    rows = {treaty.slug: treaty for treaty in Treaty.objects.all()}
    for known in load_reference().treaties:
        if known.slug not in rows:
            rows[known.slug] = Treaty.objects.create(
                slug=known.slug, name=known.name, aliases=list(known.aliases), acronym=known.acronym or ""
            )
    return rows


def _themes() -> dict[str, Theme]:
    rows = {theme.slug: theme for theme in Theme.objects.all()}
    for position, known in enumerate(load_reference().themes, start=1):
        if known.slug not in rows:
            rows[known.slug] = Theme.objects.create(
                slug=known.slug, name=known.name, position=position, words=list(known.words)
            )
    return rows


def relink_subjects() -> int:
    """Seek treaties, States and themes anew in all that is held, after the reference data changed.

    Only documents where something else is found are written; returns how many those are.
    """
    changed = 0
    for document in Document.objects.order_by("pk").iterator():
        with transaction.atomic():
            lock_revision()
            changed += _relink(document)
    return changed


def _relink(document: Document) -> bool:
    rows = {row.anchor: row for row in document.paragraphs.order_by("position")}
    blocks = [ParsedParagraph(row.anchor, Kind(row.kind), row.text) for row in rows.values()]
    reference = load_reference()
    themes, treaties = find_themes(blocks, reference), find_treaties(blocks, reference)
    states, known = find_states(blocks, reference), _states()
    of_document = {"paragraph__document": document}
    stored = (
        set(
            ThemeMention.objects.filter(**of_document).values_list(
                "paragraph__anchor", "start", "end", "theme__slug"
            )
        ),
        set(
            TreatyMention.objects.filter(**of_document).values_list(
                "paragraph__anchor", "start", "end", "treaty__slug", "article"
            )
        ),
        set(
            StateMention.objects.filter(**of_document).values_list(
                "paragraph__anchor", "start", "end", "state__alpha3"
            )
        ),
    )
    wanted = (
        {(found.anchor, found.start, found.end, found.theme) for found in themes},
        {(found.anchor, found.start, found.end, found.treaty, found.article or "") for found in treaties},
        {(found.anchor, found.start, found.end, found.state) for found in states if found.state in known},
    )
    if stored == wanted:
        return False
    ThemeMention.objects.filter(**of_document).delete()
    TreatyMention.objects.filter(**of_document).delete()
    StateMention.objects.filter(**of_document).delete()
    write_themes_and_treaties(themes, treaties, rows)
    write_states(states, rows)
    Document.objects.filter(pk=document.pk).update(changed=timezone.now())
    return True
