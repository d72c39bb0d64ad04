"""Named entities of a query: symbols with pinpoints, States, bodies, treaties, speakers, dates.

One layer for search, jump box and suggestions. Pure: text and a ``NameTable`` in, ``Entity`` values out.
"""

from .entity import Entity, Kind, Reading
from .names import Name, NameTable, name_table
from .recognise import read_entities, read_whole

__all__ = ["Entity", "Kind", "Name", "NameTable", "Reading", "name_table", "read_entities", "read_whole"]
