"""Sidecars: what they may state, and how a wrong one is refused."""

from __future__ import annotations

import pytest

from archive.text.errors import SidecarError
from archive.text.parsed import DocumentType, Facts
from archive.text.sidecar import read_sidecar, sidecar_beside


@pytest.fixture
def sidecar(tmp_path):
    """A function that writes a sidecar and reads it."""

    def read(content: str | bytes):
        path = tmp_path / "S_2016_1013.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_sidecar(path)

    return read


STATED = [
    ('symbol = "s/res/1540 (2004)"', "symbol", "S/RES/1540(2004)", "a symbol in any spelling"),
    ("date = 2016-12-01", "date", "2016-12-01", "a TOML date"),
    ('date = "2016-12-01"', "date", "2016-12-01", "a date in quotation marks"),
    ("meeting_date = 2016-06-22T15:00:00", "meeting_date", "2016-06-22", "a date with time"),
    ('document_type = "letter"', "document_type", DocumentType.LETTER, "a document type"),
    ('other_symbols = ["A/77/895"]', "other_symbols", ("A/77/895",), "the second symbol"),
    ('title = " 标题 "', "title", "标题", "a title with stray spaces"),
]


@pytest.mark.parametrize(("content", "key", "value", "remark"), STATED, ids=[row[3] for row in STATED])
def test_what_a_sidecar_states_overrules_the_text(sidecar, content, key, value, remark):
    read = Facts(symbol="S/2000/1", title="旧", date="2000-01-01", document_type=DocumentType.NOTE)
    assert getattr(sidecar(content).overrule(read), key) == value


def test_what_a_sidecar_does_not_state_stays_as_read(sidecar):
    assert sidecar('title = "新"').overrule(Facts(symbol="S/2000/1")).symbol == "S/2000/1"


REFUSED = [
    ('titel = "x"', "unknown key 'titel'", "an unknown key"),
    ("title = 5", "title must be a text", "a number for a text"),
    ('title = ""', "title must be a text", "an empty text"),
    ('date = "1 December 2016"', "date must be a date such as", "a date in words"),
    ("date = 20161201", "date must be a date such as", "a number for a date"),
    ('document_type = "memo"', "Known types are letter", "an unknown type"),
    ('symbol = "安理会文件"', "symbol is no symbol", "a symbol that is none"),
    ('other_symbols = "A/1"', "must be a list", "a text for a list"),
    ('symbol = "S/2016/9042.JSON"', "address of this archive", "the ending of a twin"),
    ('symbol = "S/2016/9041/P/14"', "address of this archive", "the address of a paragraph"),
    ('other_symbols = ["A/77/1/Source"]', "address of this archive", "the address of a source"),
    ("symbol = S/2016/1013", "this is no TOML", "a forgotten quotation mark"),
    ('symbol = "S/2016/1013'.encode("utf-16"), "UTF-8", "another encoding"),
]


@pytest.mark.parametrize(("content", "message", "remark"), REFUSED, ids=[row[2] for row in REFUSED])
def test_a_wrong_sidecar_is_refused_with_file_and_reason(sidecar, content, message, remark):
    with pytest.raises(SidecarError, match=message) as refused:
        sidecar(content)
    assert "S_2016_1013.toml" in str(refused.value)


def test_the_sidecar_has_the_name_of_its_source(tmp_path):
    source, beside = tmp_path / "S_AC.44_SR.74.md", tmp_path / "S_AC.44_SR.74.toml"
    assert sidecar_beside(source) is None
    beside.write_text("")
    assert sidecar_beside(source) == beside
