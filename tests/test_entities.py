"""One layer of entities: what a query names, in any script and spelling, and that search finds it."""

import datetime as dt
import json

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Body, BodyMention, Paragraph, State, StateMention, Treaty, TreatyMention
from archive.text.reference import load_reference
from search.checker.citing import citations
from search.entities.dates import read_date, written_forms
from search.entities.documents import Jump
from search.entities.entity import Kind
from search.entities.lenient_symbols import SymbolTable
from search.entities.names import NameTable
from search.entities.pinyin import pinyin_table
from search.entities.recognise import read_whole
from search.entities.regional import mainland_forms
from search.entities.snapshot import archive_names, names_of_bodies, organisations
from search.jump.labels import jump_label
from search.jump.resolve import find_destinations
from search.suggest.completion import suggestions
from search.text.analyzer import terms_of
from tests.searching import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


@pytest.fixture(scope="module")
def table(bundled_index, django_db_blocker):
    with django_db_blocker.unblock():
        return NameTable(archive_names())


# --- reading ---

NAMED = [
    ("CD2118", "symbol", "CD/2118", "", "no stroke"),
    ("a74/140", "symbol", "A/74/140", "", "small letters, one stroke less"),
    ("s20161013", "symbol", "S/2016/1013", "", "run together"),
    ("S/RES/1540 2004", "symbol", "S/RES/1540(2004)", "", "a year without brackets"),
    ("SR.74第14段", "symbol", "S/AC.44/SR.74", "14", "a meeting without its series"),
    ("第74次会议", "symbol", "S/AC.44/SR.74", "", "a meeting by its number"),
    ("第74次", "symbol", "S/AC.44/SR.74", "", "without the word"),
    ("第７４次會議", "symbol", "S/AC.44/SR.74", "", "full width, traditional"),
    ("第七十四次会议简要记录", "symbol", "S/AC.44/SR.74", "", "in Chinese numerals, its record"),
    ("1540委员会第74次会议", "symbol", "S/AC.44/SR.74", "", "with the body that met"),
    ("74th meeting", "symbol", "S/AC.44/SR.74", "", "in English"),
    ("第74次会议第14段", "symbol", "S/AC.44/SR.74", "14", "and a paragraph of its record"),
    ("第4956次会议", "meeting", "4956", "", "no record is known"),
    ("第4956次", "meeting", "4956", "", "the Council's, by what it adopted there"),
    ("安理会第7169次会议", "meeting", "7169", "", "no record is known"),
    ("安理会第74次会议", "meeting", "74", "", "of another body than the one whose record is held"),
    ("OP3", "symbol", "S/RES/1540(2004)", "3", "of the resolution that the archive is about"),
    ("PP 2", "symbol", "S/RES/1540(2004)", "pp2", "in its preamble"),
    ("执行部分第四段", "symbol", "S/RES/1540(2004)", "4", "the same in Chinese"),
    ("序言部分第2段", "symbol", "S/RES/1540(2004)", "pp2", "in its preamble"),
    ("第3段(c)分段", "symbol", "S/RES/1540(2004)", "3.c", "an item, which only resolutions have so named"),
    ("paragraph 3 of resolution 1540 (2004)", "symbol", "S/RES/1540(2004)", "3", "the paragraph first"),
    (
        "operative paragraph 3 (a) of Security Council resolution 1540",
        "symbol",
        "S/RES/1540(2004)",
        "3.a",
        "long",
    ),
    ("2016-12-15", "date", "2016-12-15", "", "with hyphens"),
    ("2016/12/15", "date", "2016-12-15", "", "with strokes"),
    ("2016.12.15", "date", "2016-12-15", "", "with stops"),
    ("２０１６年１２月１５日", "date", "2016-12-15", "", "full width"),
    ("二〇一六年十二月十五日", "date", "2016-12-15", "", "in Chinese numerals"),
    ("December 15, 2016", "date", "2016-12-15", "", "in English"),
    ("Iran", "state", "IRN", "", "without what stands in brackets"),
    ("Islamic Republic of Iran", "state", "IRN", "", "in English in full"),
    ("ROK", "state", "KOR", "", "initials"),
    ("KOR", "state", "KOR", "", "a code"),
    ("沙烏地阿拉伯", "state", "SAU", "", "Taiwan"),
    ("美方", "state", "USA", "", "diplomats"),
    ("hanguo", "state", "KOR", "", "pinyin"),
    ("Cote d'Ivoire", "state", "CIV", "", "without accents"),
    ("Rosenthal先生", "speaker", "Rosenthal", "", "a speaker with the title"),
    ("UN Office for Disarmament Affairs", "body", "unoda", "", "UN for its full form"),
    ("世卫组织", "body", "who", "", "a short form"),
    ("国际刑警", "body", "interpol", "", "without what it is"),
    ("I\u0430EA", "body", "iaea", "", "one letter is Cyrillic"),
    ("决议154O", "symbol", "S/RES/1540(2004)", "", "a letter for the nought"),
    ("S/RES/l540(2004)", "symbol", "S/RES/1540(2004)", "", "a letter for the one"),
    ("S/2O10/52第14段", "symbol", "S/2010/52", "14", "in the year, with a paragraph"),
    ("CD/2Il8", "symbol", "CD/2118", "", "two letters"),
    ("S/\u0410\u0421.44/SR.74", "symbol", "S/AC.44/SR.74", "", "a series in Cyrillic letters"),
    ("\u0410/74/140", "symbol", "A/74/140", "", "one letter, Cyrillic"),
    ("\u0391/74/140第3段", "symbol", "A/74/140", "3", "Greek, with a paragraph"),
    ("\u0421D/2118", "symbol", "CD/2118", "", "of two alphabets"),
    ("ＣD／２１１８", "symbol", "CD/2118", "", "of two widths"),
    (
        "\uff33／\u0410Ｃ．４４／ＳＲ．７４",
        "symbol",
        "S/AC.44/SR.74",
        "",
        "full width with a Cyrillic letter",
    ),
    ("S/2\u041e10/52", "symbol", "S/2010/52", "", "a Cyrillic letter for the nought"),
    ("S\u20442010\u204452", "symbol", "S/2010/52", "", "strokes of fractions"),
    ("S\\2010\\52", "symbol", "S/2010/52", "", "strokes the other way"),
    ("\U0001d412/2010/52", "symbol", "S/2010/52", "", "a letter of formulas"),
    ("S/R\u0415S/1540(2004)", "symbol", "S/RES/1540(2004)", "", "a Cyrillic letter inside"),
    ("欧安会", "body", "osce", "", "a former name"),
    ("CSCE", "body", "osce", "", "its initials"),
    ("非統組織", "body", "au", "", "a former name, traditional"),
    ("海关合作理事会", "body", "wco", "", "a former name in full"),
    ("国际移徙组织", "body", "iom", "", "as older UN documents call it"),
    ("欧共体", "body", "eu", "", "of the body that it succeeds"),
    ("UNDCP", "body", "unodc", "", "of one of two"),
    ("IISS", "organisation", "国际战略研究所", "", "an institute whose name no text has confirmed"),
    ("伦敦国际战略研究所", "organisation", "国际战略研究所", "", "by another name"),
    ("卡内基基金会", "organisation", "卡内基国际和平基金会", "", "an institute that is no body"),
    ("核恐公约", "treaty", "nuclear-terrorism", "", "as people say it"),
    ("拉美无核区条约", "treaty", "tlatelolco", "", "likewise"),
    ("日内瓦四公约", "treaty", "geneva-conventions", "", "known, though no text names it"),
    ("渥太华公约", "treaty", "anti-personnel-mines", "", "by the place"),
    ("МАГАТЭ", "body", "iaea", "", "initials in Russian"),
    ("OTAN", "body", "nato", "", "in French"),
    ("SIPRI", "body", "sipri", "", "an institute, by its initials"),
    ("Stimson Center", "body", "stimson-center", "", "in English"),
    ("史汀生中心", "body", "stimson-center", "", "without the first name"),
    ("JIM", "body", "opcw-un-joint-investigative-mechanism", "", "initials"),
    ("yuanzineng jigou", "body", "iaea", "", "pinyin with a blank"),
    ("Yuánzǐnéng jīgòu", "body", "iaea", "", "with tones"),
    ("日内瓦议定书", "treaty", "geneva-protocol", "", "a short form"),
    ("《核子武器不擴散條約》", "treaty", "npt", "", "Taiwan"),
    ("hewuqi", "term", "核武器", "", "a term in pinyin"),
    ("hé wǔ qì", "term", "核武器", "", "with the marks of its tones"),
    ("Royaume-Uni", "state", "GBR", "", "in French"),
    ("Países Bajos", "state", "NLD", "", "in Spanish"),
    ("Российская Федерация", "state", "RUS", "", "in Russian, in full"),
    ("ウクライナ", "state", "UKR", "", "in Japanese"),
    ("우크라이나", "state", "UKR", "", "in Korean"),
    ("مصر", "state", "EGY", "", "in Arabic"),
]


