"""The answers of search as types, as ``archive.values`` has those of the archive."""
