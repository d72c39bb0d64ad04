"""Fills the archive named by ``ARCHIVE_DATA_DIR``: arguments FIRST COUNT [CORPUS].

Stores COUNT paragraphs from number FIRST on as documents of their own and brings the index up to date.
"""

from __future__ import annotations

import os
import sys
from itertools import groupby
from operator import attrgetter


def main(first: int, count: int, corpus: str | None) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from archive.ingest import store_document
    from search.live.update import update_index
    from tests.benchmarks.searching.corpus import read_corpus
    from tests.factories import parsed, source

    if first == 0:
        call_command("migrate", verbosity=0)
    texts = read_corpus(corpus, first + count)[first:]
    for number, rows in groupby(texts, attrgetter("document")):
        blocks = [(row.anchor, row.text) for row in rows if row.text.strip()]
        document = parsed(f"S/20{first % 90 + 10}/{number}", *blocks)
        store_document(document, source(f"{first}-{number}.txt", "\n".join(text for _, text in blocks)))
    update = update_index()
    sys.stdout.write(f"{update.paragraphs}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
