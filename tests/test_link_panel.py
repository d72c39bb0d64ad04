"""The links that a reader takes along from the page of a paragraph or a range."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from .pages import page
from .tables import rows_from

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("address", ["/S/2010/52/p/annex.14", "/S/2010/52/p/annex.14-16"])
HOST = "http://testserver"


@pytest.fixture(autouse=True)
def documents(bundled_documents):
    return bundled_documents


def passage(client, address: str) -> dict:
    twin = client.get(f"{address}.json").json()
    return twin.get("range") or twin["paragraph"]


@EACH
def test_every_link_stands_on_the_page_as_text_that_can_be_selected(client, address):
    tree, said = page(client, address), passage(client, address)
    assert tree.with_id("l1").text == HOST + address
    assert tree.with_id("l2").text == f"{HOST}{address}/{said['fingerprint']}"
    for number in (1, 2, 5):
        field = tree.with_id(f"l{number}")
        assert (field.tag, "readonly" in field.attributes) == ("textarea", True)
        assert [label for label in tree.all("label") if label.attributes.get("for") == f"l{number}"]


@EACH
def test_the_quotation_is_the_stored_words_with_their_source_and_a_link(client, address):
    quotation, said = page(client, address).with_id("l4"), passage(client, address)
    link = f"{HOST}{address}/{said['fingerprint']}"
    lines = quotation.text.replace("\n", "")
    assert lines == f"“{said['text']}”(S/2010/52，{said['name']}，{link})".replace("\n", "")
    assert quotation.links == [link]
    assert client.get(link).status_code == 200
    assert quotation.attributes["tabindex"] == "0"


@EACH
def test_the_link_with_a_text_fragment_leads_to_the_place_and_owns_to_be_unreliable(client, address):
    tree, said = page(client, address), passage(client, address)
    plain, _mark, words = tree.with_id("l5").text.partition(":~:text=")
    assert plain == f"{HOST}/S/2010/52#p-annex.14"
    first, last = unquote(words).split(",")
    assert said["text"].startswith(first)
    assert said["text"].endswith(last)
    assert "不可靠" in tree.with_id("links").text


@pytest.mark.parametrize(
    ("address", "canonical"),
    rows_from(__name__, "test_each_page_has_one_canonical_address_without_fingerprint"),
)
def test_each_page_has_one_canonical_address_without_fingerprint(client, address, canonical):
    fingerprint = passage(client, canonical)["fingerprint"] if "{}" in address else ""
    tree = page(client, address.format(fingerprint))
    links = [link for link in tree.all("link") if link.attributes.get("rel") == "canonical"]
    assert [link.attributes["href"] for link in links] == [HOST + canonical]


def test_copying_a_passage_takes_nothing_hidden_along(client, settings):
    """What is in a paragraph beside its words and its printed number cannot be selected."""
    sheet = (settings.BASE_DIR / "static/css/links.css").read_text()
    rule = next(line for line in sheet.splitlines() if "user-select: none" in line and "unnumbered" in line)
    tree = page(client, "/S/2010/52")
    assert "css/links.css" in "".join(link.attributes["href"] for link in tree.all("link"))
    for block in tree.all(css="paragraph"):
        for part in block.walk():
            beside = part.text and part.parent is block and "text" not in part.classes
            if beside and not (part.classes == ["number"] and part.text.strip()):
                assert any(f".{name}" in rule for name in part.classes), (part.classes, part.text)


def test_scripts_of_one_page_declare_no_name_twice(settings):
    """Classic scripts share one scope: a name declared twice silences the whole second script."""
    declared: dict[str, str] = {}
    for script in sorted((settings.BASE_DIR / "static/js").glob("*.js")):
        for name in re.findall(r"^(?:const|let|class|(?:async )?function) (\w+)", script.read_text(), re.M):
            assert name not in declared, f"{name} in {script.name} and {declared[name]}"
            declared[name] = script.name
