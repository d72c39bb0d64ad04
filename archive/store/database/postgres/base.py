"""The database backend: ``ENGINE`` of the settings where the database is PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import Field

BYTES = "C"
TEXTS = ("varchar", "text")  # what the types of texts begin with


class SchemaEditor(DatabaseSchemaEditor):
    """Makes and alters columns of texts with the collation ``C`` where a field names no other."""

    def _iter_column_sql(
        self, column_db_type: str, params: list, model: type, field: Field, field_db_params: dict, *rest: bool
    ) -> Iterator[str]:
        if column_db_type.startswith(TEXTS):
            field_db_params = {**field_db_params, "collation": field_db_params.get("collation") or BYTES}
        return super()._iter_column_sql(  # type: ignore[misc]  # private, not in the stubs
            column_db_type, params, model, field, field_db_params, *rest
        )

    def _alter_column_type_sql(
        self,
        model: type,
        old: Field,
        new: Field,
        new_type: str,
        old_collation: str | None,
        collation: str | None,
    ) -> tuple:
        if new_type.startswith(TEXTS):
            collation = collation or BYTES
        return super()._alter_column_type_sql(  # type: ignore[misc]
            model, old, new, new_type, old_collation, collation
        )


class DatabaseWrapper(base.DatabaseWrapper):
    """Keeps texts in the order of their bytes, which is that of their characters, and SQLite's.

    A database is made with a collation of its server: of the C library or of ICU, of some language and some
    version. Lists, pages and cursors must not depend on which, nor change when a library is upgraded under
    an index. Names that readers want in another order have a key (``archive.text.folding``).
    """

    SchemaEditorClass = SchemaEditor
