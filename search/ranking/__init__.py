"""The second stage: the best candidates of a word search, put in order anew by a learnt linear sum."""
