"""What every page owes: a twin with its facts, markup for keyboards and screen readers, ways to a place."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.template import Context, Engine, TemplateSyntaxError, engines
from django.template.loader import render_to_string
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.test import Client
from django.urls import get_resolver, resolve
from django.utils.translation import override

from archive.intake.importing import read_source
from archive.site.template_loader import joined
from archive.store.addresses.paths import document_path, paragraph_path
from archive.text.fingerprint import fingerprint
from archive.text.parsed import Kind
from archive.text.serialize import as_json
from tests.conftest import BUNDLED
from tests.tables import each_row
from tests.tools.addresses import ERRORS, LOOKED_AT, READ, SEARCHED
from tests.tools.factories import block, parsed, stored, taken_in
from tests.tools.pages import page, read

pytestmark = pytest.mark.django_db


def test_every_kind_of_page_is_looked_at():
    """In a browser (axe, widths): a page that is added goes into ``tests/tables/addresses.yaml``."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    kinds = {name for name in names if f"{name}_json" in names}
    assert kinds - {resolve(urlsplit(address).path).url_name for address in LOOKED_AT} == set()


def test_every_page_links_its_twin_and_the_twin_answers(client, trees):
    for address, tree in trees[: len(READ)]:
        twins = [
            link.attributes["href"]
            for link in tree.all("link")
            if link.attributes.get("rel") == "alternate" and link.attributes.get("type") == "application/json"
        ]
        assert len(twins) == 1, address
        response = client.get(twins[0])
        assert (response.status_code, response["Content-Type"]) == (200, "application/json"), address
        assert json.loads(response.content), address


def test_the_documents_twin_has_the_shape_of_the_parser_and_its_content(client, bundled_documents):
    """DESIGN section 6: keys may be added, none changed."""
    from archive.text import parse_document

    for path in sorted(BUNDLED.iterdir()):
        if path.suffix == ".toml":
            continue
        parsed = as_json(_parsed(parse_document, path))
        twin = client.get(f"/{parsed['document']['symbol']}.json").json()
        assert [_some(row, parsed["paragraphs"][0]) for row in twin["paragraphs"]] == [
            _some(row, parsed["paragraphs"][0]) for row in parsed["paragraphs"]
        ]
        for name in ("anchor", "start", "end", "surface", "symbol", "paragraph"):
            assert [row[name] for row in _ordered(twin["mentions"])] == [
                row[name] for row in _ordered(parsed["mentions"])
            ]
        assert [(row["line"], row["text"], row["reason"]) for row in twin["dropped"]] == sorted(
            ((row["line"], row["text"], row["reason"]) for row in parsed["dropped"]), key=lambda row: row[0]
        )


def _parsed(parse_document, path: Path):
    sidecar = path.with_suffix(".toml")
    return parse_document(path, sidecar if sidecar.exists() else None)


def _some(row: dict, _model: dict) -> dict:
    return {name: row.get(name) for name in ("anchor", "kind", "number", "parent", "text")}


def _ordered(mentions: list[dict]) -> list[dict]:
    return sorted(mentions, key=lambda row: (row["anchor"], row["start"], row["symbol"]))


def test_offsets_in_twins_point_at_the_surface(client, bundled_documents):
    twin = client.get("/A/74/140.json").json()
    texts = {row["anchor"]: row["text"] for row in twin["paragraphs"]}
    for row in twin["mentions"] + twin["bodies"]:
        assert texts[row["anchor"]][row["start"] : row["end"]] == row["surface"]


def test_highlights_in_lists_point_at_the_mention(client, bundled_documents):
    twin = client.get("/S/RES/1810(2008)/cited-by.json").json()
    for row in twin["paragraphs"]:
        assert row["highlights"]
        for start, end in row["highlights"]:
            assert "1810(2008)" in row["text"][start:end]


def test_the_export_equals_the_screen(client, bundled_documents):
    address = "/S/RES/1540(2004)/cited-by"
    shown = [hit.links[0] for hit in page(client, address).all("li", "hit")]
    assert [row["url"] for row in client.get(f"{address}.json").json()["paragraphs"]] == shown


