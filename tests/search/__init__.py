"""Tests of queries, engines and pages of search."""
