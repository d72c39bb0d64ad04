"""The acts that meet, as commands, and the documents that they are about: all cite each other."""

from __future__ import annotations

from pathlib import Path

from ..tables import rows_from

Command = tuple[str, ...]

WHY = ("--by", "编辑", "--reason", "重复")
SOURCES = rows_from(__name__, "SOURCES")
CHANGED = (
    "1. 改过的一段，回顾S/2020/1第1段。\n\n2. 各国报告了S/2020/5第1段所述情况。\n\n3. 新的一段，见S/2020/2。"
)
HELD = ("S_2020_3", "S_2020_4", "S_2020_5")


def acts(given: Path) -> dict[str, Command]:
    """Name → command. ``citing`` and ``cited`` name each other; ``update`` changes one that is held."""
    return {
        "citing": ("import_documents", str(given / "S_2020_1.txt")),
        "cited": ("import_documents", str(given / "S_2020_2.txt")),
        "update": ("import_documents", str(given / "changed" / "S_2020_3.txt")),
        "withdraw": ("withdraw_document", "S/2020/3", *WHY),
        "paragraph": ("withdraw_document", "S/2020/3", "--paragraph", "1", *WHY),
        "merge": ("merge_document", "S/2020/4", "S/2020/3", *WHY),
        "undo": ("withdraw_document", "S/2020/5", "--undo", *WHY[:2]),
        "reference": ("load_reference",),
    }


def before(given: Path) -> list[Command]:
    """What makes the site on which they meet: three documents, one of them withdrawn."""
    return [
        ("migrate",),
        ("load_reference",),
        *(("import_documents", str(given / f"{name}.txt")) for name in HELD),
        ("withdraw_document", "S/2020/5", *WHY),
        ("update_search",),
    ]


def write_sources(given: Path) -> None:
    (given / "changed").mkdir(parents=True)
    for name, body in SOURCES.items():
        _write(given / f"{name}.txt", body)
    _write(given / "changed" / "S_2020_3.txt", CHANGED)


def _write(file: Path, body: str) -> None:
    symbol = file.stem.replace("_", "/")
    file.write_text(f"{symbol}\n\n2020年1月2日主席给安全理事会主席的信\n\n{body}\n", "utf-8")
