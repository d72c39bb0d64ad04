"""Importing by the hundred: what a document costs does not grow with its length or with the archive."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.importing import ImportBatch
from archive.ingest import Source
from archive.models import Document, ImportOutcome, IssuedText, Mention, Paragraph, SourceFile

pytestmark = pytest.mark.django_db
AT_MOST = 45
"""Queries for a new document of any length, but for those that write rows some dozens at a time."""


def document(number: int, paragraphs: int) -> Source:
    """A document whose paragraphs cite, name a State and a body, and stand under a heading."""
    words = "回顾第1540(2004)号决议第3段，古巴代表向1540委员会提交了报告"
    body = "\n\n".join(f"{at}. {words}，第{number}号。" for at in range(1, paragraphs + 1))
    return Source(f"{number}.txt", f"一、概况\n\n{body}\n".encode(), f'symbol = "S/2020/{number}"\n')


def statements(source: Source) -> Counter:
    """How often each kind of statement was asked to import ``source``."""
    batch = ImportBatch()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert batch.import_source(source).symbol
    return Counter(query["sql"].split()[0] for query in asked)


def test_queries_for_a_new_document_do_not_depend_on_its_length():
    statements(document(1, 2))  # what is read once is read
    short, long = statements(document(2, 3)), statements(document(3, 60))
    assert short["SELECT"] == long["SELECT"], (short, long)
    assert short["UPDATE"] == long["UPDATE"] and short["DELETE"] == long["DELETE"] == 0
    assert short.total() <= AT_MOST
    assert long["INSERT"] - short["INSERT"] <= 60 * 7 / 30, "many rows a statement"


def test_a_hundredth_document_costs_what_the_tenth_does():
    costs = [statements(document(number, 2)).total() for number in range(1, 40)]
    assert costs[9] == costs[-1]


QUESTIONS = [
    # what each import asks, the table that it must not pass over, remark
    (lambda: SourceFile.objects.filter(sha256="0", name="a"), "archive_sourcefile", "these bytes"),
    (
        lambda: ImportOutcome.objects.filter(file_name="a").order_by("-pk"),
        "archive_importoutcome",
        "a refusal",
    ),
    (lambda: Document.objects.filter(source__in=[1], language="zh"), "archive_document", "read before"),
    (lambda: Mention.objects.filter(symbol__in=["S/1"]).order_by("pk"), "archive_mention", "who names it"),
    (lambda: Mention.objects.filter(paragraph__document=1).order_by("pk"), "archive_mention", "its own"),
    (lambda: Mention.objects.filter(target=1).order_by("pk"), "archive_mention", "who leads to it"),
    (lambda: Paragraph.objects.filter(document=1), "archive_paragraph", "its paragraphs"),
    (lambda: IssuedText.objects.filter(symbol="S/1", language="zh"), "archive_issuedtext", "what was public"),
]


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the plan of an empty table on PostgreSQL is a pass"
)
@pytest.mark.parametrize(("ask", "table", "remark"), QUESTIONS, ids=[row[2] for row in QUESTIONS])
def test_no_question_of_an_import_passes_over_a_table(ask, table, remark):
    plan = ask().explain()
    assert f"SCAN {table}" not in plan, plan
