"""Permalink resolution: a cited text is identical, moved, edited, withdrawn, or was never issued.

A fingerprint is never matched fuzzily: the words are the same, or the answer says that they are not. It
ignores the form of characters (， and ,): where texts of several forms had it, all of them are listed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from django.db.models import Q

from archive.models import Document, IssuedText, MovedAnchor, Paragraph
from archive.models.querysets.languages import text_language
from archive.store.links.histories import Fate, Histories, Step
from archive.text.fingerprint import SHORTEST, digest, normal_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Permalink:
    """The answer. ``paragraph`` stands now under (or instead of) the address, in ``document``, which after a
    merge is another one; ``issued`` is the text as cited, with its dates.

    ``steps`` tell what happened to the words, oldest first. ``candidates`` are the places where the cited
    words now stand, where it cannot be known which of them is meant: that is not guessed. ``within`` is the
    one run of paragraphs in which the cited words stand now, whole and unbroken, where they were split up,
    or joined with others.

    ``forms`` are the other texts that the link may cite: public under the same address with the same
    fingerprint, but not the same characters as the text that the answer shows. Which of them was cited, no
    number of digits tells. ``form_differs``: the text shown is certainly none of those that were cited.
    ``ambiguous``: the digits, as many as were given, fit other words too that stood there.
    """

    fate: Fate
    paragraph: Paragraph | None = None
    issued: IssuedText | None = None
    candidates: list[Paragraph] = field(default_factory=list)
    document: Document | None = None
    steps: tuple[Step, ...] = ()
    within: list[Paragraph] = field(default_factory=list)
    forms: tuple[IssuedText, ...] = ()
    form_differs: bool = False
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Current(Permalink):
    """The same words are current: IDENTICAL, MOVED or IDENTICAL_BUT_FORM."""

    paragraph: Paragraph
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Permalink):
    """EDITED: other words stand where the cited ones would."""

    paragraph: Paragraph
    document: Document
    issued: IssuedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Permalink):
    """WITHDRAWN: nothing stands there any more."""

    issued: IssuedText


def find_paragraph(document: Document, anchor: str) -> Paragraph | None:
    """Returns the current paragraph under ``anchor``, or None."""
    return (
        Paragraph.objects.filter(document=document, anchor=anchor)
        .select_related("state", "body")
        .with_mentions()
        .first()
    )


def moved_to(symbol: str, anchor: str) -> str | None:
    """Returns the anchor of the same document to which an issued one leads now, or None."""
    place = place_now(symbol, anchor)
    return place[1] if place and place[0] == symbol else None


def place_now(symbol: str, anchor: str) -> tuple[str, str] | None:
    """Returns the (symbol, anchor) to which an issued anchor leads now, in any document; or None.

    None also where what it led to is gone in its turn: that is told under the address that was asked for.
    """
    place = MovedAnchor.objects.place(symbol, anchor)
    stands = place and IssuedText.objects.of_symbol(place[0]).standing().filter(anchor=place[1]).exists()
    return place if stands else None


def last_issued(symbol: str, anchor: str) -> IssuedText | None:
    """Returns the newest text that was public under an address, or None where it was never issued."""
    return IssuedText.objects.under(symbol, anchor).last()


def earlier_texts(
    symbol: str, anchor: str, came: Sequence[MovedAnchor] = (), standing: str = ""
) -> list[IssuedText]:
    """Returns the texts that were public under an address and are no more, newest first; of the addresses
    that ``came`` tells of, those that are not the ``standing`` text character for character.
    """
    under = Q(symbol=symbol, anchor=anchor)
    for move in came:
        under |= Q(symbol=move.symbol, anchor=move.old_anchor) & ~Q(text=standing)
    return list(
        IssuedText.objects.filter(under, language=text_language())
        .exclude(until=None)
        .order_by("-since_revision", "-pk")
    )


def follow(symbol: str, document: Document | None, anchor: str, cited: str) -> Permalink:
    """Returns the fate of the text cited as ``anchor`` of ``symbol`` with 8 to 64 digits, ``cited``.

    ``document`` is the stored one of the symbol, or None. The address itself may have other words now, as
    where paragraphs were renumbered: the words are looked for before the answer is "edited".
    """
    here = find_paragraph(document, anchor) if document else None
    issued = issued_as(symbol, anchor, cited)
    if document and here and fits(here, cited):
        others = [text for text in issued if not _same_words(text, here.text)]
        if not others:
            return _in_forms(Current(fate=Fate.IDENTICAL, paragraph=here, document=document), issued)
        issued = others
    if not issued:
        place = place_now(symbol, anchor) if here is None else None
        there = find_paragraph(document, place[1]) if place and place[0] == symbol and document else None
        return Permalink(fate=Fate.NEVER_ISSUED, paragraph=here or there, document=document)
    answer = _became(symbol, document, issued[-1], here)
    ambiguous = len({normal_form(text.text) for text in issued if not text.withheld}) > 1
    answer = _in_forms(answer, issued)
    return replace(answer, ambiguous=ambiguous or (here is not None and fits(here, cited)))


def issued_as(symbol: str, anchor: str, cited: str, language: str = "") -> list[IssuedText]:
    """Returns the texts that were public under an address and have all digits of ``cited``, oldest first."""
    under = IssuedText.objects.under(symbol, anchor, language).filter(fingerprint=cited[:SHORTEST])
    return [text for text in under if fits(text, cited)]


def fits(row: IssuedText | Paragraph, cited: str) -> bool:
    """Returns True if the fingerprint of ``row`` begins with ``cited``; a withheld one is known in part."""
    known = cited if row.text else cited[:SHORTEST]
    return row.fingerprint == known[:SHORTEST] and (
        known == row.fingerprint or digest(row.text).startswith(known)
    )


def _same_words(issued: IssuedText, text: str) -> bool:
    return not issued.text or normal_form(issued.text) == normal_form(text)


def _in_forms(
    answer: Current | Edited | Withdrawn, issued: Sequence[IssuedText]
) -> Current | Edited | Withdrawn:
    """Adds to ``answer`` the other forms of its words that were public under the cited address."""
    same = isinstance(answer, Current)
    shown = answer.paragraph.text if isinstance(answer, Current) else answer.issued.text
    cited = {text.text: text for text in issued if _same_words(text, shown)}
    forms = tuple(text for words, text in cited.items() if words != shown)
    if same and forms:
        answer = replace(answer, fate=Fate.IDENTICAL_BUT_FORM, form_differs=shown not in cited)
    return replace(answer, forms=forms)


def _became(
    symbol: str, document: Document | None, issued: IssuedText, here: Paragraph | None
) -> Current | Edited | Withdrawn:
    found = Histories().verdict_of(issued)
    steps = found.steps
    if found.withdrawn:
        return Withdrawn(fate=Fate.WITHDRAWN, issued=issued, document=document, steps=steps)
    home = document if found.symbol == symbol else Document.objects.find(found.symbol)
    now = _paragraph_under(home, found.anchor, here)
    if home and now and found.same_words and _same_words(issued, now.text):
        return Current(fate=Fate.MOVED, paragraph=now, issued=issued, document=home, steps=steps)
    twins = _paragraphs(home, found.twins)
    within = containing(home, issued.text) if home and not twins else []
    if home is None or now is None:
        return Withdrawn(
            fate=Fate.WITHDRAWN, issued=issued, candidates=twins, document=home, steps=steps, within=within
        )
    return Edited(
        fate=Fate.EDITED,
        paragraph=now,
        issued=issued,
        candidates=twins,
        document=home,
        steps=steps,
        within=within,
    )


def _paragraph_under(home: Document | None, anchor: str | None, here: Paragraph | None) -> Paragraph | None:
    if home is None or anchor is None:
        return None
    if here and here.document_id == home.pk and here.anchor == anchor:
        return here
    return find_paragraph(home, anchor)


def _paragraphs(home: Document | None, anchors: tuple[str, ...]) -> list[Paragraph]:
    return list(home.paragraphs.filter(anchor__in=anchors).order_by("position")) if home and anchors else []


# Where the words of a text that ended stand now as they were, inside longer paragraphs or across several.

# Shorter ones (附件, 古巴) may stand anywhere: that they do says nothing.
SHORTEST_HELD = 8


def containing(document: Document, words: str) -> list[Paragraph]:
    """Returns the run of paragraphs that contains ``words`` whole and unbroken, where there is only one.

    Compared as fingerprints compare: NFKC, no white space. So a paragraph that was split is found as the run
    of its parts, one that was joined to another as that one. No similarity is measured.
    """
    wanted = normal_form(words)
    if len(wanted) < SHORTEST_HELD:
        return []
    rows = list(document.paragraphs.order_by("position").values_list("pk", "text"))
    texts = [normal_form(text) for _key, text in rows]
    whole = "".join(texts)
    start = whole.find(wanted)
    if start < 0 or whole.find(wanted, start + 1) >= 0:
        return []
    ends = list(accumulate(map(len, texts)))
    first, last = bisect_right(ends, start), bisect_right(ends, start + len(wanted) - 1)
    keys = [
        key
        for (key, _text), bare in zip(rows[first : last + 1], texts[first : last + 1], strict=True)
        if bare
    ]
    return list(Paragraph.objects.filter(pk__in=keys).order_by("position"))
