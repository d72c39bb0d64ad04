from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "检索"

    def ready(self) -> None:
        from search.engine.cluster import checks  # noqa: F401 - the settings are looked at when a site starts
