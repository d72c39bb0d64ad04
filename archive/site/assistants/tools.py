"""The tools of assistants: what each is called, takes and answers. Answers are short: a page says more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.export.bundle.receipts import receipt_of
from archive.text.typography import INVISIBLE

from .protocol import INVALID_PARAMS, ProtocolError
from .twins import ToolError, Twins, twin_of

LONGEST_TEXT = 600  # characters of a text that an answer shows; the page has the rest
LONGEST_SNIPPET = 80
MOST_SHOWN = 3
MOST_FINDINGS = 20
# As ``tools/list`` tells them.
DESCRIBED: list[dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
# Marks that may stand around a quotation, the first pair that it does not contain itself.
MARKS = ("“”", "「」", "『』", '""')
VERBATIM = ("exact", "wrong_place")
WHERE_CITED = {"agrees": True, "cannot_tell": None, "other_language": None, None: None}  # all else is False
TYPES: Mapping[str, Any] = {"string": str, "boolean": bool, "none": ()}
NONE = {"type": "none"}  # of an argument that is not known
# What journals write around a symbol: UN Doc. S/2010/52 (29 January 2010), annex, ¶ 14
SCHOLARLY = re.compile(r"\b(?:UN|U\.N\.) Docs?\.? | \(\d{1,2} [A-Z]\w+ \d{4}\)")
BLANK = INVISIBLE + " \n"
Value = dict[str, Any]


def find_paragraph(twins: Twins, place: str) -> Value:
    """Returns the paragraph, range or document that ``place`` names; of one not held, what is known."""
    path = _path(twins, place)
    value = twins.get(twin_of(path))
    if value.get("held") is False:
        return {
            "held": False,
            "symbol": value["symbol"],
            "place": value["anchor"],
            "url": twins.absolute(path),
            "text_elsewhere": value["un_url"],
            "cited_by": value["total"]["paragraphs"],
            "doubts": _unheld(value),
        }
    document = value.get("document", value)
    one = value.get("paragraph") or value.get("range") or {}
    told = {"held": True, "symbol": document["symbol"], "title": document["title"]}
    told |= {name: document[name] for name in DATES if document.get(name)}
    if not one:
        return told | {"url": twins.absolute(path), "paragraphs": len(value.get("paragraphs", ()))}
    return told | {
        "name": one["name"],
        "kind": one.get("kind", "range"),
        **_text(one["text"]),
        **({"speaker": one["speaker"]} if one.get("speaker") else {}),
        "permalink": twins.absolute(one["permalink"]),
        "fingerprint": one["fingerprint"],
        "cited_by": value["cited_by"]["paragraphs"] if "cited_by" in value else None,
        "in_other_languages": [twins.absolute(other["permalink"]) for other in value.get("counterparts", ())],
        "doubts": value.get("doubts", []),
    }


def cite(twins: Twins, place: str, style: str = "un-en") -> Value:
    """Returns the citation of ``place`` in one style. Raises ToolError for a style that there is not."""
    path = _path(twins, place)
    value, named = twins.get(twin_of(path, "/cite")), twins.get(twin_of(path))
    forms = value["forms"]
    if style not in forms:
        told = {"style": style[:40], "known": "、".join(forms)}
        raise ToolError(_("没有“%(style)s”这种格式；有%(known)s。") % told)
    return {
        "citation": forms[style],
        "with_link": forms.get(f"{style}-link"),
        "permalink": value["link"],
        "fingerprint": value["fingerprint"],
        "held": named.get("held") is not False,
        "doubts": [*value["doubts"], *_unheld(named)],
    }


def verify_quote(twins: Twins, quote: str, cited: str = "", receipt: bool = False) -> Value:
    """Returns whether the words stand in a held text, and in the cited place; with a receipt if asked."""
    report = _of_quotation(twins, quote, cited)
    found = report["quotations"][0]
    where_cited = WHERE_CITED.get(found["beside"], False)
    is_open = where_cited is None and (cited.strip() or found["beside"])
    doubts = _doubts(report, found) if is_open else []
    if found["verdict"] == "not_covered":
        doubts.append(_("索引还没有跟上最近的改动，有的文件没有对照。"))
    nearest = found["nearest"]
    stands = found["verdict"] in VERBATIM or found["occurrences"] > 0
    told = {
        "verbatim": None if found["beside"] == "other_language" and not stands else stands,
        "where_cited": where_cited,
        "speaker_agrees": found.get("speaker_agrees"),
        "verdict": found["verdict"],
        "liberty": found["liberty"],
        "places": [_place(twins, one) for one in found["places"][:MOST_SHOWN]],
        "occurrences": found["occurrences"],
        "nearest": nearest
        and {
            "text": _text(nearest["text"])["text"],
            "changes": [
                [one["draft"][:LONGEST_SNIPPET], one["archive"][:LONGEST_SNIPPET]]
                for one in nearest["diff"]
                if not one["same"]
            ][:MOST_SHOWN],
            "places": [_place(twins, one) for one in nearest["places"][:1]],
        },
        "cited_text": found["cited_text"] and _text(found["cited_text"])["text"],
        "doubts": doubts,
        "coverage": _coverage(report["corpus"]),
    }
    return told | (_receipt(told, quote, cited) if receipt else {})


def check_draft(twins: Twins, text: str) -> Value:
    """Returns what is wrong or uncertain in a draft, and how much is right."""
    report = twins.post(reverse("check_json"), text=text)
    citations, quotations = report["citations"], report["quotations"]
    counts: dict[str, int] = {}
    for one in (*citations, *quotations):
        key = one.get("verdict") or one["standing"]
        counts[key] = counts.get(key, 0) + 1
    wrong = [one for one in citations if one["standing"] != "held"]
    wrong += [one for one in quotations if one["verdict"] != "exact" or one["beside"] not in (None, "agrees")]
    wrong += [one for one in quotations if one not in wrong and one.get("speaker_agrees") is False]
    wrong.sort(key=lambda one: one["start"])
    return {
        "citations": len(citations),
        "quotations": len(quotations),
        "counts": counts,
        "to_look_at": [_finding(twins, one) for one in wrong[:MOST_FINDINGS]],
        "not_shown": max(0, len(wrong) - MOST_FINDINGS),
        "whole": report["checked"]["whole"],
        "footnotes": [one["un"] for one in report["footnotes"][:MOST_FINDINGS]],
        "coverage": _coverage(report["corpus"]),
    }


def who_cites(twins: Twins, place: str) -> Value:
    """Returns the paragraphs that cite ``place``: how many, and the first."""
    path = _path(twins, place)
    value = twins.get(twin_of(path, "/cited-by"))
    above = [{"url": twins.absolute(url), "paragraphs": count} for url, count in value["above"]]
    return {
        **value["total"],
        "not_counted": value.get("not_counted"),
        "first": [
            _place(twins, one) | {"text": _snippet(one["excerpt"])}
            for one in value["paragraphs"][:MOST_SHOWN]
        ],
        "cited_above": above,
        "all": twins.absolute(f"{path}/cited-by"),
    }


def literal_search(twins: Twins, q: str) -> Value:
    """Returns how often the very words stand in the held texts, certified; zero, too."""
    return _search(twins, _in_marks(_bare(q.strip())))


def search(twins: Twins, q: str) -> Value:
    """Returns the best paragraphs for a query in the site's query language."""
    return _search(twins, q)


