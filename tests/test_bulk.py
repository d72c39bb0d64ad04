"""Rows inserted without models are the rows that models would have made."""

from datetime import UTC, datetime

import pytest

from archive.bulk import insert_rows
from archive.models import IssuedText, Theme

pytestmark = pytest.mark.django_db
MOMENT = datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
WRITTEN = [
    # model, values, remark
    (
        IssuedText,
        {"symbol": "S/1", "anchor": "1", "fingerprint": "0" * 8, "text": "一%s？", "since": MOMENT},
        "moments and defaults, a per cent sign",
    ),
    (Theme, {"slug": "a", "name": "甲", "position": 1, "words": ["出口", "%"]}, "a list as JSON"),
]


@pytest.mark.parametrize(("model", "values", "remark"), WRITTEN, ids=[row[2] for row in WRITTEN])
def test_a_row_is_what_a_model_would_have_written(model, values, remark):
    model.objects.all().delete()
    model.objects.create(**values)
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    expected = model.objects.values(*columns).get()
    model.objects.all().delete()
    insert_rows(model, tuple(values), [tuple(values.values())])
    assert model.objects.values(*columns).get() == expected


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows(Theme, ("slug",), [])
