from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ArchiveConfig(AppConfig):
    name = "archive"
    verbose_name = "文献"

    def ready(self) -> None:
        from archive.accuracy.copies import producer as accuracy
        from archive.bundle.copies import producer as bundles
        from archive.fetching.kept import producer as fetched
        from archive.opendata.dump.copies import producer as dump
        from archive.page_images.copies import producer as page_images
        from archive.withholding import tables
        from archive.withholding.register import register

        for producer in (dump(), accuracy(), bundles(), fetched(), page_images(), *tables.producers()):
            register(producer)
        post_migrate.connect(_mend_revision_triggers, sender=self)


def _mend_revision_triggers(using: str, **kwargs: object) -> None:
    """SQLite loses triggers where a migration alters their table."""
    from archive.migrations._revision_triggers import mend_revision_triggers

    mend_revision_triggers(connections[using])
