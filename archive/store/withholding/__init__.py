"""Redaction (legal takedown): words kept in the history, but shown to nobody and in no copy others may read.

``words`` finds them in a text, ``withheld`` reads from the history which they are, ``register`` knows every
producer of copies, ``act`` makes all copies clean and tells which are not.
"""
