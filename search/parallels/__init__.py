"""Text reuse (parallel passages): other paragraphs of the archive that share a run of words with one.

``runs`` finds what is shared, by the suffix array; ``passages`` puts it in order by paragraph; ``lineage``
finds the first occurrence of each wording, ``clauses`` follows one through resolutions; ``views`` shows it.
"""

from .passages import Parallel, Parallels, Piece, Step, clause_through, lineage, parallels

__all__ = ["Parallel", "Parallels", "Piece", "Step", "clause_through", "lineage", "parallels"]
