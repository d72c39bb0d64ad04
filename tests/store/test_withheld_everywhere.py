"""The standing test: every address of the site, and every file of its data folder, before and after."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from html import unescape
from io import BytesIO
from itertools import product
from pathlib import Path
from urllib.parse import quote, urlsplit
from zipfile import ZipFile

import numpy as np
import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, get_resolver, resolve

from archive.models import Document, IssuedText
from archive.site.opendata.sitemaps import SECTIONS
from archive.store.addresses.shortlinks import code_of
from archive.store.withholding.act import unclean_copies
from archive.text.fingerprint import normal_form
from search.engine.live.index import live_index
from search.engine.live.update import update_index
from search.engine.meaning.model import model
from search.engine.meaning.vectors import STEPS, key_of
from tests.tables import rows_from
from tests.tools.factories import parsed, store
from tests.tools.searching import at

from .test_withholding import CITING, OPEN, SECRET, TEXT, bring, run, withhold

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PIECES = ("秘密计划第七号", "北方三省同时", "代号为青鸟")  # of SECRET; nobody else says them
TITLE = "关于青鸟行动及其后续"
FILES = rows_from(__name__, "FILES")
ENDINGS = tuple(rows_from(__name__, "ENDINGS"))
ENDINGS += ("/cited-by", "/cited-by.json", "/cited-by.csv", "/cited-by.atom", "/history.json", "/history.csv")
ENDINGS += (
    "/cited-by.xlsx",
    "/history.xlsx",
    "/dropped.xlsx",
    "/history.atom",
    "/dropped",
    "/dropped.json",
    "/dropped.csv",
    "/cite",
    "/cite.json",
)
ENDINGS_OF_PARAGRAPH = tuple(rows_from(__name__, "ENDINGS_OF_PARAGRAPH"))
LISTS = (
    "documents", "resolutions", "bodies", "states", "states/CHN", "years", "years/2031", "coverage",
    "changes", "wanted", "discordances", "treaties", "speakers", "uncertain", "matrix", "accuracy",
    "bodies/security-council", "treaties/npt", f"speakers/{quote('青鸟')}",
)  # fmt: skip
ALONE = (
    "/", "/index.json", "/healthz", "/robots.txt", "/.well-known/security.txt", "/sitemap.xml",
    "/metrics", "/openapi.json", "/api", "/data", "/data.json", "/data/citations.graphml",
    "/data/citations.csv", "/data/citations.xlsx", "/data/documents.jsonl.gz",
    "/data/archive.sqlite3", "/opensearch.xml", "/check", "/check.json", "/admin/", "/favicon.ico",
    "/admin/archive/issuedtext/", "/about", "/about.json", "/help", "/help.json",
    *(f"/{name}{ending}" for name in LISTS for ending in ("", ".json", ".csv", ".xlsx", ".atom")),
    *(f"/sitemap-{section}.xml" for section in SECTIONS), "/compare.json",
    "/concepts", "/concepts.json", "/concepts.csv", "/concepts.jsonld", "/concepts/export-control",
    "/concepts/export-control.json", "/concepts/export-control.jsonld", "/similar", "/similar.json",
    "/search/advanced", "/search/advanced.json", "/concepts.xlsx", "/unapi",
    "/verify", "/verify.json", "/llms.txt", "/linker", "/linker.json", "/linker.js", "/check.docx", "/mcp",
    "/unapi?id=/S/2031/1/p/2", "/suggest/opensearch?q=青鸟", "/oai?verb=ListRecords&metadataPrefix=oai_dc",
)  # fmt: skip


def addresses_of(document: Document) -> Iterator[str]:
    """Every address of a document, of its Chinese text and of its English one."""
    for address in _addresses_of(document):
        yield from (address, f"/en{address}")


def _addresses_of(document: Document) -> Iterator[str]:
    own = f"/{document.symbol}"
    files = ("", ".json", ".txt", ".ris", ".bib", ".csl.json", "/cite", "/cite.json")
    yield from (own, *(own + ending for ending in ENDINGS))
    for anchor, words in document.paragraphs.values_list("anchor", "fingerprint"):
        place = f"{own}/p/{anchor}"
        yield from (place, f"{place}/{words}", f"{place}/{words}.json", f"{place}/{words[:6]}")
        code = code_of(document.symbol, anchor, words)
        yield from (f"/c/{code}", f"/c/{code}.json", f"/c/{code}.svg", f"{place}/{words[:6]}.json")
        if anchor == "2":
            endings = ("", ".json", ".docx", ".pdf", ".ris", ".bib", ".csl.json")
            yield from (f"/basket{ending}?c={code}" for ending in endings)
            yield from (f"{place}/{words}{ending}" for ending in files)
            yield from (f"/oembed?url={place}/{words}", f"/oembed?url=/c/{code}")
    place = f"{own}/p/2"
    past = ("timegate", "timemap", "memento/20310101120000")
    yield from (f"/{kind}{path}" for kind, path in product(past, (own, place)))
    yield from (place + ending for ending in (*ENDINGS, *ENDINGS_OF_PARAGRAPH))
    yield f"{own}/pages/1"
    yield f"{own}/source/{document.source.sha256}"
    yield from (f"/oembed?url={place}", f"/compare?a={place}&b=/S/2031/2/p/1")
    yield from (f"{own}/p/1-3/12345678{ending}" for ending in files)
    yield from (f"{own}/p/1-3/123456", f"{own}/p/1-3/123456.json")
    yield from (f"{own}/p/1-3{ending}" for ending in files)
    yield f"{own}/range?from=1&to=3"
    yield from (f"/zh-en{own}{ending}" for ending in ("", ".json", ".csv", ".xlsx", ".tmx", "/p/2"))


def queries() -> Iterator[str]:
    for typed in ("青鸟", "“秘密计划”", "S/2031/1"):
        for page in ("search", "search.json", "search.csv", "search.atom", "search/whole.json", "go"):
            yield f"/{page}?q={quote(typed)}"
        for page in ("concordance", "concordance.json", "concordance.csv", "go.json", "suggest"):
            yield f"/{page}?q={quote(typed)}"
        yield from (f"/{page}.xlsx?q={quote(typed)}" for page in ("search", "concordance"))
        for page, ending in product(("years", "collocates"), ("", ".json", ".csv", ".xlsx")):
            yield f"/concordance/{page}{ending}?q={quote(typed)}"
    yield "/search?q=&year=2031"
    yield f"/search?q={quote('决议')}&group=document"


def asked(client, addresses: list[str]) -> dict[str, bytes]:
    """Address → answer."""
    answers = {}
    for address in dict.fromkeys(addresses):
        response = client.get(address)
        assert response.status_code < 500, address
        answers[address] = response.getvalue()  # which closes it, and not the database as close() would
    return answers


def words_of(address: str, content: bytes) -> str:
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    if content[:4] == b"PK\x03\x04" and address.partition("?")[0].endswith(".xlsx"):
        with ZipFile(BytesIO(content)) as book:
            content = b"".join(map(book.read, book.namelist()))
    plain = re.sub(r"<[^>]*>", "", unescape(content.decode("utf-8", "replace")))
    return normal_form(plain.encode().decode("utf-8"))


def showing(answers: dict[str, bytes], pieces: tuple[str, ...]) -> list[str]:
    texts = {address: words_of(address, content) for address, content in answers.items()}
    return [address for address, text in texts.items() if any(piece in text for piece in pieces)]


@pytest.fixture
def filled(settings, tmp_path):
    settings.DATA_DIR, settings.OPEN_DATA_DIR = tmp_path, tmp_path / "dump"
    settings.PAGE_CACHE_MB = 4
    with at(tmp_path / "index"):
        copy = bring(TEXT.replace("2031/1", "2031/9"), 'symbol = "S/2031/9"\n', "nine.txt")
        bring()
        bring(CITING + f"\n2. {OPEN}\n", 'symbol = "S/2031/2"\ntitle = "又一封信"\n', "two.txt")
        bring(TEXT.replace("第七号", "第七号草案"))  # an earlier wording, and its history
        bring()
        store(parsed("S/2031/1", ("1", "One."), ("2", "Two."), language="en"))
        run("merge_document", copy.symbol, "S/2031/1", by="编者甲", reason="副本")
        update_index()
        run("export_dump", str(tmp_path / "dump"))
        run("export_bundle", str(tmp_path / "bundles" / "one"), "--unsigned")
        yield tmp_path


@pytest.mark.parametrize(
    ("options", "pieces"),
    [pytest.param({}, (*PIECES, TITLE), marks=pytest.mark.long), ({"paragraph": "2"}, PIECES)],
    ids=["document", "paragraph"],
)
def test_withheld_words_are_at_no_address_and_in_no_file(client, filled, options, pieces):
    own, citing = (list(addresses_of(Document.objects.find(symbol))) for symbol in ("S/2031/1", "S/2031/2"))
    starts = [*ALONE, *queries(), *own]
    starts += [
        f"/S/2031/9/p/{row.anchor}/{row.fingerprint}" for row in IssuedText.objects.filter(symbol="S/2031/9")
    ]
    before = asked(client, starts)
    assert len(showing(before, pieces)) > 40
    withhold(**options)
    after = asked(client, [*before, *citing])
    assert showing(after, pieces) == []
    assert files_showing(filled, pieces) == []
    assert unclean_copies(deep=True) == []
    run("withdraw_document", "S/2031/1", undo=True, by="编者乙", **options)
    again = ["/S/2031/1/p/2", "/S/2031/1.json", f"/search.json?q={quote('青鸟')}"]
    assert showing(asked(client, again), pieces) == again


def test_no_meaning_of_withheld_words_is_kept(settings, tmp_path):
    """From a vector words can be guessed."""
    settings.DATA_DIR, settings.SEARCH_MEANING = tmp_path, True
    secret = [np.round(one * STEPS).astype(np.int8).tobytes() for one in model().meanings_of(SECRET)]
    with at(tmp_path / "index"):
        bring()
        update_index()
        bring(CITING, 'symbol = "S/2031/2"\ntitle = "又一封信"\n', "two.txt")
        update_index()  # what came since lies beside the base
        assert live_index().meanings.missing == 0
        assert holding(tmp_path, secret)
        withhold(paragraph="2")
        assert live_index().meanings.missing == 0
        assert key_of(SECRET) not in live_index().meanings.keys.tolist()
        assert holding(tmp_path, secret) == []


def holding(folder: Path, pieces: list[bytes]) -> list[str]:
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [path for path, content in files.items() if any(piece in content for piece in pieces)]


def files_showing(folder: Path, pieces: tuple[str, ...]) -> list[str]:
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    wide = [piece.encode(coding) for piece in pieces for coding in ("utf-32-le", "utf-16-le")]
    return [*showing(files, pieces), *holding(folder, wide)]


def test_somebody_answers_for_every_file_of_the_data_folder(filled):
    run("withdraw_document", "S/2031/1", withheld=True, by="编者甲", reason="依法")
    update_index()
    files = [str(path.relative_to(filled)) for path in filled.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [path for path in files if not any(fnmatch(path, place) for place, _whose in FILES)] == []


def test_every_table_with_words_is_known():
    known = {label for _what, labels in rows_from(__name__, "TABLES") for label in labels}
    words = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    with_words = {
        model._meta.label
        for model in apps.get_models()
        if any(isinstance(field, words) for field in model._meta.concrete_fields)
    }
    assert with_words - known == set(), "say in the table of this test why it may"
    assert known <= {model._meta.label for model in apps.get_models()}, "a table that is no more"


def test_every_route_is_asked():
    """A new page? Ask it above, with a document whose words are withheld."""
    bring()
    asked = {*ALONE, *queries(), *addresses_of(Document.objects.get())}
    found = {resolve(urlsplit(address).path).route for address in asked}
    assert set(_routes(get_resolver().url_patterns)) - found == set()


def _routes(patterns: list, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        elif not route.startswith("admin/"):  # behind a login; the list above asks as a stranger
            yield from _routes(pattern.url_patterns, route)
