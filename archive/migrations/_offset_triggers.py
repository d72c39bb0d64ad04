"""Triggers that hold what no column constraint can say: a mention's surface stands in its paragraph's text,
at its offsets. With the check that a surface is as long as its span, no offset can lie outside the text.

Guarded are those of the tables that exist when the triggers are made.

SQLite remakes a table to alter it, and refuses while triggers name it. So a migration that alters Paragraph
or one of the guarded tables begins with ``drop_offset_triggers`` and ends with ``create_offset_triggers``::

    operations = [
        migrations.RunPython(drop_offset_triggers, create_offset_triggers),
        ...,
        migrations.RunPython(create_offset_triggers, drop_offset_triggers),
    ]
"""

GUARDED_TABLES = (
    "archive_mention",
    "archive_bodymention",
    "archive_treatymention",
    "archive_ownreference",
    "archive_thememention",
    "archive_statemention",
)
MESSAGE = "offsets outside the text"

_SQLITE_MENTION = """
CREATE TRIGGER {table}_offsets_{event} BEFORE {event} ON {table}
WHEN substr((SELECT text FROM archive_paragraph WHERE id = NEW.paragraph_id),
            NEW.start + 1, NEW."end" - NEW.start) IS NOT NEW.surface
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
_SQLITE_TEXT = """
CREATE TRIGGER archive_paragraph_offsets_update BEFORE UPDATE OF text ON archive_paragraph
WHEN {wrong}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
_POSTGRES_MENTION = """
CREATE FUNCTION archive_mention_offsets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF substr((SELECT text FROM archive_paragraph WHERE id = NEW.paragraph_id),
              NEW.start + 1, NEW."end" - NEW.start) IS DISTINCT FROM NEW.surface::text THEN
        RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
_POSTGRES_TEXT = """
CREATE FUNCTION archive_paragraph_offsets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {wrong} THEN
        RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
_WRONG = """EXISTS (SELECT 1 FROM {table} WHERE paragraph_id = NEW.id
AND substr(NEW.text, start + 1, "end" - start) <> surface)"""


def _creating(vendor: str, tables: list[str]) -> list[str]:
    wrong = " OR ".join(_WRONG.format(table=table) for table in tables)
    if vendor == "sqlite":
        mentions = [
            _SQLITE_MENTION.format(table=table, event=event, message=MESSAGE)
            for table in tables
            for event in ("insert", "update")
        ]
        return [*mentions, _SQLITE_TEXT.format(wrong=wrong, message=MESSAGE)]
    return [
        _POSTGRES_MENTION.format(message=MESSAGE),
        _POSTGRES_TEXT.format(wrong=wrong, message=MESSAGE),
        *(
            f"CREATE TRIGGER {table}_offsets BEFORE INSERT OR UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION archive_mention_offsets()"
            for table in tables
        ),
        "CREATE TRIGGER archive_paragraph_offsets BEFORE UPDATE OF text ON archive_paragraph "
        "FOR EACH ROW EXECUTE FUNCTION archive_paragraph_offsets()",
    ]


def _dropping(vendor: str) -> list[str]:
    if vendor == "sqlite":
        names = [f"{table}_offsets_{event}" for table in GUARDED_TABLES for event in ("insert", "update")]
        return [f"DROP TRIGGER IF EXISTS {name}" for name in [*names, "archive_paragraph_offsets_update"]]
    return [
        "DROP FUNCTION IF EXISTS archive_mention_offsets() CASCADE",
        "DROP FUNCTION IF EXISTS archive_paragraph_offsets() CASCADE",
    ]


def _run(schema_editor, statements) -> None:
    for statement in statements:
        schema_editor.execute(statement, params=None)


def create_offset_triggers(apps, schema_editor) -> None:
    vendor = schema_editor.connection.vendor
    if vendor not in ("sqlite", "postgresql"):
        raise NotImplementedError(f"offsets are not guarded on {vendor}: use SQLite or PostgreSQL")
    existing = schema_editor.connection.introspection.table_names()
    _run(schema_editor, _creating(vendor, [table for table in GUARDED_TABLES if table in existing]))


def drop_offset_triggers(apps, schema_editor) -> None:
    _run(schema_editor, _dropping(schema_editor.connection.vendor))
