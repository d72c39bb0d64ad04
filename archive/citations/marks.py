"""Quotation marks inside quotation marks: they take turns, “…‘…’…”, in English styles as in Chinese."""

from __future__ import annotations

OPENING, CLOSING = "“‘", "”’"


def inside(text: str, outer: str = "“") -> str:
    """``text`` as it stands between marks of the kind ``outer``: its own marks are of the other kind.

    A closing mark that closes nothing is an apostrophe, or belongs to words that were cut off, and stays.

    >>> inside("关于“执行‘决议’”的信"), inside("‘甲’", outer="‘")
    ('关于‘执行“决议”’的信', '“甲”')
    """
    first = OPENING.index(outer) + 1
    open_marks: list[str] = []
    written: list[str] = []
    for sign in text:
        if sign in OPENING:
            written.append(OPENING[(first + len(open_marks)) % 2])
            open_marks.append(sign)
        elif open_marks and sign in CLOSING and CLOSING.index(sign) == OPENING.index(open_marks[-1]):
            open_marks.pop()
            written.append(CLOSING[(first + len(open_marks)) % 2])
        else:
            written.append(sign)
    return "".join(written)
