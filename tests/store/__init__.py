"""Tests of what is kept: writing, history, withholding, addresses."""
