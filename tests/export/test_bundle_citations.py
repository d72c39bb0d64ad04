"""What became of the words that a link cites, proved from a bundle by its verifier."""

import subprocess
import sys

import pytest

from archive.export.bundle import verify
from archive.models import IssuedText, ShortLink
from archive.text.fingerprint import fingerprint
from tests.tables import each_row
from tests.tools.bundles import CITING, FORBIDDEN, exported, fate_in, history_bundle
from tests.tools.factories import block, parsed, store

NOW = f"回顾{CITING}，已改。"
THEN = f"回顾{CITING}，甲。"
EDITED, MOVED = fingerprint(THEN), fingerprint("乙乙乙。")


@pytest.fixture
def bundle(db, tmp_path):
    return history_bundle(tmp_path / "bundle")


@each_row("PROVED")
def test_what_became_of_a_link(bundle, link, fate, remark):
    code = ShortLink.objects.get(symbol="S/2020/1", anchor="1", fingerprint=EDITED).code
    assert fate_in(verify.Data(bundle), link.format(code=f"/c/{code}")) == fate, remark


def test_every_short_code_is_answered_as_its_link(bundle):
    data = verify.Data(bundle)
    for row in ShortLink.objects.all():
        link = verify.cite(data, f"/{row.symbol}/p/{row.anchor}/{row.fingerprint}")
        assert verify.cite(data, f"https://x.example/c/{row.code}") == link


def test_an_edited_text_is_shown_with_its_dates_and_reason(bundle):
    row = IssuedText.objects.get(symbol="S/2020/1", anchor="1", fingerprint=EDITED)
    proved, lines = verify.cite(verify.Data(bundle), f"/S/2020/1/p/1/{EDITED}")
    said = "\n".join(lines)
    assert not proved
    assert f"{row.since:%Y-%m-%d}" in said and f"{row.until:%Y-%m-%d}" in said
    assert THEN in said and NOW in said and row.reason in said


def test_words_that_law_forbids_to_show_are_not_said(bundle):
    said = "\n".join(verify.cite(verify.Data(bundle), f"/S/2020/5/p/1/{fingerprint(FORBIDDEN)}")[1])
    assert "依法不予显示" in said and FORBIDDEN not in said


def test_the_verifier_leads_a_number_without_its_part_to_the_words(db, tmp_path):
    for part in (("annex",), ("annex", "annex2")):
        rows = [block(f"{one}.2", f"{one}{len(part)}的文字。", part=one) for one in part]
        store(parsed("S/2020/30", *rows), content=str(part))
    data = verify.Data(exported(tmp_path / "bundle"))
    for words, fate in (("annex1的文字。", "edited"), ("annex22的文字。", "identical")):
        assert fate_in(data, f"/S/2020/30/p/2/{fingerprint(words)}") == fate
    said = "\n".join(verify.cite(data, "/S/2020/30/p/2")[1])
    assert "（S/2020/30/p/annex.2/" in said and "（S/2020/30/p/annex2.2/" in said


def run(bundle, *arguments):
    command = [sys.executable, "-I", "-S", str(bundle / "verify.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


@each_row("ALONE")
def test_the_verifier_proves_links_alone(bundle, arguments, status, words):
    done = run(bundle, *arguments)
    assert done[0] == status and words in done[1]


def test_what_is_proved_is_proved_as_of_the_bundles_date(bundle):
    changed = verify.Data(bundle).as_of
    for arguments in (
        ["--cite", f"/S/2020/1/p/1/{fingerprint(NOW)}"],
        ["--cite", f"/S/2020/1/p/2/{MOVED}"],
        [],
    ):
        said = run(bundle, *arguments)[1]
        assert f"截至{changed}" in said and "至今" not in said and "现在" not in said


def test_nothing_is_proved_from_a_bundle_that_was_tampered_with(bundle):
    file = bundle / "data" / "issued_texts.jsonl"
    file.write_text(file.read_text("utf-8").replace("已改", "未改"), "utf-8")
    status, said = run(bundle, "--cite", f"/S/2020/1/p/1/{EDITED}")
    assert status == 1 and "[changed] data/issued_texts.jsonl" in said and "[edited]" not in said
