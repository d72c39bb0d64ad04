"""Words and addresses for templates, and links of a page to its data. Everything returned is escaped."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote, urlsplit

from django import template
from django.conf import settings
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from archive.models import Document
from archive.models.querysets.languages import CHINESE, text_language
from archive.site.citations.in_english import address_in_english
from archive.site.http.formats import MEDIA
from archive.site.http.languages import with_choice
from archive.site.opendata.operations import PAGES
from archive.site.opendata.signposts import Twin, twins_of_page
from archive.site.presenters import relations, symbols, wording
from archive.site.presenters.traditional import traditional_html
from archive.store.addresses import paths as addresses
from archive.store.addresses.paths import cited_by_path, document_path
from archive.text.symbols.symbol import un_url

register = template.Library()

for path in ("document_path", "mention_path", "body_path", "state_path", "treaty_path", "concept_path"):
    register.filter(path, getattr(addresses, path))
for path in ("paragraph_path", "cited_by_path", "place_path"):
    register.simple_tag(getattr(addresses, path))
for words in (
    relations.doubt_in_words,
    relations.dropped_reason,
    relations.relation_name,
    symbols.eur_lex_url,
    un_url,
    wording.date_in_words,
    wording.discordance_name,
    wording.full_title,
    wording.language_name,
    wording.meeting_name,
    wording.original_label,
    wording.recognized_in_words,
    wording.reason_in_words,
    wording.reference_words,
    wording.shortened,
    wording.since_in_words,
    wording.title_organ,
    wording.until_in_words,
):
    register.filter(words)
register.filter("day", wording.day_in_words)
register.filter("named", wording.name_in_words)
register.filter("short_symbol", wording.short_name)
register.filter("person", wording.person_in_words)
register.filter("spoken", wording.spoken_symbol)
register.filter("cited_name", wording.cited_paragraph_name)
register.filter("beside", wording.day_or_moment)


@register.filter
def breakable(symbol: str) -> SafeString:
    """Returns a symbol that may break after each stroke: ``S/<wbr>2010/<wbr>52``."""
    return mark_safe(escape(symbol).replace("/", "/<wbr>"))  # noqa: S308  escaped before


class ScriptNode(template.Node):
    """Renders text of a document in the letters in which the reader asked for it."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        html = self.nodelist.render(context)
        if context["request"].GET.get("script") != "hant":
            return html
        return mark_safe(traditional_html(html).replace('lang="zh-Hans"', 'lang="zh-Hant"'))  # noqa: S308  as it was


@register.tag
def scripted(parser: template.base.Parser, _token: template.base.Token) -> ScriptNode:
    """Returns what stands between, in traditional letters under ``script=hant``: ``{% scripted %}…{%
    endscripted %}``.
    """
    nodelist = parser.parse(("endscripted",))
    parser.delete_first_token()
    return ScriptNode(nodelist)


@register.simple_tag
def today() -> str:
    """Returns the day, in words."""
    return wording.day_in_words(timezone.localdate())


@register.filter
def signed_on(date: str) -> str:
    """Words the date of a treaty, ``1993-01-13``; a year alone stays."""
    return wording.day_in_words(dt.date.fromisoformat(date)) if len(date) == 10 else date


@register.simple_tag
def html_language(of: str = "html") -> str:
    """Returns the language of the page as HTML names it: ``zh-Hans``; with "og", as Open Graph does."""
    code = get_language() or settings.LANGUAGE_CODE
    return to_locale(code).replace("_", "-") if of == "html" else OPEN_GRAPH.get(code, "zh_CN")


@register.filter
def tag_of(language: str) -> str:
    """Returns the language of a text as HTML names it: ``zh-Hans`` for ``zh``."""
    return {"zh": "zh-Hans"}.get(language, language)


@register.filter
def bilingual_with(text: Document, other: Document) -> str:
    """Returns the address of two texts of a document beside each other, of which one is Chinese."""
    foreign = other if text.language == CHINESE else text
    return addresses.bilingual_path(text.symbol, foreign.language)


@register.simple_tag
def text_tag() -> str:
    """Returns the language of the texts of this page as HTML names it."""
    return tag_of(text_language())