ANSWERS: dict[str, Callable[..., Value]] = {
    one.__name__: one
    for one in (find_paragraph, cite, verify_quote, check_draft, who_cites, literal_search, search)
}
DATES = ("date", "meeting_date", "communication_date")


def called(twins: Twins, name: str, arguments: Mapping[str, Any]) -> Value:
    """Runs a tool; a question without an answer is one in words, which the assistant can put right.

    Raises ProtocolError where there is no such tool.
    """
    tool = next((one for one in DESCRIBED if one["name"] == name), None)
    if tool is None:
        raise ProtocolError(INVALID_PARAMS, f"There is no tool {name[:40]!r}.")
    try:
        _refuse_unfit(tool, arguments)
        return {"structuredContent": ANSWERS[name](twins, **arguments), "isError": False}
    except ToolError as error:
        return {"structuredContent": {"error": str(error), **error.facts}, "isError": True}


def _refuse_unfit(tool: Value, arguments: Mapping[str, Any]) -> None:
    """Raises ToolError for an argument that is missing, empty, not known, or no text."""
    known, needed = tool["inputSchema"]["properties"], tool["inputSchema"]["required"]
    empty = [name for name in needed if not str(arguments.get(name, "")).strip(BLANK)]
    other = [
        name for name, one in arguments.items() if not isinstance(one, TYPES[known.get(name, NONE)["type"]])
    ]
    if wrong := empty or other:
        told = {"tool": tool["name"], "known": "、".join(known), "name": wrong[0][:40]}
        raise ToolError(_("“%(name)s”缺了、是空的，或不认识；%(tool)s的参数是文字：%(known)s。") % told)


