"""The checker's pages: what is sent, what is refused, and that nothing of a draft survives."""

from __future__ import annotations

import html
import io
import json
import logging
import re
import sys
import tempfile
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from docx import Document as Word
from docx.oxml import OxmlElement

from search.pages.checker import draft as drafts
from search.pages.checker import quotations
from search.pages.checker import views as checker
from search.pages.checker.check import MOST_FINDINGS
from tests.site.test_page_markup import (
    _fragments_exist,
    _headings_do_not_skip,
    _ids_are_unique,
    _landmarks,
    _links_and_fields_have_names,
)
from tests.tables import each_row, rows_from
from tests.tools.pages import read
from tests.tools.searching import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]

SECRET = "绝密之言不可外泄"
QUOTED = "在质的方面，有一些会员国在政府机构之间建立了新的工作关系"
DRAFT = f"{SECRET}<script>x</script>。S/2010/52，附件，第14段：“{QUOTED}”。\n第154O(2004)号决议。“1540委员会”"


def word(*paragraphs: str) -> bytes:
    made = Word()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    return saved(made)


def saved(made) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def sent(client, **data):
    return client.post("/check", data)


def twin(client, text: str, status: int = 200) -> dict:
    response = client.post("/check.json", json.dumps({"text": text}), content_type="application/json")
    assert response.status_code == status
    return json.loads(response.content)


def text_of(response) -> str:
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return html.unescape(re.sub(r"<[^>]+>", "", main))


def test_the_page_explains_itself(client):
    tree, problems = read(client.get("/check").content)
    assert not problems
    form = next(form for form in tree.all("form") if form.attributes["action"] == "/check")
    assert form.attributes["method"] == "post"
    assert "不存盘，不记入日志" in tree.text
    assert client.get("/check.json").json()["limits"]["characters"] == 200_000
    assert client.head("/check").status_code == 200


def test_other_methods_are_not_allowed(client):
    for method in ("put", "delete", "patch"):
        response = getattr(client, method)("/check")
        assert response.status_code == 405
        assert "POST" in response["Allow"]


def test_the_draft_comes_back_with_marks_and_findings(client):
    response = sent(client, text=DRAFT)
    tree, problems = read(response.content)
    assert not problems
    lines = "\n".join(element.text for element in tree.all(css="check-draft"))
    assert lines == DRAFT
    findings = [element.text for element in tree.all(css="check-finding")]
    assert any("文字不差，出处不对" in one and "附件第3段" in one for one in findings)
    assert any("没有读懂" in one for one in findings)
    for link in tree.links:
        if link.startswith("#"):
            assert tree.with_id(link[1:]) is not None
    assert [script.attributes["src"] for script in tree.all("script") if "src" in script.attributes]
    assert "<script>x" not in response.content.decode()


def test_the_pages_are_well_formed_for_keyboards_and_readers(client):
    for response in (client.get("/check"), sent(client, text=DRAFT + "“没有配对")):
        tree, problems = read(response.content)
        assert not problems
        for right in (_ids_are_unique, _headings_do_not_skip, _links_and_fields_have_names, _landmarks):
            right("/check", tree)
        _fragments_exist("/check", tree)


def test_footnotes_are_ready_to_copy(client):
    tree, _ = read(sent(client, text=DRAFT).content)
    notes = tree.with_id("notes-un").text
    assert "S/2010/52" in notes
    assert "第3段" in notes
    assert "http://testserver/S/2010/52/p/annex.3/" in tree.with_id("notes-link").text


def test_the_twin_says_the_same(client):
    data = twin(client, DRAFT)
    assert data["text"] == DRAFT
    (quotation,) = [one for one in data["quotations"] if one["surface"] == QUOTED]
    assert quotation["verdict"] == "wrong_place"
    assert quotation["beside"] == "other_paragraph"
    assert quotation["places"][0]["url"].startswith("/S/2010/52/p/annex.3/")
    assert [one["standing"] for one in data["citations"]] == ["held", "not_understood"]
    assert data["footnotes"][0]["un"]
    for one in (*data["citations"], *data["quotations"]):
        assert DRAFT[one["start"] : one["end"]] == one["surface"]


