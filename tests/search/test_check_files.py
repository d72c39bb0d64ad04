"""Files that are sent to be checked: each is checked whole or refused, for a bounded amount of work."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from archive.readers import xml_stream
from archive.readers.xml_stream import Budget, DamagedFileError, TooLargeInsideError, read_xml
from search.pages.checker.draft import LONGEST, RefusedError, lines_of, uploaded
from tests.tables import each_row

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*rows: str) -> str:
    return f'<Relationships xmlns="{RELATIONS}">{"".join(rows)}</Relationships>'


def relation(kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="r" Type="{TYPES}/{kind}" Target="{target}" {more}/>'


MAIN = relations(relation("officeDocument", "word/document.xml"))


def document(body: str, beginning: str = "", namespace: str = W) -> str:
    return f"{beginning}<w:document {namespace}><w:body>{body}</w:body></w:document>"


def p(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def packed(body: str | bytes, members: dict | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in ({"_rels/.rels": MAIN, "word/document.xml": body} | (members or {})).items():
            made.writestr(name, content)
    return file.getvalue()


def word(inner: str, **options) -> bytes:
    return packed(document(inner), **options)


def of_size(content: bytes, name: bytes, size: int) -> bytes:
    """``content`` where the list of members says another size of ``name``."""
    at = content.index(name, content.index(b"PK\x01\x02")) - 46
    while content[at : at + 4] != b"PK\x01\x02":
        at = content.index(name, at + 47) - 46
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


def at_place(content: bytes, place: int) -> bytes:
    """``content`` where the list of members says, in Zip64, that its first member begins at ``place``."""
    at, end = content.index(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    after_name = at + 46 + int.from_bytes(content[at + 28 : at + 30], "little")
    zip64 = struct.pack("<HHQ", 1, 8, place)
    size = int.from_bytes(content[end + 12 : end + 16], "little") + len(zip64)
    entry = content[at : at + 30] + struct.pack("<H", len(zip64)) + content[at + 32 : at + 42] + b"\xff" * 4
    listed = entry + content[at + 46 : after_name] + zip64 + content[after_name:end]
    return content[:at] + listed + content[end : end + 12] + struct.pack("<I", size) + content[end + 16 :]


def with_note(note: str, more: str = "") -> bytes:
    listed = relations(relation("footnotes", "footnotes.xml", more))
    notes = f"<w:footnotes {W}><w:footnote>{note}</w:footnote></w:footnotes>"
    return word(p("文"), members={"word/_rels/document.xml.rels": listed, "word/footnotes.xml": notes})


READ = [
    # what the file is, its bytes, what is read
    ("plain", word(p("一") + p("二")), "一\n二"),
    ("without compression", word(p("一"), method=zipfile.ZIP_STORED), "一"),
    ("UTF-16", packed(document(p("一"), '<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16")), "一"),
    ("UTF-8 with a mark", packed(document(p("一")).encode("utf-8-sig")), "一"),
    ("strict", packed(document(p("一"), namespace=STRICT)), "一"),
    (
        "a tracked change",
        word(f"<w:p><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del>{p('旧')}</w:del></w:p>"),
        "新",
    ),
    (
        "changes inside changes",
        word(f"<w:p>{'<w:ins>' * 99}<w:r><w:t>新</w:t></w:r>{'</w:ins>' * 99}</w:p>"),
        "新",
    ),
    ("a text box", word(f"<w:p><w:r><w:t>外</w:t>{p('框')}<w:t>面</w:t></w:r></w:p>"), "外面\n框"),
    ("a reading above words", word("<w:p><w:rt><w:t>hé</w:t></w:rt><w:t>核</w:t></w:p>"), "核"),
    ("a note", with_note(p("注")), "文\n注"),
    ("macros", word(p("一"), members={"word/vbaProject.bin": b"\xd0\xcf"}), "一"),
    (
        "a picture that would unpack to 90 MB",
        word(p("一"), members={"word/media/a.png": bytes(90_000_000)}),
        "一",
    ),
    (
        "a picture that lies elsewhere",
        word(
            p("一"),
            members={
                "word/_rels/document.xml.rels": relations(
                    relation("image", "http://127.0.0.1:9/a", 'TargetMode="External"')
                )
            },
        ),
        "一",
    ),
]


@pytest.mark.parametrize(("remark", "content", "text"), READ, ids=[row[0] for row in READ])
def test_a_word_file_is_read_whole(remark, content, text):
    assert uploaded("稿.docx", content) == text


DOCTYPE = '<!DOCTYPE w [<!ENTITY a "aaaa">]>'
BROKEN, LARGE, LONG, ELSEWHERE = "打不开", "解开后过大", "超过200,000字", "嵌有别的文件"
REFUSED = [
    # what the file is, what makes it, what is said
    ("a DTD", lambda: packed(document(p("一"), DOCTYPE)), BROKEN),
    (
        "a DTD behind a long comment",
        lambda: packed(document(p("一"), f"<!--{' ' * 9000}-->{DOCTYPE}")),
        BROKEN,
    ),
    ("a DTD in UTF-16", lambda: packed(document(p("一"), DOCTYPE).encode("utf-16")), BROKEN),
    (
        "a DTD in UTF-16, big end first",
        lambda: packed(b"\xfe\xff" + document("", DOCTYPE).encode("utf-16-be")),
        BROKEN,
    ),
    ("a DTD behind a mark", lambda: packed(document(p("一"), DOCTYPE).encode("utf-8-sig")), BROKEN),
    ("a DTD without entities", lambda: packed(document(p("一"), "<!DOCTYPE w>")), BROKEN),
    ("a DTD of the relations", lambda: word(p("一"), members={"_rels/.rels": DOCTYPE + MAIN}), BROKEN),
    (
        "a DTD that lies elsewhere",
        lambda: packed(document("", '<!DOCTYPE w SYSTEM "http://127.0.0.1:9/">')),
        BROKEN,
    ),
    ("an entity that nobody declared", lambda: word(p("&a;")), BROKEN),
    ("a damaged end", lambda: packed(document(p("一"))[:-20]), BROKEN),
    ("an unknown encoding", lambda: packed(document("", '<?xml version="1.0" encoding="x-1"?>')), BROKEN),
    ("a spreadsheet", lambda: packed(f"<workbook {W}/>"), BROKEN),
    ("no document", lambda: packed("", {"_rels/.rels": relations()}), BROKEN),
    (
        "a document that is not there",
        lambda: word("", members={"_rels/.rels": MAIN.replace("document.", "x.")}),
        BROKEN,
    ),
    (
        "a document that lies elsewhere",
        lambda: word("", members={"_rels/.rels": MAIN.replace(" />", ' TargetMode="External"/>')}),
        BROKEN,
    ),
    ("notes that lie elsewhere", lambda: with_note(p("注"), 'TargetMode="External"'), BROKEN),
    ("notes with a DTD", lambda: with_note(f"{p('注')}<!DOCTYPE w>"), BROKEN),
    ("a method that unpacks without bounds", lambda: word(p("一"), method=zipfile.ZIP_LZMA), BROKEN),
    ("less than is said", lambda: of_size(word(p("一")), b"word/document.xml", 9999), BROKEN),
    ("more than is said", lambda: of_size(word(p("一")), b"word/document.xml", 30), BROKEN),
    ("a part that lies beyond all files", lambda: at_place(word(p("一")), 2**64 - 1), BROKEN),
    ("a part at a place that no index can hold", lambda: at_place(word(p("一")), 2**63), BROKEN),
    ("a part behind the end", lambda: at_place(word(p("一")), 2**62), BROKEN),
    ("another file's text", lambda: word(p("一") + "<w:altChunk/>"), ELSEWHERE),
    ("a document inside", lambda: word(p("一") + "<w:subDoc/>"), ELSEWHERE),
    ("empty paragraphs", lambda: word("<w:p/>" * 4_800_000), LONG),
    ("paragraphs inside one another", lambda: word("<w:p>" * 100_000), LARGE),
    ("changes inside one another", lambda: word(f"<w:p>{'<w:ins>' * 100_000}"), LARGE),
    ("one endless word", lambda: word(p("核" * (LONGEST + 1))), LONG),
    (
        "a tag with no end to its attributes",
        lambda: word("<w:p" + "".join(f" a{i}='1'" for i in range(300_000)) + "/>"),
        LARGE,
    ),
    ("a comment of 3 MB", lambda: packed(document("", f"<!--{'-x' * 1_500_000}-->")), LARGE),
    ("white space", lambda: packed(document(" " * xml_stream.MOST_BYTES)), LARGE),
    ("many members", lambda: word(p("一"), members={f"a{i}": "" for i in range(2001)}), LARGE),
    ("a text file of 9 MB", lambda: b"\xe6\xa0\xb8" * 3_000_000, "没有核对任何一部分"),
]


@pytest.mark.parametrize(("remark", "make", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_file_that_costs_too_much_or_hides_something_is_refused_in_words(remark, make, message):
    content = make()
    assert len(content) < 10_000_000
    with pytest.raises(RefusedError, match=message):
        uploaded("稿.docx", content)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_with_two_documents_is_refused():
    file = io.BytesIO(word(p("一")))
    with zipfile.ZipFile(file, "a") as made:
        made.writestr("word/document.xml", document(p("二")))
    with pytest.raises(RefusedError, match=BROKEN):
        uploaded("稿.docx", file.getvalue())


def test_reading_stops_where_the_budget_ends_and_not_at_the_end_of_the_file():
    asked = []

    def endless():
        yield document("", "").removesuffix("</w:body></w:document>").encode()
        while True:
            asked.append(1)
            yield b"<w:r/>" * 1000

    with pytest.raises(TooLargeInsideError):
        lines_of(endless(), Budget(10, marks=5000))
    assert len(asked) == 5


def test_a_file_that_takes_too_long_on_this_machine_is_refused():
    budget = Budget(10)
    budget.ends = 0.0
    with pytest.raises(TooLargeInsideError):
        lines_of([document(p("一")).encode()], budget)


def test_a_declaration_is_refused_before_anything_behind_it_is_read():
    names = []
    with pytest.raises(DamagedFileError):
        read_xml([DOCTYPE.encode(), b"<a/>"], Budget(10), lambda name, _: names.append(name), print, print)
    assert names == []


@each_row("TEXT_FILES")
def test_a_text_file_of_the_full_length_is_read_in_any_encoding(encoding, characters):
    text = "核\r\n" * (characters // 2)
    assert len(uploaded("稿.txt", text.encode(encoding)).lstrip("\ufeff")) == characters
