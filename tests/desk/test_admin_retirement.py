"""The editors' desk: withdrawing, merging and taking back, by its forms."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from archive.models import Document, Paragraph, RetiredDocument
from tests.tables import each_row
from tests.tools.factories import parsed, source, stored, taken_in

pytestmark = pytest.mark.django_db
WHY = {"by": "编者甲", "reason": "原件有误", "confirmed": "1"}
FIRST = ("1", "第一段的文字在这里。"), ("2", "第二段的文字在这里。")


@pytest.fixture(autouse=True)
def refreshed(monkeypatch):
    """How often the index was brought up to date; the command that does it is tested where it lives."""
    asked = []
    monkeypatch.setattr("archive.desk.retirement.bring_along", lambda: asked.append(1))
    return asked


@pytest.fixture
def editor(admin_client):
    return admin_client


def ask(editor, action: str, rows, **fields):
    """What the desk answers to an action on ``rows``, all of one kind."""
    address = reverse(f"admin:archive_{rows[0]._meta.model_name}_changelist")
    return editor.post(address, {"action": action, "_selected_action": [row.pk for row in rows], **fields})


def test_an_action_asks_first_who_and_why_and_does_nothing(editor, refreshed):
    document = stored(parsed("S/2031/1", *FIRST))
    page = ask(editor, "withdraw", [document]).content.decode()
    assert 'name="by"' in page
    assert 'name="reason"' in page
    assert "S/2031/1" in page
    assert Document.objects.count() == 1
    assert not refreshed


@each_row("INCOMPLETE")
def test_a_form_that_is_wrong_comes_back_with_what_is_wrong(editor, refreshed, action, fields, remark):
    document = stored(parsed("S/2031/1", *FIRST))
    response = ask(editor, action, [document], **fields)
    assert "errorlist" in response.content.decode(), remark
    assert Document.objects.filter(symbol="S/2031/1").exists()
    assert not refreshed


def imported(symbol: str) -> Document:
    """A document with a source that can be read again."""
    return taken_in(source(f"{symbol.replace('/', '_')}.txt", f"{symbol}\n\n1. 第一段的文字在这里。\n"))


def test_several_documents_are_withdrawn_at_once_and_taken_back(editor, client, refreshed):
    documents = [imported(f"S/2031/{number}") for number in (1, 2)]
    assert ask(editor, "withdraw", documents, **WHY).status_code == 302
    assert len(refreshed) == 1
    for document in documents:
        response = client.get(f"/{document.symbol}/p/1")
        assert response.status_code == 410
        assert "编者甲" in response.content.decode()
        assert "原件有误" in response.content.decode()
    assert ask(editor, "take_back", list(RetiredDocument.objects.all()), **WHY).status_code == 302
    for document in documents:
        assert client.get(f"/{document.symbol}/p/1").status_code == 200


def test_a_document_whose_source_cannot_be_read_again_stays_withdrawn_and_the_form_says_so(editor, client):
    ask(editor, "withdraw", [stored(parsed("S/2031/1", *FIRST))], **WHY)
    response = ask(editor, "take_back", [RetiredDocument.objects.get()], **WHY)
    assert "保存的来源现在读不出" in response.content.decode()
    assert client.get("/S/2031/1/p/1").status_code == 410


def test_words_that_the_law_forbids_are_shown_no_more(editor, client):
    document = stored(parsed("S/2031/1", *FIRST))
    ask(editor, "withdraw", [document], withheld="on", **WHY)
    response = client.get("/S/2031/1/p/1")
    assert response.status_code == 410
    assert "第一段的文字" not in response.content.decode()


def test_a_document_is_merged_into_another(editor, client):
    gone, stays = stored(parsed("S/2031/1", *FIRST)), stored(parsed("S/2031/2", *FIRST))
    assert ask(editor, "merge", [gone], into=stays.symbol, **WHY).status_code == 302
    response = client.get("/S/2031/1/p/1")
    assert (response.status_code, response["Location"]) == (301, "/S/2031/2/p/1")


def test_one_paragraph_is_withdrawn(editor, client):
    document = stored(parsed("S/2031/1", *FIRST))
    paragraph = Paragraph.objects.get(document=document, anchor="2")
    assert ask(editor, "withdraw", [paragraph], **WHY).status_code == 302
    assert client.get("/S/2031/1/p/2").status_code == 410
    assert client.get("/S/2031/1/p/1").status_code == 200


def test_who_may_only_look_may_not_withdraw(client, django_user_model):
    document = stored(parsed("S/2031/1", *FIRST))
    user = django_user_model.objects.create_user("reader", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_document"))
    client.force_login(user)
    ask(client, "withdraw", [document], **WHY)
    assert Document.objects.filter(pk=document.pk).exists()
