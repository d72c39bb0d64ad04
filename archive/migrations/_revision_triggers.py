"""Triggers that raise the archive's revision on every change of what readers are told, whoever writes.

``REVISED`` says of each such table how the documents are found whose revision a row raises; ``UNREVISED`` why
the other tables raise none. A new table must stand in one of the two. ``UNINDEXED`` says which of these rows
and columns the search index takes nothing from: changes of these alone leave the mark ``indexed`` as it is.

On SQLite they fire for each row, on PostgreSQL for each statement (a row that is updated ten thousand times
in one transaction leaves ten thousand versions to walk through). There a trigger also takes the row of the
revision before the first row is touched, so that writers come one after another, and never wait in a circle.

SQLite remakes a table to alter it: the triggers of that table are gone, and those that name it stand in the
way. So a migration that alters one of these tables begins with ``drop_revision_triggers`` and ends with
``create_revision_triggers``, as with ``_offset_triggers``. ``post_migrate`` makes what is missing all the
same.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

_OF_DOCUMENT = "SELECT {row}.document_id AS document"
_OF_PARAGRAPH = "SELECT p.document_id AS document FROM archive_paragraph p WHERE p.id = {row}.paragraph_id"
_OF_SYMBOL = (
    "SELECT d.id AS document FROM archive_document d"
    " WHERE d.symbol = {row}.symbol AND d.language = {row}.language"
)
_REFERENCE_DATA = "SELECT 0 AS document"
# Shown to readers beside documents that are not held: the archive's revision alone.
_NO_DOCUMENT = "SELECT 0 AS document WHERE 1 = 0"

REVISED = {
    "archive_document": "SELECT {row}.id AS document",
    "archive_symbolalias": _OF_DOCUMENT,
    "archive_droppedline": _OF_DOCUMENT,
    "archive_secondoriginal": _OF_DOCUMENT,
    "archive_paragraph": _OF_DOCUMENT,
    "archive_sourcefile": "SELECT d.id AS document FROM archive_document d WHERE d.source_id = {row}.id",
    "archive_mention": _OF_PARAGRAPH,
    "archive_bodymention": _OF_PARAGRAPH,
    "archive_treatymention": _OF_PARAGRAPH,
    "archive_ownreference": _OF_PARAGRAPH,
    "archive_thememention": _OF_PARAGRAPH,
    "archive_statemention": _OF_PARAGRAPH,
    "archive_pinpoint": (
        "SELECT p.document_id AS document FROM archive_mention m"
        " JOIN archive_paragraph p ON p.id = m.paragraph_id WHERE m.id = {row}.mention_id"
    ),
    "archive_issuedtext": _OF_SYMBOL,
    "archive_movedanchor": _OF_SYMBOL,
    "archive_retireddocument": _OF_SYMBOL,
    "archive_body": _REFERENCE_DATA,
    "archive_state": _REFERENCE_DATA,
    "archive_resolution": _REFERENCE_DATA,
    "archive_documentseries": _REFERENCE_DATA,
    "archive_treaty": _REFERENCE_DATA,
    "archive_theme": _REFERENCE_DATA,
    "archive_thesaurusconcept": _REFERENCE_DATA,
    "archive_fetchattempt": _NO_DOCUMENT,
    "archive_cataloguerecord": _NO_DOCUMENT,
}
UNREVISED = {
    "archive_revision": "the revision itself",
    "archive_documentrevision": "the revision itself",
    "archive_searchindex": "which index answers, not what is in it",
    "archive_shortlink": "a code for what was issued already says nothing new",
    "archive_shippedrecord": "what the program brought; what was made of it is in the other tables",
    "archive_importrun": "a log, shown to editors alone",
    "archive_intakebatch": "what is not in the archive yet, shown to curators alone",
    "archive_intakeitem": "what is not in the archive yet, shown to curators alone",
    "archive_importoutcome": "a log, shown to editors alone",
    "auth_group": "editors, not the archive",
    "auth_group_permissions": "editors, not the archive",
    "auth_permission": "editors, not the archive",
    "auth_user": "editors, not the archive",
    "auth_user_groups": "editors, not the archive",
    "auth_user_user_permissions": "editors, not the archive",
    "django_admin_log": "a log, shown to editors alone",
    "django_content_type": "the framework's own",
    "django_migrations": "the framework's own",
    "django_session": "who is logged in",
    "axes_accessattempt": "who tried to log in",
    "axes_accessattemptexpiration": "who tried to log in",
    "axes_accessfailurelog": "who tried to log in",
    "axes_accesslog": "who logged in",
    "otp_static_staticdevice": "second factors of editors",
    "otp_static_statictoken": "second factors of editors",
    "otp_totp_totpdevice": "second factors of editors",
}
# Whether what is cited is held is no property of the text that cites it.
UNINDEXED: dict[str, tuple[str, ...] | None] = {
    "archive_document": (
        *("source_id", "parser_version", "input_hash", "content_hash", "parsed_facts", "doubts", "changed"),
        *("corrections", "organ", "organ_body_id", "sender", "addressee", "meeting", "place", "chair"),
        *("original_language", "job_number", "session", "agenda_item", "distribution", "provenance"),
        *("ocr_confidence", "counted"),
    ),
    "archive_mention": ("target_id", "target_paragraph_id"),
    "archive_pinpoint": ("target_paragraph_id",),
    # Nothing at all.
    "archive_symbolalias": None,
    "archive_droppedline": None,
    "archive_secondoriginal": None,
    "archive_sourcefile": None,
    "archive_ownreference": None,
    "archive_thememention": None,
    "archive_movedanchor": None,
    "archive_retireddocument": None,
}
EVENTS = ("insert", "update", "delete")
INDEXED = "UPDATE archive_documentrevision SET indexed = number || '-' || token WHERE document_id"

# Not written as INSERT … ON CONFLICT: an outer INSERT OR IGNORE would overrule what stands in a trigger.
_SQLITE = """
CREATE TRIGGER {table}_revision_{event} AFTER {event} ON {table}
BEGIN
    INSERT INTO archive_revision (id, number, token)
        SELECT 1, (SELECT COALESCE(MAX(number), 0) FROM archive_documentrevision), ''
        WHERE NOT EXISTS (SELECT 1 FROM archive_revision);
    UPDATE archive_revision SET number = number + 1, token = lower(hex(randomblob(8)));
    INSERT INTO archive_documentrevision (document_id, number, token)
        SELECT document, 0, '' FROM ({documents}) AS touched
        WHERE document NOT IN (SELECT document_id FROM archive_documentrevision);
    UPDATE archive_documentrevision
        SET (number, token) = (SELECT number, token FROM archive_revision)
        WHERE document_id IN ({documents});
    {indexed}
