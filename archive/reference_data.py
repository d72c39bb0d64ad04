"""Loading the reference fixtures: what changed is told, what an editor added stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core import serializers
from django.db import models, transaction

from archive.models import Body, DocumentSeries, Resolution, State, Theme, Treaty
from archive.revision import lock_revision

# In the order in which they refer to each other.
FIXTURES: tuple[tuple[str, type[models.Model]], ...] = (
    ("bodies", Body),
    ("states", State),
    ("resolutions", Resolution),
    ("series", DocumentSeries),
    ("treaties", Treaty),
    ("themes", Theme),
)


@dataclass(slots=True)
class Loaded:
    """What loading one fixture did. ``kept`` rows came from an editor or a document."""

    name: str
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)


def load_reference_data(directory: Path) -> Iterator[Loaded]:
    """Load the fixtures of ``directory``, each in one transaction; yields what each did.

    Rows are matched by what names them (a body by its full name) and never deleted. Aliases that an editor
    added stay. A body's slug is part of an address and stays as it was first issued. Raises OSError or a
    deserialization error for a bad fixture.
    """
    for name, model in FIXTURES:
        with transaction.atomic():
            lock_revision()
            loaded = _load(name, model, (directory / f"{name}.json").read_text("utf-8"))
        yield loaded


def _load(name: str, model: type[models.Model], content: str) -> Loaded:
    loaded = Loaded(name)
    rows = {getattr(row, model.natural_field): row for row in model.objects.all()}
    described = {record["fields"][model.natural_field]: record for record in json.loads(content)}
    for key in described:
        if key not in rows:
            rows[key] = _bare_row(model, described[key]["fields"])
            loaded.created.append(key)
    # Only now every row that a fixture may point to exists.
    for item in serializers.deserialize("json", content):
        row = rows[getattr(item.object, model.natural_field)]
        changed = _changed_fields(row, item.object)
        if changed:
            row.save(update_fields=changed)
        key = getattr(row, model.natural_field)
        if changed and key not in loaded.created:
            loaded.updated.append(key)
        elif key not in loaded.created:
            loaded.unchanged += 1
    loaded.kept = len(rows.keys() - described.keys())
    return loaded


def _bare_row(model: type[models.Model], fields: dict[str, Any]) -> models.Model:
    """A new row without its relations."""
    relations = {field.name for field in model._meta.concrete_fields if field.is_relation}
    return model.objects.create(**{name: value for name, value in fields.items() if name not in relations})


def _changed_fields(row: models.Model, wanted: models.Model) -> list[str]:
    """Bring ``row`` to ``wanted``; the names of the fields that differed."""
    changed = []
    for column in row._meta.concrete_fields:
        if column.primary_key or column.name == "slug":
            continue
        value = getattr(wanted, column.attname)
        if isinstance(value, list):
            value += [name for name in getattr(row, column.attname) if name not in value]
        if column.to_python(getattr(row, column.attname)) != column.to_python(value):
            setattr(row, column.attname, value)
            changed.append(column.name)
    return changed
