"""What is kept, and keeps its word: the one writer, the revision, every text ever shown, what is withheld."""
