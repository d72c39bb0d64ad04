"""The index as a copy of the archive's words. What is withheld leaves it for good: an update takes documents
out of answers, but their words stay in files that it takes over.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.store.withholding.register import Producer
from archive.store.withholding.words import Forbidden, withheld_state

from .index import live_index
from .update import home, update_index


def index_holds(words: Forbidden | None) -> Sequence[str]:
    """Lists where the index may still contain words withheld since it was built: symbols, or a sentence."""
    without = home().withheld()
    if without is None:
        return []
    if without != withheld_state():
        return [_("建成于依法不予显示的文字有变之前")]
    if not words:
        return []
    rows = (stored for _key, _document, stored in live_index().every())
    return list(dict.fromkeys(row["symbol"] for row in rows if words.found_in(row["text"])))


def clean_index() -> None:
    """Builds the index from the database alone, and removes every other one of the archive."""
    state = withheld_state()
    update_index(rebuild=True)
    home().cleaned(state)


PRODUCER = Producer("index", gettext_lazy("检索索引"), index_holds, clean_index)
