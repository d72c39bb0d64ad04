"""Root URLs. Our own pages begin with a lower-case word, symbols with an upper-case series: they never meet.

Each page has a JSON twin at its address with ``.json``; twins come first, because a symbol may hold dots.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.urls import URLPattern, include, path, re_path

from archive.site.http.formats import endings_of, formats_of
from archive.site.http.lazy import Views
from archive.site.views.gone_addresses import gone_addresses
from archive.store.addresses import paths as addresses

about = Views("archive.site.views.about")
accuracy = Views("archive.site.views.accuracy")
assistants = Views("archive.site.assistants.views")
api_description = Views("archive.site.views.api_description")
basket = Views("archive.site.views.basket")
bilingual = Views("archive.site.views.bilingual")
bodies = Views("archive.site.views.bodies")
changes = Views("archive.site.views.changes")
citation_table = Views("archive.site.views.citation_table")
cited = Views("archive.site.views.cited")
cited_words = Views("archive.site.views.cited_words")
compare = Views("archive.site.views.compare")
concepts = Views("archive.site.views.concepts")
coverage = Views("archive.site.views.coverage")
documents = Views("archive.site.views.documents")
dump_files = Views("archive.site.views.dump_files")
fallback = Views("archive.site.views.fallback")
home = Views("archive.site.views.home")
linker = Views("archive.site.views.linker")
matrix = Views("archive.site.views.matrix")
oai = Views("archive.site.views.oai")
original = Views("archive.site.views.original")
paragraph = Views("archive.site.views.paragraph")
ranges = Views("archive.site.views.ranges")
receipt = Views("archive.site.views.receipt")
resolutions = Views("archive.site.views.resolutions")
service = Views("archive.site.views.service")
sitemap = Views("archive.site.views.sitemap")
states = Views("archive.site.views.states")
unapi = Views("archive.site.views.unapi")
uncertain = Views("archive.site.views.uncertain")
unheld = Views("archive.site.views.unheld")
one_document = Views("archive.site.views.document")

addresses.register()
admin.autodiscover()


def page_and_twin(route: str, view: Callable, name: str, *also: str) -> list[URLPattern]:
    """Returns the page at ``route`` and its twin at ``route.json``; ``also`` at ``route.csv``,
    ``route.atom``. What is a CSV file is an Excel workbook too, at ``route.xlsx``.
    """
    also = tuple(one for ending in also for one in (("csv", "xlsx") if ending == "csv" else (ending,)))
    return [
        path(f"{route}.json", view, {"twin": True}, name=f"{name}_json"),
        *[path(f"{route}.{ending}", view, {"twin": ending}, name=f"{name}_{ending}") for ending in also],
        path(route, view, name=name),
    ]


def citation_of(route: str, name: str) -> list[URLPattern]:
    """Returns the routes of the citation files of ``route``, and of the page of all forms of citation."""
    files = [
        path(route + one.ending, cited_words.citation_file, {"ending": one.key}, name=f"{name}_{one.key}")
        for one in formats_of("citation")
    ]
    return [*files, *page_and_twin(f"{route}/cite", cited_words.citation_page, f"{name}_citation")]


def cut_fingerprint(route: str, name: str) -> list[URLPattern]:
    """Returns the route of a link whose fingerprint lost its end; programs are not told of it."""
    return [
        path(f"{route}/<cut:digits>.json", cited_words.cut_short, {"twin": True}, name=f"{name}_problem"),
        path(f"{route}/<cut:digits>", cited_words.cut_short, name=name),
    ]


def cited_files_of(route: str, name: str) -> list[URLPattern]:
    """Returns the routes of permalinks with a file ending, which programs derive and no page offers."""
    tails = [*endings_of("text", "citation"), "/cite", "/cite.json"]
    return [path(f"{route}{tail}", cited_words.cited_file, {"tail": tail}, name=name) for tail in tails]


# The basket's files; its page and twin come with the others.
basket_files = [
    path(
        f"basket{one.ending}",
        basket.basket_file,
        {"ending": one.key, "twin": one.of == "citation"},
        name=f"basket_{one.key}",
    )
    for one in formats_of("sheet", "citation")
]

# Addresses for machines that are no twin of a page, and the pages that explain them.
for_machines = [
    path("linker.js", linker.script, name="linker_script"),
    *page_and_twin("linker", linker.linker, "linker"),
    # for assistants: one POST, and a page that says what can be asked
    path("mcp", assistants.mcp, name="mcp"),
    path("llms.txt", assistants.llms, name="llms"),
    path("openapi.json", api_description.api, {"twin": True}, name="openapi"),
    path("api", api_description.api, name="api"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<name:section>.xml", sitemap.sitemap_section, name="sitemap_section"),
    path("unapi", unapi.unapi, name="unapi"),
    path("oai", oai.oai, name="oai"),
    path("data.json", dump_files.data, {"twin": True}, name="data_json"),
    path("data", dump_files.data, name="data"),
    path("data/citations.csv", citation_table.citations_table, {"twin": "csv"}, name="citations_csv"),
    path("data/citations.xlsx", citation_table.citations_table, {"twin": "xlsx"}, name="citations_xlsx"),
    path("data/<name:name>", dump_files.data_file, name="data_file"),
]

# What shows a document's text: in Chinese, and under the code of another language the text in that.
texts = [
    *page_and_twin("<symbol:symbol>/history", changes.history, "history", "csv", "atom"),
    # Citations: all forms, and files for reference managers. First, because an anchor may hold dots.
    *citation_of("<symbol:symbol>/p/<range:spelled>", "range"),
    *citation_of("<symbol:symbol>/p/<anchor:anchor>", "paragraph"),
    *citation_of("<symbol:symbol>", "document"),
    # Ranges of paragraphs.
    path("<symbol:symbol>/range", ranges.chosen, name="range_chosen"),
    path("<symbol:symbol>/p/<range:spelled>.txt", ranges.range_text, name="range_text"),
    *page_and_twin(
        "<symbol:symbol>/p/<range:spelled>/<fingerprint:fingerprint>", ranges.cited_range, "cited_range"
    ),
    *cited_files_of("<symbol:symbol>/p/<range:spelled>/<fingerprint:fingerprint>", "file_of_cited_range"),
    *cut_fingerprint("<symbol:symbol>/p/<range:spelled>", "cut_range"),
    *page_and_twin("<symbol:symbol>/p/<range:spelled>", ranges.paragraph_range, "range"),
    *page_and_twin(
        "<symbol:symbol>/p/<anchor:anchor>/<fingerprint:fingerprint>", cited_words.cited_words, "cited_words"
    ),
    *cited_files_of("<symbol:symbol>/p/<anchor:anchor>/<fingerprint:fingerprint>", "file_of_cited_words"),
    *cut_fingerprint("<symbol:symbol>/p/<anchor:anchor>", "cut_words"),
    *page_and_twin("<symbol:symbol>/p/<anchor:anchor>/original", original.original, "original"),
    path("<symbol:symbol>/p/<anchor:anchor>.txt", paragraph.paragraph_text, name="paragraph_text"),
    *page_and_twin("<symbol:symbol>/p/<anchor:anchor>", paragraph.paragraph, "paragraph"),
    path("<symbol:symbol>/source", one_document.source, name="source"),
    path("<symbol:symbol>/source/<fingerprint:digest>", one_document.second_original, name="second_original"),
    path("<symbol:symbol>/pages/<int:number>", original.page_image, name="page_image"),
    *page_and_twin("<symbol:symbol>/dropped", one_document.dropped, "dropped", "csv"),
    path("<symbol:symbol>.txt", one_document.document_text, name="document_text"),
    *page_and_twin("<symbol:symbol>", one_document.document, "document", "csv"),
]

urlpatterns = [
    path("admin/intake/", include("archive.desk.uploads.urls")),
    path("admin/", admin.site.urls),
    path("", home.home, name="home"),
    path("index.json", home.home, {"twin": True}, name="home_json"),
    path("healthz", service.healthz, name="healthz"),
    path("metrics", service.metrics, name="metrics"),
    path("robots.txt", service.robots, name="robots"),
    path(".well-known/security.txt", service.security_txt, name="security_txt"),
    path("favicon.ico", service.favicon, name="favicon"),
    *gone_addresses(),
    *for_machines,
    path("", include("search.urls")),
    *page_and_twin("documents", documents.document_list, "documents", "csv", "atom"),
    *page_and_twin("resolutions", resolutions.resolution_list, "resolutions", "csv"),
    *page_and_twin("bodies", bodies.body_list, "bodies", "csv"),
    *page_and_twin("bodies/<name:slug>", bodies.body, "body", "csv", "atom"),
    *page_and_twin("states", states.state_list, "states", "csv"),
    *page_and_twin("states/<alpha3:alpha3>", states.state, "state", "csv", "atom"),
    *page_and_twin("years", documents.year_list, "years", "csv"),
    *page_and_twin("coverage", coverage.coverage, "coverage", "csv"),
    *page_and_twin("accuracy", accuracy.accuracy, "accuracy"),
    *page_and_twin("discordances", bilingual.discordances, "discordances", "csv"),
    *page_and_twin("compare", compare.compare_page, "compare"),
    *basket_files,
    *page_and_twin("basket", basket.basket, "basket"),
    *page_and_twin("years/<year:year>", documents.year, "year", "csv"),
    # The thesaurus; a concept's own page is one of search.
    *page_and_twin("concepts", concepts.concept_list, "concepts", "csv", "jsonld"),
    # States and what they speak of.
    *page_and_twin("matrix", matrix.matrix_page, "matrix", "csv"),
    *page_and_twin("speakers", states.speaker_list, "speakers", "csv"),
    *page_and_twin("speakers/<speaker:who>", states.speaker, "speaker", "csv", "atom"),
    # Treaties by name, what is cited but not held, and references in doubt.
    *page_and_twin("treaties", bodies.treaty_list, "treaties", "csv"),
    *page_and_twin("treaties/<name:slug>", bodies.treaty, "treaty", "csv", "atom"),
    *page_and_twin("wanted", unheld.wanted, "wanted", "csv"),
    *page_and_twin("uncertain", uncertain.uncertain, "uncertain", "csv", "atom"),
    *page_and_twin("verify", receipt.verify, "verify"),
    *page_and_twin("about", about.about, "about"),
    *page_and_twin("help", about.help_page, "help"),
    # What changed: twins first.
    *page_and_twin("changes", changes.change_log, "changes", "csv", "atom"),
    # Short codes for print.
    path("c/<name:typed>.svg", basket.qr, name="short_qr"),
    *page_and_twin("c/<name:typed>", basket.short, "short"),
    *page_and_twin(
        "<symbol:symbol>/p/<anchor:anchor>/cited-by", cited.cited_by, "paragraph_cited_by", "csv", "atom"
    ),
    *page_and_twin("<symbol:symbol>/cited-by", cited.cited_by, "cited_by", "csv", "atom"),
    *texts,
    path("<language:language>/", include(texts)),
    *page_and_twin("zh-<language:with_>/<symbol:symbol>", bilingual.bilingual, "bilingual", "csv", "tmx"),
    path("zh-<language:with_>/<symbol:symbol>/p/<anchor:anchor>", bilingual.row, name="bilingual_row"),
    path("<language:language>/<path:typed>", fallback.typed, name="typed"),
    re_path(r"^(?P<typed>(?s:.+))$", fallback.typed, name="typed"),
]

handler404 = "archive.site.views.fallback.not_found"
handler500 = "archive.site.views.fallback.server_error"
