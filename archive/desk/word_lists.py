"""The field of the desk for a list of names, which is typed as JSON."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput


class WordListField(forms.JSONField):
    """Refuses in words what would break the reader of JSON, or a database; shows it again as typed."""

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
