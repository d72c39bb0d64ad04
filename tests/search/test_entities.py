"""One layer of entities: what a query names, in any script and spelling, and that search finds it."""

import datetime as dt
import json
from functools import cache
from urllib.parse import quote, unquote

import opencc
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.retirement import withdraw_document
from archive.models import Body, BodyMention, Document, Paragraph, State, StateMention, Treaty, TreatyMention
from archive.site.presenters.wording import label_of_place
from archive.text.folding import fold_literally
from archive.text.reference import load_reference
from archive.text.typed_places import FILE_ENDING, SymbolTable, TypedPlace
from search.pages.checker.citing import citations
from search.pages.jump.views import find_destinations
from search.pages.suggest.completion import suggestions
from search.query.entities.dates import read_date, written_forms
from search.query.entities.names import Kind, NameTable, mainland_forms, pinyin_table
from search.query.entities.recognise import read_whole
from search.query.entities.snapshot import archive_names, names_of_bodies, organisations
from search.query.text.analyzer import terms_of
from tests.tables import each_row, rows_from
from tests.tools.factories import block, parsed, stored
from tests.tools.searching import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


@pytest.fixture(scope="module")
def table(bundled_index, django_db_blocker):
    with django_db_blocker.unblock():
        return NameTable(archive_names())


# --- reading ---

NAMED = rows_from(__name__, "NAMED")


@each_row("NAMED")
def test_what_is_named(table, typed, kind, key, anchor, remark):
    read = [(one.kind, one.key, one.anchor) for one in read_whole(typed, table)]
    assert (kind, key, anchor) in read, remark


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "出口管制",
        "2016年13月",
        "2016-02-30",
        "(",
        "段",
        "核" * 900,
        "a/b",
        "第3次报告",
        "第3次",
        "第次会议",
        "H5N1",
        "\u0430\u0431\u0432",
    ],
)
def test_what_names_nothing(table, typed):
    assert not read_whole(typed, table)


@given(st.dates(dt.date(1945, 1, 1), dt.date(2099, 1, 1)))
def test_every_written_form_of_a_date_is_that_date(day):
    iso = day.isoformat()
    assert {read_date(form) for form in (iso, *written_forms(iso), *written_forms(iso[:7]))} <= {iso, iso[:7]}


@each_row()
def test_words_of_other_regions(typed, usual):
    assert usual in mainland_forms(typed)


def test_symbols_without_marks_are_those_known():
    known = ["S/2016/1013", "S/AC.44/SR.74", "S/RES/1540(2004)", "A/RES/73/55"]
    symbols = SymbolTable(known)
    for symbol in known:
        for typed in (symbol, symbol.lower(), symbol.replace("/", ""), symbol.replace("/", "_")):
            assert symbols.alike(typed) == [symbol]
    for typed in ("resolution 1540", "Security Council Resolution 1540", "SCR 1540", "第1540号决议"):
        assert symbols.alike(typed) == ["S/RES/1540(2004)"], "the one of that number, whatever its year"
    assert symbols.alike("resolution 1540 (2005)") == symbols.alike("resolution 1541") == []
    assert symbols.alike("2016") == symbols.alike("1013") == symbols.alike("核") == []


def test_pinyin_has_no_tones_and_no_blanks():
    assert pinyin_table(("核武器", "NPT", "绿色")) == {
        "hewuqi": ["核武器"],
        "lvse": ["绿色"],
        "luse": ["绿色"],
    }


# --- finding ---

ALL_NAMES = (
    (Kind.STATE, State, StateMention, "state", "alpha3"),
    (Kind.BODY, Body, BodyMention, "body", "slug"),
    (Kind.TREATY, Treaty, TreatyMention, "treaty", "slug"),
)


