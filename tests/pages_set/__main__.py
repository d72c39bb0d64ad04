"""Set held documents in seeded layouts, read them back, and print how well each came back."""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean

from . import browser
from .compare import read_back, score
from .copy import copy_of, sources
from .setter import set_pages, style_of


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pages_set", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="documents (default: all, one a run)")
    parser.add_argument("--runs", type=int, default=120, help="how many (default 120)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--worst", type=int, default=6, help="how many reports to print (default 6)")
    parser.add_argument("--by-browser", action="store_true", help="let a browser print the pages")
    parser.add_argument("--save", metavar="FILE", help="write the PDF of the last run there")
    options = parser.parse_args()
    names = options.names or sorted(sources())
    results: list[tuple[float, str, str, list[str]]] = []
    by: dict[str, list[float]] = defaultdict(list)
    if options.by_browser and not browser.BROWSER:
        print("nothing printed: no browser is installed")
        return 0
    for seed in range(options.seed, options.seed + options.runs):
        name = names[seed % len(names)] if options.names else random.Random(seed).choice(names)
        copy, style = copy_of(name), style_of(seed)
        data = (browser.print_pages if options.by_browser else set_pages)(copy, style)
        if options.save:
            Path(options.save).write_bytes(data)
        try:
            got, report = score(copy.blocks, read_back(name, data))
        except ValueError as error:
            got, report = 0.0, [f"REFUSED {error!r}"]
        results.append((got, f"{seed} {name}", style.label, report))
        for part in style.label.split(", "):
            by[part].append(got)
    for part in sorted(by):
        print(f"{mean(by[part]):.4f}  {len(by[part]):4}  {part}")
    for got, run, label, report in sorted(results, key=lambda result: result[0])[: options.worst]:
        if got < 1:
            print(f"\n{got:.3f} {run}\n  {label}", *report[:14], sep="\n  ")
    perfect = sum(got == 1 for got, *_ in results)
    print(f"\n{len(results)} runs: mean {mean(got for got, *_ in results):.4f}, {perfect} perfect")
    return 0


if __name__ == "__main__":
    sys.exit(main())
