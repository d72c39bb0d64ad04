"""Writes fixtures/meaning/ from a BERT model of sentences: ``python -m tests.build_meaning FOLDER``.

FOLDER holds ``model.onnx`` (BAAI/bge-small-zh-v1.5 in 32-bit numbers: four layers, 512 numbers wide),
``tokenizer.json``, both as packages of such models have them, and ``sentences.txt``: some thousands of any
Chinese sentences, one a line. Needs the packages onnx and onnxruntime. The same input gives the same file.

What makes it small: pieces of words that folded text cannot hold are left out; weights are whole numbers of
-31 to 31 (of pieces -15 to 15), with a scale for each column that keeps the squared error least, and gzip
packs these in some five bits; of the 512 numbers of a meaning the 256 are kept along which
``sentences.txt`` differs most. Pieces in, one meaning of length 1 out: everything between is in the graph.
"""

from __future__ import annotations

import gzip
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from archive.text.aligned_folding import fold
from archive.text.folding import fold_words
from search.meaning.wordpiece import FIRST, INSIDE, LAST, UNKNOWN

TARGET = Path(__file__).resolve().parents[1] / "fixtures" / "meaning"
LEVELS, LEVELS_OF_PIECES = 31, 15
PLACES, KEPT, WIDTH, HEADS, LAYERS = 256, 256, 512, 8, 4
MARKS = frozenset("，：；！？（）")  # full-width, as Chinese sentences have them
OURS = {"domain": "com.microsoft"}


def is_kept(piece: str) -> bool:
    """Whether folded text can hold ``piece``: one Han character, ASCII, or a mark."""
    if piece in (UNKNOWN, FIRST, LAST):
        return True
    bare = piece.removeprefix(INSIDE) or piece
    if bare.isascii():
        mark = len(piece) == 1
        return bare.isprintable() and bare == bare.lower() and (mark or bare.isalpha() or bare.isdigit())
    if len(piece) > 1:
        return False
    if unicodedata.category(piece) == "Lo":
        return "\u3400" <= piece <= "\u9fff" and fold(piece) == piece == fold_words(piece)
    return unicodedata.category(piece)[0] in "PS" and (fold_words(piece) == piece or piece in MARKS)


