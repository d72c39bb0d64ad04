"""Links of a page to its machine-readable data: twins, feeds, identifiers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from archive.http.addresses import cited_by_path, document_path
from archive.http.formats import MEDIA
from archive.opendata.signposts import Twin, twins_of_page

register = template.Library()

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
