"""Chinese words: jieba with the archive's own terms.

The segmenter is given Han characters only, folded to simplified. It works without the hidden Markov model:
the same characters are then cut the same way in a query and in a text, whatever stands around them.

jieba is the reference: its dictionary, its frequencies. The cutting itself is done by rjieba, a port to Rust
that is given the same words with the same frequencies: it cuts all 822,093 different runs of Han characters
of 351,929 paragraphs of statutes as jieba does, in a sixth of the time; the tests hold the two together.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import marshal
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from itertools import pairwise
from math import log
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from archive.text.folding import fold_words
from archive.text.reference import FIXTURES, load_reference

if TYPE_CHECKING:
    import jieba
    import rjieba


COMPILED = "words.marshal"
UNHEARD = "\x00\x00"
MIN_PART = 2  # shorter parts of a word are single characters
SHORTEST_DIVIDED = 3  # characters of a word; of two each would stand alone
NAME_FILES = ("state_names.json", "body_names.json", "organisations.json")
LONGEST_ACRONYM = 5  # letters: UNODC, but committee


class Segmenter:
    """A jieba dictionary with the archive's terms added. ``cache`` is a directory for its compiled form."""

    def __init__(self, cache: Path | None = None) -> None:
        import jieba  # with its tables of probabilities: a process that cuts nothing does without

        jieba.setLogLevel(logging.WARNING)
        self._jieba = jieba.Tokenizer()
        self._jieba.FREQ, self._jieba.total = _dictionary(self._jieba, cache and cache / COMPILED)
        self._jieba.initialized = True
        self._port = _port_of(self._jieba)
        self._divided_once = functools.lru_cache(maxsize=4096)(self._likeliest)
        self.inner = InnerWords(self)

    def cut(self, run: str) -> list[str]:
        """Returns the words of ``run``, which together are ``run``."""
        return self._port.cut(run, False)

    def knows(self, word: str) -> bool:
        """Returns True if ``word`` is in the dictionary."""
        return bool(self._jieba.FREQ.get(word))

    def begins(self, string: str) -> bool:
        """Returns True if ``string`` is a word of the dictionary or the beginning of one."""
        return string in self._jieba.FREQ

    def divided(self, word: str) -> tuple[str, ...]:
        """Returns the likeliest parts of ``word``, single characters among them: 裁军, 事务, 厅 of
        裁军事务厅. Itself alone where it is short, or where the parts would be nothing but characters.
        """
        if len(word) < SHORTEST_DIVIDED:
            return (word,)
        parts = self._likeliest(word, 1)
        return parts if any(len(part) > 1 for part in parts) else (word,)

    def parts(self, word: str) -> tuple[str, ...]:
        """Returns the likeliest division of ``word`` into several dictionary words; else empty."""
        return self._divided_once(word, MIN_PART)

    def _likeliest(self, word: str, shortest: int) -> tuple[str, ...]:
        """Returns the likeliest cut of ``word`` into more than one word of at least ``shortest`` characters;
        a character that is no word counts as a word met once.
        """
        size = len(word)
        best: list[tuple[float, int] | None] = [None] * size + [(0.0, size)]  # how likely, and its first end
        for start in range(size - 1, -1, -1):
            choices = [
                (weight + rest[0], end)
                for end, weight in self._words_at(word, start)
                if end - start >= shortest and end - start < size and (rest := best[end]) is not None
            ]
            best[start] = max(choices, default=None)
        parts, start = [], 0
        while start < size and (found := best[start]):
            parts.append(word[start : found[1]])
            start = found[1]
        return tuple(parts)

    def _words_at(self, word: str, start: int) -> Iterator[tuple[int, float]]:
        """Generates the ends of the words that begin at ``start``, and how likely each is. The dictionary
        knows the beginnings of its words, too: behind what is none of them nothing is looked up, so that a
        run of any length costs as much for each character.
        """
        frequency, total = self._jieba.FREQ, log(self._jieba.total)
        for end in range(start + 1, len(word) + 1):
            met = frequency.get(word[start:end])
            if met or end == start + 1:
                yield end, log(met or 1) - total
            if met is None:
                return


