"""Answers to every link ever issued, computed by the site's own code from the tables of a bundle."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archive.models import MovedAnchor, RetiredDocument
from archive.store.links.histories import COLUMNS, Histories, History
from archive.store.links.histories import Row as Text

from . import verify
from .verify import EDITED, IDENTICAL, IDENTICAL_BUT_FORM, MOVED, WITHDRAWN

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]


def answers_of(tables: Tables) -> Iterator[Row]:
    """Generates the answer to every link to a text that was issued, as a row: its address, as many digits of
    its fingerprint as tell it from others there, its ``fate``, where what became of it stands ``now``, and
    the ``others`` that have its words, where none of them is certainly the one.

    Of words that were public again the last time counts. Where words have the first eight digits in common,
    those that stand come first: a link with eight is answered by the last.
    """
    texts = list(_texts(tables["issued_texts"]))
    read = _reader(tables, texts)
    histories = {
        language: Histories(language, read) for language in {row["language"] for row, _text in texts}
    }
    paragraphs = {(*row["document"], row["anchor"]): row for row in tables["paragraphs"]}
    for place, links in _links(texts).items():
        alike = Counter(words[:8] for words in links)
        for words, told in sorted(links.items(), key=lambda link: link[1][-1][1].until is not None):
            answer = _answer(words, told, histories[place[1]], paragraphs)
            # Where what stands now has these eight digits, but other words, all are needed as well.
            there = paragraphs[tuple(answer["now"])]["fingerprint"] if answer["fate"] == EDITED else ""
            digits = words if words.startswith(there or "-") or alike[words[:8]] > 1 else words[:8]
            address = dict(zip(("symbol", "language", "anchor"), place, strict=True))
            yield address | {"fingerprint": digits} | answer


def _answer(words: str, told: list[tuple[Row, Text]], histories: Histories, paragraphs: Mapping) -> Row:
    row, text = told[-1]
    found = histories.became(text)
    place = [found.symbol, row["language"], found.anchor]
    now = None if found.withdrawn else paragraphs.get(tuple(place))
    fate = EDITED if now else WITHDRAWN
    if now and found.same_words and words in {_digits(now), row["fingerprint"]}:
        other_form = any(past["text"] != now["text"] for past, _text in told)
        fate = IDENTICAL_BUT_FORM if other_form else IDENTICAL if text.until is None else MOVED
    others = [[found.symbol, row["language"], twin] for twin in found.twins]
    return {"fate": fate, "now": place if now else None, "others": others}


def _digits(row: Row) -> str:
    """Returns the 64 digits of words; of those that are withheld only the first eight are known."""
    return row["fingerprint"] if row["text"] is None else verify.digest(row["text"])


def _texts(rows: list[Row]) -> Iterator[tuple[Row, Text]]:
    """Generates the rows of ``issued_texts`` as texts of a history."""
    for number, row in enumerate(rows):
        columns: Row = {name: row.get(name) for name in COLUMNS} | {"pk": number}
        yield row, Text(**columns)


def _links(texts: list[tuple[Row, Text]]) -> dict[tuple[str, str, str], dict[str, list[tuple[Row, Text]]]]:
    """Address → the digits of words → where they were public there, the last of all last. Of words that are
    withheld nobody can tell that they are not those shown with the same fingerprint."""
    shown = {verify.key_of(row): _digits(row) for row, _text in texts if row["text"] is not None}
    links: dict[tuple[str, str, str], dict[str, list[tuple[Row, Text]]]] = defaultdict(dict)
    for row, text in texts:
        there = links[row["symbol"], row["language"], row["anchor"]]
        words = _digits(row)
        if row["text"] is None:
            words = shown.get(verify.key_of(row), words)
        there[words] = [*there.pop(words, []), (row, text)]
    return links


def _reader(tables: Tables, texts: list[tuple[Row, Text]]) -> Callable[[str, str], History]:
    """Reads the history of a document from the tables, as ``histories.read_history`` does from an archive."""
    of_document: dict[tuple[str, str], list[Text]] = defaultdict(list)
    moves: dict[tuple[str, str], list[MovedAnchor]] = defaultdict(list)
    for row, text in texts:
        of_document[row["symbol"], row["language"]].append(text)
    for row in tables["moved_anchors"]:
        moved = {name: row[name] for name in ("old_anchor", "new_symbol", "new_anchor")}
        moves[row["symbol"], row["language"]].append(MovedAnchor(**moved))
    retired = {
        (row["symbol"], row["language"]): RetiredDocument(successor=row["successor"])
        for row in tables["retired_documents"]
        if not row["lifted"]
    }
    corrections = {(row["symbol"], row["language"]): row["corrections"] for row in tables["documents"]}

    def read(symbol: str, language: str) -> History:
        key = symbol, language
        return History(of_document[key], moves[key], retired.get(key), corrections.get(key))

    return read
