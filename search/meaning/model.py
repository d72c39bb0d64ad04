"""The model of the language: texts in, their meanings out, as vectors of length 1.

BAAI/bge-small-zh-v1.5, made small (``fixtures/meaning/README.md``), run by onnxruntime. It is loaded when it
is first asked, once a process. Where ``SEARCH_MEANING`` is off, or onnxruntime cannot be loaded, there is
none.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import Sequence
from functools import cache, lru_cache
from threading import Lock

import numpy as np
from django.conf import settings

from archive.text.reference import FIXTURES

from .passages import passages_of
from .wordpiece import WordPieces

FOLDER = FIXTURES / "meaning"
MODEL, VOCABULARY = FOLDER / "model.onnx.gz", FOLDER / "vocabulary.txt"
DIMENSIONS = 256
LONGEST = 254  # pieces that are read at once, beside the marks of beginning and end
READING = b"clauses 1"  # another where texts are cut otherwise
KEPT = 256  # queries
log = logging.getLogger(__name__)
_loading = Lock()


class Model:
    """A graph in the form of ONNX (``fixtures/meaning/README.md`` says whence) with its vocabulary."""

    def __init__(self, graph: bytes, vocabulary: Sequence[str]) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # workers are several as it is
        options.enable_cpu_mem_arena = False  # a long text must not leave its memory taken
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._pieces = WordPieces(vocabulary)

    def meaning_of(self, text: str) -> np.ndarray | None:
        """The meaning of ``text`` as a whole, as far as it is read at once; None of an empty one."""
        windows = self._windows(text)
        return self._meaning(windows[0]) if windows else None

    def meanings_of(self, text: str) -> np.ndarray:
        """The meaning of ``text`` as a whole, then those of its passages: a row each, each once."""
        passages = (window for passage in passages_of(text) for window in self._windows(passage))
        windows = dict.fromkeys((*self._windows(text)[:1], *passages))
        rows = [self._meaning(window) for window in windows]
        return np.array(rows, np.float32).reshape(len(rows), -1 if rows else DIMENSIONS)

    def _windows(self, text: str) -> list[tuple[int, ...]]:
        """The pieces of ``text``, in parts of no more than are read at once."""
        numbers = self._pieces.numbers(text)
        parts = -(-len(numbers) // LONGEST)
        return [tuple(part.tolist()) for part in np.array_split(numbers, parts)] if parts else []

    def _meaning(self, numbers: Sequence[int]) -> np.ndarray:
        marked = np.array([[self._pieces.first, *numbers, self._pieces.last]], np.int64)
        return self._session.run(None, {"pieces": marked})[0][0]


def model() -> Model | None:
    """The model of this process; None where it is switched off or cannot be loaded."""
    if not settings.SEARCH_MEANING:
        return None
    with _loading:
        return _model()


@cache
def _model() -> Model | None:
    try:
        return Model(gzip.decompress(MODEL.read_bytes()), VOCABULARY.read_text("utf-8").splitlines())
    except Exception:  # of a library of C++: the processor, the system's libraries, the memory
        log.exception("the model of meanings cannot be loaded: search goes on by words alone")
        return None


@lru_cache(maxsize=KEPT)
def meaning_of_query(text: str) -> np.ndarray | None:
    """The meaning of a query; None where there is no model, or nothing to read."""
    found = model()
    return found.meaning_of(text) if found else None


@cache
def model_name() -> str:
    """What tells this model and its way of reading from others: their meanings cannot be compared."""
    digest = hashlib.sha256(MODEL.read_bytes())
    digest.update(READING)
    digest.update(VOCABULARY.read_bytes())
    return digest.hexdigest()[:12]
