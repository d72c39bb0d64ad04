"""The thesaurus as search uses it: what else to look for beside a word, of which kind, and for how much."""
