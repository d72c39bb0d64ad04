"""What the page of a document shows, from the rows of a bundle."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from archive.locations import note_number, printed_number
from archive.presenters.linked_text import Mark, Span, link_text
from archive.presenters.wording import date_in_words, paragraph_name

from .paths import cited_page, document_page, place
from .verify import moments

Row = Mapping[str, Any]
DATES = ("date", "communication_date", "meeting_date", "sort_date")
CSS = {kind: kind for kind in ("heading", "subparagraph", "signature", "footnote", "row")}


def document_line(row: Row, paragraphs: int) -> SimpleNamespace:
    """A document in the index."""
    document = _with_dates(row)
    return SimpleNamespace(
        symbol=row["symbol"],
        title=row["title"],
        date=date_in_words(document),
        sort_date=(row["sort_date"] or "", row["symbol"]),
        page=document_page(row["symbol"], row["language"]),
        paragraphs=paragraphs,
    )


def _with_dates(row: Row) -> SimpleNamespace:
    dates = {name: row[name] and dt.date.fromisoformat(row[name]) for name in DATES}
    return SimpleNamespace(**{**row, **dates})


class Library:
    """The rows of a bundle by document."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self._documents = {(row["symbol"], row["language"]): row for row in tables["documents"]}
        self._paragraphs = _grouped(tables["paragraphs"], lambda row: tuple(row["document"]))
        self._mentions = _grouped(tables["mentions"], lambda row: tuple(row["paragraph"]))
        self._issued = _grouped(tables["issued_texts"], lambda row: (row["symbol"], row["language"]))
        self._moves = _grouped(tables["moved_anchors"], lambda row: (row["symbol"], row["language"]))
        self._retired = _grouped(tables["retired_documents"], lambda row: (row["symbol"], row["language"]))
        self._aliases = _grouped(tables["symbol_aliases"], lambda row: tuple(row["document"]))
        self._sources = {
            (row["name"], row["sha256"], row["sidecar_sha256"]): row for row in tables["source_files"]
        }
        self._held = {row["symbol"] for row in tables["documents"]}
        self._cited = {row["symbol"] for row in tables["mentions"]}

    def once_public(self) -> set[tuple[str, str]]:
        """What was issued under a symbol that is held no more."""
        return set(self._issued) | set(self._retired)

    def document(self, symbol: str, language: str) -> dict[str, Any]:
        """What the template ``bundle/document.html`` shows."""
        key = (symbol, language)
        held = self._documents.get(key)
        living = {row["anchor"] for row in self._paragraphs.get(key, ())}
        living |= {row["old_anchor"] for row in self._moves.get(key, ())}
        past = [self._past(row, living) for row in self._issued.get(key, ()) if row["until"]]
        places = Counter[str]()
        for row in past:  # texts of several forms, or that came again, have one fingerprint
            place = f"{row.anchor}.{row.fingerprint}"
            places[place] += 1
            row.place = place if places[place] == 1 else f"{place}.{places[place]}"
        context: dict[str, Any] = {
            "symbol": symbol,
            "document": _with_dates(held) if held else None,
            "date": date_in_words(_with_dates(held)) if held else "",
            "turns": list(self._turns(self._paragraphs.get(key, ()))),
            "past": past,
            "moves": [self._move(row) for row in self._moves.get(key, ())],
            "retired": [row for row in self._retired.get(key, ()) if not row["lifted"]],
            "aliases": [row["symbol"] for row in self._aliases.get(key, ())],
        }
        if held:
            context["source"] = self._sources[tuple(held["source"])]
        return context

    def _past(self, row: Row, living: Container[str]) -> SimpleNamespace:
        """A text that is no more; ``lives`` where its anchor still leads somewhere on the page."""
        since, until = moments(row["since"], row["until"])
        return SimpleNamespace(**{**row, "since": since, "until": until, "lives": row["anchor"] in living})

    def _move(self, row: Row) -> SimpleNamespace:
        page = document_page(row["new_symbol"] or row["symbol"], row["language"])
        return SimpleNamespace(**{**row, "moved": row["moved"][:10], "to": place(page, row["new_anchor"])})

    def _turns(self, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
        """Blocks by who speaks or replies."""
        rows = list(rows)
        names = paragraph_names(rows)
        for who, members in groupby(map(_as_paragraph, rows), key=_who):
            blocks = [self._block(each, names[*each.document, each.anchor]) for each in members]
            yield {"who": who, "blocks": blocks}

    def _block(self, paragraph: Any, name: str) -> dict[str, Any]:
        spans = () if paragraph.kind == "heading" else self._spans(paragraph)
        marks = [
            Mark(at, f"#p-{anchor}", note_number(anchor), f"脚注{note_number(anchor)}")
            for at, anchor in paragraph.notes
        ]
        return {
            "anchor": paragraph.anchor,
            "fingerprint": paragraph.fingerprint,
            "name": name,
            "number": printed_number(paragraph),
            "css": _css(paragraph),
            "tag": _tag(paragraph),
            "html": link_text(paragraph.text, spans, marks),
        }

    def _spans(self, paragraph: SimpleNamespace) -> Iterator[Span]:
        """Links to what is held, else to who else cites it. Neither what is doubtful nor a body's name."""
        for mention in self._mentions.get((*paragraph.document, paragraph.anchor), ()):
            if not mention["certain"] or mention["in_body_name"]:
                continue
            target, paragraphs = mention["target"], mention["target_paragraph"]
            if target:
                href = place(document_page(*target), paragraphs[-1] if paragraphs else "")
            else:
                href = place(cited_page(mention["symbol"]))
            yield Span(mention["start"], mention["end"], href)


def paragraph_names(rows: Iterable[Row]) -> dict[tuple[str, ...], str]:
    """What each paragraph is called in Chinese, by what names it: 附件第14段."""
    known = {(*row["document"], row["anchor"]): _as_paragraph(row) for row in rows}

    def parent_of(paragraph: Any) -> Any:
        return known.get(tuple(paragraph.parent)) if paragraph.parent else None

    return {key: paragraph_name(paragraph, parent_of) for key, paragraph in known.items()}


def _as_paragraph(row: Row) -> Any:
    """A row whose columns are read by name, as those of the model."""
    return SimpleNamespace(**row)


def _grouped(rows: Iterable[Row], key: Any) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)


def _who(paragraph: SimpleNamespace) -> tuple[str, str]:
    if paragraph.kind == "footnote" or paragraph.role == "submitter":
        return "", ""
    speaker = paragraph.speaker_name + paragraph.speaker_honorific
    return speaker or paragraph.submitter_name, paragraph.speaker_delegation


def _css(paragraph: SimpleNamespace) -> str:
    names = ["paragraph", CSS.get(paragraph.kind, "")]
    if paragraph.kind == "list_item":
        names.append("subparagraph" if paragraph.number else "list-item")
    if paragraph.kind == "heading" and paragraph.anchor == paragraph.part:
        names.append("annex annex-label")
    return " ".join(filter(None, names))


def _tag(paragraph: SimpleNamespace) -> str:
    if paragraph.kind != "heading":
        return "p"
    return (
        "h2"
        if paragraph.part == "main" and (paragraph.level or 1) == 1 or paragraph.anchor == paragraph.part
        else "h3"
    )