def test_chinese_is_not_escaped_and_unknown_is_null(client, bundled_documents):
    response = client.get("/S/2010/52.json")
    assert "安全理事会" in response.content.decode()
    assert response.json()["document"]["date"] is None


def test_twins_of_what_does_not_exist_are_json_too(client, bundled_documents):
    for address, status in (
        ("/S/2099/9.json", 404),
        ("/documents.json?page=x", 400),
        ("/S/2010/52/p/9.z.json", 404),
    ):
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert response.json()["error"]


def test_the_text_twin_holds_every_paragraph(client, bundled_documents):
    text = client.get("/S/2010/52.txt").content.decode()
    for paragraph in bundled_documents["S/2010/52"].paragraphs.all():
        assert paragraph.text in text
    paragraph = bundled_documents["S/2010/52"].paragraphs.get(anchor="annex.14")
    assert client.get("/S/2010/52/p/annex.14.txt").content.decode() == paragraph.text + "\n"


# --- What the markup owes to keyboards and screen readers; and that pages work without script ---


@pytest.fixture(scope="module")
def trees(bundled_index):
    client = Client()
    answered = [(address, page(client, address)) for address in READ]
    return answered + [(address, page(client, address, status)) for address, status in ERRORS]


def test_pages_are_well_formed_in_language_order_and_names(client, trees):
    for address, tree in trees:
        assert tree.all("html")[0].attributes["lang"] == "zh-Hans", address
        _ids_are_unique(address, tree)
        _headings_do_not_skip(address, tree)
        _links_and_fields_have_names(address, tree)
        _fragments_exist(address, tree)
        _landmarks(address, tree)
        _tables_have_headers(address, tree)


def _ids_are_unique(address, tree):
    counts = Counter(element.attributes["id"] for element in tree.walk() if element.attributes.get("id"))
    assert not [ident for ident, count in counts.items() if count > 1], address


def _headings_do_not_skip(address, tree):
    levels = [
        int(element.tag[1]) for element in tree.walk() if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6")
    ]
    assert levels.count(1) == 1, (address, levels)
    main = tree.with_id("main")
    inside = [int(e.tag[1]) for e in main.walk() if e.tag in ("h1", "h2", "h3", "h4")]
    for before, after in zip(inside, inside[1:], strict=False):
        assert after <= before + 1, (address, inside)


def _links_and_fields_have_names(address, tree):
    labels = {label.attributes.get("for") for label in tree.all("label")}
    for link in tree.all("a"):
        assert link.text.strip() or link.attributes.get("aria-label"), (address, link.attributes)
    for name in ("input", "textarea"):
        for element in tree.all(name):
            if element.attributes.get("type") == "hidden":
                continue
            assert element.attributes.get("id") in labels, (address, element.attributes)


MACHINERY = re.compile("UTC|号修订|本库所知的")


@pytest.mark.parametrize("address", (*READ, *SEARCHED))
def test_names_hold_the_words_that_are_seen_and_no_sentence_speaks_of_machinery(
    client, bundled_index, address
):
    """WCAG 2.5.3: who speaks a visible word to a program must meet the control."""
    tree, _problems = read(client.get(address, follow=True).content)
    labels = {label.attributes.get("for"): label.text for label in tree.all("label")}
    for element in tree.walk():
        if element.tag in ("a", "button", "summary", "input", "textarea", "select"):
            seen = "" if element.tag == "select" else element.text
            seen = "".join(re.findall(r"\w", labels.get(element.attributes.get("id"), "") + seen))
            named = element.attributes.get("aria-label")
            assert not named or seen in "".join(re.findall(r"\w", named)), (address, named, seen)
    assert not MACHINERY.search(tree.with_id("main").text), address


def test_a_paragraph_offers_its_citation_and_files_in_its_head(client, bundled_documents):
    (head,) = page(client, "/S/2010/52/p/annex.14").all("header", "masthead")
    endings = {link.rpartition(".")[2] for link in head.links}
    assert {"#cite", "ris", "bib", "json"} <= endings


