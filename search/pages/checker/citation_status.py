"""Status of each citation of a draft: held, not held, ambiguous, not understood …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from msgspec import structs

from archive.models import RetiredDocument
from archive.site.presenters.wording import cited_paragraph_name, day_in_words
from archive.text.pinpoints.value import pinpoint_anchors
from archive.text.symbols.errors import SymbolError
from archive.text.symbols.spelling import plain_spelling
from search.query.entities.names import NameTable
from search.query.entities.recognise import read_whole

from .citing import Cited, Pointing
from .holdings import MOST_CHOICES, Gone, Held, Holdings, Past
from .report import CheckedCitation, CitedTarget, Status

_WITHOUT_YEAR = re.compile(r"S/RES/\d{1,4}(?=\(|$)")


def judged(cited: Sequence[Cited], table: NameTable, language: str) -> list[CheckedCitation]:
    """Determines the status of each citation; ``table`` has the symbols that may be meant. Of a document in
    several languages the text in ``language`` leads.
    """
    meant = list(_meant(cited))
    holdings = Holdings(meant, table, language)
    told = [_lone(one, holdings) if one.pointing else _judged(one, holdings) for one in meant]
    return [one.carrying(languages=holdings.languages_of(one)) for one in told]


def _meant(cited: Iterable[Cited]) -> Iterator[Cited]:
    """Generates ``cited``; a pinpoint without document takes the symbol cited last, and 同上 its pinpoint.

    Behind a title the document is another one, which nothing here names.
    """
    symbol = pinpoint = ""
    for one in cited:
        if one.pointing and one.pointing is not Pointing.TITLE:
            one = replace(one, symbol=symbol, pinpoint=one.pinpoint or pinpoint)
        if not one.in_body_name:
            symbol, pinpoint = one.symbol, one.pinpoint
        yield one


def _lone(one: Cited, holdings: Holdings) -> CheckedCitation:
    """Returns a pinpoint without a document: its places in the one that was cited last, as a guess."""
    standing = Status.AMBIGUOUS if one.pointing is Pointing.WORD and one.symbol else Status.NO_DOCUMENT
    if not one.symbol:
        return structs.replace(_citation(one, standing), lone=True)
    guess = _judged(one, holdings)
    choices = [*guess.targets, *guess.choices] if guess.standing != Status.UNKNOWN else []
    reason = _("本库不断定所指；按前面最近引用的%(symbol)s试作对照，请自己判断") % {"symbol": one.symbol}
    return structs.replace(
        guess,
        standing=standing,
        symbol=None,
        targets=[],
        choices=choices,
        reason=reason,
        lone=True,
        assumed=one.symbol,
    )


def _judged(one: Cited, holdings: Holdings) -> CheckedCitation:
    if not one.symbol:
        return _not_understood(one, holdings)
    if held := holdings.documents.get(one.symbol):
        return _in_document(one, held, holdings)
    if retired := holdings.retired.get(one.symbol):
        return _retired(one, retired)
    if one.symbol in holdings.known:
        anchors = pinpoint_anchors(one.pinpoint or None)
        targets = [CitedTarget.of(one.symbol, anchor, held=False) for anchor in anchors or [""]]
        return _citation(one, Status.NOT_HELD, targets)
    return _unknown(one, holdings)


def _citation(
    one: Cited,
    standing: Status,
    targets: Iterable[CitedTarget] = (),
    choices: Iterable[CitedTarget] = (),
    reason: str = "",
) -> CheckedCitation:
    return CheckedCitation.from_row(
        one,
        standing=standing,
        paragraph=one.pinpoint or None,
        targets=list(targets),
        choices=list(choices),
        reason=reason or None,
        lone=False,
        assumed=None,
        footnotes=[],
    )


def _in_document(one: Cited, held: Held, holdings: Holdings) -> CheckedCitation:
    anchors = pinpoint_anchors(one.pinpoint or None)
    if not anchors:
        return _citation(one, Status.HELD, [held.target()])
    targets: list[CitedTarget] = []
    choices: list[CitedTarget] = []
    met: set[Status] = set()
    reasons: list[str] = []
    for anchor in anchors:
        named = held.named(anchor)
        if anchor not in held.keys and (was := _was(held, anchor, holdings.past)):
            standing, target, reason = was
            met.add(standing)
            targets.append(target)
            reasons.append(reason)
        elif len(named) == 1:
            targets += named
        elif named:
            met.add(Status.AMBIGUOUS)
            choices += named
        else:
            met.add(Status.NO_SUCH_PARAGRAPH)
            targets.append(held.target(anchor, held=False, known=False))
            choices += _above(held, anchor)
    standing = next((worst for worst in WORST_FIRST if worst in met), Status.HELD)
    return _citation(one, standing, targets, list(dict.fromkeys(choices))[:MOST_CHOICES], "；".join(reasons))


WORST_FIRST = (Status.NO_SUCH_PARAGRAPH, Status.WITHDRAWN, Status.AMBIGUOUS, Status.MOVED)


def _was(held: Held, anchor: str, past: Past) -> tuple[Status, CitedTarget, str] | None:
    """Returns the status of a paragraph that the document had once; None for one unknown."""
    symbol = held.document.symbol
    if past.gone(symbol, anchor) is None and past.moved(symbol, anchor) is None:
        once = None if held.named(anchor) else past.ending_in(symbol, anchor)
        if once is None:
            return None
        anchor = once
    name = cited_paragraph_name(anchor)
    place = past.moved(symbol, anchor)
    if place and place[0] == symbol and place[1] in held.keys:
        now = {"then": name, "now": cited_paragraph_name(place[1])}
        return Status.MOVED, held.paragraph(place[1]), _("原标为%(then)s，现在是%(now)s") % now
    if gone := past.gone(symbol, anchor):
        return Status.WITHDRAWN, held.target(anchor, held=False), _when(gone, name)
    return None


def _when(gone: Gone, name: str) -> str:
    day = {"name": name, "date": day_in_words(gone.at)}
    return (
        _("曾有%(name)s，%(date)s撤下") % day if gone.decided else _("曾有%(name)s，%(date)s起不再有") % day
    )


def _above(held: Held, anchor: str) -> list[CitedTarget]:
    """Returns the parent of a missing paragraph: 3 for 3.a."""
    above = anchor.rpartition(".")[0]
    return held.named(above) if any(label.isdigit() for label in above.split(".")) else []


def _retired(one: Cited, row: RetiredDocument) -> CheckedCitation:
    choices = [CitedTarget.of(row.successor)] if row.successor else []
    page = CitedTarget.of(one.symbol, held=False)
    return _citation(one, Status.WITHDRAWN, [page], choices, row.get_ending_display())


def _unknown(one: Cited, holdings: Holdings) -> CheckedCitation:
    """Determines the status of an unknown symbol: a Council number without its year may mean several; one of
    another year is wrong, since the numbers run on; else similar symbols are suggested.
    """
    number = _WITHOUT_YEAR.match(one.symbol)
    same_number = holdings.table.symbols.alike(number[0]) if number else []
    if same_number and number and number[0] == one.symbol:
        return _citation(one, Status.AMBIGUOUS, (), _known(same_number[:MOST_CHOICES], holdings))
    near = same_number or holdings.nearest(one.symbol)
    return _citation(one, Status.UNKNOWN, (), _known(near, holdings))


def _not_understood(one: Cited, holdings: Holdings) -> CheckedCitation:
    """Suggests the meanings of an oddly spelled citation; if there is none, similar symbols."""
    read = read_whole(one.surface, holdings.table)
    known = [named.key for named in read if named.key in holdings.table.symbols.symbols]
    if len(known) > 1:
        return _citation(one, Status.AMBIGUOUS, (), _known(known[:MOST_CHOICES], holdings))
    number = _NUMBER.fullmatch("".join(one.surface.split()))
    typed = f"S/RES/{number[1]}" if number else one.surface
    near = known or holdings.nearest(_plain(typed, one.surface).upper())
    why = _("号码读不出，或看不出是哪个机构的") if number else _("不是联合国文号的写法")
    return _citation(one, Status.NOT_UNDERSTOOD, (), _known(near, holdings), why)


# 第154O(2004)号决议 is compared as S/RES/154O(2004)
_NUMBER = re.compile(r"第(.+)号(?:决议草案|决议|决定|文件)")


def _plain(typed: str, surface: str) -> str:
    """Returns a spelling to compare, without doubled strokes; the ``surface`` where it has none."""
    try:
        return re.sub("//+", "/", plain_spelling(typed))
    except SymbolError:
        return surface


def _known(symbols: Iterable[str], holdings: Holdings) -> Iterator[CitedTarget]:
    held = holdings.table.snapshot.get("symbol", {})
    return (CitedTarget.of(symbol, held=symbol in held) for symbol in symbols)
