"""Loading the reference fixtures: what changed is told, what an editor added stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.core import serializers
from django.db import models, transaction

from archive.models import Body, DocumentSeries, Resolution, State, Theme, ThesaurusConcept, Treaty
from archive.models.references import NaturalKeyModel
from archive.revision import lock_revision
from archive.text.skos import read_skos

# In the order in which they refer to each other.
FIXTURES: tuple[tuple[str, type[NaturalKeyModel]], ...] = (
    ("bodies", Body),
    ("states", State),
    ("resolutions", Resolution),
    ("series", DocumentSeries),
    ("treaties", Treaty),
    ("themes", Theme),
)

# An address that was issued, and what an editor decided of it.
KEPT = frozenset({"slug", "retired", "successor"})


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
            loaded = _load(name, model, json.loads((directory / f"{name}.json").read_text("utf-8")))
        yield loaded
    with transaction.atomic():
        lock_revision()
        loaded = _load("thesaurus", ThesaurusConcept, list(_concepts(directory / "thesaurus")))
    yield loaded


def _concepts(directory: Path) -> Iterator[dict[str, Any]]:
    """The concepts of all branches as records of a fixture."""
    for path in sorted(directory.glob("*.jsonld")):
        for concept in read_skos(path.read_text("utf-8")):
            fields = {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in asdict(concept).items()
            }
            yield {"model": "archive.thesaurusconcept", "fields": fields}


def _load(name: str, model: type[NaturalKeyModel], records: list[dict[str, Any]]) -> Loaded:
    loaded = Loaded(name)
    rows = {getattr(row, model.natural_field): row for row in model._default_manager.all()}
    described = {record["fields"][model.natural_field]: record for record in records}
    new = [_bare_row(model, record["fields"]) for key, record in described.items() if key not in rows]
    loaded.created = [getattr(row, model.natural_field) for row in model._default_manager.bulk_create(new)]
    rows |= zip(loaded.created, new, strict=True)
    created = set(loaded.created)
    # Only now every row that a fixture may point to exists; with its key none is looked up one by one.
    keyed = [record | {"pk": rows[record["fields"][model.natural_field]].pk} for record in records]
    for item in serializers.deserialize("python", keyed):
        row = rows[getattr(item.object, model.natural_field)]
        changed = _changed_fields(row, item.object)
        if changed:
            row.save(update_fields=changed)
        key = getattr(row, model.natural_field)
        if changed and key not in created:
            loaded.updated.append(key)
        elif key not in created:
            loaded.unchanged += 1
    loaded.kept = len(rows.keys() - described.keys())
    return loaded


def _bare_row(model: type[NaturalKeyModel], fields: dict[str, Any]) -> NaturalKeyModel:
    """A new row without its relations, not yet stored."""
    relations = {field.name for field in model._meta.concrete_fields if field.is_relation}
    return model(**{name: value for name, value in fields.items() if name not in relations})


def _changed_fields(row: models.Model, wanted: models.Model) -> list[str]:
    """Bring ``row`` to ``wanted``; the names of the fields that differed."""
    changed = []
    for column in row._meta.concrete_fields:
        if column.primary_key or column.name in KEPT:
            continue
        value = getattr(wanted, column.attname)
        if column.name == "unconfirmed" and "provisional" not in changed:
            value = value and getattr(row, column.name)  # what an editor confirmed stays so
        if isinstance(value, list):
            value += [name for name in getattr(row, column.attname) if name not in value]
        if column.to_python(getattr(row, column.attname)) != column.to_python(value):
            setattr(row, column.attname, value)
            changed.append(column.name)
    return changed
