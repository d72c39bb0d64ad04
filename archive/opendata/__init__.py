"""The archive for machines: problems, limits, cursors, tables, feeds, dumps, OpenAPI."""
