"""Quotations changed by machine, through the door: no change is identical, no wrong place kept quiet."""

from __future__ import annotations

import pytest

from archive.models import Paragraph
from tests.search.test_check_pages import twin
from tests.tables import rows_from
from tests.tools.mutations import drafts, mutants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]
TOLD = {kind: told for kind, *told in rows_from(__name__, "TOLD")}


def test_what_is_changed_by_machine_is_told(client):
    held = Paragraph.objects.select_related("document", "state")
    rows = list(held.order_by("document__symbol", "position"))
    made = mutants(rows, 200)
    assert len(made) == 200 and {one.kind for one in made} == {*TOLD}
    wrong = []
    for draft, part in drafts(made):
        found = [one for one in twin(client, draft)["quotations"] if one["marked"]]
        assert [one["surface"] for one in found] == [one.words for one in part]
        for one, is_told in zip(part, found, strict=True):
            verdicts, beside, liberties, agrees = TOLD[one.kind]
            told = is_told["verdict"], is_told["beside"], is_told["liberty"], is_told["speaker_agrees"]
            right = (told[0] in verdicts, told[1] in beside, told[2] in liberties, told[3] in agrees)
            if not all(right):
                wrong.append((one.kind, one.draft, *told))
    assert wrong == []
