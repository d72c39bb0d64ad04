"""Every character is history: a change of form alone (， to ,) is kept, told and shown, and links stay."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Document, IssuedText, Paragraph, ShortLink
from archive.store.links.changes import events, moments
from archive.store.links.permalinks import Fate, follow
from archive.text.fingerprint import digest, fingerprint, normal_form
from tests.tables import each_row, tuples
from tests.tools.factories import parsed, store
from tests.tools.pages import page

pytestmark = pytest.mark.django_db

# what stood, what stands now, the characters that differ, remark


def two_forms(then: str, now: str) -> None:
    store(parsed("S/2020/1", ("1", then), ("2", "另一段。")))
    store(parsed("S/2020/1", ("1", now), ("2", "另一段。")))


@each_row("FORMS")
def test_a_change_of_form_is_history_and_told(client, then, now, differing, remark):
    two_forms(then, now)
    rows = list(IssuedText.objects.filter(anchor="1").values_list("text", "ending", "fingerprint"))
    assert rows == [(then, "edited", fingerprint(now)), (now, "", fingerprint(now))]
    address = f"/S/2020/1/p/1/{fingerprint(now)}"
    told = client.get(f"{address}.json").json()
    assert (told["fate"], told["form_differs"]) == ("identical_but_form", False)
    assert told["paragraph"]["text"] == now
    (form,) = told["forms"]
    assert form["text"] == then
    assert tuples([(each["struck"], each["added"]) for each in form["changes"]]) == differing
    tree = page(client, address)
    assert "字形或有不同" in tree.text
    assert "从指纹不能断定" in tree.text
    for struck, _added in differing:
        assert f"U+{ord(struck[0]):04X}" in tree.text


def test_links_of_another_paragraph_are_identical_still(client):
    two_forms("甲，乙", "甲,乙")
    told = client.get(f"/S/2020/1/p/2/{fingerprint('另一段。')}.json").json()
    assert (told["fate"], told["forms"], told["form_differs"]) == ("identical", [], False)


def test_there_and_back_again_is_three_rows_and_one_other_form(client):
    two_forms("甲，乙", "甲,乙")
    store(parsed("S/2020/1", ("1", "甲，乙"), ("2", "另一段。")))
    assert IssuedText.objects.filter(anchor="1").count() == 3
    told = client.get(f"/S/2020/1/p/1/{fingerprint('甲,乙')}.json").json()
    assert [form["text"] for form in told["forms"]] == ["甲,乙"]


def test_words_that_moved_in_another_form_differ_for_certain(client):
    store(parsed("S/2020/1", ("1", "甲甲甲，乙乙"), ("2", "另一段。")))
    store(parsed("S/2020/1", ("2", "另一段。"), ("3", "甲甲甲,乙乙")))
    address = f"/S/2020/1/p/1/{fingerprint('甲甲甲，乙乙')}"
    told = client.get(f"{address}.json").json()
    assert (told["fate"], told["form_differs"], told["paragraph"]["anchor"]) == (
        "identical_but_form",
        True,
        "3",
    )
    text = page(client, address).text
    assert "所引的是那时的字形" in text
    assert "引用时是第1段，现在是第3段" in text


def test_an_edit_after_a_change_of_form_names_both_forms(client):
    two_forms("甲，乙", "甲,乙")
    store(parsed("S/2020/1", ("1", "甲丙"), ("2", "另一段。")))
    told = client.get(f"/S/2020/1/p/1/{fingerprint('甲,乙')}.json").json()
    assert (told["fate"], told["then"]["text"]) == ("edited", "甲,乙")
    assert [form["text"] for form in told["forms"]] == ["甲，乙"]
    assert [step["form_only"] for step in told["steps"]] == [False]
    assert "其他字形" in page(client, f"/S/2020/1/p/1/{fingerprint('甲,乙')}").text


def test_ranges_tell_the_form_too(client):
    two_forms("甲，乙", "甲,乙")
    words = fingerprint("甲,乙\n另一段。")
    told = client.get(f"/S/2020/1/p/1-2/{words}.json").json()
    assert told["fate"] == "identical_but_form"
    assert [form["text"] for form in told["forms"]] == ["甲，乙\n另一段。"]
    assert "字形或有不同" in page(client, f"/S/2020/1/p/1-2/{words}").text
    store(parsed("S/2020/1", ("1", "丙"), ("2", "另一段。")))
    told = client.get(f"/S/2020/1/p/1-2/{words}.json").json()
    assert (told["fate"], len(told["forms"])) == ("edited", 1)


def test_short_links_and_cards_lead_to_it(client):
    two_forms("甲，乙", "甲,乙")
    (code,) = ShortLink.objects.filter(anchor="1")
    target = client.get(f"/c/{code.code}")["Location"]
    assert target.endswith(code.fingerprint)


def test_the_change_log_says_that_only_the_form_changed(client):
    two_forms("甲，乙", "甲,乙")
    newest, _first = events(list(moments("S/2020/1")))
    assert [(item.kind, item.form_only) for item in newest.items] == [("edited", True)]
    text = page(client, "/S/2020/1/history").text
    assert "只改字形1段" in text
    assert "第1段字形改动" in text


# --- how many digits ---


@pytest.mark.parametrize("digits", [8, 9, 16, 40, 63, 64])
def test_all_digits_of_a_link_are_compared(client, digits):
    store(parsed("S/2020/1", ("1", "甲"), ("2", "乙")))
    store(parsed("S/2020/1", ("1", "丙"), ("2", "乙")))
    for anchor, text, fate in [("1", "甲", "edited"), ("1", "丙", "identical"), ("2", "乙", "identical")]:
        cited = digest(text)[:digits]
        assert client.get(f"/S/2020/1/p/{anchor}/{cited}.json").json()["fate"] == fate
        if digits > 8:
            wrong = cited[:-1] + ("0" if cited[-1] != "0" else "1")
            assert client.get(f"/S/2020/1/p/{anchor}/{wrong}.json").status_code == 404
    for text, fate in [("丙\n乙", "identical"), ("甲\n乙", "edited")]:
        assert client.get(f"/S/2020/1/p/1-2/{digest(text)[:digits]}.json").json()["fate"] == fate
    assert (
        client.get(f"/compare.json?a=/S/2020/1/p/1/{digest('甲')[:digits]}&b=S/2020/1/p/1").status_code == 200
    )


def test_65_digits_are_no_link(client):
    store(parsed("S/2020/1", ("1", "甲")))
    assert client.get(f"/S/2020/1/p/1/{digest('甲')}0").status_code == 404


# Two wordings whose first eight digits are the same: found by trying numbers.
TWINS = ("词7923。", "词13493。")


def test_two_wordings_with_the_same_eight_digits_are_not_taken_for_one(client):
    then, now = TWINS
    assert fingerprint(then) == fingerprint(now)
    store(parsed("S/2020/1", ("1", then)))
    store(parsed("S/2020/1", ("1", now)))
    short = client.get(f"/S/2020/1/p/1/{fingerprint(now)}.json").json()
    assert (short["fate"], short["ambiguous"], short["then"]["text"]) == ("edited", True, then)
    assert "不能断定" in page(client, f"/S/2020/1/p/1/{fingerprint(now)}").text
    long = client.get(f"/S/2020/1/p/1/{digest(then)}.json").json()
    assert (long["fate"], long["ambiguous"], long["then"]["text"]) == ("edited", False, then)
    assert client.get(f"/S/2020/1/p/1/{digest(now)}.json").json()["fate"] == "identical"


# --- archives that were filled before ---


def test_an_archive_filled_before_gets_the_missing_rows():
    store(parsed("S/2020/1", ("1", "甲，乙"), ("2", "另一段。")))
    Paragraph.objects.filter(anchor="1").update(
        text="甲,乙"
    )  # as it was done then: without a word in the history
    Document.objects.update(changed=Document.objects.get().changed + timedelta(days=1))
    migration = importlib.import_module("archive.migrations.0009_every_character_is_history")
    for _twice in range(2):
        migration.add_missing_rows(apps, None)
        rows = IssuedText.objects.filter(anchor="1").order_by("since")
        assert [(row.text, row.ending, bool(row.until)) for row in rows] == [
            ("甲，乙", "edited", True),
            ("甲,乙", "", False),
        ]
        assert rows[0].until == rows[1].since == Document.objects.get().changed
    link = follow("S/2020/1", Document.objects.get(), "1", fingerprint("甲,乙"))
    assert (link.fate, [form.text for form in link.forms]) == (Fate.IDENTICAL_BUT_FORM, ["甲，乙"])


# --- the normal form ---


@given(st.text())
def test_the_normal_form_is_normal(text):
    assert normal_form(normal_form(text)) == normal_form(text)
    assert fingerprint(text) == digest(text)[:8] == fingerprint(normal_form(text))
    assert not any(character.isspace() for character in normal_form(text))
