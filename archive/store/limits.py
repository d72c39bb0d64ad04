"""How much is read of what people type, in characters. The query language and the addresses keep the same
limits.
"""

LONGEST_TEXT = 200  # characters of a filter that is free text
LONGEST_QUERY = 4000  # characters of a query that are read; twice as many after NFKC
LONGEST_NAME = 200  # characters of what is asked by name (``/go``)
LONGEST_TYPED = 100  # characters of what suggestions are asked for (``/suggest``)
LONGEST_VALUE = 300  # characters of one value of a facet