@register.simple_tag(takes_context=True)
def languages_of_page(context: template.Context) -> list[tuple[str, str, str]]:
    """Returns the address of this page in each language of the interface: its code for HTML, its name and
    the address; none where there is but one, or no address.
    """
    request = context.get("request")
    if request is None or len(settings.LANGUAGES) < 2:
        return []
    here = request.get_full_path().partition("?")[0] + query(context)
    spelled = ((code, name, to_locale(code).replace("_", "-")) for code, name in settings.LANGUAGES)
    return [(tag, name, with_choice(here, code)) for code, name, tag in spelled]


OPEN_GRAPH = {"en": "en_GB", "zh-hant": "zh_TW"}


@register.filter
def as_symbol(symbol: str, place: str = "") -> SafeString:
    """Returns a symbol set as symbols are set, with the name of a place in the document behind it."""
    behind = wording.placed("", place) if place else ""
    return format_html('<span class="symbol">{}</span>{}', breakable(symbol), behind)


@register.inclusion_tag("archive/_english.html", takes_context=True)
def in_english(context: template.Context, shows: str, symbol: str = "", anchor: str = "") -> dict:
    """Returns what every permalink says in English: what the page ``shows``, how that is cited, where the
    English text is. Without ``symbol`` it is what the page's citation is of.
    """
    panel = context.get("citation") or context.get("how_cited")
    told = panel.english if panel and not symbol else address_in_english(symbol, anchor)
    there = next((text for text in context.get("others") or () if text.language == "en"), None)
    path = addresses.document_path(there.symbol, there.language) if there else ""
    if path and shows == "paragraph":
        path = next((one.url for one in context["counterparts"] if one.language == "en" and one.url), path)
    return context.flatten() | {"shows": shows, "english": told, "english_text": path}


@register.filter
def percent(share: float) -> str:
    """Formats 0.9987 as 99.8%. Rounded down: less than all is never shown as 100%."""
    return f"{int(share * 1000) / 10:g}%"


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """Returns the page's query string with some parameters replaced; None removes one; maybe empty."""
    given = dict(context["request"].GET.lists())
    given |= {name: [] if value is None else [value] for name, value in changes.items()}
    return addresses.ordered_query({name: values for name, values in given.items() if values})


@register.simple_tag(takes_context=True)
def narrowed(context: template.Context, **changes: object) -> str:
    """Returns the address of the list of the page with some conditions changed, as ``query`` does."""
    return context["request"].path + query(context, **changes)


@register.simple_tag(takes_context=True)
def is_narrowed(context: template.Context) -> bool:
    """Returns True if the page is a filtered list: robots index the unfiltered list and its pages."""
    request = context.get("request")
    return request is not None and bool(request.GET.keys() - {"page"})


@register.inclusion_tag("archive/_bar.html")
def bar(share: float) -> dict:
    """Returns a bar of ``share`` percent's width, as an attribute: the policy forbids inline style."""
    return {"share": f"{share:.1f}"}


@register.simple_tag(takes_context=True)
def canonical_address(context: template.Context, path: str = "") -> str:
    """Returns the canonical address of the page: no filters, but query and page number."""
    request = context.get("request")
    if request is None:
        return path
    number = request.GET.get("page", "")
    number = number if number.isdecimal() and number != "1" else ""
    query = addresses.query_string(q=request.GET.get("q", ""), page=number)
    return request.build_absolute_uri((path or request.path) + query)


@register.simple_tag(takes_context=True)
def conditions_in_title(context: template.Context) -> str:
    """Words filters and page of a list for its title: ``2016，第2页 · ``. Empty without any."""
    request = context.get("request")
    if request is None:
        return ""
    page = PAGES.get(getattr(request.resolver_match, "url_name", None) or "")
    titled = {parameter.name for parameter in page.parameters if parameter.titled} | {"page"} if page else ()
    given = [_condition(name, value) for name, value in request.GET.items() if name in titled and value]
    return wording.clauses(given) + " · " if given else ""


def _condition(name: str, value: str) -> str:
    if name == "page":
        return _("第%(number)s页") % {"number": value[:8]}
    if name == "type" and value in Document.Type:
        return str(Document.Type(value).label)
    return wording.shortened(value, 40)


