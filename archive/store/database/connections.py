"""Database connections: the settings required on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"

# Readers go on while somebody writes; writers wait for each other for twenty seconds.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
# A worker keeps connections for its threads, fewer than these, and tries each before it hands it out: a
# server may have been started anew. Readers are told after five seconds that the database does not answer,
# and whoever went away without a word is noticed in a minute. An archive lies in memory or on a disk without
# moving parts: a row by its key costs hardly more than the next one, other than PostgreSQL assumes. A page is
# answered by one process: to start others for a query took longer than what they saved of 100,000 paragraphs.
# Lists that are sorted for one page are sorted in memory.
POSTGRESQL_OPTIONS = {
    "options": "-c lock_timeout=20s -c random_page_cost=1.1 -c jit=off"
    " -c max_parallel_workers_per_gather=0 -c work_mem=16MB",
    "application_name": "archive",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
POOL = {"min_size": 1, "max_size": 12, "timeout": 5, "reconnect_timeout": 5}


def configured(database: dict[str, Any], pooled: bool = True) -> dict[str, Any]:
    """Returns an entry of ``DATABASES`` from an address, with the archive's own backend and options.

    Options that the address names go before these. ``pooled``: whether connections are kept and shared by the
    threads of a process, on PostgreSQL. Databases of other makers stay as they are.
    """
    own = database.get("OPTIONS", {})
    if database["ENGINE"] == SQLITE:
        return {**database, "ENGINE": "archive.store.database.sqlite", "OPTIONS": {**SQLITE_OPTIONS, **own}}
    if database["ENGINE"] == POSTGRESQL:
        options = {**POSTGRESQL_OPTIONS, **({"pool": POOL} if pooled else {}), **own}
        return {
            **database,
            "ENGINE": "archive.store.database.postgres",
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    return database
