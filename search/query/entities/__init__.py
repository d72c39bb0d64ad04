"""Named entities of a query: symbols with pinpoints, States, bodies, treaties, speakers, dates.

One layer for search, jump box and suggestions. Pure: text and a ``NameTable`` in, ``Entity`` values out.
"""
