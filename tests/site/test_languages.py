"""The interface in other languages: chosen, carried on, kept apart by every cache, and nowhere left out.

A pseudo-language stands for English: every message of the catalogue as ⟦…⟧, without a Chinese letter.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.utils import translation
from django.utils.translation import trans_real

from archive.site.http.formats import has_one_language
from archive.site.http.languages import counted
from archive.site.presenters.english import named_in_english
from archive.site.presenters.traditional import traditional
from tests.tables import each_row, rows_from
from tests.tools.addresses import LOOKED_AT
from tests.tools.bundles import make_history
from tests.tools.factories import parsed, store
from tests.tools.messages import NOUNS, compile_pseudo
from tests.tools.pages import Element, page, read

pytestmark = pytest.mark.django_db
HAN = re.compile("[⺀-⿟、-鿿]+")
UNSEEN = {"script", "style", "textarea"}
# What a letter of a run is that may not be in it: any in English; in traditional Chinese one that Big5 lacks.
STRAY = {"en": str.isalpha, "zh-hant": lambda letter: not letter.encode("big5", "ignore")}


@pytest.fixture(scope="module")
def pseudo_catalogue(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locale")
    compile_pseudo(folder)
    return folder


def _forget() -> None:
    trans_real._translations.clear()
    translation.activate("zh-hans")
    translation.deactivate()


@pytest.fixture
def languages(settings, pseudo_catalogue):
    """All three languages are offered; English is the pseudo-language."""
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, pseudo_catalogue][::-1]
    settings.LANGUAGES = [("zh-hans", "简体"), ("zh-hant", "繁體"), ("en", "English")]
    _forget()
    yield
    settings.LOCALE_PATHS = settings.LOCALE_PATHS[1:]
    _forget()


@pytest.fixture(scope="module")
def words_held(bundled_index, django_db_blocker) -> str:
    """Every word of the archive's tables: documents, names of States and bodies, what people wrote."""
    with django_db_blocker.unblock():
        return "\n".join(
            json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
            for model in apps.get_app_config("archive").get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField)
            for value in set(map(str, model.objects.values_list(field.name, flat=True)))
        )


def seen(tree: Element, but: str = "-"):
    """The words of a page that a reader sees or hears, one by one; not the switch of languages, what is to be
    copied, and what is marked as of the language ``but``.
    """
    for child in tree.children:
        if isinstance(child, str):
            yield child
        elif (child.attributes.get("lang") or "").startswith(but):
            continue
        elif child.tag not in UNSEEN and not {"languages", "copyable"}.intersection(child.classes):
            told = "content" if child.attributes.get("name") == "description" else ""
            named = ("aria-label", "title", "alt", "placeholder", told)
            yield from filter(None, map(child.attributes.get, named))
            yield from seen(child, but)


@pytest.mark.usefixtures("bundled_index", "languages")
@pytest.mark.parametrize("address", [*LOOKED_AT, *(row[0] for row in rows_from(__name__, "DESK"))])
@pytest.mark.parametrize("ui", STRAY)
def test_no_word_of_the_interface_is_another_language_s(client, admin_user, words_held, address, ui):
    if address.startswith("/admin/"):
        client.force_login(admin_user)
    response = client.get(f"{address}{'&' if '?' in address else '?'}ui={ui}", follow=True)
    tree, _problems = read(response.content)
    runs = {run for words in seen(tree) for run in re.findall("[⺀-⿟㇀-鿿]+", words)}
    stray = {run for run in runs if any(map(STRAY[ui], run))}
    assert {run for run in stray if run not in words_held and run not in address} == set()
    if ui == "en" and not address.startswith("/admin/"):  # the desk shows what is stored
        called = {words.strip() for words in seen(tree, but="zh") if HAN.search(words)}
        assert {name for name in called if named_in_english(name) != name} == set()


