"""Semantic search: sentence embeddings of paragraphs and queries, vectors of a small language model."""
