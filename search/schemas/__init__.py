"""The answers of search as types, as ``archive.schemas`` has those of the archive."""
