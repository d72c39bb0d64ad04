"""Django's PostgreSQL, whose texts stand in the same order on every server."""
