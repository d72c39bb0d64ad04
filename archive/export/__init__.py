"""What leaves the archive as files: dump, signed bundles, published accuracy. Knows nothing of pages."""
