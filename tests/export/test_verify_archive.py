"""``verify_archive`` finds what no look at one row can: history, references, a bundle there and back."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from archive.export.bundle import restore
from archive.models import IssuedText, Mention, Paragraph, Pinpoint
from tests.tools.bundles import make_history
from tests.tools.factories import parsed, store
from tests.tools.searching import at

pytestmark = pytest.mark.django_db


def citing() -> None:
    """Two documents, each citing a paragraph of the other."""
    for number, other in ((1, 2), (2, 1)):
        text = f"见S/2020/{other}第1段。"
        mention = ("1", f"S/2020/{other}", f"S/2020/{other}", "1")
        store(parsed(f"S/2020/{number}", ("1", text), ("2", "甲，乙。"), mentions=[mention]))


# what is done behind the archive's back, what is said
UNSEEN = [
    (
        lambda: Paragraph.objects.filter(anchor="2").update(text="甲,乙。"),
        "没有记入历次文字",
        "another width",
    ),
    (lambda: IssuedText.objects.filter(anchor="2").update(text="甲， 乙。"), "没有记入历次文字", "a space"),
    (lambda: Mention.objects.update(target=None), "没有指向库中", "a document that is held, not linked"),
    (lambda: Mention.objects.update(target_paragraph=None), "没有指向库中", "its paragraph"),
    (lambda: Pinpoint.objects.update(target_paragraph=None), "没有指向库中", "a pinpoint"),
]


@pytest.mark.parametrize(("damage", "message", "remark"), UNSEEN, ids=[row[2] for row in UNSEEN])
def test_what_differs_is_found(capsys, damage, message, remark):
    citing()
    call_command("verify_archive", "--quick")
    damage()
    with pytest.raises(CommandError):
        call_command("verify_archive", "--quick")
    assert message in capsys.readouterr().err


def test_a_bundle_is_made_checked_restored_and_compared(capsys, tmp_path, settings):
    settings.DATA_DIR, settings.OPEN_DATA_DIR = tmp_path, tmp_path / "dump"
    make_history()
    with at(tmp_path / "index"):  # neither index nor report nor dump is there yet
        call_command("verify_archive")
    out = capsys.readouterr().out
    assert "试做的存证包 1" in out
    assert "全部相符" in out


def test_a_bundle_that_comes_back_otherwise_is_told(capsys, monkeypatch):
    citing()

    def lossy(made, again, data):
        again.mkdir()
        (again / "data").mkdir()
        for file in (made / "data").iterdir():
            lines = file.read_text("utf-8").splitlines(keepends=True)
            (again / "data" / file.name).write_text("".join(lines[1:]), "utf-8")
        return ""

    monkeypatch.setattr(restore, "_restore_apart", lossy)
    with pytest.raises(CommandError):
        call_command("verify_archive")
    assert "data/paragraphs.jsonl与原来不同：少1行" in capsys.readouterr().err


def test_a_bundle_that_cannot_be_restored_is_told(capsys, monkeypatch):
    citing()
    monkeypatch.setattr(restore, "RESTORING", "raise SystemExit('没有空间')")
    with pytest.raises(CommandError):
        call_command("verify_archive")
    assert "恢复不了：没有空间" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("out", "told"), [(Terminal, True), (io.StringIO, False)])
def test_a_terminal_is_told_what_is_being_checked(monkeypatch, out, told):
    monkeypatch.setenv("TERM", "xterm")
    citing()
    call_command("verify_archive", "--quick", stdout=(out := out()))
    assert ("正在核对" in out.getvalue()) == told
    assert out.getvalue().endswith("全部相符。\n")
