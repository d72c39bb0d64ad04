"""What a curator puts right in a file that was read: from the form of a block, or of the facts, to rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.ingest import RefusedError
from archive.ingest.facts import CORRECTABLE, plain_fact
from archive.models import Document, IntakeItem
from archive.text.fingerprint import fingerprint
from archive.text.language import STORED
from archive.text.parsed import Correction
from archive.text.pinpoints import PART
from archive.text.segmenter import KINDS, is_number
from archive.text.sidecar import LARGEST_SIDECAR, corrections_as_toml, corrections_of

State = IntakeItem.State
OPEN = (State.TO_CHECK, State.WAITING, State.SET_ASIDE, State.REFUSED, State.FAILED)
"""The states in which a file can be put right; it is read again then."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
Given = Mapping[str, str]
Block = Mapping[str, Any]


def correct(item: IntakeItem, given: Given, by: str) -> list[dict[str, Any]]:
    """Puts right what the form ``given`` says of ``item``, which is read again then; returns the new rows.

    Raises RefusedError where nothing is said, or what cannot be, or somebody was faster.
    """
    if _CONTROL.search("".join(given.values())):
        raise RefusedError(_("所填的内容中有看不见的控制字符；请删去。"))
    rows, act = list(item.corrections), given.get("do", "")
    if act == "undo":
        new = [rows.pop(_index(given.get("row", ""), rows))]
    else:
        made = list(_facts(item, given) if act == "facts" else _of_block(item, given, act))
        if not made:
            raise RefusedError(_("没有改动，什么也没有记下。"))
        at = timezone.now().isoformat(timespec="seconds")
        new = [{name: value for name, value in asdict(one).items() if value} for one in made]
        new = [{**row, "by": by, "at": at} for row in new]
        rows += new
    if len(item.sidecar + corrections_as_toml(corrections_of(rows))) > LARGEST_SIDECAR:
        raise RefusedError(_("一份文件的更正太多，记不下了；请修改原件后重新上传。"))
    now = {"state": State.WAITING, "corrections": rows, "changed": timezone.now(), "tries": 0, "reason": ""}
    free = {"lease_owner": "", "lease_until": None}
    with transaction.atomic():
        mine = IntakeItem.objects.filter(pk=item.pk, state__in=OPEN, changed=item.changed)
        if not mine.exclude(content=None).update(**now, **free):
            raise RefusedError(_("这份文件刚刚已有改动，什么也没有记下。请看过现在的内容再改。"))
    return new


def _index(typed: str, rows: list[Any]) -> int:
    if not typed.isdecimal() or len(typed) > 6 or int(typed) >= len(rows):
        raise RefusedError(_("没有这一处更正：可能刚刚已撤回。"))
    return int(typed)


def _facts(item: IntakeItem, given: Given) -> Iterator[Correction]:
    read = (item.preview or {}).get("facts", {})
    if given.get("language") == STORED and not read:
        yield Correction("language", after=STORED)
    for name in CORRECTABLE:
        before, typed = str(read.get(name) or ""), given.get(name)
        if typed is None or typed.strip() == before:
            continue
        if name == "symbol" and not typed.strip():
            if before:
                raise RefusedError(_("文号不能空着。"))
            continue
        if name == "document_type" and typed not in Document.Type.values:
            raise RefusedError(_("没有这种文件类型。"))
        after = plain_fact(name, typed)
        if after != before:
            yield Correction(name, before=before, after=after)


def _of_block(item: IntakeItem, given: Given, act: str) -> Iterator[Correction]:
    words, anchor = given.get("words", ""), given.get("anchor", "")
    preview = item.preview or {}
    if act == "keep":
        for line, text, _reason in preview.get("dropped", ()):
            if str(line) == given.get("line") and fingerprint(text) == words:
                yield Correction("keep", words=words, place=line)
                return
        raise _moved()
    same = [block for block in preview.get("blocks", ()) if fingerprint(block["text"]) == words]
    block = next((one for one in same if one["anchor"] == anchor), None)
    if block is None:
        raise _moved()
    of: Callable[..., Correction] = lambda what, **more: Correction(what, anchor, words, **more)  # noqa: E731
    if act in ("join", "drop"):
        yield of(act)
    elif act == "split":
        yield of("split", place=_place(block["text"], given.get("from", "").strip()))
    elif act == "set":
        yield from _values(block, given, of)


def _values(block: Block, given: Given, of: Callable[..., Correction]) -> Iterator[Correction]:
    checks = {"kind": _is_kind, "number": is_number, "level": _is_level, "part": _is_part}
    for what in ("kind", "level", "part", "speaker", "number"):  # the last may change the words
        typed = given.get(what, block[what]).strip()
        if typed == block[what]:
            continue
        if what in checks and not checks[what](typed):
            names = {"what": _NAMES[what](), "typed": typed[:40]}
            raise RefusedError(_("“%(typed)s”不能作%(what)s。") % names)
        yield of(what, before=block[what], after=plain_fact("chair", typed))
    for what, start, _surface, name, sure in block["named"]:
        typed = given.get(f"{what}-{start}", name).strip()
        if typed != name or (not sure and f"sure-{what}-{start}" in given):
            after = plain_fact("symbol", typed) if typed and what == "mention" else plain_fact("title", typed)
            yield of(what, place=start, before=name, after=after)


_NAMES: dict[str, Callable[[], str]] = {
    "kind": lambda: _("类别"),
    "number": lambda: _("编号（如14、a、一）"),
    "level": lambda: _("标题层级（1至9）"),
    "part": lambda: _("所属部分（如main、annex、annex2）"),
}


def _is_kind(typed: str) -> bool:
    return typed in KINDS


def _is_level(typed: str) -> bool:
    return len(typed) == 1 and typed in "123456789"


def _is_part(typed: str) -> bool:
    return typed == "main" or PART.fullmatch(typed) is not None


def _place(text: str, typed: str) -> int:
    """Where ``text`` is split: before the words typed, which stand there once."""
    if not typed or text.count(typed) != 1 or not text.index(typed):
        told = _("请填从哪几个字起另成一段：这几个字要在这一段里（不在开头）只出现一次，不够就多填几个字。")
        raise RefusedError(told)
    return text.index(typed)


def _moved() -> RefusedError:
    return RefusedError(_("您打开这一页之后，这一段已有改动，什么也没有记下。请看过现在的内容再改。"))
