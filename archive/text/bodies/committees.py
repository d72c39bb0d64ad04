"""Subsidiary bodies of the Security Council that are called by the number of a resolution.

第1540(2004)号决议所设委员会, 安全理事会关于利比里亚的第1521(2003)号决议所设委员会, 1591委员会,
1267/1989/2253委员会, 安理会根据第1540(2004)号决议设立的委员会. A number that the reference table does not
know gives a name of the same form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.text.aligned_folding import fold
from archive.text.numerals import number_of
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.reference import Reference
from archive.text.symbols.symbol import parsed_symbol

from .boundaries import part_of_wider_name
from .names import Found, Names, names_of

_CHINESE = "[〇○零一二三四五六七八九]"
_NUMBER = rf"第?(?:[1-9][0-9]{{2,3}}|{_CHINESE}{{3,4}})(?: ?\((?:[0-9]{{4}}|{_CHINESE}{{4}})\))?号?"
_KIND = r"(?P<kind>(?:制裁)?(?:委员会|专家小组|专家组|监察组|监测组))"
# 所设各委员会, 所设三个委员会: one body for each number
_EACH = r"(?P<each>(?:这|上述)?(?:[两二三四五六七八九十0-9]{1,2}个|各个?|有关|各有关))?"
_SET_UP = r"(?:第[0-9]{1,2}(?:\([a-z]\))?段)?(?:所设立?的?|(?:规定)?设立的|成立的|任命的|(?:具体)?规定的)"
_BY_RESOLUTION = re.compile(
    rf"(?<![0-9/(.\-])(?P<numbers>{_NUMBER}(?:(?:决议)?(?:、|和|及|以及|与|,|/){_NUMBER}){{0,9}})"
    rf"决议(?:(?P<made>{_SET_UP}){_EACH})?{_KIND}"
)
_SHORT = r"[1-9][0-9]{2,3}(?:\([0-9]{4}\))?"
_BY_NUMBER = re.compile(
    rf"(?<![0-9/\-A-Za-z])(?<![0-9][.,])(?P<numbers>第?{_SHORT}号?(?:/{_SHORT}){{0,3}}){_KIND}"
)
_ONE = re.compile(
    rf"第?(?P<number>[1-9][0-9]{{2,3}}|{_CHINESE}{{3,4}})"
    rf"(?: ?\((?P<year>[0-9]{{4}}|{_CHINESE}{{4}})\))?号?(?:决议)?"
)
_EXPERTS = re.compile(r"专家小组|专家组")
# The Council before the number, directly or with 根据 or a subject between. 通过 is neither: the Council acts
# through its Committee, which makes two bodies (the concept note of S/2016/1013).
_COUNCIL = re.compile(
    r"(?:(?:联合国)?(?:安全理事会|安理会))(?:其)?(?:(?:根据|依照|依据|按照|按)(?:其)?|关于[^,，。;；:：的]{1,40}的)?$"
)
_OTHER_ORGAN = re.compile(r"(?:大会|人权理事会|经社理事会|经济及社会理事会)$")
_LOOK_BACK = 56


Number = tuple[int, int | None]  # of a resolution, with its year


def _number(one: re.Match[str]) -> Number:
    return number_of(one["number"]) or 0, number_of(one["year"] or "")


def _numbers(match: re.Match[str]) -> list[Number]:
    return [_number(one) for one in _ONE.finditer(match["numbers"])]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The bodies of the reference table that resolutions made, and the experts of committees."""

    known: Mapping[tuple[int, str], tuple[str, ...]]
    experts: Mapping[tuple[str, str], tuple[str, ...]]
    names: Names


@lru_cache(maxsize=8)
def table_of(reference: Reference) -> Table:
    """The table of ``reference``; made once for each."""
    known: dict[tuple[int, str], tuple[str, ...]] = {}
    experts: dict[tuple[str, str], tuple[str, ...]] = {}
    for body in reference.bodies:
        for form in body.contextual:
            if body.parent:
                experts[body.parent, form] = (*experts.get((body.parent, form), ()), body.name)
        for name in map(fold, (body.name, *body.aliases)):
            match = _BY_RESOLUTION.search(name) or _BY_NUMBER.match(name)
            if match and match.end() == len(name):
                for number, _ in _numbers(match):
                    key = number, match["kind"]
                    if body.name not in known.get(key, ()):
                        known[key] = (*known.get(key, ()), body.name)
    return Table(known, experts, names_of(reference))