@pytest.mark.parametrize(("typed", "kind", "key", "anchor", "remark"), NAMED)
def test_what_is_named(table, typed, kind, key, anchor, remark):
    read = read_whole(typed, table)
    assert read.whole, remark
    assert (kind, key, anchor) in [(one.kind, one.key, one.anchor) for one in read.entities], remark


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
    assert not read_whole(typed, table).whole


@given(st.dates(dt.date(1945, 1, 1), dt.date(2099, 1, 1)))
def test_every_written_form_of_a_date_is_that_date(day):
    iso = day.isoformat()
    assert {read_date(form) for form in (iso, *written_forms(iso), *written_forms(iso[:7]))} <= {iso, iso[:7]}


@pytest.mark.parametrize(
    ("typed", "usual"),
    [
        ("飛彈", "导弹"),
        ("飞弹", "导弹"),
        ("核子武器", "核武器"),
        ("紐西蘭", "新西兰"),
        ("奈米技術", "纳米技术"),
    ],
)
def test_words_of_other_regions(typed, usual):
    assert usual in mainland_forms(typed)


def test_symbols_without_marks_are_those_known():
    known = ["S/2016/1013", "S/AC.44/SR.74", "S/RES/1540(2004)", "A/RES/73/55"]
    symbols = SymbolTable(known)
    for symbol in known:
        for typed in (symbol, symbol.lower(), symbol.replace("/", ""), symbol.replace("/", "_")):
            assert symbols.alike(typed) == [symbol]
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
    """For every State, body and treaty that a paragraph names, under every name that is no other word."""
    missed = []
    for thing in model.objects.filter(pk__in=mention.objects.values(field)):
        named = mention.objects.filter(**{field: thing}).select_related("paragraph__document")
        places = {(one.paragraph.document.symbol, one.paragraph.anchor) for one in named}
        for name in table.forms_of(kind, getattr(thing, code)):
            if table.named(name)[0].key != getattr(thing, code):
                continue  # a name of several things
            hits = ask(name).hits
            if not hits or (hits[0].symbol, hits[0].anchor) not in places:
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


