"""One paragraph in focus between its neighbours; and what became of words once cited."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from archive import reads
from archive.addresses import document_path, paragraph_path
from archive.models import Document, IssuedText, Paragraph
from archive.paging import known_parameters
from archive.permalinks import Fate, Permalink, find_paragraph, follow, last_issued, moved_to
from archive.presenters import twins
from archive.presenters.citations import cite
from archive.presenters.differences import compare
from archive.presenters.excerpts import first_sentence, last_sentence
from archive.presenters.hits import hits
from archive.presenters.reading import Reader
from archive.presenters.wording import chinese_date, cited_paragraph_name, part_name, printed_number

from .cited import cited_pinpoint, longer_anchor
from .document import find_document, plain_text
from .occurrences import in_order
from .page import page
from .respond import moved, respond

CITING_SHOWN = 10


@page
def paragraph(request: HttpRequest, symbol: str, anchor: str, twin: bool = False) -> HttpResponse:
    """``/S/AC.44/SR.74/p/14``."""
    tail = ".json" if twin else ""
    held = find_document(symbol)
    if held is None:
        return _paragraph_of_unheld(request, symbol, anchor, tail)
    known_parameters(request)
    found = find_paragraph(held, anchor) if held.symbol == symbol else None
    if found is None:
        return _other_address(request, held, symbol, anchor, tail)
    view = ParagraphPage(request, held, found)
    return respond(request, "archive/paragraph.html", view.context(), view.as_json, twin)


def _paragraph_of_unheld(request: HttpRequest, symbol: str, anchor: str, tail: str) -> HttpResponse:
    canonical = reads.canonical(symbol)
    if canonical and canonical != symbol:
        return moved(request, paragraph_path(canonical, anchor) + tail)
    issued = last_issued(symbol, anchor)
    if issued:
        return _withdrawn(request, symbol, None, issued, bool(tail))
    return cited_pinpoint(request, symbol, anchor, bool(tail))


def _other_address(request: HttpRequest, held: Document, symbol: str, anchor: str, tail: str) -> HttpResponse:
    """Where a paragraph is not under its address: moved, given without its part, withdrawn, or unknown."""
    if held.symbol != symbol:
        return moved(request, paragraph_path(held.symbol, anchor) + tail)
    new = moved_to(symbol, anchor) or longer_anchor(held, anchor)
    if new:
        return moved(request, paragraph_path(symbol, new) + tail)
    issued = last_issued(symbol, anchor)
    if issued:
        return _withdrawn(request, symbol, held, issued, bool(tail))
    raise Http404(_("这份文件没有这一段。"))


@page
def paragraph_text(request: HttpRequest, symbol: str, anchor: str) -> HttpResponse:
    """The words of one paragraph and nothing else."""
    held = find_document(symbol)
    if held is None:
        raise Http404(_("本库未藏这份文件。"))
    found = find_paragraph(held, anchor) if held.symbol == symbol else None
    if found is None:
        return _other_address(request, held, symbol, anchor, ".txt")
    return plain_text(found.text + "\n")


@page
def cited_words(
    request: HttpRequest, symbol: str, anchor: str, fingerprint: str, twin: bool = False
) -> HttpResponse:
    """``/S/AC.44/SR.74/p/14/3f9a2c1b``: what became of the words that were cited."""
    known_parameters(request)
    held = find_document(symbol)
    official = held.symbol if held else reads.canonical(symbol) or symbol
    if official != symbol:
        return moved(request, paragraph_path(official, anchor, fingerprint) + (".json" if twin else ""))
    link = follow(symbol, held, anchor, fingerprint)
    if link.fate is Fate.NEVER_ISSUED:
        return _never_issued(request, symbol, held, anchor, fingerprint, link, twin)
    if link.fate is Fate.WITHDRAWN:
        return _withdrawn(request, symbol, held, link.issued, twin)
    if link.fate is Fate.EDITED:
        return _edited(request, held, link, fingerprint, twin)
    view = ParagraphPage(request, held, link.paragraph, fate=link.fate, asked=anchor)
    return respond(request, "archive/paragraph.html", view.context(), view.as_json, twin)


def _never_issued(
    request: HttpRequest,
    symbol: str,
    held: Document | None,
    anchor: str,
    fingerprint: str,
    link: Permalink,
    twin: bool,
) -> HttpResponse:
    """The number at the end of the address was never given out. A number without its part is looked for."""
    if held and link.paragraph is None and (new := longer_anchor(held, anchor)):
        return moved(request, paragraph_path(symbol, new, fingerprint) + (".json" if twin else ""))
    context = {
        "symbol": symbol,
        "held": held,
        "anchor": anchor,
        "fingerprint": fingerprint,
        "now": link.paragraph,
        "now_address": paragraph_path(symbol, link.paragraph.anchor) if link.paragraph else "",
    }
    facts = {"symbol": symbol, "anchor": anchor, "fingerprint": fingerprint, "fate": link.fate}
    return respond(request, "archive/never_issued.html", context, facts, twin, 404)


def _withdrawn(
    request: HttpRequest, symbol: str, held: Document | None, issued: IssuedText, twin: bool
) -> HttpResponse:
    context = {
        "symbol": symbol,
        "held": held,
        "issued": issued,
        "name": cited_paragraph_name(issued.anchor),
        "address": document_path(symbol),
    }
    facts = {
        "symbol": symbol,
        "anchor": issued.anchor,
        "fingerprint": issued.fingerprint,
        "fate": Fate.WITHDRAWN,
        "text": issued.text,
        "since": issued.since,
        "until": issued.until,
        "reason": issued.reason or None,
    }
    return respond(request, "archive/withdrawn.html", context, facts, twin, 410)


def _edited(
    request: HttpRequest, held: Document, link: Permalink, fingerprint: str, twin: bool
) -> HttpResponse:
    now, then = link.paragraph, link.issued
    reader = Reader(held, [now], reads.ancestors([now]), on_page=False)
    standing = IssuedText.objects.under(held.symbol, now.anchor).standing().first()
    old_link = request.build_absolute_uri(paragraph_path(held.symbol, then.anchor, fingerprint))
    new_link = request.build_absolute_uri(paragraph_path(held.symbol, now.anchor, now.fingerprint))
    name = reader.name_of(now)
    until = chinese_date(then.until.date()) if then.until else ""
    old_note = _("%(symbol)s，%(name)s(%(date)s改动前的文字)，%(link)s。") % {
        "symbol": held.symbol, "name": name, "date": until, "link": old_link,
    }  # fmt: skip
    difference = compare(then.text, now.text)
    context = {
        "document": held,
        "focus": reader.block(now),
        "then": then,
        "standing": standing,
        "difference": difference,
        "new_link": new_link,
        "old_note": old_note,
        "now_address": paragraph_path(held.symbol, now.anchor),
    }
    facts = {
        "symbol": held.symbol,
        "anchor": then.anchor,
        "fingerprint": fingerprint,
        "fate": Fate.EDITED,
        "then": {"text": then.text, "since": then.since, "until": then.until, "reason": then.reason or None},
        "now": {
            "anchor": now.anchor,
            "text": now.text,
            "fingerprint": now.fingerprint,
            "permalink": new_link,
        },
        "changes": [{"struck": change.struck, "added": change.added} for change in difference.changes],
    }
    return respond(request, "archive/edited.html", context, facts, twin)


class ParagraphPage:
    """All that the page of one paragraph shows."""

    def __init__(
        self,
        request: HttpRequest,
        held: Document,
        found: Paragraph,
        fate: Fate | None = None,
        asked: str = "",
    ) -> None:
        self.request, self.held, self.found, self.fate, self.asked = request, held, found, fate, asked
        around = list(Paragraph.objects.neighbours(found).select_related("state").with_mentions())
        self.before = next((p for p in around if p.position < found.position), None)
        self.after = next((p for p in around if p.position > found.position), None)
        self.above = reads.ancestors(around)
        self.reader = Reader(held, around, self.above, on_page=False)
        self.citing = Paragraph.objects.citing(held.symbol, found.anchor)
        self.total = self.citing.count()

    def context(self) -> dict:
        citing = list(in_order(self.citing)[:CITING_SHOWN])
        places = reads.mention_places(citing, self.held.symbol, self.found.anchor)
        section = self.reader.parent_of(self.found)
        return {
            "document": self.held,
            "focus": self.reader.block(self.found),
            "before": self._neighbour(self.before, last_sentence),
            "after": self._neighbour(self.after, first_sentence),
            "section": section,
            "fate": self.fate,
            "asked": self.asked,
            "citation": self._citation(),
            "mentions": self.found.mentions.all(),
            "bodies": self._bodies(),
            "citing": hits(citing, reads.ancestors(citing), places),
            "citing_total": self.total,
            "permalink": self.permalink,
        }

    @property
    def permalink(self) -> str:
        return paragraph_path(self.held.symbol, self.found.anchor, self.found.fingerprint)

    def _citation(self):
        part = part_name(self.found.part)
        place = self.reader.name_of(self.found).removeprefix(part)
        return cite(self.held, self.request.build_absolute_uri(self.permalink), part, place)

    def _neighbour(self, paragraph: Paragraph | None, cut) -> dict | None:
        if paragraph is None:
            return None
        return {
            "address": paragraph_path(self.held.symbol, paragraph.anchor),
            "name": self.reader.name_of(paragraph),
            "number": printed_number(paragraph),
            "excerpt": cut(paragraph.text),
            "heading": paragraph.kind == Paragraph.Kind.HEADING,
        }

    def _bodies(self) -> list:
        """The bodies that the paragraph names, each once, with the names it uses for them."""
        named: dict[int, dict] = {}
        for mention in self.found.body_mentions.all():
            row = named.setdefault(mention.body_id, {"body": mention.body, "names": [], "contextual": True})
            if mention.surface not in row["names"]:
                row["names"].append(mention.surface)
            row["contextual"] = row["contextual"] and mention.form == mention.Form.CONTEXTUAL
        return list(named.values())

    def as_json(self) -> dict:
        by_id = {paragraph.pk: paragraph for paragraph in self.above}
        return {
            "document": twins.document_facts(self.held),
            "paragraph": twins.paragraph(self.found, self.held.symbol, by_id)
            | {"name": self.reader.name_of(self.found)},
            "mentions": twins.mentions([self.found]),
            "bodies": twins.bodies([self.found]),
            "cited_by": {
                "paragraphs": self.total,
                "url": f"{paragraph_path(self.held.symbol, self.found.anchor)}/cited-by.json",
            },
            "previous": self._path(self.before),
            "next": self._path(self.after),
            "fate": self.fate,
        }

    def _path(self, paragraph: Paragraph | None) -> str | None:
        return paragraph_path(self.held.symbol, paragraph.anchor) if paragraph else None
