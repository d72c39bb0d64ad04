"""Tests of what editors see and do."""
