"""Django's SQLite, readable too where nothing can be written: on a full disk, in a read-only folder."""
