"""What was read of a file, as plain values that are kept beside it, and as its page shows them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import quote

from django.core.paginator import Paginator
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.desk.unchanged import mark_of
from archive.intake.importing import Status
from archive.intake.importing.words import LANGUAGES
from archive.models import Document, IntakeItem, Paragraph
from archive.readers import Source
from archive.site.presenters.diff import compare
from archive.site.presenters.relations import corrected_name, doubt_in_words, grouped_doubts
from archive.store.ingest.facts import DATES, as_plain, label_of
from archive.store.ingest.names import Names
from archive.store.page_images.places import places_in
from archive.text.fingerprint import fingerprint
from archive.text.language import FIRST, language_of
from archive.text.parsed import BLOCK_CORRECTIONS, REWORDED, Correction, ParsedDocument
from archive.text.segmenter import speaker_printed
from archive.text.symbols.rivals import names_another
from archive.text.symbols.symbol import parsed_symbol

MOST_CHANGES = 200
"""Paragraphs that are shown as they are held and as they would be."""
MOST_PAGES = 100
"""Pages whose images are shown beside what was read; behind them the lines are."""
PER_PAGE = 200
"""Blocks and dropped lines that stand on one page of the preview."""
SAMPLE = 8
"""The longest paragraphs of a file, by which the same text is found under another symbol."""


def preview_of(read: Source, parsed: ParsedDocument, name: str = "") -> dict[str, Any]:
    """What a person looks at before a document is published, as JSON takes it. ``name`` is the file's."""
    places = places_in(read, parsed).paragraphs
    named: dict[str, list[list[Any]]] = defaultdict(list)
    for mention in parsed.mentions:
        row = ["mention", mention.start, mention.surface, mention.symbol, mention.certain]
        named[mention.anchor].append(row)
    for body in parsed.bodies:
        named[body.anchor].append(["body", body.start, body.surface, body.body, not body.unconfirmed])
    names, decided = Names(), {(one.what, one.after) for one in parsed.corrections}
    told = dict.fromkeys(one.body for one in parsed.bodies if names.body(one.body) is None)
    new = [name for name in told if ("body", name) not in decided]
    return {
        "facts": as_plain(parsed.facts),
        "doubts": [asdict(one) for one in parsed.doubts if not one.message.startswith(REWORDED)],
        "of_facts": [
            [fact, words]
            for fact, words in _doubts_of_facts(read, parsed, name)
            if (fact, getattr(parsed.facts, fact) or "") not in decided
        ],
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
        "uncertain": [
            [one.anchor, one.surface, one.start, one.symbol] for one in parsed.mentions if not one.certain
        ],
        "bodies": [[next(one.anchor for one in parsed.bodies if one.body == name), name] for name in new],
        "lines": read.text.split("\n"),
        "sheets": read.sheets[:MOST_PAGES],
    }


def is_read(item: IntakeItem) -> bool:
    """Whether there is what was read of ``item``, and not only the first words of what was refused."""
    return "facts" in (item.preview or {})


def doubts_in(preview: Mapping[str, Any]) -> int:
    """How many places of a document a person should look at."""
    return sum(len(preview[of]) for of in ("of_facts", "doubts", "uncertain", "bodies"))


# Symbols of texts that may come years after the first.
_LATER = re.compile(r"/(?:Add|Corr|Rev|Amend)\.", re.IGNORECASE)


def _doubts_of_facts(read: Source, parsed: ParsedDocument, name: str) -> Iterator[tuple[str, str]]:
    """A fact, and why it is in doubt."""
    facts, symbol = parsed.facts, str(parsed.facts.symbol)
    if told := names_another(name, (symbol, *facts.other_symbols)):
        yield "symbol", _("文件名说是%(told)s，读出的文号是%(read)s。") % {"told": told, "read": symbol}
    language = language_of(read.text)
    if language not in (None, facts.language):
        of, stated = (LANGUAGES.get(code, code) for code in (str(language), facts.language))
        yield "language", _("文字读来是%(of)s，附带的元数据说是%(stated)s。") % {"of": of, "stated": stated}
    fact = next((fact for fact in DATES if getattr(facts, fact)), "")
    if not fact:
        yield "date", _("没有读出日期；原件上印有日期的，请填上。")
        return
    day = date.fromisoformat(getattr(facts, fact))
    cited = (one.symbol for one in parsed.mentions if one.certain)
    late = next((one for one in cited if (its := parsed_symbol(one)) and (its.year or 0) > day.year), "")
    names = {"label": label_of(fact), "day": day.isoformat(), "symbol": symbol, "late": late}
    # A letter of December may be circulated in January, and an addendum come years after the first text.
    year = its.year if (its := parsed_symbol(symbol)) else None
    first, last = (year or 0) - (fact != "date"), 9999 if _LATER.search(symbol) else year or 9999
    if day > timezone.localdate():
        yield fact, _("%(label)s%(day)s还没有到。") % names
    elif late:
        yield fact, _("%(label)s%(day)s早于文中提到的%(late)s。") % names
    elif not first <= day.year <= last:
        yield fact, _("%(label)s%(day)s与文号%(symbol)s的年份不同。") % names


