"""Problem documents (RFC 9457): errors on machine addresses, in words, with a stable type."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.store.values import Schema, as_values


class Problem(Schema, frozen=True, kw_only=True):
    """A problem document (RFC 9457) in words; ``error`` repeats ``detail``. An address that was once valid
    adds further fields.
    """

    type: str
    title: str
    status: int
    detail: str
    error: str


# Errors on machine addresses: ``application/problem+json`` (RFC 9457), in words, with a stable type.

MEDIA_TYPE = "application/problem+json"
# Status → (the end of the type, what kind of problem it is). A type once given out never changes.
TYPES = {
    400: ("bad-request", gettext_lazy("请求读不懂")),
    403: ("forbidden", gettext_lazy("不允许")),
    404: ("not-found", gettext_lazy("没有这个地址")),
    405: ("method-not-allowed", gettext_lazy("方法不对")),
    410: ("withdrawn", gettext_lazy("已经撤下")),
    413: ("too-large", gettext_lazy("内容太大")),
    415: ("unsupported-media-type", gettext_lazy("内容类型不对")),
    429: ("too-many-requests", gettext_lazy("请求太密")),
    500: ("server-error", gettext_lazy("本库出了故障")),
    501: ("not-implemented", gettext_lazy("没有这种格式")),
    503: ("unavailable", gettext_lazy("暂时不可用")),
}
BASE = "/api#problem-"


def problem_type(status: int) -> str:
    """Returns a problem's type, ``/api#problem-not-found``: resolved against the site, its explanation."""
    return BASE + TYPES[status][0] if status in TYPES else "about:blank"


def problem(status: int, detail: str = "", facts: Mapping[str, Any] | None = None) -> JsonResponse:
    """Returns the answer for ``status``; ``detail`` in Chinese, ``facts`` as further members.

    ``error`` repeats the detail: the archive's first twins had that member alone.
    """
    title = str(TYPES[status][1]) if status in TYPES else HTTPStatus(status).phrase
    detail = detail or _("%(title)s。") % {"title": title}
    told = Problem(type=problem_type(status), title=title, status=status, detail=detail, error=detail)
    return JsonResponse(
        {**(facts or {}), **as_values(told)},
        status=status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
