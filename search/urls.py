"""Addresses of search. The rest of the archive knows them by name only."""

from django.urls import path

from archive.site.http.lazy import Views

checker_pages = Views("search.pages.checker.views")
concordance_pages = Views("search.pages.concordance.views")
go_pages = Views("search.pages.jump.views")
parallels = Views("search.pages.parallels.views")
concept_pages = Views("search.pages.results.concept_views")
export_pages = Views("search.pages.results.exports")
views = Views("search.pages.results.views")
advanced_pages = Views("search.pages.results.advanced_views")
opensearch = Views("search.pages.results.opensearch")
similar = Views("search.pages.similar.views")
suggest_pages = Views("search.pages.suggest.views")

urlpatterns = [
    path("opensearch.xml", opensearch.description, name="opensearch"),
    path("search/whole.json", export_pages.whole, name="search_whole"),
    path("search.csv", export_pages.table, {"ending": "csv"}, name="search_csv"),
    path("search.xlsx", export_pages.table, {"ending": "xlsx"}, name="search_xlsx"),
    path("search.atom", export_pages.feed, name="search_atom"),
    path("search.json", views.search, {"twin": True}, name="search_json"),
    path("search/advanced.json", advanced_pages.advanced, {"twin": True}, name="search_advanced_json"),
    path("search/advanced", advanced_pages.advanced, name="search_advanced"),
    path("search", views.search, name="search"),
    path("concordance.json", concordance_pages.page, {"twin": True}, name="concordance_json"),
    path("concordance.csv", concordance_pages.table, {"ending": "csv"}, name="concordance_csv"),
    path("concordance.xlsx", concordance_pages.table, {"ending": "xlsx"}, name="concordance_xlsx"),
    path("concordance", concordance_pages.page, name="concordance"),
    path("go.json", go_pages.page, {"twin": True}, name="go_json"),
    path("go", go_pages.page, name="go"),
    path(
        "<symbol:symbol>/p/<anchor:anchor>/parallels.json",
        parallels.page,
        {"twin": True},
        name="parallels_json",
    ),
    path("<symbol:symbol>/p/<anchor:anchor>/parallels", parallels.page, name="parallels"),
    path(
        "<symbol:symbol>/p/<anchor:anchor>/similar.json",
        similar.of_paragraph,
        {"twin": True},
        name="paragraph_similar_json",
    ),
    path("<symbol:symbol>/p/<anchor:anchor>/similar", similar.of_paragraph, name="paragraph_similar"),
    path("concepts/<name:slug>.json", concept_pages.page, {"twin": True}, name="concept_json"),
    path("concepts/<name:slug>.jsonld", concept_pages.page, {"twin": "jsonld"}, name="concept_jsonld"),
    path("concepts/<name:slug>", concept_pages.page, name="concept"),
    # the checker: GET explains, POST checks
    path("check.json", checker_pages.check_page, {"twin": True}, name="check_json"),
    path("check.docx", checker_pages.check_word, name="check_docx"),
    path("check", checker_pages.check_page, name="check"),
    path("suggest", suggest_pages.suggest, name="suggest"),
    path("suggest/opensearch", suggest_pages.opensearch, name="suggestions"),
]