SEARCHED = [
    ("美方立场", "state", "USA", "a name inside a piece"),
    ("India export controls", "state", "IND", "English beside English"),
    ("yuanzineng jigou 培训", "body", "iaea", "pinyin beside Chinese"),
    ("Republic of Korea 出口管制", "state", "KOR", "a name of several words"),
]


@pytest.mark.parametrize(("query", "kind", "key", "remark"), SEARCHED)
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
        assert 0 < found.found.complete < found.found.paragraphs, query
        assert [count for _named, count in found.named] == [found.found.complete], query
        assert "第3段" in found.hits[0].text, query


MEETINGS = [
    # typed, its address, what the page offers instead, remark
    ("第74次会议", "/S/AC.44/SR.74", None, "held"),
    ("SR.74", "/S/AC.44/SR.74", None, "the same by the end of its symbol"),
    ("第74次会议第14段", "/S/AC.44/SR.74/p/14", None, "a paragraph"),
    ("第4956次会议", None, "/S/RES/1540(2004)", "no record: what the Council adopted there"),
    ("第4956次", None, "/S/RES/1540(2004)", "the same"),
    ("第7169次会议", None, "/search?q=", "nothing is known"),
]


@pytest.mark.parametrize(("typed", "address", "offered", "remark"), MEETINGS)
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


PLACES = [
    # query, first hit, remark
    ("SR.74第14段", "S/AC.44/SR.74 14", "a meeting without its series"),
    ("S/AC.44/SR.74第１４段", "S/AC.44/SR.74 14", "full width"),
    ("A/74/140第3段", "A/74/140 3", "a report"),
    ("a74/140 para. 3", "A/74/140 3", "in English, one stroke less"),
    ("S/2010/52附件一第14段", "S/2010/52 annex.14", "with its part"),
    ("S/2010/52第14段", "S/2010/52 annex.14", "without its part"),
    ("S/2010/52 附件 第14至16段", "S/2010/52 annex.14", "a range begins with its first"),
    ("paragraph 3 of A/74/140", "A/74/140 3", "the paragraph first"),
]


