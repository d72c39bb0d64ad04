"""What the querysets share."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, IntegerField, Subquery
from django.db.models.functions import Coalesce


def rows_of(model: str) -> Any:
    """All rows of a model by its name, unordered: the modules of models import those of querysets."""
    return apps.get_model("archive", model).objects.order_by()


def count_of(rows: models.QuerySet, group: str, what: str) -> Coalesce:
    """An annotation: how many distinct ``what`` of the correlated ``rows``, which share ``group``."""
    counted = rows.values(group).annotate(figure=Count(what, distinct=True)).values("figure")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def counted(rows: models.QuerySet, group: str, what: str) -> dict:
    """How many distinct ``what`` of ``rows`` there are for each ``group``."""
    return dict(rows.values_list(group).annotate(figure=Count(what, distinct=True)))
