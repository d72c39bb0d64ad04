"""Query expansion: the words of a query as units, each a thing that is asked for with all the ways to say it.

A pure function of the query, the names and the thesaurus: it asks no index, so that a plan is a value.
"""
