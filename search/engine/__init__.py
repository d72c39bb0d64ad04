"""A plan becomes rows: the index, how it is searched, and what keeps it up to date. Sees no page."""
