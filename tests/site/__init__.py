"""Tests of what readers and programs see over HTTP."""