@pytest.mark.parametrize(("kind", "model", "mention", "field", "code"), ALL_NAMES)
def test_the_first_hit_names_the_thing(table, kind, model, mention, field, code):
    """For every State, body and treaty that a paragraph names, under every name that is no other word: or it
    holds the very name, as part of another's.
    """
    missed = []
    for thing in model.objects.filter(pk__in=mention.objects.values(field)):
        named = mention.objects.filter(**{field: thing}).select_related("paragraph__document")
        places = {(one.paragraph.document.symbol, one.paragraph.anchor) for one in named}
        for name in table.forms_of(kind, getattr(thing, code)):
            if table.named(name)[0].key != getattr(thing, code):
                continue  # a name of several things
            hits = ask(name).hits
            forms = [fold_literally(form) for form in table.forms_of(kind, getattr(thing, code))]
            if not hits or (
                (hits[0].symbol, hits[0].anchor) not in places
                and not any(form in fold_literally(hits[0].text) for form in forms)
            ):
                missed.append(name)
    assert missed == []


@pytest.mark.parametrize(("kind", "model", "mention", "field", "code"), ALL_NAMES)
def test_what_is_known_and_absent_finds_nothing_and_is_said_to_be(table, kind, model, mention, field, code):
    """Of every tenth State, body and treaty that no paragraph names: no hits of its characters apart, nothing
    in its place."""
    missed = []
    absent = model.objects.exclude(pk__in=mention.objects.values(field)).order_by("pk")
    known = [thing for thing in absent if table.forms_of(kind, getattr(thing, code))]
    for thing in known[:: 4 if len(known) < 100 else 12]:
        answer = ask(thing.name)
        said = [count for one, count in answer.named if one.entity.key == getattr(thing, code)]
        if answer.found.paragraphs or answer.corrections or said != [0]:
            missed.append((thing.name, answer.found.paragraphs, answer.corrections, said))
    assert missed == []


def test_a_date_is_found_alike_in_every_spelling():
    answers = [ask(typed) for typed, kind, *_ in NAMED if kind == "date"]
    assert len({tuple(hit.url for hit in answer.hits) for answer in answers}) == 1
    assert answers[0].hits[0].symbol == "S/2016/1013"


def test_a_name_is_one_concept(client):
    """A paragraph that holds the characters of a name apart is no hit; what is known and absent is said."""
    assert ask("世卫组织").found.paragraphs == 0
    page = client.get("/search", {"q": "世卫组织"}).content.decode()
    assert "本库没有一段提到世界卫生组织" in page
    assert 'href="/bodies/who"' in page
    answer = json.loads(client.get("/search.json", {"q": "世卫组织"}).content)
    assert answer["entities"] == [
        {
            "text": "世卫组织",
            "kind": "body",
            "key": "who",
            "label": "世界卫生组织",
            "url": "/bodies/who",
            "how": "name",
            "name": "世卫组织",
            "paragraphs": 0,
        }
    ]
    assert answer["total"]["paragraphs"] == 0


@each_row("SEARCHED")
def test_names_beside_other_words(query, kind, key, remark):
    found = ask(query)
    assert (kind, key) in [(named.entity.kind, named.entity.key) for named in found.plan.named], remark
    assert found.found.paragraphs, remark


@pytest.mark.parametrize("query", ["who can do it", "我们 can", "“印度”", "-印度", "国家:印度"])
def test_other_words_and_quotations_name_nothing(query):
    assert ask(query).plan.named == []


def test_a_paragraph_of_a_resolution_is_cited_by_those_first():
    for query in ("OP3", "1540第3段", "paragraph 3 of resolution 1540 (2004)", "第1540号决议 第3段"):
        found = ask(query)
        assert 0 < found.found.all_terms_count < found.found.paragraphs, query
        assert [count for _named, count in found.named] == [found.found.all_terms_count], query
        assert "第3段" in found.hits[0].text, query


@each_row("MEETINGS")
def test_a_meeting_is_gone_to_or_said_to_be_absent(client, typed, address, offered, remark):
    response = client.get("/go", {"q": typed})
    if address:
        assert response["Location"] == address, remark
        return
    page = response.content.decode()
    assert response.status_code == 404, remark
    assert "次会议。本库没有它的记录，也没有文件引用它的记录。" in page, remark
    assert offered in page, remark


