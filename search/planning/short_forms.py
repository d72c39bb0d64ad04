"""Short forms that nobody has written down: what a word is short for, where one name alone can be meant.

Chinese shortens a name to the beginnings of its words, in their order, with its last word whole or by one
character: 核恐行为公约 of 制止核恐怖主义行为国际公约, 联大一委 of 联合国大会第一委员会.
Names are those of bodies and treaties, then those of the thesaurus. Of several none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from search.entities.entity import Entity, How, Kind
from search.entities.names import HAVE_NAMES, NameTable
from search.entities.recognise import entity_of
from search.text.analyzer import words_of_term
from search.text.folding import fold_words
from search.text.segmenter import segmenter
from search.text.vocabulary import HAN_WORD
from search.thesaurus.table import Thesaurus

from .absent_names import tag_of
from .held_terms import HeldTerms
from .like_names import LikeNames

SHORT_FOR = re.compile(  # how a name that people shorten themselves ends
    r"(?P<what>[^\W\d_a-zA-Z]{2,12})(?:公约|条约|议定书|协定|协议|宪章|宣言|守则|准则|规约|组织|机构|机制|集团|会议|大会|委员会|理事会"
    r"|峰会|体制|制度|文书|清单|论坛|中心|基金|小组|工作组|专家组|谈判|委约"
    r"|计划|倡议|方案|安排|办公室|[办所署委局厅院])"
)
LONGER = 4  # times as long as what is short for it may a name be
SHORTEST_TERM, LONGEST_TERM = 3, 8  # characters of what is short for a term


class ShortForms:
    """Reads short forms by the names of ``table`` and the thesaurus, where ``words`` hold no text of them."""

    def __init__(self, words: HeldTerms, table: NameTable, names: LikeNames) -> None:
        self.words, self.table, self.names = words, table, names
        self.meant = lru_cache(maxsize=None)(self._meant)

    def _meant(self, text: str) -> tuple[Entity, ...]:
        """The one thing, else the one term, whose name ``text`` shortens, where nothing else knows it. None
        of several, which are offered; no place alone (维也纳公约), and no few characters of a long name,
        which any may have (生化公约 of 生产…化学武器…).
        """
        folded = fold_words(text)
        if self.table.named(text) or self.words.thesaurus.knows(text):
            return ()
        if segmenter().knows(folded) or self.words.count(folded):
            return ()
        found = list(self._things(text, folded)) or list(self._terms(text, folded))
        return tuple(found) if len(found) == 1 else ()

    def _things(self, text: str, folded: str) -> Iterator[Entity]:
        read = SHORT_FOR.fullmatch(folded)
        if not read or tag_of(read["what"]).startswith("ns"):
            return
        most = len(folded) + 1 if self._of_words(folded) else LONGER * len(folded)
        forms = [form for form in self.names.in_full(folded) if len(form) <= most]
        things = {(name.kind, name.key): name for form in reversed(forms) for name in self.table.named(form)}
        for name in things.values():
            if name.kind in HAVE_NAMES:
                yield replace(entity_of(name, 0, len(text)), how=How.SHORT)

    def _of_words(self, folded: str) -> bool:
        """Whether ``folded`` is put together of whole words, none of them a name: 发展委员会. Such a name is
        shortened by no more than a character.
        """
        words = words_of_term(folded)
        return all(len(word) > 1 and segmenter().knows(word) for word in words) and not any(
            map(self.table.named, words)
        )

    def _terms(self, text: str, folded: str) -> Iterator[Entity]:
        """Terms that begin as ``folded`` does, which clips two words at least to a character: 统筹管理 is put
        together of words.
        """
        if not SHORTEST_TERM <= len(folded) <= LONGEST_TERM or not HAN_WORD.fullmatch(folded):
            return
        if sum(len(word) == 1 for word in words_of_term(folded)) < 2:
            return
        meant: dict[str, str] = {}
        forms = terms_in_full(folded, self.words.thesaurus)
        for form in sorted(forms, key=self.words.stands_nowhere):  # as the texts call it, if they do
            for concept, _how in self.words.thesaurus.named(form):
                if concept.slug:
                    meant.setdefault(concept.slug, form)
        for form in meant.values():
            yield Entity(Kind.TERM, form, form, 0, len(text), form, How.SHORT)


def terms_in_full(folded: str, thesaurus: Thesaurus) -> list[str]:
    """The formal names of concepts of which ``folded`` is short, beginning as they do; the shorter first."""
    found = _names_of_concepts(thesaurus).in_full(folded)
    return [form for form in found if form[0] == folded[0] and len(form) <= LONGER * len(folded)]


@lru_cache(maxsize=2)  # that of the archive, and the one before it
def _names_of_concepts(thesaurus: Thesaurus) -> LikeNames:
    return LikeNames(
        name
        for concept in thesaurus.concepts
        if concept.slug
        for name in map(fold_words, (concept.name, *concept.variants))
        if HAN_WORD.fullmatch(name)
    )
