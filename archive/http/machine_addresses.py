"""Machine-readable addresses, recognised by their ending."""

from __future__ import annotations

import re

ENDINGS = ("json", "jsonld", "txt", "csv", "xlsx", "atom", "xml", "ris", "bib")
# ``/suggest`` has no ending.
MACHINE = re.compile(rf"(?:\.(?:{'|'.join(ENDINGS)})|^/suggest(?:/opensearch)?)$", re.IGNORECASE)
# For django-cors-headers, which asks the whole path.
CORS = re.compile(rf"^/(?:.*\.(?:{'|'.join(ENDINGS)}|gz|sqlite3)|.*/source|suggest(?:/opensearch)?)$")


def is_machine_address(path: str) -> bool:
    """Returns True if ``path`` is an address for programs rather than people.

    >>> is_machine_address("/S/2010/52.json"), is_machine_address("/S/2010/52")
    (True, False)
    """
    return MACHINE.search(path) is not None
