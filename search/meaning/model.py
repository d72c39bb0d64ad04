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

from .wordpiece import WordPieces

FOLDER = FIXTURES / "meaning"
MODEL, VOCABULARY = FOLDER / "model.onnx.gz", FOLDER / "vocabulary.txt"
DIMENSIONS = 256
LONGEST = 254  # pieces that are read at once, beside the marks of beginning and end
KEPT = 256  # queries
log = logging.getLogger(__name__)
_loading = Lock()


class Model:
    """A graph in the form of ONNX (``build_meaning`` writes it) with its vocabulary."""

    def __init__(self, graph: bytes, vocabulary: Sequence[str]) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # workers are several as it is
        options.enable_cpu_mem_arena = False  # a long text must not leave its memory taken
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._pieces = WordPieces(vocabulary)

    def meanings_of(self, text: str) -> np.ndarray:
        """The meaning of ``text``, one row; of a long one that of each part of it, none of an empty one."""
        numbers = self._pieces.numbers(text)
        parts = -(-len(numbers) // LONGEST)
        rows = [self._meaning(part.tolist()) for part in np.array_split(numbers, parts)] if parts else []
        return np.array(rows, np.float32).reshape(len(rows), -1 if rows else DIMENSIONS)

    def _meaning(self, numbers: list[int]) -> np.ndarray:
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
    meanings = found.meanings_of(text) if found else None
    return meanings[0] if meanings is not None and len(meanings) else None


@cache
def model_name() -> str:
    """What tells this model from others: meanings of different ones cannot be compared."""
    digest = hashlib.sha256(MODEL.read_bytes())
    digest.update(VOCABULARY.read_bytes())
    return digest.hexdigest()[:12]
