"""The faults: where, what stands there, what is put in its place, and the tests that hold the rule."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """``there`` stands once in ``file``; ``tests`` are names of files in ``tests/`` without ``test_``."""

    rule: str
    file: str
    there: str
    instead: str
    tests: tuple[str, ...]


LEXER, OWN = "search/query/lexer.py", "archive/text/mentions/own.py"
ANAPHORA, RESOLUTIONS = "archive/text/mentions/anaphora.py", "archive/text/mentions/resolutions.py"
SNIPPET, COMPARED = "search/results/highlight.py", "search/checker/compared.py"
SYMBOL = "archive/text/symbols/symbol.py"

MUTANTS = (
    Mutant(
        "a closing bracket ends a word only inside a group",
        LEXER,
        "if not inside and self.depth:",
        "if not inside:",
        ("ties",),
    ),
    Mutant(
        "a minus before a blank excludes nothing",
        LEXER,
        "if character in MINUS and behind and not behind.isspace():",
        "if character in MINUS and behind:",
        ("ties",),
    ),
    Mutant(
        "the farthest nearness that is taken is the one that is told",
        LEXER,
        "if int(within) > NEAR_MOST:",
        "if int(within) >= NEAR_MOST:",
        ("query", "search_query"),
    ),
    Mutant(
        "a bracket that is never closed is part of its word",
        LEXER,
        'after = self.text[close + 1 : close + 2] if close is not None else ""',
        'after = self.text[close + 1 : close + 2] if close is not None else "x"',
        ("query", "search_query"),
    ),
    Mutant(
        "what is excluded from what is excluded is asked for",
        "search/query/parser.py",
        "return inner.node if isinstance(inner, Not) else Not(inner)",
        "return Not(inner)",
        ("ties",),
    ),
    Mutant(
        "a paragraph may refer to itself",
        OWN,
        "if (place - position) * direction >= 0]",
        "if (place - position) * direction > 0]",
        ("mentions_owners",),
    ),
    Mutant(
        "what is behind a pinpoint is the document's own again",
        OWN,
        "spans[index][0] <= place < spans[index][1]",
        "spans[index][0] <= place <= spans[index][1]",
        ("ties",),
    ),
    Mutant(
        "ibid. in the first note of a part means nothing",
        OWN,
        "return before.anchor if before.part == self._paragraphs[position].part else None",
        "return before.anchor",
        ("mentions_owners",),
    ),
    Mutant(
        "该决议 directly behind the number means that resolution",
        ANAPHORA,
        "named[position].end <= match.start()",
        "named[position].end < match.start()",
        ("ties",),
    ),
    Mutant(
        "该决议 behind two resolutions means neither",
        ANAPHORA,
        "if len(meant) == 1:",
        "if len(meant) >= 1:",
        ("mentions",),
    ),
    Mutant(
        "a number with two years in the document has none",
        RESOLUTIONS,
        "return next(iter(years)) if len(years) == 1 else None",
        "return next(iter(years), None)",
        ("ties",),
    ),
    Mutant(
        "a number may be of the year of its neighbours",
        RESOLUTIONS,
        "return before <= year <= after",
        "return before < year < after",
        ("mentions", "facts", "symbols"),
    ),
    Mutant(
        "a number that is known has the year that is known",
        RESOLUTIONS,
        "return self._years[place][1] == year",
        "return True",
        ("mentions", "facts"),
    ),
    Mutant(
        "a symbol without year that gets one keeps Add. and Corr.",
        SYMBOL,
        "suffixes=self.suffixes)",
        "suffixes=())",
        ("ties",),
    ),
    Mutant(
        "of two windows that show as much the first is shown",
        SNIPPET,
        "if covered > best[0]:",
        "if covered >= best[0]:",
        ("ties",),
    ),
    Mutant(
        "marks that touch are one",
        SNIPPET,
        "if joined and start <= joined[-1][1]:",
        "if joined and start < joined[-1][1]:",
        ("analysis",),
    ),
    Mutant(
        "a snippet of half the length is long enough",
        SNIPPET,
        "end - start >= longest // 2]",
        "end - start > longest // 2]",
        ("ties",),
    ),
    Mutant(
        "a text that fits is shown whole",
        SNIPPET,
        "if len(text) <= longest:",
        "if len(text) < longest:",
        ("ties",),
    ),
    Mutant(
        "where whole pieces cost as much as single letters, whole pieces are shown",
        COMPARED,
        "return longest if len(longest) <= len(fewest) else fewest",
        "return longest if len(longest) < len(fewest) else fewest",
        ("ties",),
    ),
    Mutant(
        "a gap begins with four characters",
        COMPARED,
        "if abs(len(draft) - len(archive)) < GAP:",
        "if abs(len(draft) - len(archive)) <= GAP:",
        ("ties",),
    ),
    Mutant(
        "a citation introduces a quotation up to its distance",
        "search/checker/nearby_citation.py",
        "start - self._ends[position] <= FAR:",
        "start - self._ends[position] < FAR:",
        ("ties",),
    ),
    Mutant(
        "of two beginnings that are as like, the nearer is taken",
        "search/checker/nearest.py",
        "there[:1] != head[:1], abs(start - guess)",
        "there[:1] != head[:1], -abs(start - guess)",
        ("ties",),
    ),
    Mutant(
        "fingerprints do not see white space",
        "archive/text/fingerprint.py",
        '"".join(unicodedata.normalize("NFKC", text).split())',
        'unicodedata.normalize("NFKC", text).strip()',
        ("page_markup", "facts", "core_laws"),
    ),
    Mutant(
        "the year of a session of the Assembly is that in which it ends",
        "archive/text/year.py",
        "return FIRST_ASSEMBLY + int(session) + 1",
        "return FIRST_ASSEMBLY + int(session)",
        ("ties",),
    ),
    Mutant(
        "the last session of a year of the Human Rights Council is of that year",
        "archive/text/year.py",
        "(int(session) - 1) // COUNCIL_SESSIONS_A_YEAR",
        "int(session) // COUNCIL_SESSIONS_A_YEAR",
        ("ties",),
    ),
)
