"""Lists inside of sentences, joined in the way of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

register = template.Library()


def _between(kind: str) -> str:
    """Returns the separator of two items, itself a message, which shows a translator both sides; where they
    are not listed, by itself: ``{% between "clauses" %}``.
    """
    patterns = {
        "items": pgettext("two items of a list", "%(before)s、%(after)s"),
        "clauses": pgettext("two clauses of a list", "%(before)s，%(after)s"),
        "sentences": pgettext("two sentences", "%(before)s。%(after)s"),
        "label": pgettext("a label and what it is of", "%(before)s：%(after)s"),
        "parts": pgettext("two parts of a list, with commas in them", "%(before)s；%(after)s"),
        "quotations": pgettext("two quotations of a list, in quotation marks", "%(before)s%(after)s"),
        "bracket": pgettext("words and a bracket behind them", "%(before)s%(after)s"),
        "choices": pgettext("two choices of a row", "%(before)s · %(after)s"),
    }
    return patterns["items" if kind == "marked" else kind] % {"before": "", "after": ""}


register.simple_tag(_between, name="between")


@register.filter
def joined(items: Iterable[object], kind: str) -> str:
    """Returns plain words as a list: ``{{ body.aliases|joined:"items" }}``."""
    return _between(kind).join(map(str, items))


KINDS = ("items", "marked", "clauses", "parts", "quotations", "choices")


class ListedNode(template.Node):
    """Renders its inside once for each item, joined; into a name where one is given."""

    child_nodelists = ("nodelist",)

    def __init__(
        self,
        names: list[str],
        items: template.base.FilterExpression,
        kind: str,
        into: str,
        nodelist: template.NodeList,
    ):
        self.names, self.items, self.kind, self.into, self.nodelist = names, items, kind, into, nodelist

    def render(self, context: template.Context) -> SafeString:
        items = list(self.items.resolve(context, ignore_failures=True) or ())
        between, inside = _between(self.kind), self.kind == "marked"
        pieces = []
        for number, item in enumerate(items, 1):
            values: tuple[Any, ...] = (item,) if len(self.names) == 1 else tuple(item)
            named = dict(zip(self.names, values, strict=True))
            with context.push(**named, mark=between if inside and number < len(items) else ""):
                pieces.append(self.nodelist.render(context))
        joined = mark_safe(("" if inside else between).join(pieces))  # noqa: S308  a template rendered each
        if not self.into:
            return joined
        context[self.into] = joined
        return mark_safe("")


@register.tag
def listed(parser: template.base.Parser, token: template.base.Token) -> ListedNode:
    """Returns a list, to be put by its name into a whole sentence, ``{% blocktranslate %}见{{ places }}。{% …
    %}``: ``{% listed url, name in links by clauses as places %}<a …>…</a>{% endlisted %}``.

    Names are unpacked as by ``for``. ``by`` takes one of ``KINDS``, else items; without ``as``, the list is
    written where it stands. ``marked`` are items that must not part from what follows them: each writes its
    own ``{{ mark }}``. Raises ``TemplateSyntaxError`` where the tag is written otherwise.
    """
    words = token.split_contents()[1:]
    into = kind = ""
    if words[-2:-1] == ["as"]:
        into = words.pop()
        words.pop()
    if words[-2:-1] == ["by"]:
        kind = words.pop()
        words.pop()
    if words[-2:-1] != ["in"] or not words[:-2] or kind not in ("", *KINDS):
        raise template.TemplateSyntaxError("listed: names in list [by kind] [as name]")
    items, names = parser.compile_filter(words[-1]), [name.strip(",") for name in words[:-2]]
    nodelist = parser.parse(("endlisted",))
    parser.delete_first_token()
    return ListedNode(names, items, kind or "items", into, nodelist)
