"""What a query asks for literally: phrases, asterisks, nearness, texts of headings and footnotes."""

from __future__ import annotations

from collections.abc import Iterable

from search.expansion.units import Marks
from search.query import Field, Near, Problem, ProblemCode, unparse, within_marks
from search.query.conditions import AllOf, AnyNode, AnyOf, Contains, Literal, Pattern, Term
from search.query.vocabulary import Vocabulary
from search.text.marked_words import ASTERISKS, has_idle_asterisk, may_be_pattern

from .plan import Plan
from .proximity import near_by


def in_blocks(kind: str, texts: Iterable[Literal]) -> AnyNode:
    """The headings, or footnotes, that hold one of ``texts``."""
    return AllOf((Term("kind", kind), AnyOf(tuple(texts))))


class Quoted:
    """Makes conditions of what is to be found as it is written, and keeps them in ``plan``, with what to
    mark of them.
    """

    def __init__(self, plan: Plan, vocabulary: Vocabulary) -> None:
        self.plan, self.vocabulary = plan, vocabulary

    def phrase(self, text: str) -> AnyNode:
        """What a quoted phrase asks for."""
        text = self._once_quoted(text)
        return self._asked_literally(text, self._quoted(text))

    def _asked_literally(self, written: str, condition: Literal) -> AnyNode:
        """``condition``, kept as what ``written`` asks for."""
        self.plan.phrases[written] = condition
        self.plan.parts.append((written, condition))
        return condition

    def literal(self, text: str) -> Contains | Pattern:
        """Where a phrase stands, by its asterisks where these are meant."""
        is_pattern = may_be_pattern(text) and not self.vocabulary.occurrences(text)
        return Pattern(text) if is_pattern else Contains(text)

    def _quoted(self, text: str) -> Contains | Pattern:
        """The same, said how the asterisks were read, and marked."""
        condition = self.literal(text)
        if isinstance(condition, Pattern):
            self.plan.marks |= Marks(patterns=(text,))
            if has_idle_asterisk(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_EDGE, text))
        else:
            self.plan.marks |= Marks(phrases=(text,))
            if ASTERISKS.search(text) and self.vocabulary.occurrences(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_LITERAL, text))
        return condition

    def in_blocks(self, node: Field) -> AnyNode:
        """The blocks of a kind that hold a text."""
        phrases = {text: self._quoted(text) for text in node.values}
        self.plan.phrases |= phrases
        blocks = in_blocks(node.name, phrases.values())
        self.plan.parts.append((unparse(node), blocks))
        return blocks

    def _once_quoted(self, text: str) -> str:
        """``text`` without the marks around the whole of it, where it stands nowhere with them."""
        inside = within_marks(text)
        if inside == text or self.vocabulary.occurrences(text):
            return text
        self.plan.problems.append(Problem(ProblemCode.QUOTED_TWICE, inside))
        return self._once_quoted(inside)

    def near(self, node: Near) -> AnyNode:
        """What NEAR or THEN asks for."""
        condition = near_by(node)
        for text in (*condition.first, *condition.second):
            if ASTERISKS.search(text) and not self.vocabulary.occurrences(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_NEAR, text))
        self.plan.marks |= Marks(pairs=(condition,))
        return self._asked_literally(unparse(node), condition)
