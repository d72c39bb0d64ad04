"""What a curator puts right in a file that was read: from the form of a block, or of the facts, to rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz.distance import Levenshtein

from archive.desk.unchanged import mark_of
from archive.intake.importing.words import LANGUAGES
from archive.models import Document, IntakeItem, Paragraph
from archive.store.ingest.checks import check_visible
from archive.store.ingest.facts import CORRECTABLE, label_of, plain_fact
from archive.store.ingest.values import RefusedError
from archive.text.fingerprint import fingerprint
from archive.text.language import READ
from archive.text.parsed import Correction
from archive.text.pinpoints.anchors import PART
from archive.text.segmenter import KINDS, is_number, numbers_inside
from archive.text.sidecar import LARGEST_SIDECAR, corrections_as_toml, corrections_of
from archive.text.typography import compact

from .preview import is_read, settling

State = IntakeItem.State
OPEN = (State.TO_CHECK, State.WAITING, State.SET_ASIDE, State.REFUSED, State.FAILED)
"""The states in which a file can be put right; it is read again then."""
MOST_NAMED, LONGEST_TEXT = 100, 20_000
"""How many mentions the form of a block offers to put right, and how many characters of text."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
Given = Mapping[str, str]
Block = Mapping[str, Any]
Of = Callable[..., Correction]


class WrongFieldsError(RefusedError):
    """What a form says cannot be: ``errors`` says why, by the names of fields."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("".join(dict.fromkeys(errors.values())))
        self.errors = errors


def correct(item: IntakeItem, given: Given, by: str, chosen: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Puts right what the form ``given`` says of ``item``, which is read again then; returns the new rows.

    ``chosen`` are blocks, or rows that are taken back. Raises RefusedError where nothing is said, or somebody
    was faster, and WrongFieldsError where a field says what cannot be.
    """
    if wrong := [name for name, typed in given.items() if _CONTROL.search(typed)]:
        raise WrongFieldsError(dict.fromkeys(wrong, _("所填的内容中有看不见的控制字符；请删去。")))
    rows, act = list(item.corrections), given.get("do", "")
    if act == "undo":
        new = [row for row in rows if mark_of(row) in chosen]
        if not new or len(new) < len(set(chosen)):
            raise RefusedError(_("没有这一处更正：可能刚刚已撤回。"))
        rows = [row for row in rows if row not in new]
    else:
        made = list(_OF_FORMS.get(act, _of_blocks)(item, given, act, chosen))
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


def mark_of_block(block: Block) -> str:
    """The mark of all that the form of ``block`` shows."""
    return mark_of({name: block[name] for name in (*NAMES, "text", "named")})


def _settled(item: IntakeItem, given: Given, _act: str, chosen: Sequence[str]) -> Iterator[Correction]:
    """The doubts ``chosen`` by their marks, or all that the form showed: looked at, and none."""
    offered = {mark_of(asdict(one)): one for one in settling(item.preview)} if is_read(item) else {}
    _check_mark(given, mark_of([*offered]))
    wanted = offered if "all" in chosen else chosen
    if not wanted or not {*wanted} <= offered.keys():
        raise RefusedError(_moved())
    yield from (offered[mark] for mark in wanted)


def _facts(item: IntakeItem, given: Given, _act: str, _chosen: Sequence[str]) -> Iterator[Correction]:
    read, errors, made = (item.preview or {}).get("facts", {}), dict[str, str](), list[Correction]()
    _check_mark(given, mark_of(read))
    if given.get("language") in READ and not read:
        made.append(Correction("language", after=given["language"]))
    for name in CORRECTABLE:
        before = str(read.get(name) or "")
        typed = given.get(name, before).strip()
        try:
            after = typed if typed == before else _fact(name, typed)
        except RefusedError as error:
            errors[name] = str(error)
            continue
        if after != before:
            made.append(Correction(name, before=before, after=after))
    if errors:
        raise WrongFieldsError(errors)
    yield from made


def _fact(name: str, typed: str) -> str:
    if name == "symbol" and not typed:
        raise RefusedError(_("文号不能空着。"))
    if name == "document_type" and typed not in Document.Type.values:
        raise RefusedError(_("没有这种文件类型。"))
    return plain_fact(name, typed)


