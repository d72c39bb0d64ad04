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
        "本库还没有1540系列各份决议的文本。下载语料库CR-UNSC（doi:10.5281/zenodo.7319780）的一个文件，"
        "执行“manage.py import_corpus 文件 --family 1540”；或在能上网的机器上执行"
        "“manage.py fetch_documents --family 1540 --contact 您的邮箱”。"
        "详见README“The ten resolutions in three commands”一节。"
    )
