"""The entry point of the application server: bodies are read before anything is done for them."""

from __future__ import annotations

from io import BytesIO

import pytest

from archive.wsgi import LARGEST_BODY, WholeBodies

BODIES = [
    # what Content-Length says, what comes, whether the archive is asked, what it can read
    ("4", b"body", True, b"body"),
    ("9", b"body", False, None),  # the half of a draft
    ("2", b"body", True, b"bo"),
    ("", b"", True, b""),
    ("0", b"", True, b""),
    ("x", b"", True, b""),
    (str(LARGEST_BODY + 1), b"body", True, b""),  # nobody gets to read it: refused by its size
]


@pytest.mark.parametrize(("size", "sent", "asked", "read"), BODIES)
def test_a_body_is_there_whole_or_nothing_is_asked(size, sent, asked, read):
    got, statuses = [], []
    site = WholeBodies(lambda environ, start: got.append(environ["wsgi.input"].read()) or [b"answer"])
    answer = site(
        {"CONTENT_LENGTH": size, "wsgi.input": BytesIO(sent)}, lambda status, headers: statuses.append(status)
    )
    assert (list(answer) == [b"answer"], bool(got)) == (asked, asked)
    assert got == ([read] if asked else [])
    assert statuses == ([] if asked else ["400 Bad Request"])
