"""What a fact of a document can be: bounds that no printed document comes near.

A year or a title beyond them is a mistake of typing or of reading, and would spoil every list it stands in.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from archive.text.typography import code_points, invisible_of

from .values import RefusedError

FIRST_YEAR, LAST_YEAR = 1900, 2099
LONGEST_TITLE = 2000  # the longest known title of a UN document has some 900 characters
LONGEST_FACT = 1000
LONGEST_NAME = 200  # of a body, as its column
LONGEST = {"title": LONGEST_TITLE, "provenance": LONGEST_TITLE}


def is_possible_year(year: int) -> bool:
    """Whether a document can bear this year."""
    return FIRST_YEAR <= year <= LAST_YEAR


def check_date(label: str, day: date | None) -> date | None:
    """``day`` itself; raises RefusedError, naming the fact by ``label``, where its year is not possible."""
    if day and not is_possible_year(day.year):
        raise RefusedError(
            _(
                "%(label)s“%(day)s”的年份不可能（只收%(first)d年至%(last)d年）；"
                "请核对来源，或在同名的.toml文件中写明。"
            )
            % {"label": label, "day": day.isoformat(), "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return day


def check_year_of_symbol(symbol: str, year: int | None) -> int | None:
    """``year`` itself, as the symbol tells it; raises RefusedError where it is not possible."""
    if year is not None and not is_possible_year(year):
        raise RefusedError(
            _("文号%(symbol)s表示%(year)d年，这不可能；请核对文号。") % {"symbol": symbol, "year": year}
        )
    return year


def check_words(name: str, label: str, value: str) -> str:
    """``value`` itself; raises RefusedError where it is too long for this fact."""
    longest = LONGEST.get(name, LONGEST_FACT)
    if len(value) > longest:
        raise RefusedError(
            _("%(label)s有%(length)d字，最多%(longest)d字；请在同名的.toml文件中写明%(name)s。")
            % {"label": label, "length": len(value), "longest": longest, "name": name}
        )
    return value


def check_visible(label: str, value: str) -> str:
    """``value`` itself; raises RefusedError where it holds a mark that nobody sees, named by its number."""
    if marks := invisible_of(value):
        raise RefusedError(
            _("%(label)s中有看不见的字符%(marks)s；请删去。")
            % {"label": label, "marks": code_points(dict.fromkeys(marks))}
        )
    return value