@dataclass(frozen=True, slots=True)
class Committees:
    """Knows which resolution made which body, by ``(number, kind)``, and the years of resolutions."""

    table: Table
    years: Mapping[int, int]
    year: int | None

    @classmethod
    def of(cls, reference: Reference, years: Mapping[int, int], year: int | None = None) -> Committees:
        """From the names of the table; ``years`` adds what the document says of further resolutions.

        ``year`` is the document's own: of two panels under one committee it means the one that was there.
        """
        return cls(table_of(reference), years, year)

    def matches(self, text: str) -> Iterator[Found]:
        """Places in the folded ``text`` that name such a body."""
        for match in _BY_RESOLUTION.finditer(text):
            before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
            # 第1540号决议委员会 is a name only where the body is known
            named = match["made"] or self._body(_numbers(match), match)
            if named and not _OTHER_ORGAN.search(before):
                council = _COUNCIL.search(before)
                start = match.start() - (len(council.group()) if council else 0)
                yield from self._several(text, start, match)
        for match in _BY_NUMBER.finditer(text):
            if part_of_wider_name(text, *match.span()):  # 国家1540委员会
                continue
            numbers = _numbers(match)
            known = all(year or number in self.years for number, year in numbers)
            if body := self._body(numbers, match) or (known and self._new_name(numbers, match)):
                yield self._found(text, match.start(), match, body)

    def _several(self, text: str, start: int, match: re.Match[str]) -> Iterator[Found]:
        """Each body of 第1267号决议和第1373号决议所设委员会; what several numbers made together is one."""
        groups = self._groups(match)
        for (numbers, end), following in zip(groups, [*groups[1:], None], strict=True):
            body = self._body(numbers, match) or self._new_name(numbers, match)
            if following is None:
                yield self._found(text, start, match, body)
            else:
                yield Found(start, end, body, "alias")
                next_one = _ONE.search(match["numbers"], end - match.start("numbers"))
                assert next_one is not None  # a group follows
                start = match.start("numbers") + next_one.start()

    def _groups(self, match: re.Match[str]) -> list[tuple[list[Number], int]]:
        """The numbers of each body, and where they end.

        A number that the table does not know goes with the one before it, as in the name of a committee that
        later resolutions changed (第751(1992)和1907(2009)号决议所设委员会), unless 各 or 三个 sets all apart.
        """
        groups: list[tuple[list[Number], int]] = []
        last: str | None = None
        for one in _ONE.finditer(match["numbers"]):
            number, end = _number(one), match.start("numbers") + one.end()
            body = self._body([number], match)
            other = body != last if body and last else bool(match["each"])
            if groups and not other:
                groups[-1] = ([*groups[-1][0], number], end)
            else:
                groups.append(([number], end))
            last = body or (None if other else last)
        return groups

    def _found(self, text: str, start: int, match: re.Match[str], body: str) -> Found:
        experts = _EXPERTS.match(text, match.end()) if match["kind"] == "委员会" else None
        end = match.end()
        if experts:
            body = self._experts_of(body, experts.group()) or body + experts.group()
            end = experts.end()
        return Found(start, end, body, "full" if text[start:end] == fold(body) else "alias")

    def _body(self, numbers: list[Number], match: re.Match[str]) -> str | None:
        """The body that one of the ``numbers`` made, or the experts of the committee that it made."""
        kind = match["kind"]
        keys = [number for number, _ in numbers]
        known = self.table.known
        if made := next((known[key, kind] for key in keys if (key, kind) in known), None):
            return made[0] if len(made) == 1 else self._then(made)
        committees = [known[key, "委员会"][0] for key in keys if (key, "委员会") in known]
        return next(filter(None, (self._experts_of(committee, kind) for committee in committees)), None)

    def _experts_of(self, committee: str, kind: str) -> str | None:
        """The panel of the committee; of several the one that was there at the time."""
        experts = self.table.experts.get((committee, kind), ())
        return self._then(experts) if experts else None

    def _then(self, bodies: tuple[str, ...]) -> str:
        return self.table.names.standing(bodies, self.year)[-1]

    def _new_name(self, numbers: list[Number], match: re.Match[str]) -> str:
        named = [
            f"{number}({year or self.years[number]})" if year or number in self.years else str(number)
            for number, year in numbers
        ]
        listed = "和".join(filter(None, ("、".join(named[:-1]), named[-1])))
        return f"安全理事会第{listed}号决议所设{match['kind']}"


# Whose text a paragraph is: the bodies behind a document, a reply, a speech or a section.

UN = "联合国"
# Organs whose documents speak of many committees: that they issue it does not say which 委员会 is meant.
PRINCIPAL = frozenset({UN, "联合国大会", "安全理事会", "联合国秘书处", "经济及社会理事会", "托管理事会"})

