"""Migrations of the tables; the files with an underscore hold what several of them do."""
