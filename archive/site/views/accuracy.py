"""Accuracy of the parser, as it was measured against marked documents."""

from __future__ import annotations

import json

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy

from archive.store.values import Schema, answers
from archive.text.reference import FIXTURES

from .page import page
from .respond import respond


class Measure(Schema, frozen=True, kw_only=True):
    """The parser's accuracy for one kind of thing, in counts and shares."""

    name: str
    right: int
    missed: int
    wrong: int
    precision: float | None
    recall: float | None


class Accuracy(Schema, frozen=True, kw_only=True):
    """The parser's accuracy against human annotations of so many documents and blocks."""

    documents: int
    blocks: int
    measures: list[Measure]


MEASURES = {
    "facts": gettext_lazy("文号、日期等"),
    "blocks": gettext_lazy("段落的文字和划分"),
    "kinds": gettext_lazy("段落的类别"),
    "numbers": gettext_lazy("段落的编号"),
    "parents": gettext_lazy("段落的上下级"),
    "attribution": gettext_lazy("发言人和答复方"),
    "mentions": gettext_lazy("提及的文件"),
    "pinpoints": gettext_lazy("提及的段次"),
    "bodies": gettext_lazy("提及的机构"),
    "relations_tune": gettext_lazy("引用方式（调试规则时用过的标注）"),
    "relations_judge": gettext_lazy("引用方式（从未用来调试的标注）"),
}


@answers(Accuracy)
@page
def accuracy(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows ``/accuracy``: the counts of the report that ``make accuracy`` wrote."""
    report = json.loads((FIXTURES / "accuracy.json").read_text("utf-8"))
    counts = ({**one, "missed": len(one["missed"]), "wrong": len(one["wrong"])} for one in report["measures"])
    answer = Accuracy(**report["marked"], measures=[Measure(**one) for one in counts])
    context = {
        "marked": report["marked"],
        "measures": [(MEASURES.get(one.name, one.name), one) for one in answer.measures],
    }
    return respond(request, "archive/accuracy.html", context, answer, twin)
