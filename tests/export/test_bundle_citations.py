"""Citations proved from a bundle: links, UN footnotes, quotations."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from archive.export.bundle import verify
from archive.export.bundle.citations import (
    UnreadableCitationError,
    answer_citation,
    answer_link,
    lines_of,
    read_citation,
)
from archive.models import IssuedText, ShortLink
from archive.text.fingerprint import fingerprint
from tests.tables import each_row
from tests.tools.bundles import CITING, FORBIDDEN, exported, history_bundle
from tests.tools.factories import block, parsed, store

NOW = f"回顾{CITING}，已改。"
THEN = f"回顾{CITING}，甲。"
EDITED, MOVED = fingerprint(THEN), fingerprint("乙乙乙。")

# What is cited, with words quoted beside it; the fate; a remark. {code} is the short code of the edited text.


@each_row("READ")
def test_a_citation_is_read(text, symbol, anchors, quotation, remark):
    found = read_citation(text)
    assert (found.symbol, tuple(found.anchors), found.quotation) == (symbol, anchors, quotation), remark


@each_row("LINKS")
def test_a_link_is_found_in_a_citation(text, link):
    assert read_citation(text).link == link


@pytest.mark.parametrize("text", ["", "随便什么", "第七章", "para. 14"])
def test_what_names_no_document_is_refused(text):
    with pytest.raises(UnreadableCitationError):
        read_citation(text)


@pytest.fixture
def bundle(db, tmp_path):
    return history_bundle(tmp_path / "bundle")


@each_row("PROVED")
def test_a_citation_is_proved(bundle, cited, quotation, fate, remark):
    code = ShortLink.objects.get(symbol="S/2020/1", anchor="1", fingerprint=EDITED).code
    citation = read_citation(cited.format(code=f"/c/{code}"))
    answers = answer_citation(verify.Data(bundle), citation, quotation)
    assert [answer.fate for answer in answers] == [fate], remark


def test_every_short_code_is_answered_as_its_link(bundle):
    data = verify.Data(bundle)
    for row in ShortLink.objects.all():
        link = answer_link(data, f"/{row.symbol}/p/{row.anchor}/{row.fingerprint}")
        assert answer_link(data, f"https://x.example/c/{row.code}") == link


def test_an_edited_text_is_shown_with_its_dates_and_reason(bundle, capsys):
    row = IssuedText.objects.get(symbol="S/2020/1", anchor="1", fingerprint=EDITED)
    with pytest.raises(CommandError, match="未能证明"):
        call_command("verify_citation", f"/S/2020/1/p/1/{EDITED}", "--bundle", str(bundle))
    said = capsys.readouterr().out
    assert f"{row.since:%Y-%m-%d}" in said and f"{row.until:%Y-%m-%d}" in said
    assert THEN in said and NOW in said and row.reason in said


@each_row("STATUS")
def test_the_status_is_0_only_where_words_are_proved(bundle, citation, refused, remark):
    if refused is None:
        call_command("verify_citation", citation, "--bundle", str(bundle))
        return
    with pytest.raises(CommandError, match=refused):
        call_command("verify_citation", citation, "--bundle", str(bundle))


def test_words_that_law_forbids_to_show_are_not_said(bundle, capsys):
    with pytest.raises(CommandError):
        call_command("verify_citation", f"/S/2020/5/p/1/{fingerprint(FORBIDDEN)}", "--bundle", str(bundle))
    assert "依法不予显示" in capsys.readouterr().out


def test_nothing_is_proved_from_a_bundle_that_was_tampered_with(bundle):
    file = bundle / "data" / "issued_texts.jsonl"
    file.write_text(file.read_text("utf-8").replace("已改", "未改"), "utf-8")
    with pytest.raises(CommandError, match=r"\[changed\] data/issued_texts.jsonl"):
        call_command("verify_citation", f"/S/2020/1/p/1/{EDITED}", "--bundle", str(bundle))


SENTENCE = f"回顾{CITING}，已改。"


@each_row("LEFT_OUT")
def test_a_quotation_that_differs_is_shown_how(bundle, capsys, quoted, told, remark):
    for cited in ("S/2020/1, para. 1", "/S/2020/1/p/1", f"/S/2020/1/p/1/{fingerprint(SENTENCE)}"):
        with pytest.raises(CommandError):
            call_command("verify_citation", cited, "--quote", quoted, "--bundle", str(bundle))
        said = capsys.readouterr().out
        assert "[quotation_differs]" in said and told in said and "从未" not in said, remark


def test_what_is_proved_is_proved_as_of_the_bundles_date(bundle, capsys):
    changed = json.loads((bundle / "manifest.json").read_bytes())["changed"][:10]
    for citation in (f"/S/2020/1/p/1/{fingerprint(NOW)}", f"/S/2020/1/p/2/{MOVED}"):
        call_command("verify_citation", citation, "--bundle", str(bundle))
        said = capsys.readouterr().out
        assert f"截至{changed}" in said and "至今" not in said and "现在" not in said
    call_command("verify_bundle", str(bundle))
    assert f"截至{changed}" in capsys.readouterr().out


def test_the_verifier_leads_a_number_without_its_part_to_the_words(db, tmp_path):
    for part in (("annex",), ("annex", "annex2")):
        rows = [block(f"{one}.2", f"{one}{len(part)}的文字。", part=one) for one in part]
        store(parsed("S/2020/30", *rows), content=str(part))
    data = verify.Data(exported(tmp_path / "bundle"))
    for words, fate in (("annex1的文字。", "edited"), ("annex22的文字。", "identical")):
        assert answer_link(data, f"/S/2020/30/p/2/{fingerprint(words)}").fate == fate
    said = "\n".join(lines_of(answer_link(data, "/S/2020/30/p/2"), ""))
    assert "[ambiguous]" in said and "同样的字句" not in said
    assert "所指或是（S/2020/30/p/annex.2/" in said and "所指或是（S/2020/30/p/annex2.2/" in said


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--cite", f"https://x.example/S/2020/1/p/1/{fingerprint(NOW)}"], 0, "[identical]"),
        (["--cite", f"/S/2020/1/p/1/{EDITED}"], 1, "[edited]"),
        (["--cite", f"/S/2020/1/p/2/{MOVED}"], 0, "[moved]"),
        (["--cite", f"/S/2020/1/p/1-4/{fingerprint(NOW + '乙乙乙。')}"], 0, "[identical]"),
        (["--cite", "/S/2020/1/p/1-4/00000000"], 1, "[range_differs]"),
        (["--cite", "/S/2020/1/p/1-4"], 2, "没有指纹的区间"),
        (["--cite", "/c/00000000"], 1, "[never_issued]"),
        (["--cite", "/S/2020/1/p/1"], 1, "没有指纹"),
        (["--cite", "/S/2020/1/p/99"], 1, "[never_issued]"),
        (["--cite", "https://x.example/"], 2, "不是段落链接"),
        (["--cite", "S/2020/1, para. 1"], 2, "manage.py verify_citation"),
        (["--key", "abc"], 2, "64位"),
    ],
)
def test_the_verifier_proves_links_alone(bundle, arguments, status, words):
    command = [sys.executable, "-I", "-S", str(bundle / "verify.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == status
    assert words in done.stdout + done.stderr


@pytest.mark.parametrize("citation", ["随便什么", "S/2020/1", "https://x.example/S/2020/1/p/"])
def test_the_command_says_what_it_could_not_read(bundle, citation):
    with pytest.raises(CommandError, match="没有读懂"):
        call_command("verify_citation", citation, "--bundle", str(bundle))