def test_a_meeting_is_one_thing_in_a_search(client):
    assert ask("第74次会议").hits[0].symbol == ask("SR.74").hits[0].symbol == "S/AC.44/SR.74"
    spoken = {f"{hit.symbol} {hit.anchor}" for hit in ask("“次会议”").hits if "第74次会议" in hit.text}
    assert spoken <= {f"{hit.symbol} {hit.anchor}" for hit in ask("第74次会议").hits}
    assert ask("第9999次会议").found.paragraphs == 0
    assert "本库没有一段提到第9999次会议。" in client.get("/search", {"q": "第9999次会议"}).content.decode()


@each_row("PLACES")
def test_a_paragraph_that_is_held_is_the_first_hit(query, first, remark):
    hit = ask(query).hits[0]
    assert f"{hit.symbol} {hit.anchor}" == first, remark


def test_every_numbered_paragraph_is_the_first_hit_of_its_own_citation(table):
    numbered = Paragraph.objects.exclude(number="").order_by("document_id", "position")
    missed, asked = [], 0
    for symbol, anchor in numbered.values_list("document__symbol", "anchor")[::7]:
        label = label_of_place(TypedPlace(symbol, anchor))
        if [one.anchor for one in read_whole(label, table)] != [anchor]:
            continue  # sections, which no citation names
        asked += 1
        hit = ask(label).hits[0]
        missed += [(label, hit.anchor)] if (hit.symbol, hit.anchor) != (symbol, anchor) else []
    assert missed == []
    assert asked > 10


