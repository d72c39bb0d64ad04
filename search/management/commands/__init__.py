"""Commands of the index: build, update and check it."""