def _fragments_exist(address, tree):
    for href in tree.links:
        if href.startswith("#"):
            assert tree.with_id(href[1:]) is not None, (address, href)


def _landmarks(address, tree):
    assert len(tree.all("main")) == len(tree.all("header", "site-header")) == 1, address
    for nav in tree.all("nav"):
        assert nav.attributes.get("aria-label"), address
    skip = tree.all("a", "skip")[0]
    assert tree.with_id(skip.attributes["href"][1:]).tag == "main"


def _tables_have_headers(address, tree):
    for table in tree.all("table"):
        assert table.attributes.get("aria-labelledby") or table.all("caption") or table.all("thead"), address
        for label in (table.attributes.get("aria-labelledby") or "").split():
            assert tree.with_id(label) is not None, (address, label)
        for header in table.all("th"):
            assert header.attributes.get("scope") in ("row", "col"), address


def test_everything_on_the_pages_works_without_script(trees):
    """Links lead somewhere, forms are sent with GET, nothing waits for a click handler."""
    for address, tree in trees:
        for element in tree.walk():
            assert not [name for name in element.attributes if name.startswith("on")], address
            if element.tag == "a":
                assert element.attributes.get("href"), (address, element.attributes)
            if element.tag == "form":
                assert element.attributes.get("method", "get") == "get"
                action = element.attributes["action"]
                assert action == f"{address}/range" or resolve(action), address


def test_the_present_place_is_marked_in_the_navigation(client, bundled_index):
    for address, entry in (
        ("/bodies", "机构"),
        ("/S/2010/52", "文件"),
        ("/S/RES/1540(2004)", "决议"),
        ("/years/2016", "年份"),
    ):
        current = [
            link.text for link in page(client, address).all("a") if link.attributes.get("aria-current")
        ]
        assert entry in current, address


# --- A page calls its paragraph as it is cited, and marks it among its neighbours for ears as for eyes ---

DOCUMENTS = Path(__file__).parents[1] / "documents"


@pytest.fixture
def numbered_anew(db):
    """A/71/450, whose third section counts its paragraphs from 1 again."""
    return taken_in(read_source(DOCUMENTS / "A_71_450.txt"))


@each_row("CALLED")
def test_the_heading_names_the_place_as_it_is_cited(client, numbered_anew, address, called, _remark):
    tree = page(client, address)
    (heading,) = tree.all("h1")
    assert heading.all("span")[-1].text == called
    assert called in tree.all("title")[0].text
    assert client.get(f"{address}.json").json()["paragraph"]["name"] == called
    assert client.get(f"{address}/cite.json").json()["pinpoint"] == called


@each_row("DOUBLED")
def test_a_number_that_occurs_twice_is_told_at_the_place_and_in_its_citation(
    client, db, anchor, called, which
):
    item = {"kind": Kind.SUBPARAGRAPH, "number": "a"}
    rows = [block(name, f"文字{name}", number=name[0]) for name in ("1", "2", "2_2", "3")]
    rows += [block("3.a", "戊", parent="3", **item), block("3_2", "己", number="3")]
    stored(parsed("S/2031/5", *rows, block("3_2.a", "庚", parent="3_2", **item)))
    tree = page(client, f"/S/2031/5/p/{anchor}")
    (heading,) = tree.all("h1")
    assert heading.all("span")[-1].text == called
    assert f"这个编号在文件中有2处，这里是{which}" in tree.text
    told = client.get(f"/S/2031/5/p/{anchor}.json").json()
    assert len(told["same_number"]) == 2 and f"/S/2031/5/p/{anchor}" in told["same_number"]
    cited = client.get(f"/S/2031/5/p/{anchor}/cite.json").json()
    assert which in cited["pinpoint"] and "so numbered" in cited["pinpoint_english"]
    assert all(which in form or "so numbered" in form for form in cited["forms"].values())
    assert "有2处" not in page(client, "/S/2031/5/p/1").text


