"""Connections: SQLite and PostgreSQL as the archive needs them, and many rows written at once."""
