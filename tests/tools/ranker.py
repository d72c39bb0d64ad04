"""Learn the order of search and say how good it is: ``python -m tests.tools.ranker`` (``make ranker``).

From the judged queries of ``relevance/`` over the bundled documents: pairs of candidates of one query, one
judged better than the other, weighed by what their exchange would cost (LambdaRank with a linear sum). Each
query is learnt from twice, with the thesaurus and without, for readers use words that nobody wrote a concept
for; measured is what they get, with it. A second list of weights is for search by words alone. The
weights of evidence never fall below zero, so that more of it never harms. Figures are cross-validated by
query: each is answered with weights that were learnt without it; ablation leaves out one signal at a time,
and the other words and the meanings as a whole. It fails, and writes nothing, where one of these earns less
than ``LEAST_EARNED`` on every judged list.
Writes ``fixtures/ranker.json``, which the search reads. The same input gives the same
file.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import product
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

RELEVANCE = Path(__file__).parents[1] / "relevance"
REPORT = Path(__file__).resolve().parents[2] / "fixtures" / "ranker.json"
FOLDS, STEPS, RATE = 8, 150, 1.0
CONTRACTION, SHARPNESS = 0.02, 2.0  # towards the first stage alone; of the logistic loss
LEARNT_FROM = 60  # candidates of a query; the rest are seldom right
START = {"words": 1.0, "place": 3.0}  # what is known before: the very paragraph that is asked for is first
NOTHING = {"ndcg": 0.0, "recall": 0.0}
LEAST_EARNED = 0.002  # of nDCG@10 or recall@20, on one judged list at least; what earns less goes
EITHER_WAY = frozenset({"text", "list", "length", "early"})  # features that are no evidence


@dataclass(frozen=True, slots=True)
class Example:
    """A query as the second stage meets it: ``values`` of each candidate, its grade and row, in the order of
    the rows. ``found``: whether words find it, the others are near in meaning; ``as_typed``: without the
    thesaurus; ``source``: the judged list.
    """

    query: str
    kinds: tuple[str, ...]
    values: np.ndarray
    grades: np.ndarray
    judged: tuple[int, ...]
    found: np.ndarray
    as_typed: bool = False
    source: str = ""


def judged_queries() -> Iterator[dict[str, Any]]:
    """The judged queries that have an answer, each query once."""
    seen: set[str] = set()
    for path in sorted(RELEVANCE.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            judged = json.loads(line)
            if judged["grades"] and judged["query"] not in seen:
                seen.add(judged["query"])
                yield judged | {"source": path.stem}


def examples() -> Iterator[Example]:
    """The judged queries as the live index answers them."""
    from search.engine.live.index import live_index
    from search.pages.results.execution import PAGE_SIZE, question_of, understand
    from search.query.language.request import Asked

    index = live_index()
    row_of = {int(key): row for row, key in enumerate(index.literal.ids)}
    for judged, as_typed in product(judged_queries(), (False, True)):
        understood = understand(Asked(judged["query"], variants=not as_typed), index)
        if not understood.plan.units:
            continue
        if as_typed:
            understood = replace(understood, plan=replace(understood.plan, meant=judged["query"]))
        candidates = index.slice(question_of(understood, size=PAGE_SIZE)).candidates
        if candidates is None:
            continue
        stored = [index.columns.stored(row_of[key]) for key in candidates.keys.tolist()]
        grades = [judged["grades"].get(f"{one['symbol']} {one['anchor']}", 0) for one in stored]
        yield Example(
            judged["query"],
            tuple(judged["kinds"]),
            candidates.signals,
            np.array(grades),
            tuple(sorted(judged["grades"].values(), reverse=True)),
            ~candidates.is_extra,
            as_typed,
            judged["source"],
        )


def by_words(example: Example, names: Sequence[str]) -> Example:
    """``example`` as search by words alone meets it."""
    from search.engine.meaning.vectors import FEATURES

    known = ~np.isin(names, FEATURES)
    return _only(replace(example, values=example.values * known), example.found)


# --- measures ---


def order_of(example: Example, weights: np.ndarray) -> np.ndarray:
    """The candidates in the order that ``weights`` make."""
    sums = np.round(example.values @ weights, 9)
    return np.lexsort((np.arange(len(sums)), -sums))


def gain(grades: Sequence[int]) -> float:
    """DCG of the first ten: 2^grade - 1, discounted by the logarithm of the place."""
    return sum((2.0**grade - 1) / np.log2(place + 2) for place, grade in enumerate(grades[:10]))


def measures(example: Example, weights: np.ndarray) -> dict[str, float]:
    """nDCG@10, recall@20 of what is judged 2 or 3, and whether the first hit is such."""
    grades = example.grades[order_of(example, weights)].tolist()
    good = sum(grade >= 2 for grade in example.judged)
    return {
        "ndcg": gain(grades) / gain(example.judged),
        "recall": sum(grade >= 2 for grade in grades[:20]) / min(20, good) if good else 1.0,
        "first": float(bool(grades) and grades[0] >= 2),
    }


def means(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each measure."""
    return {name: round(float(mean(one[name] for one in scores)), 3) for name in scores[0]}


