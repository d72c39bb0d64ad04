"""Pages kept under the stamp of what they show."""
