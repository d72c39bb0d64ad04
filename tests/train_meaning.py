"""Teaches a BERT model of sentences how readers ask: ``python -m tests.train_meaning FOLDER TARGET``.

FOLDER holds ``model.onnx`` and ``tokenizer.json`` as ``tests.build_meaning`` wants them, TARGET gets
``model.onnx`` with other weights. Learnt from are passages as documents of the UN have them, each with some
queries of readers who do not know its words (``tests/meaning/pairs.jsonl``, written for this by hand; they
stand in no document): a query has to lie nearer to its passage than to the others of its batch, of which some
speak of the same thing, for neighbours in the file stay together. The weights that are written lie between
those learnt and those before, which keeps what the model knew of all else. Needs the packages jax and onnx.
The same input gives the same file on one machine; another adds up in another order.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnx
from onnx import numpy_helper

from search.meaning.wordpiece import WordPieces
from tests.build_meaning import HEADS, LAYERS, WIDTH, is_kept

PAIRS = Path(__file__).parent / "meaning" / "pairs.jsonl"
ASKED, READ = 32, 112  # pieces of a query, of a passage
TOGETHER, BLOCK, QUERIES = 40, 8, 3  # passages of a batch, those that stay together, queries of each
ROUNDS, RATE, WARMING, DECAY, SHARPNESS = 5, 4e-5, 0.1, 0.01, 30.0
BOTH_WAYS = 0.5  # the weight of passage → query beside query → passage
LEARNT = 0.6  # the share of what was learnt in the weights that are written
SEED = 1540
WORDS = "embeddings.word_embeddings.weight"

Weights = dict[str, Any]


def products(source: onnx.ModelProto) -> dict[str, str]:
    """Names for the products of ``source``, six a layer, in their order: the file numbers them by chance."""
    held = {one.name for one in source.graph.initializer}
    taken = [one.input[1] for one in source.graph.node if one.op_type == "MatMul" and one.input[1] in held]
    return {f"product.{number}": name for number, name in enumerate(taken)}


def read_weights(source: onnx.ModelProto, kept: list[int]) -> Weights:
    """The weights of ``source``; of its pieces those ``kept``. Products are named by their order."""
    held = {one.name: numpy_helper.to_array(one) for one in source.graph.initializer}
    weights = {ours: held[name] for ours, name in products(source).items()}
    weights |= {name: array for name, array in held.items() if name.startswith(("embeddings.", "encoder."))}
    weights[WORDS] = weights[WORDS][kept]
    return {
        name: jnp.asarray(array, jnp.float32) for name, array in weights.items() if array.dtype == np.float32
    }


def written(source: onnx.ModelProto, weights: Weights, kept: list[int]) -> onnx.ModelProto:
    """``source`` with other weights."""
    held = {one.name: one for one in source.graph.initializer}
    names_of = products(source)
    for name, array in weights.items():
        target = held[names_of.get(name, name)]
        new = np.array(numpy_helper.to_array(target))
        new[kept if name == WORDS else ...] = np.asarray(array)
        target.CopyFrom(numpy_helper.from_array(new, target.name))
    return source


def normed(of: Any, weights: Weights, name: str) -> Any:
    mean, spread = of.mean(-1, keepdims=True), of.var(-1, keepdims=True)
    return (of - mean) / jnp.sqrt(spread + 1e-12) * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def meanings(weights: Weights, pieces: Any) -> Any:
    """The meanings of texts, rows of length 1; ``pieces``: their numbers, filled up with -1."""
    count, length = pieces.shape
    mask = jnp.where(pieces[:, None, None, :] < 0, -1e9, 0.0)
    text = weights[WORDS][jnp.maximum(pieces, 0)]
    text = text + weights["embeddings.position_embeddings.weight"][:length]
    text = text + weights["embeddings.token_type_embeddings.weight"][0]
    text = normed(text, weights, "embeddings.LayerNorm")
    for number in range(LAYERS):
        own = f"encoder.layer.{number}."
        query, key, value, mixed, wide, narrow = (weights[f"product.{6 * number + one}"] for one in range(6))
        parts = []
        for name, product in (("query", query), ("key", key), ("value", value)):
            part = text @ product + weights[f"{own}attention.self.{name}.bias"]
            parts.append(part.reshape(count, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3))
        seen = jax.nn.softmax(parts[0] @ parts[1].transpose(0, 1, 3, 2) / (WIDTH // HEADS) ** 0.5 + mask)
        seen = (seen @ parts[2]).transpose(0, 2, 1, 3).reshape(count, length, WIDTH) @ mixed
        name = f"{own}attention.output"
        text = normed(text + seen + weights[f"{name}.dense.bias"], weights, f"{name}.LayerNorm")
        inner = jax.nn.gelu(text @ wide + weights[f"{own}intermediate.dense.bias"], approximate=False)
        new = inner @ narrow + weights[f"{own}output.dense.bias"]
        text = normed(text + new, weights, f"{own}output.LayerNorm")
    first = text[:, 0]
    return first / jnp.linalg.norm(first, axis=-1, keepdims=True)


def loss(weights: Weights, queries: Any, passages: Any) -> Any:
    """How badly queries (passages x queries of each x pieces) find their passages."""
    count, each, length = queries.shape
    asked = meanings(weights, queries.reshape(count * each, length)).reshape(count, each, -1)
    near = SHARPNESS * jnp.einsum("pqd,td->qpt", asked, meanings(weights, passages))
    right = jnp.arange(count)
    there = jax.nn.log_softmax(near, -1)[:, right, right].mean()
    back = jax.nn.log_softmax(near, 1)[:, right, right].mean()
    return -(there + BOTH_WAYS * back)


@jax.jit
def step(weights: Weights, moments: Any, number: Any, rate: Any, queries: Any, passages: Any) -> Any:
    """One step of Adam with decay of weights."""
    value, slope = jax.value_and_grad(loss)(weights, queries, passages)
    size = jnp.sqrt(sum((one**2).sum() for one in jax.tree.leaves(slope)))
    slope = jax.tree.map(lambda one: one / jnp.maximum(size, 1.0), slope)
    first = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, moments[0], slope)
    second = jax.tree.map(lambda old, new: 0.999 * old + 0.001 * new**2, moments[1], slope)

    def moved(weight: Any, one: Any, two: Any) -> Any:
        way = (one / (1 - 0.9**number)) / (jnp.sqrt(two / (1 - 0.999**number)) + 1e-8)
        return weight - rate * (way + DECAY * weight)

    return jax.tree.map(moved, weights, first, second), (first, second), value


class Batches:
    """The pairs of a file as numbers of pieces, in batches whose neighbours lie together."""

    def __init__(self, pairs: list[dict[str, Any]], pieces: WordPieces) -> None:
        self.pieces, self.chance = pieces, random.Random(SEED)
        self.passages = np.array([self.numbers(one["text"], READ) for one in pairs])
        self.queries = [[self.numbers(query, ASKED) for query in one["q"]] for one in pairs]

    def numbers(self, text: str, length: int) -> list[int]:
        """The pieces of ``text`` between the marks, cut or filled up to ``length``."""
        found = [self.pieces.first, *self.pieces.numbers(text)[: length - 2], self.pieces.last]
        return found + [-1] * (length - len(found))

    def __len__(self) -> int:
        return len(self.passages) // TOGETHER

    def round(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """All passages once, with queries of each by chance: what is left over has its turn next time."""
        begin = self.chance.randrange(BLOCK)
        blocks = [list(range(at, at + BLOCK)) for at in range(begin, len(self.passages) - BLOCK + 1, BLOCK)]
        self.chance.shuffle(blocks)
        order = [number for block in blocks for number in block]
        for at in range(0, len(order) - TOGETHER + 1, TOGETHER):
            some = order[at : at + TOGETHER]
            asked = [self.chance.sample(self.queries[number], QUERIES) for number in some]
            yield np.array(asked), self.passages[some]


def trained(weights: Weights, batches: Batches, rounds: int = ROUNDS) -> Weights:
    """The weights after ``rounds`` over all pairs."""
    moments = (jax.tree.map(jnp.zeros_like, weights),) * 2
    steps, number = rounds * len(batches), 0
    for turn in range(rounds):
        values = []
        for queries, passages in batches.round():
            number += 1
            rate = RATE * min(number / (WARMING * steps), max(0.0, (steps - number) / steps))
            weights, moments, value = step(weights, moments, float(number), rate, queries, passages)
            values.append(float(value))
        print(f"round {turn + 1} of {rounds}: {np.mean(values):.3f}", flush=True)
    return weights


def read_pairs(path: Path = PAIRS) -> list[dict[str, Any]]:
    """Passages with their queries, in the order of the file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    """Write the model taught."""
    folder, target = map(Path, sys.argv[1:3])
    source = onnx.load(folder / "model.onnx")
    numbers = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    vocabulary = [piece for piece in sorted(numbers, key=numbers.__getitem__) if is_kept(piece)]
    kept = [numbers[piece] for piece in vocabulary]
    before = read_weights(source, kept)
    after = trained(before, Batches(read_pairs(), WordPieces(vocabulary)))
    between = jax.tree.map(lambda old, new: (1 - LEARNT) * old + LEARNT * new, before, after)
    target.mkdir(parents=True, exist_ok=True)
    onnx.save(written(source, between, kept), target / "model.onnx")


if __name__ == "__main__":
    main()
