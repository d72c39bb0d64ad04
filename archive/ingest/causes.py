"""Why texts of a document change when it is imported again."""

from __future__ import annotations

import tomllib

from django.utils.translation import gettext as _

from archive.models import Cause, Document
from archive.text.sidecar import CHANGE_CAUSES

from .values import Source, Why

# Keys of a sidecar that speak of the change, not of the document.
CAUSE_KEY, REASON_KEY = "change_cause", "change_reason"
STATED = {name: Cause(name) for name in CHANGE_CAUSES}


def why_it_changes(document: Document | None, source: Source, parser_version: str) -> Why:
    """What a new source means for the texts of ``document``; empty for a document that is new.

    Other bytes or another sidecar: the source was corrected, or what the sidecar states with ``change_cause``
    and ``change_reason``. What the sidecar before it already stated was said of an earlier change. Otherwise
    another program read it.
    """
    if document is None:
        return Why()
    before = document.source
    if (before.sha256, before.sidecar) == (source.sha256, source.sidecar):
        new = document.parser_version != parser_version
        return Why(Cause.PARSING, _("以新版程序重新解析") if new else _("重新入库"))
    stated = stated_why(source.sidecar)
    if stated and stated != stated_why(before.sidecar):
        return stated
    return Why(Cause.SOURCE, _("来源文件已更换"))


def stated_why(sidecar: str) -> Why | None:
    """What a sidecar says of the change; None where it says nothing, or cannot be read."""
    try:
        stated = tomllib.loads(sidecar)
    except tomllib.TOMLDecodeError:
        return None
    cause, reason = stated.get(CAUSE_KEY), stated.get(REASON_KEY)
    if not cause and not reason:
        return None
    kind = STATED.get(str(cause), Cause.SOURCE)
    return Why(kind, str(reason or _without_reason(kind)))


def _without_reason(cause: Cause) -> str:
    return {
        Cause.SOURCE: _("来源文件已更换"),
        Cause.CORRIGENDUM: _("按更正文件修改"),
        Cause.CORRECTION: _("编者更正来源文件"),
        Cause.PARSING: _("重新提取文字"),
    }[cause]
