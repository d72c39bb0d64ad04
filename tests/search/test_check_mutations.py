"""Quotations changed by machine, through each door: no change is identical, no wrong place kept quiet."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from docx import Document as Word
from lxml import etree

from archive.models import Paragraph
from archive.site.assistants.tools import WHERE_CITED
from search.pages.checker.presenter import LIBERTIES, OTHER_SPEAKER, VERDICTS
from tests.search.test_check_pages import twin, word
from tests.search.test_check_word import DOCUMENT, W, marked, members, posted
from tests.site.test_mcp import call
from tests.tables import rows_from
from tests.tools.mutations import Mutant, drafts, mutants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]
TOLD = {kind: told for kind, *told in rows_from(__name__, "TOLD")}
UNTOLD = ...  # what a door does not tell
Told = tuple  # verdict, whether the words stand where cited, liberty, whether the speaker agrees


def by_json(client, made: Sequence[Mutant]) -> Iterator[Told]:
    for draft, part in drafts(made):
        found = [one for one in twin(client, draft)["quotations"] if one["marked"]]
        assert [one["surface"] for one in found] == [one.words for one in part]
        for one in found:
            yield one["verdict"], WHERE_CITED.get(one["beside"], False), one["liberty"], one["speaker_agrees"]


def by_verify_quote(client, made: Sequence[Mutant]) -> Iterator[Told]:
    for one in made:
        asked = {"quote": one.words, "cited": one.draft.partition("中说")[0]}
        told = call(client, "verify_quote", asked)["structuredContent"]
        assert told["verbatim"] is (told["verdict"] in ("exact", "wrong_place"))
        yield tuple(told[name] for name in ("verdict", "where_cited", "liberty", "speaker_agrees"))


def by_check_draft(client, made: Sequence[Mutant]) -> Iterator[Told]:
    """A quotation that is not among what is wrong is exact, and stands where cited."""
    for draft, _part in drafts(made):
        told = call(client, "check_draft", {"text": draft})["structuredContent"]
        assert told["not_shown"] == 0
        wrong = {one["at"]: one for one in told["to_look_at"] if "quotation" in one}
        for mark in re.finditer("『", draft):
            found = wrong.get(mark.end(), {"quotation": "exact", "where_cited": True})
            yield (
                *(found["quotation"], found.get("where_cited"), found.get("liberty", UNTOLD)),
                found.get("speaker_agrees", UNTOLD),
            )


def by_word(client, made: Sequence[Mutant]) -> Iterator[Told]:
    """The comments of a Word file, by their words."""
    labels = {str(label): verdict for verdict, label in VERDICTS.items()}
    labels |= dict(rows_from(__name__, "LABELS"))
    liberties = {str(words): liberty for liberty, words in LIBERTIES.items()}
    for draft, part in drafts(made):
        content = posted(client, word(*draft.splitlines())).content
        texts = {str(one.comment_id): one.text for one in Word(io.BytesIO(content)).comments}
        lines = etree.fromstring(members(content)[DOCUMENT]).findall(f".//{W}body/{W}p")
        for one, line in zip(part, lines, strict=True):
            stands = marked(etree.tostring(line))
            (said,) = [texts[number] for number, words in stands.items() if words == one.words]
            label = said.split("\n")[1]
            found = max((one for one in labels if label.startswith(one)), key=len)
            liberty = liberties.get(
                max((one for one in liberties if label.endswith(one)), key=len, default="")
            )
            where = False if found == "所引之处没有这些话" or "出处" in found else UNTOLD
            yield labels[found], where, liberty, False if str(OTHER_SPEAKER) in label else UNTOLD


DOORS = [by_json, by_verify_quote, by_check_draft, by_word]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("count", [80, pytest.param(1000, marks=pytest.mark.long)])
def test_what_is_changed_by_machine_is_told(client, door, count):
    held = Paragraph.objects.select_related("document", "state").order_by("document__symbol", "position")
    made = mutants(list(held), count)
    assert len(made) == count
    assert {one.kind for one in made} == {*TOLD}
    wrong, counted = [], Counter()
    for one, told in zip(made, door(client, made), strict=True):
        counted[one.kind, *told] += 1
        if not all(told is UNTOLD or told in may for told, may in zip(told, TOLD[one.kind], strict=True)):
            wrong.append((one.kind, one.draft, *told))
    print(*(f"{count:5} {told}" for told, count in sorted(counted.items(), key=str)), sep="\n")
    assert wrong == []