@pytest.mark.usefixtures("languages")
@pytest.mark.parametrize("address", ["/S/2020/1/p/3", "/S/2020/1/history", "/S/2020/4", "/S/2020/5"])
def test_no_word_stays_chinese_where_texts_changed(client, address):
    make_history()
    whole = "".join(seen(read(client.get(f"{address}?ui=en").content)[0]))
    held = "。、，回顾第号决议段甲乙丙丁已改撤下的文件又一恢复误读没有落公开附信封编辑重复委员会安全理事"
    assert [run for run in HAN.findall(whole) if set(run) - set(held)] == []


@pytest.mark.usefixtures("bundled_documents", "languages")
@each_row("CHOICE")
def test_the_address_decides_then_the_browser(client, query, header, language, varies):
    response = client.get(f"/S/2010/52?{query}", headers={"accept-language": header} if header else {})
    (html,) = read(response.content)[0].all("html")
    assert html.attributes["lang"] == language
    assert ("Accept-Language" in response.get("Vary", "")) is varies
    assert response["Content-Language"] == language.lower()
    assert not response.cookies


@pytest.mark.usefixtures("bundled_index", "languages")
@pytest.mark.parametrize("address", [row[0] for row in rows_from(__name__, "CARRIED")])
def test_a_choice_goes_along_to_every_page_and_into_nothing_else(client, address):
    response = client.get(f"{address}{'&' if '?' in address else '?'}ui=en")
    assert response["Content-Length"] == str(len(response.content))
    tree, problems = read(response.content)
    assert not problems
    inside = [link for link in tree.links if link.startswith(("/", "?")) and not link.startswith("//")]
    pages = [link for link in inside if not has_one_language(link.partition("?")[0].partition("#")[0])]
    switch = [link for nav in tree.all("nav", css="languages") for link in nav.links]
    assert pages and [link for link in pages if "ui=en" not in link and link not in switch] == []
    assert [link for link in inside if link not in pages and "ui=" in link] == []
    for form in tree.all("form"):
        sent = [
            one.attributes.get("value") for one in form.all("input") if one.attributes.get("name") == "ui"
        ]
        assert sent == ["en"] or form.attributes.get("method") == "post"
    kept = [one.text for one in tree.all(css="copyable")]
    kept += [one.attributes.get("data-html") or "" for one in tree.all("textarea")]
    kept += [one.attributes["href"] for one in tree.all("link") if one.attributes.get("rel") == "canonical"]
    assert [one for one in kept if "ui=" in one] == []


@pytest.mark.usefixtures("bundled_documents", "languages")
def test_a_page_names_itself_in_each_language_and_the_switch_keeps_the_place(client):
    tree = page(client, "/documents?year=2016&ui=zh-hant")
    named = {
        one.attributes["hreflang"]: one.attributes["href"]
        for one in tree.all("link")
        if one.attributes.get("hreflang")
    }
    here, codes = "http://testserver/documents?year=2016", ("zh-Hans", "zh-Hant", "en")
    assert named == {code: f"{here}&ui={code.lower()}" for code in codes} | {"x-default": here}
    (switch,) = tree.all("nav", css="languages")
    assert switch.links == ["/documents?year=2016&ui=zh-hans", "/documents?year=2016&ui=en"]


@pytest.mark.usefixtures("bundled_documents", "languages")
@each_row("LED")
def test_a_choice_goes_along_where_an_address_leads_on(client, address, target):
    assert client.get(address)["Location"] == target


@pytest.mark.usefixtures("bundled_index", "languages")
@pytest.mark.parametrize("address", [row[0] for row in rows_from(__name__, "MACHINES")])
def test_what_programs_read_has_one_language(client, address):
    answers = [client.get(address, headers={"accept-language": one}) for one in ("zh-CN", "en", "zh-TW")]
    assert len({b"".join(one) if one.streaming else one.content for one in answers}) == 1
    assert all("Accept-Language" not in one.get("Vary", "") for one in answers)


@pytest.mark.usefixtures("bundled_index", "languages")
@pytest.mark.parametrize(("address", "status", "words"), rows_from(__name__, "QUERIES"))
@pytest.mark.parametrize("ui", ["zh-hans", "zh-hant", "en"])
def test_what_is_typed_means_the_same_in_every_interface(client, address, status, words, ui):
    response = client.get(f"{address}&ui={ui}")
    assert response.status_code == status
    assert words in (response.get("Location") or response.content.decode())


