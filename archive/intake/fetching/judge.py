"""Classification of the document service's answers by status, headers and bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.models import Document, Resolution
from archive.readers import format_of

DOCUMENTS = ("pdf", "docx", "doc", "odt", "rtf", "wordperfect")
"""Formats in which documents come; whether one can be read is another question."""

CHALLENGES = ("x-amzn-waf-action", "cf-mitigated", "x-sucuri-block", "x-datadome")
REFUSALS = (401, 403, 405, 407, 418, 451)
_SAMPLE = 20_000
_WORDPERFECT = b"\xffWPC"
_META = re.compile(r"<meta\b[^>]*>", re.I)
_REFRESH = re.compile(r"http-equiv\s*=\s*[\"']?\s*refresh\b", re.I)
_TARGET = re.compile(
    r"content\s*=\s*(?P<mark>[\"'])\s*(?P<wait>[\d.]*)\s*[;,]?\s*(?:url\s*=)?\s*(?P<url>.*?)(?P=mark)",
    re.I | re.S,
)
# What pages say that are no document, each a regular expression.
WORDS = json.loads(Path(__file__).with_name("answers.json").read_text("utf-8"))
_CHALLENGED, _NONE_THERE = (re.compile("|".join(WORDS[name]), re.I) for name in ("challenged", "none_there"))
_TITLE = re.compile(r"<(?:title|h1)\b[^>]*>(.*?)</(?:title|h1)", re.I | re.S)


class What(StrEnum):
    """The class of an answer. ``LATER`` and ``FAILED`` may be retried."""

    DOCUMENT = "document"
    MOVED = "moved"
    NOT_PUBLISHED = "not_published"
    NOT_A_DOCUMENT = "not_a_document"
    BLOCKED = "blocked"
    LATER = "later"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Judged:
    """``why`` is a code of ``words``, ``detail`` goes into its sentence (a title, a status, an address)."""

    what: What
    why: str = ""
    detail: str = ""


def judge_head(status: int, headers: Mapping[str, str]) -> Judged | None:
    """Classifies an answer by status and headers (names in lower case); None where the body decides."""
    challenge = next((name for name in CHALLENGES if name in headers), None)
    if challenge:
        return Judged(What.BLOCKED, "challenge", f"{challenge}: {headers[challenge]}"[:80])
    if status in (301, 302, 303, 307, 308):
        if headers.get("location"):
            return Judged(What.MOVED, "moved", str(status))
        return Judged(What.FAILED, "status", str(status))
    if status in (429, 503):
        return Judged(What.LATER, "later", str(status))
    if status in REFUSALS:
        return Judged(What.BLOCKED, "refused", str(status))
    if status == 202:  # what a challenge answers with; a file that is to be had is answered with 200
        return Judged(What.BLOCKED, "challenge", "202")
    if status in (404, 410):
        return Judged(What.NOT_PUBLISHED, "unknown", str(status))
    if status == 204:
        return Judged(What.NOT_PUBLISHED, "empty")
    if status == 400:
        return Judged(What.NOT_A_DOCUMENT, "bad_request", "400")
    if status in (408, 425) or status >= 500:
        return Judged(What.FAILED, "status", str(status))
    if status != 200:
        return Judged(What.NOT_A_DOCUMENT, "status", str(status))
    return None


def judge_body(content: bytes) -> Judged:
    """Classifies an answer by its whole body; the declared content type is ignored."""
    if not content.strip():
        return Judged(What.NOT_PUBLISHED, "empty")
    kind = kind_of(content)
    if kind in DOCUMENTS:
        return Judged(What.DOCUMENT, detail=kind)
    page = content[:_SAMPLE].decode("utf-8", "replace")
    if kind in ("html", "text"):
        if _CHALLENGED.search(page):
            return Judged(What.BLOCKED, "challenge_page", title_of(page))
        if _NONE_THERE.search(page):
            return Judged(What.NOT_PUBLISHED, "none_there", title_of(page))
    return Judged(What.NOT_A_DOCUMENT, "other", title_of(page) if kind == "html" else kind)


def kind_of(content: bytes) -> str:
    """Returns the format of the bytes, as in ``readers.sniff``; WordPerfect too, which no reader reads."""
    return "wordperfect" if content.startswith(_WORDPERFECT) else format_of(content)


def refresh_of(content: bytes) -> tuple[float, str] | None:
    """Seconds and address of a page that sends on by a meta element; None where it does not."""
    if kind_of(content) != "html":
        return None
    page = content[:_SAMPLE].decode("utf-8", "replace")
    for meta in _META.findall(page):
        if _REFRESH.search(meta) and (told := _TARGET.search(meta)) and told["url"].strip("'\" "):
            wait = told["wait"]
            seconds = float(wait) if re.fullmatch(r"\d{1,4}(?:\.\d*)?", wait) else 0.0
            return seconds, unescape(told["url"].strip("'\" "))
    return None


def title_of(page: str) -> str:
    """Returns the title of a page, on one line; empty where it has none."""
    found = _TITLE.search(page)
    plain = re.sub(r"<[^>]*>", "", unescape(found[1])) if found else ""
    return " ".join("".join(char if char.isprintable() else " " for char in plain).split())[:120]


def is_whole(content: bytes) -> bool:
    """Returns True if a file of unknown length looks complete, judged by the ending of its format."""
    kind = kind_of(content)
    if kind == "pdf":
        return b"%%EOF" in content[-4096:]
    if kind == "rtf":
        return content.rstrip(b"\0\r\n \t").endswith(b"}")
    return kind != "damaged"  # the directory of a zip stands at its end


# Messages about answers of the document service, by the codes of ``judge`` and ``client``.

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
    "connection": _("连接中断（%(detail)s）；再运行一次，就从头再取。"),
    "unreachable": _("连不上文件系统（%(detail)s）；请检查网络，需要代理的请设FETCH_PROXY。"),
    "cut_off": _("文件没有收全（收到%(detail)s字节）；再运行一次，就从头再取。"),
    "too_large": _("文件超过%(detail)s字节，没有收下。"),
    "too_slow": _("收得太慢，到时限为止（收到%(detail)s字节）；再运行一次，就从头再取。"),
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
        "本库还没有1540系列各决议的文本。编者可以下载语料库CR-UNSC的表格（…_ALL_CSV_FULL.zip），"
        "在编辑台的“收文”页照别的文件一样上传；管理本站的人也可以用命令收入（见README）。"
    )
