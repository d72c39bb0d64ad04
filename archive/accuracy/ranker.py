"""Search ranking quality, as ``make ranker`` measured it and /accuracy shows it."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from archive.text.reference import FIXTURES

FEATURES = {
    "words": _("词语得分"),
    "context": _("照原词、同义说法或在标题里查到的概念"),
    "entity": _("提到所指的国家、机构、条约"),
    "place": _("就是所指的那一段"),
    "near": _("词语相隔远近"),
    "bigrams": _("两字相同的多少"),
    "text": _("是正文，或是写全了所查词语的标题"),
    "list": _("是列项"),
    "length": _("段落长短"),
    "early": _("在文件中的先后"),
    "nearest": _("按最相近的一句排的名次"),
    "hardly_less": _("意思几乎与最近的一样近"),
    "whole": _("全段意思相近的程度"),
    "nearest_whole": _("按全段意思排的名次"),
}


def ranker_report() -> dict[str, Any]:
    """Returns the figures of the order of search and its weights (``fixtures/ranker.json``)."""
    return json.loads((FIXTURES / "ranker.json").read_text("utf-8"))


def steps_in_words(report: dict[str, Any]) -> list[tuple[str, dict[str, float]]]:
    """Returns the measures of the first step, and after the second without meanings and with them, each with
    its label.
    """
    labels = {
        "first_stage": _("只按词语得分"),
        "by_words": _("各项词语信号合计"),
        "second_stage": _("再加意思相近的段落"),
    }
    return [(str(label), report[name]) for name, label in labels.items()]


def features_in_words(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Lists the ranking features with their weights, and the effect on nDCG and recall of removing each."""
    return [
        {"label": FEATURES.get(name, name), "weight": weight, **report["ablation"][name]}
        for name, weight in report["weights"].items()
    ]
