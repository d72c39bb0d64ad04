"""Tests of what leaves as files: bundles, dumps, accuracy."""
