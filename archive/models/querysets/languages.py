"""The language of the texts that are asked for: Chinese, unless an address or a command names another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from archive.text.language import FIRST

CHINESE = FIRST
_language: ContextVar[str] = ContextVar("text_language", default=CHINESE)


def text_language() -> str:
    """Returns the code of the language whose texts are asked for: ``zh``, ``en``."""
    return _language.get()


@contextmanager
def texts_in(language: str) -> Iterator[None]:
    """Asks for texts in ``language`` until it is left: texts, their history, their addresses."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)
