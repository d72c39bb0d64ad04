from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy


class ArchiveConfig(AppConfig):
    name = "archive"
    verbose_name = gettext_lazy("文献")

    def ready(self) -> None:
        post_migrate.connect(_mend_revision_triggers, sender=self)
        post_migrate.connect(_fill_summaries, sender=self)


def _mend_revision_triggers(using: str, **kwargs: object) -> None:
    """Recreates the triggers that SQLite loses where a migration alters their table."""
    from archive.migrations._revision_triggers import mend_revision_triggers

    mend_revision_triggers(connections[using])


def _fill_summaries(using: str, **kwargs: object) -> None:
    """An archive of an earlier release has none."""
    from archive.models import Document, SummaryRevision
    from archive.store.summaries import one_act

    if using != DEFAULT_DB_ALIAS or _is_behind(using):
        return
    if Document.objects.exists() and not SummaryRevision.objects.exists():
        with one_act():
            pass


def _is_behind(using: str) -> bool:
    """Returns True if migrations are pending: only some were asked for."""
    executor = MigrationExecutor(connections[using])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
