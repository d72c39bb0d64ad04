"""The archive: documents, paragraphs, citations and their pages."""
