"""The embedding models: texts in, sentence embeddings out, as vectors of length 1.

One that reads Chinese (BAAI/bge-small-zh-v1.5) and one that reads Chinese and English
(multilingual-e5-small), both made small, give the embedding together (``fixtures/meaning/README.md``); run by
onnxruntime. They are loaded when first used, once a process. Where ``SEARCH_MEANING`` is off, or onnxruntime
cannot be loaded, there is none.
"""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from math import inf
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from django.conf import settings

from archive.text import aligned_folding
from archive.text.reference import FIXTURES

# A text as numbers of the pieces that a model knows: BERT's WordPiece, and SentencePiece's unigrams.

UNKNOWN, FIRST, LAST, INSIDE = "[UNK]", "[CLS]", "[SEP]", "##"
WORST, BEGIN, END, BLANK = "<unk>", "<s>", "</s>", "▁"  # of unigrams
WORSE = 10.0  # an unknown piece than the least likely one
LONGEST_RUN = 100  # characters; a longer run is not looked up


class WordPieces:
    """The ``vocabulary`` in the order of its numbers.

    >>> WordPieces(["[UNK]", "[CLS]", "[SEP]", "核", "un", "##sc"]).numbers("UNSC 核彈")
    [4, 5, 3, 0]
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.number_of: Mapping[str, int] = {piece: number for number, piece in enumerate(vocabulary)}
        self.unknown, self.first, self.last = (self.number_of[name] for name in (UNKNOWN, FIRST, LAST))
        self._pieces_of = lru_cache(maxsize=4096)(self._cut)

    def numbers(self, text: str) -> list[int]:
        """The pieces of ``text``, without the marks of beginning and end."""
        return [number for run in _runs(self._readable(text)) for number in self._pieces_of(run)]

    def _readable(self, text: str) -> str:
        """``text`` in simplified characters and small letters; of what is not known, the usual form."""
        pairs = zip(text, aligned_folding.fold(text), strict=True)
        return "".join(one if one in self.number_of else usual for one, usual in pairs).lower()

    def _cut(self, run: str) -> tuple[int, ...]:
        found, at = [], 0
        while at < len(run) <= LONGEST_RUN:
            inside = INSIDE if at else ""
            ends = (end for end in range(len(run), at, -1) if inside + run[at:end] in self.number_of)
            end = next(ends, 0)
            if not end:
                return (self.unknown,)
            found.append(self.number_of[inside + run[at:end]])
            at = end
        return tuple(found) or (self.unknown,)


class Unigrams:
    """The ``vocabulary`` in the order of its numbers, each piece with the logarithm of its likelihood.

    >>> known = [("<s>", 0), ("</s>", 0), ("<unk>", 0), ("▁核", -3), ("核", -2), ("▁", -2)]
    >>> Unigrams(known).numbers("核彈核")
    [3, 2, 4]
    """

    def __init__(self, vocabulary: Iterable[tuple[str, float]]) -> None:
        known = list(vocabulary)
        number_of = {piece: number for number, (piece, _) in enumerate(known)}
        self.unknown, self.first, self.last = (number_of.pop(name) for name in (WORST, BEGIN, END))
        self._known = {piece: (known[number][1], number) for piece, number in number_of.items()}
        self._longest = max(map(len, self._known))
        self._unlikely = min(likelihood for _, likelihood in known) - WORSE

    def numbers(self, text: str) -> list[int]:
        """The pieces of ``text``, without the marks of beginning and end."""
        words = unicodedata.normalize("NFKC", aligned_folding.fold(text)).split()
        marked = "".join(BLANK + word for word in words)
        return self._cut("".join(filter(str.isprintable, marked)))

    def _cut(self, text: str) -> list[int]:
        size = len(text)
        best, came = [0.0] + [-inf] * size, [(0, self.unknown)] * (size + 1)
        for begin in range(size):
            before = best[begin]
            for end in range(begin + 1, min(size, begin + self._longest) + 1):
                known = self._known.get(text[begin:end])
                likelihood, number = known or (self._unlikely, self.unknown)
                if (known or end == begin + 1) and before + likelihood > best[end]:
                    best[end], came[end] = before + likelihood, (begin, number)
        found, end = [], size
        while end:
            end, number = came[end]
            found.append(number)
        return found[::-1]


def _runs(text: str) -> Iterator[str]:
    run = ""
    for character in text:
        if character.isspace() or not character.isprintable() or _stands_alone(character):
            if run:
                yield run
            run = ""
            if _stands_alone(character):
                yield character
        else:
            run += character
    if run:
        yield run


@lru_cache(maxsize=8192)
def _stands_alone(character: str) -> bool:
    """Whether it is a Han character or a mark: of ASCII all that is no letter, digit or space."""
    if "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000":
        return True
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character).startswith("P")


FOLDER = FIXTURES / "meaning"
CHINESE, VOCABULARY = FOLDER / "chinese.onnx", FOLDER / "vocabulary.txt"
BOTH, PIECES = FOLDER / "multilingual.onnx", FOLDER / "multilingual.txt"
WEIGHTS = ".weights"  # beside each graph, mapped, so that all workers share them
DIMENSIONS = 384
LONGEST, LONGEST_OTHER = 254, 500  # pieces that each model reads at once, beside its marks
PASSAGE, QUERY = 0, 1
MARKS = "passage: ", "query: "  # as the multilingual model was trained to tell them apart
READING = b"clauses 2"  # another where texts are cut otherwise
KEPT = 256  # queries
log = logging.getLogger(__name__)
_loading = Lock()
Window = tuple[tuple[int, ...], tuple[int, ...]]  # the pieces of a part of a text, of either model


class Model:
    """Two ONNX graphs that give a sentence embedding: the output of the first is an input of the second."""

    def __init__(self) -> None:
        self._chinese, self._both = _session(CHINESE), _session(BOTH)
        self._words, self._pieces = pieces()
        self._marks = [tuple(self._pieces.numbers(mark)) for mark in MARKS]

    def meaning_of(self, text: str) -> np.ndarray | None:
        """Returns the meaning of the query ``text``, as far as it is read at once; None of an empty one."""
        windows = self.windows(text)
        return self.meaning(windows[0], QUERY) if windows else None

    def meanings_of(self, text: str) -> np.ndarray:
        """Returns the meaning of ``text`` as a whole, then those of its passages: a row each, each once."""
        passages = (window for passage in passages_of(text) for window in self.windows(passage))
        windows = dict.fromkeys((*self.windows(text)[:1], *passages))
        rows = [self.meaning(window, PASSAGE) for window in windows]
        return np.array(rows, np.float32).reshape(len(rows), -1 if rows else DIMENSIONS)

    def windows(self, text: str) -> list[Window]:
        """Returns the pieces of ``text``, in parts of no more than are read at once."""
        words, pieces = self._words.numbers(text), self._pieces.numbers(text)
        parts = max(-(-len(words) // LONGEST), -(-len(pieces) // LONGEST_OTHER))
        if not (words and pieces):
            return []
        cut = ([tuple(part.tolist()) for part in np.array_split(read, parts)] for read in (words, pieces))
        return list(zip(*cut, strict=True))

    def meaning(self, window: Window, kind: int) -> np.ndarray:
        """Returns the meaning of a part of a ``PASSAGE`` or ``QUERY``."""
        words, pieces = window
        marked = np.array([[self._words.first, *words, self._words.last]], np.int64)
        beside = self._chinese.run(None, {"pieces": marked})[0]
        numbers = [[self._pieces.first, *self._marks[kind], *pieces, self._pieces.last]]
        told = {"pieces": np.array(numbers, np.int64), "kind": np.array([kind], np.int64), "beside": beside}
        return self._both.run(None, told)[0][0]


@cache
def pieces() -> tuple[WordPieces, Unigrams]:
    """Loads the tokenisers of both models. They are plain tables, which a server loads before its workers."""
    likely = (line.split("\t") for line in PIECES.read_text("utf-8").splitlines())
    unigrams = Unigrams((piece, float(likelihood)) for piece, likelihood in likely)
    return WordPieces(VOCABULARY.read_text("utf-8").splitlines()), unigrams


def _session(graph: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # workers are several as it is
    options.enable_cpu_mem_arena = False  # a long text must not leave its memory taken
    options.enable_mem_pattern = False  # nor each length of a text a plan of its memory
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def model() -> Model | None:
    """Returns the model of this process; None where it is switched off or cannot be loaded."""
    if not settings.SEARCH_MEANING:
        return None
    with _loading:
        return _model()


@cache
def _model() -> Model | None:
    try:
        return Model()
    except Exception:  # of a library of C++: the processor, the system's libraries, the memory
        log.exception("the model of meanings cannot be loaded: search goes on by words alone")
        return None


@lru_cache(maxsize=KEPT)
def meaning_of_query(text: str) -> np.ndarray | None:
    """Returns the meaning of a query; None where there is no model, or nothing to read."""
    found = model()
    return found.meaning_of(text) if found else None


@cache
def model_name() -> str:
    """Returns a digest of the model and its tokenisation: vectors of different digests cannot be compared.
    Empty where a file of it cannot be read.
    """
    digest = hashlib.sha256(READING)
    weights = (graph.with_suffix(WEIGHTS) for graph in (CHINESE, BOTH))
    try:
        for file in (CHINESE, BOTH, VOCABULARY, PIECES, *weights):
            digest.update(file.read_bytes())
    except OSError:
        log.exception("a file of the model of meanings cannot be read: search goes on by words alone")
        return ""
    return digest.hexdigest()[:12]


# How a paragraph is cut for reading by the model:

CLAUSE = re.compile(r"(?<=[。；;！？!?\n，,：:])")
SHORTEST = 24  # characters; what is shorter is read with what follows


def passages_of(text: str) -> list[str]:
    """Returns the clauses of ``text``, joined until they have ``SHORTEST`` characters; a short end belongs to
    what is before it.

    >>> passages_of("决定将任务期限延长；")
    ['决定将任务期限延长；']
    """
    runs = [""]
    for clause in CLAUSE.split(text):
        if len(runs[-1]) >= SHORTEST:
            runs.append("")
        runs[-1] += clause
    if len(runs) > 1 and len(runs[-1]) < SHORTEST:
        last = runs.pop()
        runs[-1] += last
    return [run for run in runs if run.strip()]
