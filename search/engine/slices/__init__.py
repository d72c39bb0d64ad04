"""What features find in a slice of an index: places of a phrase, n-grams of a draft, similar texts."""
