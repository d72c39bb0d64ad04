from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy


class ArchiveConfig(AppConfig):
    name = "archive"
    verbose_name = gettext_lazy("文献")

    def ready(self) -> None:
        post_migrate.connect(_mend_revision_triggers, sender=self)


def _mend_revision_triggers(using: str, **kwargs: object) -> None:
    """Recreates the triggers that SQLite loses where a migration alters their table."""
    from archive.migrations._revision_triggers import mend_revision_triggers

    mend_revision_triggers(connections[using])
