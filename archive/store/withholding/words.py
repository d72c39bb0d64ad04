"""Matching of withheld words in texts.

Texts are compared by runs of twelve characters after NFKC, white space left out, because page headers may
come between two lines and because a part of a text is forbidden as the whole is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from django.db.models import CharField, Model, Q, TextField

from archive.models import Body, Document, DroppedLine, IssuedText, Paragraph, RetiredDocument
from archive.readers.everything import all_words
from archive.text.fingerprint import normal_form

RUN = 12
PIECE = 6  # what is shorter may be anybody's, and is compared with nothing


class Forbidden:
    """The runs (shingles) of ``texts`` that are in none of the ``public`` ones. False where there are none.

    A text shorter than a run is one run. What is also public elsewhere is not forbidden: documents share
    phrases, and two may have the same paragraph.
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
        """Returns the first forbidden run of ``text``; empty where it holds none."""
        plain = normal_form(text)
        for size, runs in self._runs.items():
            for run in runs_of(plain, size):
                if run in runs:
                    return run
        return ""

    def cleaned(self, value: Any) -> Any:
        """Returns a JSON value with each string that has a forbidden run emptied."""
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
    """Returns True if a source contains at least half of the runs of a withheld text, ignoring white space.

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
    """Returns True if ``content`` contains ``text``, or at least half of its runs of ``PIECE`` characters, so
    that a corrected letter hides nothing; both in normal form. A shorter text has no match.
    """
    return holds_half(set(runs_of(content, PIECE)), text)


def holds_half(pieces: Collection[str], text: str) -> bool:
    """Returns True if a content, given as ``runs_of`` size ``PIECE``, has at least half of ``text``."""
    return len(text) >= PIECE and _share(text, PIECE, {PIECE: pieces}) >= 1 / 2


def _share(text: str, size: int, held: Mapping[int, Collection[str]]) -> float:
    runs = list(runs_of(text, size))
    return sum(run in held[min(len(text), size)] for run in runs) / len(runs)


def runs_of(text: str, size: int = RUN) -> Iterator[str]:
    """Generates every run of ``size`` characters; a text that is shorter is one run."""
    if text:
        yield from (text[start : start + size] for start in range(max(len(text) - size, 0) + 1))


# What is withheld now, read from the history: the words, and the addresses where they were once shown.

AT_ONCE = 2000
# What is known of a document that holds none of its words: all that goes on being told of a withheld one.
WORDLESS = frozenset(
    ("alias", "anchors", "source", "source_sha256", "parsed_symbol", "withheld_before")
    + ("document_type", "date", "communication_date", "meeting_date", "original_language")
)


def withheld_state() -> str:
    """Returns a mark that is another as soon as another text is withheld, or one no longer is; one query.

    A copy that carries it was made of the archive without these very words.
    """
    rows = (
        IssuedText.objects.filter(withheld=True)
        .order_by("symbol", "language", "anchor", "fingerprint")
        .values_list("symbol", "language", "anchor", "fingerprint")
        .distinct()
    )
    return digest_of(rows)


def anything_withheld() -> bool:
    """Returns True if any words of the archive are withheld now; one query."""
    texts = IssuedText.objects.filter(withheld=True).values("symbol")
    return texts.union(RetiredDocument.objects.filter(withheld=True, lifted=None).values("symbol")).exists()


def digest_of(rows: Iterable[tuple[str, ...]]) -> str:
    """Returns the mark of withheld (symbol, language, anchor, fingerprint), in their order; empty of none."""
    digest, some = hashlib.sha256(), False
    for row in rows:
        some = True
        digest.update("\n".join((*row, "")).encode())
    return digest.hexdigest()[:16] if some else ""


def forbidden_words(besides: tuple[Document, int] | None = None) -> Forbidden:
    """Returns the runs of characters withheld and public nowhere. Reads the whole archive if there are any.

    ``besides``: a document, and the revision of the act that stores it: what it shows since does not count.
    """
    texts = list(IssuedText.objects.filter(withheld=True).values_list("text", flat=True))
    for facts in RetiredDocument.objects.filter(withheld=True, lifted=None).values_list("facts", flat=True):
        known = (value for name, value in facts.items() if name not in WORDLESS)
        texts += [value for value in known if isinstance(value, str)]
    return Forbidden(texts, _public_texts(besides)) if texts else Forbidden(())


def _public_texts(besides: tuple[Document, int] | None) -> Iterator[str]:
    """Generates all texts of documents that are shown to everybody."""
    documents, own = Document.objects.all(), Q()
    history = IssuedText.objects.filter(withheld=False)
    if besides:
        document, revision = besides
        documents, own = documents.exclude(pk=document.pk), Q(document=document.pk)
        history = history.exclude(symbol=document.symbol, language=document.language, since_revision=revision)
    yield from Paragraph.objects.exclude(own).values_list("text", flat=True).iterator(AT_ONCE)
    yield from history.values_list("text", flat=True).iterator(AT_ONCE)
    yield from DroppedLine.objects.exclude(own).values_list("text", flat=True).iterator(AT_ONCE)
    yield from Body.objects.values_list("name", flat=True)
    rows = documents.values_list(*text_columns(Document)).iterator(AT_ONCE)
    yield from filter(None, chain.from_iterable(rows))


def text_columns(model: type[Model]) -> set[str]:
    """Returns the names of the columns of ``model`` that hold texts."""
    fields = model._meta.concrete_fields
    return {field.name for field in fields if isinstance(field, CharField | TextField)}
