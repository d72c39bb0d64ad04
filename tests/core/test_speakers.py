"""The formulas that open a turn, as meeting records print them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.text import parse_document
from archive.text.errors import SidecarError
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph, Speaker
from archive.text.segmenter.records import read_turn
from archive.text.sidecar import sidecar_of
from archive.text.transmitted import mark_transmitted
from tests.tables import each_row
from tests.tools.factories import block, parsed, store


@each_row("SUMMARY")
def test_the_formula_of_a_summary_record_is_read(text, speaker, remark):
    assert read_turn(text).speaker == Speaker(*speaker)


@each_row("VERBATIM")
def test_the_formula_of_a_verbatim_record_is_read(text, speaker, remark):
    assert read_turn(text, verbatim=True).speaker == Speaker(*speaker)


@each_row("NO_TURNS")
def test_other_text_opens_no_turn(text, remark):
    assert read_turn(text) is None


def test_a_verbatim_turn_needs_its_colon():
    assert read_turn("丘尔金先生(俄罗斯联邦)的发言", verbatim=True) is None


# --- What a sender only passes on, and the turns of a meeting record ---

DOCUMENTS = Path(__file__).resolve().parents[2] / "fixtures" / "documents"


def transmitted(cover: str, title: str, sender: str, kind: DocumentType = DocumentType.LETTER) -> bool:
    blocks = [
        ParsedParagraph("u1", Kind.PARAGRAPH, cover),
        ParsedParagraph("annex", Kind.HEADING, f"{sender}的信的附件", part="annex", role="annex_label"),
        ParsedParagraph("annex.h1", Kind.HEADING, title, part="annex", role="annex_title"),
        ParsedParagraph("annex.1", Kind.PARAGRAPH, "正文。", part="annex"),
    ]
    marked = mark_transmitted(blocks, Facts(symbol="S/2016/1", document_type=kind, sender=sender))
    assert not marked[0].transmitted
    assert len({block.transmitted for block in marked[1:]}) == 1
    return marked[-1].transmitted


@each_row("CASES")
def test_an_annex_is_transmitted_unless_it_is_the_senders_own(cover, title, sender, kind, wanted, remark):
    assert transmitted(cover, title, sender, DocumentType(kind)) is wanted, remark


@each_row("BUNDLED")
def test_the_bundled_documents(name, parts, turns):
    blocks = parse_document(DOCUMENTS / name).paragraphs
    assert {block.part for block in blocks if block.transmitted} == {*parts}
    counted = [block.turn for block in blocks if block.turn]
    assert sorted(set(counted)) == list(range(1, turns + 1))
    assert counted == sorted(counted)
    assert all((block.turn is None) == (block.speaker is None) for block in blocks)


def test_one_turn_has_one_speaker():
    blocks = parse_document(DOCUMENTS / "S_AC.44_SR.74.md").paragraphs
    speakers: dict[int, set] = {}
    for one in blocks:
        if one.turn:
            speakers.setdefault(one.turn, set()).add(one.speaker)
    assert all(len(names) == 1 for names in speakers.values())


@pytest.mark.parametrize(("stated", "parts"), [(None, {"annex"}), ([], set()), (["annex2"], {"annex2"})])
def test_a_sidecar_overrules(stated, parts):
    sidecar = sidecar_of({} if stated is None else {"transmitted": stated})
    blocks = [
        ParsedParagraph("u1", Kind.PARAGRAPH, "谨此转递概念说明(见附件)。"),
        ParsedParagraph("annex.1", Kind.PARAGRAPH, "正文。", part="annex"),
        ParsedParagraph("annex2.1", Kind.PARAGRAPH, "正文。", part="annex2"),
    ][: 3 if stated else 2]
    marked = mark_transmitted(blocks, Facts(document_type=DocumentType.LETTER), sidecar.transmitted)
    assert {block.part for block in marked if block.transmitted} == {*parts}


@pytest.mark.parametrize("wrong", ["annex", ["main"], [1], ["附件"]])
def test_a_wrong_key_of_the_sidecar_is_refused_with_the_remedy(wrong):
    with pytest.raises(SidecarError, match="annex2"):
        sidecar_of({"transmitted": wrong})


# --- Speakers whom the print does not tell apart ---


def record(number: int, *delegations: str):
    """A record of one person's turns, with the delegations as printed."""
    blocks = [
        block(
            str(place), "我们支持决议。", speaker=Speaker("Okafor", "女士", delegation, "member"), turn=place
        )
        for place, delegation in enumerate(delegations, start=1)
    ]
    return parsed(f"S/PV.{number}", *blocks, document_type="verbatim_record", organ="安全理事会")


def test_a_delegation_printed_like_the_organ_and_none_printed_are_one_speaker(db, client):
    store(record(1, "安全理事会", "", ""))
    store(record(2, "", "尼日尔"))
    rows = client.get("/speakers.json").json()["speakers"]
    assert [(row["turns"], row["documents"]) for row in rows] == [(4, 2), (1, 1)]
    for row in rows:
        assert client.get(f"{row['url']}.json").json()["turns_listed"]["page"]["total"] == row["turns"]
