"""Programs that people use, from their registries: ``make test-clients``. Node and Java are needed."""
