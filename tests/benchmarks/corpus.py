"""Paragraphs to measure search with: those of a file, or made of the bundled documents with a fixed seed."""

from __future__ import annotations

import itertools
import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.engine.index.rows import Prepared

SEED = 1540
DOCUMENTS = Path(__file__).resolve().parents[2] / "fixtures" / "documents"
STATES = ("AUS", "CHN", "CUB", "DEU", "FRA", "GBR", "IND", "KOR", "MEX", "USA")
TYPES = ("letter", "report", "resolution", "meeting_record")
CLAUSE = re.compile(r"[^，；。]+[，；。]?|[，；。]")


@dataclass(frozen=True, slots=True)
class Text:
    document: int
    title: str
    anchor: str
    kind: str
    text: str


def stand_still() -> None:
    """Lets the archive stand at no revision in this process, as the manifest of a corpus says: its paragraphs
    are in no database, nor are the concepts of the thesaurus.
    """
    from archive.store.revision import NO_REVISION
    from archive.text.skos import read_skos
    from search.engine.live import index as library
    from search.query.thesaurus import table

    library.revision_now = lambda: NO_REVISION
    table.reference_revision = lambda: NO_REVISION
    files = sorted(DOCUMENTS.parent.glob("thesaurus/*.jsonld"))
    table.stored_concepts = lambda: [one for path in files for one in read_skos(path.read_text("utf-8"))]


def read_corpus(path: str | None, size: int) -> list[Text]:
    """The first ``size`` paragraphs of a corpus (one JSON object a line, perhaps packed), or made ones.

    A file that ends before is gone on with from its begin, varied: see ``_varied``.
    """
    return list(itertools.islice(_endless(Path(path)) if path else _made(), size))


def _endless(path: Path) -> Iterator[Text]:
    texts: list[Text] = []
    for text in _read(path):
        texts.append(text)
        yield text
    chance, documents = random.Random(SEED), texts[-1].document
    for turn in itertools.count(1):
        for text in texts:
            yield replace(
                text, document=text.document + turn * documents, text=_varied(text.text, texts, chance)
            )


def _varied(text: str, texts: list[Text], chance: random.Random) -> str:
    """A text with other numbers, and one clause in three taken from elsewhere, so that no paragraph stands
    there twice while words stay as frequent as they were.
    """
    clauses = CLAUSE.findall(text)
    for place in range(len(clauses)):
        if chance.random() < 1 / 3:
            others = CLAUSE.findall(chance.choice(texts).text)
            clauses[place] = chance.choice(others) if others else clauses[place]
    return re.sub(r"\d+", lambda found: str(chance.randrange(10 ** len(found.group()))), "".join(clauses))


def _read(path: Path) -> Iterator[Text]:
    numbers: dict[str, int] = {}
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            document = numbers.setdefault(str(row["doc_id"]), len(numbers) + 1)
            yield Text(document, row["title"], f"u{row['para']}", row["kind"], row["text"])


def _made() -> Iterator[Text]:
    """Clauses of the bundled documents put together anew, with other numbers and years in them."""
    chance = random.Random(SEED)
    whole = "".join(path.read_text("utf-8") for path in sorted(DOCUMENTS.glob("*.txt")))
    clauses = [clause for clause in re.split(r"[，。；\n\s]+", whole) if 4 <= len(clause) <= 60]
    number = 0
    while True:
        number += 1
        for place in range(1, chance.randrange(60, 140)):
            pieces = [
                re.sub(r"\d+", lambda match: str(chance.randrange(1, 10 ** len(match.group()))), piece)
                for piece in chance.choices(clauses, k=chance.randrange(2, 9))
            ]
            yield Text(number, f"文件{number}", f"u{place}", "paragraph", "，".join(pieces) + "。")


