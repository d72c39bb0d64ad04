"""``parse_document``: the function, the command, and the core without Django."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.text import DocumentError, parse_document
from archive.text.errors import MissingSymbolError
from archive.text.language import READ
from archive.text.serialize import as_json
from tests.golden import SOURCES
from tests.tables import each_row

ROOT = Path(__file__).parents[2]
TEXT = "S/2010/52\n2010年1月29日法国代表给秘书长的信\n我谨提到第1540(2004)号决议第3段。\n代表\n某某(签名)\n"


@pytest.fixture
def letter(tmp_path):
    """A short letter in a file of its own."""
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, "utf-8")
    return path


def printed(*arguments: object) -> dict:
    """What the command prints."""
    out = StringIO()
    call_command("parse_document", *map(str, arguments), stdout=out)
    return json.loads(out.getvalue())


def test_the_command_prints_the_shape_that_is_promised(letter):
    output = printed(letter)
    assert set(output) >= {"document", "paragraphs", "mentions", "bodies", "dropped"}
    facts = {"symbol", "title", "document_type", "organ", "date", "communication_date", "original_language"}
    assert set(output["document"]) >= facts | {"job_number"}
    for paragraph in output["paragraphs"]:
        assert set(paragraph) >= {"anchor", "kind", "number", "parent", "text", "speaker", "submitter"}
    mention = output["mentions"][0]
    text = next(p["text"] for p in output["paragraphs"] if p["anchor"] == mention["anchor"])
    assert text[mention["start"] : mention["end"]] == mention["surface"]
    assert (mention["symbol"], mention["paragraph"]) == ("S/RES/1540(2004)", "3")
    assert output["dropped"] == [{"line": 1, "text": "S/2010/52", "reason": "running header"}]


def test_the_command_prints_what_the_function_returns():
    path = SOURCES["S_2010_52"]
    assert printed(path) == json.loads(json.dumps(as_json(parse_document(path))))


def test_a_sidecar_beside_the_source_is_used(letter):
    letter.with_suffix(".toml").write_text('title = "另一标题"', "utf-8")
    assert printed(letter)["document"]["title"] == "另一标题"


def test_a_sidecar_that_is_named_goes_before_the_one_beside(letter, tmp_path):
    letter.with_suffix(".toml").write_text('title = "旁"', "utf-8")
    named = tmp_path / "named.toml"
    named.write_text('title = "指定"', "utf-8")
    assert printed(letter, "--metadata", named)["document"]["title"] == "指定"


def test_a_document_without_symbol_is_refused(tmp_path):
    path = tmp_path / "unknown.txt"
    path.write_text("委员会审议了报告(S/2008/493)。", "utf-8")
    with pytest.raises(MissingSymbolError, match=r"unknown\.txt.*sidecar unknown\.toml"):
        parse_document(path)


@pytest.mark.parametrize("symbol", ["S/2016/9042.JSON", "S/2016/9041/P/14", "S/2016/9041/Source"])
def test_a_masthead_with_an_address_of_the_archive_is_refused(tmp_path, symbol):
    path = tmp_path / "a.txt"
    path.write_text(
        f"联合国                     {symbol}\n\n安全理事会\n\n1. 委员会审议了各国的报告。\n", "utf-8"
    )
    with pytest.raises(DocumentError, match=rf"a\.txt: '{symbol}'.*address of this archive"):
        parse_document(path)


@each_row()
def test_the_command_refuses_a_bad_sidecar_in_one_sentence(letter, sidecar, message):
    letter.with_suffix(".toml").write_text(sidecar, "utf-8")
    with pytest.raises(CommandError, match=message):
        printed(letter)


def test_the_command_refuses_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match=r"missing\.txt: cannot be read"):
        printed(tmp_path / "missing.txt")


def test_every_refusal_is_a_value_error(tmp_path):
    with pytest.raises(ValueError, match=r"none\.txt") as refused:
        parse_document(tmp_path / "none.txt")
    assert isinstance(refused.value, DocumentError)


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
    )


@pytest.mark.slow
def test_the_command_needs_no_database():
    done = _run(
        "manage.py", "parse_document", str(SOURCES["CD_2118"]), DATABASE_URL="postgres://nowhere:1/none"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["document"]["symbol"] == "CD/2118"


@pytest.mark.slow
def test_the_command_fails_without_a_traceback(tmp_path):
    done = _run("manage.py", "parse_document", str(tmp_path / "missing.txt"))
    assert done.returncode == 1
    assert "missing.txt" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_core_runs_where_django_cannot_be_imported():
    code = (
        "import sys\n"
        "for name in ('django', 'haystack', 'archive.settings', 'archive.models'): sys.modules[name] = None\n"
        "from archive.text import parse_document\n"
        f"print(len(parse_document({str(SOURCES['S_2010_52'])!r}).paragraphs))\n"
        "assert not any(name.startswith('django.') for name in sys.modules)\n"
    )
    done = _run("-W", "error", "-c", code)
    assert (done.stdout.strip(), done.stderr) == ("44", "")


ENGLISH = (
    "1. The Committee reviewed the reports of all States and decided that the Group of Experts would visit "
    "those which had asked for assistance with the implementation of the resolution.\n\n"
)
CHINESE = (
    "1. 委员会审议了各国的报告，并决定由专家组访问请求援助以执行该决议的国家，"
    "费用由自愿捐款支付，不影响经常预算。\n\n"
)
LANGUAGES = [
    # text, what is said of its language ("" for Chinese), remark
    (ENGLISH * 3, "en", "English"),
    ("Security Council\n\n" + ENGLISH, "en", "English under its organ"),
    (ENGLISH * 40 + "朝鲜矿业发展贸易公司\n\n" * 30, "en", "a list with names in Chinese"),
    ("1. Le Comité a examiné les rapports des États et a décidé que le Groupe aiderait ceux qui en ont "
     "fait la demande, dans les limites du mandat et des ressources.\n", "fr", "French"),
    ("1. Комитет рассмотрел доклады государств и постановил, что группа экспертов посетит те из них, "
     "которые обратились за помощью в осуществлении резолюции.\n", "ru", "Russian"),
    ("1. 委員会は、大量破壊兵器不拡散に関する各国の報告を検討し、"
     "専門家パネルが支援を要請した国を訪問することを決定した。\n", "ja", "Japanese"),
    ("1. Der Ausschuss prüfte die Berichte der Staaten und beschloss, dass Sachverständige jene besuchen "
     "werden, die um Hilfe bei der Durchführung ersucht haben.\n", "und", "German"),
    ("Whereas", "", "too short to tell"),
    (CHINESE, "", "Chinese"),
    ("1. 第三段第（一）项。", "", "a few characters"),
    ("1. Delete paragraph 3 and replace it with the following:", "en", "a few words"),
    ("1. Supprimer le paragraphe 3 et le remplacer par ce qui suit :", "fr", "a few words of others"),
    ("1. 委員會審議了各國的報告。\n", "", "traditional characters"),
    (CHINESE + "附件\n\n" + ENGLISH * 60, "", "an annex in English only"),
    (CHINESE + "附件\n\n" + "2. 名称：NEW EAST TRADING COMPANY LTD (a.k.a. BESTFOUR), Dandong\n\n" * 60,
     "", "a list of names"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "remark"), LANGUAGES, ids=[row[2] for row in LANGUAGES])
def test_a_text_in_a_language_that_is_not_read_is_refused(tmp_path, text, language, remark):
    path = tmp_path / "a.txt"
    path.write_text(f"S/2031/7\n\n{text}", "utf-8")
    if not language or language in READ:
        assert parse_document(path).facts.language == (language or "zh")
        return
    with pytest.raises(DocumentError, match=rf"a\.txt.*\({language}\).*Chinese"):
        parse_document(path)
    path.with_suffix(".toml").write_text('language = "zh"', "utf-8")
    assert parse_document(path).facts.language == "zh", "whoever knows better may say so"
