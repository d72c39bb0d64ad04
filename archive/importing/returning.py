"""Words that law forbids to show and that an import would show again: in a copy under another symbol, in a
paragraph that is cut or numbered in another way, in a document that was merged into theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from archive.ingest import RefusedError
from archive.ingest.suppressed import kept_out
from archive.links.histories import Histories
from archive.links.withheld_rows import decided_on
from archive.models import Document, IssuedText, RetiredDocument
from archive.text.fingerprint import normal_form
from archive.withholding.withheld import forbidden_words
from archive.withholding.words import PIECE, RUN, holds_half, runs_of


@dataclass(frozen=True, slots=True)
class Withheld:
    """What one decision withholds: a document (``anchor`` empty), or one text of a paragraph of it.

    ``row`` is the key of that text. ``prints`` are the fingerprints of texts whose words the
    archive does not have: it was restored from a bundle, which lacks them.
    """

    symbol: str
    language: str
    anchor: str
    text: str  # in normal form
    prints: frozenset[str]
    row: int = 0


def refuse_returning(document: Document, revision: int) -> None:
    """Raise RefusedError where ``document``, as it was stored by the act ``revision``, shows withheld words.

    It does where its new texts hold at least half of what one decision withholds, or one of them is a piece
    of a withheld paragraph of its own; words that are public elsewhere count as no secret.
    """
    decided = list(_withheld())
    if not decided:
        return
    new = IssuedText.objects.filter(
        symbol=document.symbol, language=document.language, since_revision=revision, until=None
    )
    texts = {
        normal_form(text): words for text, words in new.order_by("pk").values_list("text", "fingerprint")
    }
    whole = "".join(texts)
    held = set(runs_of(whole, PIECE))
    found = [one for one in decided if len(one.text) >= RUN and holds_half(held, one.text)]
    if found and not forbidden_words(besides=(document, revision)).found_in(whole):
        found = []
    found += [one for one in decided if _is_cut_up(one, document, list(texts))]
    found += [one for one in decided if one.prints and _has_half(one, document, texts)]
    if found:
        raise RefusedError(_refusal(document.symbol, found))


def _withheld() -> Iterator[Withheld]:
    # Ordered here: asked for them in order, a database passes over all texts instead of the few withheld.
    columns = ("symbol", "language", "anchor", "text", "fingerprint")
    rows = sorted(IssuedText.objects.filter(withheld=True).order_by().values_list("pk", *columns))
    if not rows:
        return
    retired = set(
        RetiredDocument.objects.filter(withheld=True, lifted=None).values_list("symbol", "language")
    )
    whole: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for key, symbol, language, anchor, *row in rows:
        if (symbol, language) in retired:
            whole.setdefault((symbol, language), {})[anchor] = tuple(row)  # the last one under each anchor
        else:
            yield replace(_one(symbol, language, anchor, [row]), row=key)
    for (symbol, language), texts in whole.items():
        yield _one(symbol, language, "", texts.values())


def _one(symbol: str, language: str, anchor: str, texts: Iterable[Sequence[str]]) -> Withheld:
    known = normal_form("".join(text for text, _words in texts))
    unknown = frozenset(words for text, words in texts if not text)
    return Withheld(symbol, language, anchor, known, unknown)


def _has_half(one: Withheld, document: Document, texts: dict[str, str]) -> bool:
    """Whether at least half of the texts that are known by their fingerprints alone are among ``texts``
    (normal form → fingerprint), and public nowhere else.
    """
    came = {words for text, words in texts.items() if len(text) >= PIECE} & one.prints
    if 2 * len(came) < len(one.prints):
        return False
    elsewhere = IssuedText.objects.filter(fingerprint__in=came, withheld=False)
    public = elsewhere.exclude(symbol=document.symbol, language=document.language)
    return bool(came - set(public.values_list("fingerprint", flat=True)))


def _is_cut_up(one: Withheld, document: Document, pieces: list[str]) -> bool:
    """Whether a piece of a withheld paragraph of ``document`` now stands as a paragraph of its own."""
    if (one.symbol, one.language) != (document.symbol, document.language):
        return False
    return any(len(piece) >= PIECE and piece in one.text for piece in pieces)


def _refusal(symbol: str, found: list[Withheld]) -> str:
    rows = (decided_on(one.row) for one in found if one.row)
    if row := next(filter(None, rows), None):
        kept = kept_out(Document.objects.filter(symbol=row.symbol, language=row.language).first())
        several = sum(anchor == row.anchor for anchor, _words in kept) > 1
        owner, place = row.symbol, f"{row.symbol}/p/{row.anchor}"
        option = f" --paragraph {row.anchor}" + (f"/{row.fingerprint}" if several else "")
    else:
        one = next((one for one in found if not one.anchor), found[0])
        owner = place = Histories(one.language).home(one.symbol)
        option = ""
    names = {
        "symbol": symbol,
        "place": place,
        "command": f"manage.py withdraw_document '{owner}'{option} --undo",
    }
    return (
        _(
            "%(symbol)s会重新显示%(place)s中依法不予显示的文字，没有存入。如果现在可以公开，请先运行 "
            "%(command)s ，再重做这一步；之后仍须撤下的，再逐处撤下。"
        )
        % names
    )
