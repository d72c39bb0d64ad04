"""Loads templates whose long lines are broken: ``{#-#}`` at the end of a line joins it with the next.

A line break is a blank on the page, which Chinese does not have between words, and Django's tags cannot stand
on several lines. ``makemessages`` joins them by the same function: a sentence broken so is one message.
"""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

_BREAK = re.compile(r"\{#-#\}\n[ \t]*")


def joined(source: str) -> str:
    """Returns the text of a template with broken lines put together."""
    return _BREAK.sub("", source)


class JoiningLoader(filesystem.Loader):
    """Django's loader of files in folders, with joined lines put together."""

    def get_contents(self, origin: Origin) -> str:
        return joined(super().get_contents(origin))
