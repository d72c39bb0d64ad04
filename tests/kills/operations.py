"""What is killed: each operation as commands of the archive, on a site that lies ready for it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from ..tables import rows_from

Command = tuple[str, ...]
SOURCES = Path(__file__).parents[1] / "documents"

# They cite each other, in both directions of the order in which they come in.
DOCUMENTS = ("A_HRC_RES_49_6", "A_RES_73_55", "S_2011_700", "S_RES_1673")
EDITS = {
    "A_RES_73_55": (("大会，", "大会，\n\n铭记各国的努力，\n"), ("1. ", "1. 又")),
    "S_2011_700": (("主席的说明", "主席的长篇说明"),),
    "S_RES_1673": (("再工作两年", "再工作三年"), ("3. ", "3. 请秘书长提交报告;\n4. ")),
}
NAMES = tuple(rows_from(__name__, "NAMES"))
EARLIER = "0016"  # the state of the tables from which those of today are made
WHY = ("--by", "编辑", "--reason", "重复")


@dataclass(frozen=True, slots=True)
class Operation:
    """``commands`` are run on a site that the commands ``before`` have made.

    ``acts`` are the parts of it that are each whole or not at all; without them, those are the commands.
    ``earlier``: the site before is of an earlier release, which today's models cannot read until the end.
    """

    name: str
    before: tuple[Command, ...]
    commands: tuple[Command, ...]
    acts: tuple[Command, ...] = ()
    earlier: bool = False


_WORK = "from archive.desk.uploads.worker import work; work('x')"


def _items(values: str, state: str = "") -> Command:
    """What gives all files at the desk these ``values``, or those in one ``state``."""
    asked = f"filter(state='{state}')" if state else "all()"
    return (
        "shell",
        "-c",
        f"from archive.models import IntakeItem; IntakeItem.objects.{asked}.update({values})",
    )


def operations(given: Path) -> list[Operation]:
    """All operations; their sources are written below ``given``, ``{site}`` in a command is the site."""
    one, other, long = given / "first", given / "second", given / "third"
    for folder in (one, other, long):
        folder.mkdir(parents=True)
        for name in DOCUMENTS:
            shutil.copy(SOURCES / f"{name}.txt", folder)
    for name in DOCUMENTS[1:]:
        with (long / f"{name}.txt").open("a", encoding="utf-8") as file:
            file.writelines(f"\n\n{number}. 请第{number}国提交报告。" for number in range(50, 60))
    for name, edits in EDITS.items():
        file = other / f"{name}.txt"
        text = file.read_text("utf-8")
        for old, new in edits:
            text = text.replace(old, new, 1)
        file.write_text(text, "utf-8")
    bundle = str(given / "bundle")
    search: Command = ("update_search",)
    bare: tuple[Command, ...] = (("migrate",),)
    empty = (*bare, ("load_reference",), search)
    filled = (*empty, ("import_documents", str(one)), search)
    changed = (*filled, ("import_documents", str(other)))
    withdraw: Command = ("withdraw_document", "S/2011/700")
    paragraph: Command = ("withdraw_document", "S/RES/1673(2006)", "--paragraph", "2", *WHY, "--withheld")
    merge: Command = ("merge_document", "A/HRC/RES/49/6", "A/RES/73/55")
    files: Command = ("read_uploads", "--from", str(other))
    desk: tuple[Command, ...] = (_items("lease_until=None"), ("read_uploads", "--once"))
    of_desk = (desk[0], *[("shell", "-c", _WORK)] * len(DOCUMENTS), ("read_uploads", "--once"))
    new, read = (*empty, files, *desk), (*filled, files, *desk)
    accept, recall = (
        _items("state='accepted'", "to_check"),
        _items("state='recalled', by='编辑', reason='重复'", "published"),
    )
    dump, export = ("export_dump", "{site}/dump"), ("export_bundle", "{site}/bundles/2026", "--unsigned")
    return [
        Operation("import", empty, (("import_documents", str(one)), search), _each(one)),
        Operation("update", filled, (("import_documents", str(other)), search), _each(other)),
        Operation("switch", (*changed, search), (("update_search", "--rebuild"),)),
        # Most of a segment is gone, so that it is written anew, after what is new lies beside it.
        Operation("segments", (*filled, ("import_documents", "--no-index", str(long))), (search,)),
        Operation("withdraw", filled, ((*withdraw, *WHY, "--withheld"), search)),
        Operation("paragraph", filled, (paragraph, search)),
        Operation("merge", filled, ((*merge, *WHY), search)),
        Operation("undo", (*filled, (*withdraw, *WHY)), ((*withdraw, "--undo", *WHY[:2]), search)),
        Operation("unmerge", (*filled, (*merge, *WHY)), ((*merge, "--undo", *WHY[:2]), search)),
        Operation("desk-read", (*filled, files), desk, of_desk),
        Operation("desk-publish", (*new, accept), desk, of_desk),
        Operation("desk-update", (*read, accept), desk, of_desk),
        Operation("desk-undo", (*read, accept, *desk, recall), desk, of_desk),
        Operation("dump", (*filled, dump, paragraph), (dump,)),
        Operation("bundle", (*changed, search), (export,)),
        Operation(
            "restore",
            (
                *changed,
                (*merge, *WHY),
                ("export_bundle", bundle, "--unsigned"),
                ("flush", "--no-input"),
                *bare,
            ),
            (("restore_bundle", bundle, "--allow-unsigned"), search),
        ),
        Operation(
            "migrate", (*filled, ("migrate", "archive", EARLIER)), (("migrate",), search), earlier=True
        ),
    ]


def _each(folder: Path) -> tuple[Command, ...]:
    return tuple(("import_documents", str(path)) for path in sorted(folder.iterdir()))
