"""The basket, ``/basket?c=CODE&c=CODE``: its address is all that there is of it, to be kept and sent."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import ClassVar
from urllib.parse import urlencode

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.site.citations.briefing_sheet import Line, briefing_sheet
from archive.site.citations.build import records_for
from archive.site.citations.forms import forms
from archive.site.citations.record import Record
from archive.site.citations.reference_files import collected
from archive.site.citations.styles import cited_chinese, cited_english
from archive.site.http.formats import MEDIA, formats_of
from archive.site.http.paging import BadRequestError
from archive.site.presenters.wording import (
    cited_paragraph_name,
    day_in_words,
    placed,
    reads_english,
    recognized_in_words,
)
from archive.store.addresses import shortlinks
from archive.store.addresses.paths import paragraph_path, short_path
from archive.store.addresses.shortlinks import MOST, Item, LinkStatus, codes_of, items_of
from archive.store.values import Fingerprint, Schema, answers

from .page import page
from .respond import json_response, respond


class ShortLink(Schema, frozen=True, kw_only=True):
    """The text to which a short code refers."""

    code: str
    symbol: str
    language: str
    anchor: str
    fingerprint: Fingerprint
    url: str
    permalink: str


class BasketItem(Schema, frozen=True, kw_only=True):
    """A passage of the basket; ``text`` and ``footnote`` are null where its words are not as cited."""

    code: str
    symbol: str
    anchor: str
    fingerprint: Fingerprint
    fate: str
    permalink: str
    text: str | None
    footnote: str | None
    ocr_confidence: int | None

    item: ClassVar[Item]
    name: ClassVar[str]
    short: ClassVar[str]
    without: ClassVar[str]
    record: ClassVar[Record | None]  # None where the words are not those that were cited
    footnote_linked: ClassVar[str]

    @property
    def source(self) -> str:
        """S/2010/52，附件，第14段."""
        cited = cited_english if reads_english() else cited_chinese
        return cited(self.record) if self.record else ""

    @property
    def is_edited(self) -> bool:
        return self.item.status is LinkStatus.EDITED

    @property
    def said(self) -> str:
        """The remark on a text; empty where it is as cited and was never recognised from an image."""
        mark = recognized_in_words(self.ocr_confidence)
        return " ".join(filter(None, [str(SAID[self.item.status]), mark]))


class Basket(Schema, frozen=True, kw_only=True):
    """The requested passages, the unknown codes, and the largest number of passages."""

    items: list[BasketItem]
    unknown: list[str]
    most: int


SAID = {
    LinkStatus.IDENTICAL: "",
    LinkStatus.FORM: gettext_lazy("文字与引用时相同，字形或有不同。"),
    LinkStatus.MOVED: gettext_lazy("文字与引用时相同，位置变了。"),
    LinkStatus.EDITED: gettext_lazy("引用的文字后来改动了，这里不列；改了哪些字，见固定链接。"),
    LinkStatus.WITHDRAWN: gettext_lazy("引用的文字已不在文件中，这里不列；缘由见固定链接。"),
    LinkStatus.WITHHELD: gettext_lazy("引用的文字依法不予显示。"),
}
GONE = (LinkStatus.EDITED, LinkStatus.WITHDRAWN, LinkStatus.WITHHELD)


@answers(Basket)
@page
def basket(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows ``/basket?c=…``: the quotations with their sources, the footnotes, and the files."""
    shown, wrong = _basket(request)
    standing = [each for each in shown if each.record]
    codes = [each.item.code for each in shown]
    query = _query(codes)
    context = {
        "items": shown,
        "codes": codes,
        "standing": standing,
        "wrong": wrong,
        "most": MOST,
        "here": request.build_absolute_uri(reverse("basket") + query) if shown else "",
        "files": [
            (_("简报底稿（Word）"), f"{reverse('basket_docx')}{query}", MEDIA["docx"]),
            *((one.label, reverse(f"basket_{one.key}") + query, one.media) for one in formats_of("citation")),
        ]
        if standing
        else [],
        "footnotes": "\n".join(f"{number}. {each.footnote}" for number, each in enumerate(standing, 1)),
        "footnotes_linked": "\n".join(
            f"{number}. {each.footnote_linked}" for number, each in enumerate(standing, 1)
        ),
    }
    return respond(
        request, "archive/basket.html", context, lambda: Basket(items=shown, unknown=wrong, most=MOST), twin
    )