_OPENING = 5  # blocks of a letter among which its author says for whom he writes


@dataclass(frozen=True, slots=True)
class Owner:
    """``section``: bodies that speak or reply here, the nearest first; ``document``: those it is of."""

    section: tuple[str, ...] = ()
    document: tuple[str, ...] = ()

    @property
    def committee(self) -> str | None:
        """The committee that issues, sends or receives the document."""
        return next((body for body in self.document if body.endswith("委员会")), None)


class Owners:
    """The owners of the paragraphs of one document."""

    def __init__(
        self,
        paragraphs: Sequence[ParsedParagraph],
        facts: Facts,
        names: Names,
        committees: Committees,
    ) -> None:
        self._names = names
        self._headings = _bodies_as_headings(paragraphs, names)
        self._parents = {paragraph.anchor: paragraph.parent for paragraph in paragraphs}
        self._document = tuple(dict.fromkeys(_of_document(paragraphs, facts, names, committees)))
        self._sender = _sender(facts, names)
        self.united_nations = any(UN in names.lineage(body) for body in self._document)

    def of(self, paragraph: ParsedParagraph) -> Owner:
        """The owner of one paragraph."""
        speaker = self._names.body_in(paragraph.speaker.delegation) if paragraph.speaker else None
        submitter = self._names.body_in(paragraph.submitter.name) if paragraph.submitter else None
        section = dict.fromkeys(filter(None, (speaker, submitter, *self._above(paragraph))))
        if not section and not paragraph.submitter and not paragraph.speaker and self._sender:
            section = {self._sender: None}
        return Owner(tuple(section), self._document)

    def foreign(self, owner: Owner) -> bool:
        """Whether an organization that is no part of the United Nations' own organs speaks for itself."""
        return any(body not in PRINCIPAL and not body.endswith("委员会") for body in owner.section)

    def _above(self, paragraph: ParsedParagraph) -> Iterator[str]:
        anchor, steps = paragraph.parent, 0
        while anchor is not None and steps < 12:
            if anchor in self._headings:
                yield self._headings[anchor]
            anchor, steps = self._parents.get(anchor), steps + 1


def _bodies_as_headings(paragraphs: Iterable[ParsedParagraph], names: Names) -> dict[str, str]:
    """Anchors of the headings that consist of the name of a body, which is how replies are headed."""
    headings = (paragraph for paragraph in paragraphs if paragraph.kind is Kind.HEADING)
    return {heading.anchor: body for heading in headings if (body := names.body_in(heading.text))}


def _of_document(
    paragraphs: Sequence[ParsedParagraph], facts: Facts, names: Names, committees: Committees
) -> Iterator[str]:
    symbol = parsed_symbol(facts.symbol or "")
    organ = symbol.organ if symbol else None
    if organ:
        yield organ
    if body := names.body_in(facts.organ):
        yield body
    if organ in PRINCIPAL or organ is None:
        titles = [facts.title, facts.sender, facts.addressee]
        titles += [paragraph.text for paragraph in paragraphs[:3] if paragraph.kind is Kind.HEADING]
        named = {found.body for title in titles for found in _committees_in(title, names, committees)}
        named = named or set(_speaking_committees(paragraphs, names, committees))
        if len(named) == 1:
            yield named.pop()


def _speaking_committees(
    paragraphs: Sequence[ParsedParagraph], names: Names, committees: Committees
) -> Iterator[str]:
    """Committees for which a letter speaks: 谨代表…委员会, 以…委员会主席的身份, or by its signature."""
    for paragraph in (*paragraphs[:_OPENING], *(p for p in paragraphs if p.kind is Kind.SIGNATURE)):
        folded = fold(paragraph.text)
        for found in _committees_in(folded, names, committees):
            signs = paragraph.kind is Kind.SIGNATURE and found.start == 0
            speaks = folded.endswith(("代表", "作为", "以"), 0, found.start)
            if signs or speaks or folded.startswith(("主席给", "主席的信"), found.end):
                yield found.body


def _committees_in(title: str | None, names: Names, committees: Committees) -> Iterator[Found]:
    folded = fold(title or "")
    by_name = (
        Found(start, end, name.body, name.form) for start, end, name in names.spellings.matches(folded)
    )
    found = (*committees.matches(folded), *by_name)
    return (body for body in found if body.body.endswith("委员会"))


def _sender(facts: Facts, names: Names) -> str | None:
    """The organization that a letter comes from (北大西洋公约组织秘书长), no organ with many voices."""
    match = names.spellings.longest_at(fold(facts.sender or ""))
    body = match[1].body if match else None
    return None if body in PRINCIPAL else body
