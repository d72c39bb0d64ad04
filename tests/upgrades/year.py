"""``python -m tests.upgrades.year ACT…``: acts of an operator on the data folder of ARCHIVE_DATA_DIR.

``prepare`` and ``decide`` as below, ``back-up:FOLDER`` and ``restore:FOLDER`` (of a bundle), ``say``. Prints
a list in JSON: for each ``say`` what the archive says then, by address.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import redirect_stdout

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")

from .decisions import EDITS, WITHDRAWN

WHY = {"by": "编者", "reason": "核对过", "verbosity": 0}
CORRECTED, MERGED, WITHHELD = "S/2016/1013", "S/AC.44/SR.74", "A/74/140"
NAMED = (
    *("/bodies/general-assembly", "/bodies/security-council", "/states/CUB", "/resolutions"),
    *("/concepts/export-control", "/bodies", "/states"),
)
DOCUMENTS = ("S/2010/52", CORRECTED, MERGED, WITHHELD, WITHDRAWN)


def main(*acts: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    logging.disable()
    told = []
    with redirect_stdout(sys.stderr):
        for act in acts:
            name, _colon, folder = act.partition(":")
            if name == "say":
                told.append(said())
            elif name == "decide":
                decide()
            elif name == "prepare":
                call_command("prepare")
            elif name == "back-up":
                call_command("export_bundle", folder, unsigned=True)
            else:
                call_command("migrate", verbosity=0)
                call_command("restore_bundle", folder, allow_unsigned=True)
    json.dump(told, sys.stdout)


def decide() -> None:
    """Correct, withdraw, merge, withhold and rename, each something that the program brings itself."""
    from django.conf import settings
    from django.core.management import call_command

    from archive import models
    from archive.models import Document
    from archive.store.ingest.resolve import relink_names

    bundled = settings.BASE_DIR / "fixtures" / "documents"
    folder = settings.DATA_DIR.parent / "corrected"
    folder.mkdir()
    stem = CORRECTED.replace("/", "_")
    text = (bundled / f"{stem}.txt").read_text("utf-8")
    (folder / f"{stem}.txt").write_text(text.replace("不扩散", "不扩散（更正）", 3), "utf-8")
    (folder / f"{stem}.toml").write_bytes((bundled / f"{stem}.toml").read_bytes())
    call_command("import_documents", str(folder), verbosity=0)
    anchor = Document.objects.get(symbol=WITHHELD).paragraphs.order_by("position")[3].anchor
    call_command("withdraw_document", WITHHELD, paragraph=anchor, withheld=True, **WHY)
    call_command("merge_document", MERGED, CORRECTED, **WHY)
    if Document.objects.find(WITHDRAWN):
        call_command("withdraw_document", WITHDRAWN, **WHY)
    for table, row, fields in EDITS:
        getattr(models, table).objects.filter(**row).update(**fields)
    relink_names()


def said() -> dict[str, object]:
    """What documents say, what they and their paragraphs answer, and what a person may have named."""
    from django.test import Client

    from archive import models

    from .asking import told

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    texts = models.IssuedText.objects.filter(symbol__in=DOCUMENTS, since_revision__gt=0)
    rows = texts.order_by("symbol", "anchor", "fingerprint").values_list("symbol", "anchor", "fingerprint")
    links = [f"/{symbol}/p/{anchor}/{words}" for symbol, anchor, words in list(rows.distinct())[::7]]
    answers: dict[str, object] = {
        link: told(client, link) for link in (*(f"/{one}" for one in DOCUMENTS), *links)
    }
    for address in NAMED:
        plain = client.get(f"{address}.json").json()
        answers[address] = [_names(plain)]
    for table, row, fields in EDITS:
        answers[f"{table} {row}"] = list(getattr(models, table).objects.filter(**row).values(*fields))
    return answers


def _names(plain: object) -> object:
    """What is called somehow in an answer, without figures, that may be counted again."""
    if isinstance(plain, dict):
        kept = ("name", "aliases", "summary", "official_name")
        return [plain.get(key) for key in kept if key in plain] + [
            _names(value) for value in plain.values() if isinstance(value, dict | list)
        ]
    return [_names(value) for value in plain if isinstance(value, dict)] if isinstance(plain, list) else None


if __name__ == "__main__":
    main(*sys.argv[1:])
