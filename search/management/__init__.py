"""What an operator types for the index."""
