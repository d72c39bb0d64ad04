"""Bodies by their English names, and by short forms that a document makes certain (the Council).

The longest name counts. An office (President of the Security Council, Permanent Representative … to the
United Nations) and the title of a treaty (Charter of the United Nations) name no body; nor does an acronym
that the document gives to another name (the Independent Electoral Commission (IEC)).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.text.aligned_folding import fold

from ..languages import any_of
from ..parsed import Facts, ParsedBody, ParsedParagraph
from ..reference import Reference

_SHORT = re.compile(r"[A-Z][A-Za-z-]*[A-Z][A-Za-z0-9-]*")  # an acronym: two capitals at least
_NO_BODY = re.compile(
    r"(?:Charter|President|Presidency|Members?|Secretary-General|Representatives? [^,;.]{0,60})"
    r" (?:of|to) the $"
)
_DEFINED = re.compile(r" \(([A-Z][A-Za-z-]*[A-Z][A-Za-z0-9-]*)\)")
_WHOSE = re.compile(r"^United Nations | of the General Assembly$")  # which texts of the UN leave out
_BY_NUMBER = re.compile(r"\b(?P<number>\d{3,4}) (?P<year>)Committee\b(?! (?:Working|Group))")
_COUNCIL, _ASSEMBLY, _COMMITTEE = "Security Council", "General Assembly", "Committee"
_CONTEXTUAL = re.compile(
    r"\bthe (?P<word>Council|Assembly|Committee)\b(?! (?:of|established|for|pursuant)\b)(?! on [A-Z])"
)
_ESTABLISHED = re.compile(
    r"\b(?:Security Council )?Committee established (?:by|pursuant to) (?:Security Council )?"
    r"resolution (?P<number>\d{3,4}) ?\((?P<year>\d{4})\)"
)


@lru_cache(maxsize=2)
def _names(reference: Reference) -> tuple[re.Pattern[str], dict[str, str]]:
    """Returns a pattern of all names, and the body of each; an acronym that two bodies share names none."""
    names: dict[str, str] = {}
    shared: set[str] = set()
    for body in reference.bodies:
        for name in filter(None, (body.english, body.acronym)):
            if name == body.acronym and (not _SHORT.fullmatch(name) or len(name) < 3):
                continue
            shared |= {name} if names.get(name, body.name) != body.name else set()
            names.setdefault(name, body.name)
    short: dict[str, set[str]] = defaultdict(set)
    for body in reference.bodies:
        bare = _WHOSE.sub("", body.english or "")
        if bare not in names and (bare.count(" ") > 1 or bare.endswith(_COMMITTEE)):
            short[bare].add(body.name)
    names |= {form: named.pop() for form, named in short.items() if len(named) == 1}
    return re.compile(any_of(names.keys() - shared)), names


def find_worded(
    paragraphs: Sequence[ParsedParagraph], facts: Facts, reference: Reference
) -> tuple[ParsedBody, ...]:
    """Returns the places that name a body of ``reference``, in order; none overlaps another."""
    pattern, names = _names(reference)
    texts = [fold(paragraph.text) for paragraph in paragraphs]
    names = names | dict.fromkeys(_given_to_others(texts, names, reference), "")
    own = names.get(_COUNCIL) if (facts.symbol or "").startswith("S/") else None
    committee: str | None = None
    found: list[ParsedBody] = []
    for paragraph, text in zip(paragraphs, texts, strict=True):
        for start, end, body, form in _in(text, pattern, names, reference):
            if body is None:
                word = text[start:end].removeprefix("the ")
                body = {"Council": own, "Assembly": names.get(_ASSEMBLY), "Committee": committee}[word]
                start = end - len(word)
            elif _COMMITTEE in text[start:end]:
                committee = body
            if body:
                surface = paragraph.text[start:end]
                found.append(ParsedBody(paragraph.anchor, start, end, surface, body, form))
    return tuple(found)


def _given_to_others(texts: Sequence[str], names: dict[str, str], reference: Reference) -> Iterator[str]:
    """Generates the acronyms that the document defines behind words which are not the body's name."""
    for text in texts:
        for given in _DEFINED.finditer(text):
            body = reference.body_named(names.get(given[1], ""))
            if body is not None and not text[: given.start()].endswith(body.english or body.name):
                yield given[1]


def _in(
    text: str, pattern: re.Pattern[str], names: dict[str, str], reference: Reference
) -> Iterator[tuple[int, int, str | None, str]]:
    """Generates start, end, body (None where the document has to say) and form of each name in a text."""
    places: list[tuple[int, int, str | None, str]] = []
    for shape, form in ((_ESTABLISHED, "full"), (_BY_NUMBER, "alias")):
        for made in shape.finditer(text):
            act = re.compile(rf"(?<!\d){made['number']}\({made['year'] or '[0-9]{4}'}\).*号决议所设委员会$")
            named = [body.name for body in reference.bodies if act.search(body.name)]
            if len(named) == 1:
                places.append((made.start(), made.end(), named[0], form))
    for name in pattern.finditer(text):
        if not _NO_BODY.search(text, max(0, name.start() - 90), name.start()):
            places.append((name.start(), name.end(), names[name[0]], "full" if " " in name[0] else "alias"))
    places += [(short.start(), short.end(), None, "contextual") for short in _CONTEXTUAL.finditer(text)]
    free = 0
    for place in sorted(places, key=lambda one: (one[0], -one[1])):
        if place[0] >= free:
            free = place[1]
            yield place
