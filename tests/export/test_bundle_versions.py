"""Bundles of earlier versions stay readable for ever; forms of characters are proved as by the site.

``kept/bundle-v1.tar.xz`` was written by commit 8abdd1f: ``bundles.make_history``, then S/2020/12 whose first
paragraph was 甲，乙。 and is 甲,乙。, which the history of that time did not see: its own verifier says so.
``bundle-v2.tar.xz`` is the same of b4734b0, the last to write pages; its thesaurus was cut to 20 rows and
the manifest signed anew.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from archive.export.bundle import verify
from archive.export.bundle.restore import restore_bundle
from archive.models import Document, IssuedText, ShortLink
from archive.store.links.permalinks import Fate, follow
from archive.text.fingerprint import digest, fingerprint
from tests.tables import each_row
from tests.tools.bundles import PUBLIC, empty_archive, exported, fate_in
from tests.tools.factories import parsed, store

KEPT = Path(__file__).parents[1] / "kept"


def unpacked(folder: Path, version: int) -> Path:
    with tarfile.open(KEPT / f"bundle-v{version}.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def first_version(tmp_path_factory):
    return unpacked(tmp_path_factory.mktemp("kept"), 1)


@pytest.mark.parametrize(("version", "found"), [(1, ["[history] S/2020/12/p/1"]), (2, [])])
@pytest.mark.django_db
def test_an_earlier_bundle_is_verified_by_its_own_verifier_and_ours_and_restored(tmp_path, version, found):
    bundle = unpacked(tmp_path / "kept", version)
    own = [sys.executable, "-I", "-S", str(bundle / "verify.py"), "--key", PUBLIC]
    done = subprocess.run(own, capture_output=True, encoding="utf-8", check=False)
    said = [line.partition("：")[0] for line in done.stdout.splitlines() if line.startswith("[")]
    assert (said, done.returncode, done.stderr) == (found, len(found), "")
    manifest, findings = verify.check_bundle(bundle, PUBLIC)
    assert (manifest["version"], findings) == (version, [])
    restore_bundle(bundle, PUBLIC)
    again = exported(tmp_path / "again")
    assert verify.check_bundle(again, PUBLIC)[1] == []
    now = verify.Data(again)
    rows = verify.Data(bundle).rows("issued_texts")
    links = {f"/{row['symbol']}/p/{row['anchor']}/{row['fingerprint']}" for row in rows}
    assert len(links) > 15
    fates = {fate_in(now, link) for link in links}
    assert fates == {"identical", "identical_but_form", "moved", "edited", "withdrawn"}
    assert verify.check_bundle(bundle, PUBLIC, newer=again)[1] == []
    lacks = [finding.code for finding in verify.check_bundle(again, PUBLIC, newer=bundle)[1]]
    assert lacks == (["older", "lost"] if version == 1 else [])
    if version > 1:
        for table in ("paragraphs", "issued_texts", "moved_anchors", "short_links"):
            path = f"data/{table}.jsonl"
            assert (again / path).read_bytes() == (bundle / path).read_bytes(), path


@pytest.mark.parametrize("version", [1, 2])
def test_links_of_an_earlier_bundle_are_followed_by_its_own_verifier_alone(tmp_path, version):
    bundle = unpacked(tmp_path / "kept", version)
    link = f"/S/2020/1/p/2/{fingerprint('乙乙乙。')}"
    for verifier, status, said in ((bundle / "verify.py", 0, "[moved]"), (verify.__file__, 2, "verify.py")):
        command = [sys.executable, "-I", "-S", str(verifier), str(bundle), "--cite", link]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, said in done.stdout + done.stderr) == (status, True)


@pytest.mark.django_db
def test_a_bundle_of_version_1_is_restored_with_the_history_that_it_lacks(first_version, tmp_path):
    restore_bundle(first_version, PUBLIC)
    rows = IssuedText.objects.filter(symbol="S/2020/12", anchor="1").order_by("since")
    assert [(row.text, row.ending) for row in rows] == [("甲，乙。", "edited"), ("甲,乙。", "")]
    link = follow("S/2020/12", Document.objects.find("S/2020/12"), "1", fingerprint("甲，乙。"))
    assert link.fate is Fate.IDENTICAL_BUT_FORM
    before = [
        json.loads(line)
        for line in (first_version / "data/issued_texts.jsonl").read_text("utf-8").splitlines()
    ]
    assert IssuedText.objects.count() == len(before) + 1
    assert ShortLink.objects.count() == len(
        (first_version / "data/short_links.jsonl").read_text().splitlines()
    )
    again = exported(tmp_path / "again")
    manifest, findings = verify.check_bundle(again, PUBLIC)
    assert (manifest["version"], findings) == (verify.VERSION, [])


def test_a_later_version_is_not_guessed_at(first_version, tmp_path):
    bundle = shutil.copytree(first_version, tmp_path / "bundle")
    manifest = json.loads((bundle / "manifest.json").read_bytes()) | {"version": verify.VERSION + 1}
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    assert [finding.code for finding in verify.check_bundle(bundle)[1]] == ["bad-manifest"]


# --- the form of characters, from a bundle ---


@pytest.fixture
def formed(db, tmp_path):
    """A bundle of a paragraph whose comma became narrow."""
    store(parsed("S/2020/1", ("1", "甲，乙"), ("2", "另一段。")))
    store(parsed("S/2020/1", ("1", "甲,乙"), ("2", "另一段。")))
    return exported(tmp_path / "bundle")


WORDS, BOTH = digest("甲,乙"), digest("甲,乙另一段。")


@each_row("CITED")
def test_a_form_is_proved_from_a_bundle(formed, link, fate, remark):
    proved, lines = verify.cite(verify.Data(formed), link)
    assert lines[0].startswith(f"[{fate}]") and proved == (fate != "never_issued"), remark
    if fate == "identical_but_form":
        said = "\n".join(lines)
        assert "甲，乙" in said and "甲,乙" in said


def test_two_wordings_with_the_same_eight_digits_are_told_apart(db, tmp_path):
    then, now = "词7923。", "词13493。"
    for blocks in ([("1", then), ("2", now)], [("1", now)], [("3", now)]):
        store(parsed("S/2020/1", *blocks), content=str(blocks))
    bundle = exported(tmp_path / "bundle")
    assert verify.check_bundle(bundle, PUBLIC)[1] == []
    for anchor, words, digits in [(a, w, d) for a in "123" for w in (then, now) for d in (8, 20, 64)]:
        cited = digest(words)[:digits]
        site = follow("S/2020/1", Document.objects.find("S/2020/1"), anchor, cited)
        fate = fate_in(verify.Data(bundle), f"/S/2020/1/p/{anchor}/{cited}")
        assert fate == site.fate.value, (anchor, words, digits)


def test_the_bundle_is_sound_and_comes_back_whole(formed):
    assert verify.check_bundle(formed, PUBLIC)[1] == []
    empty_archive()
    restore_bundle(formed, PUBLIC)
    texts = IssuedText.objects.filter(anchor="1").order_by("since").values_list("text", flat=True)
    assert list(texts) == ["甲，乙", "甲,乙"]
