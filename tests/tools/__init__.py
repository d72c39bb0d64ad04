"""What is no test: factories, layouts, tiers that are started by hand."""
