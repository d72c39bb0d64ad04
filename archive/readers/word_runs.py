"""The text of one paragraph of a Word file, as it would be printed once all changes are accepted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, SubElement

from .word_fields import OF_THE_PAGE, words_of
from .word_styles import Styles, below, is_on, number_of, sign_of, value_of
from .writer import raised

# The reading (拼音) above a word, comments, pictures' names: no text of the document.
_PROPERTIES = frozenset({"w:pPr", "w:rPr", "w:sectPr", "w:sdtPr", "w:sdtEndPr", "w:tblPr"})
_SKIPPED = _PROPERTIES | {"w:rt", "w:instrText", "w:delInstrText"}
_TAKEN_OUT = frozenset({"w:del", "w:moveFrom"})
_PUT_IN = frozenset({"w:ins", "w:moveTo"})
_ELSEWHERE = frozenset({"w:altChunk", "w:subDoc"})  # text that stands in a file of another kind
_DRAWN = frozenset({"w:drawing", "w:pict", "w:object", "_:relIds", "_:chart"})
_POINT, _POINTS = 12_700, re.compile(r"(?:width|height):(\d{1,6}(?:\.\d{1,6})?)pt")
_LARGE = 1_080_000  # 3 cm, in English Metric Units: crests, signatures and bar codes are smaller
_FORMULAS = frozenset(
    ["m:sup", "m:den", "m:d", "m:nary", "m:rad", "m:m", "m:eqArr", "m:limLow", "m:limUpp", "m:sPre"]
)
_NOTE_KINDS = {"w:footnoteReference": "footnote", "w:endnoteReference": "endnote"}
_WRITTEN = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:cr": "\n",
    "w:noBreakHyphen": "-",
    "w:softHyphen": "\u00ad",
}


class TextElsewhereError(Exception):
    """Some of the text stands in a file inside this one that is not read."""


STRUCK = "struck out"


@dataclass(slots=True)
class _FieldCode:
    instruction: str = ""
    in_result: bool = False
    written: bool = False

    @property
    def of_the_page(self) -> bool:
        return self.instruction.strip().partition(" ")[0].upper() in OF_THE_PAGE


@dataclass(slots=True)
class Told:
    """What the runs of a paragraph come to. ``boxes`` are contents of text boxes, ``notes`` the notes that it
    calls, each its kind, id and own mark ("" where it is counted); ``unread`` as in ``Evidence``."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    bold: int = 0
    unread: list[str] = field(default_factory=list)
    _left: tuple[str, int] = ("", 0)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def leave_out(self, what: str, words: str) -> None:
        """Name what is no part of the text at this place; words in several runs are one."""
        words = " ".join(words.split())
        if words and (what, len(self.pieces)) == self._left:
            self.unread[-1] += words
        elif words or what != STRUCK:
            self.unread.append(f"{what}: {words}")
            self._left = (what, len(self.pieces))


