from django.db import migrations

from ._offset_triggers import create_offset_triggers, drop_offset_triggers

_OTHERWISE = """
SELECT table_name, column_name, format_type(atttypid, atttypmod)
FROM information_schema.columns
JOIN pg_attribute ON attrelid = quote_ident(table_name)::regclass AND attname = column_name
WHERE table_schema = current_schema() AND table_name LIKE 'archive\\_%'
AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'
ORDER BY table_name, ordinal_position
"""


def collate_by_bytes(apps, schema_editor) -> None:
    """Gives every text of the archive on PostgreSQL the collation C, where it has another."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_OTHERWISE)
        altered: dict[str, list[str]] = {}
        for table, column, kind in cursor.fetchall():
            name = connection.ops.quote_name(column)
            altered.setdefault(table, []).append(f'ALTER COLUMN {name} TYPE {kind} COLLATE "C"')
    if not altered:
        return
    drop_offset_triggers(apps, schema_editor)  # one of them names a column
    for table, columns in altered.items():
        schema_editor.execute(f"ALTER TABLE {table} {', '.join(columns)}", params=None)
    create_offset_triggers(apps, schema_editor)


class Migration(migrations.Migration):
    """Lists stood in the order of the server's language: another on each, and another than SQLite's.

    Databases that are made from now on have it from the beginning (``archive.store.database.postgres``).
    """

    dependencies = [
        ('archive', '0019_ocr_confidence'),
    ]

    operations = [
        migrations.RunPython(collate_by_bytes, migrations.RunPython.noop),
    ]
