"""An archive with a history, and bundles of it, for tests."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from archive.export.bundle import verify
from archive.export.bundle.export import export_bundle
from archive.export.tables import TABLES
from archive.intake.retirement import merge_document, withdraw_document, withdraw_paragraph
from archive.models import Document, RetiredDocument
from archive.store.addresses.shortlinks import give_codes
from archive.store.ingest.facts import correct_document
from archive.store.revision import current_revision
from tests.tools.bundled import store_once
from tests.tools.factories import COMMITTEE, parsed, store, stored

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
CITING = "第1540(2004)号决议第3段"
MENTION = ("1", "第1540(2004)号决议", "S/RES/1540(2004)", "3")
FORBIDDEN = "依法不得公布的一段文字，长过十二个字。"
FORBIDDEN_PART = "文件仍在库，只有这一段依法不得公布。"


def make_history() -> None:
    """The history of ``_make_history``, made once."""
    store_once(_make_history)


def history_bundle(directory: Path) -> Path:
    """Make the history in an archive without documents; returns a copy of the bundle of it."""
    make_history()
    made = current_revision().number
    if made not in _bundles:
        _bundles[made] = TemporaryDirectory(prefix="bundle-once-")
        exported(Path(_bundles[made].name) / "bundle")
    return shutil.copytree(Path(_bundles[made].name) / "bundle", directory)


_bundles: dict[int, TemporaryDirectory] = {}  # by revision


def _make_history() -> None:
    """Documents edited, moved, withdrawn in part, renamed, merged, withdrawn, and withdrawn by law."""
    annex = ("annex.1", "1540委员会的附件第一段。")
    names = {"mentions": [MENTION], "bodies": [("annex.1", "1540委员会", COMMITTEE)], "title": "一封<信>"}
    first = (("1", f"回顾{CITING}，甲。"), ("2", "乙乙乙。"), ("3", "丙丙丙。"), annex)
    second = (("1", f"回顾{CITING}，已改。"), ("4", "乙乙乙。"), annex)
    store(parsed("S/2020/1", *first, **names, date="2020-01-02"))
    store(parsed("S/2020/1", *second, **names), "S_2020_1.txt", "改过的来源")
    correct_document(stored(parsed("S/2020/2", ("1", "误读文号的文件。"))), {"symbol": "S/2020/3"})
    why = {"by": "编辑", "reason": "重复"}
    withdraw_document(stored(parsed("S/2020/4", ("1", "撤下的文件。"), ("2", "又一段。"))), **why)
    withdraw_document(stored(parsed("S/2020/5", ("1", FORBIDDEN))), **why, withheld=True)
    merged = stored(parsed("S/2020/6", ("7", "乙乙乙。"), ("8", "没有下落。"), other_symbols=("A/99/1",)))
    merge_document(merged, Document.objects.find("S/2020/1"), **why)
    partly = stored(parsed("S/2020/7", ("1", "公开的一段。"), ("2", FORBIDDEN_PART)))
    withdraw_paragraph(partly, "2", **why, withheld=True)
    back = stored(parsed("S/2020/10", ("1", "撤下又恢复。")), content="S/2020/10")
    RetiredDocument.objects.filter(pk=withdraw_document(back, **why).pk).update(lifted=timezone.now())
    give_codes()


def edit_at_random(random: Random, times: int, symbol: str = "S/2021/9") -> None:
    """A document imported again and again, its paragraphs inserted, removed, moved, renumbered, changed."""
    texts = [f"第{number}句话。" for number in range(6)]
    for _time in range(times):
        kind = random.choice(("insert", "remove", "swap", "change", "back"))
        place = random.randrange(len(texts))
        if kind == "insert" or len(texts) < 3:
            texts.insert(place, f"新句{random.randrange(9)}。")
        elif kind == "remove":
            del texts[place]
        elif kind == "swap":
            other = random.randrange(len(texts))
            texts[place], texts[other] = texts[other], texts[place]
        else:
            texts[place] = f"第{random.randrange(6)}句话。" if kind == "back" else texts[place] + "改"
        blocks = [(str(number), text) for number, text in enumerate(texts, start=1)]
        store(parsed(symbol, *blocks), f"{symbol.replace('/', '_')}.txt", "\n".join(texts))


def exported(directory: Path, key: Ed25519PrivateKey | None = KEY) -> Path:
    export_bundle(directory, key)
    return directory


def fate_in(data: verify.Data, link: str) -> str:
    """What the verifier says first of a link: ``identical``, ``edited`` …"""
    return verify.cite(data, link)[1][0].partition("]")[0].removeprefix("[")


def empty_archive() -> None:
    for table in reversed(TABLES):
        table.model.objects.all().delete()


def content_of(directory: Path) -> dict[str, bytes]:
    """Every file of a bundle by its path."""
    files = (file for file in directory.rglob("*") if file.is_file())
    return {file.relative_to(directory).as_posix(): file.read_bytes() for file in files}
