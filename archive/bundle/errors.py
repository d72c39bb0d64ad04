"""What a person who exports, restores or signs is told."""

from __future__ import annotations


class BundleError(Exception):
    """A bundle that cannot be written, read or trusted. The message says what, where, and what to do."""
