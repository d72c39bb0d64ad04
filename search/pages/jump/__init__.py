"""``/go``: straight to what a text names."""
