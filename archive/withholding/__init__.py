"""Words that law forbids to show: kept in the history, shown to nobody, and in no copy that others may read.

``words`` finds them in a text, ``withheld`` reads from the history which they are, ``register`` knows every
producer of copies, ``act`` makes all copies clean and tells which are not.
"""
