"""Tests of the core: no database."""
