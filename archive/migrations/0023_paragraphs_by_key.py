from django.db import migrations

_NAME = "paragraphs_by_key"


def create(apps, schema_editor) -> None:
    """On PostgreSQL an index of what counts of citations ask of a paragraph; SQLite's rows lie by their key."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {_NAME} ON archive_paragraph (id) INCLUDE (kind, document_id)"
        )


def drop(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {_NAME}")


class Migration(migrations.Migration):
    """Whether a mention stands in a heading, and in which document, was read from the whole text's rows."""

    dependencies = [
        ('archive', '0022_second_originals'),
    ]

    operations = [
        migrations.RunPython(create, drop),
    ]
