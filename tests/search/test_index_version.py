"""What an index of a fixed corpus contains, as one digest: it may change only with the number of the version.

``tests/golden/index_version.json`` holds the version, and the digest of each part of what it stands for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jieba
import pytest
from haystack.constants import DJANGO_ID

from archive.text.parsed import Kind
from search.engine.index.generations import INDEX_VERSION, folder_in
from search.engine.index.rows import definition, prepare
from search.engine.live.index import index_root, live_index
from search.engine.live.update import update_index
from search.query.text.segmenter import words_digest
from search.query.text.term_counts import count_tokens
from search.search_indexes import paragraphs_of
from tests.tables import rows_from
from tests.tools.factories import COMMITTEE, block, parsed, stored
from tests.tools.searching import at

GOLDEN = Path(__file__).parents[1] / "golden" / "index_version.json"
TEXTS = tuple(rows_from(__name__, "TEXTS"))
OWN = {"id", DJANGO_ID, "document", "since", "since_revision"}  # of this database and this moment


@pytest.fixture
def indexed(tmp_path, db):
    with at(tmp_path / "index"):
        stored(
            parsed(
                "S/2010/52",
                block("h1", "导言", kind=Kind.HEADING),
                *((str(number), text) for number, text in enumerate(TEXTS, start=1)),
                mentions=[("1", "第1540(2004)号决议", "S/RES/1540(2004)", "3(c)")],
                bodies=[("5", "1540委员会", COMMITTEE)],
                title="2010年1月29日古巴常驻代表给秘书长的信",
                document_type="letter",
            )
        )
        update_index(rebuild=True)
        yield live_index()


def contained(index) -> dict[str, Any]:
    """The parts of what an index holds and is made with, in a form that is the same on every machine."""
    rows, literal = range(len(index.literal)), index.literal
    columns = {
        name: [index.columns[name].by_row(row, row + 1) for row in rows]
        for name, field in definition().fields.items()
        if field.indexed and not field.analyzer and name not in OWN
    }
    return {
        "files": sorted(path.name for path in of_ours(folder_in(index_root()))),
        "tokens": [dict(sorted(tokens.items())) for tokens in tokens_of(index)],
        "lengths": {name: column.tolist() for name, column in index.columns.lengths.items()},
        "columns": columns,
        "stored": [{k: v for k, v in index.columns.stored(row).items() if k not in OWN} for row in rows],
        "folded": [literal.text(row) for row in rows],
        "cut": [dict(sorted(count_tokens(text).items())) for text in TEXTS],
        "words": words_digest(),
        "dictionary": dictionary(),
    }


def dictionary() -> str:
    with jieba.get_dict_file() as file:
        return hashlib.sha256(file.read()).hexdigest()


def of_ours(directory: Path) -> Iterator[Path]:
    """The files whose form is our own, not the engine's."""
    return (path for path in directory.rglob("*") if path.is_file() and "engine" not in path.parts)


def tokens_of(index) -> Iterator[dict[str, list[list[int]]]]:
    """Of each paragraph its tokens as the engine gives them back: field and token → how often."""
    documents = map(int, index.manifest.documents)
    for row, paragraph in enumerate(paragraphs_of(documents)):
        held = {}
        for field, text in prepare(paragraph, definition()).texts.items():
            for token, count in count_tokens(text).items():
                rows, counts = index.reader.postings.postings(field, token)
                assert counts[rows.tolist().index(row)] == count
                held[f"{field} {token}"] = count
        yield held


def digest_of(part: Any) -> str:
    written = json.dumps(part, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def test_what_an_index_contains_changes_only_with_its_version(indexed):
    found = {"version": INDEX_VERSION} | {name: digest_of(part) for name, part in contained(indexed).items()}
    golden = json.loads(GOLDEN.read_text("utf-8"))
    changed = sorted(name for name in found if found[name] != golden.get(name) and name != "version")
    same_words = found["words"] == golden["words"]  # else an index is built anew without another number
    if changed and same_words and golden["version"] == INDEX_VERSION:
        pytest.fail(
            f"An index holds other {', '.join(changed)} than version {INDEX_VERSION}: raise INDEX_VERSION "
            "in search/engine/index/generations.py, then write "
            f"into {GOLDEN.name}: {json.dumps(found, indent=2)}"
        )
    assert found == golden, f"write into {GOLDEN.name}: {json.dumps(found, indent=2)}"
