"""Reading the archive: queries and figures as plain values; their words are the presenters'."""