def _dictionary(tokenizer: jieba.Tokenizer, kept: Path | None) -> tuple[dict[str, int], int]:
    """Returns the frequencies of jieba's words and of the archive's own, 0 for what only begins a word, and
    their total; from the file ``kept`` where it was compiled of the same words, else compiled and kept there.

    jieba keeps a file of its own, without added words, and reads it object by object: in half a second.
    """
    words = user_words()
    made_of = (version("jieba"), words)
    with suppress(OSError, ValueError, EOFError, TypeError):  # none, or no whole one
        of, frequencies, total = marshal.loads(kept.read_bytes() if kept else b"")  # noqa: S302, written below
        if of == made_of:
            return frequencies, total
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in words:
        tokenizer.add_word(word)
    if kept:
        with suppress(OSError):  # nothing may be written there, or no more: it is compiled each time
            kept.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=kept.parent, delete=False) as beside:
                beside.write(marshal.dumps((made_of, tokenizer.FREQ, tokenizer.total)))
            Path(beside.name).replace(kept)
    return tokenizer.FREQ, tokenizer.total


def _port_of(reference: jieba.Tokenizer) -> rjieba.Jieba:
    """Returns the port with the words and frequencies of ``reference``.

    jieba's total is more than the sum of its frequencies (a word that is added again is counted again), and a
    cut may hang on it: 速度快|于 or 速度|快|于. A word that no text holds makes up for the difference.
    """
    import rjieba

    port, total = rjieba.Jieba.empty(), 0
    for word, frequency in reference.FREQ.items():
        if frequency:  # without one it is only the beginning of a word
            port.add_word(word, frequency, "")
            total += frequency
    if total < reference.total:
        port.add_word(UNHEARD, reference.total - total, "")
    return port


@functools.cache
def segmenter() -> Segmenter:
    """Returns the segmenter of this process; the first call loads the dictionary."""
    return Segmenter(cache_directory())


_cache: Path | None = None


def use_cache(directory: str) -> None:
    """Says where the compiled dictionary lies, in a process that runs without the archive's settings."""
    global _cache
    _cache = Path(directory)


def cache_directory() -> Path | None:
    """Returns a directory under the archive's data, where the pure core runs inside the archive."""
    from django.conf import settings

    if _cache is not None:
        return _cache
    return Path(settings.DATA_DIR) / "cache" if settings.configured else None


# The archive's own words: terms that must not be cut, and what counts as another word for the same thing.

HERE = Path(__file__).resolve().parent
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〇\U00020000-\U0003ffff"
HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
LATIN_WORD = re.compile(r"[a-z][a-z0-9]+")


def user_words() -> list[str]:
    """Terms of Han characters that the segmenter keeps whole, each once, in a stable order."""
    words = [*_lines("userdict.txt"), *(word for group in synonym_groups() for word in group)]
    words += [name for names in _body_names() for name in names]
    return list(dict.fromkeys(word for word in words if HAN_WORD.fullmatch(word)))


@functools.cache
def words_digest() -> str:
    """Returns the digest of the words that texts are cut by, and of the names that are found in them."""
    found = hashlib.sha256("\n".join(user_words()).encode())
    for name in NAME_FILES:
        found.update((FIXTURES / name).read_bytes())
    return found.hexdigest()[:16]


