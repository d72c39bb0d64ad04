"""What has a name and a page: States, bodies, treaties, speakers of records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from archive.addresses import body_path, speaker_path, state_path, treaty_path
from archive.models import Body, Paragraph, State, Treaty

from .folding import fold_words
from .names import HONORIFIC
from .vocabulary import synonyms

MOST_NEAR = 6


@dataclass(frozen=True, slots=True)
class Target:
    """A page to go to: its address, its name and what kind of thing it is, all in words."""

    label: str
    url: str
    kind: str
    note: str = ""


def plain(name: str) -> str:
    """A name as names are compared: folded, without blanks and marks."""
    return re.sub(r"[\s《》“”\"]", "", fold_words(name))


class KnownNames:
    """Every name of a State, body or treaty with its page; read once, when first asked for."""

    @cached_property
    def pairs(self) -> list[tuple[str, Target]]:
        return list(_all_names())

    def named(self, text: str) -> list[Target]:
        """What ``text`` is a name of, by itself or by another word for the same (北韩); or a speaker."""
        wanted = plain(text)
        names = {wanted, *synonyms().get(wanted, ())}
        return list(dict.fromkeys(page for name, page in self.pairs if name in names)) or _speakers(text)

    def similar(self, text: str) -> list[Target]:
        """What has a name inside ``text`` (印度的答复), the longest first, or one that is written alike."""
        typed, pages = plain(text)[:60], dict(self.pairs)
        inside = [name for name in pages if name in typed and len(name) > (3 if name.isascii() else 1)]
        inside.sort(key=len, reverse=True)
        close = get_close_matches(typed, pages, n=MOST_NEAR, cutoff=0.6)
        return list(dict.fromkeys(pages[name] for name in [*inside[:2], *close]))[:MOST_NEAR]


def _all_names() -> Iterator[tuple[str, Target]]:
    """Every name of a State, body or treaty, folded, with its page."""
    for state in State.objects.order_by("alpha3"):
        target = Target(state.name, state_path(state.alpha3), _("国家"))
        names = (state.name, state.official_name, state.english, state.alpha3, state.alpha2, *state.aliases)
        yield from ((plain(name), target) for name in names if name)
    for body in Body.objects.order_by("slug"):
        target = Target(body.name, body_path(body.slug), _("机构"))
        names = (body.name, body.english, body.acronym, *body.aliases, *body.contextual_aliases)
        yield from ((plain(name), target) for name in (*names, *body.traditional) if name)
    for treaty in Treaty.objects.order_by("slug"):
        target = Target(treaty.name, treaty_path(treaty.slug), _("条约"))
        names = (treaty.name, treaty.english, treaty.acronym, *treaty.aliases)
        yield from ((plain(name), target) for name in names if name)


def _speakers(text: str) -> list[Target]:
    """Persons who speak in records, by their name or its last part: Mashkov, Mashkov先生."""
    name = HONORIFIC.sub("", text.strip())
    if len(name) < 2:
        return []
    spoken = Paragraph.objects.filter(Q(speaker_name__iexact=name) | Q(speaker_name__iendswith=f" {name}"))
    found = spoken.with_whence().order_by("speaker_name").values_list("speaker_name", "whence").distinct()
    return [Target(f"{who}({whence})", speaker_path(who, whence), _("发言人")) for who, whence in found[:10]]
