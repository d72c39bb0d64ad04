"""What was read of a file, as plain values that are kept beside it, and as its page shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from archive.importing import Status
from archive.importing.words import LANGUAGES
from archive.ingest.facts import CORRECTABLE, as_plain, label_of
from archive.ingest.names import Names
from archive.models import Document, IntakeItem, Paragraph
from archive.page_images.places import places_in
from archive.presenters.diff import compare
from archive.presenters.relations import corrected_name, doubt_in_words
from archive.readers import Source
from archive.text.fingerprint import fingerprint
from archive.text.parsed import BLOCK_CORRECTIONS, ParsedDocument
from archive.text.segmenter import speaker_printed

MOST_CHANGES = 200
"""Paragraphs that are shown as they are held and as they would be."""
MOST_PAGES = 100
"""Pages whose images are shown beside what was read; behind them the lines are."""
SAMPLE = 8
"""The longest paragraphs of a file, by which the same text is found under another symbol."""


def preview_of(read: Source, parsed: ParsedDocument) -> dict[str, Any]:
    """What a person looks at before a document is published, as JSON takes it."""
    places = places_in(read, parsed).paragraphs
    named: dict[str, list[list[Any]]] = defaultdict(list)
    for mention in parsed.mentions:
        row = ["mention", mention.start, mention.surface, mention.symbol, mention.certain]
        named[mention.anchor].append(row)
    for body in parsed.bodies:
        named[body.anchor].append(["body", body.start, body.surface, body.body, not body.unconfirmed])
    names = Names()
    new = dict.fromkeys(one.body for one in parsed.bodies if names.body(one.body) is None)
    return {
        "facts": as_plain(parsed.facts),
        "doubts": [asdict(doubt) for doubt in parsed.doubts],
        "blocks": [
            {
                "anchor": block.anchor,
                "kind": block.kind.value,
                "number": block.number or "",
                "level": str(block.level or ""),
                "part": block.part,
                "speaker": speaker_printed(block.speaker),
                "text": block.text,
                "lines": block.lines,
                "named": sorted(named[block.anchor], key=lambda row: row[1]),
                "boxes": places[block.anchor].boxes if block.anchor in places else (),
            }
            for block in parsed.paragraphs
        ],
        "dropped": [[line.line, line.text, line.reason] for line in parsed.dropped],
        "uncertain": [[one.anchor, one.surface] for one in parsed.mentions if not one.certain],
        "bodies": [[next(one.anchor for one in parsed.bodies if one.body == name), name] for name in new],
        "lines": read.text.split("\n"),
        "sheets": read.sheets[:MOST_PAGES],
    }


def doubts_in(preview: Mapping[str, Any]) -> int:
    """How many places of a document a person should look at."""
    return sum(len(preview[of]) for of in ("doubts", "uncertain", "bodies"))


class Doubtful(NamedTuple):
    """A doubt in words, and the block where it arose, if one is known."""

    words: str
    anchor: str


class Changed(NamedTuple):
    """A paragraph of the document that is held, and as it would be."""

    anchor: str
    then: SafeString
    now: SafeString


class Row(NamedTuple):
    """A block as it was read, or a line that was left out (``reason``), and the lines of the source that it
    came from; ``doubted`` where a person should look.
    """

    line: int
    words: str
    text: str
    source: str
    reason: str = ""
    kind: str = ""
    doubted: bool = False
    block: Mapping[str, Any] = {}


@dataclass(slots=True)
class Leaf:
    """What stands on a page of the original, with its lines marked; ``page`` is 0 where there is no image."""

    page: int
    width: float
    height: float
    rows: list[Row]
    marks: list[tuple[str, bool, float, float, float, float]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page of a file shows. ``held`` is the document of its symbol, ``changes`` what publishing
    would change of that, ``more`` how many changes are not shown, ``alike`` other documents of its words.
    """

    facts: list[tuple[str, str, str]]
    doubts: list[Doubtful]
    leaves: list[Leaf]
    blocks: int
    dropped: int
    held: Document | None
    changes: list[Changed]
    more: int
    alike: list[Document]


def shown_of(item: IntakeItem) -> Preview | None:
    """The preview of ``item``; None where nothing was read of it, or that is gone."""
    read = item.preview
    if not read:
        return None
    held = Document.objects.find(item.symbol) if item.symbol else None
    changes = _changes(held, read["blocks"]) if held and item.outcome == Status.UPDATED else []
    doubts = _doubts(read)
    return Preview(
        facts_shown(read["facts"]),
        doubts,
        _leaves(read, {one.anchor for one in doubts}),
        len(read["blocks"]),
        len(read["dropped"]),
        held,
        changes[:MOST_CHANGES],
        max(0, len(changes) - MOST_CHANGES),
        _alike(item, held),
    )