def test_a_form_and_plain_text_are_understood_as_json_is(client):
    whole = twin(client, DRAFT)
    assert client.post("/check.json", {"text": DRAFT}).json() == whole
    assert client.post("/check.json", DRAFT.encode("gb18030"), content_type="text/plain").json() == whole


@pytest.mark.parametrize("charset", ["utf-7", "gb18030", "utf-16"])
@pytest.mark.parametrize("address", ["/check", "/check.json"])
def test_a_form_in_another_encoding_than_forms_have_is_refused(client, address, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.post(address, "text=%E6%A0%B8", content_type=kind).status_code == 400


def test_line_ends_of_a_form_are_one_character(client):
    data = client.post("/check.json", {"text": "一\r\nS/2010/52"}).json()
    assert data["text"] == "一\nS/2010/52"
    assert data["citations"][0]["start"] == 2


def test_offsets_of_json_are_those_of_the_sender(client):
    assert twin(client, "一\r\nS/2010/52")["citations"][0]["start"] == 3
    assert twin(client, "😀S/2010/52")["citations"][0]["start"] == 1


@pytest.mark.parametrize(("sent", "kind"), [('{"text": ""}', "application/json"), ("", "text/plain")])
def test_an_empty_draft_of_a_program_is_checked(client, sent, kind):
    found = client.post("/check.json", sent, content_type=kind)
    assert (found.status_code, found.json()["characters"], found.json()["quotations"]) == (200, 0, [])
    assert client.post("/check", {"text": ""}).status_code == 400, "whoever pressed a button is told"


def test_nothing_to_find_gives_empty_lists(client):
    data = twin(client, "今天天气很好。")
    assert data["citations"] == data["quotations"] == data["footnotes"] == []
    assert "草稿里没有引文，也没有引用" in text_of(sent(client, text="今天天气很好。"))


# --- files ---


def upload(client, name: str, content: bytes):
    return sent(client, file=SimpleUploadedFile(name, content))


def checked_text(client, name: str, content: bytes) -> str:
    return client.post("/check.json", {"file": SimpleUploadedFile(name, content)}).json()["text"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_file_may_be_in_any_usual_encoding(client, encoding):
    assert checked_text(client, "稿.txt", DRAFT.encode(encoding)).lstrip("\ufeff") == DRAFT


def test_a_word_file_is_read_with_its_tables_and_changes(client):
    made = Word()
    made.add_paragraph("第一段")
    made.add_table(1, 1).cell(0, 0).text = "表里的话"
    changed = made.add_paragraph("改动：")
    for tag, text_tag, words in (("w:ins", "w:t", "加上的"), ("w:del", "w:delText", "删去的")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        text.text = words
        run.append(text)
        change.append(run)
        changed._p.append(change)
    changed.add_run().add_break()
    changed.add_run("末尾")
    assert checked_text(client, "稿.docx", saved(made)) == "第一段\n表里的话\n改动：加上的\n末尾"


def test_footnotes_of_a_word_file_are_read(client):
    source = zipfile.ZipFile(io.BytesIO(word("正文")))
    notes = (
        '<?xml version="1.0"?><w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:footnote w:id="2"><w:p><w:r><w:t>“{QUOTED}”</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    relation = (
        '<Relationship Id="rId99" Target="footnotes.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/footnotes"/></Relationships>'
    )
    part = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.footnotes+xml"/></Types>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", relation.encode())
            if name == "[Content_Types].xml":
                content = content.replace(b"</Types>", part.encode())
            packed.writestr(name, content)
        packed.writestr("word/footnotes.xml", notes)
    assert checked_text(client, "稿.docx", file.getvalue()).endswith(f"“{QUOTED}”")


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * 70_000_000)
    return file.getvalue()


def with_entities() -> bytes:
    source = zipfile.ZipFile(io.BytesIO(word("正文")))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"?>", b'?><!DOCTYPE w [<!ENTITY a "aaaa">]>', 1)
            packed.writestr(name, content)
    return file.getvalue()


