"""What search has to reach, as ratios within one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.benchmarks.searching.figures import Figures

Measured = Mapping[tuple[str, int], Figures]  # by engine and number of paragraphs
NOTICEABLE = 1.0  # milliseconds: kinds that take less are not compared between sizes


@dataclass(frozen=True, slots=True)
class Bar:
    """``at_least``: whether more is better. ``value`` raises KeyError where it was not measured."""

    text: str
    value: Callable[[Measured], float]
    bar: float
    at_least: bool
    unit: str = "×"

    def row(self, measured: Measured) -> tuple[str, ...] | None:
        try:
            value = self.value(measured)
        except (KeyError, TypeError, ValueError):
            return None
        reached = value >= self.bar if self.at_least else value <= self.bar
        sign = "≥" if self.at_least else "≤"
        return (
            self.text,
            f"{sign} {self.bar:g}{self.unit}",
            f"{value:,.1f}{self.unit}",
            "reached" if reached else "not reached",
        )


def bar_rows(measured: Measured) -> Iterator[tuple[str, ...]]:
    """Of each bar that was measured: what, how much is asked, how much it is, whether that is reached."""
    return filter(None, (bar.row(measured) for bar in BARS))


def _faster(engine: str, size: int, kind: str) -> Callable[[Measured], float]:
    return lambda measured: measured["stock", size].times[kind][0] / measured[engine, size].times[kind][0]


def _builds_faster(engine: str, size: int) -> Callable[[Measured], float]:
    return lambda measured: measured["stock", size].bare_build / measured[engine, size].bare_build


def _slowest(engine: str, size: int) -> Callable[[Measured], float]:
    return lambda measured: max(p95 for _, p95 in measured[engine, size].times.values())


def _slowest_grows(measured: Measured) -> float:
    return _slowest("whoosh", 350_000)(measured) / _slowest("whoosh", 100_000)(measured)


def _kind_that_grows_most(measured: Measured) -> float:
    small, large = measured["whoosh", 100_000].times, measured["whoosh", 350_000].times
    return max(large[kind][1] / small[kind][1] for kind in large if large[kind][1] >= NOTICEABLE)


def _literal(measured: Measured) -> float:
    times = measured["whoosh", 100_000].times
    return max(p95 for kind, (_, p95) in times.items() if kind.startswith("literal"))


def _faster_than_scan(measured: Measured) -> float:
    ours, scan = measured["whoosh", 100_000].times, measured["scan", 100_000].times
    return min(scan[kind][0] / ours[kind][0] for kind in scan)


BARS = (
    Bar(
        "whoosh, 20,000: common word with facets, faster than stock",
        _faster("whoosh", 20_000, "common"),
        8,
        True,
    ),
    Bar(
        "whoosh, 20,000: median of a common word",
        lambda measured: measured["whoosh", 20_000].times["common"][0],
        60,
        False,
        " ms",
    ),
    Bar(
        "whoosh, 100,000: common word with facets, faster than stock",
        _faster("whoosh", 100_000, "common"),
        100,
        True,
    ),
    Bar("whoosh, 100,000: p95 of the slowest kind", _slowest("whoosh", 100_000), 15, False, " ms"),
    Bar("whoosh, 350,000: p95 of the slowest kind, to that at 100,000", _slowest_grows, 2.5, False),
    Bar(
        "whoosh, 350,000: p95 of the kind that grows most, to that at 100,000",
        _kind_that_grows_most,
        2.5,
        False,
    ),
    Bar("literal, 100,000: p95 of the slowest kind", _literal, 3, False, " ms"),
    Bar("literal, 100,000: faster than a scan, the least gain", _faster_than_scan, 10, True),
    Bar(
        "whoosh, 100,000: build, faster than stock, cutting excluded",
        _builds_faster("whoosh", 100_000),
        5,
        True,
    ),
)
