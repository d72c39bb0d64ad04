"""The archive for machines: problems, limits, cursors, tables, feeds, dumps, Akoma Ntoso, OpenAPI."""
