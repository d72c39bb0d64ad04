"""Whose text a paragraph is: the bodies behind a document, a reply, a speech or a section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.text.aligned_folding import fold
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.symbols import Symbol

from .committees import Committees
from .names import Found, Names

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
    organ = _organ_of(facts.symbol)
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


def _organ_of(symbol: str | None) -> str | None:
    try:
        return Symbol.parse(symbol).organ if symbol else None
    except ValueError:
        return None


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
