"""The words that law forbids to show, and whether some text holds them.

Texts are compared by runs of twelve characters after NFKC, white space left out, because page headers may
stand between two lines and because a part of a text is forbidden as the whole is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from archive.readers.everything import all_words
from archive.text.fingerprint import normal_form

RUN = 12
PIECE = 6  # what is shorter may be anybody's, and is compared with nothing


class Forbidden:
    """The runs of ``texts`` that stand in none of the ``public`` ones. False where there are none.

    A text shorter than a run is one run. What is also public elsewhere is not forbidden: documents share
    phrases, and two may hold the same paragraph.
    """

    def __init__(self, texts: Iterable[str], public: Iterable[str] = ()) -> None:
        self._runs: dict[int, set[str]] = {}
        for text in filter(None, map(normal_form, texts)):
            self._runs.setdefault(min(len(text), RUN), set()).update(runs_of(text))
        if self._runs:
            for text in map(normal_form, public):
                for size, runs in self._runs.items():
                    runs.difference_update(runs_of(text, size))
        self._runs = {size: runs for size, runs in self._runs.items() if runs}

    def __bool__(self) -> bool:
        return bool(self._runs)

    def found_in(self, text: str) -> str:
        """The first forbidden run of ``text``; empty where it holds none."""
        plain = normal_form(text)
        for size, runs in self._runs.items():
            for run in runs_of(plain, size):
                if run in runs:
                    return run
        return ""

    def cleaned(self, value: Any) -> Any:
        """A value of JSON without the strings that hold a forbidden run: these are empty."""
        if not self:
            return value
        if isinstance(value, str):
            return "" if self.found_in(value) else value
        if isinstance(value, list):
            return [self.cleaned(one) for one in value]
        if isinstance(value, dict):
            return {name: self.cleaned(one) for name, one in value.items()}
        return value


def shows_withheld(content: bytes, forbidden: Iterable[str]) -> bool:
    """Whether a source holds at least half of the runs of a withheld text. White space does not count.

    Half, because a header between two lines hides a few runs; not one, because documents share phrases.
    """
    texts = [normal_form(text) for text in forbidden]
    if not any(texts):
        return False
    try:
        source = normal_form(all_words(content))
    except ValueError:
        return True  # what cannot be read cannot be cleared
    held = {size: set(runs_of(source, size)) for size in {min(len(text), RUN) for text in texts if text}}
    return any(_share(text, RUN, held) >= 1 / 2 for text in texts if text)


def repeats(content: str, text: str) -> bool:
    """Whether ``content`` holds ``text``, or at least half of its runs of ``PIECE`` characters, so that a
    corrected letter hides nothing; both in normal form. Nothing holds a text that is shorter.
    """
    return holds_half(set(runs_of(content, PIECE)), text)


def holds_half(pieces: Collection[str], text: str) -> bool:
    """The same for a content whose runs of ``PIECE`` characters are known."""
    return len(text) >= PIECE and _share(text, PIECE, {PIECE: pieces}) >= 1 / 2


def _share(text: str, size: int, held: Mapping[int, Collection[str]]) -> float:
    runs = list(runs_of(text, size))
    return sum(run in held[min(len(text), size)] for run in runs) / len(runs)


def runs_of(text: str, size: int = RUN) -> Iterator[str]:
    """Every run of ``size`` characters; a text that is shorter is one run."""
    if text:
        yield from (text[start : start + size] for start in range(max(len(text) - size, 0) + 1))
