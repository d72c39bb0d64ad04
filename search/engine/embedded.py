"""The engine on this machine: conditions evaluated from postings, columns and the suffix array."""

from __future__ import annotations

from search.index.literal import LiteralIndex
from search.query.vocabulary import Vocabulary

from .protocols import Engine, LiteralText
from .reader import Reader
from .results import Found, Question, answer_question
from .vocabulary import IndexVocabulary


class EmbeddedEngine:
    """Answers from an open index; a ``Remembering`` reader keeps what the parts of a question share."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.vocabulary: Vocabulary = IndexVocabulary(reader)

    def ask(self, question: Question) -> Found:
        return answer_question(question, self.reader)


def _kept(engine: EmbeddedEngine, literal: LiteralIndex) -> tuple[Engine, LiteralText]:
    """Holds by types that both are what they stand for."""
    return engine, literal
