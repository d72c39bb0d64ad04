"""The archive for machines: tables, feeds, dumps, site maps, OpenAPI 3.1."""
