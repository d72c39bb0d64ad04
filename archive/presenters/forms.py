"""The other forms in which words with one fingerprint were public, beside the text that is shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString

from archive.links.past_ranges import PastRange
from archive.models import IssuedText
from archive.presenters.diff import Difference, changes_as_json, compare
from archive.schemas import history

Form = IssuedText | PastRange


def forms_shown(forms: Iterable[Form], shown: str) -> list[dict]:
    """What a page shows of each form: its dates, and how its characters differ from those ``shown``."""
    return [
        {"form": form, "difference": _difference(form, shown), "codes": _codes(form, shown)} for form in forms
    ]


def forms_as_json(forms: Iterable[Form], shown: str) -> list[history.Form]:
    """Each form with its dates and what became of which characters; no words where law forbids them."""
    return [
        history.Form(
            text=None if form.withheld else form.text,
            since=form.since,
            until=form.until,
            changes=changes_as_json((_difference(form, shown) or _NOTHING).changes),
        )
        for form in forms
    ]


_NOTHING = Difference(SafeString(), SafeString(), ())


def _difference(form: Form, shown: str) -> Difference | None:
    return None if form.withheld else compare(form.text, shown)


def _codes(form: Form, shown: str) -> list[dict]:
    """Each change with its characters by number, since ， and , look alike: U+FF0C, U+002C."""
    changes = (_difference(form, shown) or _NOTHING).changes
    return [
        {"change": change, "struck": _numbers(change.struck), "added": _numbers(change.added)}
        for change in changes
    ]


def _numbers(characters: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in characters)
