"""The archive for machines: tables, feeds, dumps, OAI-PMH, site maps, OpenAPI 3.1."""
