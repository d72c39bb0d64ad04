"""Addresses that were public and went: each answers 410 with a sentence that names what stands there now."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from archive.site.http.lazy import Views

PAST = gettext_lazy("本库不再提供Memento；历次改动和从前的文字见%(instead)s。")


# Route, whether programs asked it, what stands in its place (``{query}``: under the same question), and the
# sentence that says so. A symbol is called otherwise here: what is withdrawn was asked for, too.
GONE = (
    (
        "oembed",
        True,
        "/api",
        gettext_lazy(
            "本库不再提供oEmbed卡片；段落地址之后加.json，就是它的文字、出处和链接，说明见%(instead)s。"
        ),
    ),
    (
        "<symbol:of>.akn.xml",
        True,
        "/{of}.json",
        gettext_lazy("本库不再提供Akoma Ntoso；同一份文件的数据见%(instead)s，纯文本以.txt结尾。"),
    ),
    (
        "data/citations.graphml",
        False,
        "/data/citations.csv",
        gettext_lazy("本库不再提供GraphML；同样的引用关系见%(instead)s，或以.xlsx结尾的Excel工作簿。"),
    ),
    (
        "basket.pdf",
        False,
        "/basket{query}",
        gettext_lazy(
            "本库不再制作PDF底稿；引文篮的网页可在浏览器里打印或存为PDF，同样内容的Word底稿以.docx结尾。"
        ),
    ),
    *(
        (
            f"similar{ending}",
            bool(ending),
            "/check",
            gettext_lazy(
                "本库不再提供与粘贴的文字相近的段落；草稿里有哪些文字见于本库，用%(instead)s核对。本库每一段自己的“相近的段落”还在。"
            ),
        )
        for ending in ("", ".json")
    ),
    *(
        (f"{kind}/<symbol:of>{place}", kind == "timemap", f"/{{of}}{instead}", PAST)
        for kind in ("timegate", "timemap", "memento/<name:moment>")
        for place, instead in (("", "/history"), ("/p/<anchor:anchor>", "/p/{anchor}"))
    ),
    *(
        (
            f"concordance/{counted}{ending}",
            bool(ending),
            "/concordance{query}",
            gettext_lazy(
                "本库不再提供同段的词和各年出现；所查文字的每一处见%(instead)s，各年有几段见检索结果的“按年份看”。"
            ),
        )
        for counted in ("collocates", "years")
        for ending in ("", ".json", ".csv", ".xlsx")
    ),
)


def gone_addresses() -> list[URLPattern]:
    """Returns the routes of ``GONE``."""
    view = Views("archive.site.views.service").gone
    return [
        path(route, view, {"twin": twin, "instead": instead, "words": words}, name="gone")
        for route, twin, instead, words in GONE
    ]
