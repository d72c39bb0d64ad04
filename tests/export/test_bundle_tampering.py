"""Whatever is done to a bundle is found, and said: what, where, what to do."""

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from archive.export.bundle import verify
from archive.intake.retirement import withdraw_document
from archive.models import Document, IssuedText, ShortLink
from tests.tools.bundles import KEY, PUBLIC, exported, make_history
from tests.tools.factories import parsed, store

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(reversed(range(32))))


@pytest.fixture(scope="module")
def sound(tmp_path_factory, django_db_setup, django_db_blocker):
    """A bundle, exported once; the archive that it was made of is gone again."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_history()
        directory = exported(tmp_path_factory.mktemp("sound") / "bundle")
        transaction.set_rollback(True)
    return directory


@pytest.fixture
def bundle(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "bundle")


def change_byte(path: str):
    def change(bundle: Path) -> None:
        file = next(file for file in sorted(bundle.glob(path)) if file.stat().st_size)
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)

    return change


def replace(path: str, old: str, new: str):
    """Change a file and the manifest with it, and sign anew: only the data themselves can tell."""

    def change(bundle: Path) -> None:
        file = bundle / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")
        sign_anew(bundle)

    return change


def sign_anew(bundle: Path, key: Ed25519PrivateKey = KEY) -> None:
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    for row in manifest["files"]:
        content = (bundle / row["path"]).read_bytes()
        row |= {"size": len(content), "sha256": sha256(content).hexdigest()}
    content = json.dumps(manifest, ensure_ascii=False).encode()
    (bundle / "manifest.json").write_bytes(content)
    (bundle / "manifest.sig").write_text(key.sign(content).hex())
    (bundle / "manifest.pub").write_text(key.public_key().public_bytes_raw().hex())


def redate(bundle: Path) -> None:
    file = bundle / "manifest.json"
    file.write_text(file.read_text("utf-8").replace('"changed": "2', '"changed": "3'), "utf-8")


def halve(bundle: Path) -> None:
    file = bundle / "manifest.json"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def add(bundle: Path) -> None:
    (bundle / "data" / "extra.jsonl").write_text("x")


def add_link(bundle: Path) -> None:
    (bundle / "sources" / "link.txt").symlink_to("/etc/hostname")


def swap_for_link(bundle: Path) -> None:
    file = bundle / "verify.py"
    file.rename(bundle.parent / "verify.py")
    file.symlink_to(bundle.parent / "verify.py")


def remove(path: str):
    return lambda bundle: next(iter(sorted(bundle.glob(path)))).unlink()


def cut(path: str):
    def change(bundle: Path) -> None:
        file = bundle / path
        file.write_bytes(file.read_bytes()[:-9])
        sign_anew(bundle)

    return change


def lead_outside(bundle: Path) -> None:
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    manifest["files"][0]["path"] = "../secret"
    (bundle / "manifest.json").write_text(json.dumps(manifest))


def strip_signature(bundle: Path) -> None:
    (bundle / "manifest.sig").unlink()
    (bundle / "manifest.pub").unlink()


KINDS = ["data/paragraphs.jsonl", "data/*.jsonl", "sources/*.txt", "README.md", "LICENCE.md", "verify.py"]
PARAGRAPHS, ISSUED, ANSWERS = "data/paragraphs.jsonl", "data/issued_texts.jsonl", "data/answers.jsonl"
TAMPERINGS = [
    *((change_byte(path), "changed", f"a bit changed in {path}") for path in KINDS),
    (redate, "bad-signature", "a figure changed in the manifest"),
    (halve, "bad-manifest", "half of the manifest cut off"),
    (change_byte("manifest.sig"), "bad-signature", "a bit changed in the signature"),
    (change_byte("manifest.pub"), "bad-signature", "a bit changed in the public key"),
    (add, "extra", "a file added"),
    (add_link, "extra", "a link added"),
    (swap_for_link, "missing", "a link instead of a file"),
    (remove("sources/*.txt"), "missing", "a source removed"),
    (remove("data/themes.jsonl"), "missing", "an empty table removed"),
    (remove("manifest.json"), "no-manifest", "the manifest removed"),
    (strip_signature, "unsigned", "the signature removed"),
    (remove("manifest.pub"), "unsigned", "the public key removed"),
    (lambda bundle: sign_anew(bundle, OTHER), "other-key", "signed by another key"),
    (lead_outside, "bad-path", "the manifest leads outside"),
    (cut("data/paragraphs.jsonl"), "bad-data", "truncated JSONL, signed anew"),
    (replace(PARAGRAPHS, "已改", "未改"), "fingerprint", "a word changed, signed anew"),
    (replace(ISSUED, "丙丙丙", "丙丙"), "fingerprint", "a past word changed, signed anew"),
    (replace(PARAGRAPHS, "[", "{"), "bad-data", "no JSON any more, signed anew"),
    (replace(ISSUED, '"until":null', '"until":"2020-01-01T00:00:00Z"'), "history", "a standing text closed"),
    (replace(ISSUED, '"text":null', '"text":"x"'), "withheld", "a withheld text shown"),
    (replace("data/short_links.jsonl", '"anchor":"', '"anchor":"9'), "link", "a code that leads nowhere"),
    (replace(ANSWERS, '"anchor":"', '"anchor":"9'), "link", "a link without an answer"),
    (replace(ANSWERS, '"fate":"edited"', '"fate":"moved"'), "answer", "changed words said to be the same"),
    (replace(ANSWERS, '"fate":"moved"', '"fate":"edited"'), "answer", "the same words said to be changed"),
    (
        replace(ANSWERS, '"fate":"identical"', '"fate":"withdrawn"'),
        "answer",
        "standing words said to be gone",
    ),
]


@pytest.mark.parametrize(("tamper", "code", "remark"), TAMPERINGS)
def test_tampering_is_found(bundle, tamper, code, remark):
    tamper(bundle)
    _manifest, findings = verify.check_bundle(bundle, PUBLIC)
    assert code in {finding.code for finding in findings}, (remark, findings)


def test_a_sound_bundle_passes(bundle):
    assert verify.check_bundle(bundle, PUBLIC)[1] == []


def test_the_verifier_runs_alone_in_standard_python(bundle, tmp_path):
    """Isolated: no site packages, no environment, not even the folder that it lies in."""
    command = [sys.executable, "-I", "-S", str(bundle / "verify.py")]
    sound = subprocess.run([*command, "--key", PUBLIC], capture_output=True, text=True, encoding="utf-8")
    assert (sound.returncode, sound.stderr) == (0, "")
    assert "核对通过" in sound.stdout
    change_byte("data/paragraphs.jsonl")(bundle)
    broken = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert broken.returncode == 1
    assert "[changed] data/paragraphs.jsonl" in broken.stdout


def test_the_verifier_leaves_no_trace(bundle):
    before = sorted(bundle.rglob("*"))
    subprocess.run([sys.executable, "-I", str(bundle / "verify.py")], capture_output=True, check=True)
    assert sorted(bundle.rglob("*")) == before


def test_a_copied_bundle_passes(bundle, tmp_path):
    copy = tmp_path / "另 一处"
    shutil.copytree(bundle, copy)
    assert verify.check_bundle(copy, PUBLIC)[1] == []


def test_the_verifier_tells_what_fails(bundle, capsys):
    add(bundle)
    assert verify.main([str(bundle)]) == 1
    assert "[extra] data/extra.jsonl" in capsys.readouterr().out


def test_the_verifier_tells_that_an_unsigned_bundle_proves_no_origin(db, tmp_path, capsys):
    bundle = str(exported(tmp_path / "bundle", None))
    assert verify.main([bundle]) == 1 and "没有签名" in capsys.readouterr().out
    assert verify.main([bundle, "--allow-unsigned"]) == 0
    assert "不能证明出自何处" in capsys.readouterr().out


# --- a later bundle ---


def edited() -> None:
    store(parsed("S/2020/1", ("1", "全改过了。"), ("9", "新的一段。")), "S_2020_1.txt", "又改")
    withdraw_document(Document.objects.get(symbol="S/2020/7"), by="编辑", reason="试")


def without(*, symbol: str, **texts: str) -> None:
    """The archive was restored from a copy that lacked these texts."""
    for model in (IssuedText, ShortLink, *([] if texts else [Document])):
        model.objects.filter(symbol=symbol, **texts).delete()


NEWER = [
    (lambda: None, "", "nothing happened"),
    (edited, "", "edited, moved, withdrawn: every link is answered"),
    (lambda: without(symbol="S/2020/7"), "[lost] S/2020/7/p/1/", "a document is missing"),
    (lambda: without(symbol="S/2020/1", anchor="3"), "[lost] S/2020/1/p/3/", "a text of the past"),
    (lambda: ShortLink.objects.filter(anchor="annex.1").delete(), "[lost] /c/", "a short code"),
]


@pytest.mark.parametrize(("acts", "finding", "remark"), NEWER)
def test_every_link_of_the_older_bundle_is_followed_in_the_newer(db, tmp_path, capsys, acts, finding, remark):
    make_history()
    older = exported(tmp_path / "older")
    acts()
    newer = exported(tmp_path / "newer")
    status = verify.main([str(older), "--newer", str(newer)])
    said = capsys.readouterr().out
    assert status == bool(finding) and (finding or "条链接在较新的包里都有着落") in said, remark


def test_the_newer_bundle_must_be_the_newer(db, tmp_path, capsys):
    make_history()
    older = exported(tmp_path / "older")
    edited()
    assert verify.main([str(exported(tmp_path / "newer")), "--newer", str(older)]) == 1
    assert "[older]" in capsys.readouterr().out