def settling(read: Mapping[str, Any]) -> list[Correction]:
    """The corrections that settle the doubts of ``read``, without a change, in the order of the doubts."""
    blocks = {block["anchor"]: block for block in read["blocks"]}
    first = {block["lines"][0]: block["anchor"] for block in read["blocks"]}

    def of(what: str, anchor: str, value: str, place: int = 0) -> Correction:
        words = fingerprint(blocks[anchor]["text"]) if anchor in blocks else ""
        return Correction(what, anchor, words, place, value, value)

    facts = [(fact, str(read["facts"].get(fact) or "")) for fact, _words in read.get("of_facts", ())]
    doubts = [(one["message"], one["anchor"] or first.get(one["line"], "")) for one in read["doubts"]]
    bodies = [
        (name, anchor, next((row[1] for row in blocks[anchor]["named"] if row[3] == name), 0))
        for anchor, name in read["bodies"]
    ]
    return [
        *(Correction(fact, before=value, after=value) for fact, value in facts),
        *(of("doubt", anchor, message) for message, anchor in doubts),
        *(of("mention", row[0], row[-1], row[2] if len(row) > 2 else 0) for row in read["uncertain"]),
        *(of("body", anchor, name, place) for name, anchor, place in bodies),
    ]


class Doubtful(NamedTuple):
    """A doubt in words, the block or fact where it arose, if one is known, the way there, and the mark by
    which a form says that it is none.
    """

    words: str
    anchor: str
    href: str
    mark: str = ""


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

    @property
    def pick(self) -> str:
        """How a form names the block."""
        return f"{self.block['anchor']}|{self.words}"


@dataclass(slots=True)
class Leaf:
    """What stands on a page of the original, with its lines marked; ``page`` is 0 where there is no image."""

    page: int
    width: float
    height: float
    rows: list[Row]
    marks: list[tuple[str, bool, float, float, float, float]]


def shown_of(item: IntakeItem, at: str = "", page: str = "") -> dict[str, Any] | None:
    """What the page of ``item`` shows, with the ``part`` of its body where the block ``at`` stands, or of the
    number ``page``; None where nothing was read of it, or that is gone.

    ``beyond`` are the ways to the next doubts in other parts, ``held`` is the document of its symbol,
    ``changes`` what publishing would change of that (a paragraph's anchor, as it is held and as it would be),
    ``more`` how many changes are not shown, ``alike`` other documents of its words.
    """
    read = item.preview
    if not is_read(item):
        return None
    blocks, dropped = read["blocks"], read["dropped"]
    order = sorted(
        [(block["lines"][0], 0, n) for n, block in enumerate(blocks)]
        + [(row[0], 1, n) for n, row in enumerate(dropped)]
    )
    parts = {
        blocks[n]["anchor"]: 1 + place // PER_PAGE for place, (_line, of, n) in enumerate(order) if not of
    }
    part = Paginator(order, PER_PAGE).get_page(parts.get(at, page))
    documents = Document.objects.filter(language=read["facts"].get("language", FIRST))
    held = documents.find(item.symbol) if item.symbol else None
    changes = _changes(held, blocks) if held and item.outcome == Status.UPDATED else []
    doubts = _doubts(read, parts, part.number)
    ways = {one.anchor: one.href for one in doubts}
    before = [(-1, ways[one]) for one in parts if one in ways and parts[one] < part.number][-1:]
    behind = [(1, ways[one]) for one in parts if one in ways and parts[one] > part.number][:1]
    return {
        "doubts": grouped_doubts(doubts, attrgetter("words")),
        "places": len(doubts),
        "leaves": _leaves(read, _rows(read, part.object_list, {*ways})),
        "part": part,
        "beyond": before + behind,
        "blocks": len(blocks),
        "dropped": len(dropped),
        "held": held,
        "changes": [(anchor, compare(*words)) for anchor, *words in changes[:MOST_CHANGES]],
        "more": max(0, len(changes) - MOST_CHANGES),
        "alike": _alike(item, held),
    }


def doubts_of(item: IntakeItem) -> list[str]:
    """The doubts about ``item`` in words."""
    return [f"{one.anchor}　{one.words}".strip() for one in _doubts(item.preview, {}, 1)]