REFUSED = [
    ("a.pdf", lambda: b"%PDF-1.7 ...", 415, "PDF"),
    ("a.doc", lambda: b"\xd0\xcf\x11\xe0....", 415, ".doc"),
    ("a.docx", lambda: b"PK\x03\x04damaged", 415, "打不开"),
    ("a.docx", lambda: word("正文")[:-200], 415, "打不开"),
    ("a.docx", bomb, 413, "解开后过大"),
    ("a.docx", with_entities, 415, "打不开"),
    ("a.txt", lambda: b"\x00\x01\x02\xff\xfe\xfd", 415, "读不出"),
    ("a.txt", lambda: b"  \n ", 400, "空的"),
    ("a.txt", lambda: b"a" * 10_000_001, 413, "最大10MB"),
    ("a.docx", lambda: word(""), 400, "没有文字"),
    ("a.txt", lambda: ("字" * 200_001).encode(), 413, "200,001"),
]


@pytest.mark.parametrize(("name", "content", "status", "message"), REFUSED)
def test_a_file_that_cannot_be_checked_is_refused_in_words(client, name, content, status, message):
    response = upload(client, name, content())
    assert response.status_code == status
    assert message in text_of(response)
    assert response["Cache-Control"] == "no-store"


# --- limits ---


def test_too_long_a_draft_is_refused_and_counted(client, settings):
    response = sent(client, text="字" * 200_001)
    assert response.status_code == 413
    assert "草稿有200,001字，一次最多核对200,000字" in text_of(response)
    assert "200,001" in twin(client, "字" * 200_001, 413)["error"]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3000
    response = sent(client, text="字" * 5000)
    assert response.status_code == 413
    assert "草稿约有5," in text_of(response)


def test_a_draft_is_as_long_as_what_its_characters_stand_for(client):
    """U+FDFA stands for eighteen letters: 200,000 of it took thirty seconds."""
    assert "折合3,600,000字" in twin(client, "ﷺ" * 200_000, 413)["error"]
    assert "附加符号" in twin(client, "核a" + "\u0301\u0316" * 90_000, 400)["error"]
    assert sent(client, text="核a" + "\u0301" * 30).status_code == 200
    assert sent(client, text="…" * 100_000 + "字" * 100_000).status_code == 200


def test_a_draft_of_the_full_length_is_checked(client):
    assert sent(client, text="字" * 200_000).status_code == 200


def test_a_draft_with_too_much_to_find_is_checked_as_far_as_is_said(client):
    """66,666 quotations of one word were answered with 74 MB."""
    draft = "“的”" * (MOST_FINDINGS + 1)
    response = client.post("/check.json", {"text": draft})
    data = response.json()
    assert len(data["quotations"]) == MOST_FINDINGS
    assert data["checked"] == {"to": 3 * MOST_FINDINGS + 1, "whole": False}
    assert len(response.content) < 5_000_000


@each_row("FOUND_UNTIL")
def test_what_is_found_ends_where_too_much_is_found(client, monkeypatch, draft, count, end):
    whole = twin(client, draft)
    assert whole["checked"] == {"to": len(draft), "whole": True}
    monkeypatch.setattr(sys.modules["search.pages.checker.check"], "MOST_FINDINGS", 4)
    part = twin(client, draft)
    assert ("字为止，其后的文字没有核对" in text_of(sent(client, text=draft))) is (end is not None)
    assert part["checked"] == {"to": len(draft) if end is None else end, "whole": end is None}
    assert len(part["citations"]) + len(part["quotations"]) == count
    # What is checked is checked like any draft.
    assert part["citations"] == whole["citations"][: len(part["citations"])]


def test_no_more_is_compared_than_is_found(client, monkeypatch):
    asked = []
    nearest = quotations.nearest_texts
    monkeypatch.setattr(
        quotations, "nearest_texts", lambda words, *rest: asked.append(len(words)) or nearest(words, *rest)
    )
    monkeypatch.setattr(sys.modules["search.pages.checker.check"], "MOST_FINDINGS", 4)
    twin(client, "".join(f"“{QUOTED[:number]}龘{QUOTED[number + 1 :]}”" for number in range(20)))
    assert max(asked) == 4


