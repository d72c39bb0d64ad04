"""What a host keeps of a cluster's texts: as if all had been fetched, and only what changed was asked for."""

import random

import pytest

from search.engine.cluster import texts
from search.engine.cluster.texts import EVERY, MOST_CHANGED, MOST_PARTS, texts_of
from search.engine.index.columns import Row, pack
from search.engine.index.generations import IndexUnavailableError, Manifest, QuestionRefusedError
from search.engine.index.rows import exact_fields, token_fields

WORDS = "核武器化学委员会报告决议执行"
STEPS = 30


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(texts, "_known", [])


class Archive:
    """Documents that change, as a cluster would send them; ``asked`` is what was fetched."""

    def __init__(self) -> None:
        self.documents: dict[int, tuple[str, list[str]]] = {}
        self.asked: list[list[int] | None] = []

    def manifest(self, base: str = "one") -> Manifest:
        marks = {str(pk): mark for pk, (mark, _texts) in self.documents.items()}
        return Manifest("", len([*self.rows(EVERY)]), 0, documents=marks, segments={base: []})

    def rows(self, wanted):
        for pk in sorted(self.documents if wanted is EVERY else wanted):
            for place, text in enumerate(self.documents[pk][1]):
                exact = {name: (str(pk),) if name == "document" else () for name in exact_fields()}
                yield Row(10 * pk + place, pk, exact, pack({"text": text}), dict.fromkeys(token_fields(), 1))

    def fetch(self, wanted):
        self.asked.append(wanted)
        return self.rows(wanted)


def test_after_any_changes_the_texts_are_those_of_all_fetched_anew():
    chance, archive = random.Random(1540), Archive()
    for step in range(STEPS):
        for _ in range(chance.randrange(1, 4)):
            pk = chance.randrange(1, 12)
            if archive.documents.pop(pk, None) is None or chance.random() < 0.7:
                some = ["".join(chance.choices(WORDS, k=9)) for _ in range(chance.randrange(4))]
                archive.documents[pk] = (f"{step}", some)
        gone = [pk for pk in archive.documents if chance.random() < 0.2]
        literal, columns = texts_of(archive.manifest(), archive.fetch).without(gone)
        rows = [row for row in archive.rows(EVERY) if row.document not in gone]
        assert literal.ids.tolist() == [row.paragraph for row in rows]
        assert [columns["document"].of(row) for row in range(len(rows))] == [
            str(row.document) for row in rows
        ]
        whole = [archive.documents[row.document][1][row.paragraph % 10] for row in rows]
        assert [columns.stored(row)["text"] for row in range(len(rows))] == whole
        for word in ("核", "委员", "决议"):
            assert [literal.text(row) for row in literal.find(word).rows] == [
                one for one in whole if word in one
            ]
    assert 1 < archive.asked.count(EVERY) < STEPS / MOST_PARTS + 2  # else only what changed


def test_what_changed_is_fetched_alone_and_all_where_that_is_much_or_the_index_was_built_anew():
    archive = Archive()
    archive.documents = {pk: ("a", ["核武器"]) for pk in range(1, MOST_CHANGED + 5)}
    texts_of(archive.manifest(), archive.fetch)
    archive.documents[3] = ("b", ["化学武器"])
    texts_of(archive.manifest(), archive.fetch)
    texts_of(archive.manifest(), archive.fetch)
    texts_of(archive.manifest("two"), archive.fetch)  # without what was withheld, say
    archive.documents = {pk: ("c", ["核武器"]) for pk in archive.documents}
    texts_of(archive.manifest("two"), archive.fetch)
    assert archive.asked == [EVERY, [3], EVERY, EVERY]


def test_too_many_are_refused_and_too_few_are_no_index(monkeypatch):
    archive = Archive()
    archive.documents = {1: ("a", ["核武器", "化学武器"])}
    with pytest.raises(IndexUnavailableError):
        texts_of(archive.manifest(), lambda wanted: [*archive.rows(wanted)][:1])
    monkeypatch.setattr(texts, "MOST", 1)
    with pytest.raises(QuestionRefusedError):
        texts_of(archive.manifest(), archive.fetch)
