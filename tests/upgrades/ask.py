"""``python -m tests.upgrades.ask LINKS.json``: brings the data folder up to the present, and asks it.

Prints one JSON object: what each link answers now, what verify_archive says, how many paragraphs the index
has. The data folder is that of ARCHIVE_DATA_DIR. With DATABASE_URL its rows are first brought to that server,
in the tables as they were then.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections import Counter
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")


def main(links: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from .asking import told

    logging.disable()
    if connection.vendor != "sqlite":
        _bring_over()
    call_command("migrate", verbosity=0, interactive=False)
    from archive.management.commands.verify_archive import failures
    from search.engine.live.update import update_index

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    answers = {link: told(client, link) for link in json.loads(links.read_text("utf-8"))}
    indexed = update_index().paragraphs
    verified = list(failures(Counter()))
    json.dump({"answers": answers, "indexed": indexed, "failures": verified}, sys.stdout)


def _bring_over() -> None:
    """Copy the rows of the data folder's SQLite file to the server, in the tables as they were then."""
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection, connections, transaction
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    from archive.migrations._revision_triggers import drop_revision_triggers

    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": settings.DATA_DIR / "archive.sqlite3"}
    connections.databases["old"] = connections.configure_settings({"default": database})["default"]
    applied = MigrationRecorder(connections["old"]).applied_migrations()
    last = max(migration for migration in applied if migration[0] == "archive")
    call_command("migrate", *last, verbosity=0, interactive=False)
    state = MigrationExecutor(connection).loader.project_state([last])
    models = [model for model in state.apps.get_models() if model._meta.app_label == "archive"]
    # What is referred to comes first; a table that refers to itself is checked at the end.
    models.sort(key=lambda model: len(_below(model)))
    with connection.schema_editor() as editor:
        drop_revision_triggers(None, editor)  # rows come with their revisions; ``migrate`` makes them again
    with transaction.atomic():
        for model in reversed(models):
            model.objects.all().delete()
        for model in models:
            model.objects.bulk_create(model.objects.using("old").order_by("pk").iterator(500))
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)


def _below(model: type) -> set[type]:
    """The models that ``model`` refers to, at any distance."""
    found: set[type] = set()
    new = [model]
    while new:
        fields = new.pop()._meta.concrete_fields
        further = {field.related_model for field in fields if field.is_relation} - found - {model}
        found |= further
        new += further
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