def test_every_page_is_called_as_it_is_cited(client, bundled_documents):
    for symbol, document in bundled_documents.items():
        for anchor in list(document.paragraphs.values_list("anchor", flat=True))[::9]:
            address = paragraph_path(symbol, anchor)
            name = client.get(f"{address}.json").json()["paragraph"]["name"]
            assert name == client.get(f"{address}/cite.json").json()["pinpoint"]


def test_a_range_is_called_as_it_is_cited(client, bundled_documents):
    address = "/S/2010/52/p/annex.14-16"
    (heading,) = page(client, address).all("h1")
    assert heading.text.endswith(client.get(f"{address}/cite.json").json()["pinpoint"])


@pytest.mark.parametrize("address", ["/S/2010/52/p/annex.14", "/S/AC.44/SR.74/p/2"])
def test_the_cited_paragraph_among_its_neighbours_is_marked_for_ears(client, bundled_documents, address):
    tree = page(client, address)
    name = client.get(f"{address}.json").json()["paragraph"]["name"]
    blocks = tree.all(css="neighbours")[0].all(css="paragraph")
    (focus,) = [block for block in blocks if "aria-current" in block.attributes]
    assert "focus" in focus.classes and focus.attributes["aria-label"] == f"本页的段落：{name}"
    said = [block.all("a", "number")[0].attributes["aria-label"] for block in blocks if block is not focus]
    assert [label.partition("：")[0] for label in said] == ["上一段", "下一段"]


# --- Ways to a place in a document: the head of every page, the contents, the field for a paragraph ---


def test_the_tools_stand_in_the_head_of_every_page(client, bundled_documents):
    for address in ("/", "/S/2010/52", "/coverage", "/no-such-page"):
        tree = page(client, address, 404 if address == "/no-such-page" else 200)
        header = tree.all("header", "site-header")[0]
        menu = header.all("details", "site-menu")[0]
        assert {"/check", "/concordance", "/matrix", "/coverage", "/help"} <= set(menu.links), address
        assert {"/resolutions", "/documents", "/bodies", "/states", "/years"} <= set(menu.links), address
    current = [link.text for link in tree.all("a") if link.attributes.get("aria-current")]
    assert current == []
    marked = page(client, "/coverage").all("header", "site-header")[0]
    assert [a.text for a in marked.all("a") if a.attributes.get("aria-current")] == ["藏缺"]


@each_row("PLACES")
def test_the_field_leads_to_the_place_in_the_text(client, bundled_documents, typed, place, remark):
    answer = client.get("/S/2010/52/range", {"at": typed})
    assert (answer.status_code, answer.headers["Location"]) == (302, place), remark


@pytest.mark.parametrize("typed", ["99", "<b>", "0", "14-16", "x" * 5000, "\x00"])
def test_a_paragraph_that_is_not_there_is_said_not_to_be(client, bundled_documents, typed):
    tree = page(client, f"/S/2010/52/range?at={typed}", 404)
    assert "没有这一段" in tree.text


def test_a_document_offers_its_places_early(client, bundled_documents):
    for address in ("/S/2010/52", "/A/74/140", "/CD/2118"):
        tree = page(client, address)
        stops = [a.attributes["href"] for a in tree.all("a", "skip")]
        assert stops == ["#main", "#contents", "#at"], address
        fields = {field.attributes.get("name"): field for field in tree.all("input")}
        assert fields["within"].attributes["value"] == f"文号:{address[1:]}"
        assert fields["at"].attributes["id"] == "at"


# --- Pages of errors say what there is, and where to tell of a fault; comparisons keep their form ---


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "500", "503"])
def test_errors_of_the_frame_lead_on(name):
    tree, problems = read(render_to_string(f"{name}.html"))
    assert not problems
    assert {"/", "/documents", "/resolutions", "/help"} <= set(tree.links)
    assert len(tree.all("h1")) == 1


@each_row("CONTACTS")
def test_readers_can_tell_of_an_error(client, bundled_documents, settings, contact, link):
    settings.ERROR_CONTACT = contact
    found = [href for href in page(client, "/help").links if href.startswith(link)]
    assert len(found) == 1
    if link.endswith("=1540"):
        assert found[0].endswith("/help")


