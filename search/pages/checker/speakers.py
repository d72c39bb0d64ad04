"""The speaker of a quotation: whom the draft names, compared with who speaks or replies there.

A name speaks where a verb of saying, a colon or the cited place follows it: 中国指出，法国的提案 names China.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import merge
from typing import Any

import numpy as np

from archive.site.presenters.wording import who_speaks
from archive.text.aligned_folding import fold
from archive.text.bodies.names import Trie
from search.pages.labels import Voice
from search.query.entities.names import Kind, NameTable
from search.query.text.folding import name_key

from .places import COMPARED, Places
from .quoting import ENGLISH_STOP, Quoted
from .report import CheckedCitation, CheckedQuotation

Name = tuple[str, frozenset[tuple[str, str]]]  # as written; kinds and keys of what it may be
AHEAD, BEHIND = 200, 120  # characters of its sentence in which the speaker of a quotation is looked for
OFFICE, NO_OFFICE = "主席", ("主席国", "主席团", "国家主席")
NAME, CITED, QUOTED = "\ue000", "\ue001", "\ue002"  # stand for each character of what is found
_MASKS = re.compile(f"[{NAME}{CITED}{QUOTED}]")
_STOP = rf"(?:[。!?;\n]|{ENGLISH_STOP})"
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]{2}")
_PERSON = re.compile(r"[A-ZÀ-Þ][^\W\d_]*(?:[ ’'-][A-ZÀ-Þ][^\W\d_]*)*(?=先生|女士|夫人|博士|大使)")
_ROLE = (
    r"(?:的?(?:常驻[^,。()]{0,6}?|裁军|外交部)?副?(?:代表团?(?:团长)?|大使|外长|部长|总统|总理|首相|观察员|发言人|政府)"
    r"|先生|女士|夫人|博士|(?:'s|’s)? (?:representative|delegation|delegate|observer|[Aa]mbassador)"
    r"|[(][^()]{0,60}[)])*+"
)
_WHO = rf"(?P<who>{NAME}++{_ROLE}(?:(?:[和与及、的]|以及)?{NAME}++{_ROLE})*+)"  # never halved again
_HOW = (
    r"(?:(?<=代表|大使|外长|部长|总统|总理|首相|言人)[一-鿿·]{2,10}?(?:先生|女士)?)?"  # an unknown name
    rf"(?:,?(?: ?{CITED}| (?:in|at|on|speaking)\b"
    r"|[在于就对向以为据也亦还又都均曾已则并所如随再多明特一进公当同后此]|代表|接着|首先|最后|强烈|坚决)"
    rf"[^。!?;\n{QUOTED}]{{0,80}}?)?"
)
_SAYS = (
    r"(?:说(?![服法])|所[言述讲]|指出|表示|强调|认为|重申|主张|回顾|忆及|呼吁|敦促|解释|补充|警告|提醒|回答|答复|询问|申明|宣布|坦言|断言"
    r"| (?:(?:also|then|had|has) )?(?:said|stat(?:ed|es)|not(?:ed|es)|argued|stressed|emphasi[sz]ed|recalled"
    r"|added|observed|explained|declared|reaffirmed|pointed|underlined)\b"
    r"|写道|谈到|提到|提出|确认|回应|反驳|[声宣]?称(?![作号谓])|声明|建议)(?![中里稿书案时])(?!的(?!$))"
)
_SPEAKS = re.compile(
    rf"(?<![对向同跟给问就针在{NAME}]){_WHO}(?:{_HOW}{_SAYS}|的(?:原?话|发言|立场|看法|意见|观点|答复|理由)"
    rf"|[\s,:(){CITED}在于中里上]*(?<![在于])$)"
)
_SAID = re.compile(_SAYS)
# ”(S/2010/52，西班牙)  ”——西班牙  ”，西班牙在会上说
_IN_BRACKETS = re.compile(rf"[”」』’\"]?[,。]?(?:[(\[]|——?)(?:[^()\[\]。]*?[,\s])??{_WHO}(?=[,)\]。\s在]|$)")
_CLAUSE = re.compile(
    rf"[”」』’\"]?,? ?(?:由|这是|以上是|(?:the |by )?(?:(?:representative|observer) of )?)?(?={NAME})"
)


class Draft:
    """A draft with the citations, quoted passages and names in it: who says what, by the draft."""

    def __init__(self, text: str, marked: Quoted, cited: Sequence[CheckedCitation], table: NameTable) -> None:
        self.text, self.passages, self.citations, self._table = text, marked.passages, cited, table
        masked = list(_MASKS.sub(" ", fold(text)))
        places = ((one.start, one.end) for one in cited if not one.in_body_name)
        for mark, spans in ((CITED, places), (QUOTED, marked.passages)):
            for start, end in spans:
                masked[start:end] = mark * (end - start)
        self._names: dict[int, Name] = {}
        for start, end, entities in _named("".join(masked), table):
            self._names[start] = text[start:end], entities
            masked[start:end] = NAME * (end - start)
        self._masked = "".join(masked)

    def told(self, one: CheckedQuotation, rows: np.ndarray, places: Places) -> dict[str, Any]:
        """Returns whom the draft names, who speaks in ``rows``, where the words stand, and if they agree."""
        if one.term or one.formula or not (claims := self._ahead(one) or self._behind(one.end)):
            return {}
        spoken = (places.voice(row) for row in rows[:COMPARED].tolist())
        voices = [voice for voice in spoken if who_speaks(voice)] or [Voice()]
        told = [_any([self._speaks(names, voice) for voice in voices]) for names in claims]
        # Where one tells what another said, either may be meant.
        agrees = told[0] if told[0] is not False or set(told) == {False} else None
        who = next((voice for voice in voices if self._speaks(claims[0], voice)), voices[0])
        named = claims[0][0][0]
        return {"speaker_agrees": agrees, "speaker_named": named, "speaker": who_speaks(who) or None}

    def _ahead(self, one: CheckedQuotation) -> list[list[Name]]:
        """Returns those who say a quotation by what stands before it, the likeliest first."""
        lead = _SAID.match(self._masked, one.start)  # 说，防止…: words without marks may begin with the verb
        until = one.start - 1 if one.marked else lead.end() if lead else one.start
        window = re.split(_STOP, self._masked[max(0, one.start - AHEAD) : max(0, until)])[-1]
        begin, found = until - len(window), list[list[Name]]()
        cited = self.citations[one.citation].start - begin if one.citation is not None else -1
        for match in _SPEAKS.finditer(window):
            if match.start() < cited < match.end():
                return [self._who(begin, match)]  # who speaks in the cited place
            if cited < match.end() or QUOTED not in window[match.end() :]:
                found.insert(0, self._who(begin, match))  # others say what is quoted before, from elsewhere
        return found

    def _behind(self, at: int) -> list[list[Name]]:
        behind = self._masked[at : at + BEHIND]
        match = _IN_BRACKETS.match(behind)
        if match is None and (clause := _CLAUSE.match(behind)):
            at += clause.end()
            sentence = re.split(_STOP, behind[clause.end() :])[0]
            match = None if QUOTED in sentence else _SPEAKS.match(sentence)
        return [self._who(at, match)] if match else []

    def _who(self, begin: int, match: re.Match[str]) -> list[Name]:
        """Returns who speaks: not the union for which a delegation does, nor the body whose chair it is."""
        found: list[Name] = []
        for at in range(begin + match.start("who"), begin + match.end("who")):
            if (name := self._names.get(at)) is None:
                continue
            kinds, before = dict(name[1]), self._masked[at - 2 : at] if found else ""
            if OFFICE in kinds and before.endswith(NAME) and Kind.BODY in dict(found[-1][1]):
                found.pop()
            if before != "代表" or Kind.SPEAKER in kinds:
                found.append(name)
        return found

    def _speaks(self, names: Sequence[Name], voice: Voice) -> bool | None:
        """Returns True if ``voice`` has all ``names`` that can be compared, False if not; None in doubt."""
        told = [
            _any([self._is(*entity, written, voice, len(names) == 1) for entity in entities])
            for written, entities in names
        ]
        return False if False in told else True if True in told else None

    def _is(self, kind: str, key: str, written: str, voice: Voice, alone: bool) -> bool | None:
        """Returns whether a name is that of ``voice``; None where the record does not tell. An office decides
        ``alone`` only: whose chair it is says the State beside it.
        """
        name, whence = name_key(voice.speaker_name), voice.speaker_delegation or voice.submitter_name
        if kind == Kind.SPEAKER:
            asked = name_key(written)
            return None if not name or OFFICE in name else asked in name or name in asked
        if kind == OFFICE:
            right = OFFICE in voice.speaker_name + voice.speaker_capacity or voice.speaker_status == "chair"
        else:
            right = any((one.kind, one.key) == (kind, key) for one in self._table.named(whence))
            within = name_key(whence + voice.speaker_capacity)
            right = right or (kind != Kind.STATE and name_key(written) in within)
        told = whence or voice.speaker_status not in ("", "chair")
        return right or (False if told and (alone or kind != OFFICE) else None)


def _any(told: Sequence[bool | None]) -> bool | None:
    return True if True in told else None if None in told else False


@lru_cache(maxsize=2)
def _trie(table: NameTable) -> Trie[frozenset[tuple[str, str]]]:
    """Finds the names of those who may speak; what only begins like an office has none."""
    forms: dict[str, set[tuple[str, str]]] = {OFFICE: {(OFFICE, OFFICE)}} | {one: set() for one in NO_OFFICE}
    for name in table.names():
        if name.kind is not Kind.TREATY and not name.weak and len(name.form) > 1:
            forms.setdefault(fold(name.form), set()).add((name.kind, name.key))
    return Trie({form: frozenset(entities) for form, entities in forms.items()})


def _named(text: str, table: NameTable) -> Iterator[tuple[int, int, frozenset[tuple[str, str]]]]:
    """Generates the places of those who may speak: of known names, and of persons by their titles."""
    persons = ((*one.span(), frozenset({(Kind.SPEAKER, one.group())})) for one in _PERSON.finditer(text))
    free = 0
    for start, end, entities in merge(persons, _trie(table).everywhere(text)):
        inside = _LATIN.match(text[end - 1 : end + 1]) or _LATIN.match(text[max(0, start - 1) : start + 1])
        if start >= free and not inside:  # no piece of a longer Latin word
            free = end
            if entities:
                yield start, end, entities
