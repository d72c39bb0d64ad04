"""Which paragraphs of two documents answer each other, and how much is weighed to find out."""

from __future__ import annotations

import pytest

from archive.reading import alignment
from archive.reading.alignment import aligned

PAIRED = [
    # one document, the other, which places answer each other
    ("", "", []),
    ("甲", "", [(0, None)]),
    ("甲", "甲", [(0, 0)]),
    ("甲 乙", "乙", [(0, None), (1, 0)]),
    ("各国应当采取有效措施 甲", "各国应采取有效措施 甲", [(0, 0), (1, 1)]),
    ("各国应当采取有效措施", "核材料实物保护公约", [(0, None), (None, 0)]),
    ("天地玄黄宇宙洪荒 各国应当采取措施", "各国应采取措施", [(0, None), (1, 0)]),
    ("各国应当采取措施 各国应当采取措施吧", "各国应当采取措施吧吧", [(0, None), (1, 0)]),
]


@pytest.mark.parametrize(("then", "now", "pairs"), PAIRED)
def test_paragraphs_are_paired_in_order(then, now, pairs):
    assert aligned(then.split(), now.split()) == pairs


@pytest.mark.parametrize("limit", ["MOST_PAIRS", "MOST_LETTERS"])
def test_no_more_is_weighed_than_is_bounded_in_all_stretches_together(monkeypatch, limit):
    weighed = []
    compare = alignment.process.cdist
    monkeypatch.setattr(
        alignment.process,
        "cdist",
        lambda a, b, **rest: weighed.append((len(a), len(b))) or compare(a, b, **rest),
    )
    then = ["各国应当采取措施", "甲", "各国应当采取步骤", "乙", "各国应当采取行动"]
    now = ["各国应采取措施", "甲", "各国应采取步骤", "乙", "各国应采取行动"]
    assert aligned(then, now) == [(number, number) for number in range(5)]
    assert weighed == [(1, 1)] * 3
    weighed.clear()
    monkeypatch.setattr(alignment, limit, {"MOST_PAIRS": 2, "MOST_LETTERS": 2 * 8 * 7}[limit])
    assert aligned(then, now)[-2:] == [(4, None), (None, 4)]  # both are shown, unpaired
    assert weighed == [(1, 1)] * 2