def test_nobody_is_named_where_nobody_is_set(client, bundled_documents, settings):
    settings.ERROR_CONTACT = ""
    assert "告诉我们" not in page(client, "/help").text


def test_a_comparison_keeps_its_form(client, bundled_documents):
    for a, b in (("S/2010/52/p/annex.14", "S/2010/52/p/annex.13"), ("S/2010/52", "CD/2118")):
        tree = page(client, f"/compare?a={a}&b={b}")
        form = tree.all("form", "compare-form")[0]
        assert [field.attributes["value"] for field in form.all("input")] == [a, b]


def test_titles_of_pages_name_the_subject(client, bundled_documents):
    for address, subject in (
        ("/S/2010/52/p/annex.14", "2010年1月29日安全理事会第1540(2004)号决议…"),
        ("/S/2010/52/p/annex.14-16", "2010年1月29日安全理事会第1540(2004)号决议…"),
        ("/S/RES/1540(2004)", "大规模毁灭性武器"),
    ):
        assert subject in page(client, address).all("title")[0].text, address


# ---
# What programs that take the article out of a page must find, Firefox's Reader View among them.
# They drop a ``div``, list, table or form that is mostly links. A short paragraph that names a resolution
# is that, with the link on its number: no paragraph may stand in one. `make test-clients` asks the real
# program.

DROPPED = {"div", "ul", "ol", "table", "form", "fieldset", "aside", "footer", "nav", "header"}


def _between(element, outer):
    """The elements in which ``element`` stands inside ``outer``."""
    while element.parent is not None and element is not outer:
        element = element.parent
        yield element


def test_no_paragraph_of_the_article_stands_in_what_readers_drop(client, bundled_documents):
    for symbol, document in bundled_documents.items():
        tree = page(client, document_path(symbol))
        (article,) = tree.all("article")
        for anchor, text in document.paragraphs.values_list("anchor", "text"):
            block = tree.with_id(f"p-{anchor}")
            if block.tag == "h1":  # the title, which they show above the article
                assert block.text == text
                continue
            (words,) = [element for element in block.walk() if "text" in element.classes]
            assert words.text == text
            around = {element.tag for element in _between(words, article)}
            assert "article" in around and not around & DROPPED, (symbol, anchor, around)


def test_the_paragraph_of_a_page_does_not_stand_in_what_readers_drop(client, bundled_documents):
    for address in ("/S/AC.44/SR.74/p/14", "/A/74/140/p/s2.h1.u5", "/S/2010/52/p/annex.14-16"):
        tree = page(client, address)
        blocks = tree.all(css="focus") or tree.all("article")[0].all(css="paragraph")
        assert blocks and {block.tag for block in blocks} == {"section"}, address


# ---
# A paragraph with items is shown, quoted and cited whole; its link tells what became of all its words.


def resolution(last: str = "国内管制。", items: bool = True):
    below = [
        block("3.a", "会计；", kind=Kind.SUBPARAGRAPH, number="a", parent="3"),
        block("3.a.i", "实物；", kind=Kind.SUBPARAGRAPH, number="i", parent="3.a"),
        block("3.b", last, kind=Kind.SUBPARAGRAPH, number="b", parent="3"),
    ]
    head = block("3", "决定各国应建立管制，并为此：")
    blocks = [block("2", "甲。"), head, *(below if items else []), block("4", "乙。")]
    return stored(parsed("S/2031/8", *blocks))


WORDS = "决定各国应建立管制，并为此：\n会计；\n实物；\n国内管制。"


def test_the_whole_unit_is_shown_and_quoted_with_its_numbers(client):
    resolution()
    tree = page(client, "/S/2031/8/p/3")
    link = f"/S/2031/8/p/3-3.b/{fingerprint(WORDS)}"
    assert "/S/2031/8/p/3-3.b" in tree.links
    for words in (
        "会计；",
        "实物；",
        "国内管制。",
        "(a) 会计；",
        "(i) 实物；",
        "3. 决定各国应建立管制，并为此：",
    ):
        assert words in tree.text
    assert "“3. 决定各国应建立管制，并为此：" in tree.text
    assert any(address.endswith(link) for address in tree.links)