# The entry of the navigation that a page belongs to, by the entry.
PAGES_OF = {
    "resolutions": ("resolutions",),
    "bodies": ("bodies", "body"),
    "states": ("states", "state", "speakers", "speaker"),
    "matrix": ("matrix",),
    "check": ("check",),
    "concordance": ("concordance",),
    "coverage": ("coverage",),
    "basket": ("basket",),
    "help": ("help",),
    "years": ("years", "year"),
    "documents": (
        *("documents", "document", "dropped", "paragraph", "cited_words"),
        *("cited_by", "paragraph_cited_by"),
    ),
}
SECTIONS = {page: section for section, pages in PAGES_OF.items() for page in pages}


@register.simple_tag(takes_context=True)
def error_contact(context: template.Context) -> str:
    """Returns the contact for errors on the current page: an e-mail link with the address as its subject, or
    the page that the operator named. Empty where none was named (``ERROR_CONTACT``).
    """
    request, contact = context.get("request"), settings.ERROR_CONTACT
    if not contact.startswith("mailto:") or "?" in contact or request is None:
        return contact
    subject = _("1540文献库有误：%(address)s") % {"address": request.path[:300]}
    return f"{contact}?subject={quote(subject)}"


@register.simple_tag(takes_context=True)
def current_section(context: template.Context) -> str:
    """Returns the page's entry in the navigation; resolutions by their symbol. Else empty."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if match is None:
        return ""
    section = SECTIONS.get(match.url_name or "", "")
    if section == "documents" and "/RES/" in match.kwargs.get("symbol", ""):
        return "resolutions"
    return section


# Links of a page to its machine-readable data: twins, feeds, identifiers.


register.simple_tag(twins_of_page, takes_context=True)


@register.simple_tag(takes_context=True)
def feeds_of_page(context: template.Context) -> list[Twin]:
    """Returns the feeds about a page's subject, for feed readers to discover: of the whole archive on the
    front page; of new citations and changes on documents, resolutions and paragraphs.
    """
    request: Any = context.get("request")
    match: Any = getattr(request, "resolver_match", None)
    name = match.url_name if match else ""
    if context.get("no_twins"):
        return []
    if name == "home":
        found = [(_("新文件"), reverse("documents_atom")), (_("变动记录"), reverse("changes_atom"))]
    elif name == "document" and ("un_url" in context or context.get("document")):
        symbol = match.kwargs["symbol"]
        found = [(_("引用%(symbol)s的段落") % {"symbol": symbol}, f"{cited_by_path(symbol)}.atom")]
        if context.get("document"):
            words = _("%(symbol)s的改动经过") % {"symbol": symbol}
            found.append((words, f"{document_path(symbol)}/history.atom"))
    elif name in ("paragraph", "cited_words") and context.get("document") and context.get("focus"):
        symbol, anchor = context["document"].symbol, context["focus"].anchor
        told = {"symbol": symbol, "name": context["focus"].name}
        found = [
            (_("引用%(symbol)s%(name)s的段落") % told, f"{cited_by_path(symbol, anchor)}.atom"),
            (_("%(symbol)s的改动经过") % told, f"{document_path(symbol)}/history.atom"),
        ]
    else:
        found = []
    return [Twin(label, address, MEDIA["atom"]) for label, address in found]


@register.simple_tag(takes_context=True)
def again(context: template.Context, block: str) -> SafeString:
    """Returns the text of a block of the page again: title and description for OpenGraph."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    node = blocks.get_block(block) if blocks else None
    words = node.render(context) if node else ""
    return mark_safe(" ".join(words.split()).removesuffix("·").rstrip())  # noqa: S308 (escaped as it was rendered)


@register.simple_tag(takes_context=True)
def unapi_id(context: template.Context, address: str) -> SafeString | str:
    """Returns the identifier of an entry of a list for reference managers: its path. None on the page of one
    thing, whose own tags it would outrank.
    """
    if "citation" in context:
        return ""
    return format_html('<abbr class="unapi-id" title="{}"></abbr>', urlsplit(address).path)