@page
def basket_file(request: HttpRequest, ending: str, twin: bool = False) -> HttpResponse:
    """Serves the basket as ``.docx``, which tells what is left out, or the records of what stands
    as ``.ris``, ``.bib``, ``.csl.json``, of an empty basket none. ``twin``: errors are told to a program.
    Raises BadRequestError where none of its words stand.
    """
    shown, wrong = _basket(request)
    standing = [each.record for each in shown if each.record]
    if not standing and (shown or wrong or ending == "docx"):
        raise BadRequestError(_("篮里没有可以写入文件的段落。"))
    content: str | bytes
    if ending == "docx":
        content, media = _sheet(request, shown, wrong), MEDIA[ending]
    else:
        # Each once: two codes may lead to the same words now.
        content = collected(ending, list({record.link: record for record in standing}.values()))
        media = f"{MEDIA[ending]}; charset=utf-8"
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="basket.{ending}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _basket(request: HttpRequest) -> tuple[list[BasketItem], list[str]]:
    codes, wrong = codes_of(request.GET.getlist("c"))
    if len(codes) > MOST:
        told = {"most": MOST, "count": len(codes)}
        raise BadRequestError(_("一个引文篮最多放%(most)s段，这个地址里有%(count)s段。请分成几个。") % told)
    items, unknown = items_of(codes)
    return _basket_items(request, items), [*wrong, *unknown]


def _basket_items(request: HttpRequest, items: Sequence[Item]) -> list[BasketItem]:
    absolute = request.build_absolute_uri
    here = {item.code: (item.paragraph, absolute(_address(item))) for item in items if item.paragraph}
    passages = [(paragraph.document, paragraph, address) for paragraph, address in here.values()]
    records = dict(zip(here, records_for(passages), strict=True))
    codes = [item.code for item in items]
    style = "un-en" if reads_english() else "un"
    found = []
    for item in items:
        record = records.get(item.code)
        written = forms(record) if record else {}
        link = item.link
        found.append(
            BasketItem.from_row(
                link,
                fate=item.status.value,
                permalink=absolute(_address(item)),
                text=item.paragraph.text if item.paragraph else None,
                footnote=written.get(style),
                ocr_confidence=record.ocr_confidence if record else None,
            ).carrying(
                item=item,
                name=placed(link.symbol, cited_paragraph_name(link.anchor)),
                short=absolute(short_path(item.code)),
                without=reverse("basket") + _query([code for code in codes if code != item.code]),
                record=record,
                footnote_linked=written.get(f"{style}-link", ""),
            )
        )
    return found


def _address(item: Item) -> str:
    """Returns the permalink of the words' present place, or of where they were cited."""
    if now := item.paragraph:
        held = now.document
        return paragraph_path(held.symbol, now.anchor, now.fingerprint, held.language)
    return _path_of(item.link)


def _path_of(link: shortlinks.ShortLink) -> str:
    return paragraph_path(link.symbol, link.anchor, link.fingerprint, link.language)


def _query(codes: Sequence[str]) -> str:
    return "?" + urlencode([("c", code) for code in codes]) if codes else ""


def _sheet(request: HttpRequest, shown: Sequence[BasketItem], wrong: Sequence[str]) -> bytes:
    lines = [Line(each.text or "", each.footnote_linked, each.said) for each in shown if each.record]
    left_out = [
        _("%(name)s：%(said)s%(link)s") % {"name": each.name, "said": each.said, "link": each.permalink}
        for each in shown
        if not each.record
    ]
    left_out += [_("没有发出过的短码：%(code)s") % {"code": code} for code in wrong]
    accessed = next(each.record.accessed for each in shown if each.record)
    here = request.build_absolute_uri(reverse("basket") + _query([each.item.code for each in shown]))
    taken = _("%(date)s取自1540文献库：%(link)s") % {"date": day_in_words(accessed), "link": here}
    return briefing_sheet(_("简报底稿"), lines, left_out, taken)


# Short codes from print: ``/c/7k3m9x2q``, and the QR code that holds that address.


@answers(ShortLink)
@page
def short(request: HttpRequest, typed: str, twin: bool = False) -> HttpResponseBase:
    """Redirects a short code to its permalink; an unknown one gets a page of its own. 302, not 301, which
    browsers keep for good: printed codes are to be asked for here for ever.
    """
    code = shortlinks.read(typed)
    link = shortlinks.find(code) if code else None
    if link is None:
        context = {"typed": typed[:40], "code": code, "length": shortlinks.LENGTH}
        facts = {"error": _("本库没有发出过这个短码。"), "typed": typed[:40], "code": code}
        return respond(request, "archive/short_unknown.html", context, facts, twin, 404)
    path = _path_of(link)
    if twin:
        told = {name: getattr(link, name) for name in ("code", *shortlinks.CitedText._fields)}
        return json_response(ShortLink(**told, url=short_path(link.code), permalink=path))
    return HttpResponseRedirect(path)


@page
def qr(request: HttpRequest, typed: str) -> HttpResponse:
    """Shows the QR code of a short link as SVG: attributes only, no style or script."""
    code = shortlinks.read(typed)
    if code is None or shortlinks.find(code) is None:
        raise Http404(_("本库没有发出过这个短码。"))
    drawn = BytesIO()
    made = segno.make(request.build_absolute_uri(short_path(code)), error="m", micro=False)
    made.save(
        drawn, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=2, light="#fff"
    )
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