def _doubts(read: Mapping[str, Any], parts: Mapping[str, int], here: int) -> list[Doubtful]:
    """Those of facts first; a block in another part than the one that is shown ``here`` has its address."""
    told = [words for _fact, words in read.get("of_facts", ())]
    facts = len(told)
    told += [doubt_in_words(one["message"]) for one in read["doubts"]]
    told += [_("“%(words)s”指哪份文件，不能确定。") % {"words": row[1]} for row in read["uncertain"]]
    new = _("文中的机构“%(name)s”库中没有，发布时新建，待核实。")
    told += [new % {"name": name} for _anchor, name in read["bodies"]]
    ways = {
        one: ("" if part == here else f"?at={quote(one)}") + f"#b-{quote(one)}" for one, part in parts.items()
    }
    shown = list[Doubtful]()
    for words, one in zip(told, settling(read), strict=True):
        of_fact = len(shown) < facts
        way = f"?mend=facts#f-{one.what}" if of_fact else ways.get(one.anchor, "")
        place = label_of(one.what) if of_fact else one.anchor
        shown.append(Doubtful(words, place, way, mark_of(asdict(one))))
    return shown


def _leaves(read: Mapping[str, Any], rows: Sequence[Row]) -> list[Leaf]:
    """Blocks and dropped lines in the order of the source, by pages where it has images of them."""
    leaves = [Leaf(0, 0, 0, [], [])]
    sheets = read["sheets"]
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


def _rows(read: Mapping[str, Any], order: Iterable[tuple[int, int, int]], doubted: set[str]) -> list[Row]:
    """The rows of a part: of each the line, whether it was dropped, and its place among its kind."""
    kinds, lines, rows = dict(Paragraph.Kind.choices), read["lines"], list[Row]()
    for line, dropped, n in order:
        if dropped:
            _line, text, reason = read["dropped"][n]
            rows.append(Row(line, fingerprint(text), text, text, reason))
            continue
        block = read["blocks"][n]
        source = "\n".join(filter(None, map(str.strip, lines[max(0, line - 1) : block["lines"][1]])))
        kind = str(kinds.get(block["kind"], block["kind"]))
        told = {"kind": kind, "doubted": block["anchor"] in doubted, "block": block}
        rows.append(Row(line, fingerprint(block["text"]), block["text"], source, **told))
    return rows


def corrections_shown(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """What was put right in a file, in words, with its row."""
    told = _("%(where)s：%(what)s，由“%(before)s”改为“%(after)s”")
    bare, sure = _("%(where)s：%(what)s"), _("%(where)s：%(what)s，“%(after)s”无误")
    none, half = _("%(where)s：%(what)s，原件上没有"), _("%(where)s：%(what)s，后一段编号%(after)s")
    shown = []
    for row in rows:
        of_block = row["what"] in BLOCK_CORRECTIONS
        what = corrected_name(row["what"]) if of_block else label_of(row["what"])
        where = row.get("anchor") or corrected_name("the document")
        names = {name: _in_words(row["what"], row.get(name, "")) for name in ("before", "after")}
        names |= {"where": where, "what": what}
        changed = told if names["before"] != names["after"] else sure
        if not names["before"] + names["after"]:
            changed = bare if of_block else none
        shown.append(((half if changed is told and row["what"] == "split" else changed) % names, row))
    return shown


def _in_words(what: str, value: str) -> str:
    labels = {"kind": Paragraph.Kind.choices, "document_type": Document.Type.choices}.get(what, ())
    return doubt_in_words(value) if what == "doubt" else str(dict(labels).get(value, value))


def _alike(item: IntakeItem, held: Document | None) -> list[Document]:
    """Documents under other symbols that have the same original, or most of the longest paragraphs."""
    longest = sorted((block["text"] for block in item.preview["blocks"]), key=len)[-SAMPLE:]
    words = {fingerprint(text) for text in longest}
    others = Document.objects.exclude(symbol=held.symbol if held else "").only("symbol", "title", "language")
    same = others.filter(source__sha256=item.sha256)
    shared = Count("paragraphs__fingerprint", distinct=True)
    alike = others.filter(paragraphs__fingerprint__in=words).annotate(shared=shared)
    return [*same[:5], *alike.filter(shared__gt=max(1, len(words) // 2)).exclude(pk__in=same)[:5]]


def _changes(held: Document, blocks: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """The paragraphs that differ, as they are held and as they would be, those of the held document first."""
    then = dict(held.paragraphs.order_by("position").values_list("anchor", "text"))
    now = {block["anchor"]: block["text"] for block in blocks}
    pairs = ((anchor, then.get(anchor, ""), now.get(anchor, "")) for anchor in dict.fromkeys((*then, *now)))
    return [pair for pair in pairs if pair[1] != pair[2]]
