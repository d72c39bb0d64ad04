"""Forms with optimistic locking: they refuse to overwrite what was changed since they were opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from types import ModuleType
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.forms.fields import InvalidJSONInput
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from archive.intake import reference_data
from archive.models import Mention, Resolution, ShippedRecord
from archive.models.references import NaturalKeyModel
from archive.store.revision import lock_revision

SHOWN = "as_shown"


class UnchangedForm(forms.ModelForm):
    """Carries a mark of the values it was filled with; where the row has others now, nothing is saved."""

    as_shown = forms.CharField(widget=forms.HiddenInput, required=False, label="")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._stands = self._mark()
        self.initial[SHOWN] = self._stands

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.data.get(self.add_prefix(SHOWN), self._stands) != self._stands:
            raise ValidationError(
                _("您打开这一页之后，这里的内容已有改动，什么也没有保存。请重新打开，看过现在的内容再改。")
            )
        return cleaned

    def _mark(self) -> str:
        values = model_to_dict(self.instance, [name for name in self.fields if name != SHOWN])
        return mark_of({**values, "corrections": getattr(self.instance, "corrections", None)})


def mark_of(shown: Any) -> str:
    """Returns a mark of the values that a form was filled with: with others now, somebody was faster."""
    return sha256(json.dumps(shown, default=str, sort_keys=True).encode()).hexdigest()[:16]


class LockedWhileSaving(ModelAdmin):
    """An admin whose row is read behind the writers' lock before it is saved: nobody writes in between."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        if request.method == "POST" and connection.in_atomic_block:
            lock_revision()
        return super().get_object(request, object_id, from_field)


# The field of the desk for a list of names, which is typed as JSON.


class WordListField(forms.JSONField):
    """A JSON field that refuses, in words, input that would break the parser or a database."""

    def to_python(self, value: Any) -> Any:
        try:
            read = super().to_python(value)
            json.dumps(read, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError) as error:
            invalid = self.error_messages["invalid"]
            raise ValidationError(invalid, code="invalid", params={"value": "…"}) from error
        return read

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial if self.disabled else data if data is None else InvalidJSONInput(data)


# What the program brings beside what a person decided: shown as a difference, taken or dismissed once.


def wordings(record: ShippedRecord) -> Iterator[tuple[str, str, str]]:
    """Generates the differences ``offered`` by a release: paragraph or field, current and offered words."""
    if not record.offered:
        return
    yield from _room_of(record).wordings(record)


def take_or_dismiss(record: ShippedRecord, take: bool) -> None:
    """Applies the ``offered`` values in place of a person's, or dismisses them. Raises RefusedError where
    they cannot be applied.
    """
    _room_of(record).take_or_dismiss(record, take)


def _room_of(record: ShippedRecord) -> ModuleType:
    """Returns the module that brings records of this kind."""
    from archive.intake.importing import bundled

    return bundled if record.kind == bundled.KIND else reference_data


def is_needed(row: NaturalKeyModel) -> bool:
    """Returns True if ``row`` is shipped with the program, or other rows refer to it."""
    if ShippedRecord.objects.filter(kind=reference_data.kind_of(type(row)), key=row.key).exists():
        return True
    if isinstance(row, Resolution) and Mention.objects.filter(symbol=row.symbol).exists():
        return True
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.related_objects
    )
