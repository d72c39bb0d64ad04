"""A small index of a few rows, in a folder that is gone at once: what is mapped stays readable."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from .columns import ColumnFiles, Columns, Row
from .literal import LiteralIndex, write_literal_index
from .rows import exact_fields, token_fields


def small_index(rows: Iterable[Row]) -> tuple[LiteralIndex, Columns]:
    """Returns the folded texts and the values of ``rows``, which are in the order of their documents."""
    with TemporaryDirectory() as folder:
        directory = Path(folder)
        with ColumnFiles(directory, exact_fields(), token_fields()) as files:
            for row in rows:
                files.add(row)
            keys = files.finish()
        columns = Columns(directory)
        write_literal_index(directory, zip(keys.paragraphs, keys.documents, columns.texts(), strict=True))
        return LiteralIndex.of(directory), columns
