"""An archive with a history, and bundles of it, for tests."""

from __future__ import annotations

from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from archive.bundle.export import export_bundle
from archive.bundle.tables import TABLES
from archive.ingest import correct_document
from archive.models import Document, IssuedText, MovedAnchor, RetiredDocument
from archive.shortlinks import give_codes
from tests.factories import COMMITTEE, parsed, store, stored

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
CITING = "第1540(2004)号决议第3段"
MENTION = ("1", "第1540(2004)号决议", "S/RES/1540(2004)", "3")
FORBIDDEN = "依法不得公布的一段文字，长过十二个字。"


def make_history() -> None:
    """Documents edited, moved, withdrawn in part, renamed, merged, withdrawn, and withdrawn by law."""
    annex = ("annex.1", "1540委员会的附件第一段。")
    names = {"mentions": [MENTION], "bodies": [("annex.1", "1540委员会", COMMITTEE)], "title": "一封<信>"}
    first = (("1", f"回顾{CITING}，甲。"), ("2", "乙乙乙。"), ("3", "丙丙丙。"), annex)
    second = (("1", f"回顾{CITING}，已改。"), ("4", "乙乙乙。"), annex)
    store(parsed("S/2020/1", *first, **names, date="2020-01-02"))
    store(parsed("S/2020/1", *second, **names), "S_2020_1.txt", "改过的来源")
    correct_document(stored(parsed("S/2020/2", ("1", "误读文号的文件。"))), {"symbol": "S/2020/3"})
    retire(stored(parsed("S/2020/4", ("1", "撤下的文件。"), ("2", "又一段。"))), "withdrawn")
    retire(stored(parsed("S/2020/5", ("1", FORBIDDEN))), "withdrawn", withheld=True)
    retire(stored(parsed("S/2020/6", ("7", "乙乙乙。"), ("8", "没有下落。"))), "merged", "S/2020/1")
    give_codes()


def retire(document: Document, ending: str, successor: str = "", withheld: bool = False) -> None:
    """What the archive keeps of a document that is withdrawn or merged into another."""
    now = timezone.now()
    of_document = {"symbol": document.symbol, "language": document.language}
    standing = IssuedText.objects.filter(symbol=successor, until=None)
    for row in IssuedText.objects.filter(**of_document, until=None):
        there = standing.filter(fingerprint=row.fingerprint).first()
        if there:
            MovedAnchor.objects.create(
                **of_document,
                old_anchor=row.anchor,
                new_symbol=successor,
                new_anchor=there.anchor,
                moved=now,
                cause="merged",
            )
        IssuedText.objects.filter(pk=row.pk).update(
            until=now, ending="moved" if there else "withdrawn", cause=ending, by="编辑", withheld=withheld
        )
    RetiredDocument.objects.create(
        **of_document,
        ending=ending,
        successor=successor,
        by="编辑",
        reason="重复",
        withheld=withheld,
        facts={"title": "旧题"},
        at=now,
    )
    document.delete()


def edit_at_random(random: Random, times: int) -> None:
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
        store(parsed("S/2021/9", *blocks), "S_2021_9.txt", "\n".join(texts))


def exported(directory: Path, key: Ed25519PrivateKey | None = KEY) -> Path:
    export_bundle(directory, key)
    return directory


def empty_archive() -> None:
    for table in reversed(TABLES):
        table.model.objects.all().delete()


def content_of(directory: Path) -> dict[str, bytes]:
    """Every file of a bundle by its path."""
    files = (file for file in directory.rglob("*") if file.is_file())
    return {file.relative_to(directory).as_posix(): file.read_bytes() for file in files}
