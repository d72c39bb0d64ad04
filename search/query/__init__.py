"""A question becomes a plan: the query language, names, words and their expansion. Sees no index."""