@functools.cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Returns word → the other words for the same thing, nearest first. Only words that are single tokens."""
    others: dict[str, dict[str, None]] = {}
    for group in synonym_groups():
        for word in group:
            others.setdefault(word, {}).update(dict.fromkeys(other for other in group if other != word))
    return {word: tuple(found) for word, found in others.items()}


@functools.cache
def kept_sets() -> tuple[tuple[str, ...], ...]:
    """Returns the sets of equal terms: the kept ones, strings of several words among them
    (化学、生物、放射和核 for CBRN), then the names of each body.
    """
    kept = [tuple(line.split()) for line in _lines("synonyms.txt")]
    return tuple(group for group in [*kept, *_body_names()] if len(group) > 1)


def written(word: str) -> str:
    """Returns the display form of a folded term: acronyms in capitals."""
    return word.upper() if word.isascii() and len(word) <= LONGEST_ACRONYM else word


@functools.cache
def function_words() -> frozenset[str]:
    """Words that ask or connect: 的, 为什么, 哪些."""
    return frozenset(word for line in _lines("function_words.txt") for word in line.split())


@functools.cache
def synonym_groups() -> tuple[tuple[str, ...], ...]:
    """Returns ``kept_sets`` with nothing in them but single tokens."""
    groups = [tuple(dict.fromkeys(filter(_is_token, group))) for group in kept_sets()]
    return tuple(group for group in groups if len(group) > 1)


def _is_token(word: str) -> bool:
    return bool(HAN_WORD.fullmatch(word) or LATIN_WORD.fullmatch(word))


@functools.cache
def _body_names() -> tuple[tuple[str, ...], ...]:
    """Returns for each body its name, aliases and acronym; contextual forms are words, but no synonyms."""
    return tuple(
        tuple(
            fold_words(name)
            for name in (body.name, *body.aliases, *body.traditional, body.acronym or "")
            if name
        )
        for body in load_reference().bodies
        if not body.unconfirmed
    )


def _lines(name: str) -> Iterator[str]:
    """Generates the lines of a kept list, folded, without remarks."""
    for line in (HERE / name).read_text("utf-8").splitlines():
        if text := line.partition("#")[0].strip():
            yield fold_words(text)


# Words inside words, by the best cut: 裁军 in 裁军事务厅, but no 军事; 出口管制 in 出口|管制清单.
# A run of Han characters is cut into words, each longer word again into its likeliest parts, and so on. A
# word of the dictionary stands in the run where it begins and ends at borders of these cuts. Of a part that
# it takes only a piece of, it takes at least two characters: in 缔约国|会 there is no 国会.

PIECE = 2  # characters of a part that a word may take without taking the whole


class InnerWord(NamedTuple):
    """A word and its place."""

    word: str
    start: int
    end: int


class _Divided(NamedTuple):
    """A word as it is divided: the borders inside it, of all its parts; the words inside; the ``tails``
    with which a word may begin that goes on behind it, and where it may end that began before.
    """

    borders: tuple[int, ...]
    inside: tuple[InnerWord, ...]
    tails: tuple[tuple[int, str], ...]
    ends: tuple[int, ...]


class InnerWords:
    """Finds words inside words. What is inside a word is worked out once for most."""

    def __init__(self, dictionary: Segmenter) -> None:
        self._dictionary = dictionary
        self._divided = lru_cache(maxsize=65536)(self._divide)

    def beginning_in(self, cut: Sequence[str]) -> Iterator[Sequence[InnerWord]]:
        """Generates for each word of ``cut`` the inner words that begin in it, with places counted from its
        beginning; single characters too, where the last division leaves them alone.
        """
        last = len(cut) - 1
        for number, word in enumerate(cut):
            divided = self._divided(word)
            found: Sequence[InnerWord] = divided.inside
            if number < last:
                following = cut[number + 1][0]
                for start, tail in divided.tails:
                    if self._dictionary.begins(tail + following):
                        found = [*found, *self._going_on(tail, start, cut[number + 1 :])]
            yield found

    def borders(self, cut: Sequence[str]) -> set[int]:
        """Returns all places of the run where a word or a part of one begins or ends."""
        return {
            start + border
            for start, word in zip(_starts(cut), cut, strict=True)
            for border in (0, *self._divided(word).borders, len(word))
        }

    def _going_on(self, begun: str, start: int, behind: Sequence[str]) -> Iterator[InnerWord]:
        """Generates the words that begin with ``begun`` at ``start`` and go on into the parts ``behind``."""
        for part in behind:
            if not self._dictionary.begins(begun + part[0]):
                return
            for end in self._divided(part).ends:
                word = begun + part[:end]
                if self._dictionary.knows(word):
                    yield InnerWord(word, start, start + len(word))
            begun += part

    def _divide(self, word: str) -> _Divided:
        parts = self._dictionary.divided(word)
        if len(parts) == 1:
            return _Divided((), (), ((0, word),), (len(word),))
        starts, inside = _starts(parts), []
        for start, part, begun in zip(starts, parts, self.beginning_in(parts), strict=True):
            if len(part) == 1 or self._dictionary.knows(part):
                inside.append(InnerWord(part, start, start + len(part)))
            inside += [InnerWord(one, start + first, start + last) for one, first, last in begun]
        borders = tuple(sorted(self.borders(parts) - {0, len(word)}))
        return _Divided(
            borders,
            tuple(one for one in dict.fromkeys(inside) if one.word != word),
            tuple((at, word[at:]) for at in (0, *(at for at in borders if len(word) - at >= PIECE))),
            (*(at for at in borders if at >= PIECE), len(word)),
        )


def _starts(parts: Sequence[str]) -> list[int]:
    starts = [0]
    for part, _following in pairwise(parts):
        starts.append(starts[-1] + len(part))
    return starts
