"""Pages of long lists, and the parameters of an address, with a plain answer to what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

LONGEST_PARAMETER = 200


class BadRequestError(Exception):
    """A parameter of the address makes no sense. ``str()`` is a message for the reader, in Chinese."""

    status = 400


class NoSuchPageError(BadRequestError):
    """The list is shorter than the page asked for."""

    status = 404


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, and the addresses of its neighbours (query strings, or empty)."""

    page: Page
    previous: str
    next: str
    first: str

    @property
    def items(self) -> Sequence:
        return self.page.object_list

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def number(self) -> int:
        return self.page.number

    @property
    def pages(self) -> int:
        return self.page.paginator.num_pages

    def as_json(self) -> dict:
        return {"number": self.number, "pages": self.pages, "total": self.total}


def paginate(request: HttpRequest, rows: Sequence, size: int) -> Listing:
    """The page of ``rows`` that ``?page=`` asks for. Raises NoSuchPageError and BadRequestError."""
    paginator = Paginator(rows, size)
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 0 < len(asked) < 9):
        raise BadRequestError(_("页码“%(page)s”不是数字。") % {"page": asked[:20]})
    number = int(asked)
    if not 1 <= number <= paginator.num_pages:
        raise NoSuchPageError(
            _("没有第%(page)s页：这个列表共%(pages)s页。") % {"page": number, "pages": paginator.num_pages}
        )
    page = paginator.page(number)
    return Listing(
        page,
        _with_page(request, number - 1) if page.has_previous() else "",
        _with_page(request, number + 1) if page.has_next() else "",
        _with_page(request, 1) if number > 1 else "",
    )


def _with_page(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    if number > 1:
        query["page"] = str(number)
    return f"?{query.urlencode()}" if query else request.path


def known_parameters(request: HttpRequest, *names: str) -> None:
    """Raise BadRequestError where the address carries a parameter that the page does not know."""
    for name in request.GET:
        if name not in (*names, "page"):
            raise BadRequestError(_("不认识的筛选条件“%(name)s”。") % {"name": name[:40]})


def year_parameter(request: HttpRequest, name: str = "year") -> int | None:
    """The year in the address, None where there is none. Raises BadRequestError."""
    value = request.GET.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) == 4):
        raise BadRequestError(_("“%(value)s”不是年份，年份是四位数字。") % {"value": value[:20]})
    return int(value)


def choice_parameter(request: HttpRequest, name: str, choices: Mapping[str, object], what: str) -> str:
    """The value of a parameter that must be one of ``choices``; "" where absent. Raises BadRequestError."""
    value = request.GET.get(name, "")
    if value and value not in choices:
        raise BadRequestError(_("没有这样的%(what)s：“%(value)s”。") % {"what": what, "value": value[:40]})
    return value


def text_parameter(request: HttpRequest, name: str) -> str:
    """The value of a free parameter. Raises BadRequestError where it is too long to be meant."""
    value = request.GET.get(name, "").strip()
    if len(value) > LONGEST_PARAMETER or "\x00" in value:
        raise BadRequestError(_("筛选条件“%(name)s”的内容无法理解。") % {"name": name})
    return value
