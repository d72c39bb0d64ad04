"""The archive for machines: problems, limits, cursors, tables, feeds, graphs, dumps, Akoma Ntoso, OpenAPI."""