END
"""
_POSTGRES_RAISE = """
CREATE FUNCTION archive_raise_revision(documents bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    raised archive_revision%ROWTYPE;
BEGIN
    INSERT INTO archive_revision (id, number, token)
        SELECT 1, (SELECT COALESCE(MAX(number), 0) FROM archive_documentrevision), ''
        ON CONFLICT DO NOTHING;
    UPDATE archive_revision
        SET number = number + 1, token = left(replace(gen_random_uuid()::text, '-', ''), 16)
        RETURNING * INTO raised;
    INSERT INTO archive_documentrevision (document_id, number, token)
        SELECT DISTINCT document, raised.number, raised.token FROM unnest(documents) AS document
        WHERE document IS NOT NULL
        ON CONFLICT (document_id) DO UPDATE SET number = EXCLUDED.number, token = EXCLUDED.token;
END $$
"""
_POSTGRES_LOCK = """
CREATE FUNCTION archive_lock_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM archive_revision FOR UPDATE;
    RETURN NULL;
END $$
"""
_POSTGRES_TABLE = """
CREATE FUNCTION {table}_revision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    documents bigint[];
    reindexed bigint[];
    rows bigint;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        SELECT count(*), array_agg(document_id) INTO rows, documents FROM archive_documentrevision;
        reindexed := documents;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT count(*) INTO rows FROM new_rows;
        documents := ARRAY(SELECT DISTINCT document FROM new_rows r, LATERAL ({documents}) AS touched);
        reindexed := documents;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT count(*) INTO rows FROM old_rows;
        documents := ARRAY(SELECT DISTINCT document FROM old_rows r, LATERAL ({documents}) AS touched);
        reindexed := documents;
    ELSE
        SELECT count(*) INTO rows FROM new_rows;
        documents := ARRAY(
            SELECT document FROM old_rows r, LATERAL ({documents}) AS touched
            UNION SELECT document FROM new_rows r, LATERAL ({documents}) AS touched);
        reindexed := {updated};
    END IF;
    IF rows > 0 THEN
        PERFORM archive_raise_revision(documents);
        {indexed}
    END IF;
    RETURN NULL;
END $$
"""
_POSTGRES_UPDATED = """ARRAY(
            SELECT document FROM (SELECT {columns} FROM old_rows EXCEPT SELECT {columns} FROM new_rows) r,
                LATERAL ({documents}) AS touched
            UNION
            SELECT document FROM (SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows) r,
                LATERAL ({documents}) AS touched)"""
_POSTGRES_ROWS = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
}


def _name(table: str, event: str) -> str:
    return f"{table}_revision_{event}"


def _sqlite(table: str, indexed: list[str]) -> list[str]:
    rows = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
    differs = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in indexed)
    statements = []
    for event in EVENTS:
        documents = " UNION ".join(REVISED[table].format(row=row) for row in rows[event])
        where = f" AND ({differs})" if event == "update" else ""
        mark = f"{INDEXED} IN ({documents}){where};" if indexed else ""
        statements.append(_SQLITE.format(table=table, event=event, documents=documents, indexed=mark))
    return statements


def _postgres(table: str, indexed: list[str]) -> list[str]:
    lock = f"CREATE TRIGGER {table}_revision_lock BEFORE INSERT OR UPDATE OR DELETE ON {table}"
    emptied = f"CREATE TRIGGER {_name(table, 'truncate')} AFTER TRUNCATE ON {table}"
    documents = REVISED[table].format(row="r")
    columns = ", ".join(f'"{column}"' for column in indexed)
    updated = _POSTGRES_UPDATED.format(columns=columns, documents=documents) if indexed else "NULL"
    mark = f"{INDEXED} = ANY(reindexed);" if indexed else ""
    return [
        _POSTGRES_TABLE.format(table=table, documents=documents, updated=updated, indexed=mark),
        f"{lock} FOR EACH STATEMENT EXECUTE FUNCTION archive_lock_revision()",
        f"{emptied} FOR EACH STATEMENT EXECUTE FUNCTION {table}_revision()",
        *(
            f"CREATE TRIGGER {_name(table, event)} AFTER {event} ON {table} {_POSTGRES_ROWS[event]} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_revision()"
            for event in EVENTS
        ),
    ]


def _creating(connection) -> list[str]:
    if connection.vendor not in ("sqlite", "postgresql"):
        raise NotImplementedError(f"changes are not counted on {connection.vendor}: use SQLite or PostgreSQL")
    existing = set(connection.introspection.table_names())
    tables = {table: _indexed(connection, table) for table in REVISED if table in existing}
    if connection.vendor == "sqlite":
        return [statement for table, indexed in tables.items() for statement in _sqlite(table, indexed)]
    return [
        _POSTGRES_RAISE,
        _POSTGRES_LOCK,
        *(statement for table, indexed in tables.items() for statement in _postgres(table, indexed)),
    ]


def _indexed(connection, table: str) -> list[str]:
    """The columns from which the index takes something; none before there is a mark to raise."""
    unindexed = UNINDEXED.get(table, ())
    if unindexed is None or "indexed" not in _columns(connection, "archive_documentrevision"):
        return []
    return [column for column in _columns(connection, table) if column not in unindexed]


def _columns(connection, table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [row.name for row in connection.introspection.get_table_description(cursor, table)]


def _dropping(connection) -> list[str]:
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {_name(table, event)}" for table in REVISED for event in EVENTS]
    functions = [
        "archive_raise_revision(bigint[])",
        "archive_lock_revision()",
        *(f"{table}_revision()" for table in REVISED),
    ]
    return [f"DROP FUNCTION IF EXISTS {function} CASCADE" for function in functions]


def create_revision_triggers(apps, schema_editor) -> None:
    """Creates the triggers of every table that exists."""
    for statement in _creating(schema_editor.connection):
        schema_editor.execute(statement, params=None)


def drop_revision_triggers(apps, schema_editor) -> None:
    """Drops all of them."""
    for statement in _dropping(schema_editor.connection):
        schema_editor.execute(statement, params=None)


def mend_revision_triggers(connection) -> None:
    """Makes all triggers anew where one is missing and the archive has a revision."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if "archive_revision" in connection.introspection.table_names(cursor) and missing_revision_triggers(
            connection
        ):
            for statement in (*_dropping(connection), *_creating(connection)):
                cursor.execute(statement)


@contextmanager
def without_revision_triggers(connection) -> Iterator[None]:
    """Lets rows be written with the revisions that they bring along, inside a transaction."""
    with connection.cursor() as cursor:
        for statement in _dropping(connection):
            cursor.execute(statement)
        yield
        for statement in _creating(connection):
            cursor.execute(statement)


def missing_revision_triggers(connection) -> set[str]:
    """The tables that exist and lack one of their triggers."""
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
            )
        there = {row[0] for row in cursor.fetchall()}
    return {
        table
        for table in REVISED
        if table in existing and not there.issuperset(_name(table, event) for event in EVENTS)
    }