# --- learning ---


@dataclass(frozen=True, slots=True)
class Pairs:
    """The candidates of all queries one below the other, and of each pair of one query which is ``better``
    and which ``worse``, with what the better one gains over it.
    """

    values: np.ndarray
    owner: np.ndarray
    better: np.ndarray
    worse: np.ndarray
    gained: np.ndarray
    queries: int


def learnt(given: Sequence[Example], allowed: np.ndarray, free: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Weights learnt from ``given``; only features that are ``allowed`` count, only ``free`` ones may fall
    below zero.
    """
    weights = start * allowed
    pairs = _pairs([_best_of(one) for one in given if _teaches(one)])
    for _step in range(STEPS):
        weights += RATE * (_slope(pairs, weights) - CONTRACTION * (weights - start))
        weights = np.where(free, weights, np.maximum(weights, 0.0)) * allowed
    return weights


def _pairs(given: Sequence[Example]) -> Pairs:
    """The pairs of candidates of one query."""
    better, worse, gained, begin = [], [], [], 0
    for one in given:
        gains = 2.0**one.grades - 1
        rank = gains[:, None] - gains[None, :]
        first, second = np.nonzero(rank > 0)
        better.append(begin + first)
        worse.append(begin + second)
        gained.append(rank[first, second] / gain(one.judged))
        begin += len(gains)
    return Pairs(
        np.concatenate([one.values for one in given]),
        np.repeat(np.arange(len(given)), [len(one.grades) for one in given]),
        *(np.concatenate(columns) for columns in (better, worse, gained)),
        len(given),
    )


def _teaches(example: Example) -> bool:
    return len(set(example.grades.tolist())) > 1


def _best_of(example: Example) -> Example:
    """``example`` with those candidates alone that the first stage puts first, and all that it has not."""
    place, value = np.arange(len(example.grades)), example.values[:, 0]
    best = np.lexsort((place, -value))[:LEARNT_FROM]
    return _only(example, np.union1d(best, np.flatnonzero(~example.found)))


def _only(example: Example, kept: np.ndarray) -> Example:
    columns = {name: getattr(example, name)[kept] for name in ("values", "grades", "found")}
    return replace(example, **columns)


def _slope(pairs: Pairs, weights: np.ndarray) -> np.ndarray:
    """Towards a better nDCG: pairs by what their exchange would bring."""
    sums = np.round(pairs.values @ weights, 9)
    order = np.lexsort((-sums, pairs.owner))
    place = np.empty(len(order))
    place[order] = np.arange(len(order)) - np.searchsorted(pairs.owner, pairs.owner)
    discount = 1 / np.log2(np.minimum(place, 30) + 2)
    cost = pairs.gained * np.abs(discount[pairs.better] - discount[pairs.worse])
    pull = cost / (1 + np.exp(SHARPNESS * (sums[pairs.better] - sums[pairs.worse])))
    each = np.bincount(pairs.better, pull, len(sums)) - np.bincount(pairs.worse, pull, len(sums))
    return SHARPNESS * (each @ pairs.values) / pairs.queries


def folds(given: Sequence[Example]) -> np.ndarray:
    """The fold of each example: queries are dealt out in the order of their hashes, whatever their list."""
    queries = sorted({one.query for one in given}, key=lambda query: sha256(query.encode()).digest())
    place = {query: number % FOLDS for number, query in enumerate(queries)}
    return np.array([place[one.query] for one in given])


def cross_validated(
    given: Sequence[Example], allowed: np.ndarray, free: np.ndarray, start: np.ndarray
) -> list[dict[str, float]]:
    """The measures of each example by weights that were learnt without its fold."""
    fold = folds(given)
    scores: list[dict[str, float]] = [{}] * len(given)
    for left_out in range(FOLDS):
        rest = [one for one, number in zip(given, fold, strict=True) if number != left_out]
        weights = learnt(rest, allowed, free, start)
        for number in np.flatnonzero(fold == left_out).tolist():
            scores[number] = measures(given[number], weights)
    return scores


def earned(
    scores: Sequence[Mapping[str, float]], without: Sequence[Mapping[str, float]], sources: Sequence[str]
) -> float:
    """The most that ``scores`` are above those ``without`` a part, in either measure on one judged list."""
    gained = defaultdict(list)
    for one, other, source in zip(scores, without, sources, strict=True):
        for measure in NOTHING:
            gained[source, measure].append(one[measure] - other[measure])
    return max(map(mean, gained.values()))


def idle(earnings: Mapping[str, float]) -> list[str]:
    """The signals and parts that earn less than ``LEAST_EARNED``."""
    return [name for name, most in earnings.items() if most < LEAST_EARNED]


def made_report(given: Sequence[Example], names: Sequence[str]) -> tuple[dict[str, Any], dict[str, float]]:
    """The weights learnt from all examples, and how good such weights are on queries unknown to them; what
    each signal and part earns on the judged list that it is best for.
    """
    free = np.array([name in EITHER_WAY for name in names])
    start = np.array([START.get(name, 0.0) for name in names])
    everything = np.ones(len(names))
    taught = [one for one in given if len(one.grades)]
    words = [by_words(one, names) for one in taught]
    asked = [one for one in taught if not one.as_typed]
    before = [measures(one, start) for one in words if not one.as_typed]

    def scores(allowed: np.ndarray, examples: Sequence[Example] = taught) -> list[dict[str, float]]:
        found = cross_validated(examples, allowed, free, start)
        return [score for score, one in zip(found, examples, strict=True) if not one.as_typed]

    both = cross_validated(taught, everything, free, start)
    after = [score for score, one in zip(both, taught, strict=True) if not one.as_typed]
    as_typed = {one.query: score for score, one in zip(both, taught, strict=True) if one.as_typed}
    between = scores(everything, words)
    weights = learnt(taught, everything, free, start)
    weights_by_words = learnt(words, everything, free, start)
    whole = means(after)
    without = {name: scores(np.arange(len(names)) != place) for place, name in enumerate(names)}
    parts = {"other words": [as_typed.get(one.query, NOTHING) for one in asked], "meanings": between}
    sources = [one.source for one in asked]
    earnings = {name: earned(after, rest, sources) for name, rest in (without | parts).items()}
    ablation = {
        name: {key: round(means(rest)[key] - whole[key], 3) for key in NOTHING}
        for name, rest in without.items()
    }
    kinds = sorted({kind for one in asked for kind in one.kinds})
    of_kind = {kind: [n for n, one in enumerate(asked) if kind in one.kinds] for kind in kinds}
    return {
        "weights": {name: round(float(one), 4) for name, one in zip(names, weights, strict=True)},
        "weights_by_words": {
            name: round(float(one), 4) for name, one in zip(names, weights_by_words, strict=True)
        },
        "queries": sum(1 for _one in judged_queries()),
        "reordered": len(asked),
        "folds": FOLDS,
        "first_stage": means(before),
        "by_words": means(between),
        "second_stage": whole,
        "kinds": {
            kind: {
                "queries": len(places),
                "first_stage": means([before[n] for n in places]),
                "by_words": means([between[n] for n in places]),
                "second_stage": means([after[n] for n in places]),
            }
            for kind, places in of_kind.items()
        },
        "ablation": ablation,
    }, earnings


def main() -> None:
    """Build an archive of the bundled documents, learn, and write the report."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    directory = Path(tempfile.mkdtemp(prefix="ranker-"))
    os.environ.update(DJANGO_SETTINGS_MODULE="archive.settings", ARCHIVE_DATA_DIR=str(directory))
    try:
        import django

        django.setup()
        from django.core.management import call_command

        from search.engine.searcher.signals import NAMES

        call_command("prepare", verbosity=0)
        report, earnings = made_report(list(examples()), NAMES)
        for name, most in earnings.items():
            print(f"{name:14} earns {most:+.4f}")
        if unearned := idle(earnings):
            raise SystemExit(f"less than {LEAST_EARNED} on every judged list: {', '.join(unearned)}")
        REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
        print(report["first_stage"], "→", report["second_stage"])
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