def prepared(texts: list[Text]) -> Iterator[Prepared]:
    """The texts as the index takes them, with values for every facet."""
    from search.engine.index.columns import pack
    from search.engine.index.rows import Prepared

    for number, one in enumerate(texts, start=1):
        chance = random.Random(f"{SEED} {one.document}")
        year, symbol = str(chance.randrange(2004, 2025)), f"S/{one.document}"
        date = f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        cites = tuple(f"S/RES/{found}" for found in dict.fromkeys(re.findall(r"\d{3,4}", one.text)))[:4]
        exact = {
            "document": (str(one.document),),
            "symbol": (symbol,),
            "year": (year,),
            "document_type": (chance.choice(TYPES),),
            "language": ("zh",),
            "sort_date": (date,),
            "named": (),
            "pinpoint": (),
            "since_revision": (f"{one.document:020}",),  # a document is stored by one act
            "anchor": (one.anchor,),
            "ending": (),
            "kind": (one.kind,),
            "cites": cites,
            "state": (chance.choice(STATES),),
            "body": (),
            "mentioned": ("committee-1540",) if "委员会" in one.text else (),
            "speaker": (),
        }
        stored = {
            "django_ct": "archive.paragraph",
            "django_id": str(number),
            "text": one.text,
            "symbol": symbol,
            "year": year,
            "document_type": exact["document_type"][0],
            "language": "zh",
            "date": date,
            "communication_date": "",
            "meeting_date": "",
            "sort_date": date,
            "since": f"{date}T00:00:00+00:00",
            "since_revision": f"{one.document:020}",
            "kind": one.kind,
            "anchor": one.anchor,
            "title": one.title,
            "location": {"form": "unknown", "number": one.anchor},
            "voice": {},
            "position": number,
            "fingerprint": "",
            "ocr_confidence": None,
            "mentions": [],
            **{name: list(exact[name]) for name in ("cites", "state", "body", "mentioned", "speaker")},
        }
        texts_of = {"text": one.text, "context": one.title}
        yield Prepared(number, one.document, exact, pack(stored), texts_of)


NAMES = {"state": {}, "body": {}, "symbol": {}}


def write_index(texts: list[Text], revision: object) -> Path:
    """Makes an index over ``texts`` live, as of ``revision``; returns its folder."""
    from search.engine.index.generations import INDEX_VERSION, Manifest, folder_in, new_segment, switch
    from search.engine.index.integrity import digests
    from search.engine.live.index import index_root
    from search.engine.live.segments import write_rows
    from search.query.text.segmenter import words_digest

    segment = new_segment(folder_in(index_root()))
    held = Manifest(
        indexed_at="2016-01-01T00:00:00+00:00",
        paragraphs=write_rows(segment, prepared(texts), len(texts)),
        version=INDEX_VERSION,
        revision=str(revision),
        documents={str(text.document): "" for text in texts},
        names=NAMES,
        files=digests(segment),
        segments={segment.name: []},
        words=words_digest(),
    )
    switch(index_root(), held)
    return segment.parent


@dataclass(frozen=True, slots=True)
class Queries:
    """What is asked: words by how many paragraphs hold them, and phrases by their length."""

    rare: list[str]
    common: list[str]
    three: list[str]
    phrases: dict[int, list[str]]


def make_queries(texts: list[Text], count: int = 40) -> Queries:
    """Queries from the texts themselves, the same for every engine."""
    from search.query.text.analyzer import analyze

    chance = random.Random(SEED)
    sample = chance.sample(texts, min(1500, len(texts)))
    cut = [list(dict.fromkeys(_words(analyze(one.text)))) for one in sample]
    frequency = Counter(word for words in cut for word in words)
    common = [word for word, _ in frequency.most_common(10)]
    once = sorted(word for word, held in frequency.items() if held == 1)
    medium = [[word for word in words if frequency[word] > 1 and word not in common] for words in cut]
    three = [" ".join(chance.sample(words, 3)) for words in medium if len(words) >= 3]
    phrases = {size: _phrases(texts, size, count, chance) for size in (1, 2, 4, 10)}
    return Queries(chance.sample(once, min(count, len(once))), common, three[:count], phrases)


def _words(tokens) -> Iterator[str]:
    return (token.term for token in tokens if token.kind == "word" and len(token.term) >= 2)


def _phrases(texts: list[Text], size: int, count: int, chance: random.Random) -> list[str]:
    phrases: list[str] = []
    while len(phrases) < count:
        text = chance.choice(texts).text
        start = chance.randrange(max(1, len(text) - size))
        phrase = text[start : start + size]
        if len(phrase) == size and not re.search(r"[\s“”\"「」『』]", phrase):
            phrases.append(phrase)
    return phrases