def _of_blocks(item: IntakeItem, given: Given, act: str, chosen: Sequence[str]) -> Iterator[Correction]:
    words, preview = given.get("words", ""), item.preview or {}
    if act == "keep":
        for line, text, _reason in preview.get("dropped", ()):
            if str(line) == given.get("line") and fingerprint(text) == words:
                yield Correction("keep", words=words, place=line)
                return
        raise RefusedError(_moved())
    if not chosen:
        if act == "many" or (act in ("drop", "join") and not words):
            raise WrongFieldsError({"pick": _("没有选段落：请先在段落旁边勾选。")})
        chosen = [f"{given.get('anchor', '')}|{words}"]
    blocks = {f"{block['anchor']}|{fingerprint(block['text'])}": block for block in preview.get("blocks", ())}
    mine = [(name, block) for name, block in blocks.items() if name in chosen]
    if len(mine) < len(set(chosen)):
        raise RefusedError(_moved())
    counted = Counter(name.rpartition("|")[2] for name in blocks)
    words_of = {name.rpartition("|")[2] for name, _block in mine}
    if any(counted[words] > 1 for words in words_of):
        touched = any(row.get("words") in words_of for row in item.corrections)
        if item.state == State.WAITING and (touched or not all(block["number"] for _name, block in mine)):
            raise RefusedError(_("这段文字在文中不止一处，正在重新读取，分不清是哪一处；请等读完再改。"))
        if act == "join" and len(mine) > 1:
            raise RefusedError(_("所选的段落中有文字相同的；请逐段合并。"))
    if act != "join":  # from the end on, so that those before stay where they are
        mine.reverse()
    for name, block in mine:
        anchor, _bar, words = name.rpartition("|")
        yield from _of_block(block, given, act, anchor, words)


def _of_block(block: Block, given: Given, act: str, anchor: str, words: str) -> Iterator[Correction]:
    of: Of = lambda what, **more: Correction(what, anchor, **{"words": words, **more})  # noqa: E731
    if act in ("join", "drop"):
        yield of(act)
    elif act == "many":
        yield from _values(block, {"kind": given.get("kind", "")}, of)
    elif act == "split":
        place, number = _place(block["text"], given.get("at", ""), given.get("from", "").strip())
        yield of("split", place=place, after=number)
    elif act == "set":
        _check_mark(given, mark_of_block(block))
        yield from _values(block, given, of)


def _values(block: Block, given: Given, of: Of) -> Iterator[Correction]:
    errors, made, text = dict[str, str](), list[Correction](), block["text"]
    for what in NAMES:
        typed = given.get(what, block[what]).strip()
        if typed == block[what]:
            continue
        try:
            if not _RIGHT[what](typed):
                names = {"what": NAMES[what](), "typed": typed[:40]}
                raise RefusedError(_("“%(typed)s”不能作%(what)s。") % names)
            made.append(of(what, before=block[what], after=plain_fact("chair", typed)))
        except RefusedError as error:
            errors[what] = str(error)
    for what, start, _surface, name, sure in block["named"]:
        field = f"{what}-{start}"
        typed = given.get(field, name).strip()
        if typed != name or (not sure and f"sure-{field}" in given):
            try:
                after = plain_fact("symbol" if typed and what == "mention" else "title", typed)
                made.append(of(what, place=start, before=name, after=after))
            except RefusedError as error:
                errors[field] = str(error)
    try:
        # The number may change the words, and comes when these are right.
        reworded = list(_reworded(text, given.get("text", text), of))
    except RefusedError as error:
        errors["text"] = str(error)
    if errors:
        raise WrongFieldsError(errors)
    last = [one for one in made if one.what == "number"]
    yield from (one for one in made if one not in last)
    yield from reworded
    yield from last


def _reworded(text: str, typed: str, of: Of) -> Iterator[Correction]:
    """A correction of each stretch in which ``typed`` differs, from the end on, so that places stay."""
    typed = typed.replace("\r\n", "\n")
    if typed == text:
        return
    typed = check_visible(_("文字"), typed).strip()
    if _compacted(text) == text:
        typed = _compacted(typed)
    if not typed:
        raise RefusedError(_("文字不能空着；这一段不是正文时，请用“不收入正文”。"))
    steps = groupby(Levenshtein.opcodes(text, typed), lambda one: one.tag == "equal")
    for run in reversed([[*run] for same, run in steps if not same]):
        start, end, first, last = run[0].src_start, run[-1].src_end, run[0].dest_start, run[-1].dest_end
        if start == end or first == last:  # with a neighbour, by which its place is known
            ahead = int(start > 0 and first > 0)
            start, first = start - ahead, first - ahead
            end, last = end + 1 - ahead, last + 1 - ahead
        after = typed[first:last]
        yield of("text", words=fingerprint(text), place=start, before=text[start:end], after=after)
        text = text[:start] + after + text[end:]


