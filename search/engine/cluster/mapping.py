"""Mapping of an index on a cluster: analyzers, fields, similarity, and the document of a paragraph."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive.text.folding import fold_literally
from search.engine.index.columns import Row, pack, unpack
from search.engine.searcher.reader import K1, B
from search.query.text.term_counts import Tokens

# Fields beside those of ``search_indexes``: the folded text and its single characters; the document as a
# number and the position in it, which put ties in order; how early it stands there; how many tokens it has.
FOLDED, CHARACTERS = "folded", "folded.characters"
DOCUMENT, POSITION, STORED, EARLY, LENGTH = "document_number", "place", "stored", "early", "length"
DEEPEST = 1_000_000  # hits that may stand before the end of a page


def index_body(exact: Iterable[str], tokens: Collection[str], shards: int, replicas: int) -> dict[str, Any]:
    """Returns the body that creates an index for fields of ``exact`` values and of ``tokens``."""
    ngrams = {
        name: {"type": "ngram", "min_gram": size, "max_gram": size}
        for name, size in (("characters", 1), ("bigrams", 2))
    }
    properties: dict[str, Any] = {
        FOLDED: {
            "type": "text",
            "analyzer": "bigrams",
            "similarity": "occurrences",
            "norms": False,
            "fields": {
                "characters": {
                    "type": "text",
                    "analyzer": "characters",
                    "similarity": "occurrences",
                    "norms": False,
                    "index_options": "freqs",
                }
            },
        },
        DOCUMENT: {"type": "long"},
        POSITION: {"type": "integer"},
        STORED: {"type": "keyword", "index": False, "doc_values": False},
        EARLY: {"type": "float", "index": False, "doc_values": False},
        LENGTH: {"properties": {name: {"type": "integer"} for name in tokens}},
    }
    properties |= {name: {"type": "keyword"} for name in exact}
    properties |= {
        name: {
            "type": "text",
            "analyzer": "keyword",
            "similarity": "paragraphs",
            "index_options": "freqs",
        }
        for name in tokens
    }
    return {
        "settings": {
            "index": {
                "number_of_shards": shards,
                "number_of_replicas": replicas,
                "max_result_window": DEEPEST,
                "refresh_interval": "-1",
                "merge.policy.expunge_deletes_allowed": 0,
                "analysis": {
                    "tokenizer": ngrams,
                    "analyzer": {name: {"type": "custom", "tokenizer": name} for name in ngrams},
                },
                "similarity": {
                    "paragraphs": {"type": "BM25", "k1": K1, "b": B},
                    "occurrences": {"type": "scripted", "script": {"source": "return doc.freq;"}},
                },
            }
        },
        "mappings": {
            "dynamic": False,
            "_routing": {"required": True},
            "properties": properties,
        },
    }


def paragraph_body(row: Row, tokens: Mapping[str, Tokens], early: float) -> dict[str, Any]:
    """Returns one paragraph as it is indexed, from the same row and tokens as on this machine. A token is
    repeated as often as it counts, so that lengths are those of the engine here.
    """
    stored = unpack(row.stored)
    return {
        FOLDED: fold_literally(stored["text"]),
        DOCUMENT: row.document,
        POSITION: stored["position"],
        STORED: json.dumps(stored, ensure_ascii=False, separators=(",", ":")),
        EARLY: early,
        LENGTH: row.lengths,
        **{name: [*filter(None, values)] for name, values in row.exact.items()},
        **{name: [*_repeated(counts)] for name, counts in tokens.items()},
    }


def _repeated(counts: Mapping[str, int]) -> Iterator[str]:
    for term, count in counts.items():
        yield from [term] * count


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph as it came back: its row, its tokens by field, if they were asked for, and its score."""

    row: Row
    place: tuple[int, int]
    early: float
    tokens: Mapping[str, Mapping[str, int]]
    score: float

    @classmethod
    def of(cls, found: Mapping[str, Any], exact: Iterable[str], tokens: Iterable[str]) -> Hit:
        held = found["_source"]
        row = Row(
            int(found["_id"]),
            held[DOCUMENT],
            {name: tuple(held.get(name, ())) for name in exact},
            pack(json.loads(held[STORED])),
            held[LENGTH],
        )
        counts = {name: Counter(held.get(name, ())) for name in tokens}
        return cls(row, (held[DOCUMENT], held[POSITION]), held[EARLY], counts, found.get("_score") or 0.0)