def _path(twins: Twins, place: str) -> str:
    """Returns the path of the one place that was typed. Raises ToolError, with what it may be instead."""
    return str(_target(twins, place)["url"])


def _target(twins: Twins, place: str) -> Value:
    try:
        found = twins.get(reverse("go_json"), q=SCHOLARLY.sub("", place).replace("¶", "para."))
    except ToolError as error:
        found = error.facts
    targets = found.get("targets") or []
    if len(targets) == 1:
        return targets[0]
    if targets:
        words = _("“%(place)s”可能是这几处，请选一处。")
    else:
        words = found.get("absent") or _("没有读出“%(place)s”是哪一份文件、哪一段。")
    others = (targets or found.get("nearest") or [])[:MOST_FINDINGS]
    choices = [{"name": one["label"], "url": twins.absolute(one["url"])} for one in others]
    raise ToolError(words % {"place": place[:LONGEST_SNIPPET]}, {"choices": choices})


def _unheld(value: Value) -> list[str]:
    """Returns the doubt whether a document that is not held has such a paragraph."""
    is_held = value.get("held") is not False or not value["anchor"]
    return [] if is_held else [_("本库未藏这份文件，没有核对它有没有这一段。")]


def _of_quotation(twins: Twins, quote: str, cited: str) -> Value:
    """Returns the report on one quotation and what is cited for it, in the words given or as a symbol."""
    words = _bare(" ".join(quote.split()))
    quotation = _in_marks(words)
    report = twins.post(reverse("check_json"), text=f"{cited}中说：{quotation}。" if cited else quotation)
    if cited and not any(one["citation"] is not None for one in report["quotations"]):
        with suppress(ToolError):
            named = _target(twins, cited)["label"]
            report = twins.post(reverse("check_json"), text=f"{named}：{quotation}。")
    own = [one for one in report["quotations"] if one["surface"] == words]
    if not own:
        raise ToolError(_("没有读出引文；请只给引文本身，不带引号。"))
    return report | {"quotations": own}


def _doubts(report: Value, found: Value) -> list[str]:
    """Returns why it was not told whether the words stand where they are said to."""
    if found["beside"] == "other_language":
        return [_no_text()]
    if found["term"]:
        return [_("引文太短，没有与出处对照。")]
    named = [one["surface"] for one in report["citations"] if one["symbol"]]
    if not named:
        return [_("没有读出所引的是哪一份文件、哪一段；出处没有核对。")]
    return [_("所引的“%(cited)s”未藏、没有这一段，或没有断定是哪一份；出处没有核对。") % {"cited": named[0]}]


def _no_text() -> str:
    return _("引文所用的语文，本库没有可以对照的文本；没有核对。")


