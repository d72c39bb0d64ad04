"""Addresses of every kind of page, over the bundled documents, for all tests that look at each."""

from __future__ import annotations

from tests.tables import rows_from

# pages that need no index
READ = tuple(rows_from(__name__, "READ"))
# pages that ask the index
SEARCHED = tuple(rows_from(__name__, "SEARCHED"))
# addresses that lead nowhere, each with its status
ERRORS = tuple(rows_from(__name__, "ERRORS"))
# kinds that only the browser opens: citations, quoted words, short links, the basket, counts
MORE = tuple(rows_from(__name__, "MORE"))
LOOKED_AT = (*READ, *SEARCHED, *(address for address, _status in ERRORS), *MORE)
