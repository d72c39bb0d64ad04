"""Loading the reference fixtures: what changed is told, what a person changed, added or retired stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import models, transaction

from archive.models import (
    Body,
    DocumentSeries,
    Resolution,
    ShippedRecord,
    State,
    Theme,
    ThesaurusConcept,
    Treaty,
)
from archive.models.references import NaturalKeyModel
from archive.store.revision import lock_revision
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
LISTS: dict[str, type[NaturalKeyModel]] = {**dict(FIXTURES), "thesaurus": ThesaurusConcept}

# An address that was issued, and what an editor decided of it.
KEPT = frozenset({"slug", "retired", "successor"})
BLANK: tuple[Any, ...] = (None, "")

Fields = dict[str, Any]


@dataclass(slots=True)
class Loaded:
    """The result of loading one fixture. ``kept`` rows come from an editor or a document; ``differing`` ones
    were edited otherwise than the fixture, whose values await a decision.
    """

    name: str
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)


def load_reference_data(directory: Path) -> Iterator[Loaded]:
    """Loads the fixtures of ``directory``, each in one transaction; yields what each did.

    Rows are matched by the key of their addresses, or else by what names them, and never deleted. Of each is
    remembered what it was made from: a value that a person changed since stays, in a list what a person added
    or took out; all else follows. Where nothing is remembered, a value that differs is a person's. Raises
    OSError, KeyError or ValueError for a bad fixture.
    """
    named: dict[str, str] = {}
    for name in dict(FIXTURES):
        rows = json.loads((directory / f"{name}.json").read_text("utf-8"))
        yield _load(name, [row["fields"] for row in rows], named)
    yield _load("thesaurus", list(_concepts(directory / "thesaurus")), named)


def kind_of(model: type[models.Model]) -> str | None:
    """Returns the list that brings rows of ``model``; None where none does."""
    return next((name for name, listed in LISTS.items() if listed is model), None)


def take_or_dismiss(record: ShippedRecord, take: bool) -> None:
    """Applies the values ``offered`` for a row, or dismisses them."""
    with transaction.atomic():
        lock_revision()
        record.refresh_from_db()
        table = _Table(record.kind)
        wanted = {**record.taken, **record.offered}
        row = table.rows.get(record.key)
        if row is None:  # what names it is another row's
            record.taken, record.offered = ({}, wanted) if take else (wanted, {})
        else:
            for name, theirs in record.offered.items():
                mine = [] if isinstance(theirs, list) else table.value(row, name)
                record.taken[name] = mine if take else theirs
            table.bring(row, record, wanted)
        record.save()


def wordings(record: ShippedRecord) -> Iterator[tuple[str, str, str]]:
    """Generates each field with ``offered`` values: its name, the present value, the offered one."""
    table = _Table(record.kind)
    row = table.rows.get(record.key)
    for name, theirs in record.offered.items():
        mine = table.value(row, name) if row else None
        yield str(table.columns[name].verbose_name), _in_words(mine), _in_words(theirs)


def _in_words(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _concepts(directory: Path) -> Iterator[Fields]:
    """Generates the concepts of all branches as fields of a fixture."""
    for path in sorted(directory.glob("*.jsonld")):
        for concept in read_skos(path.read_text("utf-8")):
            yield {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in asdict(concept).items()
            }


UNDECIDED: Any = object()  # equals no value


class _Table:
    """The rows of one list by their keys, the shipped record of each, and their values as plain ones: a
    reference to a body as its key.
    """

    def __init__(self, kind: str) -> None:
        self.kind, self.model = kind, LISTS[kind]
        self.rows: dict[str, NaturalKeyModel] = {row.key: row for row in self.model._default_manager.all()}
        self.records = {record.key: record for record in ShippedRecord.objects.filter(kind=kind)}
        self.columns = {
            column.name: column
            for column in self.model._meta.concrete_fields
            if not column.primary_key and column.name not in KEPT
        }

    @cached_property
    def bodies(self) -> dict[int, str]:
        """Keys of bodies by their numbers; first asked for when all of them are stored."""
        return dict(Body.objects.values_list("pk", "slug"))

    def value(self, row: NaturalKeyModel, name: str) -> Any:
        column = self.columns[name]
        value = getattr(row, column.attname)
        if column.is_relation:
            return self.bodies.get(value)
        return value.isoformat() if value and isinstance(column, models.DateField) else value

    def wanted(self, fields: Fields, named: dict[str, str]) -> Fields:
        """Returns the plain values of a fixture's record; ``named`` maps names of bodies to keys."""
        return {
            name: (named[fields[name][0]] if fields.get(name) else None)
            if column.is_relation
            else fields.get(name, column.get_default())
            for name, column in self.columns.items()
        }

    def with_new_rows(self, shipped: list[Fields]) -> dict[str, Fields]:
        """Returns a fixture's records by the keys of their rows, made without relations where missing.

        A row is found by its key, that under which it was first stored, or by its name. None is made where
        its name is another row's.
        """
        key, name = self.model.key_field, self.model.natural_field
        stored_as = {record.taken.get(key): record.key for record in self.records.values()}
        claimed = {*(fields[key] for fields in shipped), *stored_as.values()}
        by_name = {getattr(row, name): row for row in self.rows.values() if row.key not in claimed}
        found, new = dict[str, Fields](), list[NaturalKeyModel]()
        for fields in shipped:
            own = str(stored_as.get(fields[key], fields[key]))
            row = self.rows.get(own) or by_name.get(fields[name])
            if row is None and not any(self.is_anothers(one, fields.get(one)) for one in self.columns):
                row = _bare_row(self.model, fields)
                new.append(row)
            found[row.key if row else fields[key]] = fields
        self.model._default_manager.bulk_create(new)
        self.rows |= {row.key: row for row in new}
        return found

    def is_anothers(self, name: str, value: Any, row: NaturalKeyModel | None = None) -> bool:
        """Returns True if the column is unique and another row has this value."""
        others = (other for other in self.rows.values() if other is not row)
        return self.columns[name].unique and any(getattr(other, name) == value for other in others)

    def bring(self, row: NaturalKeyModel, record: ShippedRecord, wanted: Fields) -> bool:
        """Updates ``row`` to ``wanted``, except what a person edited; returns True if it changed.

        ``record`` stores both; it is not saved.
        """
        of_document = getattr(row, "provisional", False)
        taken, offered, changed = dict(record.taken), Fields(), list[str]()
        for name, column in self.columns.items():
            mine, theirs = self.value(row, name), wanted[name]
            marked = of_document and isinstance(mine, bool)  # by the document, not by a person
            was = taken[name] if name in taken and not marked else _assumed(mine, theirs, of_document)
            value = _merged(mine, was, theirs)
            if value is UNDECIDED or (value != mine and self.is_anothers(name, value, row)):
                offered[name] = theirs
                continue
            taken[name] = theirs
            if value != mine:
                numbers = {key: number for number, key in self.bodies.items()} if column.is_relation else {}
                setattr(
                    row, column.attname, numbers.get(value) if column.is_relation else column.to_python(value)
                )
                changed.append(name)
        if changed:
            row.save(update_fields=changed)
        record.taken, record.offered = taken, offered
        edited = any(self.value(row, name) != wanted[name] for name in self.columns)
        record.origin = ShippedRecord.Origin.EDITED if edited else ShippedRecord.Origin.SHIPPED
        if getattr(row, "retired", False):
            record.origin = ShippedRecord.Origin.RETIRED
        return bool(changed)


