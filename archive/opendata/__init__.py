"""The archive for machines: tables, feeds, dumps, OAI-PMH, site maps, and the interface described (OpenAPI 3.1)."""