SPELLINGS = {
    "as it is": str,
    "small": str.lower,
    "capitals": str.upper,
    "Taiwan": opencc.OpenCC("s2twp").convert,
    "Hong Kong": opencc.OpenCC("s2hk").convert,
    "quoted": "《{}》".format,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_name_is_known_in_every_spelling(table, spelling):
    names = [name for name in table.names() if not name.weak and not name.form.lower().startswith("the ")]
    missed = [
        name.form
        for name in names[:: len(SPELLINGS)]
        if (name.kind, name.key)
        not in [(one.kind, one.key) for one in read_whole(SPELLINGS[spelling](name.form), table)]
    ]
    assert missed == []


def test_what_is_suggested_is_gone_to(table):
    """Whatever ``/suggest`` knows by some words, ``/go`` knows by the same."""
    names = [name.form for name in table.names() if not name.weak][::60]
    missed = [
        (typed, one.text)
        for typed in (*names, "S/RES", "1540", "s20161013", "OP3", "hewuqi")
        for one in suggestions(typed[:40])
        if one.kind not in ("term", "title")
        and one.url not in [target.url for target in find_destinations(one.text).targets]
    ]
    assert missed == []


@pytest.mark.parametrize("form", ("{}", "{}第3段", "{} para. 3", "paragraph 3 of {}"))
def test_a_citation_is_the_same_document_to_search_jump_box_and_checker(table, form):
    """Sampled over all symbols that the archive knows, and what is less than a symbol."""
    apart = []
    for symbol in [*list(table.symbols.symbols)[::12], "SR.74"]:
        typed = form.format(symbol)
        read = {(one.key, one.anchor) for one in read_whole(typed, table)}
        checked = {(one.symbol, one.pinpoint) for one in citations(typed, table)}
        gone = {target.url for target in find_destinations(typed).targets}
        documents = {key for key, _anchor in read}
        led = all(any(url.startswith(f"/{key}") for key in documents) for url in gone)
        if len(read) != 1 or read != checked or not led:
            apart.append((typed, read, checked, gone))
    assert apart == []


def test_accents_need_not_be_typed():
    named = NameTable({"speaker": {"García Guiza": ["墨西哥"]}})
    for typed in ("Garcia", "García", "GARCIA", "Guiza", "Garcia Guiza", "garcía guiza女士", "Garcia先生"):
        assert [one.key for one in read_whole(typed, named)] == ["García Guiza"], typed
    assert {"garcía", "garcia"} <= set(terms_of("García先生"))


@each_row()
def test_dates_of_other_orders_and_counts(typed, iso, remark):
    assert read_date(typed) == iso, remark


@each_row("COUNTED")
def test_how_many_paragraphs_name_a_thing_is_counted_for_that_thing(client, q, name, remark):
    (said,) = [one for one in client.get("/search.json", {"q": q}).json()["entities"] if one["label"] == name]
    assert said["paragraphs"] == ask(name if name == "印度" else f"“{name}”").found.paragraphs, remark


def test_each_name_is_kept_in_one_place():
    """What the table of bodies has is in neither of the lists beside it."""
    bodies = {body.slug: body for body in load_reference().bodies}
    names = {slug: {one.name, *one.aliases, one.english, one.acronym} for slug, one in bodies.items()}
    assert not set().union(*names.values()) & {name for forms in organisations() for name in forms}
    for slug, kept in names_of_bodies().items():
        assert not names[slug] & set(kept.get("further", ())), slug
        assert not set().union(*(names[old] for old in kept.get("succeeds", ()))) & set(
            kept.get("former", ())
        )


# --- Going straight to what was named ---

P14 = "/S/2010/52/p/annex.14"
R3 = "/S/RES/1540(2004)/p/3"


@pytest.fixture(scope="module")
def status_of():
    """The status of an address, asked once: many of the rows below lead to the same page."""
    return cache(lambda address: Client().get(address).status_code)


@each_row("ONE")
def test_one_target_is_gone_to(client, status_of, typed, address, remark):
    response = client.get("/go", {"q": typed})
    assert response.status_code == 302, remark
    if address:
        assert response["Location"] == address, remark
    assert status_of(response["Location"]) == 200, remark
    data = json.loads(client.get("/go.json", {"q": typed}).content)
    assert [target["url"] for target in data["targets"]] == [response["Location"]]


def test_what_was_withdrawn_is_gone_to_and_says_so(client):
    withdraw_document(Document.objects.get(symbol="S/2010/52"), "编者甲", "试")
    for typed, address in (("S/2010/52", "/S/2010/52"), ("S/2010/52附件第14段", P14)):
        response = client.get("/go", {"q": typed})
        assert (response.status_code, response["Location"]) == (302, address)
        assert client.get(address).status_code == 410


@pytest.mark.parametrize(("typed", "anchors"), [("第2段", ["2", "2_2", "s2.2"]), ("第3段", ["3"])])
def test_a_number_that_occurs_twice_is_a_choice(client, typed, anchors):
    rows = [block(name, f"文字{name}", number=name[-1]) for name in ("1", "2", "2_2", "3", "s2.2", "annex.2")]
    stored(parsed("S/2031/5", *rows))
    told = json.loads(client.get("/go.json", {"q": f"S/2031/5{typed}"}).content)["targets"]
    assert [target["url"] for target in told] == [f"/S/2031/5/p/{anchor}" for anchor in anchors]
    assert len({target["label"] for target in told}) == len(anchors)


def test_several_are_a_choice(client):
    records = Document.objects.filter(year=2016)
    assert len(records) == 2
    for typed in ("2016年文件", "2016年的文件"):
        response = client.get("/go", {"q": typed})
        assert response.status_code == 200
        for document in records:
            assert f'<a href="/{document.symbol}">' in response.content.decode()
        assert len(json.loads(client.get("/go.json", {"q": typed}).content)["targets"]) == 2


@each_row("NONE")
def test_nothing_named_is_explained(client, typed, offered, remark):
    response = client.get("/go", {"q": typed})
    assert response.status_code == 404
    text = response.content.decode()
    assert offered in text, remark
    assert "/search?q=" in text
    assert client.get("/go.json", {"q": typed}).status_code == 404


@pytest.mark.parametrize(
    "typed", ["\x00", "%", "//evil.example", "<script>x</script>", "核" * 900, "S/", "(", "年", "9999年"]
)
def test_nothing_that_is_typed_breaks_it(client, typed):
    response = client.get("/go", {"q": typed})
    assert response.status_code in (200, 302, 404)
    assert "<script>x" not in response.content.decode()
    assert not response.get("Location", "").startswith("//")


@each_row("DOORS")
def test_every_box_reads_a_place_alike(client, typed, place):
    assert unquote(client.get("/go", {"q": typed})["Location"]) == place
    if not FILE_ENDING.search(typed):  # as an address it would be that of a file
        address = client.get("/" + quote(typed, safe="/:=?&"), follow=True)
        assert (address.status_code, unquote(address.wsgi_request.path)) == (200, place)
    compared = client.get("/compare.json", {"a": typed, "b": typed})
    if compared.status_code == 200:
        a = compared.json()["a"]
        assert (a if isinstance(a, str) else a["url"]) == place
    else:
        held, one = "S/RES/1540(2004)" not in place, "-" not in place
        assert ("未藏" in compared.json()["detail"], "不止一段" in compared.json()["detail"]) == (
            not held,
            not one,
        )


@each_row("ABSENT")
def test_what_leads_nowhere_is_told_what_it_is_and_what_there_is(client, typed, told, offered):
    response = client.get("/go", {"q": typed})
    markup = response.content.decode()
    assert response.status_code == 404 and told in markup and f'href="{offered}' in markup


@pytest.mark.parametrize("typed", ["A/74/140 第5段", "S/2010/52附件第99段", "S/2010/52第14段", "SR.74第99段"])
def test_what_search_and_suggestions_offer_answers(client, typed):
    jump = client.get("/search.json", {"q": typed}).json()["jump"]
    offered = [
        jump["url"],
        *(one["url"] for one in client.get("/suggest", {"q": typed}).json()["suggestions"]),
    ]
    assert {client.get(url, follow=True).status_code for url in offered} == {200}
    assert "要看它本身，请用上面的链接" not in client.get("/search", {"q": "A/74/140 第5段"}).content.decode()


def test_what_cites_the_paragraph_above_and_the_whole_is_told_beside_it(client):
    whole = client.get("/S/RES/1540(2004)/cited-by.json").json()
    told = dict(client.get(f"{R3}.d.json").json()["above"])
    assert told == {f"{R3}/cited-by": 2, "/S/RES/1540(2004)/cited-by": whole["total"]["paragraphs"]}
    assert whole["by_paragraph"] == [["3", 2]] and whole["above"] == []
    markup = {
        path: client.get(f"/S/RES/1540(2004){path}").content.decode() for path in ("", "/cited-by", "/p/3.d")
    }
    assert f'<a href="{R3}/cited-by">第3段</a>有2段引用' in markup["/p/3.d"]
    assert f'<a href="{R3}/cited-by"><span>第3段</span>' in markup["/cited-by"]
    assert '<a href="#by-paragraph">各段被谁引用</a>' in markup[""]


@each_row("UNHELD_FOOTNOTES")
def test_what_is_not_held_is_cited_too(client, address, footnote, english):
    assert footnote in client.get(address).content.decode()
    forms = client.get(f"{address}/cite.json").json()["forms"]
    assert (forms["un"], forms["un-en"]) == (footnote, english)
    for ending in ("ris", "bib", "csl.json"):
        assert "S/RES/1540(2004)" in client.get(f"{address}.{ending}").content.decode()
    assert "文件上没有印发日期" not in client.get(f"{address}/cite").content.decode()


def test_without_anything_it_says_what_may_be_typed(client):
    assert "1540第3段" in client.get("/go").content.decode()
    assert client.post("/go").status_code == 405


def test_the_number_of_queries_is_fixed(client, django_assert_max_num_queries):
    client.get("/go", {"q": "印度"})  # all names are read once for each revision of the archive
    for typed in ("1540第3段", "S/2010/52第14段", "2016年简要记录", "没有的东西", "S/2999/52", "第1段" * 60):
        with django_assert_max_num_queries(10):
            client.get("/go", {"q": typed})


@each_row("NOT_HELD")
def test_a_paragraph_of_a_text_that_is_not_held_has_its_address(client, address, cited, name):
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert name in text and "本库未藏这份文件的文本" in text and "显示不出" in text
    assert "undocs.org" in text
    data = client.get(f"{address}.json").json()
    assert (data["held"], bool(data["page"]["total"])) == (False, cited)
    assert data["un_url"].startswith("https://undocs.org/")


@each_row()
def test_what_is_no_paragraph_has_none(client, address, status, remark):
    assert client.get(address).status_code == status, remark
