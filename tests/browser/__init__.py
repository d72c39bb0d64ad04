"""Pages as a browser shows them: a tier of its own (`make test-browser`)."""