BODIES = ["[]", '{"text": 1}', '"x"', "{", '{"words": "x"}', "[" * 100_000]


@pytest.mark.parametrize("body", BODIES)
def test_json_that_is_no_draft_is_refused(client, body):
    response = client.post("/check.json", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"]


STRANGE = [
    "\x00",
    "\ud800核",
    "“" * 3000,
    "”" * 3000,
    "‘“" * 500,
    "\u202e第1540(2004)号决议",
    "{{ x }}",
    "ﷺ" * 50,
    "\r\r",
    f"\ue000说“{QUOTED}”，\ue000\ue001说。",
    f"{'中国' * 90}“{QUOTED}”（{'法国在' * 30}",
]


@pytest.mark.slow
@pytest.mark.parametrize("length", [10_000, pytest.param(199_990, marks=pytest.mark.long)])
@pytest.mark.parametrize("piece", rows_from(__name__, "HUGE"))
def test_a_hostile_draft_of_any_length_is_checked_like_any_other(client, piece, length):
    text = f"核{piece * length}"[:length] + "”x(核"
    assert client.post("/check.json", {"text": text}).status_code == 200


@pytest.mark.parametrize("text", [*STRANGE, "核" * 50 + "\n" * 500, "S/" * 900, "第号" * 900, "(" * 900])
def test_nothing_that_is_sent_breaks_the_page(client, text):
    response = client.post("/check.json", json.dumps({"text": text}), content_type="application/json")
    assert response.status_code in (200, 400)


def test_without_an_index_the_page_says_so(client, tmp_path):
    with at(tmp_path / "nothing"):
        response = sent(client, text=DRAFT)
        assert response.status_code == 503
        assert "没有对照；这不等于没有结果" in response.content.decode()
        assert '<textarea id="draft"' in response.content.decode(), "to try again"
        assert SECRET not in response.content.decode()
        assert response["Cache-Control"] == "no-store"
        assert client.post("/check.json", {"text": DRAFT}).status_code == 503


# --- nothing survives ---


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
        return counts


def test_nothing_of_a_draft_survives(client, caplog, monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError("a temporary file was made")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, forbidden)
    before = rows()
    with caplog.at_level(logging.DEBUG):
        for response in (
            sent(client, text=DRAFT),
            upload(client, f"{SECRET}.docx", word(*DRAFT.split("\n"))),
            upload(client, "a.txt", (DRAFT * 40_000).encode()[:9_000_000]),
            client.post("/check.json", {"text": DRAFT}),
        ):
            assert response["Cache-Control"] == "no-store"
            assert not response.cookies
    assert rows() == before
    assert SECRET not in caplog.text


@pytest.mark.parametrize("address", ["/check", "/check.json"])
def test_an_error_of_ours_tells_nothing_of_the_draft(client, caplog, monkeypatch, address):
    def failing(text, likeness):
        try:
            raise KeyError(text)
        except KeyError as error:
            raise ValueError(text) from error

    monkeypatch.setattr(checker, "check", failing)
    with caplog.at_level(logging.DEBUG):
        response = client.post(address, {"text": SECRET})
    assert response.status_code == 500
    assert SECRET not in response.content.decode()
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_forms_of_other_sites_are_refused(client):
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert client.post("/check", {"text": "x"}, headers=header).status_code == 403
    for header in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}, {}):
        assert client.post("/check", {"text": "核"}, headers=header).status_code == 200


def test_no_form_asks_for_a_token_or_sets_a_cookie(client):
    response = client.get("/check")
    assert not response.cookies
    assert "csrf" not in response.content.decode()


def test_what_the_page_says_of_its_limits_holds():
    assert (drafts.LONGEST, drafts.LARGEST_FILE) == (200_000, 10_000_000)


UNHELD = (
    "安全理事会第1540(2004)号决议第3段决定，各国“应采取和执行有效措施，建立国内管制，"
    "以防止核武器、化学武器或生物武器及其运载工具的扩散”。"
)
UN = "https://undocs.org/zh/S/RES/1540(2004)"


