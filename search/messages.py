"""What the reader is told of a query that could not be read as written."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .query import MAX_LENGTH, Problem, ProblemCode


def message_of(problem: Problem) -> str:
    """One sentence: what is wrong, where, and what was searched instead."""
    place = {"text": problem.text[:40], "at": problem.at + 1, "most": MAX_LENGTH}
    match problem.code:
        case ProblemCode.UNBALANCED_QUOTE:
            return _("第%(at)s个字符的引号 %(text)s 没有配对，它后面的文字按词语检索。") % place
        case ProblemCode.EMPTY_QUOTES:
            return _("第%(at)s个字符起的引号里没有文字，已略去。") % place
        case ProblemCode.UNBALANCED_BRACKET:
            return _("第%(at)s个字符的括号 %(text)s 没有配对，已略去。") % place
        case ProblemCode.DANGLING_OPERATOR:
            return _("第%(at)s个字符的“%(text)s”前后缺少检索词，已略去。") % place
        case ProblemCode.UNKNOWN_FIELD:
            return _("没有“%(text)s”这个检索字段，按普通词语检索。可用的字段见使用说明。") % place
        case ProblemCode.ONLY_PUNCTUATION:
            return _("“%(text)s”里没有字，已略去。要查标点，请加引号逐字检索。") % place
        case ProblemCode.EMPTY_FIELD:
            return _("“%(text)s”后面没有内容，已略去。") % place
        case ProblemCode.BAD_VALUE:
            return _("条件里的“%(text)s”本库不认识，所以没有一段符合。") % place
        case ProblemCode.TOO_LONG:
            return _("检索式太长，最多%(most)s个字符；没有检索。请取其中一段。") % place
        case ProblemCode.TOO_DEEP:
            return _("括号套得太深，第%(at)s个字符以后的部分没有检索。") % place
        case ProblemCode.TOO_MANY_WORDS:
            return _("词太多，只检索了前%(text)s个。整段文字请加引号逐字检索。") % place
    raise AssertionError(problem.code)
