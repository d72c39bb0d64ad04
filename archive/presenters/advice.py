"""What the desk tells an operator whose archive holds none of the resolutions that it is about."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from archive.models import Document


def advice_on_resolutions() -> str:
    """How to get the resolutions; empty where the archive holds any."""
    if Document.objects.filter(Q(document_type="resolution") | Q(symbol__startswith="S/RES/")).exists():
        return ""
    return _(
        "本库还没有任何决议的文本。在能上网的机器上执行"
        "“manage.py fetch_documents --family 1540 --contact 您的邮箱”，"
        "可从联合国正式文件系统逐份取来；先加--dry-run看会问什么。没有网的，用浏览器下载后执行"
        "“manage.py import_documents 文件”。详见README“From the UN”一节。"
    )
