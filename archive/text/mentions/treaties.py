"""Treaties, named by their full or short names, with the article behind: 《不扩散核武器条约》第四条."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.text.aligned_folding import fold
from archive.text.bodies.names import Trie

from ..numerals import number_of, number_of_roman
from ..parsed import ParsedParagraph, ParsedTreaty
from ..pinpoints.grammar import SUB, sub_levels
from ..reference import Reference

_LATIN = re.compile(r"[A-Za-z0-9/-]")
# 禁止…公约组织 is a body, 《…公约修正案》 another treaty, 公约草案 none yet
_OTHER_BEHIND = re.compile(r"[》〉”]?(?:组织(?!的)|草案|修正案草案)")
# 宪章 alone is the United Nations' only in title marks: 非洲联盟宪章, 宪章 of a court
_ONLY_IN_MARKS = frozenset({"宪章", "核材料公约", "北京公约", "北京议定书", "曼谷条约", "海底条约"})
_OPENING, _CLOSING = '《〈«“"', '》〉»”"'
# 《1972年禁止生物武器公约》, 《联合国…公约》
_MAY_STAND_BEFORE = re.compile(r"[《〈](?:关于)?(?:[0-9]{4} ?年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?(?:的)?)?$")
_CHINESE = "一二三四五六七八九十百"
_NUMBER = rf"(?:[0-9]{{1,3}}|[{_CHINESE}]{{1,5}}|[IVX]{{1,6}})"
# (以下简称“《公约》”), (《条约》)
_SHORT = "《(?:公约|条约|议定书|规约)》"
_DEFINES = re.compile(
    rf" ?\((?:(?:以下|下文|下)?(?:简称|称)(?:为)?:?)?[“‘\"]?(?P<short>{_SHORT})[^()]{{0,12}}\)"
)
_JOINT = "、|以及|和|与|及|或|至|[-–—]"
_AND = rf" ?(?:{_JOINT}|,) ?"
_BRIDGE = re.compile(r" ?(?:\([^()]{1,40}\) ?)?(?:,)?(?:的|中|里)?(?:特别是|尤其是)?")
_ARTICLES = re.compile(
    rf"(?:第 ?{_NUMBER} ?章,? ?(?=第 ?{_NUMBER} ?条))?"
    rf"(?P<list>第 ?{_NUMBER}(?:(?: ?条)?{_AND}第? ?{_NUMBER}){{0,8}}(?= ?条)"
    rf"|第 ?{_NUMBER}(?:{_AND}第? ?{_NUMBER}){{0,8}}(?= ?章)) ?(?P<unit>条(?!之[{_CHINESE}])|章)"
    rf"(?: ?第 ?(?P<items>{_NUMBER}(?:(?: ?[款项])?{_AND}第? ?{_NUMBER}){{0,8}}) ?[款项]"
    rf"(?: ?第?(?P<below>{SUB}) ?[项目])?)?"
)
_ALSO = re.compile(rf" ?(?:{_JOINT}) ?(?=第)")
_ONE = re.compile(rf"(?P<sep>{_AND})?第? ?(?P<number>{_NUMBER})")
_RANGE = re.compile("[至–—-]")


def find_treaties(paragraphs: Sequence[ParsedParagraph], reference: Reference) -> tuple[ParsedTreaty, ...]:
    """Every place in ``paragraphs`` that names a treaty of ``reference``, in order, none overlapping another.

    The longest name counts. Title marks around the name belong to it; a longer title that only contains the
    name (《化学武器公约执行手册》) names no treaty. 《公约》 names one behind its definition, where
    the document defines it for that treaty alone.
    """
    names = _names(reference)
    texts = [fold(paragraph.text) for paragraph in paragraphs]
    named = [list(_in_paragraph(*each, names)) for each in zip(paragraphs, texts, strict=True)]
    defined: dict[str, list[tuple[str | None, int, int]]] = defaultdict(list)
    for at, folded in enumerate(texts):
        by_end = {treaty.end: treaty.treaty for treaty in named[at]}
        for bracket in _DEFINES.finditer(folded):
            defined[bracket["short"]].append((by_end.get(bracket.start()), at, bracket.end()))
    for short, places in defined.items():
        slug, *since = places[0]
        if slug is not None and all(place[0] == slug for place in places):
            for at in range(since[0], len(texts)):
                found = re.finditer(re.escape(short), texts[at])
                spans = (one.span() for one in found if [at, one.start()] >= since)
                named[at] += (_treaty(paragraphs[at], texts[at], *span, slug) for span in spans)
    return tuple(one for inside in named for one in sorted(inside, key=lambda treaty: treaty.start))


@lru_cache(maxsize=4)
def _names(reference: Reference) -> Trie[str]:
    names: dict[str, str] = {}
    for treaty in reference.treaties:
        for name in (treaty.name, *treaty.aliases, treaty.acronym or ""):
            names.setdefault(fold(name), treaty.slug)
    return Trie(names)


def _in_paragraph(paragraph: ParsedParagraph, folded: str, names: Trie[str]) -> Iterator[ParsedTreaty]:
    for start, end, slug in names.matches(folded):
        if not _is_name(folded, start, end):
            continue
        begins = (
            start - 1
            if folded[start - 1 : start] in ("《", "〈") and folded[end : end + 1] in ("》", "〉")
            else start
        )
        ends = end + 1 if begins < start else end
        yield _treaty(paragraph, folded, begins, ends, slug)


def _treaty(paragraph: ParsedParagraph, folded: str, start: int, end: int, slug: str) -> ParsedTreaty:
    article = _cited(folded, end) or None
    return ParsedTreaty(paragraph.anchor, start, end, paragraph.text[start:end], slug, article)


def _is_name(folded: str, start: int, end: int) -> bool:
    name = folded[start:end]
    if name.isascii() and (_LATIN.match(folded, end) or _LATIN.match(folded[start - 1 : start] or " ")):
        return False
    if _OTHER_BEHIND.match(folded, end):
        return False
    marked = folded[start - 1 : start] in ("《", "〈")
    if name in _ONLY_IN_MARKS:
        return marked and folded[end : end + 1] in ("》", "〉")
    return _whole_title(folded, start, end)


def _whole_title(folded: str, start: int, end: int) -> bool:
    """Whether a name inside title marks is all that they hold, but for a date before and a bracket behind."""
    opening = folded.rfind("《", max(0, start - 60), start)
    if opening < 0 or "》" in folded[opening:start]:
        return True
    if folded[start - 1] == "〈":
        return True
    before = _MAY_STAND_BEFORE.search(folded, max(0, start - 24), start)
    return before is not None and folded[end : end + 1] in ("》", "〉", "(", "")


def _cited(folded: str, end: int) -> str:
    """第四条第二款和第五条 → ``4(2),5``, 第二条第2款(三)项 → ``2(2)(iii)``, 第一和第二条 → ``1,2``."""
    out: list[str] = []
    bridge = _BRIDGE.match(folded, end)
    place = bridge.end() if bridge else end
    while group := _ARTICLES.match(folded, place):
        out += _labels(group["list"], "ch{}" if group["unit"] == "章" else "{}")
        if group["items"]:
            out += _labels(group["items"], f"{out.pop()}({{}})")
        if group["below"]:
            out[-1] += sub_levels(group["below"])
        also = _ALSO.match(folded, group.end())
        if not also:
            break
        place = also.end()
    return ",".join(out)


def _labels(listed: str, form: str) -> list[str]:
    """``form`` with each number of a list in its place; two with 至 between are one range."""
    out: list[str] = []
    for piece in _ONE.finditer(listed):
        label = form.format(_value(piece["number"]))
        if out and piece["sep"] and _RANGE.search(piece["sep"]):
            out[-1] += f"-{label}"
        else:
            out.append(label)
    return out


def _value(number: str) -> int | str:
    return number_of(number) or number_of_roman(number) or number