def in_levels(weights: np.ndarray, axis: int, levels: int = LEVELS) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers and their scales along ``axis``, by the share of the greatest weight that fits best."""
    most = np.abs(weights).max(axis, keepdims=True)
    best: list[np.ndarray] = []
    for share in np.linspace(0.3, 1, 29):
        scale = most * share / levels
        whole = np.clip(np.round(weights / scale), -levels, levels)
        error = ((whole * scale - weights) ** 2).sum(axis, keepdims=True)
        if not best:
            best = [whole, scale, error]
        better = error < best[2]
        best = [np.where(better, new, old) for new, old in zip((whole, scale, error), best, strict=True)]
    return best[0].astype(np.int8), best[1].astype(np.float32)


class Graph:
    """The model's graph, written anew with the operations of onnxruntime."""

    def __init__(self, source: onnx.ModelProto, pieces: list[int], along: np.ndarray | None) -> None:
        self.held = {one.name: numpy_helper.to_array(one) for one in source.graph.initializer}
        products = [one for one in source.graph.node if one.op_type == "MatMul" and one.input[1] in self.held]
        self.products = [self.held[one.input[1]] for one in products]
        self.nodes: list[Any] = []
        self.values: list[Any] = []
        summary = self.pooled(self.layers(self.words(pieces)))
        width = WIDTH
        if along is not None:
            summary, width = self.op("MatMul", summary, self.value(along.astype(np.float32))), along.shape[1]
        self.nodes.append(helper.make_node("LpNormalization", [summary], ["meaning"], axis=-1, p=2))
        number, real = TensorProto.INT64, TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes,
            "meaning",
            [helper.make_tensor_value_info("pieces", number, [1, "length"])],
            [helper.make_tensor_value_info("meaning", real, [1, width])],
            self.values,
        )
        versions = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        self.model = helper.make_model(graph, opset_imports=versions, ir_version=8)

    def value(self, array: np.ndarray) -> str:
        self.values.append(numpy_helper.from_array(np.array(array), f"value{len(self.values)}"))
        return self.values[-1].name

    def parameters(self, *names: str) -> list[str]:
        return [self.value(self.held[name]) for name in names]

    def op(self, kind: str, *inputs: str, results: int = 1, **settings: Any) -> Any:
        names = [f"{kind}{len(self.nodes)}.{number}" for number in range(results)]
        self.nodes.append(helper.make_node(kind, inputs, names, **settings))
        return names[0] if results == 1 else names

    def product(self, of: str, weights: np.ndarray) -> str:
        whole, scale = in_levels(weights, 0)
        numbers, spread, zero = self.op("DynamicQuantizeLinear", of, results=3)
        inputs = (numbers, self.value(whole), spread, self.value(scale[0]), zero)
        return self.op("MatMulIntegerToFloat", *inputs, **OURS)

    def words(self, pieces: list[int]) -> str:
        weights = self.held["embeddings.word_embeddings.weight"][pieces]
        whole, scale = in_levels(weights, 1, LEVELS_OF_PIECES)
        numbers = self.op("Cast", self.op("Gather", self.value(whole), "pieces"), to=TensorProto.FLOAT)
        words = self.op("Mul", numbers, self.op("Gather", self.value(scale), "pieces"))
        kind = self.held["embeddings.token_type_embeddings.weight"][0]
        places = self.value(self.held["embeddings.position_embeddings.weight"][:PLACES] + kind)
        length = self.op("Shape", "pieces", start=1)
        here = self.op("Slice", places, self.value(np.array([0], np.int64)), length)
        norm = self.parameters("embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias")
        return self.op("LayerNormalization", self.op("Add", words, here), *norm, epsilon=1e-12, axis=-1)

    def layers(self, text: str) -> str:
        for number in range(LAYERS):
            own = f"encoder.layer.{number}."
            query, key, value, mixed, wide, narrow = self.products[6 * number : 6 * number + 6]
            bias = [self.held[f"{own}attention.self.{one}.bias"] for one in ("query", "key", "value")]
            three = self.product(text, np.concatenate([query, key, value], 1))
            parts = self.op("Split", three, self.value(np.array([WIDTH] * 3, np.int64)), results=3, axis=-1)
            seen = self.op(
                "MultiHeadAttention", *parts, self.value(np.concatenate(bias)), num_heads=HEADS, **OURS
            )
            text = self.added(self.product(seen, mixed), text, f"{own}attention.output")
            bias = self.parameters(f"{own}intermediate.dense.bias")
            inner = self.op("BiasGelu", self.product(text, wide), *bias, **OURS)
            text = self.added(self.product(inner, narrow), text, f"{own}output")
        return text

    def added(self, new: str, old: str, name: str) -> str:
        names = (f"{name}.LayerNorm.weight", f"{name}.LayerNorm.bias", f"{name}.dense.bias")
        return self.op("SkipLayerNormalization", new, old, *self.parameters(*names), epsilon=1e-12, **OURS)

    def pooled(self, text: str) -> str:
        """What stands at the first piece, as the model was trained to be read."""
        return self.op("Gather", text, self.value(np.array(0, np.int64)), axis=1)


def directions(model: onnx.ModelProto, vocabulary: list[str], sentences: list[str]) -> np.ndarray:
    """The directions along which the meanings of ``sentences`` differ most from nothing."""
    from search.meaning.model import Model

    whole = Model(model.SerializeToString(), vocabulary)
    meanings = np.array([whole.meaning_of(one) for one in sentences])
    return np.linalg.svd(meanings, full_matrices=False)[2][:KEPT].T


def main() -> None:
    """Write the model and its vocabulary."""
    folder = Path(sys.argv[1])
    source = onnx.load(folder / "model.onnx")
    numbers = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    vocabulary = [piece for piece in sorted(numbers, key=numbers.__getitem__) if is_kept(piece)]
    kept = [numbers[piece] for piece in vocabulary]
    sentences = (folder / "sentences.txt").read_text("utf-8").splitlines()
    along = directions(Graph(source, kept, None).model, vocabulary, sentences)
    small = Graph(source, kept, along).model.SerializeToString()
    (TARGET / "model.onnx.gz").write_bytes(gzip.compress(small, 9, mtime=0))
    (TARGET / "vocabulary.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    print(len(vocabulary), "pieces,", (TARGET / "model.onnx.gz").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
