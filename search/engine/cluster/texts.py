"""All texts and values of a site in the memory of a process: in them strings are looked up, whichever
paragraphs the cluster finds. Of a later index only the documents that changed are fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from search.engine.index.arrangement import Arrangement
from search.engine.index.columns import Columns, ComposedColumns, Row
from search.engine.index.generations import IndexUnavailableError, Manifest, QuestionRefusedError
from search.engine.index.literal import LiteralIndex, LiteralSegment
from search.engine.index.small import small_index

MOST = 200_000  # paragraphs; each 100,000 take some 90 MB, and 7 s of CPU when a process begins
MOST_PARTS, MOST_CHANGED = 10, 1_000  # parts; documents: from so many on all is fetched anew
EVERY = None  # in place of some documents

Fetch = Callable[[Collection[int] | None], Iterable[Row]]


@dataclass(frozen=True, eq=False)
class Texts:
    """The texts of the ``documents`` of a manifest in ``parts``, each without the documents ``gone`` from it.
    ``base`` is the index that was built from the database alone, of which this one is a later state.
    """

    base: Mapping[str, object]
    documents: Mapping[str, str]
    parts: tuple[tuple[LiteralSegment, Columns], ...]
    gone: tuple[frozenset[int], ...]

    def without(self, left_out: Collection[int]) -> tuple[LiteralIndex, Columns]:
        """Returns the folded texts and the values of all documents but those ``left_out``."""
        literals, columns = zip(*self.parts, strict=True)
        left = [gone.union(left_out) for gone in self.gone]
        arrangement = Arrangement([one.documents for one in literals], left)
        return LiteralIndex(literals, arrangement), ComposedColumns(columns, arrangement)


_known: list[Texts] = []  # of the live index and of the one before
_loading = Lock()


def texts_of(manifest: Manifest, fetch: Fetch) -> Texts:
    """Returns the texts of an index; ``fetch`` has the cluster send the rows of some documents, or of EVERY
    one, in the order of their documents. One thread loads, others wait.

    Raises QuestionRefusedError for an archive of more than ``MOST`` paragraphs; IndexUnavailableError.
    """
    if manifest.paragraphs > MOST:
        raise QuestionRefusedError(f"{manifest.paragraphs} paragraphs are more than a host keeps ({MOST})")
    with _loading:
        same = [one for one in _known if one.base == manifest.segments]
        found = next((one for one in same if one.documents == manifest.documents), None)
        if found is None:
            found = _following(same[-1], manifest, fetch) if same else None
            found = found or _loaded(manifest, fetch)
            if len(found.without(())[0]) != manifest.paragraphs:
                raise IndexUnavailableError("the cluster did not send every paragraph")
            _known[:] = [*same[-1:], found]
    return found


def _loaded(manifest: Manifest, fetch: Fetch) -> Texts:
    return Texts(manifest.segments, manifest.documents, (_part(fetch(EVERY)),), (frozenset(),))


def _following(before: Texts, manifest: Manifest, fetch: Fetch) -> Texts | None:
    """Returns ``before`` with what changed since; None where that is much, or the parts have become many."""
    changed = {int(pk) for pk, mark in manifest.documents.items() if before.documents.get(pk) != mark}
    stale = changed.union(int(pk) for pk in before.documents if pk not in manifest.documents)
    if len(stale) > MOST_CHANGED or len(before.parts) == MOST_PARTS:
        return None
    parts, gone = before.parts, tuple(one | stale for one in before.gone)
    if changed:
        parts, gone = (*parts, _part(fetch(sorted(changed)))), (*gone, frozenset())
    return Texts(before.base, manifest.documents, parts, gone)


def _part(rows: Iterable[Row]) -> tuple[LiteralSegment, Columns]:
    literal, columns = small_index(rows)
    return literal.segments[0], columns