def test_programs_get_the_unit_with_its_link(client):
    resolution()
    unit = client.get("/S/2031/8/p/3.json").json()["unit"]
    assert unit == {
        "anchors": ["3", "3.a", "3.a.i", "3.b"],
        "text": WORDS,
        "numbered_text": "3. 决定各国应建立管制，并为此：\n(a) 会计；\n(i) 实物；\n(b) 国内管制。",
        "fingerprint": fingerprint(WORDS),
        "url": "/S/2031/8/p/3-3.b",
        "permalink": f"/S/2031/8/p/3-3.b/{fingerprint(WORDS)}",
    }
    assert client.get("/S/2031/8/p/3.a.json").json()["unit"]["anchors"] == ["3.a", "3.a.i"]
    assert client.get("/S/2031/8/p/3.b.json").json()["unit"] is None
    assert client.get("/S/2031/8/p/2.json").json()["unit"] is None


@pytest.mark.parametrize(("words", "anchors"), [("要点：", ["h1", "h1.a"]), ("要点", None)])
def test_a_heading_is_a_chapeau_where_it_ends_with_a_colon(client, words, anchors):
    head = block("h1", words, kind=Kind.HEADING)
    item = block("h1.a", "甲；", kind=Kind.SUBPARAGRAPH, number="a", parent="h1")
    stored(parsed("S/2031/8", head, item))
    unit = client.get("/S/2031/8/p/h1.json").json()["unit"]
    assert (unit and unit["anchors"]) == anchors


def test_every_form_of_the_unit_answers(client):
    resolution()
    for tail in ("", ".json", ".txt", ".ris", ".bib", ".csl.json", "/cite", f"/{fingerprint(WORDS)}"):
        assert client.get(f"/S/2031/8/p/3-3.b{tail}").status_code == 200, tail


@pytest.mark.parametrize(("change", "fate"), [({}, "identical"), ({"last": "出口管制。"}, "edited")])
def test_the_link_of_a_unit_survives_an_edit_of_any_item(client, change, fate):
    resolution()
    link = client.get("/S/2031/8/p/3.json").json()["unit"]["permalink"]
    resolution(**change)
    told = client.get(f"{link}.json").json()
    assert told["fate"] == fate
    if fate == "edited":
        assert told["then"]["text"] == WORDS


def test_a_unit_whose_items_are_gone_still_tells_what_was_cited(client):
    resolution()
    link = client.get("/S/2031/8/p/3.json").json()["unit"]["permalink"]
    resolution(items=False)
    told = client.get(f"{link}.json")
    assert told.status_code == 410
    assert told.json()["then"]["text"] == WORDS


# --- Sentences are whole messages: another language orders their words and links as it needs ---


TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
MESSAGE = re.compile(
    r"\{%\s*translate\s+(?P<quote>[\"'])(?P<short>.*?)(?P=quote)[^%]*%\}"
    r"|\{%\s*blocktranslate\b[^%]*%\}(?P<long>.*?)\{%\s*endblocktranslate\s*%\}",
    re.DOTALL,
)
BEGINS_LATE = re.compile(r"[，。：；、！？）”)]")
ENDS_EARLY = re.compile(r"[，；、（“(]$")
# After a colon the paragraph, the cell or the branch ends, or the sentence goes on outside of its message.
ENDS_HERE = re.compile(r"(?:\{%[^%]*%\})*</(?:p|dt|th|td|li|h[1-6]|label|legend|caption|summary|button)>")
# A link between two messages of which the first has not come to its end.
GOES_ON = re.compile(
    r"(?:</?(?:a|b|i|em|strong|code)(?:\s(?:\{%.*?%\}|\{\{.*?\}\}|[^>{])*)?>)+(?=\{%\s*(?:block)?translate\b)"
)
# What stands between the items of a list is a message of ``listed``, not written for each loop.
OWN_SEPARATOR = re.compile(r"\{%\s*if (?:not )?forloop\.last\s*%\}(?:\{%\s*translate\s+\")?[、，；。]")


