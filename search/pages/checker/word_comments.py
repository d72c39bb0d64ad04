"""A Word file with comments: its package edited so that nothing else of it changes.

Written anew are the document (marks of comments; runs are split at them), its comments, the list of relations
and that of content types. All other parts are copied as they lie in the file, packed.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree
from lxml.html import fragment_fromstring

from archive.readers.package import Package, opened
from archive.readers.word_styles import renamed
from archive.readers.xml_stream import Budget, DamagedFileError, read_xml

from .draft import LONGEST, PartText, parts_of

TEXT = ("w:t", "m:t")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
TYPES, LISTED = "[Content_Types].xml", "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/"  # where names of ISO/IEC 29500 Strict begin
MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
TAKEN = "//@*[local-name()='id'][starts-with(local-name(..), 'comment')]"  # numbers of comments
# What may stand between a paragraph and its runs, and holds marks of comments as the paragraph does.
THROUGH = frozenset("hyperlink ins moveTo smartTag sdt sdtContent fldSimple customXml dir bdo".split())  # noqa: SIM905
# As the site's style sheets show these elements of HTML.
STYLES = {"b": "<w:b/>", "del": "<w:strike/>", "ins": '<w:b/><w:u w:val="single"/>'}
BLOCKS = (
    "//*[self::p or self::blockquote or self::dt or parent::dd or self::li[not(.//p)]][not(ancestor::nav)]"
)
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def commented(content: bytes, comments: Sequence[tuple[int, int, str]], site: str, author: str) -> bytes:
    """Returns the Word file with comments, each ``(start, end, html)`` by offsets of ``draft.text_of``.

    ``site`` is the address where links of the HTML begin. What stands in a note is marked at its reference.
    Raises the errors of ``draft.text_of``.
    """
    budget = Budget(LONGEST)
    with opened(content, budget) as package:
        part, *notes = parts_of(package)
        document = _tree(package, part, budget)
        name, changed = _with_comments(package, part, etree.QName(document).namespace or "", budget)
        taken = [*document.xpath(TAKEN), *changed[name].xpath(TAKEN)]
        numbers = (number for number in count() if str(number) not in taken)
        draft = _Draft(document, [_tree(package, note, budget) for note in notes])
        draft.split({place for start, end, _html in comments for place in (start, end)})
        for number, (start, end, html) in zip(numbers, comments, strict=False):
            draft.mark(str(number), start, end)
            root = fragment_fromstring(html, create_parent="div")
            root.make_links_absolute(site)
            changed[name].append(_comment(changed[name].tag, number, author, root))
    changed[part] = document
    return _packed(content, {key: _written(tree.getroottree()) for key, tree in changed.items()})


def _tree(package: Package, part: str, budget: Budget) -> Any:
    """Parses a part within the bounds of ``read_xml``, which looks through it first."""
    content = b"".join(package.chunks(part))
    read_xml([content], budget, *[lambda *_event: None] * 3)
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, strip_cdata=False))
    except etree.XMLSyntaxError as error:
        raise DamagedFileError from error


def _written(tree: Any) -> bytes:
    return etree.tostring(tree, encoding="UTF-8", standalone=tree.docinfo.standalone is not False)


def _with_comments(package: Package, part: str, word: str, budget: Budget) -> tuple[str, dict[str, Any]]:
    """Returns the name of the part of comments, with its tree, and the trees of what lists a new one."""
    if listed := package.relations(part, ("comments",)):
        return listed[0].target, {listed[0].target: _tree(package, listed[0].target, budget)}
    folder, base = posixpath.split(part)
    names = (f"comments{number or ''}.xml" for number in range(99))
    target = next(name for name in names if posixpath.join(folder, name) not in package)
    types = _tree(package, TYPES, budget)
    values = {"PartName": posixpath.join("/", folder, target), "ContentType": MEDIA}
    etree.SubElement(types, types.tag.replace("}Types", "}Override"), values)
    beside = posixpath.join(folder, "_rels", f"{base}.rels")
    relations = (
        _tree(package, beside, budget)
        if beside in package
        else etree.Element(f"{{{LISTED}}}Relationships", nsmap={None: LISTED})
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    if word.startswith(STRICT):
        kind = f"{STRICT}officeDocument/relationships/comments"
    taken = {one.get("Id") for one in relations}
    key = next(key for n in range(len(taken) + 1) if (key := f"rIdComments{n}") not in taken)
    values = {"Id": key, "Type": kind, "Target": target}
    etree.SubElement(relations, f"{{{LISTED}}}Relationship", values)
    name = posixpath.join(folder, target)
    made = etree.Element(f"{{{word}}}comments", nsmap={"w": word})
    return name, {TYPES: types, beside: relations, name: made}


def _packed(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """Returns the file with the parts of ``changed``; what is not changed keeps its bytes, unopened."""
    made, rest = BytesIO(), dict(changed)
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        members = sorted(old.infolist(), key=lambda one: one.header_offset)
        ends = [*(one.header_offset for one in members[1:]), old.start_dir]
        for member, end in zip(members, ends, strict=True):
            if member.filename in rest:
                named = ZipInfo(member.filename, member.date_time)
                new.writestr(named, rest.pop(member.filename), ZIP_DEFLATED)
                continue
            begin, member.header_offset = member.header_offset, made.seek(new.start_dir)
            made.write(content[begin:end])
            new.start_dir = made.tell()
            new.filelist.append(member)
            new.NameToInfo[member.filename] = member
        for name, written in rest.items():
            new.writestr(ZipInfo(name), written, ZIP_DEFLATED)
    return made.getvalue()


def _comment(comments: str, number: int, author: str, root: Any) -> Any:
    """Builds a comment of the blocks of HTML. Addresses are text: LibreOffice mixes up fields of comments."""
    blocks = ["".join(_runs(one)) for one in root.xpath(BLOCKS)]
    lines = "</w:p><w:p>".join(filter(None, blocks))
    told = {"id": str(number), "author": author, "initials": "1540", "date": f"{datetime.now(UTC):%FT%TZ}"}
    values = " ".join(f"w:{name}={quoteattr(value)}" for name, value in told.items())
    space = quoteattr(etree.QName(comments).namespace or "")
    mark = "<w:r><w:annotationRef/></w:r>"
    return etree.fromstring(f"<w:comment xmlns:w={space} {values}><w:p>{mark}{lines}</w:p></w:comment>")


def _runs(block: Any) -> Iterator[str]:
    """Generates the runs of one block, white space as in HTML; what is quoted in quotation marks, behind a
    link its address.
    """
    for event, node in etree.iterwalk(block, events=("start", "end")):
        started = event == "start"
        around = {"q": ("“", "”"), "a": ("", f" {node.get('href')} ")}.get(node.tag, ("", ""))
        text = around[not started] + ((node.text if started else None if node is block else node.tail) or "")
        holders = [node, *node.iterancestors()][0 if started else 1 :]
        style = "".join(STYLES.get(one.tag, "") for one in holders)
        if text := escape(NO_XML.sub("\ufffd", re.sub(r"[ \n]+", " ", text))):
            yield f'<w:r><w:rPr>{style}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


# Where the characters of a draft stand in the document.


class _Pieces(PartText):
    """The text of a part as ``draft.text_of`` reads it, each piece with its element."""

    def __init__(self, tree: Any) -> None:
        super().__init__(Budget(LONGEST))
        for event, self.node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
            if event == "start":
                self.start(_name(self.node), [])
                self.text(self.node.text or "")
            elif event == "end":
                self.end(_name(self.node))
            elif self.in_text:
                self.node, tail = self.node.getparent(), self.node.tail
                self.text(tail or "")

    def _write(self, characters: str) -> None:
        if self.open and characters:
            self.open[-1].append((characters, self.node))


def _name(node: Any) -> str:
    """Returns the name of an element as ``read_xml`` gives it."""
    return str(node.tag).removeprefix("{").replace("}", " ")


def _around(node: Any) -> tuple[Any, Any]:
    """Returns the outermost paragraph around ``node``, and the run in it, or what is in its place."""
    *_inner, top = (one for one in node.iterancestors() if renamed(_name(one)) == "w:p")
    path = [node]
    while path[-1].getparent() is not top:
        path.append(path[-1].getparent())
    while len(path) > 1 and etree.QName(path[-1]).localname in THROUGH:
        path.pop()
    return top, path[-1]


class _Piece(NamedTuple):
    """A piece of the text and its element; of what stands in a note, the reference to the note."""

    text: str
    node: Any
    is_note: bool


class _Draft:
    """The document of a draft by offsets of its text, the notes' text behind it."""

    def __init__(self, document: Any, notes: Sequence[Any]) -> None:
        self.word = f"{{{etree.QName(document).namespace}}}"
        self.lines, self.starts, self.pieces, at = list[int](), list[int](), list[_Piece](), 0
        kinds = [f"{self.word}{kind}Reference" for kind in ("footnote", "endnote")]
        self.references = {(node.tag, node.get(f"{self.word}id")): node for node in document.iter(*kinds)}
        for tree in (document, *notes):
            for line in _Pieces(tree).lines:
                self.lines.append(at)
                for text, node in line:
                    self.starts.append(at)
                    is_note = tree is not document
                    self.pieces.append(_Piece(text, self._reference(node) if is_note else node, is_note))
                    at += len(text)
                at += 1

    def _reference(self, node: Any) -> Any:
        """Returns the reference of the note with ``node``; the piece before, where nothing refers to it."""
        note = next(node.iterancestors("{*}footnote", "{*}endnote"), node)
        key = f"{note.tag}Reference", note.get(f"{self.word}id")
        if key in self.references:
            return self.references[key]
        if not self.pieces:
            raise DamagedFileError
        return self.pieces[-1].node

    def split(self, places: set[int]) -> None:
        """Splits runs at ``places`` and around references to notes; from the end, so that each element moves
        but once.
        """
        found = [(place, self._at(place)) for place in sorted(places, reverse=True)]
        noted = {self.pieces[at].node for _place, at in found if self.pieces[at].is_note}
        for node in reversed(self.references.values()):
            if node in noted and node.getparent() is _around(node)[1]:
                self._cut(node.getparent(), list(node.itersiblings()))
                self._cut(node.getparent(), [node])
        cuts: dict[int, list[int]] = {}
        for place, at in found:
            cuts.setdefault(at, []).append(max(0, place - self.starts[at]))
        for at, insides in cuts.items():
            if not self.pieces[at].is_note:
                self._split(at, insides)

    def _at(self, place: int) -> int:
        """Returns the piece that begins at ``place`` or last before it; the first, where none does."""
        return max(0, bisect_right(self.starts, place) - 1)

    def _split(self, at: int, insides: Sequence[int]) -> None:
        """Splits the run of a piece at its places ``insides``, the last first."""
        text, node, _is_note = self.pieces[at]
        run, plain, end = node.getparent(), renamed(_name(node)) not in TEXT, len(text)
        if run is not _around(node)[1] or not (
            plain or (not len(node) and (text == text.strip() or SPACE in node.attrib))
        ):
            return  # marks stand beside the whole
        for inside in insides:
            moved = list(node.itersiblings())
            if 0 < inside < end:
                moved.insert(0, run.makeelement(node.tag, {SPACE: "preserve"}))
                moved[0].text, end = text[inside:end], inside
                self.pieces.insert(at + 1, _Piece(moved[0].text, moved[0], False))
                self.starts.insert(at + 1, self.starts[at] + inside)
            elif not inside:
                moved.insert(0, node)
            self._cut(run, moved)
        if end < len(text):
            node.text = text[:end]
            node.set(SPACE, "preserve")
            self.pieces[at] = _Piece(node.text, node, False)

    def _cut(self, run: Any, moved: Sequence[Any]) -> None:
        """Moves the last children of a run into one of their own behind it, with the same properties."""
        properties = run[0] if run[0].tag == f"{self.word}rPr" else None
        if not moved or (moved[0].getparent() is run and moved[0].getprevious() in (None, properties)):
            return
        tail = run.makeelement(run.tag, dict(run.attrib))
        tail.extend([*([] if properties is None else [deepcopy(properties)]), *moved])
        run.addnext(tail)

    def mark(self, number: str, start: int, end: int) -> None:
        """Sets the marks of a comment; of what goes on in another cell, box or note, at its beginning."""
        first = self._at(start)
        if start >= self.starts[first] + len(self.pieces[first].text) and first + 1 < len(self.pieces):
            first += 1
        last = first if self.pieces[first].is_note else max(first, bisect_left(self.starts, end) - 1)
        paragraph, run = _around(self.pieces[first].node)
        holder = _around(self.pieces[last].node)[0].getparent()
        if last > first and (self.pieces[last].is_note or holder is not paragraph.getparent()):
            line = bisect_right(self.lines, self.starts[first])
            last = bisect_left(self.starts, self.lines[line]) - 1
        values = {f"{self.word}id": number}
        run.addprevious(run.makeelement(f"{self.word}commentRangeStart", values))
        behind = _around(self.pieces[last].node)[1]
        reference = run.makeelement(f"{self.word}r")
        etree.SubElement(reference, f"{self.word}commentReference", values)
        behind.addnext(reference)
        behind.addnext(run.makeelement(f"{self.word}commentRangeEnd", values))
