"""From anchors to eIds: AKN4UN part 1, ``{type}_{number}`` joined by ``__``, unique in the whole file.

| anchor | eId |
|---|---|
| ``14``, ``3.a`` | ``para_14``, ``para_3__list_1__point_a`` |
| ``3.a.ii`` | ``para_3__list_1__point_a__list_1__point_ii`` |
| ``pp2`` | ``preamble__container_2`` |
| ``u5`` (no number is printed) | ``para_u5`` |
| ``s2``, ``h2`` (headings with and without a numeral) | ``sec_2``, ``sec_h2`` |
| ``fn1`` | ``fn_1`` |
| ``annex.14``, ``enclosure2.3`` | ``att_1__para_14``, ``att_enclosure2__para_3`` |

The anchor itself stands beside it as ``wId``.
"""

from __future__ import annotations

import re

PART = re.compile(r"(annex|enclosure|appendix)(\d*)$")
KINDS = (
    (re.compile(r"pp(\d\w*)$"), "preamble__container_{}"),
    (re.compile(r"fn(\w+)$"), "fn_{}"),
    (re.compile(r"s(\d\w*|[a-z])$"), "sec_{}"),
    (re.compile(r"(h\d\w*)$"), "sec_{}"),
    (re.compile(r"(u\d\w*)$"), "para_{}"),
    (re.compile(r"(\d\w*)$"), "para_{}"),
)


class Ids:
    """Gives out eIds, each once: what would be given twice gets ``-2``."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def of(self, anchor: str, tail: str = "") -> str:
        """The eId of the block under ``anchor``, or of a part of it (``list_1``)."""
        return self.once(f"{eid(anchor)}__{tail}" if tail else eid(anchor))

    def once(self, wanted: str) -> str:
        ident, place = wanted, 1
        while ident in self.given:
            place += 1
            ident = f"{wanted}-{place}"
        self.given.add(ident)
        return ident


def eid(anchor: str) -> str:
    """The eId of an anchor by the table above.

    >>> eid("annex.3.a")
    'att_1__para_3__list_1__point_a'
    """
    return "__".join(_label(label, place) for place, label in enumerate(anchor.split(".")))


def _label(label: str, place: int) -> str:
    if place == 0 and (match := PART.match(label)):
        return f"att_{match[2] or 1}" if match[1] == "annex" else f"att_{label}"
    for pattern, form in KINDS:
        if match := pattern.match(label):
            return form.format(match[1].replace("_", "-"))
    return f"list_1__point_{label.replace('_', '-')}"
