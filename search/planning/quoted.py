"""Conditions of literal parts: phrases, wildcards, proximity, headings and footnotes, exclusions."""

from __future__ import annotations

from collections.abc import Iterable

from search.expansion.units import Marks
from search.query import Field, Near, Node, Or, Problem, ProblemCode, Words, unparse, within_marks
from search.query.ast import strings_of
from search.query.conditions import TEXT, AllOf, AnyNode, AnyOf, Contains, Literal, NearBy, Pattern, Term
from search.query.vocabulary import Vocabulary
from search.text.analyzer import analyze
from search.text.folding import in_both_scripts
from search.text.marked_words import ASTERISKS, has_idle_asterisk, may_be_pattern

from .names import Names
from .plan import Plan


def in_blocks(kind: str, texts: Iterable[Literal]) -> AnyNode:
    """Builds the condition for headings, or footnotes, with one of ``texts``."""
    return AllOf((Term("kind", kind), AnyOf(tuple(texts))))


class Quoted:
    """Builds the conditions of literal parts, and records them in ``plan``, with their highlights."""

    def __init__(self, plan: Plan, vocabulary: Vocabulary) -> None:
        self.plan, self.vocabulary = plan, vocabulary

    def phrase(self, text: str) -> AnyNode:
        """Builds the condition of a quoted phrase, and records it in the plan."""
        text = self._once_quoted(text)
        return self._asked_literally(text, self._quoted(text))

    def _asked_literally(self, written: str, condition: Literal) -> AnyNode:
        """Records ``condition`` in the plan as that of ``written``; returns it."""
        self.plan.phrases[written] = condition
        self.plan.parts.append((written, condition))
        return condition

    def literal(self, text: str) -> Contains | Pattern:
        """Builds the condition of a phrase; its asterisks are wildcards unless they occur as written."""
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
        """Builds the condition for the blocks of a kind with a text, and records it in the plan."""
        phrases = {text: self._quoted(text) for text in node.values}
        self.plan.phrases |= phrases
        blocks = in_blocks(node.name, phrases.values())
        self.plan.parts.append((unparse(node), blocks))
        return blocks

    def _once_quoted(self, text: str) -> str:
        """Returns ``text`` without the marks around the whole of it, unless it occurs with them."""
        inside = within_marks(text)
        if inside == text or self.vocabulary.occurrences(text):
            return text
        self.plan.problems.append(Problem(ProblemCode.QUOTED_TWICE, inside))
        return self._once_quoted(inside)

    def near(self, node: Near) -> AnyNode:
        """Builds the condition of NEAR or THEN, and records it in the plan."""
        condition = near_by(node)
        for text in (*condition.first, *condition.second):
            if ASTERISKS.search(text) and not self.vocabulary.occurrences(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_NEAR, text))
        self.plan.marks |= Marks(pairs=(condition,))
        return self._asked_literally(unparse(node), condition)


def near_by(asked: Near) -> NearBy:
    """Builds the proximity condition of ``asked``."""
    return NearBy(spellings(asked.first), spellings(asked.second), asked.within, asked.ordered)


def spellings(operand: Node) -> tuple[str, ...]:
    """The strings of one side: quoted ones as they are, others in both scripts."""
    if isinstance(operand, Or):
        return tuple(dict.fromkeys(string for inner in operand.nodes for string in spellings(inner)))
    texts = strings_of(operand)
    return tuple(
        form for text in texts for form in (in_both_scripts(text) if isinstance(operand, Words) else (text,))
    )


def excluded(piece: str, names: Names) -> AnyNode:
    """Builds the condition for paragraphs with ``piece``: wherever its characters occur, in either script,
    across the borders of words too (工商业 in 工商业界). Of a State's name only where it is not part of
    another State's: excluding 印度 leaves 印度尼西亚. A symbol or number counts in all its spellings.
    """
    tokens = analyze(piece)
    if not all(token.kind == "word" for token in tokens):
        return AllOf(tuple(Term(TEXT, token.term) for token in tokens))
    forms = in_both_scripts(piece)
    return AnyOf(tuple(Contains(form, apart_from=_longer_names(form, names)) for form in forms))


def _longer_names(form: str, names: Names) -> tuple[str, ...]:
    """Returns names of other States that contain the name ``form`` of one; of nested ones the shortest."""
    own = names.codes("state", form)
    if not own:
        return ()
    longer = [name for name in names.all_of("state") if form in name and not names.codes("state", name) & own]
    return tuple(name for name in longer if not any(other in name for other in longer if other != name))
