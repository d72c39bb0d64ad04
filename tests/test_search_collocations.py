"""The words beside a phrase and its years: every count is that of a scan."""

from __future__ import annotations

import csv
import io
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Document, Paragraph
from search.concordance import collocations
from search.concordance.collocations import LEAST_STRENGTH, LEAST_TOGETHER, log_likelihood
from search.text.analyzer import terms_of
from search.text.folding import fold_literally
from tests.pages import page, twin
from tests.searching import at, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


PHRASES = ["核安全", "的", "出口管制", "外联", "1540(2004)", "小组", "夨", ""]


@cache
def terms(text: str) -> frozenset[str]:
    return frozenset(terms_of(text))


@pytest.mark.parametrize("phrase", PHRASES)
def test_words_are_counted_over_all_paragraphs(client, phrase):
    data = twin(client, "/concordance/collocates.json", q=phrase)
    texts = list(Paragraph.objects.values_list("text", flat=True))
    holding = [text for text in texts if phrase and fold_literally(phrase) in fold_literally(text)]
    assert (data["paragraphs"], data["of"]) == (len(holding), len(texts))
    strengths = [word["strength"] for word in data["words"]]
    assert strengths == sorted(strengths, reverse=True)
    for word in data["words"][:12]:
        assert word["paragraphs"] == sum(word["word"] in terms(text) for text in texts)
        assert word["together"] == sum(word["word"] in terms(text) for text in holding)
        assert word["together"] >= LEAST_TOGETHER and word["strength"] >= LEAST_STRENGTH
        assert word["together"] > word["expected"]
        assert word["word"] not in phrase and phrase not in word["word"]


@pytest.mark.parametrize("phrase", PHRASES)
def test_years_are_counted_by_their_documents(client, phrase):
    data = twin(client, "/concordance/years.json", q=phrase)
    for year in data["years"]:
        texts = Paragraph.objects.filter(document__year=year["year"])
        needle = fold_literally(phrase)
        counts = {p.pk: fold_literally(p.text).count(needle) if needle else 0 for p in texts}
        held = [p for p in texts if counts[p.pk]]
        assert (year["occurrences"], year["paragraphs"], year["of"]) == (
            sum(counts.values()),
            len(held),
            len(texts),
        )
        assert year["documents"] == len({p.document_id for p in held})
    years = set(map(str, Document.objects.exclude(year=None).values_list("year", flat=True)))
    assert {year["year"] for year in data["years"]} - {None} == years
    total = (
        twin(client, "/concordance.json", q=phrase)["total"]
        if phrase
        else {"occurrences": 0, "paragraphs": 0}
    )
    assert data["total"] == {name: total[name] for name in ("occurrences", "paragraphs")}


CONDITIONS = [
    {"q": "外联 年份:2016"},
    {"q": "外联", "year": "2016"},
    {"q": "核安全", "not_right": "峰会"},
    {"q": "外联 国家:大韩民国"},
]


@pytest.mark.parametrize("given", CONDITIONS)
def test_conditions_are_those_of_the_concordance(client, given):
    lines = twin(client, "/concordance.json", **given)["total"]
    years = twin(client, "/concordance/years.json", **given)
    words = twin(client, "/concordance/collocates.json", **given)
    assert years["total"] == {name: lines[name] for name in ("occurrences", "paragraphs")}
    assert words["paragraphs"] == lines["paragraphs"]
    assert words["of"] == sum(year["of"] for year in years["years"])


def test_a_year_leads_to_its_lines_and_a_word_to_both(client):
    tree = page(client, "/concordance/years?q=外联")
    link = next(link for link in tree.all("main")[0].links if "year=2016" in link)
    years = twin(client, "/concordance/years.json", q="外联")["years"]
    wanted = next(year["occurrences"] for year in years if year["year"] == "2016")
    lines = twin(client, link.replace("/concordance?", "/concordance.json?"))
    assert lines["total"]["occurrences"] == wanted
    word = twin(client, "/concordance/collocates.json", q="外联")["words"][0]
    assert len(found(f"“外联” “{word['word']}”")) >= word["together"]


def test_tables_hold_what_the_pages_show(client):
    for address in ("/concordance/years", "/concordance/collocates"):
        response = client.get(f"{address}.csv", {"q": "核"})
        rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        data = twin(client, f"{address}.json", q="核")
        assert len(rows) - 1 == len(data.get("years") or data["words"])
        assert len(page(client, f"{address}?q=核").all("tbody")[0].all("tr")) == len(rows) - 1


def test_the_concordance_leads_there(client):
    links = page(client, "/concordance?q=核安全&year=2019").links
    assert any(link.startswith("/concordance/years?") and "year=2019" in link for link in links)
    assert any(link.startswith("/concordance/collocates?") and "year=2019" in link for link in links)


HOSTILE = ["\x00", "<script>x</script>", "“", '"', "%", "(" * 300, "核" * 5000, "\u202e", "é" * 99, "😀"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_breaks_them(client, typed):
    for address in ("/concordance/years", "/concordance/collocates"):
        response = client.get(address, {"q": typed, "not_left": typed, "year": typed})
        assert response.status_code == 200 and "<script>x" not in response.content.decode()


def test_without_an_index_they_say_so(client, tmp_path):
    with at(tmp_path / "nothing"):
        for ending in ("", ".json", ".csv"):
            assert client.get(f"/concordance/years{ending}", {"q": "核"}).status_code == 503
            assert client.get(f"/concordance/collocates{ending}", {"q": "核"}).status_code == 503


def test_the_database_is_asked_for_its_revision_alone(client, django_assert_num_queries):
    client.get("/concordance/years", {"q": "核"})
    for q in ("核安全", "夨", ""):
        for address in ("/concordance/years", "/concordance/collocates"):
            with django_assert_num_queries(2):
                client.get(address, {"q": q})


LIKELIHOODS = [
    ((0, 0, 0, 0), 0.0, "nothing"),
    ((2, 4, 5, 10), 0.0, "as chance would have it"),
    ((5, 5, 5, 10), 13.863, "always together"),
    ((0, 5, 5, 10), 13.863, "never together"),
]


@pytest.mark.parametrize(("counts", "expected", "remark"), LIKELIHOODS)
def test_log_likelihood(counts, expected, remark):
    assert log_likelihood(*counts) == pytest.approx(expected, abs=0.001), remark


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_log_likelihood_has_no_sides_and_is_never_negative(both, one, other, neither):
    size = both + one + other + neither
    value = log_likelihood(both, both + one, both + other, size)
    assert value == pytest.approx(log_likelihood(both, both + other, both + one, size))
    assert value >= -1e-9


def test_which_words_are_weighed_hangs_on_no_hash(client, monkeypatch):
    """Of words that stand in equally many paragraphs the first by code point: a set is in another order in
    each process, and what stands behind the last place would be shown or not by chance.
    """
    monkeypatch.setattr(collocations, "LEAST_STRENGTH", -1.0)
    monkeypatch.setattr(collocations, "LEAST_TOGETHER", 1)
    monkeypatch.setattr(collocations, "MOST_SHOWN", 500)
    weighed = {}
    for most in (7, 40, 300):
        monkeypatch.setattr(collocations, "MOST_WEIGHED", most)
        words = twin(client, "/concordance/collocates.json", q="核安全")["words"]
        weighed[most] = sorted((-word["together"], word["word"]) for word in words)
    assert len(weighed[300]) > 100
    assert all(weighed[most] == weighed[300][:most] for most in (7, 40))
