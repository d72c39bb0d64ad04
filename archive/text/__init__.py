"""The core: turns a UN document's file into frozen dataclasses. Pure Python; knows no database.

``PARSER_VERSION`` is raised whenever equal input may give other output.
"""

PARSER_VERSION = "1"
