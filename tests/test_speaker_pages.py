"""Speakers whom the print does not tell apart."""

from __future__ import annotations

from archive.text.parsed import Speaker

from .factories import block, parsed, store


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