def as_file(text: str) -> dict:
    return {"file": SimpleUploadedFile("a.docx", word(text))}


def result(response) -> str:
    text = response.content.decode()
    return text[text.index('class="check-summary"') : text.index('class="check-form"')]


@pytest.mark.parametrize("given", [lambda text: {"text": text}, as_file])
def test_a_quotation_of_what_is_not_held_is_nowhere_called_wrong(client, given):
    """On the page: no red, no note to another document, the UN's own text; what is like it on demand."""
    shown = result(sent(client, **given(UNHELD)))
    assert "1处引文无从核对" in shown and f'href="{UN}"' in shown
    assert "没有发现要改的地方。" not in shown
    assert "有出入" not in shown and "相近" not in shown and "wrong" not in shown
    assert 'id="footnotes"' not in shown
    more = result(client.post("/check?likeness=1", given(UNHELD)))
    assert "相近60%" in more and "/S/2016/1013/p/" in more and 'id="footnotes"' not in more
    assert "有出入" not in more and "wrong" not in more


def test_the_twin_says_so_too(client):
    for likeness, found in (("", 0), ("?likeness=1", 1)):
        response = client.post(f"/check.json{likeness}", UNHELD, content_type="text/plain")
        data = response.json()
        one = next(one for one in data["quotations"] if one["marked"])
        assert (one["verdict"], one["beside"], one["footnotes"]) == ("cannot_be_checked", "cannot_tell", [])
        assert bool(one["nearest"]) == bool(found)
        assert data["footnotes"] == []
        (target,) = data["citations"][0]["targets"]
        assert (target["held"], target["un_url"]) == (False, UN)
    assert "cannot_be_checked" in client.get("/check.json").json()["verdicts"]
    assert client.post("/check.json?likeness=x", UNHELD, content_type="text/plain").status_code == 400


@each_row("INVENTED")
def test_words_that_what_is_cited_does_not_hold_are_told_as_that(client, draft, beside, disagrees):
    """An invented quotation is not excused by what may stand in texts that are not held."""
    told = twin(client, draft)
    (quotation,) = (one for one in told["quotations"] if one["marked"])
    assert (quotation["verdict"], quotation["beside"]) == ("not_found", beside)
    assert [note["disagrees_with_quotation"] for note in told["footnotes"]] == list(disagrees)
    page = sent(client, text=draft).content.decode()
    assert ("所引的这份文件本库有，里面没有这些话" in page) is (beside == "not_there")
    assert ("未藏的文件中有无此语，本库不知道" in page) is (beside != "not_there")


QUOTED_OF_SPAIN = "防止恐怖团体获得大规模毁灭性武器是全球责任"


@each_row("SPEAKERS")
def test_whom_a_draft_names_is_compared_with_who_speaks(client, draft, agrees, why):
    draft = draft.format(S="S/AC.44/SR.74第15段", Q=QUOTED_OF_SPAIN)
    told = twin(client, draft)
    found = sorted(told["quotations"], key=lambda one: not one["marked"])
    one = next(one for one in found if not (one["term"] or one["formula"]))
    assert one["speaker_agrees"] is agrees, why
    assert agrees is None or one["speaker_named"]
    assert [bool(note["other_speaker"]) for note in told["footnotes"]].count(True) == (agrees is False)
    page = text_of(sent(client, text=draft))
    assert ("；所存的这一段，发言的是" in page) is ("发言者不符" in page) is (agrees is False)


@each_row("OTHER_SCRIPTS")
def test_words_in_another_script_or_width_are_the_words(client, draft, verdict, liberty, place, told):
    one = next(one for one in twin(client, draft)["quotations"] if one["marked"])
    places = one["nearest"]["places"] if one["nearest"] else one["places"]
    assert (one["verdict"], one["liberty"]) == (verdict, liberty)
    assert f"{places[0]['symbol']} {places[0]['anchor']}" == place
    assert told in text_of(sent(client, text=draft))
