"""The index that answers now: opened once, brought up to date, compared with the database."""
