"""Messages about a query that could not be read as written."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from archive.store.limits import LONGEST_QUERY

from .ast import Problem, ProblemCode
from .lexer import NEAR_MOST

MESSAGES = {
    ProblemCode.UNBALANCED_QUOTE: _("第%(at)s个字符的引号 %(text)s 没有配对，它后面的文字按词语检索。"),
    ProblemCode.EMPTY_QUOTES: _("第%(at)s个字符起的引号里没有文字，已略去。"),
    ProblemCode.QUOTED_TWICE: _("“%(text)s”外面的引号重了一层：连引号不见于本库，已按引号里的文字逐字检索。"),
    ProblemCode.UNBALANCED_BRACKET: _("第%(at)s个字符的括号 %(text)s 没有配对，已略去。"),
    ProblemCode.DANGLING_OPERATOR: _("第%(at)s个字符的“%(text)s”前后缺少检索词，已略去。"),
    ProblemCode.UNKNOWN_FIELD: _(
        "第%(at)s个字符起：没有“%(text)s”这个检索字段，按普通词语检索。"
        "可用的字段是年份、国家、机构、文号、决议、类型、发言、题名、标题、脚注。"
    ),
    ProblemCode.ONLY_PUNCTUATION: _(
        "第%(at)s个字符起的“%(text)s”里没有字，已略去。要查标点，请加引号逐字检索。"
    ),
    ProblemCode.EMPTY_FIELD: _("第%(at)s个字符起的“%(text)s”后面没有内容，已略去。"),
    ProblemCode.EMPTY_BRACKETS: _("第%(at)s个字符起的括号里没有检索词，已略去。"),
    ProblemCode.WILDCARD: _(
        "第%(at)s个字符的星号没有作用，“%(text)s”按其中的词检索。星号只在引号里、两段文字之间有用："
        "“核*条约”。要查凡含这几个字的段落，请去掉星号，加上引号。"
    ),
    ProblemCode.WILDCARD_LITERAL: _("“%(text)s”连同星号就见于本库，已照原样逐字检索，星号没有当作通配符。"),
    ProblemCode.WILDCARD_EDGE: _("“%(text)s”开头或末尾的星号没有作用，已略去；星号要在两段文字之间。"),
    ProblemCode.WILDCARD_NEAR: _("“%(text)s”里的星号在NEAR、THEN两边不作通配符，已照原样逐字检索。"),
    ProblemCode.PLUS: _(
        "第%(at)s个字符的加号没有作用：本站含全部词语的段落本来在前；两边都要有，请用AND或加引号。"
    ),
    ProblemCode.SMALL_OPERATOR: _(
        "第%(at)s个字符的“%(text)s”按普通词语检索；要作运算符，请用大写的%(instead)s。"
    ),
    ProblemCode.BAD_VALUE: _("第%(at)s个字符起的条件里，“%(text)s”本库不认识，所以没有一段符合。%(instead)s"),
    ProblemCode.TURNED_ROUND: _("第%(at)s个字符起的年份先后颠倒，已按%(instead)s检索。"),
    ProblemCode.EXCLUSIVE: _(
        "第%(at)s个字符起：一段只有一个%(text)s，两个条件不能都符合，所以没有一段符合。"
        "要其中任何一个，请写%(instead)s。"
    ),
    ProblemCode.TOO_LONG: _("检索式太长，最多%(most)s个字符；没有检索。请取其中一段。"),
    ProblemCode.TOO_DEEP: _("括号套得太深，第%(at)s个字符以后的部分没有检索。"),
    ProblemCode.TOO_MANY_WORDS: _("词太多，只检索了前%(text)s个。整段文字请加引号逐字检索。"),
    ProblemCode.NEAR_OPERAND: _(
        "第%(at)s个字符的 %(text)s 两边只能是词语或引号里的文字，已改为两边都要有，不论远近。"
    ),
    ProblemCode.TOO_MANY_NEAR: _(
        "NEAR、THEN太多，只有前%(text)s对按远近检索；从第%(at)s个字符起的各对已改为两边都要有。"
    ),
    ProblemCode.TOO_FAR: _("第%(at)s个字符的 %(text)s 相距太远，已按最多%(near)s个字检索。"),
    ProblemCode.ONLY_EXCLUDED: _("只写了不要的，所以列出其余全部段落；要在某些段落里排除，请加上要找的词。"),
}


def message_of(problem: Problem) -> str:
    """Returns one sentence: what is wrong, where, and what was searched instead."""
    place = {
        "instead": problem.instead,
        "text": problem.text[:40],
        "at": problem.at + 1,
        "most": LONGEST_QUERY,
        "near": NEAR_MOST,
    }
    return str(MESSAGES[problem.code]) % place
