"""Every door by which documents come in (files, fetching, the corpus, the catalogue), and out again."""
