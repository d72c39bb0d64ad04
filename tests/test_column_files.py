"""Columns are the same however many rows are held in memory at once."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search.index import column_files, columns
from search.index.column_files import ColumnFiles
from search.index.columns import Columns, Row, pack

VALUES = st.lists(st.sampled_from(["", "2016", "2004", "中国", "古巴"]), max_size=3).map(tuple)
ROWS = st.lists(st.tuples(VALUES, VALUES, st.integers(0, 5000), st.text(max_size=3)), max_size=12)


def written(directory: Path, rows: list) -> dict[str, bytes]:
    with ColumnFiles(directory, ["year", "state"], ["text"]) as files:
        for number, (year, state, length, text) in enumerate(rows):
            exact = {"year": year, "state": state}
            files.add(Row(number + 7, number // 2, exact, pack({"text": text}), {"text": length}))
        keys = files.finish()
    assert keys.paragraphs.tolist() == [number + 7 for number in range(len(rows))]
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@settings(max_examples=25)
@given(ROWS)
def test_a_few_rows_at_once_or_all(rows):
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        whole = written(Path(one), rows)
        with (
            mock.patch.object(column_files, "AT_ONCE", 2),
            mock.patch.object(column_files, "BLOCK", 3),
            mock.patch.object(columns, "AT_ONCE", 2),
        ):
            assert written(Path(other), rows) == whole
            found = Columns(Path(other))
            assert list(found.texts()) == [text for *_, text in rows]
            ids = np.arange(len(rows))
            again = list(found.all_rows(ids, ids))
        assert [dict(row.lengths) for row in again] == [{"text": length} for _, _, length, _ in rows]
        assert [set(row.exact["state"]) for row in again] == [{*state} - {""} for _, state, _, _ in rows]
