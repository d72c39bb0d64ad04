"""The thesaurus as SKOS: concepts read from JSON-LD and written to it.

One file holds one branch (a concept scheme). The context in the file maps each key to its SKOS property and
language, so that any RDF tool reads the files as they are, a concept being the address of its page; here the
keys are read as plain JSON, since SKOS has one property for synonyms and abbreviations. Source of the terms:
W3C, SKOS Reference (2009), sections 5 and 8; language tags: BCP 47.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


def _labels(language: str, label: str = "skos:altLabel") -> dict[str, str]:
    return {"@id": label, "@language": language, "@container": "@set"}


def _concepts(relation: str) -> dict[str, str]:
    return {"@id": f"skos:{relation}", "@type": "@id", "@container": "@set"}


CONTEXT: Mapping[str, Any] = {
    "@base": "/concepts/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "slug": "@id",
    "Concept": "skos:Concept",
    "name": {"@id": "skos:prefLabel", "@language": "zh-Hans"},
    "variants": _labels("zh-Hans"),
    "abbreviations": _labels("zh-Hans"),
    "colloquial": _labels("zh-Hans", "skos:hiddenLabel"),
    "taiwan": _labels("zh-Hant-TW"),
    "hongkong": _labels("zh-Hant-HK"),
    "singapore": _labels("zh-Hans-SG"),
    "english": _labels("en"),
    "broader": _concepts("broader"),
    "related": _concepts("related"),
    "branch": {"@id": "skos:inScheme", "@type": "@id"},
}


@dataclass(frozen=True, slots=True)
class SkosConcept:
    """A concept of the thesaurus: its preferred term, the others by kind, and its neighbours by slug.

    ``variants`` mean the same in formal Chinese; ``taiwan`` and ``hongkong`` are in traditional characters,
    ``singapore`` in simplified ones; ``narrower`` is not kept: it is ``broader`` read backwards.
    """

    slug: str
    name: str
    branch: str
    variants: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    colloquial: tuple[str, ...] = ()
    taiwan: tuple[str, ...] = ()
    hongkong: tuple[str, ...] = ()
    singapore: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


LISTS = tuple(field.name for field in fields(SkosConcept) if field.name not in ("slug", "name", "branch"))


def read_skos(content: str) -> Iterator[SkosConcept]:
    """The concepts of a JSON-LD file. Raises ValueError that names the concept which is not of the form."""
    try:
        graph = list(json.loads(content)["@graph"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"not a thesaurus in JSON-LD: {error}") from error
    for number, node in enumerate(graph, start=1):
        try:
            lists = {name: tuple(node.get(name, ())) for name in LISTS}
            yield SkosConcept(node["slug"], node["name"], node["branch"], **lists)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"concept {number} of the thesaurus: {error!r}") from error


def write_skos(concepts: Iterable[SkosConcept], base: str = CONTEXT["@base"]) -> Iterator[str]:
    """The lines of a JSON-LD file with ``concepts``, one a line, so that a change shows as its line.

    ``base``: the address below which the page of each concept stands; on a site with its host, so that a
    file that was saved still names what it speaks of.
    """
    yield '{"@context": ' + json.dumps({**CONTEXT, "@base": base}, ensure_ascii=False) + ',\n"@graph": [\n'
    before = ""
    for concept in concepts:
        node = {name: value for name, value in asdict(concept).items() if value}
        yield before + json.dumps({"@type": "Concept", **node}, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"
