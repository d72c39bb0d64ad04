"""Comparing the live index with the database, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.models import Paragraph
from archive.text.folding import fold_literally
from search.engine.cluster.connection import configured
from search.engine.index.coverage import document_marks
from search.engine.index.generations import IndexUnavailableError
from search.engine.index.integrity import verify
from search.engine.index.literal import END
from search.engine.index.suffixes import Suffixes
from search.engine.meaning.vectors import UNREAD, key_of

from .index import Opened, OpenIndex, index_root, open_index, written_index


class DamagedIndexError(IndexUnavailableError):
    """Index ``files`` that are missing or differ from what was written."""

    def __init__(self, files: tuple[str, ...]) -> None:
        super().__init__(", ".join(files))
        self.files = files


@dataclass(frozen=True, slots=True)
class Comparison:
    """Paragraph ids: not in the index, not in the database, with other words.

    ``documents`` are those that changed since they were indexed; ``ordered``: the suffix arrays are in order.
    """

    indexed: int
    stored: int
    missing: tuple[int, ...]
    surplus: tuple[int, ...]
    different: tuple[int, ...]
    documents: tuple[int, ...]
    ordered: bool
    outdated: bool

    @property
    def sound(self) -> bool:
        return self.ordered and not self.outdated and not any(numbers for _, numbers in self.findings())

    def findings(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Generates the discrepancies found, in words, with the ids."""
        named = (
            ("索引缺少的段落", self.missing),
            ("索引多余的段落", self.surplus),
            ("文字不同的段落", self.different),
            ("编入后有改动的文件", self.documents),
        )
        return ((words, numbers) for words, numbers in named if numbers)


def check_index() -> Comparison:
    """Compares the index with the database; raises IndexUnavailableError where it cannot be read.

    Where files are not what was written, nothing is said of what they hold.
    """
    index, rows, fits = _written()
    missing, different, stored = [], [], 0
    texts = Paragraph.objects.order_by("pk").values_list("pk", "text")
    for paragraph, text in texts.iterator(chunk_size=2000):
        stored += 1
        row = rows.pop(paragraph, None)
        if row is None:
            missing.append(paragraph)
        elif not fits(row, text):
            different.append(paragraph)
    held, marks = index.manifest.documents, document_marks()
    return Comparison(
        index.size,
        stored,
        tuple(missing),
        tuple(sorted(rows)),
        tuple(different),
        tuple(sorted(int(pk) for pk in held.keys() | marks.keys() if held.get(pk) != marks.get(pk))),
        not isinstance(index, OpenIndex) or all(in_order(one.literal.suffixes) for one in index.segments),
        not index.manifest.is_current,
    )


def _written() -> tuple[Opened, dict[int, int], Callable[[int, str], bool]]:
    """Returns the live index as it was written, a number for each paragraph that it has, and what tells by
    that number whether it has the words of a text.
    """
    if configured() is not None:
        index = written_index()
        return (
            index,
            {key: hash(row["text"]) for key, _, row in index.every()},
            lambda row, text: row == hash(text),
        )
    root = index_root()
    if damaged := verify(root):
        raise DamagedIndexError(damaged)
    opened = open_index(root)
    rows = {int(paragraph): row for row, paragraph in enumerate(opened.literal.ids)}
    return opened, rows, lambda row, text: _is_held(opened, row, text)


def _is_held(index: OpenIndex, row: int, text: str) -> bool:
    """Returns True if all parts of the index have ``text`` in ``row``; its vector may be missing yet."""
    return (
        index.columns.stored(row)["text"] == text
        and index.literal.text(row) == fold_literally(text)
        and index.meanings.keys[row] in (UNREAD, key_of(text))
    )


def in_order(suffixes: Suffixes, samples: int = 1000) -> bool:
    """Returns True if the suffix array is sorted, at places sampled over it, as far as their lines go."""
    step = max(1, len(suffixes) // samples)
    places = [int(place) for place in suffixes.places[::step]]
    beginnings = ["".join(suffixes.text(place, place + 64).partition(END)[:2]) for place in places]
    return beginnings == sorted(beginnings)