@pytest.mark.parametrize(("query", "first", "remark"), PLACES)
def test_a_paragraph_that_is_held_is_the_first_hit(query, first, remark):
    hit = ask(query).hits[0]
    assert f"{hit.symbol} {hit.anchor}" == first, remark


def test_every_numbered_paragraph_is_the_first_hit_of_its_own_citation(table):
    numbered = Paragraph.objects.exclude(number="").order_by("document_id", "position")
    missed, asked = [], 0
    for symbol, anchor in numbered.values_list("document__symbol", "anchor")[::7]:
        label = jump_label(Jump(symbol, anchor))
        if [one.anchor for one in read_whole(label, table).entities] != [anchor]:
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
        not in [(one.kind, one.key) for one in read_whole(SPELLINGS[spelling](name.form), table).entities]
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


FORMS = ("{}", "{}第3段", "{} para. 3", "paragraph 3 of {}")


@pytest.mark.parametrize("form", FORMS)
def test_a_citation_is_the_same_document_to_search_jump_box_and_checker(table, form):
    """Sampled over all symbols that the archive knows, and what is less than a symbol."""
    apart = []
    for symbol in [*list(table.symbols.symbols)[::12], "SR.74"]:
        typed = form.format(symbol)
        read = {(one.key, one.anchor) for one in read_whole(typed, table).entities}
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
        assert [one.key for one in read_whole(typed, named).entities] == ["García Guiza"], typed
    assert {"garcía", "garcia"} <= set(terms_of("García先生"))


@pytest.mark.parametrize(
    ("typed", "iso", "remark"),
    [
        ("22/6/2016", "2016-06-22", "the day first"),
        ("6/22/2016", "2016-06-22", "the month first, for there is no month 22"),
        ("22.06.2016", "2016-06-22", "points"),
        ("22-6-2016", "2016-06-22", "strokes"),
        ("5/6/2016", "2016-06-05", "as the UN writes, and the page says so"),
        ("22/6-2016", None, "two marks"),
        ("31/13/2016", None, "neither is a month"),
        ("民國105年6月22日", "2016-06-22", "a year of the Republic of China"),
        ("中華民國一百零五年六月二十二日", "2016-06-22", "in words"),
        ("民国元年一月一日", "1912-01-01", "the first year"),
        ("大韩民国105年6月22日", None, "the name of a State"),
    ],
)
def test_dates_of_other_orders_and_counts(typed, iso, remark):
    assert read_date(typed) == iso, remark


COUNTED = [
    ("jueyi", "决议", "a term in pinyin stands where its characters do"),
    ("hewuqi", "核武器", "likewise"),
    ("liangyong wuxiang", "两用物项", "other words for it are not it"),
    ("yindu", "引渡", "of two that are pronounced so, each by itself"),
    ("yindu", "印度", "likewise"),
]


@pytest.mark.parametrize(("q", "name", "remark"), COUNTED)
def test_how_many_paragraphs_name_a_thing_is_counted_for_that_thing(client, q, name, remark):
    (said,) = [one for one in client.get("/search.json", {"q": q}).json()["entities"] if one["label"] == name]
    assert said["paragraphs"] == ask(name if name == "印度" else f"“{name}”").found.paragraphs, remark


TOGETHER = [
    ("anlihuijueyi", ["anlihui", "jueyi"], "a body and a term"),
    ("hewuqigongyue", ["hewuqi", "gongyue"], "two terms"),
    ("shengwuwuqihuaxuewuqi", ["shengwuwuqi", "huaxuewuqi"], "each as long as can be"),
    ("wukelanhewuqi 2016", ["wukelan", "hewuqi", "2016"], "beside other words"),
    (
        "fei guojia xingweiti chukouguanzhi",
        ["fei guojia xingweiti", "chukouguanzhi"],
        "after one with blanks",
    ),
    ("yuánzǐnénghewuqi", ["yuanzineng", "hewuqi"], "with tones"),
    ("internationalization", ["internationalization"], "an English word"),
    ("hewuqixyz", ["hewuqixyz"], "with a rest that is none"),
]


@pytest.mark.parametrize(("q", "tokens", "remark"), TOGETHER)
def test_terms_in_pinyin_that_run_together_are_read_apart(q, tokens, remark):
    assert sorted(ask(q).plan.tokens) == sorted(tokens), remark


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
