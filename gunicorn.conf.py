"""How gunicorn serves the archive when it is started in this folder. Options of the command come first."""

from __future__ import annotations

import re

from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser

limit_request_line = 8190  # the longest query that the archive explains, percent-encoded
control_socket_disable = True
http_parser = "python"  # the one that is taught below

BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


class TolerantRequest(Request):
    """Takes an address with Chinese in it as it was typed.

    Browsers encode such letters; ``curl "…/search?q=核"`` and other tools do not, and gunicorn refuses them,
    as RFC 9112 asks of addresses, with a page of its own in English. They are encoded here as a browser does.
    """

    def parse_request_line(self, line_bytes: bytes) -> None:
        super().parse_request_line(BEYOND_ASCII.sub(lambda byte: b"%%%02X" % ord(byte.group()), line_bytes))


RequestParser.mesg_class = TolerantRequest
