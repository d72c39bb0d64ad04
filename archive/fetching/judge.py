"""Classification of the document service's answers by status, headers and bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

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
_CHALLENGED = re.compile(
    r"captcha|awswaf|aws-waf|challenge-platform|cf-chl|just a moment|checking your browser"
    r"|verify (?:that )?you are (?:a )?human|access denied|request (?:was )?(?:blocked|rejected)",
    re.I,
)
_NONE_THERE = re.compile(
    r"no (?:such )?documents? (?:matching|matche[sd]|found|available|exists?)"
    r"|document (?:was |is )?not (?:found|available)"
    r"|(?:could|can)(?:not| not) (?:be )?(?:find|found)|does not exist|page not found|\b404\b"
    r"|没有(?:找到)?(?:相符|匹配|符合|这份|该|此)|未找到|找不到|不存在",
    re.I,
)
_TITLE = re.compile(r"<(?:title|h1)\b[^>]*>(.*?)</(?:title|h1)", re.I | re.S)


class What(StrEnum):
    """The class of an answer. ``LATER``, ``FAILED`` and ``BAD_REQUEST`` may be retried."""

    DOCUMENT = "document"
    MOVED = "moved"
    NOT_PUBLISHED = "not_published"
    NOT_A_DOCUMENT = "not_a_document"
    BLOCKED = "blocked"
    LATER = "later"
    FAILED = "failed"
    BAD_REQUEST = "bad_request"


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
        return Judged(What.BAD_REQUEST, "bad_request", "400")
    if status in (408, 425) or status >= 500:
        return Judged(What.FAILED, "status", str(status))
    if status not in (200, 206):
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
