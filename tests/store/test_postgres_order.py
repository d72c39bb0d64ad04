"""PostgreSQL: texts stand in the order of SQLite's, whatever language the server was made for."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from archive.models import Body
from tests.tables import rows_from

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite knows one order alone"),
]
NAMES = rows_from(__name__, "NAMES")
OTHER = "und-x-icu"  # what ICU holds for right in no language


def otherwise() -> list[tuple[str, str]]:
    """Columns of texts that stand in another order than that of their bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type IN ('text', 'character varying')"
            " AND collation_name IS DISTINCT FROM 'C'"
        )
        return cursor.fetchall()


def test_every_text_is_ordered_by_its_bytes():
    assert otherwise() == []


def test_names_stand_as_on_every_other_database():
    Body.objects.all().delete()
    Body.objects.bulk_create(Body(slug=f"b{number}", name=name) for number, name in enumerate(NAMES))
    assert list(Body.objects.order_by("name").values_list("name", flat=True)) == sorted(NAMES)


def test_a_database_of_another_order_is_brought_up_to_it():
    migration = import_module("archive.migrations.0020_texts_in_byte_order")
    with connection.schema_editor() as editor:
        migration.drop_offset_triggers(None, editor)
        editor.execute(f'ALTER TABLE archive_body ALTER COLUMN name TYPE varchar(300) COLLATE "{OTHER}"')
        editor.execute(f'ALTER TABLE archive_paragraph ALTER COLUMN text TYPE text COLLATE "{OTHER}"')
        migration.create_offset_triggers(None, editor)
    assert sorted(otherwise()) == [("archive_body", "name"), ("archive_paragraph", "text")]
    with connection.schema_editor() as editor:
        migration.collate_by_bytes(None, editor)
    assert otherwise() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'archive_paragraph_offsets'")
        assert cursor.fetchone() == (1,)
