"""Pages. Each file has one concern; each view parses the request, reads, and places."""