def pieces(text: str) -> list[str]:
    """The messages of a template that are no whole sentences, as far as a simple rule can tell."""
    found = [match[0] for match in OWN_SEPARATOR.finditer(text)]
    for match in MESSAGE.finditer(text):
        message = (match["short"] or match["long"] or "").strip()
        rest = text[match.end() :]
        if (
            BEGINS_LATE.match(message)
            or ENDS_EARLY.search(message)
            or (message.endswith("：") and not ENDS_HERE.match(rest) and not rest.startswith("{% el"))
            or (GOES_ON.match(rest) and not message.endswith(("。", "！", "？")))
        ):
            found.append(match[0])
    return found


@each_row()
def test_the_rule_tells_pieces_from_sentences(text, count):
    assert len(pieces(text)) == count


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.*")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_joins_a_sentence_from_pieces(path):
    assert not pieces(joined(path.read_text()))


def rendered(source: str, **values: object) -> str:
    engine = Engine(libraries={"sentences": "archive.templatetags.sentences"})
    return engine.from_string("{% load sentences %}" + source).render(Context(values))


@each_row()
def test_a_list_is_joined_in_the_language_of_the_page(words, inside, after, xs, shown):
    with override("zh-hans"):
        assert rendered(f"{{% listed {words} %}}{inside}{{% endlisted %}}{after}", xs=xs, x="外") == shown


@each_row()
def test_a_list_written_wrong_is_told_when_the_template_is_read(source):
    with pytest.raises(TemplateSyntaxError):
        rendered(source)


def test_a_broken_line_of_a_template_is_one_line_of_the_page(settings, tmp_path):
    (tmp_path / "t.html").write_text("<b>甲</b>{#-#}\n    {% if x %}乙{% endif %}\n丙{#-#} 丁", "utf-8")
    options = settings.TEMPLATES[0]["OPTIONS"]
    engine = Engine(dirs=[tmp_path], loaders=options["loaders"])
    assert engine.render_to_string("t.html", {"x": 1}) == "<b>甲</b>乙\n丙 丁"


def asked(engine: Engine, name: str) -> set[str]:
    """The messages that a template asks for when it is rendered."""
    nodes = engine.get_template(name).nodelist
    whole = nodes.get_nodes_by_type(BlockTranslateNode)
    short = [node.filter_expression.var.literal for node in nodes.get_nodes_by_type(TranslateNode)]
    return {node.render_token_list(node.singular)[0] for node in whole} | {text for text in short if text}


@pytest.mark.skipif(not shutil.which("xgettext"), reason="there is no xgettext")
def test_what_a_template_asks_for_is_what_is_handed_to_translators(settings, tmp_path, monkeypatch):
    folder = shutil.copytree(TEMPLATES, tmp_path / "templates")
    broken = "{% load i18n %}{% blocktranslate with a=1 {#-#}\n  b=2 %}{{ a }}份，{#-#}\n  {{ b }}段。"
    (folder / "broken.html").write_text(broken + "{% endblocktranslate %}", "utf-8")
    (tmp_path / "locale").mkdir()
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["en"], verbosity=0)
    written = (tmp_path / "locale/en/LC_MESSAGES/django.po").read_text("utf-8")
    quoted = re.findall(r'^msgid ((?:".*"\n)+)', written, re.M)
    extracted = {"".join(map(ast.literal_eval, lines.splitlines())) for lines in quoted}
    options, libraries = settings.TEMPLATES[0]["OPTIONS"], engines["django"].engine.libraries
    engine = Engine(dirs=[folder], loaders=options["loaders"], libraries=libraries)
    names = [str(path.relative_to(folder)) for path in folder.rglob("*.*")]
    assert {f"{name}: {text}" for name in names for text in asked(engine, name) - extracted} == set()
    assert asked(engine, "broken.html") == {"%(a)s份，%(b)s段。"}
