"""A Word file that is checked comes back with comments, and nothing else of it is changed."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from lxml import etree

from search.pages.checker.draft import text_of
from tests.tables import each_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]

QUOTED = "在质的方面，有一些会员国在政府机构之间建立了新的工作关系"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKS = (f"{W}commentRangeStart", f"{W}commentRangeEnd")
REFERENCE = f"{W}commentReference"
NAMED = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DOCUMENT, COMMENTS = "word/document.xml", "word/comments.xml"
LISTS = {"[Content_Types].xml", "word/_rels/document.xml.rels"}


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def made(body: str, note: str = "", **members_: str) -> bytes:
    """A file as Word writes it, with this body, a picture, and a footnote where one is given."""
    file = io.BytesIO()
    Word().save(file)
    parts = members(file.getvalue()) | {"word/media/a.png": bytes(range(256))}
    xml = parts[DOCUMENT].decode()
    begin, end = xml.index("<w:body>") + 8, xml.index("<w:sectPr")
    parts[DOCUMENT] = (xml[:begin] + body.replace("Q", QUOTED) + xml[end:]).encode()
    if note:
        told = (
            f"<w:footnote w:id='2'><w:p><w:r><w:t>{note.replace('Q', QUOTED)}</w:t></w:r></w:p></w:footnote>"
        )
        parts["word/footnotes.xml"] = f"<w:footnotes xmlns:w='{W[1:-1]}'>{told}</w:footnotes>".encode()
        _insert(
            parts,
            "[Content_Types].xml",
            f'<Override PartName="/word/footnotes.xml" ContentType="{NAMED}.footnotes+xml"/>',
        )
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
        _insert(
            parts,
            "word/_rels/document.xml.rels",
            f'<Relationship Id="n" Type="{kind}" Target="footnotes.xml"/>',
        )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def _insert(parts: dict[str, bytes], name: str, element: str) -> None:
    at = parts[name].rindex(b"</")
    parts[name] = parts[name][:at] + element.encode() + parts[name][at:]


def posted(client, content: bytes, status: int = 200):
    response = client.post("/check.docx", {"file": SimpleUploadedFile("稿.docx", content)})
    assert response.status_code == status, response.content.decode()[:2000]
    return response


def written(document: bytes) -> list:
    """What a document says, character for character with its properties and where it stands, without marks
    of comments."""
    found = []
    for node in etree.fromstring(document).iter():
        above = [one.tag for one in node.iterancestors()]
        if node.tag in (*MARKS, REFERENCE) or (node.tag == f"{W}r" and node.find(REFERENCE) is not None):
            continue
        if node.tag == f"{W}r" or f"{W}rPr" in (node.tag, *above):
            continue
        run = next(node.iterancestors(f"{W}r"), None)
        style = b"" if run is None or run.find(f"{W}rPr") is None else etree.tostring(run.find(f"{W}rPr"))
        texts = (node.text or "") if node.tag == f"{W}t" else [sorted(node.items())]
        found += [(above, style, node.tag, one) for one in texts]
    return found


def marked(document: bytes) -> dict[str, str]:
    """The words of each comment, by its number; a reference to a note as its number in brackets."""
    words, open_ = {}, []
    for node in etree.fromstring(document).iter():
        number = node.get(f"{W}id")
        if node.tag == MARKS[0]:
            assert number not in words
            words[number] = ""
            open_.append(number)
        elif node.tag == MARKS[1]:
            open_.remove(number)
            follows = node.getnext()
            assert follows.find(REFERENCE).get(f"{W}id") == number
        for one in open_:
            words[one] += str(node.xpath("string()")) if node.tag == f"{W}t" else ""
            words[one] += f"[{number}]" if node.tag == f"{W}footnoteReference" else ""
    assert not open_
    return words


@each_row("FILES")
def test_comments_stand_at_findings_and_nothing_else_changes(client, remark, body, note, expected):
    content = made(body, note)
    response = posted(client, content)
    before, after = members(content), members(response.content)
    assert after.keys() - before.keys() == {COMMENTS}
    assert {name for name in before if before[name] != after[name]} == {DOCUMENT, *LISTS}
    assert text_of(response.content, 200_000) == text_of(content, 200_000)
    assert written(after[DOCUMENT]) == written(before[DOCUMENT])
    words = marked(after[DOCUMENT])
    assert [words[number] for number in sorted(words, key=int)] == [
        one.replace("Q", QUOTED) for one in expected
    ]
    told = etree.fromstring(after[COMMENTS])
    assert [one.get(f"{W}id") for one in told] == sorted(words, key=int)
    assert Word(io.BytesIO(response.content)).comments.get(0).text


def test_comments_that_were_there_stay(client):
    draft = Word()
    run = draft.add_paragraph().add_run("见第1540(2004)号决议")
    draft.add_comment(run, "旧批注", author="某人", initials="m")
    file = io.BytesIO()
    draft.save(file)
    before, after = members(file.getvalue()), members(posted(client, file.getvalue()).content)
    assert {name for name in after if before.get(name) != after[name]} == {DOCUMENT, COMMENTS}
    old, new = etree.fromstring(before[COMMENTS]), etree.fromstring(after[COMMENTS])
    assert etree.tostring(old[0]) == etree.tostring(new[0])
    assert [one.get(f"{W}id") for one in new] == ["0", "1", "2"]
    assert marked(after[DOCUMENT]) == {"0": "见第1540(2004)号决议", "1": "见", "2": "第1540(2004)号决议"}


def test_a_comment_says_what_the_page_says(client):
    body = "<w:p><w:r><w:t>S/2010/52附件第15段：“Q”</w:t></w:r></w:p>"
    response = posted(client, made(body))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%A8%BF")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    comments = list(Word(io.BytesIO(response.content)).comments)
    assert "逐字对照" in comments[0].text
    link = "http://testserver/S/2010/52/p/annex.3/"
    wrong = comments[2].text
    assert "文字不差，出处不对" in wrong
    assert f"S/2010/52 附件第3段 {link}" in wrong
    assert "脚注 S/2010/52，附件，第3段，见" in wrong
    assert "HYPERLINK" not in etree.tostring(comments[2]._comment_elm, encoding="unicode")


def test_comments_are_in_the_language_of_the_draft(client):
    body = "<w:p><w:r><w:t>In S/2010/52, annex, para. 14, it spoke of “outreach to all the States of the"
    body += " region, and to industry”.</w:t></w:r></w:p>"
    comments = list(Word(io.BytesIO(posted(client, made(body)).content)).comments)
    assert "Footnote S/2010/52, annex, para. 14, available at" in comments[1].text
    assert "The archive holds no text in the language of the quotation" in comments[2].text
    assert "https://undocs.org/en/S/2010/52" in comments[2].text
    assert not re.search("[\u4e00-\u9fff]", comments[0].text + comments[2].text)


REFUSED = [
    ("稿.txt", "第1540(2004)号决议".encode(), 415, "请选一个.docx文件"),
    ("稿.docx", b"PK", 415, "打不开"),
    ("稿.docx", b"\xd0\xcf\x11\xe0" + bytes(4), 415, "Word 97–2003"),
    ("稿.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), 415, "加了密"),
    ("稿.docx", made("<w:p/>"), 400, "没有文字可以核对"),
    ("稿.docx", made("<w:p><w:r><w:t>甲</w:t></w:r></w:p><w:altChunk/>"), 415, "嵌有别的文件"),
    ("稿.docx", made("<w:p/>", note="第1540(2004)号决议"), 415, "打不开"),
]


@pytest.mark.parametrize(("name", "content", "status", "words"), REFUSED)
def test_what_cannot_be_commented_is_refused_in_words(client, name, content, status, words):
    response = client.post("/check.docx", {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == status
    assert words in response.content.decode()


@pytest.mark.parametrize(("name", "returned"), [("稿.DOCM", "稿（核对）.DOCM"), ("稿", "稿（核对）.docx")])
def test_a_file_keeps_the_ending_that_word_needs(client, name, returned):
    content = made("<w:p><w:r><w:t>第1540(2004)号决议</w:t></w:r></w:p>")
    response = client.post("/check.docx", {"file": SimpleUploadedFile(name, content)})
    assert unquote(response["Content-Disposition"]) == f"attachment; filename*=utf-8''{returned}"


def test_without_a_file_the_form_is_shown(client):
    assert client.post("/check.docx", {"text": "第1540(2004)号决议"}).status_code == 415
    assert 'formaction="/check.docx"' in client.get("/check.docx").content.decode()
