"""Pages of errors say what there is, and where to tell of a fault; comparisons keep their form."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from .pages import page, read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "500", "503"])
def test_errors_of_the_frame_lead_on(name):
    tree, problems = read(render_to_string(f"{name}.html"))
    assert not problems
    assert {"/", "/documents", "/resolutions", "/help"} <= set(tree.links)
    assert len(tree.all("h1")) == 1


def test_a_refused_address_leads_on(client, bundled_documents):
    assert {"/documents", "/help"} <= set(page(client, "/documents?page=x", 400).with_id("main").links)


CONTACTS = [
    ("mailto:errors@archive.example", "mailto:errors@archive.example?subject=1540"),
    ("mailto:errors@archive.example?subject=1", "mailto:errors@archive.example?subject=1"),
    ("https://archive.example/errors", "https://archive.example/errors"),
]


@pytest.mark.parametrize(("contact", "link"), CONTACTS)
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
