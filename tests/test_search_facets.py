"""Every value of every facet, walked: what it counts is what the list holds after the click."""

import pytest
from django.http import QueryDict

from search.results.answer import Answer, answer
from search.results.facets import Choice, chips, facets
from search.results.forms import read_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


def at(address: str) -> tuple[Answer, list[tuple[str, Choice]]]:
    """The list at an address, and all that may be clicked beside it."""
    parameters = QueryDict(address.removeprefix("?"))
    found = answer(read_request(parameters))
    choices = [
        (facet.name, choice)
        for facet in facets(found, parameters)
        for choice in (*facet.choices, *facet.rest)
    ]
    return found, choices


def expected(now: int, choice: Choice) -> int:
    return now + choice.count if choice.adds else choice.count


WALKS = [
    ("?q=年份:1945-2100", 5, "the whole archive"),
    ("?q=核", 3, "a common word"),
    ("?q=“出口管制”", 3, "a phrase"),
    ("?q=外联 -工商业", 2, "with something taken away"),
    ("?q=国家:印度 OR 核 NEAR/5 安全", 2, "with operators"),
]


@pytest.mark.parametrize(("address", "least", "remark"), WALKS)
def test_every_value_counts_what_its_click_lists(address, least, remark):
    found, choices = at(address)
    assert len({name for name, _choice in choices}) >= least, remark
    for name, choice in choices:
        after, _ = at(choice.url)
        assert after.found.paragraphs == expected(found.found.paragraphs, choice), (name, choice.label)


@pytest.mark.parametrize(
    "chosen",
    [
        "?q=核&year=2016",
        "?q=核&year=2016&year=2019",
        "?q=核&document_type=letter&year=2010",
        "?q=年份:1945-2100&mentioned=iaea",
        "?q=年份:1945-2100&cites=S/RES/1540(2004)&cites=S/RES/1977(2011)",
        "?q=核安全&state=IND&year=2019&mentioned=iaea",
    ],
)
def test_so_does_every_further_value_beside_chosen_ones(chosen):
    found, choices = at(chosen)
    assert found.found.paragraphs
    assert any(choice.chosen for _name, choice in choices)
    for name, choice in choices:
        after, _ = at(choice.url)
        if not choice.chosen:
            assert after.found.paragraphs == expected(found.found.paragraphs, choice), (name, choice.label)
        else:
            assert choice.count == found.found.paragraphs or name in ("year", "document_type", "symbol")


def test_each_chosen_value_is_taken_back_alone():
    address = "?q=核&year=2016&year=2019&mentioned=iaea"
    parameters = QueryDict(address.removeprefix("?"))
    asked = read_request(parameters)
    found, _ = at(address)
    taken_back = dict(chips(asked.filters, found.names, parameters))
    assert len(taken_back) == 3
    for label, url in taken_back.items():
        after, _ = at(url)
        left = [value for values in after.asked.filters.values() for value in values]
        assert len(left) == 2, label
        assert after.found.paragraphs != 0


def test_years_that_are_alternatives_add_up():
    one, other = at("?q=核&year=2016")[0], at("?q=核&year=2019")[0]
    both = at("?q=核&year=2016&year=2019")[0]
    assert both.found.paragraphs == one.found.paragraphs + other.found.paragraphs
