"""One document in several formats: which file's text is taken, and where the words of the other differ.

A folder often holds a document as Word file and as PDF. Both are the same document, not two with one symbol:
the text is that of the format that tells most of it, or of the one that the sidecar names (``format``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from os.path import commonprefix
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from archive.models import (
    Document,
    DroppedLine,
    IssuedText,
    Paragraph,
    RetiredDocument,
    SecondOriginal,
    SourceFile,
)
from archive.readers import format_of
from archive.store.ingest.facts import find_withdrawn, kept_out, leave_out
from archive.store.ingest.values import RefusedError, Source
from archive.store.links.histories import Histories
from archive.store.links.withheld_rows import decided_on
from archive.store.withholding.words import (
    PIECE,
    RUN,
    anything_withheld,
    forbidden_words,
    holds_half,
    runs_of,
    shows_withheld,
    text_columns,
)
from archive.text.fingerprint import normal_form
from archive.text.formats import BY_NAME, BY_SUFFIX, NAMES
from archive.text.language import FIRST
from archive.text.parsed import Kind, ParsedDocument
from archive.text.sidecar import FORMAT_KEY, TomlError, stated_in

SHOWN = 12  # characters before a difference
BORDER = "\0"  # between texts, over which no run of characters goes


class Counterpart(NamedTuple):
    """The document that is held, seen from another file of it.

    ``document`` and ``source`` are the keys of the document and of its file. ``trust`` is positive where the
    new file's format is trusted more than that of the file held, negative where less,
    0 where neither. ``difference`` tells where the words differ; empty where they are the same.
    """

    document: int
    source: int
    file: str
    trust: int
    difference: str


def in_order_of_trust(path: Path) -> tuple[Path, int, str]:
    """The key that sorts files so that of those with one name the most trusted format comes first."""
    named = BY_SUFFIX.get(path.suffix.lower(), BY_NAME["text"])
    return path.with_suffix(""), NAMES.index(named.name), path.name


def trust_between(mine: Source, theirs: Source) -> int:
    """How much more the format of one file is trusted than that of another, as ``Counterpart.trust``.

    What the sidecar of the first names as ``format`` is trusted most, or else what that of the other names.
    """
    stated = _stated(mine) or _stated(theirs)

    def rank(source: Source) -> tuple[bool, int]:
        found = format_of(source.content)
        return found != stated, NAMES.index(found) if found in NAMES else len(NAMES)

    return (rank(theirs) > rank(mine)) - (rank(theirs) < rank(mine))


def find_counterpart(parsed: ParsedDocument, source: Source) -> Counterpart | None:
    """The document of this symbol that is held from other bytes with mostly the same words, if one is."""
    facts = parsed.facts
    same = Document.objects.filter(symbol=facts.symbol, language=facts.language)
    if (key := same.values_list("pk", flat=True).first()) is None:  # as for most: without building the row
        return None
    held = same.select_related("source").get(pk=key)
    if held.source.sha256 == source.sha256:
        return None
    theirs = Source(held.source.name, bytes(held.source.content), held.source.sidecar)
    rows = list(held.paragraphs.order_by("position").values_list("kind", "anchor", "text"))
    parsed = leave_out(parsed, find_withdrawn(held, parsed))
    mine = words_of((block.kind, block.text) for block in parsed.paragraphs)
    held_words = words_of((kind, text) for kind, _anchor, text in rows)
    if mine == held_words:
        return Counterpart(held.pk, held.source_id, theirs.name, trust_between(source, theirs), "")
    if not _is_mostly(normal_form(mine), normal_form(held_words)):
        return None
    difference = _difference(mine, held_words, rows)
    return Counterpart(held.pk, held.source_id, theirs.name, trust_between(source, theirs), difference)


def words_of(blocks: Iterable[tuple[str, str]]) -> str:
    """The words of paragraphs (kind, text) without white space, the notes last, wherever they stand."""
    blocks = list(blocks)
    body = [text for kind, text in blocks if kind != Kind.FOOTNOTE]
    notes = [text for kind, text in blocks if kind == Kind.FOOTNOTE]
    return "".join("".join([*body, *notes]).split())


def _is_mostly(mine: str, theirs: str) -> bool:
    """Whether at least half of the shorter text stands in the other: else they are two documents."""
    first, second = set(runs_of(mine, PIECE)), set(runs_of(theirs, PIECE))
    return 2 * len(first & second) >= min(len(first), len(second)) > 0


def _difference(mine: str, theirs: str, rows: list[tuple[str, str, str]]) -> str:
    """Where the words begin to differ. Only words that are held are shown: others may be withheld."""
    at = len(commonprefix([mine, theirs]))
    names = {"before": theirs[max(0, at - SHOWN) : at], "mine": len(mine), "theirs": len(theirs)}
    in_order = sorted(rows, key=lambda row: row[0] == Kind.FOOTNOTE)
    anchor, end = "", 0
    for _kind, anchor, text in in_order:  # noqa: B007 - the last one where all of it is the same
        end += len("".join(text.split()))
        if end > at:
            break
    names["anchor"] = anchor
    if not names["before"]:
        return _("自%(anchor)s段开头起（这一份%(mine)d字，库中%(theirs)d字）") % names
    return _("自%(anchor)s段“%(before)s”之后起（这一份%(mine)d字，库中%(theirs)d字）") % names


def _stated(source: Source) -> str | None:
    try:
        return stated_in(source.sidecar).get(FORMAT_KEY)
    except TomlError:
        return None


def reason_of(file: str, difference: str, format_: str) -> str:
    """Why a file is set aside beside ``file``, in words."""
    if not difference:
        return _("与%(file)s是同一文件，文字相同；已取%(file)s") % {"file": file}
    return _(
        "与%(file)s是同一文件，文字有不同：%(difference)s；已取%(file)s，"
        '要改取这一份，请在同名的.toml文件中写明format = "%(format)s"'
    ) % {"file": file, "difference": difference, "format": format_}


# Words that law forbids to show and that an import would show again:


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


def facts_shown(symbol: str, language: str) -> str:
    """All that is shown of the document of ``symbol`` beside its text: facts, names, what was left out, its
    file's name and sidecar; in normal form. Empty where nothing is withheld, or where there is no document.
    """
    documents = Document.objects.filter(language=language)
    if not anything_withheld() or (document := documents.find(symbol)) is None:
        return ""
    rows = [
        *Document.objects.filter(pk=document.pk).values_list(*text_columns(Document)),
        *Paragraph.objects.filter(document=document.pk).values_list(*text_columns(Paragraph) - {"text"}),
        *DroppedLine.objects.filter(document=document.pk).values_list("text"),
        *SourceFile.objects.filter(documents=document.pk).values_list("name", "sidecar"),
    ]
    return BORDER.join(dict.fromkeys(normal_form(str(one)) for row in rows for one in row))


def refuse_returning(document: Document, revision: int, before: str = "") -> None:
    """Raise RefusedError where ``document``, as it was stored by the act ``revision``, shows withheld words.

    It does where its new texts, and its facts beside those shown ``before`` (``facts_shown``), hold at least
    half of what one decision withholds, or one of the texts is a piece of a withheld paragraph of its own;
    words that are public elsewhere count as no secret.
    """
    decided = list(_withholdings())
    if not decided:
        return
    new = IssuedText.objects.of(document).standing().filter(since_revision=revision)
    texts = {
        normal_form(text): words for text, words in new.order_by("pk").values_list("text", "fingerprint")
    }
    whole = "".join(texts) + BORDER + facts_shown(document.symbol, document.language)
    held = set(runs_of(whole, PIECE)) - set(runs_of(before, PIECE))
    found = [one for one in decided if len(one.text) >= RUN and holds_half(held, one.text)]
    if found and not forbidden_words(besides=(document, revision)).found_in(whole):
        found = []
    found += [one for one in decided if _is_cut_up(one, document, list(texts))]
    found += [one for one in decided if one.prints and _has_half(one, document, texts)]
    if found:
        raise RefusedError(_refusal(document.symbol, found))


def _withholdings() -> Iterator[Withheld]:
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
        owner, place, language = row.symbol, f"{row.symbol}/p/{row.anchor}", row.language
        option = f" --paragraph {row.anchor}" + (f"/{row.fingerprint}" if several else "")
    else:
        one = next((one for one in found if not one.anchor), found[0])
        owner = place = Histories(one.language).home(one.symbol)
        option, language = "", one.language
    option += "" if language == FIRST else f" --language {language}"
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


# The originals of a document: the file its text is from, and those that came in other formats beside it.


def keep_second_original(document: Document, source: SourceFile) -> bool:
    """Keep ``source``, which is another file of ``document``, as its second original, byte for byte; returns
    whether it was not one before.

    It takes the place of an earlier one of its name, which stays for its address alone. A file that shows
    words withheld from other documents is not kept: what is withheld of this one is asked whenever the file
    is.
    """
    if source.sha256 == document.source.sha256:
        return False
    content = bytes(source.content)
    elsewhere = IssuedText.objects.filter(withheld=True).exclude(
        symbol=document.symbol, language=document.language
    )
    if shows_withheld(content, elsewhere.values_list("text", flat=True)):
        return False
    _second, new = SecondOriginal.objects.get_or_create(
        document=document, source=source, defaults={"format": format_of(content)}
    )
    return new


def seconds_as_facts(document: Document) -> list[list[int | str]]:
    """The second originals as plain values, [number of the source, format], for a document that goes."""
    return [[second.source_id, second.format] for second in document.second_originals.all()]


def bring_back_seconds(document: Document, facts: Iterable[tuple[int, str]]) -> None:
    """What ``seconds_as_facts`` told, for the document that comes back."""
    for source, format_ in facts:
        if SourceFile.objects.filter(pk=source).exists():
            SecondOriginal.objects.get_or_create(
                document=document, source_id=source, defaults={"format": format_}
            )
