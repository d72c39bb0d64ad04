"""Django's PostgreSQL backend with the same collation of texts on every server."""
