"""The table of citations: every mention with each of its pinpoints."""

from __future__ import annotations

import csv
import io

import pytest

from archive.models import Mention, Paragraph, Pinpoint
from archive.opendata.citation_table import edges

from .factories import block, parsed, store

pytestmark = pytest.mark.django_db


def rows(client) -> list[dict[str, str]]:
    response = client.get("/data/citations.csv")
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def test_there_is_an_edge_for_each_mention_and_each_of_its_pinpoints(client, bundled_documents):
    wanted = Mention.objects.filter(pinpoints=None).count() + Pinpoint.objects.count()
    assert len(list(edges())) == len(rows(client)) == wanted > 100


def test_what_counts_is_what_the_pages_count(client, bundled_documents):
    for symbol in ("S/RES/1540(2004)", "S/RES/1810(2008)"):
        citing = {
            (row["source_symbol"], row["source_anchor"])
            for row in rows(client)
            if row["target_symbol"] == symbol and row["counts"] == "true"
        }
        assert len(citing) == Paragraph.objects.citing(symbol).count()


def test_an_edge_says_which_paragraph_is_meant_how_sure_it_is_and_what_is_held(client, db):
    store(parsed("S/2030/1", block("annex.14", "甲", part="annex")))
    store(
        parsed(
            "S/2031/1",
            block("1", "见S/2030/1第14段、第1540(2004)号决议第3(a)段和该决议"),
            mentions=[
                ("1", "S/2030/1", "S/2030/1", "14"),
                ("1", "第1540(2004)号决议", "S/RES/1540(2004)", "3(a)"),
                ("1", "该决议", "S/RES/1540(2004)", None, False),
            ],
        )
    )
    found = {(row["target_symbol"], row["pinpoint"]): row for row in rows(client)}
    held = found["S/2030/1", "14"]
    assert (held["target_anchor"], held["target_held"], held["certain"]) == ("annex.14", "true", "true")
    assert found["S/RES/1540(2004)", "3.a"]["target_held"] == "false"
    doubtful = found["S/RES/1540(2004)", ""]
    assert (doubtful["certain"], doubtful["counts"], doubtful["surface"]) == ("false", "false", "该决议")


def test_the_number_of_queries_is_fixed(bundled_documents, django_assert_num_queries):
    with django_assert_num_queries(2):
        list(edges())
