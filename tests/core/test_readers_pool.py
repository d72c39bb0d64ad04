"""Files are read in child processes: what crashes, hangs or floods is a refused file, and nothing more."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from archive.readers import NotReadableError, Source, office, pool
from archive.readers.core import as_core
from archive.readers.pool import Pool
from archive.text import DocumentError, parse_source
from archive.text.reference import load_reference
from archive.text.sidecar import sidecar_of, stated_in
from tests.conftest import ROOT
from tests.tables import rows_from
from tests.tools.word_files import package, paragraph, word

SCRIPTS = rows_from(__name__, "SCRIPTS")


# Answers each file with its own bytes as text; the interpreter alone starts fast.
ECHO = """
import json, sys
while line := sys.stdin.buffer.readline():
    told = sys.stdin.buffer.read(json.loads(line)["size"]).decode()
    plain = dict(text=told, evidence={}, facts={}, notes=[], format="docx", pages=None, boxes={})
    answer = json.dumps(plain).encode()
    sys.stdout.buffer.write(b"%d\\n" % len(answer) + answer)
    sys.stdout.buffer.flush()
"""
ECHOING = (sys.executable, "-S", "-c", ECHO)


@pytest.mark.parametrize("case", SCRIPTS)
def test_child_that_misbehaves_is_a_refused_file(case: str) -> None:
    script, code = SCRIPTS[case]
    seconds = 0.3 if code == "too_slow" else 86400
    one = Pool((sys.executable, "-S", "-c", script), seconds=seconds, most_output=5000)
    with pytest.raises(NotReadableError) as refused:
        one.run("docx", b"x" * 300_000)
    assert refused.value.code == code
    assert not one._idle


def test_child_is_used_again_and_replaced() -> None:
    one = Pool(ECHOING, most_files=2)
    numbers = []
    for _ in range(3):
        assert one.run("docx", "联合国".encode()).text == "联合国"
        numbers += [child._process.pid for child in one._idle]
    one.close()
    assert len(numbers) == 2
    assert len(set(numbers)) == 2  # after the second file it was replaced


def test_refusal_comes_through_with_its_code() -> None:
    one = Pool()
    with pytest.raises(NotReadableError) as refused:
        one.read(word('<w:altChunk r:id="x"/>'), "x")
    assert refused.value.code == "text_elsewhere"
    assert one.read(word(paragraph("还在")), "x").text == "还在"  # and the child lives on
    one.close()


def test_child_knows_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "s3cret")
    script = (
        "import json, os, sys; sys.stdin.buffer.readline();"
        "told = json.dumps({'refused': str('SECRET_KEY' in os.environ)});"
        "sys.stdout.write(f'{len(told)}\\n{told}'); sys.stdout.flush()"
    )
    one = Pool((sys.executable, "-c", script))
    with pytest.raises(NotReadableError) as refused:
        one.run("docx", b"")
    one.close()
    assert refused.value.code == "False"


def test_plain_text_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_Child", None)
    assert Pool().read("联合国".encode(), "x").text == "联合国"


def test_forked_process_does_not_use_its_parents_children() -> None:
    one = Pool(ECHOING)
    one.run("docx", b"a")
    theirs = one._idle[0]
    one._owner = os.getpid() + 1
    one.run("docx", b"b")
    assert theirs not in one._idle
    theirs.stop()
    one.close()


def test_too_large_is_refused_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LARGEST_FILE", 1000)
    with pytest.raises(NotReadableError) as refused:
        Pool().read(package({"word/document.xml": os.urandom(4000)}), "x")
    assert refused.value.code == "too_large"


def test_other_word_processors_files_are_refused_where_no_office_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    with pytest.raises(NotReadableError) as refused:
        Pool().read(b"{\\rtf1 text}", "x")
    assert refused.value.code == "no_office"


@pytest.mark.long
@pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed")
def test_other_word_processors_files_are_converted() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg936 {\fonttbl{\f0 SimSun;}}\f0 S/2010/52\par \u32852?\u21512?\u22269?\par}"
    one = Pool()
    read = one.read(rtf, "x.doc")
    assert (read.text.split("\n")[:2], read.format, read.notes) == (
        ["S/2010/52", "联合国"],
        "rtf",
        ("converted",),
    )
    one.close()


def test_readers_start_without_django() -> None:
    script = "import sys, archive.readers.child, archive.readers.word, archive.readers.web;"
    script += "print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "False"


PARSED = [  # a bundled file, or text; what its sidecar says
    (ROOT / "tests" / "documents" / "A_59_361.txt", ""),
    (
        ROOT / "tests" / "documents" / "S_2008_493_Corr.1.txt",
        'title = "另一标题"\n[compare]\nmeeting = "1"\n',
    ),
    ("1. 没有文号的文件。", ""),
    ("S/2021/1\n\n" + "The Security Council recalls its resolutions and decides. " * 9, ""),
    ("S/2021/1\n\n1. 第一段。", '[compare]\nsymbol = "S/2021/2"\n'),
    ("S/2021/1\n\n1. 第一段。", "colour = 1\n"),
    (" \n", ""),
]


@pytest.mark.parametrize(("given", "stated"), PARSED, ids=range(len(PARSED)))
def test_the_core_says_the_same_in_a_child(given, stated) -> None:
    read = Source(given if isinstance(given, str) else given.read_text("utf-8"))

    def told(parse):
        try:
            return parse()
        except DocumentError as error:
            return type(error), str(error), vars(error)

    here = told(
        lambda: parse_source(as_core(read, "a"), sidecar_of(stated_in(stated), "a"), load_reference())
    )
    assert told(lambda: pool.parse_read(read, "a", stated)) == here