class RunReader:
    """Reads paragraphs one after the other: fields may begin in one and end in another.

    ``mark`` gives the printed mark of a note by kind and id, ``part`` the words of a diagram or chart, a
    paragraph each, by the id of its relation. ``seen`` counts what people are to be told of:
    ``tracked_changes``, ``hidden_text``, ``unknown_signs``.
    """

    def __init__(self, styles: Styles, mark: Callable[[str, str], str], part: Callable[[str], list]) -> None:
        self._styles, self._mark, self._part = styles, mark, part
        self._readers: dict[str, Callable[[Element, Told], None]] = {
            **dict.fromkeys(_DRAWN, self._drawing),
            "w:r": self._run,
            "w:fldSimple": self._simple_field,
            "mc:AlternateContent": self._alternate,
            **dict.fromkeys(_FORMULAS, self._formula),
        }
        self._fields: list[_FieldCode] = []
        self.seen: Counter[str] = Counter()

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Read ahead: what is open and what was counted is afterwards as before."""
        kept = [replace(one) for one in self._fields], self.seen.copy()
        yield
        self._fields, self.seen = kept

    def read(self, paragraph: Element, style: str | None) -> Told:
        told = Told()
        self._hidden = self._styles.toggle(style, "w:vanish")
        self._bold = self._styles.toggle(style, "w:b")
        self._custom = False
        self._walk(paragraph, told)
        # An instruction that its paragraph leaves open hides nothing of the next ones.
        self._fields = [one for one in self._fields if one.in_result and not one.of_the_page]
        return told

    def _walk(self, parent: Element, told: Told) -> None:
        for child in parent:
            name = child.tag
            if name in _SKIPPED:
                if name == "w:instrText" and self._fields and not self._fields[-1].in_result:
                    self._fields[-1].instruction += child.text or ""
            elif name in self._readers:
                self._readers[name](child, told)
            elif name in _TAKEN_OUT:
                self.seen["tracked_changes"] += 1
                told.leave_out(STRUCK, words_in(child, "w:delText"))
            elif name in _ELSEWHERE:
                raise TextElsewhereError
            elif name == "w:txbxContent":
                told.boxes.append(child)
            elif name == "m:t":
                self._write(child.text or "", told)
            else:
                self.seen["tracked_changes"] += name in _PUT_IN
                self._walk(child, told)

    def _alternate(self, element: Element, told: Told) -> None:
        """One of the forms in which the same is said: the first that holds anything."""
        for form in (*element.findall("mc:Choice"), *element.findall("mc:Fallback")):
            before = (len(told.pieces), len(told.boxes), len(told.unread))
            self._walk(form, told)
            if (len(told.pieces), len(told.boxes), len(told.unread)) != before:
                return

    def _simple_field(self, element: Element, told: Told) -> None:
        self._fields.append(_FieldCode(element.get("w:instr", ""), in_result=True))
        self._walk(element, told)
        self._end_field(told)

    def _run(self, run: Element, told: Told) -> None:
        known = run.find("w:rPr")
        style = value_of(known, "w:rStyle")
        hidden = is_on(known, "w:vanish")
        hidden = hidden if hidden is not None else self._hidden or self._styles.toggle(style, "w:vanish")
        if known is not None and known.find("w:del") is not None:
            hidden = True
        align = value_of(known, "w:vertAlign")
        is_raised = align == "superscript" if align is not None else self._styles.raised(style)
        bold = is_on(known, "w:b")
        bold = bold if bold is not None else self._bold or self._styles.toggle(style, "w:b")
        at = len(told.pieces)
        for child in run:
            self._piece(child, told, hidden=hidden)
        if is_raised:
            told.pieces[at:] = [raised("".join(told.pieces[at:]))]
        if is_on(known, "w:strike") or is_on(known, "w:dstrike") or self._styles.toggle(style, "w:strike"):
            words = "".join(told.pieces[at:])
            del told.pieces[at:]
            told.leave_out(STRUCK, words)
        if bold:
            told.bold += sum(len(piece.strip()) for piece in told.pieces[at:])

    def _piece(self, child: Element, told: Told, *, hidden: bool) -> None:
        name = child.tag
        if name == "w:fldChar":
            self._field(child.get("w:fldCharType"), told)
        elif name == "w:t":
            if hidden and (child.text or "").strip():
                self.seen["hidden_text"] += 1
                told.leave_out("hidden", "")
            elif not hidden:
                self._write(child.text or "", told)
        elif hidden:
            if name == "w:instrText":
                self._walk_one(child, told)
        elif name in _WRITTEN:
            self._write(_WRITTEN[name], told)
        elif name == "w:br":
            self._write("\n", told)
        elif name == "w:sym":
            self._write(self._sign(child, told), told)
        elif name in _NOTE_KINDS:
            self._call(child, told)
        else:
            self._walk_one(child, told)

    def _walk_one(self, child: Element, told: Told) -> None:
        holder = Element("w:p")
        holder.append(child)
        self._walk(holder, told)

    def _formula(self, element: Element, told: Told) -> None:
        """A power is raised, a fraction and brackets stand in one line; other formulas are named."""
        at = len(told.pieces)
        self._walk(element, told)
        said = "".join(told.pieces[at:])
        if element.tag == "m:sup":
            said = raised(said)
        elif element.tag == "m:den":
            said = f"/{said}"
        elif element.tag == "m:d" and below(element, "m:dPr", "m:begChr") is None:
            said = f"({said})"
        else:
            told.leave_out("formula", said)
        told.pieces[at:] = [said]

    def _drawing(self, element: Element, told: Told) -> None:
        """Read the words of a diagram; name a chart, an object or a large picture."""
        name = element.tag
        if name == "_:relIds":
            told.boxes.append(box := Element("w:txbxContent"))
            for words in (points := self._part(element.get("r:dm", ""))):  # as Word lists them beside it
                SubElement(SubElement(SubElement(box, "w:p"), "w:r"), "w:t").text = f"• {words}"
            if not points:
                told.leave_out("diagram", "")
        elif name == "_:chart":
            told.leave_out("chart", "".join(self._part(element.get("r:id", ""))))
        elif name == "w:object":
            told.leave_out("object", next(element.iter("_:OLEObject"), element).get("ProgID", ""))
        else:
            size, shape = next(element.iter("_:extent"), element), next(element.iter("_:shape"), element)
            sides = [float(number_of(size.get(side), 0, 10**9) or _LARGE) for side in ("cx", "cy")]
            sides += [float(points) * _POINT for points in _POINTS.findall(shape.get("style", ""))]
            if any(one.tag in ("_:pic", "_:imagedata") for one in element.iter()) and min(sides) >= _LARGE:
                told.leave_out("picture", next(element.iter("_:docPr"), element).get("descr", ""))
            self._walk(element, told)

    def _field(self, step: str | None, told: Told) -> None:
        if step == "begin":
            self._fields.append(_FieldCode())
        elif step == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif step == "end" and self._fields:
            self._end_field(told)

    def _end_field(self, told: Told) -> None:
        """Print a field that has no result by its instruction, or name it."""
        code = self._fields.pop()
        if code.written or not all(one.in_result for one in self._fields):
            return
        words = words_of(code.instruction)
        if words is None:
            told.leave_out("field", code.instruction)
        self._write("\ufffd" if words is None else words, told)

    def _write(self, characters: str, told: Told) -> None:
        if self._custom and characters.strip():
            kind, note, _ = told.notes[-1]
            told.notes[-1] = (kind, note, characters.strip())
            self._custom = False
        if characters and not any(one.of_the_page or not one.in_result for one in self._fields):
            told.pieces.append(characters)
            for one in self._fields:
                one.written = True

    def _sign(self, element: Element, told: Told) -> str:
        code = element.get("w:char", "")
        try:
            place = int(code, 16)
        except ValueError:
            place = 0
        sign = sign_of(place, element.get("w:font", ""))
        if sign is None:
            self.seen["unknown_signs"] += 1
            told.leave_out("sign", f"{element.get('w:font', '')} {code}")
            return "\ufffd"
        return sign

    def _call(self, element: Element, told: Told) -> None:
        """A note's mark: counted, or its own, which then follows in the run (``*``)."""
        kind, note = _NOTE_KINDS[element.tag], element.get("w:id", "")
        self._custom = element.get("w:customMarkFollows") in ("1", "true", "on")
        told.notes.append((kind, note, ""))
        if not self._custom:
            mark = self._mark(kind, note)
            told.notes[-1] = (kind, note, mark)
            self._write(raised(mark), told)


def words_in(element: Element, name: str) -> str:
    """The words of all elements of that ``name`` in ``element``."""
    return "".join(one.text or "" for one in element.iter(name))


def mark_is_gone(properties: Element | None) -> bool:
    """Whether the paragraph's end was taken out, or hidden: it then goes on with the next paragraph."""
    known = properties.find("w:rPr") if properties is not None else None
    if known is None:
        return False
    gone = known.find("w:del") is not None or known.find("w:moveFrom") is not None
    return gone or bool(is_on(known, "w:specVanish"))


def outline_of(properties: Element | None) -> int | None:
    """The heading's depth that the paragraph itself states, from 1; 0 where it states that it is none."""
    stated = value_of(properties, "w:outlineLvl")
    depth = number_of(stated, 0, 9)
    return None if depth is None else (depth + 1) % 10
