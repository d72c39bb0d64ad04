"""Symbols of organizations outside the United Nations' own service, each put together in its own way.

WHA55.16 (World Health Assembly), A39-22 (ICAO's Assembly), FSC.DEC/7/11 (OSCE), AG/RES.2880(XLVI-O/16) (OAS).
Sources: the organizations' own collections of resolutions and decisions.
"""

from __future__ import annotations

import re

# World Health Assembly: resolution WHA55.16, decision WHA75(8), record WHA61/2008/REC/1
WHA = r"WHA[1-9][0-9]?(?:\.[0-9]{1,3}|\([0-9]{1,3}\)|/(?:[0-9]{4}/)?[A-Z]*/?[0-9]{1,4})"
# International Civil Aviation Organization: Assembly resolution A39-22
ICAO = r"A[1-9][0-9]?-[1-9][0-9]?"
# OSCE: FSC.DEC/7/11, PC.DEC/1039, MC.DOC/1/03, FSC.DOC/1/12/Corr.1
OSCE = (
    r"(?:FSC|PC|MC|SUM)\.(?:DEC|DOC|JOUR|GAL|DEL)/[0-9]{1,4}(?:/[0-9]{2})?(?:/(?:Add|Corr|Rev)\.[0-9]{1,2})?"
)
# Organization of American States: AG/RES.2880(XLVI-O/16), AG/DEC.60(XXXIX-O/09), CP/RES.1103(2168/18)
OAS = (
    r"(?:AG|CP|RC\.[0-9]{1,2})/(?:RES|DEC|DOC)\. ?[0-9]{1,5}"
    r" ?(?:\((?:[IVXLC]{1,7}-[OE]|[0-9]{1,4})/[0-9]{2}\)|/[0-9]{2})"
)

_SHAPES = {"WHA": WHA, "A-": ICAO, "OSCE": OSCE, "OAS": OAS}
_SYMBOL = {code: re.compile(shape, re.IGNORECASE) for code, shape in _SHAPES.items()}
ORGANS = {
    "WHA": "世界卫生大会",
    "A-": "国际民用航空组织大会",
    "OSCE": "欧洲安全与合作组织",
    "OAS": "美洲国家组织",
}
# Their resolutions say so only by the shape: WHA55.16, A39-22
_RESOLUTION = re.compile(r"WHA[0-9]+\.[0-9]+|A[0-9]+-[0-9]+")
_NUMBER = re.compile(r"(?:WHA[0-9]+[.(]|A[0-9]+-|[A-Z]+\.[A-Z]+/|[A-Z0-9.]+/[A-Z]+\. ?)([0-9]+).*")
_DECISION = re.compile(r"WHA[0-9]+\([0-9]+\)|(?:FSC|PC|MC)\.DEC/.*")


def agency_of(plain: str) -> str | None:
    """Code of the organization whose symbol the plain spelling has: ``WHA``, ``A-``, ``OSCE``, ``OAS``."""
    return next((code for code, shape in _SYMBOL.items() if shape.fullmatch(plain)), None)


def is_resolution(symbol: str) -> bool:
    """Whether the shape is one that only resolutions have."""
    return _RESOLUTION.fullmatch(symbol) is not None


def is_decision(symbol: str) -> bool:
    """Whether the shape is one that only decisions have."""
    return _DECISION.fullmatch(symbol) is not None


def number_in(symbol: str) -> int | None:
    """The number of a resolution or decision among the other numbers of its symbol: 16 of WHA55.16."""
    match = _NUMBER.fullmatch(symbol) if agency_of(symbol) else None
    return int(match[1]) if match else None
