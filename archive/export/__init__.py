"""What leaves the archive as files: dump, signed bundles. Knows nothing of pages."""
