"""Check: drafts of growing length compared with a large archive, stage by stage."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.corpus import DOCUMENTS, read_corpus, write_index
from tests.benchmarks.results import Table, apart, sizes_of

SIZES, QUICK = (100_000,), (5000,)
LENGTHS = (25_000, 50_000, 100_000, 200_000)
SEED = 1540
CITED = ("第1540(2004)号决议第3(a)段", "S/2010/52，附件，第14段", "第1977(2011)号决议", "S/AC.44/SR.74第9段")
INVENTED = "全球数字治理倡议提出的五项共同愿景须由各方协商推进并逐年评估其成效与不足之处"


@dataclass
class Figures:
    """Seconds of each length by kind of draft, with what was found."""

    paragraphs: int
    times: dict[str, dict[int, float]] = field(default_factory=dict)
    found: dict[str, tuple[int, int]] = field(default_factory=dict)


def run(options: argparse.Namespace) -> Iterator[Table]:
    for size in sizes_of(options, SIZES, QUICK):
        yield _table(apart(_measure, options.corpus, size, LENGTHS))


def _table(figures: Figures) -> Table:
    rows = tuple(
        (kind, *(f"{times[length]:.2f}" for length in LENGTHS), *map(str, figures.found[kind]))
        for kind, times in figures.times.items()
    )
    columns = ("seconds for characters", *(f"{length:,}" for length in LENGTHS), "citations", "quotations")
    notes = (
        "mixed: prose not in the archive, with quotations (exact, altered, invented, a third each).",
        "copied: paragraphs of the archive. altered: nothing but quotations with a character changed.",
        "terms: a quoted word every ten characters. Seconds of one processor, best of two.",
    )
    return Table(f"Checking drafts against {figures.paragraphs:,} paragraphs", columns, rows, notes)


def _measure(corpus: str | None, size: int, lengths: Sequence[int]) -> Figures:
    texts = [one.text for one in read_corpus(corpus, size + size // 5)]
    _fill(corpus, size)
    return _times(texts[:size], texts[size:], lengths)


def _fill(corpus: str | None, size: int) -> None:
    """A database with the bundled documents, and an index over the corpus."""
    from django.core.management import call_command

    from archive.store.revision import current_revision

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("import_documents", str(DOCUMENTS), verbosity=0)
    write_index(read_corpus(corpus, size), current_revision())


def _times(held: list[str], unseen: list[str], lengths: Sequence[int]) -> Figures:
    from search.pages.checker import check

    figures = Figures(len(held))
    check(_mixed(held, unseen, 2000))
    for kind, make in (("mixed", _mixed), ("copied", _copied), ("altered", _altered), ("terms", _terms)):
        figures.times[kind] = {}
        for length in lengths:
            draft = make(held, unseen, length)
            taken = []
            for _pass in range(2):
                start = time.process_time()
                report = check(draft)
                taken.append(time.process_time() - start)
            figures.times[kind][length] = min(taken)
            figures.found[kind] = (len(report.citations), len(report.quotations))
    return figures


def _mixed(held: list[str], unseen: list[str], length: int) -> str:
    chance = random.Random(SEED)

    def passage() -> str:
        quotation = chance.choice((_piece, _changed, _invented))(held, chance)
        return f"{chance.choice(unseen)}{chance.choice(CITED)}指出：“{quotation}”。\n"

    return _filled(passage, length)


def _copied(held: list[str], unseen: list[str], length: int) -> str:
    chance = random.Random(SEED)
    return _filled(lambda: chance.choice(held) + "\n", length)


def _altered(held: list[str], unseen: list[str], length: int) -> str:
    chance = random.Random(SEED)
    return _filled(lambda: f"“{_changed(held, chance)}”\n", length)


def _terms(held: list[str], unseen: list[str], length: int) -> str:
    chance = random.Random(SEED)

    def term() -> str:
        text = chance.choice(held)
        start = chance.randrange(max(1, len(text) - 4))
        return f"与“{text[start : start + 4]}”有关，"

    return _filled(term, length)


def _piece(held: list[str], chance: random.Random) -> str:
    text = chance.choice(held)
    start = chance.randrange(max(1, len(text) - 40))
    return text[start : start + chance.randrange(20, 80)].strip()


def _changed(held: list[str], chance: random.Random) -> str:
    text = _piece(held, chance) or "空"
    place = chance.randrange(len(text))
    return f"{text[:place]}囧{text[place + 1 :]}"


def _invented(held: list[str], chance: random.Random) -> str:
    return "".join(chance.sample(INVENTED, len(INVENTED)))


def _filled(make, length: int) -> str:
    pieces, size = [], 0
    while size < length:
        piece = make()
        pieces.append(piece)
        size += len(piece)
    return "".join(pieces)[:length]
