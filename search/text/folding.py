"""How search folds text: by the core's own rule, so that what is exported is searched by the same."""

from archive.text.folding import (
    QUOTES,
    Folded,
    fold_literally,
    fold_literally_with_places,
    fold_words,
    fold_words_with_places,
)

__all__ = [
    "QUOTES",
    "Folded",
    "fold_literally",
    "fold_literally_with_places",
    "fold_words",
    "fold_words_with_places",
]