@pytest.mark.usefixtures("bundled_documents", "languages")
@pytest.mark.parametrize(("address", "words"), rows_from(__name__, "FOOTNOTES"))
@pytest.mark.parametrize("ui", ["zh-hans", "zh-hant", "en"])
def test_a_citation_has_its_own_language(client, address, words, ui):
    tree = page(client, f"{address}?ui={ui}")
    assert words in [one.text for one in tree.all("textarea")]


@pytest.mark.usefixtures("bundled_index", "languages")
@pytest.mark.parametrize(
    "address", ["/S/2010/52/p/annex.14", "/search?q=出口管制", "/states", "/changes", "/help"]
)
def test_no_cache_gives_a_page_of_another_language(client, settings, address):
    settings.PAGE_CACHE_MB = 8
    asked = [client.get(address, headers={"accept-language": one}) for one in ("en", "zh-CN", "en", "zh-CN")]
    assert [("⟦" in one.content.decode()) for one in asked] == [True, False, True, False]
    mark = asked[0]["ETag"]
    assert mark != asked[1]["ETag"] and mark == asked[2]["ETag"]
    again = client.get(address, headers={"accept-language": "zh-CN", "if-none-match": mark})
    assert again.status_code == 200


@pytest.mark.usefixtures("languages")
def test_a_reason_that_the_program_gave_is_worded_when_it_is_shown(client):
    with translation.override("en"):
        store(parsed("S/2040/1", ("1", "甲甲甲。")), content="一")
        store(parsed("S/2040/1", ("1", "乙乙乙。")), content="二")
    assert "来源文件已更换" in client.get("/S/2040/1/history").content.decode()
    shown = client.get("/S/2040/1/history?ui=en").content.decode()
    assert "来源文件已更换" not in shown and "⟦" in shown


@each_row("NOUNS")
def test_a_noun_agrees_with_the_figure_before_it(page, shown):
    assert counted(page.translate(NOUNS)) == shown


def test_every_catalogue_that_is_offered_is_complete_and_compiled():
    assert (
        subprocess.run([sys.executable, "-m", "tests.tools.messages", "--check"], check=False).returncode == 0
    )


@pytest.mark.usefixtures("bundled_documents")
@pytest.mark.parametrize("address", [row[0] for row in rows_from(__name__, "SCRIPTED")])
def test_a_text_is_shown_in_traditional_letters_one_for_one(client, address):
    plain, shown = (read(client.get(address + query).content)[0] for query in ("", "?script=hant"))
    (official,), (letters,) = (tree.all(css="reading")[:1] for tree in (plain, shown))
    assert letters.attributes["lang"] == "zh-Hant" and letters.text != official.text
    assert len(letters.text) == len(official.text) and letters.links == official.links
    assert [one.text for one in shown.all("textarea")] == [one.text for one in plain.all("textarea")]
    assert "转换" in shown.text and "转换" not in plain.text
    assert client.get(f"{address}.json").content == client.get(f"{address}.json?script=hant").content


@each_row("LETTERS")
def test_words_that_are_converted_wrongly_are_put_right(text, letters):
    assert traditional(text) == letters


@pytest.mark.usefixtures("bundled_index", "languages")
@each_row("NAMED")
def test_states_bodies_and_treaties_have_their_names_in_the_language_of_the_page(
    client, address, there, gone
):
    shown = client.get(f"{address}{'&' if '?' in address else '?'}ui=en").content.decode()
    assert there in shown and (not gone or gone not in shown)


@pytest.mark.usefixtures("bundled_documents")
@each_row("SORTED")
def test_states_are_sorted_as_readers_of_the_language_look_them_up(client, ui, names):
    tree = page(client, f"/states?ui={ui}")
    links = [link.text for link in tree.all("a") if (link.attributes["href"] or "").startswith("/states/")]
    assert [name for name in links if name in names.split("、")] == names.split("、")
