"""Proof that outlives the site: the whole archive as plain files, signed, checkable without us.

``export`` writes a bundle and keeps the keys, ``verify`` (alone, in standard Python) checks one and follows
links in it, ``restore`` makes an empty archive of one.
``snapshot`` reads the archive as plain rows of ``archive.export.tables``.
"""


class BundleError(Exception):
    """A bundle that cannot be written, read or trusted. The message says what, where, and what to do."""