def _assumed(mine: Any, theirs: Any, of_document: bool) -> Any:
    """Returns the assumed shipped value of a field for which none is recorded: nothing for a blank, or a mark
    or list begun by a document; the fixture's where the row includes it; else UNDECIDED: a person edited it.
    """
    if isinstance(mine, list):
        return [] if of_document or not mine else theirs if set(theirs) <= set(mine) else UNDECIDED
    decides_nothing = mine in BLANK or (of_document and isinstance(mine, bool))
    return mine if decides_nothing else theirs if mine == theirs else UNDECIDED


def _merged(mine: Any, was: Any, theirs: Any) -> Any:
    """Three-way merge of ``theirs`` with a person's changes of ``was``; UNDECIDED if both changed it."""
    if theirs in (was, mine):
        return mine
    if isinstance(mine, list) and was is not UNDECIDED:
        kept = [word for word in theirs if word in mine or word not in was]
        return kept + [word for word in mine if word not in theirs and word not in was]
    return theirs if mine == was else UNDECIDED


def _load(kind: str, shipped: list[Fields], named: dict[str, str]) -> Loaded:
    with transaction.atomic():
        lock_revision()
        table, loaded = _Table(kind), Loaded(kind)
        known = set(table.rows)
        rows = table.with_new_rows(shipped)
        created = table.rows.keys() - known
        loaded.kept = len(table.rows.keys() - rows.keys())
        if table.model is Body:
            named |= {fields["name"]: key for key, fields in rows.items()}
        changed = []
        for key, fields in rows.items():
            row, name = table.rows.get(key), fields[table.model.natural_field]
            record = table.records.get(key) or ShippedRecord(kind=kind, key=key)
            before = (record.pk, record.origin, record.taken, record.offered)
            wanted = table.wanted(fields, named)
            if row is None:
                record.origin = ShippedRecord.Origin.EDITED
                record.offered = {} if wanted.items() <= record.taken.items() else wanted
            elif table.bring(row, record, wanted) and key not in created:
                loaded.updated.append(name)
            elif key in created:
                loaded.created.append(name)
            else:
                loaded.unchanged += 1
            if record.offered:
                loaded.differing.append(name)
            record.taken = {**record.taken, table.model.key_field: fields[table.model.key_field]}
            if before != (record.pk, record.origin, record.taken, record.offered) or record.pk is None:
                changed.append(record)
        ShippedRecord.objects.filter(kind=kind).differing().exclude(key__in=rows).update(offered={})
        stored = [record for record in changed if record.pk]  # before the others get their keys
        ShippedRecord.objects.bulk_create(record for record in changed if record.pk is None)
        ShippedRecord.objects.bulk_update(stored, ["origin", "taken", "offered"], batch_size=200)
    return loaded


def _bare_row(model: type[NaturalKeyModel], fields: Fields) -> NaturalKeyModel:
    """Returns a new row without its relations, not yet stored."""
    columns = [column for column in model._meta.concrete_fields if not column.is_relation]
    return model(
        **{column.name: column.to_python(fields[column.name]) for column in columns if column.name in fields}
    )