def _doubts(read: Mapping[str, Any]) -> list[Doubtful]:
    at_line = {line: block["anchor"] for block in read["blocks"] for line in block["lines"][:1]}
    found = [
        Doubtful(doubt_in_words(one["message"]), one["anchor"] or at_line.get(one["line"], ""))
        for one in read["doubts"]
    ]
    unsure = _("“%(words)s”指哪份文件，不能确定。")
    found += [Doubtful(unsure % {"words": surface}, anchor) for anchor, surface in read["uncertain"]]
    new = _("文中的机构“%(name)s”库中没有，发布时新建，待核实。")
    return found + [Doubtful(new % {"name": name}, anchor) for anchor, name in read["bodies"]]


def _leaves(read: Mapping[str, Any], doubted: set[str]) -> list[Leaf]:
    """All blocks and dropped lines in the order of the source, by pages where it has images of them."""
    leaves = [Leaf(0, 0, 0, [], [])]
    sheets = read["sheets"]
    rows = _rows(read, doubted)
    for row in rows:
        boxes = row.block.get("boxes") or ()
        first = boxes[0][0] if boxes else 0
        if 0 < first <= len(sheets) and first > leaves[-1].page:
            width, height, _turn = sheets[first - 1]
            before = leaves[0].rows if len(leaves) == 1 and all(one.reason for one in leaves[0].rows) else []
            leaves.append(Leaf(first, width, height, [*before], []))
            before.clear()
        leaves[-1].rows.append(row)
    pages = {leaf.page: leaf for leaf in leaves if leaf.page}
    for row in rows:
        for page, left, top, right, bottom in row.block.get("boxes") or ():
            if page in pages:
                place = (round(value, 1) for value in (left - 2, top - 1, right - left + 4, bottom - top + 2))
                pages[page].marks.append((row.block["anchor"], row.doubted, *place))
    return [leaf for leaf in leaves if leaf.rows]


def _rows(read: Mapping[str, Any], doubted: set[str]) -> list[Row]:
    kinds, lines = dict(Paragraph.Kind.choices), read["lines"]
    rows = [
        Row(
            block["lines"][0],
            fingerprint(block["text"]),
            block["text"],
            "\n".join(filter(None, map(str.strip, lines[max(0, block["lines"][0] - 1) : block["lines"][1]]))),
            kind=str(kinds.get(block["kind"], block["kind"])),
            doubted=block["anchor"] in doubted,
            block=block,
        )
        for block in read["blocks"]
    ]
    rows += [Row(line, fingerprint(text), text, text, reason) for line, text, reason in read["dropped"]]
    return sorted(rows, key=lambda row: row.line)


def facts_shown(read: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Name, label and value of each fact that can be put right; the language first, which is told only."""
    language = str(read.get("language") or "")
    told = [("", label_of("language"), LANGUAGES.get(language, language))] if language else []
    return told + [(name, label_of(name), str(read.get(name) or "")) for name in CORRECTABLE]


def corrections_shown(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What was put right in a file, in words, and who did it."""
    told = _("%(where)s：%(what)s，由“%(before)s”改为“%(after)s”")
    bare, sure = _("%(where)s：%(what)s"), _("%(where)s：%(what)s，“%(after)s”无误")
    shown = []
    for row in rows:
        of_block = row["what"] in BLOCK_CORRECTIONS
        what = corrected_name(row["what"]) if of_block else label_of(row["what"])
        where = row.get("anchor") or corrected_name("the document")
        names = {"where": where, "what": what, "before": row.get("before", ""), "after": row.get("after", "")}
        changed = told if names["before"] != names["after"] else sure
        words = (changed if names["before"] or names["after"] else bare) % names
        shown.append((words, row.get("by", "")))
    return shown


def _alike(item: IntakeItem, held: Document | None) -> list[Document]:
    """Documents under other symbols that have the same original, or most of the longest paragraphs."""
    longest = sorted((block["text"] for block in item.preview["blocks"]), key=len)[-SAMPLE:]
    words = {fingerprint(text) for text in longest}
    others = Document.objects.exclude(symbol=held.symbol if held else "").only("symbol", "title", "language")
    same = others.filter(source__sha256=item.sha256)
    shared = Count("paragraphs__fingerprint", distinct=True)
    alike = others.filter(paragraphs__fingerprint__in=words).annotate(shared=shared)
    return [*same[:5], *alike.filter(shared__gt=max(1, len(words) // 2)).exclude(pk__in=same)[:5]]


def _changes(held: Document, blocks: Sequence[Mapping[str, Any]]) -> list[Changed]:
    """The paragraphs that differ, those of the held document first."""
    then = dict(held.paragraphs.order_by("position").values_list("anchor", "text"))
    now = {block["anchor"]: block["text"] for block in blocks}
    found = []
    for anchor in dict.fromkeys((*then, *now)):
        before, after = then.get(anchor, ""), now.get(anchor, "")
        if before != after:
            told = compare(before, after)
            found.append(Changed(anchor, told.then, told.now))
    return found
