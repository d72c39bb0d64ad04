"""Rows of the history that a withholding affects: earlier wordings, documents merged in, and names made only
by the withheld words.
"""

from __future__ import annotations

from django.db.models import QuerySet

from archive.models import Body, Document, IssuedText, RetiredDocument
from archive.models.querysets.paragraphs import ParagraphQuerySet
from archive.store.ingest.facts import KEPT_OUT, decisions_of, kept_out
from archive.store.links.histories import Histories
from archive.store.withholding.words import repeats
from archive.text.fingerprint import normal_form

ENDING = RetiredDocument.Ending
AT_ONCE = 500  # a database takes only so many values in one query


def reach(row: IssuedText) -> set[int]:
    """Returns the keys of all texts that go with ``row`` when its words are withheld, itself included.

    Earlier wordings of the same paragraph, and what stood in the document once and repeats one of them: a
    paragraph that was divided since, or joined of two. Also in documents that were merged into its own.
    """
    histories = Histories(row.language)
    symbols = [row.symbol, *(merged.symbol for merged in _merged_into(row.symbol, row.language))]
    found = {row.pk, *(key for symbol in symbols for key in histories.leading_to(symbol, row.pk))}
    texts = IssuedText.objects.filter(symbol__in=symbols, language=row.language)
    plain = {key: normal_form(text) for key, text in texts.values_list("pk", "text")}
    words = {plain[key] for key in found}
    past = texts.exclude(until=None).exclude(pk__in=found).values_list("pk", flat=True)
    return found | {key for key in past if any(repeats(plain[key], text) for text in words)}


def withhold_reach(row: IssuedText) -> None:
    """Withholds ``row`` and all that goes with it."""
    _set_withheld(reach(row), withheld=True)


def show_reach(document: Document, words: str) -> None:
    """Undoes ``withhold_reach`` of the texts of ``document`` with the fingerprint ``words``, which is no
    longer kept out: what goes with other paragraphs of it that are withheld stays so.
    """
    texts = IssuedText.objects.of(document).filter(fingerprint=words, withheld=True)
    shown = set().union(*map(reach, texts))
    for other in _withheld_alone(document):
        shown -= reach(other)
    _set_withheld(shown, withheld=False)


def withhold_again(document: Document) -> None:
    """Extends the withholdings of ``document`` to a document that was just merged into it."""
    for row in _withheld_alone(document):
        withhold_reach(row)


def _withheld_alone(document: Document) -> list[IssuedText]:
    """Returns the texts that are withheld by a decision on one paragraph of a document that stays."""
    found: list[IssuedText] = []
    for anchor, words in kept_out(document):
        texts = IssuedText.objects.of(document).filter(anchor=anchor)
        # Earlier versions wrote down what a corrected source has instead, which was never issued.
        found += (texts.filter(fingerprint=words) or texts).filter(withheld=True)
    return found


def decided_on(key: int) -> IssuedText | None:
    """The text on which an editor decided, where the one with ``key`` is withheld by a decision on one
    paragraph of a document that stays: itself, or what it went with."""
    deciding = Document.objects.filter(corrections__has_key=KEPT_OUT).order_by("pk")
    rows = (row for document in deciding for row in _withheld_alone(document))
    return next((row for row in rows if key in reach(row)), None)


def _set_withheld(keys: set[int], *, withheld: bool) -> None:
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        IssuedText.objects.filter(pk__in=ordered[start : start + AT_ONCE]).update(withheld=withheld)


def _merged_into(symbol: str, language: str) -> list[RetiredDocument]:
    """Returns the documents that are merged into that of ``symbol`` now, straight or through others."""
    standing = RetiredDocument.objects.filter(language=language, lifted=None, ending=ENDING.MERGED)
    found: dict[str, RetiredDocument] = {}
    waiting = [symbol]
    while waiting:
        new = [row for row in standing.filter(successor__in=waiting) if row.symbol not in {symbol, *found}]
        found |= {row.symbol: row for row in new}
        waiting = [row.symbol for row in new]
    return list(found.values())


def withhold_all(retired: RetiredDocument) -> None:
    """Withholds every text of a retired document and of those merged into it; remembers which were before."""
    merged = _merged_into(retired.symbol, retired.language)
    texts = _texts_of(retired, merged)
    before = texts.filter(withheld=True).order_by("pk").values_list("symbol", "anchor", "fingerprint")
    retired.facts["withheld_before"] = [list(row) for row in before.distinct()]
    retired.save(update_fields=["facts"])
    texts.update(withheld=True)
    RetiredDocument.objects.filter(pk__in=[row.pk for row in merged]).update(withheld=True)


def show_again(retired: RetiredDocument) -> None:
    """Undoes ``_withhold_all``: what was withheld before it, by a decision of its own, stays so."""
    merged = _merged_into(retired.symbol, retired.language)
    texts = _texts_of(retired, merged)
    before = retired.facts.pop("withheld_before", None)
    alone = decisions_of(retired.facts.get("corrections") or {})
    rows = texts.values_list("pk", "symbol", "anchor", "fingerprint")
    if before is not None:
        stay = {tuple(row) for row in before}
        shown = [key for key, *words in rows if tuple(words) not in stay]
    else:  # written by an earlier version, which did not remember: then what was withdrawn alone stays so
        anchors, words = (set(column) for column in zip(*alone, strict=True)) if alone else (set(), set())
        shown = [key for key, _symbol, anchor, cited in rows if anchor not in anchors and cited not in words]
    _set_withheld(set(shown), withheld=False)
    RetiredDocument.objects.filter(pk__in=[row.pk for row in merged]).update(withheld=False)


def _texts_of(retired: RetiredDocument, merged: list[RetiredDocument]) -> QuerySet[IssuedText]:
    symbols = [retired.symbol, *(row.symbol for row in merged)]
    return IssuedText.objects.filter(symbol__in=symbols, language=retired.language)


def provisional_bodies(paragraphs: ParagraphQuerySet) -> list[int]:
    """Returns the bodies that documents define themselves and that these paragraphs name."""
    return list(
        Body.objects.filter(provisional=True, mentions__paragraph__in=paragraphs)
        .order_by()
        .values_list("pk", flat=True)
        .distinct()
    )


def forget_bodies(bodies: list[int]) -> None:
    """Removes those of ``bodies`` that nothing names any more: their names are words of what is withheld."""
    for body in Body.objects.filter(pk__in=bodies, mentions=None, children=None):
        named = any(
            relation.related_model._default_manager.filter(**{relation.field.name: body}).exists()
            for relation in Body._meta.related_objects
            if relation.one_to_many
        )
        if not named:
            body.delete()
