"""What an archive that holds none of the resolutions that it is about says to whoever runs it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from archive.models import Document, Resolution


def advice_on_resolutions() -> str:
    """How to get the resolutions; empty where the archive holds any. One query."""
    family = Resolution.objects.filter(family=True).order_by().values("symbol")
    if Document.objects.filter(symbol__in=family).exists():
        return ""
    return _(
        "本库还没有1540系列各决议的文本，可以用命令收入（见README）："
        "import_corpus 文件 --family 1540，或fetch_documents --family 1540。"
    )