def _receipt(told: Value, quote: str, cited: str) -> Value:
    """Returns the receipt of a verification: what was asked, the answer, and the place to ask again."""
    place: Value = next(iter(told["places"]), {})
    value = {
        "asked": {"quote": _text(quote)["text"], "cited": cited[:LONGEST_SNIPPET]},
        "quote_sha256": sha256(quote.encode()).hexdigest(),
        **{name: told[name] for name in ("verbatim", "where_cited", "speaker_agrees", "verdict", "coverage")},
        "url": place.get("url"),
        "when": timezone.now().isoformat(timespec="seconds"),
    }
    signed = receipt_of(value)
    return (
        {"receipt": signed}
        if signed
        else {"receipt": None, "no_receipt": _("本站没有签名的钥匙，不给存证。")}
    )


def _bare(words: str) -> str:
    """Strips the marks around a whole quotation, which assistants give with it."""
    pairs = [pair for pair in MARKS if words[:1] == pair[0] and words[-1:] == pair[1]]
    inside = words[1:-1]
    return inside.strip() if pairs and inside and not set(pairs[0]) & set(inside) else words


def _in_marks(words: str) -> str:
    """Puts quotation marks around words, of the first kind that they do not have themselves."""
    pair = next((pair for pair in MARKS if not set(pair) & set(words)), MARKS[0])
    return f"{pair[0]}{words}{pair[1]}"


def _search(twins: Twins, query: str) -> Value:
    value = twins.get(reverse("search_json"), q=query)
    total, corpus = value["total"], value["corpus"]
    return {
        "query": value["understood"] or value["query"],
        "certified": corpus["certified"] and value["mode"] == "literal",
        "paragraphs": total["paragraphs"],
        "of": corpus["paragraphs"],
        "documents": total["documents"],
        "occurrences": total["occurrences"],
        "first": [
            _place(twins, one | {"name": one["place"]}) | {"text": _snippet(one["snippet"])}
            for one in value["results"][:MOST_SHOWN]
        ],
        "errors": value["errors"],
        "coverage": _coverage(corpus),
    }


def _text(text: str) -> Value:
    """Returns a text, cut where it is long: ``characters`` says how long the whole is."""
    if len(text) <= LONGEST_TEXT:
        return {"text": text}
    return {"text": f"{text[:LONGEST_TEXT]}…", "characters": len(text)}


def _snippet(marked: str) -> str:
    plain = unescape(marked.replace("<mark>", "").replace("</mark>", ""))
    return plain if len(plain) <= LONGEST_SNIPPET else f"{plain[:LONGEST_SNIPPET]}…"


def _place(twins: Twins, one: Value) -> Value:
    url = one["url"]
    if (fingerprint := one.get("fingerprint")) and not url.endswith(fingerprint):
        url = f"{url}/{fingerprint}"
    told = {"symbol": one["symbol"], "name": one["name"], "url": twins.absolute(url)}
    told |= {"fingerprint": fingerprint, "speaker": one.get("who") or one.get("speaker")}
    told["ocr_confidence"] = one.get("ocr_confidence")  # of a scan: how sure its reading is, in per cent
    return {name: value for name, value in told.items() if value is not None}


def _finding(twins: Twins, one: Value) -> Value:
    told = {"words": _snippet(one["surface"]), "at": one["start"]}
    if "standing" in one:
        told |= {"citation": one["standing"], "reason": one["reason"]}
        told["instead"] = [twins.absolute(other["url"]) for other in one["choices"][:MOST_SHOWN]]
    else:
        places = one["places"] or (one["nearest"] or {}).get("places", [])
        told |= {"quotation": one["verdict"], "where_cited": WHERE_CITED.get(one["beside"], False)}
        told["speaker_agrees"] = one.get("speaker_agrees")
        told["doubt"] = _no_text() if one["beside"] == "other_language" else None
        told["stands"] = [_place(twins, at) for at in places[:1]]
        if one["nearest"]:
            told["nearest"] = _snippet(one["nearest"]["text"])
    return {name: value for name, value in told.items() if value not in (None, [])}


def _coverage(corpus: Value) -> Value:
    names = ("paragraphs", "revision", "index_revision", "certified", "uncovered_documents")
    return {name: corpus[name] for name in (*names, "unreadable_paragraphs")}
