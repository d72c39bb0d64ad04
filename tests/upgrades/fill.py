"""Fills a data folder with a history and writes down every link that it issued, with what each answers.

Not a test. It is run once for a release, in a checkout of its commit, whose code it uses, and makes
``<commit>.tar.xz`` and ``<commit>.json`` here::

    ARCHIVE_DATA_DIR=/tmp/data python fill.py /tmp/data <commit>    (in that checkout, with it on PYTHONPATH)

That of 8abdd1f has no bundled documents but the letter, none of ``decisions``, and its index and dump.
"""

from __future__ import annotations

import json
import os
import sys
import tarfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client

from archive import models
from archive.ingest import correct_document, relink_names
from archive.models import Document, IssuedText, RetiredDocument, ShortLink

from asking import told  # beside this file
from decisions import EDITS, WITHDRAWN

CLIENT = Client(SERVER_NAME="localhost")
WHY = {"by": "编辑", "reason": "重复"}
HERE = Path(__file__).resolve().parent
LETTER, CHANGED = "S_2010_52", 3
KEPT_BRANCH = "proliferation"
ONE_IN = 4  # links of documents that come as they are
OTHERS = (
    "A_HRC_RES_49_6",
    "A_RES_73_55",
    "S_2011_700",
    "S_RES_1673",
    "S_2015_75",
    "A_75_133",
    "CD_2095",
    "CD_1999",
)


def main(data: Path, name: str) -> None:
    from tests.conftest import ROOT
    from tests.tools.edits import Editor

    sources = data.parent / "sources"
    sources.mkdir(exist_ok=True)
    ranges: set[str] = set()

    def bring(stem: str, text: str, sidecar: str = "") -> None:
        (sources / f"{stem}.txt").write_text(text, "utf-8")
        if sidecar:
            (sources / f"{stem}.toml").write_text(sidecar, "utf-8")
        call_command("import_documents", str(sources / f"{stem}.txt"), verbosity=0)
        ranges.update(issued_ranges())

    call_command("prepare", verbosity=0)
    letter = (ROOT / "fixtures" / "documents" / f"{LETTER}.txt").read_text("utf-8")
    bring(LETTER, letter)
    for stem in OTHERS:
        bring(stem, (ROOT / "tests" / "documents" / f"{stem}.txt").read_text("utf-8"))
    call_command("update_search", verbosity=0)
    editor = Editor(letter, 1540)
    for _import in range(CHANGED):
        editor.edit(6)
        bring(LETTER, editor.text)
    bring(LETTER, editor.text.replace("，", ",", 12))  # the width alone
    bring(
        "S_2015_75",
        (sources / "S_2015_75.txt").read_text("utf-8") + "\n附言。\n",
        'change_cause = "corrigendum"\nchange_reason = "补上附言"\n',
    )
    correct_document(Document.objects.get(symbol="CD/2095"), {"symbol": "CD/2096", "title": "更正后的标题"})
    correct_document(Document.objects.get(symbol="A/75/133"), {"date": "2020-07-01"})
    call_command("withdraw_document", "S/2011/700", **WHY, verbosity=0)
    call_command("withdraw_document", "CD/1999", **WHY, withheld=True, verbosity=0)
    call_command("withdraw_document", "S/RES/1673(2006)", paragraph="2", **WHY, withheld=True, verbosity=0)
    call_command(
        "withdraw_document",
        "S/2015/75",
        paragraph=Document.objects.get(symbol="S/2015/75").paragraphs.first().anchor,
        **WHY,
        verbosity=0,
    )
    call_command("merge_document", "A/HRC/RES/49/6", "A/RES/73/55", **WHY, verbosity=0)
    call_command("withdraw_document", "A/75/133", **WHY, verbosity=0)
    call_command("withdraw_document", "A/75/133", undo=True, by="编辑", verbosity=0)
    bring("S_2011_701", letter.replace("S/2010/52", "S/2011/701"))
    call_command("merge_document", "S/2011/701", "S/2010/52", **WHY, verbosity=0)
    editor.edit(6)
    bring(LETTER, editor.text)
    for table, row, fields in EDITS:
        getattr(models, table).objects.filter(**row).update(**fields)
    relink_names()
    call_command("withdraw_document", WITHDRAWN, **WHY, verbosity=0)
    # Two thirds of a megabyte; the next release ships them as if they were new.
    models.ThesaurusConcept.objects.exclude(branch=KEPT_BRANCH).delete()
    connection.cursor().execute("VACUUM")

    links = [*issued_links(), *sorted(ranges)]
    answers = {link: told(CLIENT, link) for link in links}
    (HERE / f"{name}.json").write_text(json.dumps(answers, ensure_ascii=False, indent=0) + "\n", "utf-8")
    connection.close()
    with tarfile.open(HERE / f"{name}.tar.xz", "w:xz", preset=9) as archive:
        archive.add(data, "data", filter=plain)
    print(len(answers), "links")


def plain(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if member.name != "data" and not member.name.startswith("data/archive.sqlite3"):  # all else is made of it
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def issued_ranges() -> list[str]:
    """Permalinks of a few ranges of each document as it stands now."""
    found = []
    for document in Document.objects.all():
        anchors = list(document.paragraphs.order_by("position").values_list("anchor", flat=True))
        for first, last in ((0, 2), (3, 5), (len(anchors) - 3, len(anchors) - 1)):
            if 0 <= first < last < len(anchors):
                told = CLIENT.get(f"/{document.symbol}/p/{anchors[first]}-{anchors[last]}.json")
                if told.status_code == 200:
                    found.append(told.json()["range"]["permalink"])
    return found


def issued_links() -> list[str]:
    rows = IssuedText.objects.order_by("symbol", "anchor", "fingerprint")
    texts = rows.values_list("symbol", "anchor", "fingerprint").distinct()
    symbols = {
        *rows.values_list("symbol", flat=True),
        *Document.objects.values_list("symbol", flat=True),
        *RetiredDocument.objects.values_list("symbol", flat=True),
        "CD/2095",
    }
    whole = {"S/2010/52", "S/2011/701", "S/2015/75", "S/RES/1673(2006)", WITHDRAWN}
    texts = [row for number, row in enumerate(texts) if row[0] in whole or number % ONE_IN == 0]
    codes = ShortLink.objects.order_by("code").values_list("code", flat=True)[::ONE_IN]
    return [
        *(f"/{symbol}" for symbol in sorted(symbols)),
        *dict.fromkeys(f"/{symbol}/p/{anchor}" for symbol, anchor, _ in texts),
        *(f"/{symbol}/p/{anchor}/{words}" for symbol, anchor, words in texts),
        *(f"/c/{code}" for code in codes),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