def _compacted(text: str) -> str:
    return "\n".join(map(compact, text.split("\n")))


_OF_FORMS = {"facts": _facts, "sure": _settled}
NAMES: dict[str, Callable[[], str]] = {
    "number": lambda: _("编号（如14、a、一）"),
    "kind": lambda: _("类别"),
    "level": lambda: _("标题层级（1至9）"),
    "part": lambda: _("所属部分（如main、annex、annex2）"),
    "speaker": lambda: _("发言人（如Sison女士(美利坚合众国)）"),
}


_RIGHT: dict[str, Callable[[str], Any]] = {
    "number": is_number,
    "kind": lambda typed: typed in KINDS,
    "level": lambda typed: typed in (*"123456789",),
    "part": lambda typed: typed == "main" or PART.fullmatch(typed),
    "speaker": lambda typed: True,
}


def _place(text: str, at: str, typed: str) -> tuple[int, str]:
    """Where ``text`` is split, and the number of the second half: at a number that was proposed, or before
    the words typed, which stand there once.
    """
    inside = dict(numbers_inside(text))
    if at.isdecimal() and len(at) < 9 and int(at) in inside:
        return int(at), inside[int(at)]
    if not typed or text.count(typed) != 1 or not text.index(typed):
        told = _("请填从哪几个字起另成一段：这几个字要在这一段里（不在开头）只出现一次，不够就多填几个字。")
        raise WrongFieldsError({"from": told})
    return text.index(typed), inside.get(text.index(typed), "")


def _check_mark(given: Given, now: str) -> None:
    if given.get("shown", now) != now:
        raise RefusedError(_moved())


def _moved() -> str:
    return _("您打开这一页之后，这里已有改动，什么也没有记下。请看过现在的内容再改。")


# The forms as they are shown: filled with what was read, or with what was typed where that was refused.


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. ``now`` is what was read where another is typed, ``sure`` offers to confirm it."""

    id: str
    name: str
    label: str
    value: str
    error: str
    now: str
    choices: Sequence[tuple[str, str]] = ()
    rows: int = 0
    sure: bool = False


def fields_of_facts(item: IntakeItem, given: Given, errors: Given, guess: str) -> list[Field]:
    """The form of the facts; of a file without a symbol ``guess`` is in its field."""
    of, preview = partial(_field, "f", given, errors), item.preview or {}
    read = preview.get("facts", {})
    types = [(str(value), str(label)) for value, label in Document.Type.choices]
    types[:0] = [] if read else [("", _("照文中所读"))]
    fields = []
    if language := read.get("language"):
        fields.append(of("language", label_of("language"), str(LANGUAGES.get(language, language))))
    for name in CORRECTABLE:
        now = str(read.get(name) or "") or (guess if name == "symbol" else "")
        choices, rows = types if name == "document_type" else (), 2 * (name in ("title", "provenance"))
        fields.append(of(name, label_of(name), now, choices=choices, rows=rows))
    return fields


def fields_of_block(block: Block, given: Given, errors: Given) -> list[Field]:
    """The form of a block; the last field is that of the words from which on it is split."""
    of, text = partial(_field, "m", given, errors), block["text"]
    kinds = [(str(kind), str(Paragraph.Kind(kind).label)) for kind in KINDS]
    mention, body = _("“%(words)s”指文件（清空：不指任何文件）"), _("“%(words)s”指机构（清空：不指任何机构）")
    fields = [
        of(name, named(), block[name], choices=kinds if name == "kind" else ())
        for name, named in NAMES.items()
        if block[name] or name != "level"
    ]
    for what, start, surface, name, sure in sorted(block["named"], key=lambda one: one[4])[:MOST_NAMED]:
        label = (mention if what == "mention" else body) % {"words": surface}
        fields.append(of(f"{what}-{start}", label, name, sure=not sure))
    if block["kind"] != Paragraph.Kind.ROW and len(text) <= LONGEST_TEXT:
        label, rows = _("文字（读错的字照原件改；读者会看到改了哪些）"), min(12, 2 + len(text) // 60)
        fields.append(of("text", label, text, rows=rows))
    return [*fields, of("from", _("从这几个字起另成一段"), "")]


def _field(prefix: str, given: Given, errors: Given, name: str, label: str, now: str, **more: Any) -> Field:
    value = given.get(name, now)
    shown = "" if value.replace("\r\n", "\n") == now else now
    return Field(f"{prefix}-{name}", name, label, value, errors.get(name, ""), shown, **more)
