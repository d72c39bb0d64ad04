"""Messages about answers of the document service, by the codes of ``judge`` and ``client``."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.models import Document, Resolution

from .judge import Judged

SENTENCES = {
    "empty": _("答复是空的：这一语文的文本没有公布，或文号有误。"),
    "unknown": _("文件系统不认识这个文号（HTTP %(detail)s）：没有公布，或文号有误。"),
    "none_there": _("答复的网页说没有这份文件：%(detail)s。"),
    "other": _("答复不是文件，而是：%(detail)s。"),
    "challenge": _(
        "文件系统要求先证明不是程序（%(detail)s）。本程序到此为止；请用浏览器下载，再用import_documents入库。"
    ),
    "challenge_page": _(
        "答复的网页要求先证明不是程序：%(detail)s。本程序到此为止；请用浏览器下载，再用import_documents入库。"
    ),
    "refused": _("文件系统拒绝了请求（HTTP %(detail)s）。本程序到此为止，不登录，也不绕开。"),
    "robots": _("文件系统的robots.txt不许程序取文件。请用浏览器下载，再用import_documents入库。"),
    "later": _("文件系统要求稍后再来（HTTP %(detail)s）。"),
    "status": _("文件系统答复HTTP %(detail)s，再问仍是如此。"),
    "bad_request": _("文件系统不认这个请求（HTTP %(detail)s）；请核对文号和语文。"),
    "connection": _("连接中断（%(detail)s）；已收到的部分留着，可用--resume接着取。"),
    "unreachable": _("连不上文件系统（%(detail)s）；请检查网络，需要代理的请设FETCH_PROXY。"),
    "cut_off": _("文件没有收全（收到%(detail)s字节）；可用--resume再取。"),
    "other_part": _("续传的不是同一份文件，已收到的部分作废；可用--resume从头再取。"),
    "too_large": _("文件超过%(detail)s字节，没有收下。"),
    "too_slow": _("收得太慢，到时限为止（收到%(detail)s字节）；可用--resume接着取。"),
    "loop": _("地址绕圈，没有结果。"),
    "hops": _("地址一转再转，没有结果。"),
    "elsewhere": _("被转到不在准许之列的地址，没有去问：%(detail)s。"),
}


def sentence_of(judged: Judged) -> str:
    """Returns the sentence for an answer; empty where there is nothing to say."""
    told = SENTENCES.get(judged.why)
    return str(told) % {"detail": judged.detail or "—"} if told else ""


# What an archive that holds none of the resolutions that it is about says to whoever runs it.


def advice_on_resolutions() -> str:
    """Returns advice on obtaining the resolutions; empty where the archive has any. One query."""
    family = Resolution.objects.filter(family=True).order_by().values("symbol")
    if Document.objects.filter(symbol__in=family).exists():
        return ""
    return gettext(
        "本库还没有1540系列各决议的文本，可以用命令收入（见README）："
        "import_corpus 文件 --family 1540，或fetch_documents --family 1540。"
    )
