"""Names of ranges of paragraphs: 第14至16段, 附件第3(a)至(c)段."""

from __future__ import annotations

import re
from os.path import commonprefix

from django.utils.translation import gettext as _

from archive.locations import location_of_anchor
from archive.presenters.wording import cited_paragraph_name, part_name

NAMED = re.compile(r"(.*?)第([^第段]+)段")


def range_name(first: str, last: str, part: str = "") -> str:
    """Returns the name of the range from the paragraph called ``first`` to the one called ``last``.

    ``part`` is what both names begin with, as 附件. Two numbered paragraphs are joined as the UN cites them;
    what else there is (headings, unnumbered paragraphs) keeps its whole name at both ends.

    >>> range_name("附件第14段", "附件第16段", "附件")
    '附件第14至16段'
    >>> range_name("第3(a)段", "第3(c)段")
    '第3(a)至(c)段'
    """
    start, end = NAMED.fullmatch(first), NAMED.fullmatch(last)
    if start and end and start[1] == end[1]:
        numbers = {"where": start[1], "first": start[2], "last": _ending(start[2], end[2])}
        return _("%(where)s第%(first)s至%(last)s段") % numbers
    return _("%(first)s至%(last)s") % {"first": first, "last": last.removeprefix(part) or last}


def cited_name(anchor: str, last: str = "") -> str:
    """Returns the display name of a paragraph, or range up to ``last``, by anchors alone.

    >>> cited_name("annex.3.a", "annex.3.c")
    '附件第3(a)至(c)段'
    """
    name = cited_paragraph_name(anchor)
    part = part_name(location_of_anchor(anchor).part)
    return range_name(name, cited_paragraph_name(last), part) if last else name


def _ending(first: str, last: str) -> str:
    """Returns the end of a range without the number that both ends share: (c) after 3(a)."""
    shared = commonprefix([first, last])
    number = re.match(r"\d+(?=\()", shared)
    return last[number.end() :] if number and first != number[0] else last
