"""The whole river: a file to a ``ParsedDocument``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from .bodies import find_bodies
from .characters import doubts_about, doubts_of_sum, refuse_no_text
from .cleaner import STRUCK, clean
from .errors import DocumentError, MissingSymbolError, WrongLanguageError
from .fingerprint import fingerprint
from .language import FIRST, READ, WITHOUT_BLANKS, language_of
from .lines import mark_recognized
from .mentions import find_mentions, find_own_references, find_treaties
from .parsed import (
    BLOCK_CORRECTIONS,
    Correction,
    Doubt,
    Facts,
    ParsedBody,
    ParsedDocument,
    ParsedMention,
    ParsedParagraph,
)
from .reader import Source, read_source
from .reference import Reference, load_reference
from .relations import relate
from .segmenter import Segmented, segment, unfit
from .sidecar import Sidecar, read_sidecar, sidecar_beside
from .states import find_states
from .symbols.errors import Reason, SymbolError
from .symbols.rivals import names_another
from .symbols.symbol import Symbol
from .themes import find_themes
from .transmitted import mark_transmitted


def parse_document(path: str | Path, sidecar: str | Path | None = None) -> ParsedDocument:
    """Parse the document in the file at ``path``.

    ``sidecar`` names its metadata file; without it ``NAME.toml`` beside the source is used where there is
    one. Raises a DocumentError (a ValueError) where the source cannot be read, the sidecar is wrong, or
    neither states the symbol, or the file's name states another.
    """
    path = Path(path)
    source = read_source(path)
    beside = Path(sidecar) if sidecar is not None else sidecar_beside(path)
    stated = read_sidecar(beside) if beside else Sidecar()
    parsed = parse_source(source, stated, load_reference())
    return named_rightly(parsed, path.name, stated)


def named_rightly(parsed: ParsedDocument, name: str, sidecar: Sidecar) -> ParsedDocument:
    """``parsed``, whose file is called ``name``; raises MissingSymbolError where that says another symbol
    and ``sidecar`` none."""
    symbols = (str(parsed.facts.symbol), *parsed.facts.other_symbols)
    if "symbol" not in sidecar.stated and (told := names_another(name, symbols)):
        raise MissingSymbolError(name, (symbols[0], told))
    return parsed


def parse_source(
    source: Source,
    sidecar: Sidecar,
    reference: Reference,
    held: Callable[[Facts], Sequence[Correction]] = lambda _facts: (),
) -> ParsedDocument:
    """Parse a source at hand, with what its sidecar states. ``held`` gives what people put right in the
    document of these facts, before what the sidecar says. Raises MissingSymbolError without a symbol, and
    WrongLanguageError where the text is in no language that is read, unless the sidecar states one.
    """
    stated = sidecar.stated
    language = language_of(source.text) or stated.get("language", FIRST)  # of a few words nothing is told
    refuse_no_text(source.name, source.text, chinese=language == FIRST)
    if "language" not in stated and language not in READ:
        raise WrongLanguageError(
            f"{source.name}: the text reads as another language ({language}); only Chinese and English are "
            f'read. If it is Chinese, state it in a sidecar {Path(source.name).stem}.toml: language = "zh".',
            language,
        )
    cleaned = clean(source.text, source.evidence, spaced=language not in WITHOUT_BLANKS)
    if "symbol" in source.facts and cleaned.masthead.symbol is None:
        stated = {"symbol": source.facts["symbol"], **stated}
    segmented = segment(cleaned, stated)
    beside = [source.evidence[line.number].number or "" for line in cleaned.lines if line.counted]
    unread = (what.partition(": ") for _line, what in cleaned.unread)
    beside += [words for what, _, words in unread if what == STRUCK]
    notes = [Doubt(note) for note in source.notes]
    notes += doubts_of_sum(source.text, beside, segmented.paragraphs, segmented.dropped)
    if segmented.facts.symbol is None and "symbol" in sidecar.compare:
        stated = {"symbol": sidecar.compare["symbol"], **stated}
        segmented = segment(cleaned, stated)
        notes.append(Doubt("the text does not state its symbol; it is that of the record beside it"))
    told = {**{key: of for key, of in sidecar.compare.items() if key != "year"}, **source.facts}
    facts = sidecar.overrule(_filled(segmented.facts, told))
    if facts.symbol is None:
        raise MissingSymbolError(source.name, segmented.rivals)
    try:
        symbol = _known_year(facts.symbol, reference)
    except SymbolError as error:
        raise DocumentError(f"{source.name}: {error}") from error
    facts = replace(facts, symbol=symbol, language=stated.get("language", language))
    corrections = tuple(dict.fromkeys((*held(facts), *sidecar.corrections)))
    if any(one.what in BLOCK_CORRECTIONS for one in corrections):
        segmented = segment(cleaned, stated, corrections)
        facts = replace(
            sidecar.overrule(_filled(segmented.facts, told)),
            symbol=symbol,
            language=stated.get("language", language),
        )
    read = replace(segmented.facts, symbol=symbol, other_symbols=facts.other_symbols)
    differences = sidecar.differences(read, source.name)
    mentions, lost = _named(
        "mention", find_mentions(segmented.paragraphs, facts, reference), segmented, corrections
    )
    bodies, gone = _named(
        "body", find_bodies(segmented.paragraphs, facts, reference, mentions), segmented, corrections
    )
    return ParsedDocument(
        facts=facts,
        paragraphs=mark_transmitted(
            mark_recognized(segmented.paragraphs, source.evidence), facts, sidecar.transmitted
        ),
        mentions=relate(segmented.paragraphs, mentions, bodies),
        bodies=bodies,
        treaties=find_treaties(segmented.paragraphs, reference),
        own_references=find_own_references(segmented.paragraphs, facts, mentions),
        themes=find_themes(segmented.paragraphs, reference),
        states=find_states(segmented.paragraphs, reference),
        dropped=segmented.dropped,
        doubts=_unsettled(
            (
                *(*lost, *gone, *notes, *segmented.doubts, *differences),
                *doubts_about(segmented.paragraphs, segmented.dropped, source.text),
            ),
            segmented.paragraphs,
            corrections,
        ),
        corrections=corrections,
    )


T = TypeVar("T", ParsedMention, ParsedBody)


def _named(
    what: str, found: Sequence[T], read: Segmented, corrections: Sequence[Correction]
) -> tuple[tuple[T, ...], list[Doubt]]:
    """The places of ``found`` with what people say that they name; a doubt for each that is not there.

    In a block whose words were put right since, the place may have moved: the next that names the same is
    meant.
    """
    rows, doubts = list(found), list[Doubt]()
    for one in corrections:
        if one.what != what:
            continue
        anchors = [block.anchor for block in read.paragraphs if fingerprint(block.text) == one.words]
        anchor = one.anchor if one.anchor in anchors else next(iter(anchors), "")
        here = [at for at, row in enumerate(rows) if (row.anchor, row.start) == (anchor, one.place)]
        if not anchors:
            place = read.former.get(one.words)
            here = [at for at, row in enumerate(rows) if (row.anchor, _name_in(row)) == (place, one.before)]
        at = min(here, key=lambda at: abs(rows[at].start - one.place), default=None)
        if at is None or _name_in(rows[at]) not in (one.before, one.after):
            doubts.append(unfit(one))
        elif not one.after:
            del rows[at]
        elif isinstance(row := rows[at], ParsedMention):
            rows[at] = replace(row, symbol=one.after, certain=True)
        else:
            rows[at] = replace(row, body=one.after, unconfirmed=False)
    return tuple(rows), doubts


def _unsettled(
    doubts: Sequence[Doubt], blocks: Sequence[ParsedParagraph], corrections: Sequence[Correction]
) -> tuple[Doubt, ...]:
    """Those of which nobody said, at these words, that they are none."""
    settled = {(one.before, one.words) for one in corrections if one.what == "doubt"}
    words = {block.anchor: fingerprint(block.text) for block in blocks} if settled else {}
    lines = {block.lines[0]: block.anchor for block in blocks} if settled else {}
    places = ((one, one.anchor or lines.get(one.line or 0, "")) for one in doubts)
    return tuple(one for one, place in places if (one.message, words.get(place, "")) not in settled)


def _name_in(row: ParsedMention | ParsedBody) -> str:
    return row.symbol if isinstance(row, ParsedMention) else row.body


def _filled(facts: Facts, told: Mapping[str, str]) -> Facts:
    """``facts`` with what the file's format tells beside its text, where the text does not tell it."""
    known: dict[str, Any] = {name: value for name, value in told.items() if not getattr(facts, name)}
    return replace(facts, **known)


def _known_year(symbol: str, reference: Reference) -> str:
    """The symbol with the year that the reference data know, where a Council resolution's states none.

    What is put together as no other stays as printed. Raises SymbolError where it is an address of ours.
    """
    try:
        return str(Symbol.parse(symbol).completed(reference.resolutions))
    except SymbolError as error:
        if error.reason is Reason.ADDRESS_OF_OURS:
            raise
        return symbol
