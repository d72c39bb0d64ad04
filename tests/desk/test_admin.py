"""The editors' desk: a correction stands above the parser, survives re-import, and can be taken back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from archive.models import Body, Document, IssuedText, Mention, Paragraph, State
from archive.store.ingest.facts import correct_document
from archive.store.ingest.values import RefusedError
from archive.text.parsed import Speaker
from tests.tables import each_row, rows_from
from tests.tools.factories import block, parsed, store, stored

pytestmark = pytest.mark.django_db
FACTS = {"title": "信", "communication_date": "2010-01-29", "sender": "西班牙常驻联合国代表"}


def letter(text: str = "甲", **facts: str):
    return parsed("S/2010/52", ("1", text), **{**FACTS, **facts})


@each_row("CORRECTIONS")
def test_a_correction_holds_survives_reimport_and_can_be_taken_back(field, value, column, shown, remark):
    document = stored(letter())
    before = {name: str(getattr(document, name)) for name in (field, column)}
    corrected = correct_document(document, {field: value})
    assert str(getattr(corrected, column)) == shown
    assert corrected.corrections == {field: value}
    again = stored(letter("乙"))
    assert str(getattr(again, column)) == shown
    restored = correct_document(again, {})
    restored.refresh_from_db()
    assert restored.corrections == {}
    assert {name: str(getattr(restored, name)) for name in (field, column)} == before


def test_a_correction_that_says_what_was_parsed_is_none():
    document = stored(letter())
    assert correct_document(document, {"title": "信", "date": ""}).corrections == {}


def test_the_same_file_stays_unchanged_after_a_correction():
    correct_document(stored(letter()), {"title": "主席的信"})
    assert store(letter()).result == "unchanged"
    assert Document.objects.get().title == "主席的信"


@each_row("WRONG")
def test_a_wrong_correction_is_refused_and_changes_nothing(corrections, message, remark):
    store(parsed("S/1999/1", ("1", "甲")))
    document = stored(letter())
    before = Document.objects.filter(pk=document.pk).values().get()
    with pytest.raises(RefusedError, match=message):
        correct_document(document, corrections)
    assert Document.objects.filter(pk=document.pk).values().get() == before


def test_a_corrected_symbol_takes_addresses_and_mentions_along():
    store(
        parsed(
            "S/2020/1",
            ("1", "见S/2010/25和S/2010/52"),
            mentions=[("1", "S/2010/25", "S/2010/25"), ("1", "S/2010/52", "S/2010/52")],
        )
    )
    document = stored(letter())
    corrected = correct_document(document, {"symbol": "s/2010/25"})
    assert corrected.symbol == "S/2010/25"
    assert Document.objects.find("S/2010/52") == corrected
    assert set(Mention.objects.values_list("target", flat=True)) == {document.pk}
    assert IssuedText.objects.under("S/2010/25", "1").count() == 1
    assert stored(letter("乙")).symbol == "S/2010/25"
    assert correct_document(corrected, {}).symbol == "S/2010/52"
    assert Document.objects.find("S/2010/25") == corrected


# --- through the browser ---


@pytest.fixture
def editor(admin_client):
    return admin_client


def change_page(document) -> str:
    return reverse("admin:archive_document_change", args=[document.pk])


def posted(editor, document, **changes):
    """Send the change form as a browser would, with ``changes``."""
    form = editor.get(change_page(document)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    inlines = {
        f"{prefix}-{count}": 0
        for prefix in ("aliases", "dropped_lines")
        for count in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    data = {**values, **inlines, **changes}
    return editor.post(
        change_page(document), {name: value for name, value in data.items() if value is not None}
    )


def test_an_editor_corrects_and_takes_back(editor):
    document = stored(letter())
    response = posted(editor, document, title="主席的信", chair="某人")
    assert response.status_code == 302
    document.refresh_from_db()
    assert document.corrections == {"title": "主席的信", "chair": "某人"}
    page = editor.get(change_page(document)).content.decode()
    assert "撤回更正" in page and "标题：信" in page
    posted(editor, document, take_back=["title"])
    document.refresh_from_db()
    assert (document.title, document.chair, document.corrections) == ("信", "某人", {"chair": "某人"})


def test_an_editor_is_told_of_a_symbol_that_is_taken_or_is_none(editor):
    store(parsed("S/1999/1", ("1", "甲")))
    document = stored(letter())
    for symbol in ("S/1999/1", "没有"):
        response = posted(editor, document, symbol=symbol)
        assert response.status_code == 200 and response.context["adminform"].form.errors["symbol"]
    document.refresh_from_db()
    assert document.symbol == "S/2010/52"


def test_an_editor_is_told_of_a_fact_that_cannot_be_and_loses_nothing_typed(editor):
    document = stored(letter())
    response = posted(editor, document, date="1800-01-01", title="主席的信")
    form = response.context["adminform"].form
    assert response.status_code == 200 and form.errors.keys() == {"date"}
    assert form["title"].value() == "主席的信"
    document.refresh_from_db()
    assert document.corrections == {}


def test_every_list_and_page_opens(editor):
    document = stored(
        parsed(
            "S/1",
            block("1", "第1号", speaker=Speaker("某", delegation="古巴")),
            mentions=[("1", "第1号", "X/1")],
            bodies=[("1", "第1", "某某小组")],
        )
    )
    store(parsed("S/1", ("1", "乙"), ("2", "丙")))
    models = (
        "document paragraph sourcefile issuedtext movedanchor importrun body state resolution documentseries"
    )
    for model in models.split():
        assert editor.get(reverse(f"admin:archive_{model}_changelist"), {"q": "S/1"}).status_code == 200
    rows = (
        document,
        Paragraph.objects.first(),
        document.source,
        IssuedText.objects.first(),
        Body.objects.first(),
    )
    for row in rows:
        address = reverse(f"admin:archive_{row._meta.model_name}_change", args=[row.pk])
        assert editor.get(address).status_code == 200


@pytest.mark.parametrize("model", ["paragraph", "issuedtext", "movedanchor", "sourcefile"])
def test_text_and_history_cannot_be_written(editor, model):
    store(letter())
    assert editor.get(reverse(f"admin:archive_{model}_add")).status_code == 403
    if model == "paragraph":
        row = Paragraph.objects.get()
        assert (
            editor.post(reverse("admin:archive_paragraph_change", args=[row.pk]), {"text": "丙"}).status_code
            == 403
        )
        assert editor.post(reverse("admin:archive_paragraph_delete", args=[row.pk])).status_code == 403


def test_no_document_can_be_deleted_or_added_by_hand(editor):
    document = stored(letter())
    assert editor.post(reverse("admin:archive_document_delete", args=[document.pk])).status_code == 403
    assert editor.get(reverse("admin:archive_document_add")).status_code == 403


def test_a_new_alias_of_a_state_matches_its_speakers(editor):
    row = stored(parsed("S/1", block("1", "甲", speaker=Speaker("某", delegation="花旗国")))).paragraphs.get()
    assert row.state is None
    state = State.objects.get(alpha3="USA")
    data = {name: getattr(state, name) for name in ("alpha3", "alpha2", "name", "official_name", "english")}
    address = reverse("admin:archive_state_change", args=[state.pk])
    assert editor.post(address, {**data, "aliases": '["美国", "花旗国"]'}).status_code == 302
    row.refresh_from_db()
    assert row.state == state


# --- two at once ---


def opened(editor, row) -> tuple[str, dict]:
    """The address of the form of ``row``, and what a browser would send back of it as it is."""
    address = reverse(f"admin:archive_{row._meta.model_name}_change", args=[row.pk])
    page = editor.get(address)
    form = page.context["adminform"].form
    sent = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    sent.pop("take_back", None)
    for inline in page.context["inline_admin_formsets"]:
        management = inline.formset.management_form
        sent |= {management.add_prefix(name): value for name, value in management.initial.items()}
    return address, sent


MEANWHILE = [
    (lambda row: store(letter("甲", title="更正后重发的信")), "an import"),
    (lambda row: correct_document(row, {"title": "更正后重发的信"}), "another editor"),
]


@pytest.mark.parametrize(("act", "remark"), MEANWHILE)
def test_a_form_opened_before_a_change_overwrites_nothing(admin_client, act, remark):
    document = stored(letter())
    address, sent = opened(admin_client, document)
    act(document)
    document.refresh_from_db()
    before = document.corrections
    answer = admin_client.post(address, {**sent, "organ": "大会"})
    assert "您打开这一页之后" in answer.content.decode(), remark
    document.refresh_from_db()
    assert (document.title, document.organ) == ("更正后重发的信", ""), remark
    assert document.corrections == before
    address, sent = opened(admin_client, document)
    assert admin_client.post(address, {**sent, "organ": "大会"}).status_code == 302
    document.refresh_from_db()
    assert (document.title, document.organ) == ("更正后重发的信", "大会")


def test_a_change_elsewhere_does_not_keep_an_editor_from_saving(admin_client):
    """The text was imported anew, and its facts are what they were."""
    document = stored(letter())
    address, sent = opened(admin_client, document)
    store(letter("乙"))
    assert admin_client.post(address, {**sent, "organ": "大会"}).status_code == 302
    assert Document.objects.get().organ == "大会"


def test_names_are_guarded_too(admin_client):
    state = State.objects.get(alpha3="FRA")
    address, sent = opened(admin_client, state)
    State.objects.filter(pk=state.pk).update(name="新法国")
    assert "您打开这一页之后" in admin_client.post(address, sent).content.decode()
    assert State.objects.get(pk=state.pk).name == "新法国"


NO_NAMES = rows_from(__name__, "NO_NAMES")


@pytest.mark.parametrize(("model", "field"), [(Body, "traditional"), (State, "aliases")])
def test_names_that_are_no_list_of_names_are_refused_in_words(editor, model, field):
    """They are read with every text: one number among them broke each import."""
    row = _body() if model is Body else _state()
    before = getattr(row, field)
    address = f"/admin/archive/{model._meta.model_name}/{row.pk}/change/"
    shown = editor.get(address).context["adminform"].form
    data = {one.html_name: one.value() for one in shown if one.value() not in (None, False)}
    for typed, remark in NO_NAMES if model is State else NO_NAMES[:2]:
        response = editor.post(address, {**data, field: typed})
        assert response.status_code == 200 and response.context["adminform"].form.errors[field], remark
        row.refresh_from_db()
        assert getattr(row, field) == before, remark


def _body() -> Body:
    return Body.objects.get_or_create(name="某机构", slug="somebody")[0]


def _state() -> State:
    names = {"name": "某国", "official_name": "某共和国", "english": "Somewhere", "alpha2": "QQ"}
    return State.objects.get_or_create(alpha3="QQQ", defaults=names)[0]


@pytest.mark.parametrize("slug", ["a/b", "../x", "a b", "<b>", "%0a", "a?b", "a#b", ".", "\u202e"])
def test_a_slug_that_is_no_part_of_an_address_is_refused(editor, slug):
    empty = {"aliases": "[]", "contextual_aliases": "[]", "traditional": "[]"}
    response = editor.post("/admin/archive/body/add/", {"name": "某机构", "slug": slug, **empty})
    assert response.status_code == 200 and response.context["adminform"].form.errors["slug"]
    assert editor.get("/bodies").status_code == 200
