"""Loads templates whose long lines are broken: ``{#-#}`` at the end of a line joins it with the next.

A line break is a blank on the page, which Chinese does not have between words, and Django's tags cannot stand
on several lines.
"""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

_JOINED = re.compile(r"\{#-#\}\n[ \t]*")


class JoiningLoader(filesystem.Loader):
    """Django's loader of files in folders, with joined lines put together."""

    def get_contents(self, origin: Origin) -> str:
        return _JOINED.sub("", super().get_contents(origin))
